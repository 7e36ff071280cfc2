//! 通话 — one conversation with the township. The ledger is taken for its short steps alone and given back while the line
//! speaks: a save never waits for the network. One conversation at a time.

use std::time::Duration;

use lianhu_ledger::{Edge, Ledger, Touched};
use lianhu_sync::LedgerShelf;
use lianhu_sync::client::{
    Failed, Lends, Letter, Line, Outcome, Progress, Trouble, World, belonging, converse, folder_of,
};
use serde::Serialize;
use ts_rs::TS;

use crate::desk::{Desk, held, no_ledger};
use crate::jobs::{Job, JobNo};
use crate::machine::Machine;
use crate::problem::Result;
use crate::session::Nothing;

/// What a conversation came to. No trouble and nothing left: everything of ours has its receipt.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, TS)]
pub struct Talked {
    /// A word of the catalogue (`trouble.…`).
    pub trouble: Option<String>,
    /// Steps of ours that have their receipt since.
    pub received: u32,
    /// Steps of others that are new here.
    pub applied: u32,
    /// Steps that still have none.
    pub left: u32,
}

/// What somebody who waits is told, and asked whether they still wait.
pub(super) trait Watcher {
    fn at(&mut self, step: &str, done: u32, of: u32);
    fn is_stopped(&self) -> bool;
}

impl Watcher for &Job {
    fn at(&mut self, step: &str, done: u32, of: u32) {
        // That it was stopped is asked for where nothing is half done.
        let _ = Job::at(self, step, done, of);
    }
    fn is_stopped(&self) -> bool {
        Job::is_stopped(self)
    }
}

/// Nobody waits for what is done unasked.
pub(super) struct Nobody;

impl Watcher for Nobody {
    fn at(&mut self, _step: &str, _done: u32, _of: u32) {}
    fn is_stopped(&self) -> bool {
        false
    }
}

/// 现在试一次.
pub fn try_now(desk: &Desk, _: Nothing) -> Result<JobNo> {
    Ok(desk.begin(|desk, job| {
        let mut watcher = job;
        talk(desk, &mut watcher)
    }))
}

pub fn tried(desk: &Desk, job: JobNo) -> Result<Talked> {
    desk.result(job)
}

/// Speaks with the township until nothing is open, or it cannot be. Whoever comes meanwhile waits for this one's end.
pub(super) fn talk(desk: &Desk, watcher: &mut dyn Watcher) -> Result<Talked> {
    watcher.at("connecting", 0, 0);
    let _turn = desk.exchange().turn();
    let told = match once(desk, watcher) {
        Ok(talked) => Ok(talked),
        Err(Failed::Ledger(error)) => Err(error),
        Err(Failed::Trouble(trouble)) => {
            let left = u32::try_from(desk.read(Ledger::steps_without_receipt)?).unwrap_or(u32::MAX);
            Ok(Talked { trouble: Some(trouble.name().to_owned()), left, ..Talked::default() })
        }
    };
    // Receipts change no record and yet what pages show.
    desk.exchange().heard(&Touched::default());
    told
}

fn once(desk: &Desk, watcher: &mut dyn Watcher) -> Result<Talked, Failed> {
    let (about, before) = desk.read(|ledger| Ok((belonging(ledger)?, ledger.steps_without_receipt()?)))?;
    let about = about.ok_or(Trouble::NotEnrolled)?;
    let line = Line::of(&about)?;
    let outcome = speak(desk, &line, watcher)?;
    if about.pictures && outcome.is_all {
        pictures(desk, &line, watcher)?;
    }
    let small = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
    Ok(Talked {
        trouble: (!outcome.is_all).then(|| "left".to_owned()),
        received: small(before.saturating_sub(outcome.left)),
        applied: outcome.applied as u32,
        left: small(outcome.left),
    })
}

