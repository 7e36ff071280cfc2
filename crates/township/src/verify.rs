//! 核验 — whether a village's rows still say what was received: every hash along every chain, every signature, every
//! receipt, the times and the sums that follow from them, and the store's own files.
//!
//! Who changes a row by hand is found here; who changes all of them together needs the computers' keys.

use std::collections::BTreeMap;

use lianhu_ledger::{Batch, Chain, Hash, Result, Stamp};
use lianhu_sync::protocol::signed;
use lianhu_sync::sums::summed;
use lianhu_sync::{Ed25519, Receipt, Shelf, Suite, TownshipShelf};

use crate::shelf::VillageShelf;
use crate::town::{Town, Village, place};

/// What was looked at, and what is wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    pub villages: usize,
    pub batches: usize,
    pub receipts: usize,
    pub problems: Vec<String>,
}

impl Town {
    /// Looks at everything.
    pub fn verify(&self) -> Result<Verified> {
        let mut verified = Verified::default();
        let own = self.store.check(crate::store::TOWN)?;
        verified.problems.extend(own.into_iter().map(|problem| format!("township: {problem}")));
        for village in self.villages()? {
            self.verify_village(&village, &mut verified)?;
        }
        Ok(verified)
    }

    fn verify_village(&self, village: &Village, verified: &mut Verified) -> Result<()> {
        verified.villages += 1;
        let Some(id) = village.id else { return Ok(()) };
        let mut found = self.store.check(id)?;
        // A file that is damaged may not be readable: that is a finding, not an end.
        match self.with(id, |shelf| look(shelf)) {
            Ok(Some(looked)) => {
                verified.batches += looked.batches;
                verified.receipts += looked.receipts;
                found.extend(looked.problems);
            }
            Ok(None) => found.push("it is listed and not there".to_owned()),
            Err(error) => found.push(error.to_string()),
        }
        verified.problems.extend(found.into_iter().map(|problem| format!("{}: {problem}", village.code)));
        Ok(())
    }
}

#[derive(Default)]
struct Looked {
    batches: usize,
    receipts: usize,
    problems: Vec<String>,
}

fn look(shelf: &VillageShelf<'_>) -> Result<Looked> {
    let mut looked = Looked::default();
    let receipts = shelf.since(0, usize::MAX)?;
    looked.receipts = receipts.len();
    let mut of: BTreeMap<Chain, Vec<Receipt>> = BTreeMap::new();
    let (village, root) = (shelf.village(), shelf.roster()?.root.key.clone());
    for (no, receipt) in receipts {
        if !receipt.holds(village, &Ed25519, &root) {
            looked.problems.push(format!("receipt {no} is not the township's word"));
        }
        of.entry(receipt.chain).or_default().push(receipt);
    }
    let mut times = Vec::new();
    for (chain, head) in shelf.heads()? {
        let batches = shelf.batches(chain, 1, u64::MAX)?;
        looked.batches += batches.len();
        let receipts = of.remove(&chain).unwrap_or_default();
        if batches.last().map(|batch| (batch.at.seq, batch.hash())) != Some((head.seq, head.hash)) {
            looked
                .problems
                .push(format!("the chain of {} does not end where it is said to", place(chain.at(head.seq))));
        }
        run(shelf, &batches, &receipts, &mut looked.problems, &mut times)?;
    }
    looked.problems.extend(of.keys().map(|chain| format!("receipts of a chain that is not there: {}", chain.device)));
    let (blocks, all) = summed(times.into_iter());
    if shelf.sums()? != blocks || shelf.sum()? != all {
        looked.problems.push("the sums are not those of the log".to_owned());
    }
    Ok(looked)
}

/// One chain: number after number, each bound to the one before and signed for, each with its receipt.
fn run(
    shelf: &VillageShelf<'_>,
    batches: &[Batch],
    receipts: &[Receipt],
    problems: &mut Vec<String>,
    times: &mut Vec<(lianhu_ledger::BatchRef, Hash, Stamp)>,
) -> Result<()> {
    let roster = shelf.roster()?;
    for (nth, batch) in batches.iter().enumerate() {
        let (hash, name) = (batch.hash(), place(batch.at));
        if batch.at.seq != nth as u64 + 1 || shelf.hash_at(batch.at)? != Some(hash) {
            problems.push(format!("{name} is not what was received"));
        }
        // The end of a run that an earlier life of the township received may lie within what its computer signed.
        let received = receipts.iter().any(|r| r.epoch != shelf.epoch() && r.last == batch.at.seq);
        let must_be = nth + 1 == batches.len() && !received;
        if must_be || !batch.signature.is_empty() {
            let key = roster.key_of(batch.at.device).unwrap_or_default();
            if !Ed25519.verify(key, &signed(batch), &batch.signature) {
                problems.push(format!("{name} is not signed by its computer"));
            }
        }
        let time = receipts.iter().filter(|r| r.covers(batch.at)).map(|r| r.time_of(batch.at.seq, batch.stamp)).min();
        if time.is_none() || shelf.time_at(batch.at)? != time {
            problems.push(format!("{name} does not count from when its receipts say"));
        }
        times.extend(time.map(|time| (batch.at, hash, time)));
        if shelf.barred(batch.at)? != roster.bars(batch) {
            problems.push(format!("{name} is applied, or is not, against the roster"));
        }
    }
    for receipt in receipts {
        let end = batches.get(usize::try_from(receipt.last).unwrap_or(usize::MAX).wrapping_sub(1));
        if end.is_none_or(|end| end.hash() != receipt.hash) {
            problems.push(format!("receipt {} is for something else than what is here", receipt.no));
        }
    }
    Ok(())
}
