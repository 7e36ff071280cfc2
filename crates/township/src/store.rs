//! 库 — where the township keeps what the villages sent: batches as they came, receipts as they were given, and beside
//! them what an ask needs at once (ends of chains, sums, which records live), so that an ask costs what it brings and
//! not what is there.
//!
//! Two stores do the same: [`sqlite`] needs no set-up, [`postgres`] is for a township that has outgrown it. Both are
//! asked through [`Store`] and [`Tx`]; what the bytes mean is not their business. The township's own things (its name,
//! the list of villages, codes, users) lie in the same tables under the village of all zeros, [`TOWN`].

pub mod copy;
pub mod postgres;
pub mod sqlite;

use std::collections::BTreeMap;

use lianhu_ledger::{Batch, BatchRef, Body, Chain, Fault, Hash, Head, Result, Stamp};
use lianhu_sync::{Block, Sum, Why};
use uuid::Uuid;

/// Under this id lie the township's own things.
pub const TOWN: Uuid = Uuid::nil();

/// What a village's papers are; names are free within each.
pub mod paper {
    /// Parcels that wait.
    pub const PARKED: &str = "parked";
    /// Batches that have their second yes.
    pub const APPROVED: &str = "approved";
    /// What each device has changed today.
    pub const TODAY: &str = "today";
    /// Computers that wait for a yes.
    pub const WAITING: &str = "waiting";
    /// When each computer was heard last.
    pub const SEEN: &str = "seen";
    /// The township's own: name, address, epoch.
    pub const SETTING: &str = "setting";
    /// The township's own: its villages by their code.
    pub const VILLAGE: &str = "village";
    /// The township's own: enrolment codes by the hash of their secret.
    pub const CODE: &str = "code";
    /// The township's own: who may use its page.
    pub const USER: &str = "user";
    /// The township's own: who is signed in.
    pub const SESSION: &str = "session";
    /// What was done by whom, by its time.
    pub const AUDIT: &str = "audit";

    /// Every kind there is: what a copy takes along.
    pub const ALL: [&str; 11] = [PARKED, APPROVED, TODAY, WAITING, SEEN, SETTING, VILLAGE, CODE, USER, SESSION, AUDIT];
}

/// One batch as it lies in the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub at: BatchRef,
    pub hash: Hash,
    pub stamp: Stamp,
    /// Since when it counts, by its receipts.
    pub received: Option<Stamp>,
    pub barred: Option<Why>,
    pub signature: Vec<u8>,
    pub body: Vec<u8>,
}

impl Entry {
    /// A batch and its hash.
    pub fn of(batch: &Batch, barred: Option<Why>, hash: Hash) -> Entry {
        Entry {
            at: batch.at,
            hash,
            stamp: batch.stamp,
            received: None,
            barred,
            signature: batch.signature.clone(),
            body: batch.body(),
        }
    }

    /// The batch again, chained to the one before.
    pub fn batch(&self, village: Uuid, prev: Hash) -> Result<Batch> {
        let Body { op, author, changes } =
            Body::read(&self.body).ok_or_else(|| damaged(&self.at, "a batch cannot be read"))?;
        let (at, stamp, signature) = (self.at, self.stamp, self.signature.clone());
        Ok(Batch { village, at, op, author, stamp, prev, changes, signature })
    }
}

/// What is asked of a batch most often, without its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    pub seq: u64,
    pub hash: Hash,
    pub stamp: Stamp,
    pub received: Option<Stamp>,
    pub barred: Option<Why>,
}

/// A receipt under the township's number, as the sync crate writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Numbered {
    pub no: u64,
    pub chain: Chain,
    pub first: u64,
    pub last: u64,
    pub paper: Vec<u8>,
}

/// What is known of a village as a whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// The newest number.
    pub newest: u64,
    /// Over every receipted batch.
    pub sum: Sum,
    /// Records that live.
    pub living: u64,
    /// Bytes of what waits.
    pub parked: u64,
    /// The roster by which the log was judged last.
    pub judged: Option<Hash>,
}

/// A paper: what kind, under which name, and its bytes; none takes it away.
pub type Paper = (&'static str, Vec<u8>, Option<Vec<u8>>);

/// What one step writes, all of it or nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    pub entries: Vec<Entry>,
    pub heads: BTreeMap<Chain, Head>,
    pub times: Vec<(BatchRef, Stamp)>,
    pub bars: Vec<(BatchRef, Option<Why>)>,
    pub receipts: Vec<Numbered>,
    pub sums: BTreeMap<Block, Sum>,
    pub born: Vec<i64>,
    pub gone: Vec<i64>,
    pub papers: Vec<Paper>,
    pub state: Option<State>,
}

