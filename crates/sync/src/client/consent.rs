//! The secretary's computer asks who waits, and says yes.

use lianhu_ledger::Ledger;
use uuid::Uuid;

use super::converse::World;
use super::lends::{Lends, on_shelf};
use super::line::Line;
use crate::consent::{Ask, CONSENT_PATH, WaitingComputer, bytes, read_answer};
use crate::ledger_shelf::LedgerShelf;
use crate::protocol::wire::{open, seal};
use crate::shelf::{DeviceShelf, Shelf};
use crate::suite::{Ed25519, Ed25519Key};
use crate::trouble::{Failed, Trouble};

/// Who waits for a yes in this village; with `yes`, after that one was let in.
pub fn consent<H: Lends>(
    hand: &mut H,
    line: &Line,
    yes: Option<Uuid>,
    world: &mut World<'_>,
) -> Result<Vec<WaitingComputer>, Failed> {
    let (request, root) = on_shelf(hand, |shelf| request(shelf, yes))?;
    let mut attempt = 0;
    let answer = loop {
        match line.post(CONSENT_PATH, request.clone()) {
            Ok(answer) => break answer,
            Err(trouble) => world.waits_out(trouble, &mut attempt)?,
        }
    };
    let content = open(&answer, &Ed25519, &root).ok_or(Trouble::NotOurTownship)?;
    Ok(read_answer(&content).ok_or(Trouble::Newer)?.waiting)
}

fn request(shelf: &LedgerShelf<&mut Ledger>, yes: Option<Uuid>) -> Result<(Vec<u8>, Vec<u8>), Failed> {
    let key = Ed25519Key::new(shelf.secret()?);
    let ask = Ask { village: shelf.village(), device: shelf.me().device, yes };
    Ok((seal(&bytes(&ask), &key), shelf.root().key.clone()))
}
