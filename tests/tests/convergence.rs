//! Several computers, one village: whatever comes when, all end up saying the same, and nothing anyone wrote is lost
//! in silence.
//!
//! `LIANHU_SEED` starts elsewhere, `LIANHU_ROUNDS` goes on longer; a failure names its seed.

use std::collections::BTreeMap;
use std::path::PathBuf;

use lianhu_ledger::{Batch, Error, Ledger, Origin};
use lianhu_tests::dice::wished;
use lianhu_tests::opinion;
use lianhu_tests::village::{Computer, START_MS, Village};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::json;
use tempfile::TempDir;
use uuid::Uuid;

/// A folder in memory where there is one: the promise tested here is the merge, not the disk.
fn quick_folder() -> TempDir {
    let memory = PathBuf::from("/dev/shm");
    let quick = memory.is_dir().then(|| TempDir::new_in(&memory).ok()).flatten();
    quick.unwrap_or_else(|| TempDir::new().expect("a folder"))
}

/// Two evenings apart, a meeting after each.
fn live(folder: &TempDir, seed: u64, turns: usize) -> Village {
    let mut village = Village::new(folder.path(), seed, 2 + (seed % 3) as usize);
    for _evening in 0..2 {
        (0..turns).for_each(|_| village.turn());
        village.meet();
    }
    village
}

#[test]
fn whatever_comes_when_all_computers_end_up_saying_the_same() {
    let start = wished("LIANHU_SEED", 1);
    let rounds = wished("LIANHU_ROUNDS", 24);
    let mut deeds: BTreeMap<&str, usize> = BTreeMap::new();
    let (mut questions, mut repeats) = (0, 0);
    for seed in start..start + rounds {
        let village = live(&quick_folder(), seed, 150);
        eprintln!("seed {seed}: {:?}", village.tally);
        village.tally.deeds.iter().for_each(|(deed, times)| *deeds.entry(deed).or_default() += times);
        questions += village.tally.questions;
        repeats += village.tally.repeats;
    }
    // A simulation in which nobody disagreed, undid or settled anything would pass whatever the ledger did.
    assert!(rounds < 24 || (deeds.len() == 14 && questions > 100 && repeats > 1000), "{deeds:?} {questions} {repeats}");
}

#[test]
fn the_same_seed_is_the_same_village_on_a_real_disk_too() {
    let on_disk = TempDir::new().expect("a folder");
    let one = live(&on_disk, 7, 40);
    let other = live(&quick_folder(), 7, 40);
    assert_eq!(one.computers[0].says(), other.computers[0].says());
}

/// One step of a short story that can be cut down to its core when it fails.
#[derive(Clone, Debug)]
enum Step {
    Write { who: usize, place: usize, word: usize, ahead_ms: i64 },
    Hear { who: usize, batch: usize },
    Undo { who: usize, batch: usize },
    Settle { who: usize, take_other: bool },
    Void { who: usize },
}

fn step() -> impl Strategy<Value = Step> {
    let who = 0..3_usize;
    let clocks = prop_oneof![Just(0_i64), Just(1), Just(-1_000), Just(1_000_000_000_000), Just(-1_000_000_000_000)];
    prop_oneof![
        6 => (who.clone(), 0..2_usize, 0..3_usize, clocks)
            .prop_map(|(who, place, word, ahead_ms)| Step::Write { who, place, word, ahead_ms }),
        6 => (who.clone(), any::<prop::sample::Index>()).prop_map(|(who, n)| Step::Hear { who, batch: n.index(1000) }),
        1 => (who.clone(), any::<prop::sample::Index>()).prop_map(|(who, n)| Step::Undo { who, batch: n.index(1000) }),
        1 => (who.clone(), any::<bool>()).prop_map(|(who, take_other)| Step::Settle { who, take_other }),
        1 => who.prop_map(|who| Step::Void { who }),
    ]
}

/// Three computers and one household.
struct Story {
    computers: Vec<Computer>,
    posted: Vec<Batch>,
    household: Uuid,
    _folder: TempDir,
}

