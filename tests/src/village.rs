//! One village (村) on several computers that meet now and then: real ledgers, wrong clocks, batches that come late,
//! twice, in any order or not yet. Every turn is thrown with seeded dice; the seed is in every message of failure.

mod computer;
mod deeds;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use lianhu_ledger::{Batch, BatchRef, Error, Origin};
use serde_json::Value as Json;

use crate::dice::Dice;
use crate::opinion::{self, Place};
pub use computer::Computer;
use deeds::Deed;

/// A morning in November 2026, by a clock that is right.
pub const START_MS: u64 = 1_793_840_400_000;

const HOUR_MS: usize = 3_600_000;

/// What happened in a run: a run in which nothing happened proves nothing.
#[derive(Debug, Default)]
pub struct Tally {
    pub deeds: BTreeMap<&'static str, usize>,
    pub refusals: BTreeMap<&'static str, usize>,
    pub deliveries: usize,
    pub repeats: usize,
    pub questions: usize,
    /// Looks at a ledger that had not heard everything yet.
    pub midway: usize,
}

pub struct Village {
    pub seed: u64,
    pub computers: Vec<Computer>,
    pub tally: Tally,
    /// Every batch anyone ever wrote.
    posted: Vec<Batch>,
    dice: Dice,
    now_ms: u64,
    words: u64,
}

impl Village {
    /// A village whose first computer holds a few records and whose others have just joined.
    pub fn new(folder: &Path, seed: u64, computers: usize) -> Village {
        let mut dice = Dice::new(seed);
        let first = Computer::founding(&folder.join("0.lianhu"), dice.roll());
        let id = first.ledger.village();
        let mut village = Village {
            seed,
            computers: vec![first],
            tally: Tally::default(),
            posted: Vec::new(),
            now_ms: START_MS,
            words: 0,
            dice,
        };
        for n in 1..computers {
            let path = folder.join(format!("{n}.lianhu"));
            let joining = Computer::joining(&path, id, village.dice.roll());
            village.computers.push(joining);
        }
        village.begin();
        village
    }

    fn begin(&mut self) {
        deeds::settle_in(&mut self.computers[0].ledger);
        self.posted = self.computers[0].ledger.batches().expect("the log is read");
        self.computers[0].knows = (0..self.posted.len()).collect();
        for who in 1..self.computers.len() {
            if self.dice.percent(75) {
                self.deliver_all(who);
            }
        }
    }

    /// One thing happens somewhere.
    pub fn turn(&mut self) {
        self.now_ms += self.dice.below(2 * HOUR_MS) as u64;
        let who = self.dice.below(self.computers.len());
        self.computers[who].tick(self.now_ms);
        match self.dice.below(100) {
            0..50 => self.edit(who),
            50..90 => self.deliver_some(who),
            90..94 => self.computers[who].wind(&mut self.dice, self.now_ms),
            94..96 => self.computers[who].restart(),
            _ => self.look_at(who),
        }
    }

    fn edit(&mut self, who: usize) {
        let before = self.known(who).map(|batch| batch.at).collect::<Vec<_>>();
        let deed = Deed {
            ledger: &mut self.computers[who].ledger,
            dice: &mut self.dice,
            words: &mut self.words,
            before: &before,
        };
        let (name, done) = deed.any();
        match done {
            Ok(Some(at)) => {
                *self.tally.deeds.entry(name).or_default() += 1;
                self.post(who, at, name);
            }
            Ok(None) => {}
            Err(Error::Refusal(refusal)) => *self.tally.refusals.entry(refusal.code.name()).or_default() += 1,
            Err(Error::Fault(fault)) => panic!("seed {}: {name} on computer {who}: {fault}", self.seed),
        }
    }

    fn post(&mut self, who: usize, at: BatchRef, deed: &str) {
        let batches = self.computers[who].ledger.batches().expect("the log is read");
        let batch = batches.into_iter().find(|batch| batch.at == at).expect("what was saved is in the log");
        self.names_what_stood(who, &batch, deed);
        if batch.op == "undo" {
            self.puts_back_what_was(who, &batch);
        }
        self.computers[who].knows.insert(self.posted.len());
        self.posted.push(batch);
    }

    /// A change names the write that its author saw standing, so that it can never be put under it.
    fn names_what_stood(&self, who: usize, batch: &Batch, deed: &str) {
        let seen = opinion::writes(self.known(who));
        for (place, written) in opinion::writes([batch]) {
            let stood = seen.get(&place).and_then(|writes| opinion::standing(writes)).map(|standing| standing.at);
            let named = written[0].bases.first().copied();
            assert_eq!(
                named, stood,
                "seed {}: {deed} at {place:?} on computer {who} hides what it replaced",
                self.seed
            );
        }
    }

