//! 大批改动要再点一次头 — one batch, or one day of one device, that changes more than a tenth of what lives or voids
//! more than fifty records waits for a second yes: a stolen laptop or a slip of the hand must not empty a village.
//!
//! New records do not count: a whole ledger may be imported. What has a receipt was let through by the township.
//!
//! A day is asked about once, and what waits is answered as one: a yes lets all of it in and the day is counted anew, for
//! whoever says it has seen what it was; a no keeps all of it out that counts.

use lianhu_ledger::{Batch, BatchRef, Result};
use uuid::Uuid;

use crate::shelf::{Command, Shelf};

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
    /// It is too much. These batches of it count, at least one: the run waits from the first of them on.
    Waits(Vec<BatchRef>),
}

pub fn pass<'a>(
    shelf: &(impl Shelf + ?Sized),
    device: Uuid,
    batches: impl Iterator<Item = &'a Batch>,
    now_ms: u64,
) -> Result<Passed> {
    let mut today = today(shelf, device, now_ms)?;
    let (mut counted, mut is_beyond) = (Vec::new(), false);
    for batch in batches {
        if shelf.approved(batch.at)? {
            continue;
        }
        let touched: Vec<(&str, Uuid)> = batch.changes.iter().map(|c| (c.kind.as_str(), c.id)).collect();
        let census = shelf.census(&touched)?;
        let with = Today {
            day: today.day,
            voids: today.voids.saturating_add(voids(batch)),
            changed: today.changed.saturating_add(u32::try_from(census.standing).unwrap_or(u32::MAX)),
        };
        if with != today {
            counted.push(batch.at);
            is_beyond |= is_too_much(with, census.living);
            today = with;
        }
    }
    Ok(if is_beyond { Passed::Waits(counted) } else { Passed::Yes(today) })
}

/// What a device has changed on this day, as far as it came in.
pub fn today(shelf: &(impl Shelf + ?Sized), device: Uuid, now_ms: u64) -> Result<Today> {
    let day = day_of(now_ms);
    Ok(Some(shelf.today(device)?).filter(|today| today.day == day).unwrap_or(Today { day, ..Today::default() }))
}

/// What follows from the township's yes to these batches of a device.
pub fn yes(device: Uuid, batches: &[BatchRef], now_ms: u64) -> Vec<Command> {
    let today = Today { day: day_of(now_ms), ..Today::default() };
    let anew = Command::Today { device, today };
    batches.iter().map(|at| Command::Approve(*at)).chain([anew]).collect()
}

fn day_of(now_ms: u64) -> u64 {
    now_ms / DAY_MS
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
