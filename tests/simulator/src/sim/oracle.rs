//! What must hold, whatever happened: checked at every step where a wrong could be seen, and at the end, an hour after
//! everything works again.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use lianhu_ledger::BatchRef;
use lianhu_sync::{Command, Part, Receipt, Shelf, TownshipShelf, Why};
use uuid::Uuid;

use super::store::{Store, words_of};
use super::{HOUR, Sim};

/// What was found, with the seed that finds it again.
#[derive(Clone, Debug)]
pub struct Wrong {
    pub seed: u64,
    pub what: String,
}

impl std::fmt::Display for Wrong {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "seed {}: {}", self.seed, self.what)
    }
}

/// Not a laptop: what is wrong is wrong at the township, or between two.
const TOWNSHIP: usize = usize::MAX;

#[derive(Default)]
pub struct Oracle {
    /// Every word anyone wrote and nobody may lose, with who wrote it.
    words: BTreeMap<String, usize>,
    /// Receipts that a restored server no longer knows of.
    forgotten: HashSet<(u64, u64)>,
    server_was_lost: bool,
    /// What some disk has lost.
    lost_rows: HashSet<BatchRef>,
    waiting: BTreeSet<BatchRef>,
}

impl Oracle {
    pub fn written(&mut self, word: String, who: usize, revoked: bool) {
        if !revoked {
            self.words.insert(word, who);
        }
    }

    pub fn gone_with_the_disk<'a>(&mut self, words: impl Iterator<Item = &'a String>) {
        words.for_each(|word| {
            self.words.remove(word);
        });
    }

    /// Of what these wrote only what the township has is owed to anyone.
    pub fn only_these(&mut self, kept: impl Fn(&str) -> bool, _: Uuid, theirs: impl Fn(usize) -> bool) {
        self.words.retain(|word, who| !theirs(*who) || kept(word));
    }

    pub fn server_forgot(&mut self, old: &[(u64, Receipt)], new: &[(u64, Receipt)]) {
        self.server_was_lost = true;
        let kept: HashSet<(u64, u64)> = new.iter().flat_map(|(_, r)| names(r)).collect();
        let lost = old.iter().flat_map(|(_, r)| names(r)).filter(|name| !kept.contains(name));
        self.forgotten.extend(lost);
    }

    /// What was refused of a computer that was struck off, and can be shown to nobody any more, stays with who has it.
    pub fn set_aside(&mut self, step: &[Command]) {
        let withdrawn: HashSet<Uuid> = step
            .iter()
            .filter_map(|command| match command {
                Command::Withdraw { chain, .. } => Some(chain.device),
                _ => None,
            })
            .collect();
        for command in step {
            let Command::Park(parked) = command else { continue };
            let theirs = parked.parcel.chain().is_some_and(|chain| withdrawn.contains(&chain.device));
            if parked.why == Why::Revoked && theirs {
                let changes = parked.parcel.batches.iter().flat_map(|batch| &batch.changes);
                let words: Vec<String> = changes.flat_map(|c| &c.cells).filter_map(|c| words_of(&c.value)).collect();
                self.gone_with_the_disk(words.iter());
            }
        }
    }

    pub fn lost_a_row(&mut self, at: BatchRef) {
        self.lost_rows.insert(at);
    }

    pub fn waits(&mut self, at: BatchRef) -> bool {
        self.waiting.insert(at)
    }

    pub fn decided(&mut self, at: BatchRef) {
        self.waiting.remove(&at);
    }

    pub fn undecided(&self) -> Vec<BatchRef> {
        self.waiting.iter().copied().collect()
    }
}

/// Epoch and number of everything that a receipt says.
fn names(receipt: &Receipt) -> impl Iterator<Item = (u64, u64)> {
    receipt.parts().map(|part| (receipt.epoch, part.no))
}