    /// An undo writes what the undone write had replaced, even where that has not come to this computer yet.
    fn puts_back_what_was(&self, who: usize, batch: &Batch) {
        let all = opinion::writes(&self.posted);
        for (place, written) in opinion::writes([batch]) {
            let Some(undone) = written[0].bases.first() else { continue };
            let write = |at: &BatchRef| all[&place].iter().find(|write| write.at == *at);
            let before = write(undone).and_then(|w| w.bases.first()).and_then(write).map(|w| w.value.clone());
            let back = written[0].value.clone();
            assert_eq!(back, before.unwrap_or_default(), "seed {}: undo at {place:?} on computer {who}", self.seed);
        }
    }

    /// Some batches reach a computer: mostly new ones, some again, gaps and all.
    fn deliver_some(&mut self, who: usize) {
        let missing: Vec<usize> = (0..self.posted.len()).filter(|n| !self.computers[who].knows.contains(n)).collect();
        let mut coming = Vec::new();
        for _ in 0..=self.dice.below(6) {
            let unheard = if self.dice.percent(80) { self.dice.pick(&missing).copied() } else { None };
            coming.push(unheard.unwrap_or_else(|| self.dice.below(self.posted.len())));
        }
        self.deliver(who, &coming);
    }

    /// Everything posted, in an order of its own.
    fn deliver_all(&mut self, who: usize) {
        let mut coming: Vec<usize> = (0..self.posted.len()).collect();
        self.dice.shuffle(&mut coming);
        let mut rest = coming.as_slice();
        while !rest.is_empty() {
            let (now, later) = rest.split_at(rest.len().min(1 + self.dice.below(12)));
            self.deliver(who, now);
            rest = later;
        }
    }

    fn deliver(&mut self, who: usize, coming: &[usize]) {
        let batches: Vec<Batch> = coming.iter().map(|n| self.posted[*n].clone()).collect();
        let new: BTreeSet<usize> = coming.iter().copied().filter(|n| !self.computers[who].knows.contains(n)).collect();
        let applied = self.computers[who].ledger.apply(&batches, Origin::There).map(|touched| touched.applied);
        let applied =
            applied.unwrap_or_else(|e| panic!("seed {}: computer {who} does not take a batch: {e:?}", self.seed));
        assert_eq!(applied, new.len(), "seed {}: computer {who} counts new batches", self.seed);
        self.tally.deliveries += new.len();
        self.tally.repeats += coming.len() - new.len();
        self.computers[who].knows.extend(new);
    }

    fn known(&self, who: usize) -> impl Iterator<Item = &Batch> {
        self.computers[who].knows.iter().map(|n| &self.posted[*n])
    }

    /// A ledger says what its log says, however much of it is still on the way.
    pub fn look_at(&mut self, who: usize) {
        let known: Vec<&Batch> = self.known(who).collect();
        let ledger = &self.computers[who].ledger;
        let wrong = opinion::disagreements(ledger, &known);
        assert!(wrong.is_empty(), "seed {}: computer {who}: {wrong:#?}", self.seed);
        let problems = ledger.verify().expect("it can be checked").problems;
        assert!(problems.is_empty(), "seed {}: computer {who}: {problems:#?}", self.seed);
        self.tally.midway += 1;
    }

    /// Everyone hears everything: now all must say the same, and go on saying it.
    pub fn meet(&mut self) {
        for who in 0..self.computers.len() {
            self.deliver_all(who);
            self.look_at(who);
        }
        let first = self.computers[0].says();
        self.tally.questions += self.computers[0].ledger.overtaken().expect("open questions are read").len();
        for who in 0..self.computers.len() {
            assert_same(&self.computers[who].says(), &first, &format!("seed {}: computers {who} and 0", self.seed));
            self.deliver_all(who);
            assert_same(&self.computers[who].says(), &first, &format!("seed {}: {who} heard all again", self.seed));
            self.computers[who].ledger.rebuild().expect("it is rebuilt");
            assert_same(&self.computers[who].says(), &first, &format!("seed {}: {who} rebuilt", self.seed));
        }
    }

    /// The standing value of a cell on the first computer.
    pub fn value(&self, (kind, id, field): &Place) -> Json {
        let record = self.computers[0].ledger.view().record(kind, *id).expect("it is read").unwrap_or_default();
        record.get(field).cloned().unwrap_or_default()
    }
}

fn assert_same(one: &str, other: &str, what: &str) {
    let differing: Vec<(&str, &str)> = one.lines().zip(other.lines()).filter(|(a, b)| a != b).take(3).collect();
    assert!(
        one == other,
        "{what} differ ({} and {} lines): {differing:#?}",
        one.lines().count(),
        other.lines().count()
    );
}
