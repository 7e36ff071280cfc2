//! A laptop's ledger as the plan sees it. Nothing is decided here: questions are passed on, commands are carried out in
//! one transaction.

use std::borrow::BorrowMut;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use lianhu_ledger::{Batch, BatchRef, Exchange, Fault, Hash, Healed, Ledger, Result, Stamp, State, Taken, Touched};
use uuid::Uuid;

use crate::guard::{Census, Today};
use crate::protocol::Why;
use crate::protocol::wire::{parcel_bytes, parcel_of, receipt_bytes, receipt_of};
use crate::receipt::Receipt;
use crate::roster::{Root, Roster};
use crate::shelf::{Chain, Command, Commit, DeviceShelf, Head, Parked, Shelf, hash_of, with_next};
use crate::sums::{Block, Sum};

const ROOT: &str = "root";
const KEY: &str = "key";
const CURSOR: &str = "cursor";
const JUDGED: &str = "judged";

/// The roster as it was read last, and the ends of the root's chains it was read from.
type Known = (Vec<(Chain, Head)>, Arc<Roster>);

/// A ledger, or a borrowed one.
pub struct LedgerShelf<L: BorrowMut<Ledger>> {
    ledger: L,
    root: Root,
    read: RefCell<Option<Known>>,
    /// What the commits so far have touched.
    pub touched: Touched,
}

impl<L: BorrowMut<Ledger>> LedgerShelf<L> {
    /// The ledger of a computer that belongs to a township; `None` where it has not been enrolled.
    pub fn of(ledger: L) -> Result<Option<LedgerShelf<L>>> {
        let root = root_of(ledger.borrow())?;
        Ok(root.map(|root| LedgerShelf::with(ledger, root)))
    }

    /// Believes this root from now on, and signs with this key: 32 bytes of chance, kept in the ledger's own file.
    pub fn enrol(mut ledger: L, root: &Root, secret: &[u8; 32]) -> Result<LedgerShelf<L>> {
        ledger.borrow_mut().exchange(|x| believe(x, root, secret))?;
        Ok(LedgerShelf::with(ledger, root.clone()))
    }

    fn with(ledger: L, root: Root) -> LedgerShelf<L> {
        LedgerShelf { ledger, root, read: RefCell::default(), touched: Touched::default() }
    }

    /// Whom this ledger believes.
    pub fn root(&self) -> &Root {
        &self.root
    }

    pub fn into_ledger(self) -> L {
        self.ledger
    }

    /// Commits what was worked out upon this state of the ledger; `false`, and nothing done, when another window has
    /// written since.
    pub fn commit_upon(&mut self, seen: Option<State>, commands: &[Command]) -> Result<bool> {
        let receipts = Receipts::of(commands);
        let carry = |x: &mut Exchange<'_>| {
            with_next(commands).try_for_each(|(command, next)| carry_out(x, &receipts, command, next))
        };
        let Some(touched) = self.ledger_mut().exchange_upon(seen, carry)? else { return Ok(false) };
        self.touched.records.extend(touched.records);
        self.touched.applied += touched.applied;
        Ok(true)
    }

    pub fn ledger(&self) -> &Ledger {
        self.ledger.borrow()
    }

    pub fn ledger_mut(&mut self) -> &mut Ledger {
        self.ledger.borrow_mut()
    }

    /// The key this computer signs with.
    pub fn secret(&self) -> Result<[u8; 32]> {
        secret_of(self.ledger())?.ok_or_else(|| damaged("this computer's key").into())
    }
}

/// Whom a ledger believes; `None` where it has not been enrolled.
pub(crate) fn root_of(ledger: &Ledger) -> Result<Option<Root>> {
    let Some(root) = ledger.setting(ROOT)? else { return Ok(None) };
    let (device, key) = root.split_at_checked(16).ok_or_else(|| damaged("the township's key"))?;
    let device = Uuid::from_slice(device).map_err(|_| damaged("the township's key"))?;
    Ok(Some(Root { device, key: key.to_vec() }))
}

/// The key a computer signs with, which it has before it is enrolled.
pub(crate) fn secret_of(ledger: &Ledger) -> Result<Option<[u8; 32]>> {
    let secret = ledger.setting(KEY)?.map(<[u8; 32]>::try_from).transpose();
    secret.map_err(|_| damaged("this computer's key").into())
}

pub(crate) fn keep_secret(x: &mut Exchange<'_>, secret: &[u8; 32]) -> Result<()> {
    x.set(KEY, secret)
}