impl<S: Store> Sim<S> {
    pub(super) fn wrong(&self, who: usize, what: &str) -> Wrong {
        let day = (self.now - super::START) / super::DAY;
        let place = if who == TOWNSHIP { "township".to_owned() } else { format!("laptop {who}") };
        Wrong { seed: self.settings.seed, what: format!("day {day}, {place}: {what}") }
    }

    /// Nobody is told “received” who was not: a receipt that a laptop keeps is one the township has kept.
    pub(super) fn look_at(&self, who: usize, commands: &[Command]) -> Result<(), Wrong> {
        for command in commands {
            let Command::Receive(receipt) = command else { continue };
            let known = |part: Part| {
                self.township.gave(receipt, part) || self.oracle.forgotten.contains(&(receipt.epoch, part.no))
            };
            if !receipt.parts().all(known) {
                return Err(self.wrong(who, &format!("told “received” of what was not: {receipt:?}")));
            }
        }
        Ok(())
    }

    /// No number is missing in a chain, and each batch is bound to the one before. Where a disk has lost that one, what the
    /// township received behind it stands, and the sums find the hole.
    pub(super) fn chains_hold(&self, who: usize, commands: &[Command]) -> Result<(), Wrong> {
        let store = &self.laptops[who].store;
        let taken = commands.iter().filter_map(|command| match command {
            Command::Take { batch, .. } => Some(batch),
            _ => None,
        });
        for batch in taken.filter(|batch| batch.at.seq > 1) {
            let at = batch.at.seq.checked_sub(1).map_or(batch.at, |seq| BatchRef { seq, ..batch.at });
            let before = store.has(at);
            let is_a_hole = before.is_none() && self.oracle.lost_rows.contains(&at);
            if store.has(batch.at) == Some(batch.hash()) && before != Some(batch.prev) && !is_a_hole {
                return Err(self.wrong(who, &format!("{:?} does not follow on what is here", batch.at)));
            }
        }
        Ok(())
    }

    /// A batch that came before has its receipt and is not given another.
    pub(super) fn no_receipt_over_another(&self, commands: &[Command]) -> Result<(), Wrong> {
        if self.oracle.server_was_lost {
            return Ok(());
        }
        for command in commands {
            let Command::Number { receipt, .. } = command else { continue };
            let other = self.township.receipts(receipt.chain, receipt.first, receipt.last);
            let other = other.map_err(|e| self.wrong(TOWNSHIP, &e.to_string()))?;
            if let Some(other) = other.first() {
                return Err(self.wrong(TOWNSHIP, &format!("received twice: {other:?} and {receipt:?}")));
            }
        }
        Ok(())
    }

    /// What the cursor says is here, is here.
    pub(super) fn cursor_stands_on_data(&self, who: usize, before: (u64, u64)) -> Result<(), Wrong> {
        let (epoch, cursor) = self.laptops[who].store.cursor().map_err(|e| self.wrong(who, &e.to_string()))?;
        let was_lost = self.oracle.server_was_lost || !self.oracle.lost_rows.is_empty();
        if epoch != self.township.epoch || epoch != before.0 || was_lost {
            return Ok(());
        }
        let news = self.township.feed.iter().filter(|(no, _)| (before.1 + 1..=cursor).contains(no));
        for (no, receipt) in news {
            let here = self.laptops[who].store.has(receipt.chain.at(receipt.last));
            if here != Some(receipt.hash) {
                return Err(self.wrong(who, &format!("the cursor {cursor} is ahead of number {no}")));
            }
        }
        Ok(())
    }

    /// Something had to be sent again: that is for servers and rows that were lost, and for nothing else.
    pub(super) fn a_repair(&mut self, who: usize) -> Result<(), Wrong> {
        self.tally.count("repairs");
        if self.oracle.server_was_lost || !self.oracle.lost_rows.is_empty() {
            return Ok(());
        }
        Err(self.wrong(who, "the two sides differ, and nothing was lost"))
    }

