//! What writer and reader of runs agree upon: which column holds what, and what a shape is.
//!
//! What a neighbour says is not said again: numbers of a run count up, its hashes are worked out by who reads it, times
//! are differences, and a record's id shares its time with the batch that made it. Changes of one shape (the same kind,
//! the same fields, values of the same sort) name the shape once; the values of one field lie in one column.

use std::collections::HashMap;
use std::hash::Hash as Hashed;

use lianhu_ledger::records::KINDS;
use lianhu_ledger::{CellChange, Change, Value, only_one};
use uuid::Uuid;

use super::columns::Cap;
use super::day::day_of;

/// Columns, by what their numbers mean.
pub(super) const HEAD: usize = 0;
pub(super) const RUN: usize = 1;
pub(super) const CHAIN: usize = 2;
pub(super) const NAME: usize = 3;
pub(super) const SHAPE: usize = 4;
pub(super) const SHAPED: usize = 5;
pub(super) const CLOCK: usize = 6;
pub(super) const TICK: usize = 7;
pub(super) const OP: usize = 8;
pub(super) const AUTHOR: usize = 9;
pub(super) const CHANGES: usize = 10;
pub(super) const SIGNED: usize = 11;
pub(super) const ID: usize = 12;
pub(super) const ID_TIME: usize = 13;
pub(super) const ID_NTH: usize = 14;
pub(super) const RECORD: usize = 15;
pub(super) const BASE_CHAIN: usize = 16;
pub(super) const BASE: usize = 17;
pub(super) const PAPER: usize = 18;
pub(super) const PAPER_TIME: usize = 19;
pub(super) const PART: usize = 20;
/// Behind these, two for every field: its values, and the bytes of its texts.
pub(super) const FIELDS: usize = 24;

/// Values deeper than this are not written by any release.
pub(super) const DEEPEST: usize = 16;

/// What a cell, a change and a batch take in memory besides their texts.
pub(super) const CELL: usize = 128;
pub(super) const CHANGE: usize = 96;
pub(super) const BATCH: usize = 256;

/// A package or an answer: its maker is known before it is read.
pub(crate) const LARGE: Cap = Cap { bytes: 64 << 20, room: 256 << 20 };
/// An ask: who made it is known after it was read.
pub(crate) const SMALL: Cap = Cap { bytes: 16 << 20, room: 40 << 20 };

/// Whose values a column holds: kind and field, by the number of their names.
pub(super) type Place = (u64, u64);

/// How the values of a cell are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Sort {
    Null,
    Bool,
    Int,
    Text,
    Id,
    Day,
    List,
    Map,
}

pub(super) const SORTS: [Sort; 8] =
    [Sort::Null, Sort::Bool, Sort::Int, Sort::Text, Sort::Id, Sort::Day, Sort::List, Sort::Map];

impl Sort {
    pub fn of(value: &Value) -> Sort {
        match value {
            Value::Null => Sort::Null,
            Value::Bool(_) => Sort::Bool,
            Value::Int(_) => Sort::Int,
            Value::Text(text) if day_of(text).is_some() => Sort::Day,
            Value::Text(_) => Sort::Text,
            Value::Id(_) => Sort::Id,
            Value::List(_) => Sort::List,
            Value::Map(_) => Sort::Map,
        }
    }

    pub fn numbered(n: u64) -> Option<Sort> {
        SORTS.get(usize::try_from(n).ok()?).copied()
    }
}

/// One cell of a shape: its field, the sort of its value, and its bases: none, those of the cell before, or so many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct ShapeCell {
    pub field: u64,
    pub sort: Sort,
    pub bases: u64,
}

pub(super) const NO_BASES: u64 = 0;
pub(super) const SAME_BASES: u64 = 1;
/// So many, and this.
pub(super) const OWN_BASES: u64 = 1;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Shape {
    pub kind: u64,
    /// The cells of which the record's id is made, each by its place from one on, or zero for one that is not there.
    pub made_of: Option<Vec<u64>>,
    pub cells: Vec<ShapeCell>,
}