fn speak(desk: &Desk, line: &Line, watcher: &mut dyn Watcher) -> Result<Outcome, Failed> {
    let mut machine = desk.machine();
    let stop = std::cell::Cell::new(watcher.is_stopped());
    let mut hand = Hand::of(desk, &stop)?;
    let mut most = 0;
    let watcher = std::cell::RefCell::new(watcher);
    let mut told = |progress: Progress| {
        let mut watcher = watcher.borrow_mut();
        tell(&mut **watcher, progress, &mut most);
        stop.set(watcher.is_stopped());
    };
    let mut pause = |wait: Duration| pause(wait, || watcher.borrow().is_stopped());
    converse(&mut hand, line, &mut World { edge: &mut machine, pause: &mut pause }, &mut told)
}

/// What is left to send counts down, what is to be fetched counts up; the larger part is what a person waits for.
fn tell(watcher: &mut dyn Watcher, progress: Progress, most: &mut u64) {
    let small = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
    *most = (*most).max(progress.unsent);
    let behind = progress.newest.saturating_sub(progress.upto);
    if behind > progress.unsent {
        watcher.at("fetching", small(progress.upto), small(progress.newest));
    } else {
        watcher.at("sending", small(*most - progress.unsent), small(*most));
    }
}

fn pictures(desk: &Desk, line: &Line, watcher: &mut dyn Watcher) -> Result<(), Failed> {
    watcher.at("pictures", 0, 0);
    let stop = std::cell::Cell::new(false);
    let mut hand = Hand::of(desk, &stop)?;
    let letter = hand.lend(|ledger| Letter::of(&LedgerShelf::of(ledger)?.ok_or(Trouble::NotEnrolled)?))?;
    let folder = desk.read(|ledger| Ok(folder_of(ledger)))?;
    let mut machine = desk.machine();
    let mut pause = |wait: Duration| pause(wait, || watcher.is_stopped());
    letter.send_and_fetch(line, &folder, &mut World { edge: &mut machine, pause: &mut pause }).map(|_| ())
}

const LOOK: Duration = Duration::from_millis(100);

/// Waits; `false` when somebody has stopped it.
pub(super) fn pause(wait: Duration, is_stopped: impl Fn() -> bool) -> bool {
    let mut left = wait;
    while !left.is_zero() {
        if is_stopped() {
            return false;
        }
        let now = left.min(LOOK);
        std::thread::sleep(now);
        left -= now;
    }
    !is_stopped()
}

/// Lends the desk's ledger for one step of a conversation.
pub(super) struct Hand<'a> {
    desk: &'a Desk,
    /// Another ledger may be opened while the line speaks: what was begun for this one is not written into that.
    chain: (uuid::Uuid, uuid::Uuid),
    stop: &'a std::cell::Cell<bool>,
}

impl<'a> Hand<'a> {
    pub fn of(desk: &'a Desk, stop: &'a std::cell::Cell<bool>) -> Result<Hand<'a>> {
        let chain = desk.read(|ledger| Ok((ledger.village(), ledger.device())))?;
        Ok(Hand::for_chain(desk, chain, stop))
    }

    /// For somebody else who works for the same ledger.
    pub fn for_chain(desk: &'a Desk, chain: (uuid::Uuid, uuid::Uuid), stop: &'a std::cell::Cell<bool>) -> Hand<'a> {
        Hand { desk, chain, stop }
    }

    pub fn chain(&self) -> (uuid::Uuid, uuid::Uuid) {
        self.chain
    }
}

impl Lends for Hand<'_> {
    fn lend<T>(&mut self, step: impl FnOnce(&mut Ledger) -> Result<T, Failed>) -> Result<T, Failed> {
        let mut held = held(self.desk.ledger());
        let ledger = held.as_mut().ok_or_else(|| lianhu_ledger::Error::from(no_ledger()))?;
        let is_same = (ledger.village(), ledger.device()) == self.chain;
        if self.stop.get() || !is_same { Err(Trouble::Stopped.into()) } else { step(ledger) }
    }

    fn touched(&mut self, touched: Touched) {
        if !touched.records.is_empty() {
            self.desk.forget_names();
            self.desk.exchange().heard(&touched);
        }
    }
}

/// The machine's chance, as a number.
pub(super) fn chance(machine: &mut Machine) -> u64 {
    u64::from_le_bytes(machine.random()[..8].try_into().expect("eight of sixteen bytes"))
}
