//! Laptops and a township on loopback, over real TLS: what goes well, and everything that may stand between the two.

#![allow(clippy::unwrap_used)]

mod cuts;
mod enrolling;
mod found;
mod shelf;
mod stories;
mod town;
mod troubles;
mod wire;

use std::path::Path;
use std::time::Duration;

use lianhu_ledger::{FixedEdge, Founding, Ledger};
use lianhu_sync::client::{self, Failed, Joined, Line, Outcome, World};
use lianhu_sync::{LedgerShelf, Trouble};
use serde_json::json;
use tempfile::TempDir;
use town::Town;
use uuid::Uuid;

pub const NOW: u64 = 1_793_840_400_000;
const PATIENCE: Duration = Duration::from_millis(400);

pub fn edge(seed: u64) -> FixedEdge {
    FixedEdge { ms: NOW, seed, counter: 0 }
}

/// One computer: its ledger, its clock, and how long it has been made to wait.
pub struct Laptop {
    pub ledger: Ledger,
    pub edge: FixedEdge,
    pub waited: Vec<Duration>,
}

impl Laptop {
    pub fn of(ledger: Ledger, seed: u64) -> Laptop {
        Laptop { ledger, edge: edge(seed), waited: Vec::new() }
    }

    /// A village with some groups in it, by a clock that shows `ms`.
    pub fn founded(folder: &TempDir, seed: u64, ms: u64) -> Laptop {
        let founding =
            Founding { village: "禾坪村", code: "990101102207", township: "松河镇", clerk: "王文书" };
        let clock = FixedEdge { ms, ..edge(seed) };
        let path = folder.path().join(format!("village-{seed}.lianhu"));
        let ledger = Ledger::create(&path, None, &founding, Box::new(clock.clone())).unwrap();
        Laptop { ledger, edge: FixedEdge { seed: seed + 1000, ..clock }, waited: Vec::new() }
    }

    pub fn put(&mut self, id: u128, name: &str) {
        let fields = serde_json::from_value(json!({ "name": name, "number": id as u64 })).unwrap();
        self.ledger.edit("put", "王文书", |draft| draft.patch("group", Uuid::from_u128(id), fields)).unwrap();
    }

    pub fn enrol(&mut self, code: &str) -> Result<client::Entered, Failed> {
        let waited = &mut self.waited;
        let mut pause = |wait: Duration| {
            waited.push(wait);
            true
        };
        let mut world = World { edge: &mut self.edge, pause: &mut pause };
        client::enrol(&mut self.ledger, code, "王文书", &mut world)
    }

    pub fn sync(&mut self) -> Result<Outcome, Failed> {
        let about = client::belonging(&self.ledger).unwrap().unwrap();
        self.sync_by(&Line::with_patience(&about.address, about.pin, PATIENCE).unwrap())
    }

    pub fn sync_by(&mut self, line: &Line) -> Result<Outcome, Failed> {
        let waited = &mut self.waited;
        let mut pause = |wait: Duration| {
            waited.push(wait);
            true
        };
        let mut world = World { edge: &mut self.edge, pause: &mut pause };
        let mut shelf = LedgerShelf::of(&mut self.ledger).unwrap().unwrap();
        client::converse(&mut shelf, line, &mut world, &mut |_| {})
    }

    pub fn whole_sync(&mut self) -> Outcome {
        let outcome = self.sync().unwrap();
        assert!(outcome.is_all, "{outcome:?}");
        outcome
    }

    pub fn dump(&self) -> String {
        let mut out = Vec::new();
        self.ledger.dump(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }
}

pub fn join(path: &Path, code: Option<&str>, seed: u64) -> Result<Joined, Failed> {
    let mut world_edge = edge(seed);
    let mut pause = |_: Duration| true;
    let mut world = World { edge: &mut world_edge, pause: &mut pause };
    client::join(path, None, (code, "陆永平"), Box::new(edge(seed + 1)), &mut world, &mut |_| {})
}

/// A village whose first computer has been enrolled.
pub fn enrolled(folder: &TempDir) -> (Laptop, Town) {
    let mut laptop = Laptop::founded(folder, 1, NOW);
    let town = Town::new(laptop.ledger.village());
    laptop.enrol(&town.code("secretary", false)).unwrap();
    (laptop, town)
}

/// A second computer that has fetched everything.
pub fn joined(folder: &TempDir, town: &Town, role: &str) -> Laptop {
    let path = folder.path().join(format!("joined-{role}.lianhu"));
    assert!(matches!(join(&path, Some(&town.code(role, false)), 20), Ok(Joined::Whole(_))));
    Laptop::of(Ledger::open(&path, None, Box::new(edge(30))).unwrap(), 31)
}

pub fn trouble<T: std::fmt::Debug>(said: Result<T, Failed>) -> Trouble {
    said.unwrap_err().trouble().unwrap()
}
