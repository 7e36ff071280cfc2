//! What the plan reads of the one who runs it, and what it tells them to commit: a ledger on a laptop, the township's
//! store, or the simulator's model of either.

use std::collections::BTreeMap;
use std::sync::Arc;

use lianhu_ledger::{Batch, BatchRef, Hash, Result, Stamp};
use uuid::Uuid;

pub use lianhu_ledger::{Chain, Head};

use crate::guard::{Census, Today};
use crate::protocol::{Parcel, Why};
use crate::receipt::Receipt;
use crate::roster::Roster;
use crate::sums::{Block, Sum};

/// A parcel that is kept and not applied yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parked {
    pub parcel: Parcel,
    pub why: Why,
}

impl Parked {
    /// What it is kept under: the same run come again, longer or not, is kept once.
    pub fn key(&self) -> (BatchRef, Hash) {
        let first = self.parcel.batches.first();
        first.map_or((BatchRef { device: Uuid::nil(), incarnation: 0, seq: 0 }, [0; 32]), |b| (b.at, b.hash()))
    }
}

/// What lies in the log and beside it. Reading changes nothing.
pub trait Shelf {
    fn village(&self) -> Uuid;
    fn roster(&self) -> Result<Arc<Roster>>;
    /// The end of every chain.
    fn heads(&self) -> Result<BTreeMap<Chain, Head>>;
    fn hash_at(&self, at: BatchRef) -> Result<Option<Hash>>;
    /// The batches of a chain from `first` to `last`, as far as they are here.
    fn batches(&self, chain: Chain, first: u64, last: u64) -> Result<Vec<Batch>>;
    /// Receipts that cover any of these numbers, best first known.
    fn receipts(&self, chain: Chain, first: u64, last: u64) -> Result<Vec<Receipt>>;
    /// Since when a batch counts, by its receipts.
    fn time_at(&self, at: BatchRef) -> Result<Option<Stamp>>;
    /// Why a batch is kept and never applied.
    fn barred(&self, at: BatchRef) -> Result<Option<Why>>;
    fn all_barred(&self) -> Result<Vec<BatchRef>>;
    fn parked(&self) -> Result<Vec<Parked>>;
    /// Batches that waited for a second yes and have it.
    fn approved(&self, at: BatchRef) -> Result<bool>;
    /// How many records live, and how many of these do.
    fn census(&self, records: &[(&str, Uuid)]) -> Result<Census>;
    fn today(&self, device: Uuid) -> Result<Today>;
    /// The roster by which the log was judged last.
    fn judged(&self) -> Result<Option<Hash>>;
    /// A sum over every block of receipted batches.
    fn sums(&self) -> Result<BTreeMap<Block, Sum>>;
    /// One sum over all of them.
    fn sum(&self) -> Result<Sum>;
}

/// A laptop's side.
pub trait DeviceShelf: Shelf {
    /// The chain this computer writes.
    fn me(&self) -> Chain;
    /// The township's incarnation that was last spoken to, and its number up to which everything is here.
    fn cursor(&self) -> Result<(u64, u64)>;
    /// Chains with batches that have no receipt, each with the first number that lacks it.
    fn unsent(&self) -> Result<Vec<(Chain, u64)>>;
}

/// The township's side, for one village.
pub trait TownshipShelf: Shelf {
    /// Another one after every restore: numbers of one incarnation mean nothing to the next.
    fn epoch(&self) -> u64;
    /// The newest number.
    fn newest(&self) -> Result<u64>;
    /// What was received after that number, in order, each with its number.
    fn since(&self, no: u64, limit: usize) -> Result<Vec<(u64, Receipt)>>;
}

/// One thing to commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Puts the device's signature on the last batch of what it sends.
    Sign {
        at: BatchRef,
        signature: Vec<u8>,
    },
    /// Takes a batch into the log; a barred one is kept and never applied.
    Take {
        batch: Batch,
        barred: Option<Why>,
    },
    /// Keeps a receipt, and lets the batches it covers count from the earliest time they have.
    Receive(Receipt),
    /// Gives a receipt the township's next number.
    Number {
        no: u64,
        receipt: Receipt,
    },
    Bar {
        at: BatchRef,
        why: Option<Why>,
    },
    Park(Parked),
    Unpark((BatchRef, Hash)),
    Approve(BatchRef),
    Cursor {
        epoch: u64,
        no: u64,
    },
    /// Takes a chain out of the log from that number on: its content goes on elsewhere or is parked.
    Withdraw {
        chain: Chain,
        from: u64,
    },
    /// This computer goes on under another incarnation.
    Incarnation(u32),
    /// The clock is off by this much, as the township has it.
    Heal {
        shown_ms: u64,
        right_ms: u64,
    },
    Today {
        device: Uuid,
        today: Today,
    },
    Judged(Hash),
}

/// Each command with the one behind it.
pub fn with_next(commands: &[Command]) -> impl Iterator<Item = (&Command, Option<&Command>)> {
    commands.iter().zip(commands.iter().skip(1).map(Some).chain([None]))
}

/// The hash of a batch that is taken. What was judged to be a run names each hash in the batch behind it.
pub fn hash_of(batch: &Batch, next: Option<&Command>) -> Hash {
    match next {
        Some(Command::Take { batch: next, .. }) if next.at == Chain::of(batch.at).at(batch.at.seq + 1) => next.prev,
        _ => batch.hash(),
    }
}

/// Commits all of it or nothing.
pub trait Commit {
    fn commit(&mut self, commands: &[Command]) -> Result<()>;
}
