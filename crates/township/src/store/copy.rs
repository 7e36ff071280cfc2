//! A village from one store into another, row for row: a township that has outgrown its files moves on, and a backup of
//! either store is the same files.

use std::collections::HashSet;

use lianhu_ledger::{Body, Result};
use lianhu_sync::protocol::wire::receipt_of;
use uuid::Uuid;

use super::{Changes, Entry, Foreseen, Numbered, Store, damaged, paper, transact};
use crate::shelf::record_key;

/// Everything that is kept of a village.
fn all(store: &dyn Store, village: Uuid) -> Result<Option<Changes>> {
    transact(store, village, |tx| {
        let mut changes = Changes { state: Some(tx.state()?), heads: tx.heads()?, ..Changes::default() };
        for (chain, head) in changes.heads.clone() {
            changes.entries.extend(tx.entries(chain, 1, head.seq)?);
        }
        for (no, paper) in tx.since(0, usize::MAX)? {
            let receipt = receipt_of(&paper).ok_or_else(|| damaged(&village, "a receipt cannot be read"))?;
            let (chain, first, last) = (receipt.chain, receipt.first, receipt.last);
            changes.receipts.push(Numbered { no, chain, first, last, paper });
        }
        changes.sums = tx.sums(None)?;
        let keys: Vec<i64> = keys(&changes.entries)?.into_iter().collect();
        for some in keys.chunks(5000) {
            changes.born.extend(tx.living(some)?);
        }
        for kind in paper::ALL {
            let papers = tx.papers(kind)?;
            changes.papers.extend(papers.into_iter().map(|(name, paper)| (kind, name, Some(paper))));
        }
        Ok(changes)
    })
}

/// Every record that a batch touches.
fn keys(entries: &[Entry]) -> Result<HashSet<i64>> {
    let mut keys = HashSet::new();
    for entry in entries {
        let body = Body::read(&entry.body).ok_or_else(|| damaged(&entry.at, "a batch cannot be read"))?;
        keys.extend(body.changes.iter().map(|change| record_key(&change.kind, change.id)));
    }
    Ok(keys)
}

/// Copies a village into a store that has none of it. `false` when there is no such village.
pub fn copy(from: &dyn Store, to: &dyn Store, village: Uuid) -> Result<bool> {
    let Some(changes) = all(from, village)? else { return Ok(false) };
    to.found(village)?;
    to.transact(village, &Foreseen::default(), &mut |tx| tx.append(&changes))
}

/// Whether two stores hold the same of a village, to the last row.
pub fn is_same(one: &dyn Store, other: &dyn Store, village: Uuid) -> Result<bool> {
    let sorted = |mut changes: Changes| {
        changes.born.sort_unstable();
        changes
    };
    Ok(all(one, village)?.map(sorted) == all(other, village)?.map(sorted))
}