/// What was said before, by its number.
pub(super) struct Known<T>(pub HashMap<T, u64>);

impl<T: Hashed + Eq> Known<T> {
    pub fn number(&mut self, thing: T) -> (u64, bool) {
        let next = self.0.len() as u64;
        let mut is_new = false;
        let number = *self.0.entry(thing).or_insert_with(|| {
            is_new = true;
            next
        });
        (number, is_new)
    }
}

impl<T> Default for Known<T> {
    fn default() -> Self {
        Known(HashMap::new())
    }
}

/// The end of what has passed: what comes next is expected to be near.
#[derive(Clone, Copy, Default)]
pub(super) struct Near {
    pub clock: u64,
    pub id_time: u64,
    pub id_nth: u64,
    pub no: u64,
    pub last: u64,
    pub received: u64,
}

/// An id in the order of time: its milliseconds, its number within one action, and its chance.
pub(super) fn timed(id: Uuid) -> Option<(u64, u64, [u8; 7])> {
    let bytes = id.as_bytes();
    let is_timed = bytes[6] >> 4 == 7 && bytes[8] >> 6 == 2;
    is_timed.then(|| {
        let time = bytes[..6].iter().fold(0u64, |n, byte| n << 8 | u64::from(*byte));
        let nth = u64::from(bytes[6] & 0xf) << 14 | u64::from(bytes[7]) << 6 | u64::from(bytes[8] & 0x3f);
        (time, nth, bytes[9..].try_into().expect("seven of sixteen bytes"))
    })
}

pub(super) fn untimed(time: u64, nth: u64, chance: [u8; 7]) -> Option<Uuid> {
    if time >> 48 != 0 || nth >> 18 != 0 {
        return None;
    }
    let mut bytes = [0; 16];
    bytes[..6].copy_from_slice(&time.to_be_bytes()[2..]);
    bytes[6] = 0x70 | (nth >> 14) as u8;
    bytes[7] = (nth >> 6) as u8;
    bytes[8] = 0x80 | (nth & 0x3f) as u8;
    bytes[9..].copy_from_slice(&chance);
    Some(Uuid::from_bytes(bytes))
}

pub(super) const BY_CLOCK: u64 = 0;
pub(super) const BY_NEIGHBOUR: u64 = 1;
pub(super) const BY_CHANCE: u64 = 2;

/// The id of something there is only one of, made of these cells of its change.
pub(super) fn made_of(village: Uuid, kind: &str, cells: &[CellChange], places: &[u64]) -> Option<Uuid> {
    let part = |place: &u64| {
        let Some(nth) = place.checked_sub(1) else { return Some(String::new()) };
        match &cells.get(usize::try_from(nth).ok()?)?.value {
            Value::Null => Some(String::new()),
            Value::Text(text) => Some(text.clone()),
            Value::Id(id) => Some(id.to_string()),
            Value::Int(n) => Some(n.to_string()),
            Value::Bool(b) => Some(b.to_string()),
            Value::List(_) | Value::Map(_) => None,
        }
    };
    let parts: Vec<String> = places.iter().map(part).collect::<Option<_>>()?;
    let parts: Vec<&dyn std::fmt::Display> = parts.iter().map(|part| part as &dyn std::fmt::Display).collect();
    Some(only_one(village, kind, &parts))
}

/// The recipe by which a record's id follows from its cells, if it does.
pub(super) fn recipe(village: Uuid, change: &Change) -> Option<Vec<u64>> {
    let kind = KINDS.iter().find(|kind| kind.name == change.kind).filter(|kind| !kind.only_one.is_empty())?;
    let place = |name: &&str| change.cells.iter().position(|cell| cell.field == *name).map_or(0, |nth| nth as u64 + 1);
    let places: Vec<u64> = kind.only_one.iter().map(place).collect();
    (made_of(village, &change.kind, &change.cells, &places)? == change.id).then_some(places)
}
