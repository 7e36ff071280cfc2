//! 待确认 — mass changes that wait for a second yes, and what else came and waits.

use lianhu_ledger::{BatchRef, Result};
use lianhu_sync::{Command, Commit, Shelf, Why, roster};
use serde::Serialize;
use uuid::Uuid;

use super::{Town, Village, place, voids};
use crate::failure::{Failure, Outcome};
use crate::shelf::VillageShelf;

/// Something that came and is not taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Held {
    /// `DEVICE/INC/SEQ` of the batch that waits; what comes after it waits with it.
    pub at: String,
    pub why: &'static str,
    pub village: String,
    pub who: String,
    /// Records that it changes, and how many of these it voids.
    pub changes: usize,
    pub voids: usize,
}

impl Town {
    /// What waits in a village.
    pub fn held(&self, village: &Village) -> Result<Vec<Held>> {
        let Some(id) = village.id else { return Ok(Vec::new()) };
        Ok(self.with(id, |shelf| self.held_in(shelf, village))?.unwrap_or_default())
    }

    fn held_in(&self, shelf: &mut VillageShelf<'_>, village: &Village) -> Result<Vec<Held>> {
        let parked = shelf.parked()?;
        let heard = self.township().revisit(shelf)?;
        let forks = parked.iter().filter(|parked| parked.why == Why::Fork);
        let forks: Vec<(BatchRef, Why)> = forks.map(|parked| (parked.key().0, parked.why)).collect();
        let roster = shelf.roster()?;
        let mut held = Vec::new();
        for (at, why) in heard.held().iter().copied().chain(forks) {
            let batches = parked.iter().flat_map(|parked| &parked.parcel.batches);
            let Some(batch) = batches.into_iter().find(|batch| batch.at == at) else { continue };
            let who = roster.members.get(&at.device).map_or_else(String::new, |member| member.who.clone());
            let (changes, voids) = (batch.changes.len(), voids(batch));
            held.push(Held { at: place(at), why: why.name(), village: village.code.clone(), who, changes, voids });
        }
        Ok(held)
    }

    /// Says yes to a batch that waits, and takes in what it makes possible.
    pub fn approve_batch(&self, village: &Village, at: BatchRef) -> Outcome<usize> {
        self.decide(village, at, |shelf| shelf.commit(&[Command::Approve(at)]))
    }

    /// Says no to it: it is kept and never applied, and its writer is told.
    pub fn refuse_batch(&self, village: &Village, at: BatchRef) -> Outcome<usize> {
        self.decide(village, at, |shelf| {
            self.write_in(shelf, "roster", vec![roster::refusing(at)])?;
            shelf.commit(&[Command::Approve(at)])
        })
    }

    fn decide(
        &self,
        village: &Village,
        at: BatchRef,
        mut say: impl FnMut(&mut VillageShelf<'_>) -> Result<()>,
    ) -> Outcome<usize> {
        let id = village.id.unwrap_or(Uuid::nil());
        let decided = self.with(id, |shelf| {
            let waits = self.held_in(shelf, village)?.iter().any(|held| held.at == place(at));
            if !waits {
                return Ok(None);
            }
            say(shelf)?;
            Ok(Some(self.revisit(shelf, &self.township())?))
        })?;
        decided.flatten().ok_or_else(|| Failure::said("township.no_such_batch", [("at", &place(at))]))
    }
}
