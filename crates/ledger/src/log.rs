//! The change log: what travels between devices, and how it lies on the disk.
//!
//! A batch is one person's one action on one device. Its canonical bytes (CBOR) are what is hashed, chained and,
//! once there is a township, signed. On disk only what cannot be derived is kept: the body compressed against a
//! dictionary of our own field names, the previous hash only where that batch is not in the log.
//!
//! Measured: the body of one visit is 109 bytes on disk, 48 of them its three ids.

use minicbor::{Decoder, Encoder};
use uuid::Uuid;

/// The name of a kind or field: short ones, nearly all, cost no memory of their own.
pub use ecow::EcoString as Name;

use crate::clock::Stamp;
use crate::value::{Value, put};

/// BLAKE3 of a batch's canonical bytes.
pub type Hash = [u8; 32];

/// Hash and signature suite of a batch. 1 = BLAKE3 + Ed25519; 2 is kept free for SM3 + SM2.
pub const SUITE: u8 = 1;

/// A batch larger than this was not written by any release (a whole village's import is under 1 MiB).
const MAX_BODY: usize = 64 * 1024 * 1024;

/// Bytes that most batches stay under.
const USUAL: usize = 512;

/// Names a batch among all devices of the village.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BatchRef {
    pub device: Uuid,
    /// A restored or copied ledger goes on under a new incarnation, so that its numbers never repeat.
    pub incarnation: u32,
    /// Counts up from 1 without gaps within (device, incarnation).
    pub seq: u64,
}

/// `<first 8 of device>-<incarnation>-<seq>`: short enough to type, long enough to be unique in a village.
impl std::fmt::Display for BatchRef {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}-{}", &self.device.simple().to_string()[24..], self.incarnation, self.seq)
    }
}

/// The batches of one device under one incarnation: each names the hash of the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Chain {
    pub device: Uuid,
    pub incarnation: u32,
}

impl Chain {
    pub fn of(at: BatchRef) -> Chain {
        Chain { device: at.device, incarnation: at.incarnation }
    }

    pub fn at(self, seq: u64) -> BatchRef {
        BatchRef { device: self.device, incarnation: self.incarnation, seq }
    }
}

/// The end of a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    pub seq: u64,
    pub hash: Hash,
}

/// One person's one action on one device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    pub village: Uuid,
    pub at: BatchRef,
    /// What was done, in one word: `put`, `import`, `close`, `undo`…
    pub op: String,
    /// The user at creation; never changed by sync.
    pub author: String,
    pub stamp: Stamp,
    /// Hash of the same device's batch before; zero for the first.
    pub prev: Hash,
    pub changes: Vec<Change>,
    /// The device's word for this batch and, by the chain, for all before it. Empty on most: a device signs the last of
    /// what it sends.
    pub signature: Vec<u8>,
}

/// New values of one record's cells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub kind: Name,
    pub id: Uuid,
    pub cells: Vec<CellChange>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellChange {
    /// An open string: a newer release's field is carried, and applied after upgrade.
    pub field: Name,
    pub value: Value,
    /// The changes this one replaces, as the writer saw them. None for a first value; two when a person has
    /// settled what two computers changed at the same time.
    pub bases: Vec<BatchRef>,
}

impl Batch {
    /// The bytes that are hashed and signed.
    pub fn canonical(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(USUAL);
        self.encode(&mut bytes);
        bytes
    }

    fn encode(&self, bytes: &mut Vec<u8>) {
        let mut e = Encoder::new(bytes);
        put(e.array(8));
        put(e.u8(SUITE));
        put(e.bytes(self.village.as_bytes()));
        encode_ref(&mut e, self.at);
        put(e.u64(self.stamp.0));
        put(e.bytes(&self.prev));
        put(e.str(&self.op));
        put(e.str(&self.author));
        self.encode_changes(&mut e);
    }

    pub fn hash(&self) -> Hash {
        thread_local! {
            static BYTES: std::cell::RefCell<Vec<u8>> = const { std::cell::RefCell::new(Vec::new()) };
        }
        BYTES.with_borrow_mut(|bytes| {
            bytes.clear();
            self.encode(bytes);
            *blake3::hash(bytes).as_bytes()
        })
    }

    /// What no release could have written says no here; what a batch means is not judged.
    pub fn is_sound(&self) -> bool {
        let named = |s: &str| !s.is_empty() && s.len() <= 64;
        (1..=i64::MAX as u64).contains(&self.at.seq)
            && self.at.incarnation >= 1
            && (1..=i64::MAX as u64).contains(&self.stamp.0)
            && named(&self.op)
            && self.author.len() <= 256
            && (self.at.seq > 1 || self.prev == [0; 32])
            && self.changes.iter().all(|c| named(&c.kind) && c.cells.iter().all(|cell| named(&cell.field)))
            && is_set(self.changes.iter().map(|c| (&c.kind, c.id)))
            && self.changes.iter().all(|c| is_set(c.cells.iter().map(|cell| &cell.field)))
    }

