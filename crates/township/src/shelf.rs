//! One village of the store as the plan sees it, for one transaction. Nothing is decided here: questions are passed on,
//! commands become rows.
//!
//! What an ask needs is fetched in a few questions over whole runs ([`VillageShelf::foresee`]), not batch by batch; sums
//! and ends of chains are carried along, so that nothing grows with the log.

use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use lianhu_ledger::{Batch, BatchRef, Chain, Hash, Head, Result, Stamp};
use lianhu_sync::guard::{Census, Today};
use lianhu_sync::protocol::wire::{parcel_of, receipt_of};
use lianhu_sync::{Block, Parcel, Parked, Receipt, Root, Roster, Shelf, Sum, TownshipShelf, Why};
use uuid::Uuid;

use crate::store::postgres::living::OWN_BITS;
use crate::store::{Foreseen, Mark, State, Tx, damaged, paper};

mod keep;

/// Rosters that were read, each with the ends of the root's chains it was read from: another program may have written
/// in the meantime, and another transaction may have been taken back.
#[derive(Default)]
pub struct Rosters(Mutex<HashMap<Uuid, Known>>);

type Known = (Vec<(Chain, Hash)>, Arc<Roster>);

impl Rosters {
    /// The roster as it was read last, whether or not it still is the newest.
    pub fn last(&self, village: Uuid) -> Option<Arc<Roster>> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(&village).map(|(_, roster)| roster.clone())
    }

    fn of(&self, village: Uuid, ends: &[(Chain, Hash)]) -> Option<Arc<Roster>> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(&village).filter(|(from, _)| from == ends).map(|(_, roster)| roster.clone())
    }

    fn keep(&self, village: Uuid, ends: Vec<(Chain, Hash)>, roster: Arc<Roster>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(village, (ends, roster));
    }
}

/// What the township is to every village.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seat {
    pub root: Root,
    /// Numbers of one epoch mean nothing to the next.
    pub epoch: u64,
    /// Under which the township writes.
    pub incarnation: u32,
}

impl Seat {
    /// The chain the township writes, in every village.
    pub fn chain(&self) -> Chain {
        Chain { device: self.root.device, incarnation: self.incarnation }
    }
}

/// Bytes that may wait in one village; what is beyond is not kept, it stays with its sender, who has no receipt.
pub const PARKED_MOST: u64 = 32 * 1024 * 1024;

/// A village, for one transaction.
pub struct VillageShelf<'t> {
    village: Uuid,
    seat: &'t Seat,
    rosters: &'t Rosters,
    tx: RefCell<&'t mut dyn Tx>,
    state: State,
    /// The newest number when this was opened, and the receipts that were given since.
    opened_at: u64,
    given: Vec<(u64, Receipt)>,
    heads: BTreeMap<Chain, Head>,
    roster: Arc<Roster>,
    marks: RefCell<HashMap<BatchRef, Mark>>,
    /// Whether a record lives, as far as it was asked.
    lives: RefCell<HashMap<i64, bool>>,
    approved: OnceCell<HashSet<BatchRef>>,
    /// Parcels that found no room among those that wait.
    pub overfull: usize,
}

