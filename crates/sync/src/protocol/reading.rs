//! Runs of batches and their receipts, read from [columns](super::columns). Whatever the bytes are, reading ends, takes no
//! more than its room, and gives only what a writer could have meant.

use std::collections::HashMap;

use lianhu_ledger::{Batch, BatchRef, CellChange, Chain, Change, Hash, Name, Stamp, Value};
use uuid::Uuid;

use super::Parcel;
use super::columns::Reader;
use super::day::text_of;
use super::shape::*;
use crate::receipt::{Part, Receipt};
use crate::suite::ED25519;

#[derive(Default)]
struct ReadColumn {
    texts: Vec<String>,
    day: u64,
}

/// Reads what [`Writer`] wrote.
#[derive(Default)]
pub(crate) struct Reading {
    chains: Vec<Chain>,
    devices: Vec<Uuid>,
    names: Vec<Name>,
    shapes: Vec<(Shape, Vec<usize>)>,
    ids: Vec<Uuid>,
    places: Known<Place>,
    fields: Vec<ReadColumn>,
    bases: HashMap<u64, u64>,
    ends: HashMap<Chain, (u64, Hash)>,
    near: Near,
}

/// Something said before, or `None` for the next new one.
fn said<T: Clone>(known: &[T], number: u64) -> Option<Option<T>> {
    let nth = usize::try_from(number).ok()?;
    (nth <= known.len()).then(|| known.get(nth).cloned())
}

impl Reading {
    pub fn device(&mut self, r: &mut Reader<'_>, at: usize) -> Option<Uuid> {
        let number = r.number(at)?;
        if let Some(known) = said(&self.devices, number)? {
            return Some(known);
        }
        let id = Uuid::from_bytes(r.chance_of()?);
        self.devices.push(id);
        Some(id)
    }

    pub fn chain(&mut self, r: &mut Reader<'_>, at: usize) -> Option<Chain> {
        self.numbered_chain(r, at).map(|(_, chain)| chain)
    }

    fn numbered_chain(&mut self, r: &mut Reader<'_>, at: usize) -> Option<(u64, Chain)> {
        let number = r.number(at)?;
        if let Some(known) = said(&self.chains, number)? {
            return Some((number, known));
        }
        let device = self.device(r, CHAIN)?;
        let chain = Chain { device, incarnation: u32::try_from(r.number(CHAIN)?).ok()? };
        self.chains.push(chain);
        Some((number, chain))
    }

    fn name(&mut self, r: &mut Reader<'_>, at: usize) -> Option<u64> {
        let number = r.number(at)?;
        if number == self.names.len() as u64 {
            let length = r.number(NAME)?;
            let name = text(r, NAME, length)?;
            self.names.push(name.into());
        }
        (number < self.names.len() as u64).then_some(number)
    }

    fn named(&mut self, r: &mut Reader<'_>, at: usize) -> Option<String> {
        let number = self.name(r, at)?;
        let name = &self.names[number as usize];
        r.spend(name.len())?;
        Some(name.to_string())
    }

    fn id(&mut self, r: &mut Reader<'_>, at: usize) -> Option<Uuid> {
        if let Some(number) = r.number(at)?.checked_sub(1) {
            return self.ids.get(usize::try_from(number).ok()?).copied();
        }
        let id = match r.number(ID)? {
            BY_CHANCE => Uuid::from_bytes(r.chance_of()?),
            by @ (BY_CLOCK | BY_NEIGHBOUR) => {
                let by_clock = by == BY_CLOCK;
                let time = r.from(ID_TIME, if by_clock { self.near.clock } else { self.near.id_time })?;
                let nth = r.from(ID_NTH, self.near.id_nth)?;
                self.near.id_nth = nth;
                if !by_clock {
                    self.near.id_time = time;
                }
                untimed(time, nth, r.chance_of()?)?
            }
            _ => return None,
        };
        self.ids.push(id);
        Some(id)
    }

    fn signature(&mut self, r: &mut Reader<'_>, at: usize) -> Option<Vec<u8>> {
        match r.number(at)? {
            0 => Some(Vec::new()),
            1 => Some([&[ED25519], r.chance(64)?].concat()),
            n => {
                let length = usize::try_from(n - 2).ok()?;
                let bytes = r.chance(length)?;
                r.spend(length)?;
                Some(bytes.to_vec())
            }
        }
    }

    fn stamp(r: &mut Reader<'_>, clock: usize, tick: usize, expected: u64) -> Option<Stamp> {
        let ms = r.from(clock, expected)?;
        let tick = r.number(tick)?;
        (ms >> 48 == 0 && tick >> 16 == 0).then_some(Stamp(ms << 16 | tick))
    }

    pub fn parcels(&mut self, r: &mut Reader<'_>) -> Option<Vec<Parcel>> {
        r.list(RUN, |r| self.parcel(r))
    }

