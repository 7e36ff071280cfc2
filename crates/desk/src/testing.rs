//! Desks for tests, on a fixed evening.

use crate::desk::{Desk, Place};
use crate::exchange::Room;
use crate::jobs::Job;
use crate::machine::Machine;
use crate::session;

/// A desk with no ledger on it.
pub fn bare_in(room: Room) -> (Desk, tempfile::TempDir) {
    let dir = tempfile::tempdir().unwrap();
    let place = Place {
        dir: dir.path().to_owned(),
        papers: dir.path().join("papers"),
        machine: Machine::at("2026-11-20T20:00").unwrap(),
        program: "lianhu".into(),
        looks: vec![dir.path().join("looks")],
        room,
    };
    (Desk::open(place).unwrap(), dir)
}

/// A new village with nothing in it yet, whose computer is in that room.
pub fn empty_in(room: Room) -> (Desk, tempfile::TempDir) {
    let (desk, dir) = bare_in(room);
    let ask = session::NewVillage { village: "东岭村".into(), user: "韦志强".into(), township: None, code: None };
    session::new(&desk, ask).unwrap();
    (desk, dir)
}

/// A new village with nothing in it yet.
pub fn empty() -> (Desk, tempfile::TempDir) {
    empty_in(Room::default())
}

/// The sample village, imported.
pub fn sample() -> (Desk, tempfile::TempDir) {
    let (desk, dir) = bare_in(Room::default());
    session::found_sample(&desk, &Job::default()).unwrap();
    (desk, dir)
}