impl Story {
    fn begin() -> Story {
        let folder = quick_folder();
        let first = Computer::founding(&folder.path().join("0"), 1);
        let village = first.ledger.village();
        let joining = |n: u64| Computer::joining(&folder.path().join(n.to_string()), village, n);
        let mut computers = vec![first, joining(2), joining(3)];
        let household = json!({"number": 1, "address": "河边"});
        let fields = serde_json::from_value(household).expect("an object");
        let saved = computers[0].ledger.edit("put", "王文书", |draft| draft.create("household", fields));
        let posted = computers[0].ledger.batches().expect("the log is read");
        computers[0].knows = (0..posted.len()).collect();
        Story { computers, posted, household: saved.expect("a household").value, _folder: folder }
    }

    fn take(&mut self, step: &Step) {
        match *step {
            Step::Hear { who, batch } => self.hear(who, batch % self.posted.len()),
            Step::Write { who, place, word, ahead_ms } => {
                self.computers[who].tick(START_MS.saturating_add_signed(ahead_ms));
                let field = ["address", "phone"][place];
                let fields = [(field.to_owned(), json!(["河东", "河西", "河北"][word]))].into();
                let household = self.household;
                self.act(who, |l| l.edit("put", "王文书", |d| d.patch("household", household, fields)).map(drop));
            }
            Step::Undo { who, batch } => {
                let at = self.posted[batch % self.posted.len()].at;
                self.act(who, |l| l.undo(at, "王文书", None).map(drop));
            }
            Step::Settle { who, take_other } => self.act(who, |l| match l.overtaken()?.first() {
                Some(open) => l.settle(open, take_other, "王文书").map(drop),
                None => Ok(()),
            }),
            Step::Void { who } => {
                let household = self.household;
                self.act(who, |l| l.edit("void", "王文书", |d| d.void("household", household, "重复")).map(drop));
            }
        }
    }

    fn act(&mut self, who: usize, act: impl FnOnce(&mut Ledger) -> Result<(), Error>) {
        match act(&mut self.computers[who].ledger) {
            Err(Error::Fault(fault)) => panic!("{fault}"),
            Err(Error::Refusal(_)) => return,
            Ok(()) => {}
        }
        let mine = self.computers[who].ledger.device();
        let heard = self.posted.iter().filter(|b| b.at.device == mine).count();
        let log = self.computers[who].ledger.batches().expect("the log is read");
        for batch in log.into_iter().filter(|b| b.at.device == mine).skip(heard) {
            self.computers[who].knows.insert(self.posted.len());
            self.posted.push(batch);
        }
    }

    fn hear(&mut self, who: usize, n: usize) {
        let batch = std::slice::from_ref(&self.posted[n]);
        self.computers[who].ledger.apply(batch, Origin::There).expect("it is taken");
        self.computers[who].knows.insert(n);
        self.agree(who);
    }

    fn agree(&self, who: usize) {
        let known: Vec<&Batch> = self.computers[who].knows.iter().map(|n| &self.posted[*n]).collect();
        let ledger = &self.computers[who].ledger;
        assert_eq!(opinion::disagreements(ledger, &known), Vec::<String>::new());
        assert_eq!(ledger.verify().expect("it can be checked").problems, Vec::<String>::new());
    }

    fn end(mut self) {
        for who in 0..3 {
            (0..self.posted.len()).rev().for_each(|n| self.hear(who, n));
        }
        let says: Vec<String> = self.computers.iter().map(Computer::says).collect();
        assert!(says.iter().all(|said| *said == says[0]), "{says:#?}");
    }
}

#[test]
fn a_short_story_ends_the_same_for_all_and_a_failing_one_is_cut_down_to_its_core() {
    let seed = wished("LIANHU_SEED", 1);
    let cases = wished("LIANHU_ROUNDS", 24) as u32 * 4;
    eprintln!("seed {seed}");
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[seed.to_le_bytes(); 4].concat());
    let told = TestRunner::new_with_rng(config, rng).run(&prop::collection::vec(step(), 1..30), |steps| {
        let mut story = Story::begin();
        steps.iter().for_each(|step| story.take(step));
        story.end();
        Ok(())
    });
    told.unwrap_or_else(|e| panic!("seed {seed}: {e}"));
}