    fn parcel(&mut self, r: &mut Reader<'_>) -> Option<Parcel> {
        let n = r.number(RUN)?;
        let (batches, hashes) = if n > 0 { self.run(r, n)? } else { (Vec::new(), Vec::new()) };
        let receipts = r.list(PAPER, |r| self.receipt(r, &batches, &hashes))?;
        Some(Parcel { batches, receipts, end: hashes.last().copied() })
    }

    fn run(&mut self, r: &mut Reader<'_>, n: u64) -> Option<(Vec<Batch>, Vec<Hash>)> {
        let village = self.device(r, RUN)?;
        let (number, chain) = self.numbered_chain(r, RUN)?;
        let (mut seq, mut prev) = match r.number(RUN)? {
            1 => self.ends.get(&chain).map_or(Some((1, [0; 32])), |(seq, hash)| Some((seq.checked_add(1)?, *hash)))?,
            0 => (r.number(RUN)?, r.chance_of()?),
            _ => return None,
        };
        let (mut batches, mut hashes) = (Vec::new(), Vec::new());
        for nth in 0..n {
            r.spend(BATCH)?;
            seq = if nth == 0 { seq } else { seq.checked_add(1)? };
            let batch = self.batch(r, village, (number, chain.at(seq)), prev)?;
            prev = batch.hash();
            hashes.push(prev);
            batches.push(batch);
        }
        self.ends.insert(chain, (seq, prev));
        Some((batches, hashes))
    }

    fn batch(&mut self, r: &mut Reader<'_>, village: Uuid, at: (u64, BatchRef), prev: Hash) -> Option<Batch> {
        let stamp = Reading::stamp(r, CLOCK, TICK, self.near.clock)?;
        self.near.clock = stamp.ms();
        let (op, author) = (self.named(r, OP)?, self.named(r, AUTHOR)?);
        let signature = self.signature(r, SIGNED)?;
        let n = r.number(CHANGES)?;
        let mut changes = Vec::new();
        for _ in 0..n {
            r.spend(CHANGE)?;
            changes.push(self.change(r, village, at)?);
        }
        Some(Batch { village, at: at.1, op, author, stamp, prev, changes, signature })
    }

    fn change(&mut self, r: &mut Reader<'_>, village: Uuid, at: (u64, BatchRef)) -> Option<Change> {
        let nth = self.shape(r)?;
        let (shape, columns) = std::mem::replace(&mut self.shapes[nth], (EMPTY, Vec::new()));
        let change = self.change_of(r, &shape, &columns, village, at);
        self.shapes[nth] = (shape, columns);
        change
    }

    fn change_of(
        &mut self,
        r: &mut Reader<'_>,
        shape: &Shape,
        columns: &[usize],
        village: Uuid,
        at: (u64, BatchRef),
    ) -> Option<Change> {
        let kind = self.names.get(shape.kind as usize)?.clone();
        let known = if shape.made_of.is_none() { Some(self.id(r, RECORD)?) } else { None };
        let mut cells = Vec::with_capacity(shape.cells.len());
        let mut before: Vec<BatchRef> = Vec::new();
        for (shaped, column) in shape.cells.iter().zip(columns) {
            let field = self.names.get(shaped.field as usize)?.clone();
            r.spend(CELL + field.len())?;
            let value = self.value(r, *column, shaped.sort, 0)?;
            let bases = match shaped.bases {
                NO_BASES => Vec::new(),
                SAME_BASES => before.clone(),
                n => self.bases(r, n - OWN_BASES, at)?,
            };
            r.spend(bases.len() * size_of::<BatchRef>())?;
            if !bases.is_empty() {
                before.clone_from(&bases);
            }
            cells.push(CellChange { field, value, bases });
        }
        let id = match (known, &shape.made_of) {
            (Some(id), _) => id,
            (None, places) => {
                let id = made_of(village, &kind, &cells, places.as_deref()?)?;
                self.ids.push(id);
                id
            }
        };
        Some(Change { kind, id, cells })
    }

    fn bases(&mut self, r: &mut Reader<'_>, n: u64, (own, at): (u64, BatchRef)) -> Option<Vec<BatchRef>> {
        let mut bases = Vec::new();
        for _ in 0..n {
            r.spend(size_of::<BatchRef>())?;
            let (number, chain) = self.numbered_chain(r, BASE_CHAIN)?;
            let before = self.bases.get(&number).copied().unwrap_or_default();
            let seq = r.from(BASE, if number == own { at.seq } else { before })?;
            self.bases.insert(number, seq);
            bases.push(chain.at(seq));
        }
        Some(bases)
    }

    fn shape(&mut self, r: &mut Reader<'_>) -> Option<usize> {
        let nth = usize::try_from(r.number(SHAPED)?).ok()?;
        if nth == self.shapes.len() {
            let shape = self.new_shape(r)?;
            self.shapes.push(shape);
        }
        (nth < self.shapes.len()).then_some(nth)
    }

