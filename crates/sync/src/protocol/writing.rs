//! Runs of batches and their receipts, written in [columns](super::columns).

use std::collections::HashMap;

use lianhu_ledger::{Batch, BatchRef, CellChange, Chain, Change, Hash, Stamp, Value};
use uuid::Uuid;

use super::Parcel;
use super::columns::Columns;
use super::day::day_of;
use super::shape::*;
use crate::receipt::{Part, Receipt};
use crate::suite::ED25519;

#[derive(Default)]
struct FieldColumn {
    texts: Known<String>,
    day: u64,
}

/// Writes ids, chains and parcels into columns.
#[derive(Default)]
pub(crate) struct Writer {
    pub columns: Columns,
    chains: Known<Chain>,
    devices: Known<Uuid>,
    names: Known<String>,
    shapes: Known<Shape>,
    ids: HashMap<Uuid, u64>,
    /// How many ids the reader has counted by now.
    counted: u64,
    places: Known<Place>,
    fields: Vec<FieldColumn>,
    bases: HashMap<u64, u64>,
    ends: HashMap<Chain, (u64, Hash)>,
    near: Near,
}

impl Writer {
    pub fn pack(self) -> Vec<u8> {
        self.columns.pack()
    }

    pub fn device(&mut self, at: usize, id: Uuid) {
        let (number, is_new) = self.devices.number(id);
        self.columns.number(at, number);
        if is_new {
            self.columns.chance(id.as_bytes());
        }
    }

    pub fn chain(&mut self, at: usize, chain: Chain) -> u64 {
        let (number, is_new) = self.chains.number(chain);
        self.columns.number(at, number);
        if is_new {
            self.device(CHAIN, chain.device);
            self.columns.number(CHAIN, u64::from(chain.incarnation));
        }
        number
    }

    fn name(&mut self, at: usize, name: &str) -> u64 {
        let (number, is_new) = self.names.number(name.to_owned());
        self.columns.number(at, number);
        if is_new {
            self.columns.number(NAME, name.len() as u64);
            self.columns.bytes(NAME, name.as_bytes());
        }
        number
    }

    /// From now on an id is named by its number.
    fn count(&mut self, id: Uuid) {
        self.ids.insert(id, self.counted);
        self.counted += 1;
    }

    fn id(&mut self, at: usize, id: Uuid) {
        if let Some(number) = self.ids.get(&id) {
            self.columns.number(at, number + 1);
            return;
        }
        self.columns.number(at, 0);
        self.count(id);
        let Some((time, nth, chance)) = timed(id) else {
            self.columns.number(ID, BY_CHANCE);
            self.columns.chance(id.as_bytes());
            return;
        };
        let by_clock = time.abs_diff(self.near.clock) <= time.abs_diff(self.near.id_time);
        self.columns.number(ID, if by_clock { BY_CLOCK } else { BY_NEIGHBOUR });
        self.columns.from(ID_TIME, if by_clock { self.near.clock } else { self.near.id_time }, time);
        self.columns.from(ID_NTH, self.near.id_nth, nth);
        self.columns.chance(&chance);
        self.near.id_nth = nth;
        if !by_clock {
            self.near.id_time = time;
        }
    }

    fn signature(&mut self, at: usize, signature: &[u8]) {
        match signature {
            [] => self.columns.number(at, 0),
            [ED25519, rest @ ..] if rest.len() == 64 => {
                self.columns.number(at, 1);
                self.columns.chance(rest);
            }
            other => {
                self.columns.number(at, other.len() as u64 + 2);
                self.columns.chance(other);
            }
        }
    }

    fn stamp(&mut self, clock: usize, tick: usize, expected: u64, stamp: Stamp) -> u64 {
        self.columns.from(clock, expected, stamp.ms());
        self.columns.number(tick, stamp.0 & 0xffff);
        stamp.ms()
    }

    pub fn parcels(&mut self, parcels: &[Parcel]) {
        self.columns.number(RUN, parcels.len() as u64);
        parcels.iter().for_each(|parcel| self.parcel(parcel));
    }

