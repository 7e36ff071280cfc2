//! The program is killed (kill -9) while it writes: what it had said is saved is there, and the file is whole.
//!
//! `LIANHU_SEED` starts elsewhere, `LIANHU_KILLS` goes on longer; the moment of a kill is chosen by the seed, the rest
//! by the machine.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use lianhu_ledger::records::{Village, Visit};
use lianhu_ledger::{Code, Fields, FixedEdge, Founding, Key, Ledger};
use lianhu_tests::dice::{Dice, wished};
use serde_json::{Value as Json, json};
use tempfile::TempDir;

const KEY: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
const FOUNDING: Founding<'_> =
    Founding { village: "禾坪村", code: "990101102207", township: "松河镇", clerk: "王文书" };

fn edge(seed: u64) -> Box<FixedEdge> {
    Box::new(FixedEdge::on("2026-11-05".parse().expect("a day"), seed))
}

/// One ledger under attack, encrypted or not.
struct Victim {
    path: PathBuf,
    key: &'static str,
    _folder: TempDir,
}

impl Victim {
    fn new(key: &'static str) -> Victim {
        let folder = TempDir::new().expect("a folder");
        Victim { path: folder.path().join("禾坪村.lianhu"), key, _folder: folder }
    }

    fn key(&self) -> Option<Key> {
        (self.key != "-").then(|| Key::parse(self.key.as_bytes()).expect("64 digits"))
    }

    fn open(&self) -> Ledger {
        Ledger::open(&self.path, self.key().as_ref(), edge(0)).expect("what a kill left behind opens")
    }

    /// Starts the program at its deed.
    fn start(&self, deed: &str, seed: u64) -> Child {
        let mut writer = Command::new(env!("CARGO_BIN_EXE_writer"));
        writer.arg(deed).arg(&self.path).args([self.key, &seed.to_string()]);
        writer.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("the writer starts")
    }

    fn is_whole(&self, ledger: &Ledger, seed: u64) {
        let problems = ledger.verify().expect("it can be checked").problems;
        assert!(problems.is_empty(), "seed {seed}: {problems:#?}");
    }
}

/// Waits without giving up the processor: a sleep is far longer than a commit.
fn pass(time: Duration) {
    let begun = Instant::now();
    while begun.elapsed() < time {
        std::hint::spin_loop();
    }
}

fn kill(mut child: Child) {
    child.kill().expect("it can be killed");
    child.wait().expect("it ends");
}

/// One whole line, or nothing when the program ended in the middle of it.
fn line(from: &mut BufReader<ChildStdout>) -> Option<String> {
    let mut line = String::new();
    from.read_line(&mut line).ok()?;
    line.strip_suffix('\n').map(|name| name.trim_end().to_owned())
}

/// Lets the program write, kills it in the middle of something, and gives back what it had said is saved.
fn saved_before_the_kill(victim: &Victim, dice: &mut Dice) -> Vec<String> {
    let mut child = victim.start("write", dice.roll());
    let mut said = BufReader::new(child.stdout.take().expect("piped"));
    let mut saved: Vec<String> = (0..dice.below(8)).map_while(|_| line(&mut said)).collect();
    let begun_to_write = !saved.is_empty();
    pass(Duration::from_micros(dice.below(if begun_to_write { 3_000 } else { 30_000 }) as u64));
    kill(child);
    saved.extend(std::iter::from_fn(|| line(&mut said)));
    saved
}

fn a_village(victim: &Victim) {
    let mut ledger = Ledger::create(&victim.path, victim.key().as_ref(), &FOUNDING, edge(1)).expect("a new ledger");
    let fields = |record: Json| -> Fields { serde_json::from_value(record).expect("an object") };
    let begun = ledger.edit("put", "王文书", |draft| {
        draft.create("household", fields(json!({"number": 1})))?;
        draft.create("person", fields(json!({"name": "陆永平", "unit": "松河镇人民政府"})))
    });
    begun.expect("a household and a visitor");
}