impl<'t> VillageShelf<'t> {
    pub fn open(village: Uuid, seat: &'t Seat, rosters: &'t Rosters, tx: &'t mut dyn Tx) -> Result<VillageShelf<'t>> {
        let state = tx.state()?;
        let heads = tx.heads()?;
        let ends = ends(&heads, seat.root.device);
        let known = rosters.of(village, &ends);
        let mut shelf = VillageShelf {
            village,
            seat,
            rosters,
            tx: RefCell::new(tx),
            state,
            opened_at: state.newest,
            given: Vec::new(),
            heads,
            roster: Arc::new(Roster::new(seat.root.clone())),
            marks: RefCell::default(),
            lives: RefCell::default(),
            approved: OnceCell::new(),
            overfull: 0,
        };
        shelf.roster = match known {
            Some(roster) => roster,
            None => shelf.read_roster(ends)?,
        };
        Ok(shelf)
    }

    fn read_roster(&self, ends: Vec<(Chain, Hash)>) -> Result<Arc<Roster>> {
        let mut roster = Roster::new(self.seat.root.clone());
        for (chain, _) in &ends {
            self.batches(*chain, 1, u64::MAX)?.iter().for_each(|batch| roster.read(batch));
        }
        let roster = Arc::new(roster);
        self.rosters.keep(self.village, ends, roster.clone());
        Ok(roster)
    }

    /// Fetches at once what judging these parcels will ask for, in a transaction that [foresaw](foreseen) them.
    pub fn foresee(&self, parcels: &[Parcel], foreseen: &Foreseen) -> Result<()> {
        for parcel in parcels {
            let (Some(chain), Some((first, last))) = (parcel.chain(), parcel.span()) else { continue };
            let head = self.heads.get(&chain).map_or(0, |head| head.seq);
            if first <= head {
                self.look_at(chain, first.saturating_sub(1).max(1), last.min(head))?;
            }
        }
        self.look_for(&foreseen.keys)
    }

    fn look_at(&self, chain: Chain, first: u64, last: u64) -> Result<()> {
        let marks = self.tx.borrow_mut().marks(chain, first, last)?;
        self.marks.borrow_mut().extend(marks.into_iter().map(|mark| (chain.at(mark.seq), mark)));
        Ok(())
    }

    fn look_for(&self, keys: &[i64]) -> Result<()> {
        let mut lives = self.lives.borrow_mut();
        let mut new: Vec<i64> = keys.iter().copied().filter(|key| !lives.contains_key(key)).collect();
        new.sort_unstable();
        new.dedup();
        if new.is_empty() {
            return Ok(());
        }
        let living: HashSet<i64> = self.tx.borrow_mut().living(&new)?.into_iter().collect();
        lives.extend(new.into_iter().map(|key| (key, living.contains(&key))));
        Ok(())
    }

    fn lives(&self, key: i64) -> Result<bool> {
        if let Some(lives) = self.lives.borrow().get(&key) {
            return Ok(*lives);
        }
        self.look_for(&[key])?;
        Ok(self.lives.borrow().get(&key).copied().unwrap_or(false))
    }

    fn mark(&self, at: BatchRef) -> Result<Option<Mark>> {
        if self.heads.get(&Chain::of(at)).is_none_or(|head| at.seq == 0 || at.seq > head.seq) {
            return Ok(None);
        }
        if !self.marks.borrow().contains_key(&at) {
            self.look_at(Chain::of(at), at.seq, at.seq)?;
        }
        Ok(self.marks.borrow().get(&at).copied())
    }

    pub fn state(&self) -> State {
        self.state
    }

    /// The papers of a kind, by name.
    pub fn papers(&self, kind: &'static str) -> Result<Vec<(Vec<u8>, Vec<u8>)>> {
        self.tx.borrow_mut().papers(kind)
    }

    pub fn paper(&self, kind: &'static str, name: &[u8]) -> Result<Option<Vec<u8>>> {
        self.tx.borrow_mut().paper(kind, name)
    }
}

/// What taking in these parcels is sure to ask.
pub fn foreseen(parcels: &[Parcel]) -> Foreseen {
    let batches = || parcels.iter().flat_map(|parcel| &parcel.batches);
    let blocks: BTreeSet<Block> = batches().map(|batch| Block::of(batch.at)).collect();
    let changes = batches().flat_map(|batch| &batch.changes);
    let keys: BTreeSet<i64> = changes.map(|change| record_key(&change.kind, change.id)).collect();
    Foreseen { keys: keys.into_iter().collect(), blocks: blocks.into_iter().collect() }
}

/// The ends of the root's chains, by which a roster is known.
fn ends(heads: &BTreeMap<Chain, Head>, root: Uuid) -> Vec<(Chain, Hash)> {
    heads.iter().filter(|(chain, _)| chain.device == root).map(|(chain, head)| (*chain, head.hash)).collect()
}

/// Under which a record is counted: when it was begun, as far as its id says so, above what is its own. Records of one
/// evening lie beside each other.
pub fn record_key(kind: &str, id: Uuid) -> i64 {
    let mut hasher = blake3::Hasher::new();
    hasher.update(id.as_bytes()).update(kind.as_bytes());
    let own = u64::from_le_bytes(hasher.finalize().as_bytes()[..8].try_into().expect("eight of 32 bytes"));
    // A timed id (version 7) begins with 48 bits of milliseconds, of which 22 are little more than an hour.
    let begun = match id.get_version_num() {
        7 => (id.as_u128() >> 80) as u64 >> 22,
        _ => 1 << 25 | own >> 56,
    };
    (begun << OWN_BITS | own & ((1 << OWN_BITS) - 1)) as i64
}

/// The name of a batch among papers.
pub fn batch_name(at: BatchRef) -> Vec<u8> {
    [at.device.as_bytes().as_slice(), &at.incarnation.to_be_bytes(), &at.seq.to_be_bytes()].concat()
}

/// The batch of that name.
pub fn named_batch(name: &[u8]) -> Option<BatchRef> {
    let (device, rest) = name.split_at_checked(16)?;
    let (incarnation, rest) = rest.split_at_checked(4)?;
    Some(BatchRef {
        device: Uuid::from_slice(device).ok()?,
        incarnation: u32::from_be_bytes(incarnation.try_into().ok()?),
        seq: u64::from_be_bytes(rest.get(..8)?.try_into().ok()?),
    })
}

fn parked_of(bytes: &[u8]) -> Option<Parked> {
    let (nth, parcel) = bytes.split_first()?;
    Some(Parked { parcel: parcel_of(parcel)?, why: *Why::ALL.get(usize::from(*nth))? })
}

fn receipt(paper: &[u8]) -> Result<Receipt> {
    receipt_of(paper).ok_or_else(|| damaged(&"the store", "a receipt cannot be read").into())
}

impl Shelf for VillageShelf<'_> {
    fn village(&self) -> Uuid {
        self.village
    }

