//! 回放 — a village as the store has it, replayed into a ledger of its own by the same `apply` as on a laptop. It goes on
//! from the store's number at which it stopped; a file that is missing, damaged or of another life of the store is made
//! anew from the first number.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use lianhu_ledger::{Batch, BatchRef, Chain, Error, Fault, Hash, Ledger, Result, Taken};
use lianhu_sync::protocol::wire::receipt_of;
use lianhu_sync::{Receipt, Why};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::machine::Machine;
use crate::store::{Store, Tx, transact};

/// Where the ledger keeps how far it has come.
const PLACE: &str = "reading";
/// Receipts that are taken in at a time.
const PAGE: usize = 256;

/// How far a read ledger has come in the store.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The store's life; numbers of one mean nothing to the next.
    pub epoch: u64,
    /// Everything up to this number is in.
    pub no: u64,
    /// When anything of the village's own came last.
    pub heard_ms: u64,
}

/// A village in the store.
pub struct Source<'a> {
    pub store: &'a dyn Store,
    pub epoch: u64,
    pub village: Uuid,
}

/// One receipt with its batches, and why one is kept and not applied.
struct Piece {
    no: u64,
    receipt: Receipt,
    batches: Vec<(Batch, Option<Why>)>,
}

impl Source<'_> {
    /// Nothing has come since.
    pub fn is_at(&self, place: Place) -> Result<bool> {
        if place.epoch != self.epoch {
            return Ok(false);
        }
        let newer = transact(self.store, self.village, |tx| Ok(tx.since(place.no, 1)?.is_empty()))?;
        Ok(newer.unwrap_or(true))
    }

    fn page(&self, after: u64) -> Result<Vec<Piece>> {
        let pieces = transact(self.store, self.village, |tx| {
            let papers = tx.since(after, PAGE)?;
            papers.iter().map(|(no, paper)| piece(tx, self.village, *no, paper)).collect::<Result<Vec<Piece>>>()
        })?;
        Ok(pieces.unwrap_or_default())
    }

    fn barred(&self) -> Result<BTreeMap<BatchRef, Why>> {
        let barred = transact(self.store, self.village, |tx| {
            let mut barred = BTreeMap::new();
            for at in tx.barred()? {
                let marks = tx.marks(Chain::of(at), at.seq, at.seq)?;
                barred.extend(marks.first().and_then(|mark| mark.barred).map(|why| (at, why)));
            }
            Ok(barred)
        })?;
        Ok(barred.unwrap_or_default())
    }
}

fn piece(tx: &mut dyn Tx, village: Uuid, no: u64, paper: &[u8]) -> Result<Piece> {
    let receipt = receipt_of(paper).ok_or_else(|| damaged(no))?;
    let Receipt { chain, first, last, .. } = receipt;
    let mut prev = before(tx, chain, first)?;
    let mut batches = Vec::new();
    for entry in tx.entries(chain, first, last)? {
        batches.push((entry.batch(village, prev)?, entry.barred));
        prev = entry.hash;
    }
    Ok(Piece { no, receipt, batches })
}

/// What the first of a run is chained to.
fn before(tx: &mut dyn Tx, chain: Chain, first: u64) -> Result<Hash> {
    if first <= 1 {
        return Ok([0; 32]);
    }
    let mark = tx.marks(chain, first - 1, first - 1)?.pop();
    Ok(mark.map_or([0; 32], |mark| mark.hash))
}

fn damaged(no: u64) -> Fault {
    Fault::Log { at: format!("receipt {no}"), what: "it cannot be read".into() }
}

/// Which side it was that failed: the store is not helped by throwing the file away.
enum Failed {
    Store(Error),
    File(Error),
}

/// The village's ledger in that folder, with everything in it that the store has.
pub fn open(folder: &Path, source: &Source<'_>, machine: Machine) -> Result<(Ledger, Place)> {
    let path = folder.join(format!("{}.lianhu", source.village.simple()));
    let known = if path.exists() { again(&path, source, machine) } else { anew(&path, source, machine) };
    let made = match known {
        Err(Failed::File(_)) => anew(&path, source, machine),
        other => other,
    };
    made.map_err(|failed| match failed {
        Failed::Store(error) | Failed::File(error) => error,
    })
}

