//! 存证 — the township's last word kept outside the ledger's file: for every chain the newest receipt it signed. A ledger
//! that was put back, a township that has less, or a history that was rewritten is found by it at the next sync.

use std::borrow::BorrowMut;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use lianhu_ledger::{Chain, Fault, Ledger, Result};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::enrolment::{hex, unhex};
use crate::ledger_shelf::LedgerShelf;
use crate::protocol::wire::{receipt_bytes, receipt_of};
use crate::receipt::Receipt;
use crate::shelf::{Command, Commit, DeviceShelf, Shelf};
use crate::suite::Ed25519;

/// What was found to be otherwise than the township's last word. Each has its sentence, `found.<name>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Found {
    /// This ledger is older than what it was already told.
    LedgerWentBack,
    /// The township begins a new life: restored or replaced.
    TownshipRestored,
    /// The township has less than it had, and does not say so.
    TownshipWentBack,
    /// What was signed for is not what is there now.
    Rewritten,
}

impl Found {
    pub const ALL: [Found; 4] =
        [Found::LedgerWentBack, Found::TownshipRestored, Found::TownshipWentBack, Found::Rewritten];

    pub fn name(self) -> &'static str {
        match self {
            Found::LedgerWentBack => "ledger_went_back",
            Found::TownshipRestored => "township_restored",
            Found::TownshipWentBack => "township_went_back",
            Found::Rewritten => "rewritten",
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Paper {
    village: Uuid,
    epoch: u64,
    /// The township's newest number then.
    no: u64,
    /// Receipts as they were signed, in hexadecimal.
    receipts: Vec<String>,
}

/// The last word, as it was found and was checked against the township's key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Witness {
    epoch: u64,
    no: u64,
    heads: BTreeMap<Chain, Receipt>,
}

/// Where it lies: beside the ledger, under its name.
pub(crate) fn place(ledger: &Path) -> PathBuf {
    let mut name = ledger.file_name().unwrap_or_default().to_owned();
    name.push(".head");
    ledger.with_file_name(name)
}

impl Witness {
    /// A file that is not there, or not ours to believe, witnesses nothing.
    pub fn read<L: BorrowMut<Ledger>>(shelf: &LedgerShelf<L>) -> Witness {
        let bytes = std::fs::read(place(shelf.ledger().path())).unwrap_or_default();
        let Ok(paper) = serde_json::from_slice::<Paper>(&bytes) else { return Witness::default() };
        if paper.village != shelf.village() {
            return Witness::default();
        }
        let receipts = paper.receipts.iter().filter_map(|hex| receipt_of(&unhex(hex)?));
        let root = shelf.root();
        let signed = receipts.filter(|receipt| receipt.holds(paper.village, &Ed25519, &root.key));
        Witness { epoch: paper.epoch, no: paper.no, heads: signed.map(|receipt| (receipt.chain, receipt)).collect() }
    }

    /// Of this ledger, before anything is said: one that went back goes on under a new incarnation, so that it never
    /// numbers a step like one it wrote before.
    pub fn look_back<L: BorrowMut<Ledger>>(&self, shelf: &mut LedgerShelf<L>, leap: u32) -> Result<Option<Found>> {
        let me = shelf.me();
        let own = self.heads.values().filter(|receipt| receipt.chain.device == me.device);
        let mut newest = 0;
        let mut went_back = false;
        for receipt in own {
            newest = newest.max(receipt.chain.incarnation);
            went_back |= shelf.hash_at(receipt.chain.at(receipt.last))? != Some(receipt.hash);
        }
        if !went_back {
            return Ok(None);
        }
        if me.incarnation <= newest {
            let next = newest.saturating_add(1 + leap % (1 << 20));
            shelf.commit(&[Command::Incarnation(next)])?;
        }
        Ok(Some(Found::LedgerWentBack))
    }

    /// Of the township, by what it says it has.
    pub fn compare(&self, epoch: u64, newest: u64) -> Option<Found> {
        match () {
            () if self.no == 0 => None,
            () if self.epoch != epoch => Some(Found::TownshipRestored),
            () if newest < self.no => Some(Found::TownshipWentBack),
            () => None,
        }
    }

    /// Of both, when all has been said: what was signed for must be here, as it was.
    pub fn is_kept<L: BorrowMut<Ledger>>(&self, shelf: &LedgerShelf<L>) -> Result<bool> {
        for receipt in self.heads.values() {
            if shelf.hash_at(receipt.chain.at(receipt.last))? != Some(receipt.hash) {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// Keeps the township's word of now: written beside, flushed, then renamed.
pub(crate) fn write<L: BorrowMut<Ledger>>(shelf: &LedgerShelf<L>, epoch: u64, no: u64) -> Result<()> {
    let mut receipts = Vec::new();
    for (chain, head) in shelf.heads()? {
        let newest = shelf.receipts(chain, 1, head.seq)?.into_iter().max_by_key(|receipt| receipt.last);
        receipts.extend(newest.map(|receipt| hex(&receipt_bytes(&receipt))));
    }
    let paper = Paper { village: shelf.village(), epoch, no, receipts };
    let path = place(shelf.ledger().path());
    let unfinished = path.with_extension("head.part");
    let bytes = serde_json::to_vec_pretty(&paper).expect("a paper is plain data");
    let written = std::fs::File::create(&unfinished)
        .and_then(|mut file| file.write_all(&bytes).and_then(|()| file.sync_all()))
        .and_then(|()| std::fs::rename(&unfinished, &path));
    let failed = |source| Fault::Io { path: path.display().to_string(), source }.into();
    written.map_err(failed)
}

/// Goes along with a ledger that gets another name. Where that fails there is no witness until the next sync.
pub(crate) fn follow(from: &Path, to: &Path) {
    let _ = std::fs::rename(place(from), place(to));
}

#[cfg(test)]
mod tests {
    use lianhu_ledger::text::{Lang, say};

    use super::*;

    #[test]
    fn everything_that_can_be_found_has_its_sentence() {
        for found in Found::ALL {
            let key = format!("found.{}", found.name());
            for lang in [Lang::ZhCn, Lang::En] {
                assert_ne!(say(lang, &key, &[]), key);
            }
        }
    }
}
