//! 优盘 — a village's package, read at the township, and the package that goes back: receipts, and what the others wrote.

use lianhu_ledger::{BatchRef, Result};
use lianhu_sync::package::{self, LARGEST_FILE, Sealed, Unread};
use lianhu_sync::{Ed25519, Shelf, Why};
use uuid::Uuid;

use crate::failure::{Failure, Outcome};
use crate::town::Town;

/// What came of a package.
#[derive(Debug)]
pub struct Came {
    pub village: Uuid,
    /// Batches that were new.
    pub batches: usize,
    pub held: Vec<(BatchRef, Why)>,
    /// The package that goes back, sealed to its maker.
    pub back: Vec<u8>,
}

fn unread(why: Unread) -> Failure {
    Failure::said(
        match why {
            Unread::NoPackage => "package.no_package",
            Unread::Newer => "package.newer",
            Unread::Damaged => "package.damaged",
            Unread::OtherVillage => "package.other_village",
            Unread::Stranger => "package.stranger",
            Unread::NotForUs => "package.not_for_us",
        },
        [],
    )
}

impl Town {
    /// Reads a package, all of it or nothing, whichever of our villages it is from.
    pub fn read_package(&self, file: &[u8]) -> Outcome<Came> {
        if file.len() > LARGEST_FILE {
            return Err(unread(Unread::NoPackage));
        }
        let village = package::village_of(file).map_err(unread)?;
        // A village of elsewhere and one that is not there are answered alike.
        let roster = self.with(village, |shelf| shelf.roster())?.ok_or_else(|| unread(Unread::OtherVillage))?;
        let me = (self.root().device, self.secret());
        let (head, parcels) = package::read(file, village, &roster, &Ed25519, me).map_err(unread)?;
        if roster.is_out(head.maker) {
            return Err(Failure::said("township.maker_revoked", []));
        }
        let taken = self.take(village, &parcels, &head)?.ok_or_else(|| unread(Unread::OtherVillage))?;
        let (batches, held, back) = taken;
        let has = self.has(village)?;
        let key = roster.key_of(head.maker).unwrap_or_default();
        let sealed = Sealed { reader: head.maker, key, chance: self.machine.secret() };
        let back = package::make(village, self.root().device, &back, has, Some(&sealed), self.key());
        let back = back.ok_or_else(|| Failure::said("package.unsealable", []))?;
        Ok(Came { village, batches, held, back })
    }

    fn has(&self, village: Uuid) -> Result<std::collections::BTreeMap<lianhu_sync::Chain, u64>> {
        let heads = self.with(village, |shelf| shelf.heads())?.unwrap_or_default();
        Ok(heads.into_iter().map(|(chain, head)| (chain, head.seq)).collect())
    }
}
