//! 在册的记录 — which records live, those that were begun in about the same hour in one row: an evening's visits touch one
//! or two rows, not a row each.

use std::collections::{BTreeMap, BTreeSet};

use lianhu_ledger::Result;

use crate::store::damaged;

/// Of a key, this many bits are the record's own; above them stands when it was begun.
pub const OWN_BITS: u32 = 38;

/// The row of a key.
pub fn hour(key: i64) -> i64 {
    key >> OWN_BITS
}

/// The rows of these keys, each once.
pub fn hours(keys: impl Iterator<Item = i64>) -> Vec<i64> {
    keys.map(hour).collect::<BTreeSet<i64>>().into_iter().collect()
}

/// Rows as far as they were read, kept true by what is written.
#[derive(Default)]
pub struct Living(BTreeMap<i64, BTreeSet<i64>>);

impl Living {
    /// Those of these rows that were not read yet.
    pub fn unread(&self, mut hours: Vec<i64>) -> Vec<i64> {
        hours.retain(|hour| !self.0.contains_key(hour));
        hours
    }

    /// Takes in rows that were asked for and not read yet; one that is not there is an empty one.
    pub fn read(&mut self, asked: &[i64], rows: impl Iterator<Item = (i64, Vec<u8>)>) -> Result<()> {
        self.0.extend(asked.iter().map(|hour| (*hour, BTreeSet::new())));
        for (hour, bytes) in rows {
            if !bytes.len().is_multiple_of(8) {
                return Err(damaged(&hour, "a row of living records is cut").into());
            }
            let keys = bytes.chunks(8).map(|key| i64::from_le_bytes(key.try_into().expect("eight bytes")));
            self.0.insert(hour, keys.collect());
        }
        Ok(())
    }

    pub fn lives(&self, key: i64) -> bool {
        self.0.get(&hour(key)).is_some_and(|keys| keys.contains(&key))
    }

    /// Takes note of what begins and ends, and gives the rows that are otherwise now: none where nothing lives any more.
    pub fn change(&mut self, born: &[i64], gone: &[i64]) -> Vec<(i64, Option<Vec<u8>>)> {
        for key in born {
            self.0.entry(hour(*key)).or_default().insert(*key);
        }
        for key in gone {
            self.0.entry(hour(*key)).or_default().remove(key);
        }
        let changed = hours(born.iter().chain(gone).copied()).into_iter();
        changed.map(|hour| (hour, self.0.get(&hour).filter(|keys| !keys.is_empty()).map(bytes))).collect()
    }
}

fn bytes(keys: &BTreeSet<i64>) -> Vec<u8> {
    keys.iter().flat_map(|key| key.to_le_bytes()).collect()
}
