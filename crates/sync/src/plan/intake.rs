//! How a parcel is judged, by the township and by every computer alike: envelope, writer, signature, place in its
//! chain; then what is taken of it.

use std::borrow::Borrow;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use lianhu_ledger::{Batch, BatchRef, Hash, Result};

use crate::faults::{Fault, Faults};
use crate::guard::{self, Passed, Today};
use crate::protocol::{Parcel, Why, signed};
use crate::receipt::Receipt;
use crate::roster::Roster;
use crate::shelf::{Chain, Command, Head, Shelf};
use crate::suite::Suite;

/// What a run is to the log.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// From this number on it is new and follows on what is here.
    New(u64),
    Known,
    /// This number comes first.
    Gap(u64),
    /// From this number on it says otherwise than what is here.
    Fork(u64),
    Wait(Why),
}

/// How much of a run comes in.
pub(crate) enum Admitted {
    /// All, and what its device has changed today if it had to be looked at.
    All(Option<Today>),
    /// No more than what was received before; the rest waits.
    Received(Option<Parcel>, Waiting),
}

/// From which batch on a run waits, and why.
pub(crate) struct Waiting {
    pub at: BatchRef,
    pub why: Why,
    /// The batches that a second yes is asked for.
    pub asked: Vec<BatchRef>,
}

/// One message being taken in: what the shelf holds, and what this message has added so far.
pub(crate) struct Intake<'a, S: Shelf + ?Sized> {
    pub shelf: &'a S,
    pub suite: &'a dyn Suite,
    pub faults: Faults,
    pub now_ms: u64,
    pub roster: Arc<Roster>,
    heads: BTreeMap<Chain, Head>,
    fresh: HashMap<BatchRef, Hash>,
    withdrawn: BTreeMap<Chain, u64>,
    pub commands: Vec<Command>,
}