/// One village's rows, for as long as one transaction lasts.
pub trait Tx {
    /// The village as a whole; who has read this is alone with the village until the end.
    fn state(&mut self) -> Result<State>;
    /// The end of every chain.
    fn heads(&mut self) -> Result<BTreeMap<Chain, Head>>;
    fn marks(&mut self, chain: Chain, first: u64, last: u64) -> Result<Vec<Mark>>;
    fn entries(&mut self, chain: Chain, first: u64, last: u64) -> Result<Vec<Entry>>;
    fn barred(&mut self) -> Result<Vec<BatchRef>>;
    /// Receipts that cover any of these numbers of a chain, in the order of their numbers.
    fn receipts(&mut self, chain: Chain, first: u64, last: u64) -> Result<Vec<Vec<u8>>>;
    /// Receipts after that number, in order.
    fn since(&mut self, no: u64, limit: usize) -> Result<Vec<(u64, Vec<u8>)>>;
    /// The sums of these blocks, or of all.
    fn sums(&mut self, of: Option<&[Block]>) -> Result<BTreeMap<Block, Sum>>;
    /// Which of these records live.
    fn living(&mut self, keys: &[i64]) -> Result<Vec<i64>>;
    fn paper(&mut self, kind: &'static str, name: &[u8]) -> Result<Option<Vec<u8>>>;
    /// All papers of a kind, by name.
    fn papers(&mut self, kind: &'static str) -> Result<Vec<(Vec<u8>, Vec<u8>)>>;
    fn append(&mut self, changes: &Changes) -> Result<()>;
}

/// What is sure to be asked of a village: whether these records live, and what these blocks sum up to. A store that is far
/// away fetches it on the way in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Foreseen {
    pub keys: Vec<i64>,
    pub blocks: Vec<Block>,
}

/// What a transaction does. It may be done again when the store could not finish it.
pub type Work<'w> = &'w mut dyn FnMut(&mut dyn Tx) -> Result<()>;

/// A township's store.
pub trait Store: Send + Sync {
    /// Makes room for a village; one that is there stays as it is.
    fn found(&self, village: Uuid) -> Result<()>;
    /// Does the work in one transaction and keeps what it did if it went well. `false`: there is no such village.
    fn transact(&self, village: Uuid, foreseen: &Foreseen, work: Work<'_>) -> Result<bool>;
    /// What is wrong with the store's own files, as it finds itself.
    fn check(&self, village: Uuid) -> Result<Vec<String>>;
    /// One word for logs.
    fn name(&self) -> &'static str;
}

/// Does `work` in one transaction of a village and gives what it gave; `None` when there is no such village.
pub fn transact<T>(store: &dyn Store, village: Uuid, work: impl FnMut(&mut dyn Tx) -> Result<T>) -> Result<Option<T>> {
    transact_upon(store, village, &Foreseen::default(), work)
}

/// The same where it is known what will be asked.
pub fn transact_upon<T>(
    store: &dyn Store,
    village: Uuid,
    foreseen: &Foreseen,
    mut work: impl FnMut(&mut dyn Tx) -> Result<T>,
) -> Result<Option<T>> {
    let mut out = None;
    let found = store.transact(village, foreseen, &mut |tx| {
        out = Some(work(tx)?);
        Ok(())
    })?;
    Ok(out.filter(|_| found))
}

/// The same among the township's own papers, which are always there.
pub fn town<T>(store: &dyn Store, work: impl FnMut(&mut dyn Tx) -> Result<T>) -> Result<T> {
    transact(store, TOWN, work)?.ok_or_else(|| damaged(&"the township", "its own papers are not there").into())
}

pub(crate) fn damaged(at: &dyn std::fmt::Display, what: &str) -> Fault {
    Fault::Log { at: at.to_string(), what: what.to_owned() }
}

/// Numbers of ours are kept as signed ones; an end beyond them means “to the end”.
pub(crate) fn number(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

pub(crate) fn hash(bytes: &[u8]) -> Result<Hash> {
    Hash::try_from(bytes).map_err(|_| damaged(&"the store", "a hash is not 32 bytes").into())
}

pub(crate) fn id(bytes: &[u8]) -> Result<Uuid> {
    Uuid::from_slice(bytes).map_err(|_| damaged(&"the store", "an id is not 16 bytes").into())
}

pub(crate) fn sum(bytes: &[u8]) -> Result<Sum> {
    let bytes: [u8; 16] = bytes.try_into().map_err(|_| damaged(&"the store", "a sum is not 16 bytes"))?;
    Ok(Sum(u128::from_le_bytes(bytes)))
}

/// A reason of a later release still bars.
pub(crate) fn why(name: Option<&str>) -> Option<Why> {
    name.map(|name| Why::named(name).unwrap_or(Why::Refused))
}