fn again(path: &Path, source: &Source<'_>, machine: Machine) -> Result<(Ledger, Place), Failed> {
    let ledger = Ledger::open(path, None, Box::new(machine)).map_err(Failed::File)?;
    let place = placed(&ledger).map_err(Failed::File)?;
    match place.filter(|place| place.epoch == source.epoch) {
        Some(place) => catch_up(ledger, place, source),
        None => {
            drop(ledger);
            anew(path, source, machine)
        }
    }
}

fn anew(path: &Path, source: &Source<'_>, machine: Machine) -> Result<(Ledger, Place), Failed> {
    throw_away(path).map_err(Failed::File)?;
    let ledger = Ledger::join(path, None, source.village, Box::new(machine)).map_err(Failed::File)?;
    catch_up(ledger, Place { epoch: source.epoch, ..Place::default() }, source)
}

fn placed(ledger: &Ledger) -> Result<Option<Place>> {
    let bytes = ledger.setting(PLACE)?.and_then(|b| <[u8; 24]>::try_from(b).ok());
    let number = |b: &[u8]| u64::from_le_bytes(b.try_into().expect("eight of twenty-four bytes"));
    Ok(bytes.map(|b| Place { epoch: number(&b[..8]), no: number(&b[8..16]), heard_ms: number(&b[16..]) }))
}

impl Place {
    fn bytes(self) -> Vec<u8> {
        [self.epoch, self.no, self.heard_ms].iter().flat_map(|n| n.to_le_bytes()).collect()
    }
}

fn catch_up(mut ledger: Ledger, mut place: Place, source: &Source<'_>) -> Result<(Ledger, Place), Failed> {
    let mut came = false;
    loop {
        let pieces = source.page(place.no).map_err(Failed::Store)?;
        if pieces.is_empty() {
            break;
        }
        came = true;
        place = take(&mut ledger, place, &pieces).map_err(Failed::File)?;
    }
    if came {
        let barred = source.barred().map_err(Failed::Store)?;
        bar(&mut ledger, &barred).map_err(Failed::File)?;
    }
    Ok((ledger, place))
}

/// One page, whole: batches, their times, and how far it has come.
fn take(ledger: &mut Ledger, mut place: Place, pieces: &[Piece]) -> Result<Place> {
    for piece in pieces {
        place.no = piece.no;
        // What the township wrote itself says nothing of when the village was heard.
        if piece.batches.iter().any(|(batch, _)| batch.author != crate::reading::OWN) {
            place.heard_ms = place.heard_ms.max(piece.receipt.received.ms());
        }
    }
    ledger.exchange(|x| {
        for Piece { receipt, batches, .. } in pieces {
            for (batch, barred) in batches {
                let received = Some(receipt.time_of(batch.at.seq, batch.stamp));
                x.take(batch, &Taken { barred: barred.map(Why::name), received, ..Taken::default() })?;
            }
            let span = (receipt.first, receipt.last);
            // Only the time counts here; the paper itself stays with the store.
            x.receive(receipt.chain, span, &receipt.no.to_le_bytes(), |seq, stamp| receipt.time_of(seq, stamp))?;
        }
        x.set(PLACE, &place.bytes())
    })?;
    Ok(place)
}

/// A roster that changed since bars what came before, or lets it count again.
fn bar(ledger: &mut Ledger, barred: &BTreeMap<BatchRef, Why>) -> Result<()> {
    let here = ledger.all_barred()?;
    let let_go: Vec<BatchRef> = here.iter().copied().filter(|at| !barred.contains_key(at)).collect();
    let fresh: Vec<(BatchRef, Why)> =
        barred.iter().filter(|(at, _)| !here.contains(at)).map(|(at, why)| (*at, *why)).collect();
    if let_go.is_empty() && fresh.is_empty() {
        return Ok(());
    }
    ledger.exchange(|x| {
        let_go.iter().try_for_each(|at| x.bar(*at, None))?;
        fresh.iter().try_for_each(|(at, why)| x.bar(*at, Some(why.name())))
    })?;
    Ok(())
}

fn throw_away(path: &Path) -> Result<()> {
    for ending in ["", "-wal", "-shm"] {
        let mut name = path.as_os_str().to_owned();
        name.push(ending);
        let file = PathBuf::from(name);
        match std::fs::remove_file(&file) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(super::io(&file, e).into()),
            _ => {}
        }
    }
    Ok(())
}
