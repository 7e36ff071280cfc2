//! What a commit makes possible: parcels that waited are looked at again, and where the roster has changed, so is what
//! its members wrote. Made again after a crash, it comes to the same. At the township waiting parcels are looked at by
//! [`super::township::Township::revisit`], which gives them receipts.

use std::collections::BTreeSet;

use lianhu_ledger::Result;

use super::intake::{Admitted, Intake, Verdict};
use crate::faults::{Fault, Faults};
use crate::protocol::{Parcel, Why};
use crate::shelf::{Chain, Command, Commit, Parked, Shelf};
use crate::suite::Suite;

/// Commits whatever has become possible on a laptop, until nothing more has.
pub fn settle(shelf: &mut (impl Shelf + Commit), suite: &dyn Suite, now_ms: u64, faults: Faults) -> Result<()> {
    loop {
        let commands = judge_again(shelf, faults)?;
        if !commands.is_empty() {
            shelf.commit(&commands)?;
        }
        let commands = look_again(shelf, suite, now_ms, faults)?;
        if commands.is_empty() {
            return Ok(());
        }
        shelf.commit(&commands)?;
    }
}

/// Bars and unbars by the roster of today, at the township too.
pub fn judge_again(shelf: &impl Shelf, faults: Faults) -> Result<Vec<Command>> {
    let roster = shelf.roster()?;
    if shelf.judged()? == Some(roster.mark) || faults.has(Fault::RoleOnArrival) {
        return Ok(Vec::new());
    }
    let plain = shelf.all_barred()?.into_iter().filter(|at| roster.is_plain(at.device));
    let mut commands: Vec<Command> = plain.map(|at| Command::Bar { at, why: None }).collect();
    for (chain, head) in shelf.heads()? {
        if roster.is_plain(chain.device) {
            continue;
        }
        for batch in shelf.batches(chain, 1, head.seq)? {
            let why = roster.bars(&batch);
            if shelf.barred(batch.at)? != why {
                commands.push(Command::Bar { at: batch.at, why });
            }
        }
    }
    commands.push(Command::Judged(roster.mark));
    Ok(commands)
}

/// Takes in what waited and need not wait any longer. One parcel of a chain at a time: the next stands on it.
fn look_again(shelf: &impl Shelf, suite: &dyn Suite, now_ms: u64, faults: Faults) -> Result<Vec<Command>> {
    let mut intake = Intake::new(shelf, suite, now_ms, faults)?;
    let mut seen: BTreeSet<Chain> = BTreeSet::new();
    for parked in shelf.parked()? {
        if parked.why == Why::Fork || parked.why == Why::Forged {
            continue;
        }
        let Some(chain) = parked.parcel.chain().filter(|chain| !seen.contains(chain)) else { continue };
        if still_waits(&intake, &parked, chain) {
            continue;
        }
        match intake.judge(&parked.parcel)? {
            Verdict::Known => {}
            Verdict::New(from) if may_come(&intake, &parked.parcel, from)? => intake.take(parked.parcel.clone(), from),
            _ => continue,
        }
        seen.insert(chain);
        for receipt in intake.good_receipts(&parked.parcel) {
            intake.receive(&receipt)?;
        }
        intake.commands.push(Command::Unpark(parked.key()));
    }
    Ok(intake.commands)
}

/// What can be told without reading it through.
fn still_waits(intake: &Intake<'_, impl Shelf>, parked: &Parked, chain: Chain) -> bool {
    let Some((first, last)) = parked.parcel.span() else { return false };
    let head = intake.head(chain).seq;
    let known = last <= head;
    !known
        && (first > head + 1
            || intake.roster.key_of(chain.device).is_none()
            || (parked.why == Why::Revoked && intake.roster.is_out(chain.device)))
}

fn may_come(intake: &Intake<'_, impl Shelf>, parcel: &Parcel, from: u64) -> Result<bool> {
    let receipts = intake.good_receipts(parcel);
    Ok(matches!(intake.admitted(parcel, from, &receipts)?, Admitted::All(_)))
}