    fn new_shape(&mut self, r: &mut Reader<'_>) -> Option<(Shape, Vec<usize>)> {
        let kind = self.name(r, SHAPE)?;
        let made_of = match r.number(SHAPE)? {
            0 => None,
            _ => Some(r.list(SHAPE, |r| r.number(SHAPE))?),
        };
        let mut columns = Vec::new();
        let cells = r.list(SHAPE, |r| {
            let field = self.name(r, SHAPE)?;
            let (place, is_new) = self.places.number((kind, field));
            if is_new {
                r.spend(size_of::<ReadColumn>())?;
                self.fields.push(ReadColumn::default());
            }
            columns.push(place as usize);
            Some(ShapeCell { field, sort: Sort::numbered(r.number(SHAPE)?)?, bases: r.number(SHAPE)? })
        })?;
        Some((Shape { kind, made_of, cells }, columns))
    }

    fn value(&mut self, r: &mut Reader<'_>, column: usize, sort: Sort, depth: usize) -> Option<Value> {
        let at = FIELDS + 2 * column;
        Some(match sort {
            Sort::Null => Value::Null,
            Sort::Bool => Value::Bool(match r.number(at)? {
                0 => false,
                1 => true,
                _ => return None,
            }),
            Sort::Int => Value::Int(r.signed(at)?),
            Sort::Id => Value::Id(self.id(r, at)?),
            Sort::Day => {
                let day = r.from(at, self.fields[column].day)?;
                self.fields[column].day = day;
                r.spend(16)?;
                Value::Text(text_of(day)?)
            }
            Sort::Text => Value::Text(self.text(r, column)?),
            Sort::List | Sort::Map if depth >= DEEPEST => return None,
            Sort::List => Value::List(r.list(at, |r| self.sorted(r, column, depth))?),
            Sort::Map => {
                let pairs = r.list(at, |r| Some((self.named(r, at)?, self.sorted(r, column, depth)?)))?;
                // A map as it was written names each key once, in order.
                pairs.is_sorted_by(|a, b| a.0 < b.0).then(|| Value::Map(pairs.into_iter().collect()))?
            }
        })
    }

    fn sorted(&mut self, r: &mut Reader<'_>, column: usize, depth: usize) -> Option<Value> {
        let sort = Sort::numbered(r.number(FIELDS + 2 * column)?)?;
        self.value(r, column, sort, depth + 1)
    }

    fn text(&mut self, r: &mut Reader<'_>, column: usize) -> Option<String> {
        let at = FIELDS + 2 * column;
        if let Some(number) = r.number(at)?.checked_sub(1) {
            let text = self.fields[column].texts.get(usize::try_from(number).ok()?)?;
            r.spend(text.len())?;
            return Some(text.clone());
        }
        let length = r.number(at)?;
        let text = text(r, at + 1, length)?;
        self.fields[column].texts.push(text.clone());
        Some(text)
    }

    pub fn receipts(&mut self, r: &mut Reader<'_>) -> Option<Vec<Receipt>> {
        r.list(PAPER, |r| self.receipt(r, &[], &[]))
    }

    fn receipt(&mut self, r: &mut Reader<'_>, run: &[Batch], hashes: &[Hash]) -> Option<Receipt> {
        let chain = self.chain(r, PAPER)?;
        let epoch = r.number(PAPER)?;
        let first = r.from(PAPER, self.near.last.wrapping_add(1))?;
        let last = r.from(PAPER, first)?;
        let hash = match r.number(PAPER)? {
            1 => {
                let from = run.first().filter(|from| Chain::of(from.at) == chain)?;
                *hashes.get(usize::try_from(last.checked_sub(from.at.seq)?).ok()?)?
            }
            0 => r.chance_of()?,
            _ => return None,
        };
        let mut from = first;
        let before = r.list(PART, |r| {
            let part = self.part(r, from)?;
            from = part.last;
            Some(part)
        })?;
        let Part { no, received, skew_ms, .. } = self.part(r, from).filter(|own| own.last == last)?;
        self.near.last = last;
        let signature = self.signature(r, SIGNED)?;
        Some(Receipt { epoch, no, chain, first, last, hash, received, skew_ms, before, signature })
    }

    fn part(&mut self, r: &mut Reader<'_>, from: u64) -> Option<Part> {
        let no = r.from(PART, self.near.no.wrapping_add(1))?;
        let last = r.from(PART, from)?;
        let skew_ms = r.number(PART)?;
        let received = Reading::stamp(r, PAPER_TIME, PART, self.near.received)?;
        self.near.no = no;
        self.near.received = received.ms();
        Some(Part { no, last, received, skew_ms })
    }
}

const EMPTY: Shape = Shape { kind: 0, made_of: None, cells: Vec::new() };

/// A new text takes its room twice: where it stands, and where it is remembered.
fn text(r: &mut Reader<'_>, at: usize, length: u64) -> Option<String> {
    let bytes = r.bytes(at, length)?;
    r.spend(2 * bytes.len() + 48)?;
    std::str::from_utf8(bytes).ok().map(str::to_owned)
}