    /// The part of the batch that no column holds.
    pub fn body(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(USUAL);
        let mut e = Encoder::new(&mut bytes);
        put(e.array(3));
        put(e.str(&self.op));
        put(e.str(&self.author));
        self.encode_changes(&mut e);
        bytes
    }

    /// Devices are named once, in front; changes refer to them by position, and to the most usual base (the
    /// record's other cells share it) by repeating nothing.
    fn encode_changes(&self, e: &mut Encoder<&mut Vec<u8>>) {
        put(e.array(self.changes.len() as u64));
        for change in &self.changes {
            put(e.array(3));
            put(e.str(&change.kind));
            put(e.bytes(change.id.as_bytes()));
            put(e.array(change.cells.len() as u64));
            for cell in &change.cells {
                let based = !cell.bases.is_empty();
                put(e.array(if based { 3 } else { 2 }));
                put(e.str(&cell.field));
                cell.value.encode(e);
                if based {
                    put(e.array(cell.bases.len() as u64));
                    cell.bases.iter().for_each(|base| encode_ref(e, *base));
                }
            }
        }
    }

    /// The body as it lies on disk.
    pub(crate) fn pack(&self) -> Vec<u8> {
        pack(&self.body())
    }

    /// What [`Batch::touched`] is searched for: the random end of a record's id.
    pub(crate) fn trace(id: Uuid) -> [u8; 8] {
        id.as_bytes()[8..].try_into().expect("half of sixteen bytes")
    }

    /// Which records the batch touches, so that one record's history is found without unpacking the whole log.
    pub(crate) fn touched(&self) -> Vec<u8> {
        self.changes.iter().flat_map(|change| Batch::trace(change.id)).collect()
    }
}

/// Nothing in it twice. Most are short, and looked through sooner than put in a table.
fn is_set<T: Eq + std::hash::Hash>(items: impl ExactSizeIterator<Item = T> + Clone) -> bool {
    if items.len() > 16 {
        let mut seen = std::collections::HashSet::new();
        return items.into_iter().all(|item| seen.insert(item));
    }
    let mut rest = items;
    while let Some(item) = rest.next() {
        if rest.clone().any(|other| other == item) {
            return false;
        }
    }
    true
}

/// The body of a batch, read back.
pub struct Body {
    pub op: String,
    pub author: String,
    pub changes: Vec<Change>,
}

impl Body {
    /// Reads what [`Batch::body`] wrote; anything else is `None`.
    pub fn read(bytes: &[u8]) -> Option<Body> {
        decode_body(bytes)
    }
}

/// Unpacks many bodies with one prepared dictionary.
pub(crate) struct Unpacker(zstd::bulk::Decompressor<'static>);

impl Unpacker {
    pub fn new() -> Option<Unpacker> {
        zstd::bulk::Decompressor::with_dictionary(DICTIONARY).ok().map(Unpacker)
    }

    pub fn unpack(&mut self, stored: &[u8]) -> Option<Body> {
        let bytes = self.0.decompress(stored, capacity(stored)?).ok()?;
        decode_body(&bytes)
    }
}

fn capacity(stored: &[u8]) -> Option<usize> {
    let size = zstd::zstd_safe::get_frame_content_size(stored).ok()??;
    usize::try_from(size).ok().filter(|n| *n <= MAX_BODY)
}

fn decode_body(bytes: &[u8]) -> Option<Body> {
    let d = &mut Decoder::new(bytes);
    (d.array().ok()?? == 3).then_some(())?;
    let op = d.str().ok()?.to_owned();
    let author = d.str().ok()?.to_owned();
    let changes = list(d, decode_change)?;
    (d.position() == bytes.len()).then_some(Body { op, author, changes })
}

fn decode_change(d: &mut Decoder<'_>) -> Option<Change> {
    (d.array().ok()?? == 3).then_some(())?;
    let kind = Name::from(d.str().ok()?);
    let id = Uuid::from_slice(d.bytes().ok()?).ok()?;
    Some(Change { kind, id, cells: list(d, decode_cell)? })
}

fn decode_cell(d: &mut Decoder<'_>) -> Option<CellChange> {
    let parts = d.array().ok()??;
    let field = Name::from(d.str().ok()?);
    let value = Value::decode(d, 0)?;
    let bases = match parts {
        2 => Vec::new(),
        3 => list(d, decode_ref)?,
        _ => return None,
    };
    Some(CellChange { field, value, bases })
}

fn encode_ref(e: &mut Encoder<&mut Vec<u8>>, at: BatchRef) {
    put(e.array(3));
    put(e.bytes(at.device.as_bytes()));
    put(e.u32(at.incarnation));
    put(e.u64(at.seq));
}

fn decode_ref(d: &mut Decoder<'_>) -> Option<BatchRef> {
    (d.array().ok()?? == 3).then_some(())?;
    Some(BatchRef { device: Uuid::from_slice(d.bytes().ok()?).ok()?, incarnation: d.u32().ok()?, seq: d.u64().ok()? })
}

/// Grows with what is really there, never with what a length prefix claims.
fn list<T>(d: &mut Decoder<'_>, mut item: impl FnMut(&mut Decoder<'_>) -> Option<T>) -> Option<Vec<T>> {
    let n = d.array().ok()??;
    let mut items = Vec::new();
    for _ in 0..n {
        items.push(item(d)?);
    }
    Some(items)
}

