//! 照片也传 — pictures over the same line, after everything that is written, where a person has asked for it.

use std::borrow::BorrowMut;
use std::path::Path;

use lianhu_ledger::records::Photo;
use lianhu_ledger::{Hash, Ledger};
use uuid::Uuid;

use super::converse::World;
use super::line::Line;
use crate::attachment::{ATTACHMENT_PATH, Answer, Ask, Folder, Trip, ask_bytes, fetch_and_send, read_answer};
use crate::enrolment::unhex;
use crate::ledger_shelf::LedgerShelf;
use crate::protocol::wire::{open, seal};
use crate::shelf::{DeviceShelf, Shelf};
use crate::suite::{Ed25519, Ed25519Key};
use crate::trouble::{Failed, Trouble};

/// Sends what the township lacks and fetches what is named here and not here. A cut is no loss: each goes on where it was.
pub fn send_and_fetch<L: BorrowMut<Ledger>>(
    shelf: &LedgerShelf<L>,
    line: &Line,
    folder: &Folder,
    world: &mut World<'_>,
) -> Result<Trip, Failed> {
    Letter::of(shelf)?.send_and_fetch(line, folder, world)
}

/// What is said about pictures: all of it is known before the line is opened, so that nobody need hold the ledger.
pub struct Letter {
    village: Uuid,
    device: Uuid,
    root: Vec<u8>,
    key: Ed25519Key,
    named: Vec<Hash>,
}

impl Letter {
    pub fn of<L: BorrowMut<Ledger>>(shelf: &LedgerShelf<L>) -> Result<Letter, Failed> {
        Ok(Letter {
            village: shelf.village(),
            device: shelf.me().device,
            root: shelf.root().key.clone(),
            key: Ed25519Key::new(shelf.secret()?),
            named: named(shelf.ledger())?,
        })
    }

    /// As [`send_and_fetch`].
    pub fn send_and_fetch(&self, line: &Line, folder: &Folder, world: &mut World<'_>) -> Result<Trip, Failed> {
        let Letter { village, device, .. } = *self;
        fetch_and_send(folder, &self.named, |want| -> Result<Answer, Failed> {
            let request = seal(&ask_bytes(&Ask { village, device, want }), &self.key);
            let mut attempt = 0;
            let answer = loop {
                match line.post(ATTACHMENT_PATH, request.clone()) {
                    Ok(answer) => break answer,
                    Err(trouble) => world.waits_out(trouble, &mut attempt)?,
                }
            };
            let content = open(&answer, &Ed25519, &self.root).ok_or(Trouble::NotOurTownship)?;
            Ok(read_answer(&content).ok_or(Trouble::Newer)?)
        })
    }
}

/// Where a ledger's pictures lie.
pub fn folder_of(ledger: &Ledger) -> Folder {
    Folder::at(ledger.path().parent().unwrap_or(Path::new("")).join("attachments"))
}

/// The hashes of all pictures that records name.
fn named(ledger: &Ledger) -> Result<Vec<Hash>, Failed> {
    let photos = ledger.view().all::<Photo>()?;
    let mut hashes: Vec<Hash> = photos.iter().filter_map(|photo| unhex(&photo.hash)?.try_into().ok()).collect();
    hashes.sort_unstable();
    hashes.dedup();
    Ok(hashes)
}