    fn parcel(&mut self, parcel: &Parcel) {
        self.columns.number(RUN, parcel.batches.len() as u64);
        if let Some(first) = parcel.batches.first() {
            self.device(RUN, first.village);
            let chain = Chain::of(first.at);
            let number = self.chain(RUN, chain);
            let before = first.at.seq.wrapping_sub(1);
            let known = match self.ends.get(&chain) {
                Some((seq, hash)) => *seq == before && *hash == first.prev,
                None => before == 0 && first.prev == [0; 32],
            };
            self.columns.number(RUN, u64::from(known));
            if !known {
                self.columns.number(RUN, first.at.seq);
                self.columns.chance(&first.prev);
            }
            parcel.batches.iter().for_each(|batch| self.batch(batch, number));
            let last = &parcel.batches[parcel.batches.len() - 1];
            self.ends.insert(chain, (last.at.seq, last.hash()));
        }
        self.columns.number(PAPER, parcel.receipts.len() as u64);
        parcel.receipts.iter().for_each(|receipt| self.receipt(receipt, &parcel.batches));
    }

    fn batch(&mut self, batch: &Batch, chain: u64) {
        self.near.clock = self.stamp(CLOCK, TICK, self.near.clock, batch.stamp);
        self.name(OP, &batch.op);
        self.name(AUTHOR, &batch.author);
        self.signature(SIGNED, &batch.signature);
        self.columns.number(CHANGES, batch.changes.len() as u64);
        batch.changes.iter().for_each(|change| self.change(change, batch, chain));
    }

    fn change(&mut self, change: &Change, batch: &Batch, chain: u64) {
        let made_of = if self.ids.contains_key(&change.id) { None } else { recipe(batch.village, change) };
        let is_made = made_of.is_some();
        let (kind, shape) = self.shape(change, made_of);
        if !is_made {
            self.id(RECORD, change.id);
        }
        for (cell, shaped) in change.cells.iter().zip(&shape) {
            let column = self.place((kind, shaped.field));
            self.value(column, &cell.value);
            if shaped.bases > OWN_BASES {
                cell.bases.iter().for_each(|base| self.base(*base, chain, batch.at.seq));
            }
        }
        if is_made {
            self.count(change.id);
        }
    }

    /// The shape of a change, told when it is new. Names are numbered in the order in which they are read.
    fn shape(&mut self, change: &Change, made_of: Option<Vec<u64>>) -> (u64, Vec<ShapeCell>) {
        let number = |known: &mut Known<String>, name: &str| known.0.get(name).copied();
        let kind = number(&mut self.names, &change.kind);
        let fields: Vec<Option<u64>> = change.cells.iter().map(|cell| number(&mut self.names, &cell.field)).collect();
        let sorts = sorts(change);
        if let (Some(kind), true) = (kind, fields.iter().all(Option::is_some)) {
            let cells = fields.iter().flatten().zip(&sorts);
            let cells = cells.map(|(field, (sort, bases))| ShapeCell { field: *field, sort: *sort, bases: *bases });
            let shape = Shape { kind, made_of: made_of.clone(), cells: cells.collect() };
            if let Some(known) = self.shapes.0.get(&shape) {
                self.columns.number(SHAPED, *known);
                return (kind, shape.cells);
            }
        }
        self.new_shape(change, made_of, &sorts)
    }

    fn new_shape(
        &mut self,
        change: &Change,
        made_of: Option<Vec<u64>>,
        sorts: &[(Sort, u64)],
    ) -> (u64, Vec<ShapeCell>) {
        self.columns.number(SHAPED, self.shapes.0.len() as u64);
        let kind = self.name(SHAPE, &change.kind);
        self.columns.number(SHAPE, u64::from(made_of.is_some()));
        if let Some(places) = &made_of {
            self.columns.number(SHAPE, places.len() as u64);
            places.iter().for_each(|place| self.columns.number(SHAPE, *place));
        }
        self.columns.number(SHAPE, change.cells.len() as u64);
        let mut cells = Vec::with_capacity(sorts.len());
        for (cell, (sort, bases)) in change.cells.iter().zip(sorts) {
            let field = self.name(SHAPE, &cell.field);
            self.columns.number(SHAPE, *sort as u64);
            self.columns.number(SHAPE, *bases);
            cells.push(ShapeCell { field, sort: *sort, bases: *bases });
        }
        self.shapes.number(Shape { kind, made_of, cells: cells.clone() });
        (kind, cells)
    }

    /// The number of a field's columns.
    fn place(&mut self, place: Place) -> usize {
        let (number, is_new) = self.places.number(place);
        if is_new {
            self.fields.push(FieldColumn::default());
        }
        number as usize
    }

