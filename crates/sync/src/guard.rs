//! 大批改动要再点一次头 — one batch, or one day of one device, that changes more than a tenth of what lives or voids
//! more than fifty records waits for a second yes: a stolen laptop or a slip of the hand must not empty a village.
//!
//! New records do not count: a whole ledger may be imported. What has a receipt was let through by the township.

use lianhu_ledger::{Batch, BatchRef, Result};
use uuid::Uuid;

use crate::shelf::Shelf;

/// More voids than this, in a batch or a day, wait.
pub const VOIDS: u32 = 50;
/// As many changed records wait when they are more than a tenth of what lives.
const CHANGED: u32 = 50;
const DAY_MS: u64 = 86_400_000;

/// How many records live, and how many of those that were asked about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Census {
    pub living: usize,
    pub standing: usize,
}

/// What one device has changed on a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Today {
    pub day: u64,
    pub voids: u32,
    pub changed: u32,
}

/// What the guard says of a run.
pub enum Passed {
    /// It may come in; so much has its device changed today.
    Yes(Today),
    /// This batch waits.
    Waits(BatchRef),
}

pub fn pass<'a>(
    shelf: &(impl Shelf + ?Sized),
    device: Uuid,
    batches: impl Iterator<Item = &'a Batch>,
    now_ms: u64,
) -> Result<Passed> {
    let day = now_ms / DAY_MS;
    let mut today = Some(shelf.today(device)?).filter(|t| t.day == day).unwrap_or(Today { day, ..Today::default() });
    for batch in batches {
        if shelf.approved(batch.at)? {
            continue;
        }
        let touched: Vec<(&str, Uuid)> = batch.changes.iter().map(|c| (c.kind.as_str(), c.id)).collect();
        let census = shelf.census(&touched)?;
        today.voids = today.voids.saturating_add(voids(batch));
        today.changed = today.changed.saturating_add(u32::try_from(census.standing).unwrap_or(u32::MAX));
        if is_too_much(today, census.living) {
            return Ok(Passed::Waits(batch.at));
        }
    }
    Ok(Passed::Yes(today))
}

fn is_too_much(today: Today, living: usize) -> bool {
    let tenth = u32::try_from(living / 10).unwrap_or(u32::MAX);
    today.voids > VOIDS || (today.changed > CHANGED && today.changed > tenth)
}

fn voids(batch: &Batch) -> u32 {
    let gone = |cell: &&lianhu_ledger::CellChange| cell.field == "gone" && !cell.value.is_null();
    let voided = batch.changes.iter().filter(|c| c.cells.iter().any(|cell| gone(&cell)));
    u32::try_from(voided.count()).unwrap_or(u32::MAX)
}