fn check_writing(key: &'static str, seed: u64) {
    let victim = Victim::new(key);
    a_village(&victim);
    let mut dice = Dice::new(seed);
    let mut acknowledged: BTreeSet<String> = BTreeSet::new();
    let kills = wished("LIANHU_KILLS", 30);
    for _kill in 0..kills {
        acknowledged.extend(saved_before_the_kill(&victim, &mut dice));
        let ledger = victim.open();
        let log: BTreeSet<String> = ledger.batches().expect("the log").iter().map(|b| b.at.to_string()).collect();
        let lost: Vec<&String> = acknowledged.difference(&log).collect();
        assert!(lost.is_empty(), "seed {seed}: said to be saved and gone: {lost:?}");
        victim.is_whole(&ledger, seed);
        assert_eq!(
            ledger.view().all::<Visit>().expect("visits").len() + 2,
            log.len(),
            "seed {seed}: one batch, one visit"
        );
    }
    eprintln!("seed {seed}: {} visits outlived {kills} kills", acknowledged.len());
    assert!(acknowledged.len() as u64 > kills, "seed {seed}: hardly anything was written, so nothing was shown");
}

#[test]
fn what_was_said_to_be_saved_outlives_every_kill() {
    check_writing("-", wished("LIANHU_SEED", 1));
}

#[test]
fn what_was_said_to_be_saved_outlives_every_kill_in_an_encrypted_ledger_too() {
    check_writing(KEY, wished("LIANHU_SEED", 2));
}

/// A kill at some moment of making a ledger: at a time of its own, or when a file has just come to be.
fn killed_while_founding(victim: &Victim, dice: &mut Dice) {
    let mut child = victim.start("create", dice.roll());
    let unfinished = victim.path.with_file_name("禾坪村.lianhu.part");
    let awaited = match dice.below(3) {
        0 => None,
        1 => Some(unfinished.as_path()),
        _ => Some(victim.path.as_path()),
    };
    if let Some(file) = awaited {
        while !file.exists() && child.try_wait().expect("it is ours").is_none() {
            std::hint::spin_loop();
        }
    }
    pass(Duration::from_micros(dice.below(if awaited.is_some() { 4_000 } else { 30_000 }) as u64));
    kill(child);
}

/// Either there is no ledger, and one can be made; or there is a whole one, its village in it.
fn all_or_nothing(victim: &Victim, seed: u64) -> bool {
    let is_there = victim.path.exists();
    if !is_there {
        let refused = Ledger::open(&victim.path, victim.key().as_ref(), edge(0)).err().and_then(|e| e.code());
        assert_eq!(refused, Some(Code::NoLedger), "seed {seed}");
        Ledger::create(&victim.path, victim.key().as_ref(), &FOUNDING, edge(3)).expect("leftovers are no hindrance");
    }
    let ledger = victim.open();
    victim.is_whole(&ledger, seed);
    let village: Option<Village> = ledger.view().get(ledger.village()).expect("the village is read");
    assert_eq!(village.map(|v| v.name).as_deref(), Some("禾坪村"), "seed {seed}: a ledger without its village");
    is_there
}

#[test]
fn a_ledger_is_made_whole_or_not_at_all() {
    let seed = wished("LIANHU_SEED", 3);
    let mut dice = Dice::new(seed);
    let kills = wished("LIANHU_KILLS", 30) as usize;
    let (mut whole, mut none) = (0, 0);
    // Goes on until both outcomes were seen, so that a machine of another speed is no blind spot.
    while whole + none < kills || (whole.min(none) == 0 && whole + none < 20 * kills) {
        let victim = Victim::new(if dice.percent(50) { KEY } else { "-" });
        killed_while_founding(&victim, &mut dice);
        if all_or_nothing(&victim, seed) { whole += 1 } else { none += 1 }
    }
    eprintln!("seed {seed}: {whole} whole ledgers, {none} times none");
    assert!(whole.min(none) > 0, "seed {seed}: {whole} whole, {none} none: the kills never hit");
}

#[test]
fn a_half_made_ledger_of_before_is_no_hindrance() {
    let victim = Victim::new("-");
    let beside = |suffix: &str| Path::new(&format!("{}{suffix}", victim.path.display())).to_owned();
    for leftover in [".part", ".part-wal", ".part-shm", ".part-journal"] {
        std::fs::write(beside(leftover), [7; 9_000]).expect("a leftover");
    }
    drop(Ledger::create(&victim.path, None, &FOUNDING, edge(3)).expect("a new ledger"));
    assert!(all_or_nothing(&victim, 0));
}
