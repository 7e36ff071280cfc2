//! 一段 — batches that follow on each other as one row: what a computer pushes in an evening is one run, and a row costs a
//! database what it costs however much is in it. What is asked of batches without their content lies apart from it.

use std::cell::RefCell;

use lianhu_ledger::{BatchRef, Chain, Result, Stamp};
use lianhu_sync::Why;

use crate::store::{Entry, Mark, damaged, hash};

/// Batches of one row at most, so that a batch is found without looking through a chain.
pub const MOST: u64 = 256;

/// Hash, time, received and barred.
const MARK: usize = 32 + 8 + 8 + 1;
/// Not received.
const NEVER: u64 = u64::MAX;
const LEVEL: i32 = 1;

thread_local! {
    /// Kept by each thread: to make one costs as much as to pack an evening.
    static PACKER: RefCell<zstd::bulk::Compressor<'static>> =
        RefCell::new(zstd::bulk::Compressor::new(LEVEL).expect("the level is one of zstd's"));
}

/// One row.
pub struct Run {
    pub chain: Chain,
    pub first: u64,
    pub last: u64,
    pub barred: bool,
    pub marks: Vec<u8>,
    pub batches: Vec<u8>,
}

/// Cuts entries into rows.
pub fn runs(entries: &[Entry]) -> Vec<Run> {
    let follows =
        |one: &Entry, other: &Entry| Chain::of(one.at) == Chain::of(other.at) && one.at.seq + 1 == other.at.seq;
    let runs = entries.chunk_by(follows).flat_map(|run| run.chunks(MOST as usize));
    runs.filter_map(|run| Some((run, run.first()?.at, run.last()?.at)))
        .map(|(run, first, last)| pack(run, first, last))
        .collect()
}

fn pack(entries: &[Entry], first: BatchRef, last: BatchRef) -> Run {
    let mut batches = Vec::new();
    for entry in entries {
        for part in [&entry.signature, &entry.body] {
            batches.extend((part.len() as u32).to_le_bytes());
            batches.extend(part);
        }
    }
    let batches = PACKER.with_borrow_mut(|packer| packer.compress(&batches)).expect("memory takes every byte");
    let marks: Vec<Mark> = entries.iter().map(mark_of).collect();
    let barred = marks.iter().any(|mark| mark.barred.is_some());
    Run { chain: Chain::of(first), first: first.seq, last: last.seq, barred, marks: write(&marks), batches }
}

fn mark_of(entry: &Entry) -> Mark {
    let Entry { hash, stamp, received, barred, .. } = *entry;
    Mark { seq: entry.at.seq, hash, stamp, received, barred }
}

/// Marks of numbers that follow on each other, as bytes.
pub fn write(marks: &[Mark]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(marks.len() * MARK);
    for mark in marks {
        bytes.extend(mark.hash);
        bytes.extend(mark.stamp.0.to_le_bytes());
        bytes.extend(mark.received.map_or(NEVER, |time| time.0).to_le_bytes());
        let why = mark.barred.and_then(|why| Why::ALL.iter().position(|known| *known == why));
        bytes.push(why.map_or(0, |nth| nth as u8 + 1));
    }
    bytes
}

/// The marks of a row that begins with that number.
pub fn read(first: u64, bytes: &[u8]) -> Result<Vec<Mark>> {
    let number = |bytes: &[u8]| u64::from_le_bytes(bytes.try_into().expect("eight bytes"));
    let read = |(seq, mark): (u64, &[u8])| {
        // A reason of a later release still bars.
        let barred = mark[48].checked_sub(1).map(|nth| Why::ALL.get(usize::from(nth)).copied().unwrap_or(Why::Refused));
        let received = Some(number(&mark[40..48])).filter(|time| *time != NEVER).map(Stamp);
        Ok(Mark { seq, hash: hash(&mark[..32])?, stamp: Stamp(number(&mark[32..40])), received, barred })
    };
    if !bytes.len().is_multiple_of(MARK) {
        return Err(damaged(&first, "a row of batches is cut").into());
    }
    (first..).zip(bytes.chunks(MARK)).map(read).collect()
}

/// The batches of a row.
pub fn unpack(chain: Chain, first: u64, marks: &[u8], batches: &[u8]) -> Result<Vec<Entry>> {
    let cut = || damaged(&chain.at(first), "a row of batches is cut");
    let content = lianhu_sync::protocol::wire::unpack(batches).ok_or_else(cut)?;
    let mut rest = content.as_slice();
    let mut part = || -> Option<Vec<u8>> {
        let (length, after) = rest.split_at_checked(4)?;
        let (part, after) = after.split_at_checked(u32::from_le_bytes(length.try_into().ok()?) as usize)?;
        rest = after;
        Some(part.to_vec())
    };
    let mut entries = Vec::new();
    for Mark { seq, hash, stamp, received, barred } in read(first, marks)? {
        let (signature, body) = (part().ok_or_else(cut)?, part().ok_or_else(cut)?);
        entries.push(Entry { at: chain.at(seq), hash, stamp, received, barred, signature, body });
    }
    Ok(entries)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const CHAIN: Chain = Chain { device: Uuid::from_u128(1), incarnation: 2 };

    fn entry(seq: u64) -> Entry {
        Entry {
            at: CHAIN.at(seq),
            hash: [seq as u8; 32],
            stamp: Stamp(seq),
            received: (!seq.is_multiple_of(3)).then_some(Stamp(seq + 1)),
            barred: seq.is_multiple_of(5).then_some(Why::Role),
            signature: vec![1; seq as usize % 7],
            body: vec![seq as u8; seq as usize % 300],
        }
    }

    fn check(seqs: impl Iterator<Item = u64>, rows: &[(u64, u64)]) {
        let entries: Vec<Entry> = seqs.map(entry).collect();
        let runs = runs(&entries);
        assert_eq!(runs.iter().map(|run| (run.first, run.last)).collect::<Vec<_>>(), rows);
        let back = runs.iter().flat_map(|run| unpack(run.chain, run.first, &run.marks, &run.batches).unwrap());
        assert_eq!(back.collect::<Vec<_>>(), entries);
    }

    #[test]
    fn what_follows_on_each_other_is_a_row_and_comes_back() {
        check(std::iter::empty(), &[]);
        check(1..=3, &[(1, 3)]);
        check([1, 2, 4, 5, 9].into_iter(), &[(1, 2), (4, 5), (9, 9)]);
        check(1..=600, &[(1, 256), (257, 512), (513, 600)]);
    }

    #[test]
    fn a_row_that_was_cut_is_damage() {
        let run = runs(&[entry(1), entry(2)]).remove(0);
        assert!(unpack(CHAIN, 1, &run.marks[1..], &run.batches).is_err());
        assert!(unpack(CHAIN, 1, &run.marks, &run.batches[..run.batches.len() - 3]).is_err());
        assert!(unpack(CHAIN, 1, &[run.marks.as_slice(), &run.marks].concat(), &run.batches).is_err());
    }
}