    fn value(&mut self, column: usize, value: &Value) {
        let at = FIELDS + 2 * column;
        match value {
            Value::Null => {}
            Value::Bool(yes) => self.columns.number(at, u64::from(*yes)),
            Value::Int(n) => self.columns.signed(at, *n),
            Value::Id(id) => self.id(at, *id),
            Value::Text(text) => match day_of(text) {
                Some(day) => {
                    let before = std::mem::replace(&mut self.fields[column].day, day);
                    self.columns.from(at, before, day);
                }
                None => self.text(column, text),
            },
            Value::List(items) => {
                self.columns.number(at, items.len() as u64);
                items.iter().for_each(|item| self.sorted(column, item));
            }
            Value::Map(items) => {
                self.columns.number(at, items.len() as u64);
                for (key, item) in items {
                    self.name(at, key);
                    self.sorted(column, item);
                }
            }
        }
    }

    fn sorted(&mut self, column: usize, value: &Value) {
        self.columns.number(FIELDS + 2 * column, Sort::of(value) as u64);
        self.value(column, value);
    }

    fn text(&mut self, column: usize, text: &str) {
        let at = FIELDS + 2 * column;
        let (number, is_new) = self.fields[column].texts.number(text.to_owned());
        self.columns.number(at, if is_new { 0 } else { number + 1 });
        if is_new {
            self.columns.number(at, text.len() as u64);
            self.columns.bytes(at + 1, text.as_bytes());
        }
    }

    /// A base on the own chain is told from the number of the batch, one on another from the last that was named.
    fn base(&mut self, base: BatchRef, own: u64, seq: u64) {
        let chain = self.chain(BASE_CHAIN, Chain::of(base));
        let before = self.bases.insert(chain, base.seq).unwrap_or_default();
        self.columns.from(BASE, if chain == own { seq } else { before }, base.seq);
    }

    pub fn receipts(&mut self, receipts: &[Receipt]) {
        self.columns.number(PAPER, receipts.len() as u64);
        receipts.iter().for_each(|receipt| self.receipt(receipt, &[]));
    }

    fn receipt(&mut self, receipt: &Receipt, run: &[Batch]) {
        self.chain(PAPER, receipt.chain);
        self.columns.number(PAPER, receipt.epoch);
        self.columns.from(PAPER, self.near.last.wrapping_add(1), receipt.first);
        self.columns.from(PAPER, receipt.first, receipt.last);
        let known = hash_in(run, receipt) == Some(receipt.hash);
        self.columns.number(PAPER, u64::from(known));
        if !known {
            self.columns.chance(&receipt.hash);
        }
        self.columns.number(PART, receipt.before.len() as u64);
        let mut from = receipt.first;
        for part in receipt.before.iter().copied().chain([receipt.own_part()]) {
            self.part(part, from);
            from = part.last;
        }
        self.near.last = receipt.last;
        self.signature(SIGNED, &receipt.signature);
    }

    fn part(&mut self, part: Part, from: u64) {
        self.columns.from(PART, self.near.no.wrapping_add(1), part.no);
        self.columns.from(PART, from, part.last);
        self.columns.number(PART, part.skew_ms);
        self.near.no = part.no;
        self.near.received = self.stamp(PAPER_TIME, PART, self.near.received, part.received);
    }
}

/// The hash that who reads the run will work out for the last batch of a receipt.
fn hash_in(run: &[Batch], receipt: &Receipt) -> Option<Hash> {
    let first = run.first().filter(|first| Chain::of(first.at) == receipt.chain)?;
    let nth = usize::try_from(receipt.last.checked_sub(first.at.seq)?).ok()?;
    let next = run.get(nth.checked_add(1)?).map(|next| next.prev);
    next.or_else(|| run.get(nth).map(Batch::hash))
}

fn sorts(change: &Change) -> Vec<(Sort, u64)> {
    let mut before: &[BatchRef] = &[];
    let sorted = |cell: &'_ CellChange, before: &[BatchRef]| match cell.bases.as_slice() {
        [] => NO_BASES,
        same if same == before => SAME_BASES,
        own => own.len() as u64 + OWN_BASES,
    };
    let mut sorts = Vec::with_capacity(change.cells.len());
    for cell in &change.cells {
        sorts.push((Sort::of(&cell.value), sorted(cell, before)));
        before = if cell.bases.is_empty() { before } else { &cell.bases };
    }
    sorts
}