impl<'a, S: Shelf + ?Sized> Intake<'a, S> {
    pub fn new(shelf: &'a S, suite: &'a dyn Suite, now_ms: u64, faults: Faults) -> Result<Intake<'a, S>> {
        Ok(Intake {
            shelf,
            suite,
            faults,
            now_ms,
            roster: shelf.roster()?,
            heads: shelf.heads()?,
            fresh: HashMap::new(),
            withdrawn: BTreeMap::new(),
            commands: Vec::new(),
        })
    }

    pub fn head(&self, chain: Chain) -> Head {
        self.heads.get(&chain).copied().unwrap_or(Head { seq: 0, hash: [0; 32] })
    }

    pub fn hash_at(&self, at: BatchRef) -> Result<Option<Hash>> {
        if let Some(hash) = self.fresh.get(&at) {
            return Ok(Some(*hash));
        }
        match self.withdrawn.get(&Chain::of(at)) {
            Some(from) if at.seq >= *from => Ok(None),
            _ => self.shelf.hash_at(at),
        }
    }

    /// The receipts of a parcel that the township gave; others are not heard.
    pub fn good_receipts(&self, parcel: &Parcel) -> Vec<Receipt> {
        let village = self.shelf.village();
        let holds = |receipt: &&Receipt| receipt.holds(village, self.suite, &self.roster.root.key);
        parcel.receipts.iter().filter(holds).cloned().collect()
    }

    pub fn judge(&self, parcel: &Parcel) -> Result<Verdict> {
        let batches = &parcel.batches;
        let (Some(chain), Some(last)) = (parcel.chain(), batches.last()) else { return Ok(Verdict::Known) };
        let hashes = parcel.hashes();
        if !self.is_a_run(batches, &hashes) {
            return Ok(Verdict::Wait(Why::Forged));
        }
        let Some(key) = self.roster.key_of(chain.device) else { return Ok(Verdict::Wait(Why::Stranger)) };
        if !self.suite.verify(key, &signed(last), &last.signature) {
            return Ok(Verdict::Wait(Why::Forged));
        }
        self.place(chain, batches, &hashes)
    }

    /// One chain, number after number, each bound to the one before by its hash.
    fn is_a_run(&self, batches: &[Batch], hashes: &[Hash]) -> bool {
        let village = self.shelf.village();
        let first = batches[0].at;
        batches.iter().enumerate().all(|(nth, batch)| {
            let here = Chain::of(first).at(first.seq.saturating_add(nth as u64));
            batch.village == village
                && batch.at == here
                && batch.is_sound()
                && (nth == 0 || batch.prev == hashes[nth - 1])
        })
    }

    fn place(&self, chain: Chain, batches: &[Batch], hashes: &[Hash]) -> Result<Verdict> {
        let (first, last) = (batches[0].at.seq, batches[batches.len() - 1].at.seq);
        let head = self.head(chain);
        let before = if first > 1 && first <= head.seq + 1 { self.hash_at(chain.at(first - 1))? } else { None };
        if before.is_some_and(|before| before != batches[0].prev) && !self.faults.has(Fault::ForkUnseen) {
            // What lies before differs already; the whole chain is asked for, and the place will be found.
            return Ok(Verdict::Gap(1));
        }
        if !self.faults.has(Fault::ForkUnseen) {
            let mut lost = None;
            for (batch, hash) in batches.iter().zip(hashes).take_while(|(batch, _)| batch.at.seq <= head.seq) {
                match self.hash_at(batch.at)? {
                    Some(known) if known != *hash => return Ok(Verdict::Fork(batch.at.seq)),
                    // A hole that a disk made: what was there comes back as if it were new.
                    None => lost = lost.or(Some(batch.at.seq)),
                    Some(_) => {}
                }
            }
            if let Some(lost) = lost {
                return Ok(Verdict::New(lost));
            }
        }
        Ok(if last <= head.seq {
            Verdict::Known
        } else if first > head.seq + 1 {
            if self.faults.has(Fault::GapIgnored) { Verdict::New(first) } else { Verdict::Gap(head.seq + 1) }
        } else {
            Verdict::New(head.seq + 1)
        })
    }

    /// Up to which number the township has received every batch from `from` on, by receipts whose last hash is this
    /// run's.
    pub fn received_upto(&self, parcel: &Parcel, from: u64, receipts: &[Receipt]) -> u64 {
        let Some((first, _)) = parcel.span() else { return u64::MAX };
        let fits = |receipt: &&Receipt| {
            let nth = receipt.last.checked_sub(first).and_then(|nth| usize::try_from(nth).ok());
            nth.and_then(|nth| parcel.batches.get(nth)).is_some_and(|batch| batch.hash() == receipt.hash)
        };
        let mut upto = from - 1;
        let mut spans: Vec<(u64, u64)> = receipts.iter().filter(fits).map(|r| (r.first, r.last)).collect();
        spans.sort_unstable();
        for (first, last) in spans {
            if first <= upto + 1 {
                upto = upto.max(last);
            }
        }
        upto
    }

    /// Whether all of it was received.
    pub fn is_receipted(&self, parcel: &Parcel, from: u64, receipts: &[Receipt]) -> bool {
        parcel.span().is_none_or(|(_, last)| self.received_upto(parcel, from, receipts) >= last)
    }

    /// What of a run may come in: all of it; or what was received, when the rest waits for this reason; or nothing.
    pub fn admitted(&self, parcel: &Parcel, from: u64, receipts: &[Receipt]) -> Result<Admitted> {
        let (Some(chain), Some((_, last))) = (parcel.chain(), parcel.span()) else { return Ok(Admitted::All(None)) };
        let upto = self.received_upto(parcel, from, receipts);
        if upto >= last {
            return Ok(Admitted::All(None));
        }
        let waits = if self.roster.is_out(chain.device) {
            Waiting { at: chain.at(upto + 1), why: Why::Revoked, asked: Vec::new() }
        } else {
            let new = parcel.batches.iter().filter(|b| b.at.seq > upto && self.roster.bars(b).is_none());
            match guard::pass(self.shelf, chain.device, new, self.now_ms)? {
                Passed::Yes(today) => return Ok(Admitted::All(Some(today))),
                Passed::Waits(asked) => Waiting { at: asked[0], why: Why::Mass, asked },
            }
        };
        let batches = parcel.batches.iter().filter(|batch| batch.at.seq <= upto).cloned().collect();
        let received = Parcel::new(batches, parcel.receipts.clone());
        Ok(Admitted::Received((upto >= from).then_some(received), waits))
    }

    /// Takes the batches from that number on.
    pub fn take(&mut self, parcel: Parcel, from: u64) {
        let mut batches = parcel.batches.into_iter().peekable();
        while let Some(batch) = batches.next() {
            if batch.at.seq < from {
                continue;
            }
            let barred = self.roster.bars(&batch);
            // What was judged to be a run names each hash in the batch behind it.
            let hash = batches.peek().map_or_else(|| batch.hash(), |next| next.prev);
            self.fresh.insert(batch.at, hash);
            let head = self.heads.entry(Chain::of(batch.at)).or_insert(Head { seq: 0, hash });
            if head.seq < batch.at.seq {
                *head = Head { seq: batch.at.seq, hash };
            }
            if batch.at.device == self.roster.root.device {
                Arc::make_mut(&mut self.roster).read(&batch);
            }
            self.commands.push(Command::Take { batch, barred });
        }
    }

    /// Whether its last batch is here and is the one that was received.
    pub fn is_here(&self, receipt: &Receipt) -> Result<bool> {
        Ok(self.hash_at(receipt.chain.at(receipt.last))? == Some(receipt.hash))
    }

    /// Keeps a receipt whose last batch is here and is the one that was received.
    pub fn receive(&mut self, receipt: &Receipt) -> Result<bool> {
        let here = self.is_here(receipt)?;
        if here {
            self.commands.push(Command::Receive(receipt.clone()));
        }
        Ok(here)
    }

    pub fn withdraw(&mut self, chain: Chain, from: u64) -> Result<()> {
        self.commands.push(Command::Withdraw { chain, from });
        let before = if from > 1 { self.hash_at(chain.at(from - 1))? } else { None };
        self.withdrawn.insert(chain, from);
        self.fresh.retain(|at, _| Chain::of(*at) != chain || at.seq < from);
        match before {
            Some(hash) => self.heads.insert(chain, Head { seq: from - 1, hash }),
            None => self.heads.remove(&chain),
        };
        Ok(())
    }

    /// The root's own parcels first: they say who the others are.
    pub fn in_order<P: Borrow<Parcel>>(&self, parcels: impl IntoIterator<Item = P>) -> Vec<P> {
        let root = self.roster.root.device;
        let roots = |parcel: &P| parcel.borrow().chain().is_some_and(|chain| chain.device == root);
        let (mut first, rest): (Vec<P>, Vec<P>) = parcels.into_iter().partition(roots);
        first.extend(rest);
        first
    }
}
