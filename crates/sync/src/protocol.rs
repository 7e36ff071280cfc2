//! What the two sides say to each other. One ask, one answer: a round trip in the usual case.
//!
//! The cursor down is the township's own number, the cursor up each chain's; neither is a time. Every message may come
//! twice: the same batch gets the same receipt.

mod columns;
mod day;
#[cfg(test)]
mod measure;
mod reading;
mod shape;
pub mod wire;
mod writing;

use lianhu_ledger::{Batch, BatchRef, Chain, Hash, Head, Value};
use uuid::Uuid;

use crate::receipt::Receipt;
use crate::sums::{Block, Sum};

/// Raised when an older program could misread what is said. Both sides name theirs; the lower one is spoken.
pub const PROTOCOL: u32 = 2;

/// A run of one chain with the receipts that speak of it. Without batches it only brings receipts.
#[derive(Clone, Debug, Default)]
pub struct Parcel {
    pub batches: Vec<Batch>,
    pub receipts: Vec<Receipt>,
    /// Whoever reads a run binds each batch to the one before it himself, and so has the hash of the last.
    end: Option<Hash>,
}

impl PartialEq for Parcel {
    fn eq(&self, other: &Parcel) -> bool {
        self.batches == other.batches && self.receipts == other.receipts
    }
}

impl Eq for Parcel {}

/// Why something is kept and not applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Why {
    /// What comes before it has not come yet.
    Gap,
    /// Nobody on the roster.
    Stranger,
    /// Written after its device was revoked.
    Revoked,
    /// Beyond its writer's role.
    Role,
    /// The township said no to it.
    Refused,
    /// So much at once that a person must say yes a second time.
    Mass,
    /// The same number with other content: a copied disk.
    Fork,
    /// No release or no key of ours wrote it.
    Forged,
}

impl Why {
    pub const ALL: [Why; 8] =
        [Why::Gap, Why::Stranger, Why::Revoked, Why::Role, Why::Refused, Why::Mass, Why::Fork, Why::Forged];

    pub fn name(self) -> &'static str {
        match self {
            Why::Gap => "gap",
            Why::Stranger => "stranger",
            Why::Revoked => "revoked",
            Why::Role => "role",
            Why::Refused => "refused",
            Why::Mass => "mass",
            Why::Fork => "fork",
            Why::Forged => "forged",
        }
    }

    pub fn named(name: &str) -> Option<Why> {
        Why::ALL.into_iter().find(|why| why.name() == name)
    }
}

/// What a device says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    pub village: Uuid,
    /// The chain the device writes.
    pub me: Chain,
    /// The township's incarnation it heard last, and its number up to which it has everything.
    pub epoch: u64,
    pub cursor: u64,
    /// What its clock shows.
    pub clock_ms: u64,
    /// Bytes of batches, unpacked, that it takes at once: a slow line asks for little.
    pub room: u64,
    /// What it has, so that it is not sent again.
    pub heads: Vec<(Chain, Head)>,
    /// At most one of a chain.
    pub parcels: Vec<Parcel>,
    /// Its sums, when the two sides were found to differ.
    pub blocks: Option<Vec<(Block, Sum)>>,
}

/// How the device stands with the township.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Member,
    Revoked,
    /// Not on the roster, or of another village: told nothing, as if there were no such village.
    Stranger,
}

/// What the township says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub village: Uuid,
    pub standing: Standing,
    pub epoch: u64,
    /// The numbers after `from`, up to `upto`, are in this answer; the newest there is.
    pub from: u64,
    pub upto: u64,
    pub newest: u64,
    /// The township's time, and what the asker's clock showed when it asked.
    pub now_ms: u64,
    pub asked_ms: u64,
    pub parcels: Vec<Parcel>,
    /// Receipts for what the ask brought, old and new.
    pub receipts: Vec<Receipt>,
    /// From which number on the township needs a chain.
    pub need: Vec<(Chain, u64)>,
    /// What came and waits, or is not taken.
    pub held: Vec<(BatchRef, Why)>,
    /// The sum over all, when nothing more is to come.
    pub sum: Option<Sum>,
    /// Blocks in which the two sides differ.
    pub unlike: Vec<Block>,
}

impl Parcel {
    pub fn new(batches: Vec<Batch>, receipts: Vec<Receipt>) -> Parcel {
        Parcel { batches, receipts, end: None }
    }

    /// The hash of each batch.
    pub(crate) fn hashes(&self) -> Vec<Hash> {
        let Some(end) = self.end else { return self.batches.iter().map(Batch::hash).collect() };
        let hashes: Vec<Hash> = self.batches.iter().skip(1).map(|batch| batch.prev).chain([end]).collect();
        debug_assert!(
            self.batches.iter().map(Batch::hash).eq(hashes.iter().copied()),
            "a run was changed after reading"
        );
        hashes
    }

    pub fn chain(&self) -> Option<Chain> {
        let batch = self.batches.first().map(|batch| Chain::of(batch.at));
        batch.or_else(|| self.receipts.first().map(|receipt| receipt.chain))
    }

    pub fn span(&self) -> Option<(u64, u64)> {
        Some((self.batches.first()?.at.seq, self.batches.last()?.at.seq))
    }
}

/// About what a batch takes, unpacked: for shares of a message, where nobody counts exactly.
pub fn weight(batch: &Batch) -> usize {
    let cell = |cell: &lianhu_ledger::CellChange| 8 + cell.field.len() + heft(&cell.value) + 24 * cell.bases.len();
    let change = |change: &lianhu_ledger::Change| 24 + change.cells.iter().map(cell).sum::<usize>();
    64 + batch.changes.iter().map(change).sum::<usize>()
}

fn heft(value: &Value) -> usize {
    match value {
        Value::Null | Value::Bool(_) => 1,
        Value::Int(_) => 4,
        Value::Text(text) => 2 + text.len(),
        Value::Id(_) => 18,
        Value::List(items) => 2 + items.iter().map(heft).sum::<usize>(),
        Value::Map(items) => 2 + items.iter().map(|(key, value)| key.len() + heft(value)).sum::<usize>(),
    }
}

/// The bytes a device signs for a batch and all before it.
pub fn signed(batch: &Batch) -> Vec<u8> {
    let mut bytes = b"lianhu batch".to_vec();
    bytes.extend(batch.canonical());
    bytes
}