/// Field names and usual values, most frequent last (zstd finds what is near cheapest). Part of the file format:
/// a change needs a new format number.
const DICTIONARY: &[u8] = include_bytes!("../../../assets/log.dict");

/// Up to here a body is one action, whose names the dictionary knows and whose ids nothing packs: measured on a year of
/// them, the quickest level leaves 141 bytes and the third 142, for twice the work.
const SHORT: usize = 2048;
const QUICK: i32 = -1;
const USUAL_LEVEL: i32 = 3;

type Packer = zstd::bulk::Compressor<'static>;

thread_local! {
    static PACKERS: std::cell::RefCell<[Option<Packer>; 2]> = const { std::cell::RefCell::new([None, None]) };
}

fn pack(body: &[u8]) -> Vec<u8> {
    let short = body.len() <= SHORT;
    PACKERS.with_borrow_mut(|packers| {
        let packer = packers[usize::from(short)].get_or_insert_with(|| {
            let level = if short { QUICK } else { USUAL_LEVEL };
            Packer::with_dictionary(level, DICTIONARY).expect("the shipped dictionary is usable")
        });
        packer.compress(body).expect("memory takes every byte")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unpack(stored: &[u8]) -> Option<Body> {
        Unpacker::new()?.unpack(stored)
    }

    fn batch() -> Batch {
        let at = BatchRef { device: Uuid::from_u128(9), incarnation: 1, seq: 2 };
        let cell = CellChange {
            field: "household".into(),
            value: Value::Id(Uuid::from_u128(4)),
            bases: vec![BatchRef { seq: 1, ..at }],
        };
        Batch {
            village: Uuid::from_u128(1),
            at,
            op: "put".into(),
            author: "王文书".into(),
            stamp: Stamp::at_ms(5),
            prev: [7; 32],
            changes: vec![Change { kind: "visit".into(), id: Uuid::from_u128(3), cells: vec![cell] }],
            signature: Vec::new(),
        }
    }

    #[test]
    fn a_body_comes_back_from_disk() {
        let body = unpack(&batch().pack()).unwrap();
        assert_eq!((body.op.as_str(), body.author.as_str()), ("put", "王文书"));
        assert_eq!(body.changes, batch().changes);
    }

    #[test]
    fn any_flipped_bit_is_an_error_or_another_hash() {
        let whole = batch();
        let stored = whole.pack();
        for bit in 0..stored.len() * 8 {
            let mut bent = stored.clone();
            bent[bit / 8] ^= 1 << (bit % 8);
            let Some(body) = unpack(&bent) else { continue };
            let back = Batch { op: body.op, author: body.author, changes: body.changes, ..batch() };
            assert!(back == whole || back.hash() != whole.hash());
        }
    }

    #[test]
    fn a_truncated_body_is_refused() {
        let stored = batch().pack();
        for end in 0..stored.len() {
            assert!(unpack(&stored[..end]).is_none(), "cut at {end}");
        }
    }

    #[test]
    fn the_dictionary_is_part_of_the_format() {
        assert_eq!(blake3::hash(DICTIONARY).to_hex()[..16], *"4c58b28f74604987");
    }

    #[test]
    fn the_hash_covers_author_and_time() {
        let other = Batch { author: "李书记".into(), ..batch() };
        let later = Batch { stamp: Stamp::at_ms(6), ..batch() };
        assert!(batch().hash() != other.hash() && batch().hash() != later.hash());
    }
}