pub(crate) fn believe(x: &mut Exchange<'_>, root: &Root, secret: &[u8; 32]) -> Result<()> {
    x.set(ROOT, &[root.device.as_bytes().as_slice(), &root.key].concat())?;
    keep_secret(x, secret)
}

fn damaged(what: &str) -> Fault {
    Fault::Log { at: "exchange".into(), what: format!("{what} cannot be read") }
}

fn why(name: Option<String>) -> Option<Why> {
    name.map(|name| Why::named(&name).unwrap_or(Why::Refused))
}

fn approved(at: BatchRef) -> String {
    format!("approved/{}/{}/{}", at.device, at.incarnation, at.seq)
}

fn today_of(device: Uuid) -> String {
    format!("today/{device}")
}

fn name((at, hash): (BatchRef, Hash)) -> Vec<u8> {
    let mut name = at.device.as_bytes().to_vec();
    name.extend(at.incarnation.to_be_bytes());
    name.extend(at.seq.to_be_bytes());
    name.extend(hash);
    name
}

impl<L: BorrowMut<Ledger>> Shelf for LedgerShelf<L> {
    fn village(&self) -> Uuid {
        self.ledger().village()
    }

    fn roster(&self) -> Result<Arc<Roster>> {
        let ends: Vec<(Chain, Head)> =
            self.ledger().heads()?.into_iter().filter(|(chain, _)| chain.device == self.root.device).collect();
        if let Some((known, roster)) = &*self.read.borrow()
            && *known == ends
        {
            return Ok(roster.clone());
        }
        let mut roster = Roster::new(self.root.clone());
        for (chain, _) in &ends {
            self.ledger().span(*chain, 1, u64::MAX)?.iter().for_each(|batch| roster.read(batch));
        }
        let roster = Arc::new(roster);
        *self.read.borrow_mut() = Some((ends, roster.clone()));
        Ok(roster)
    }

    fn heads(&self) -> Result<BTreeMap<Chain, Head>> {
        self.ledger().heads()
    }

    fn hash_at(&self, at: BatchRef) -> Result<Option<Hash>> {
        self.ledger().hash_at(at)
    }

    fn batches(&self, chain: Chain, first: u64, last: u64) -> Result<Vec<Batch>> {
        self.ledger().span(chain, first, last)
    }

    fn receipts(&self, chain: Chain, first: u64, last: u64) -> Result<Vec<Receipt>> {
        let papers = self.ledger().receipts(chain, first, last)?;
        papers.iter().map(|paper| receipt_of(paper).ok_or_else(|| damaged("a receipt").into())).collect()
    }

    fn time_at(&self, at: BatchRef) -> Result<Option<Stamp>> {
        self.ledger().time_at(at)
    }

    fn barred(&self, at: BatchRef) -> Result<Option<Why>> {
        self.ledger().barred_at(at).map(why)
    }

    fn all_barred(&self) -> Result<Vec<BatchRef>> {
        self.ledger().all_barred()
    }

    fn parked(&self) -> Result<Vec<Parked>> {
        let parked = |paper: &Vec<u8>| {
            let (nth, parcel) = paper.split_first()?;
            Some(Parked { parcel: parcel_of(parcel)?, why: *Why::ALL.get(usize::from(*nth))? })
        };
        let papers = self.ledger().parked()?;
        papers.iter().map(|paper| parked(paper).ok_or_else(|| damaged("a parcel that waits").into())).collect()
    }

    fn approved(&self, at: BatchRef) -> Result<bool> {
        Ok(self.ledger().setting(&approved(at))?.is_some())
    }

    fn census(&self, records: &[(&str, Uuid)]) -> Result<Census> {
        let mut standing = 0;
        for (kind, id) in records {
            standing += usize::from(self.ledger().lives(kind, *id)?);
        }
        Ok(Census { living: self.ledger().living()?, standing })
    }

    fn today(&self, device: Uuid) -> Result<Today> {
        let bytes = self.ledger().setting(&today_of(device))?.and_then(|b| <[u8; 16]>::try_from(b).ok());
        let number = |b: &[u8]| u32::from_le_bytes(b.try_into().expect("four of sixteen bytes"));
        Ok(bytes.map_or(Today::default(), |b| Today {
            day: u64::from_le_bytes(b[..8].try_into().expect("eight of sixteen bytes")),
            voids: number(&b[8..12]),
            changed: number(&b[12..]),
        }))
    }