    pub(super) fn check_the_end(&mut self) -> Result<(), Wrong> {
        let says = self.township.says();
        let rebuilt = self.township.rebuilt();
        self.same("the township's tables and its log", &says, &rebuilt)?;
        let ahead = self.township.latest().ms();
        if ahead > self.now + HOUR {
            return Err(self.wrong(TOWNSHIP, &format!("a cell counts from the future ({ahead})")));
        }
        let words = self.township.words();
        self.nothing_lost("the township", &words)?;
        for who in 0..self.laptops.len() {
            if self.laptops[who].revoked {
                continue;
            }
            self.check_laptop(who, &says)?;
        }
        Ok(())
    }

    fn check_laptop(&mut self, who: usize, township: &super::store::Says) -> Result<(), Wrong> {
        let faulty = |e: lianhu_ledger::Error| Wrong { seed: 0, what: e.to_string() };
        for (chain, seq) in self.laptops[who].store.unsent().map_err(faulty)? {
            let barred = self.laptops[who].store.barred(chain.at(seq)).map_err(faulty)?;
            if barred != Some(Why::Revoked) {
                return Err(self.wrong(who, &format!("{:?} is still in the outbox", chain.at(seq))));
            }
        }
        let says = self.laptops[who].store.says();
        let rebuilt = self.laptops[who].store.rebuilt();
        self.same(&format!("the tables of laptop {who} and its log"), &says, &rebuilt)?;
        let shown = |kind: &str| S::TAKES_ANYTHING || kind == "household" || kind == "group";
        let theirs = township.iter().filter(|((kind, _, _), _)| shown(kind));
        let theirs = theirs.map(|(place, told)| (place.clone(), told.clone())).collect();
        self.same(&format!("laptop {who} ({:?}) and the township", self.chain_of(who)), &says, &theirs)?;
        let words = self.laptops[who].store.words();
        self.nothing_lost(&format!("laptop {who}"), &words)?;
        let sums = (self.laptops[who].store.sum().map_err(faulty)?, self.township.sum().map_err(faulty)?);
        if sums.0 != sums.1 {
            return Err(self.wrong(who, "sums differ"));
        }
        let cursor = self.laptops[who].store.cursor().map_err(faulty)?;
        let newest = (self.township.epoch(), self.township.newest().map_err(faulty)?);
        if cursor == newest { Ok(()) } else { Err(self.wrong(who, &format!("cursor {cursor:?}, newest {newest:?}"))) }
    }

    fn nothing_lost(&mut self, at: &str, words: &BTreeSet<String>) -> Result<(), Wrong> {
        let lost: Vec<(String, usize)> = self
            .oracle
            .words
            .iter()
            .filter(|(word, _)| !words.contains(*word))
            .map(|(w, who)| (w.clone(), *who))
            .collect();
        let Some((word, writer)) = lost.first().cloned() else { return Ok(()) };
        let has = |laptop: &mut super::Laptop<S>| laptop.store.words().contains(&word);
        let (nth, held) = (0.., self.laptops.iter_mut().map(has).collect::<Vec<bool>>());
        let holders: Vec<usize> = nth.zip(held).filter(|(_, has)| *has).map(|(nth, _)| nth).collect();
        let words: Vec<&String> = lost.iter().map(|(word, _)| word).take(5).collect();
        let n = lost.len();
        let told = format!("{at} lost {n} words: {words:?}; laptop {writer} wrote {word}, laptops {holders:?} have it");
        Err(self.wrong(TOWNSHIP, &told))
    }

    fn same(&self, what: &str, one: &super::store::Says, other: &super::store::Says) -> Result<(), Wrong> {
        let places: BTreeSet<_> = one.keys().chain(other.keys()).collect();
        let differing = places.into_iter().find(|place| one.get(*place) != other.get(*place));
        match differing {
            None => Ok(()),
            Some(place) => Err(self.wrong(
                TOWNSHIP,
                &format!("{what} differ at {place:?}: {:?} and {:?}", one.get(place), other.get(place)),
            )),
        }
    }
}