    fn roster(&self) -> Result<Arc<Roster>> {
        Ok(self.roster.clone())
    }

    fn heads(&self) -> Result<BTreeMap<Chain, Head>> {
        Ok(self.heads.clone())
    }

    fn hash_at(&self, at: BatchRef) -> Result<Option<Hash>> {
        match self.heads.get(&Chain::of(at)) {
            Some(head) if head.seq == at.seq => Ok(Some(head.hash)),
            _ => Ok(self.mark(at)?.map(|mark| mark.hash)),
        }
    }

    fn batches(&self, chain: Chain, first: u64, last: u64) -> Result<Vec<Batch>> {
        if first > last {
            return Ok(Vec::new());
        }
        let entries = self.tx.borrow_mut().entries(chain, first, last)?;
        let Some(start) = entries.first().map(|entry| entry.at.seq) else { return Ok(Vec::new()) };
        let mut prev = if start > 1 { self.hash_at(chain.at(start - 1))? } else { Some([0; 32]) };
        let mut batches = Vec::with_capacity(entries.len());
        for entry in entries {
            let before = prev.ok_or_else(|| damaged(&entry.at, "what it is chained to is missing"))?;
            batches.push(entry.batch(self.village, before)?);
            prev = Some(entry.hash);
        }
        Ok(batches)
    }

    fn receipts(&self, chain: Chain, first: u64, last: u64) -> Result<Vec<Receipt>> {
        let papers = self.tx.borrow_mut().receipts(chain, first, last)?;
        papers.iter().map(|paper| receipt(paper)).collect()
    }

    fn time_at(&self, at: BatchRef) -> Result<Option<Stamp>> {
        Ok(self.mark(at)?.and_then(|mark| mark.received))
    }

    fn barred(&self, at: BatchRef) -> Result<Option<Why>> {
        Ok(self.mark(at)?.and_then(|mark| mark.barred))
    }

    fn all_barred(&self) -> Result<Vec<BatchRef>> {
        self.tx.borrow_mut().barred()
    }

    fn parked(&self) -> Result<Vec<Parked>> {
        let read = |(_, bytes): &(Vec<u8>, Vec<u8>)| {
            parked_of(bytes).ok_or_else(|| damaged(&self.village, "a parcel that waits cannot be read").into())
        };
        self.papers(paper::PARKED)?.iter().map(read).collect()
    }

    fn approved(&self, at: BatchRef) -> Result<bool> {
        if self.approved.get().is_none() {
            let names = self.papers(paper::APPROVED)?;
            let _ = self.approved.set(names.iter().filter_map(|(name, _)| named_batch(name)).collect());
        }
        Ok(self.approved.get().is_some_and(|approved| approved.contains(&at)))
    }

    fn census(&self, records: &[(&str, Uuid)]) -> Result<Census> {
        let mut standing = 0;
        for (kind, id) in records {
            standing += usize::from(self.lives(record_key(kind, *id))?);
        }
        Ok(Census { living: usize::try_from(self.state.living).unwrap_or(usize::MAX), standing })
    }

    fn today(&self, device: Uuid) -> Result<Today> {
        let bytes = self.paper(paper::TODAY, device.as_bytes())?.and_then(|b| <[u8; 16]>::try_from(b).ok());
        let number = |b: &[u8]| u32::from_le_bytes(b.try_into().expect("four of sixteen bytes"));
        Ok(bytes.map_or(Today::default(), |b| Today {
            day: u64::from_le_bytes(b[..8].try_into().expect("eight of sixteen bytes")),
            voids: number(&b[8..12]),
            changed: number(&b[12..]),
        }))
    }

    fn judged(&self) -> Result<Option<Hash>> {
        Ok(self.state.judged)
    }

    fn sums(&self) -> Result<BTreeMap<Block, Sum>> {
        self.tx.borrow_mut().sums(None)
    }

    fn sum(&self) -> Result<Sum> {
        Ok(self.state.sum)
    }
}

impl TownshipShelf for VillageShelf<'_> {
    fn epoch(&self) -> u64 {
        self.seat.epoch
    }

    fn newest(&self) -> Result<u64> {
        Ok(self.state.newest)
    }

    fn since(&self, no: u64, limit: usize) -> Result<Vec<(u64, Receipt)>> {
        if no >= self.opened_at {
            return Ok(self.given.iter().filter(|(given, _)| *given > no).take(limit).cloned().collect());
        }
        let papers = self.tx.borrow_mut().since(no, limit)?;
        papers.into_iter().map(|(no, paper)| Ok((no, receipt(&paper)?))).collect()
    }
}