    fn judged(&self) -> Result<Option<Hash>> {
        Ok(self.ledger().setting(JUDGED)?.and_then(|bytes| bytes.try_into().ok()))
    }

    fn sums(&self) -> Result<BTreeMap<Block, Sum>> {
        let blocks = self.ledger().sums()?.into_iter();
        Ok(blocks.map(|((chain, nth), sum)| (Block { chain, nth }, sum)).collect())
    }

    fn sum(&self) -> Result<Sum> {
        self.ledger().sum()
    }
}

impl<L: BorrowMut<Ledger>> DeviceShelf for LedgerShelf<L> {
    fn me(&self) -> Chain {
        self.ledger().own_chain()
    }

    fn cursor(&self) -> Result<(u64, u64)> {
        let bytes = self.ledger().setting(CURSOR)?.and_then(|b| <[u8; 16]>::try_from(b).ok());
        let number = |b: &[u8]| u64::from_le_bytes(b.try_into().expect("eight of sixteen bytes"));
        Ok(bytes.map_or((0, 0), |b| (number(&b[..8]), number(&b[8..]))))
    }

    fn unsent(&self) -> Result<Vec<(Chain, u64)>> {
        self.ledger().unsent()
    }
}

impl<L: BorrowMut<Ledger>> Commit for LedgerShelf<L> {
    fn commit(&mut self, commands: &[Command]) -> Result<()> {
        self.commit_upon(None, commands).map(|_| ())
    }
}

/// The receipts of one step: a batch that comes with its own is written once, not twice.
struct Receipts<'a>(BTreeMap<Chain, Vec<&'a Receipt>>);

impl<'a> Receipts<'a> {
    fn of(commands: &'a [Command]) -> Receipts<'a> {
        let mut receipts: BTreeMap<Chain, Vec<&Receipt>> = BTreeMap::new();
        for command in commands {
            if let Command::Receive(receipt) = command {
                receipts.entry(receipt.chain).or_default().push(receipt);
            }
        }
        Receipts(receipts)
    }

    /// The earliest time that any of them gives it.
    fn time_of(&self, batch: &Batch) -> Option<Stamp> {
        let own = self.0.get(&Chain::of(batch.at))?.iter().filter(|receipt| receipt.covers(batch.at));
        own.map(|receipt| receipt.time_of(batch.at.seq, batch.stamp)).min()
    }
}

fn carry_out(x: &mut Exchange<'_>, receipts: &Receipts<'_>, command: &Command, next: Option<&Command>) -> Result<()> {
    match command {
        Command::Sign { at, signature } => x.sign(*at, signature),
        Command::Take { batch, barred } => {
            let (received, hash) = (receipts.time_of(batch), Some(hash_of(batch, next)));
            x.take(batch, &Taken { barred: barred.map(Why::name), received, hash })
        }
        Command::Receive(receipt) => {
            let paper = receipt_bytes(receipt);
            x.receive(receipt.chain, (receipt.first, receipt.last), &paper, |seq, stamp| receipt.time_of(seq, stamp))
        }
        // A laptop numbers nothing.
        Command::Number { .. } => Ok(()),
        Command::Bar { at, why } => x.bar(*at, why.map(Why::name)),
        Command::Park(parked) => {
            let nth = Why::ALL.iter().position(|why| *why == parked.why).unwrap_or(0) as u8;
            let paper = [vec![nth], parcel_bytes(&parked.parcel)].concat();
            x.park(&name(parked.key()), parked.why.name(), &paper)
        }
        Command::Unpark(key) => x.unpark(&name(*key)),
        Command::Approve(at) => x.set(&approved(*at), &[1]),
        Command::Cursor { epoch, no } => x.set(CURSOR, &[epoch.to_le_bytes(), no.to_le_bytes()].concat()),
        Command::Withdraw { chain, from } => x.withdraw(*chain, *from),
        Command::Incarnation(incarnation) => x.go_on_as(*incarnation),
        Command::Heal { shown_ms, right_ms } => x.heal(Healed { shown_ms: *shown_ms, right_ms: *right_ms }),
        Command::Today { device, today } => {
            let Today { day, voids, changed } = today;
            let bytes = [day.to_le_bytes().as_slice(), &voids.to_le_bytes(), &changed.to_le_bytes()].concat();
            x.set(&today_of(*device), &bytes)
        }
        Command::Judged(mark) => x.set(JUDGED, mark),
    }
}
