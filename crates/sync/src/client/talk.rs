//! 一次通话 — what is asked next and what is done with the answer. It touches no network; what it must remember between
//! two messages and may forget in a crash lies here.

use std::borrow::BorrowMut;
use std::collections::{BTreeMap, BTreeSet};

use lianhu_ledger::{BatchRef, Chain, Edge, Head, Ledger, Result};

use crate::faults::Faults;
use crate::ledger_shelf::LedgerShelf;
use crate::plan::after::settle;
use crate::plan::device::{Device, Session};
use crate::protocol::{Answer, Standing, Why, wire};
use crate::shelf::{Command, Commit, DeviceShelf, Shelf};
use crate::suite::{Ed25519, Ed25519Key};
use crate::trouble::{Failed, Trouble};

/// Bytes of a request, as it goes over the line.
pub const MOST_SENT: usize = 200_000;
/// Bytes of batches put into the first request: they pack to a tenth or so.
const MOST: usize = 1_500_000;
/// Rounds in which nothing moved, after which it is left for another time.
const IDLE: u32 = 3;

/// What a round can move.
type Mark = (Vec<(Chain, u64)>, (u64, u64), BTreeMap<Chain, Head>, usize);

pub struct Talk {
    session: Session,
    /// The session as it is once the answer has come; a request that was lost is asked anew.
    said: Option<Session>,
    most: usize,
    idle: u32,
    mark: Option<Mark>,
    held: BTreeMap<BatchRef, Why>,
    /// Answers that were heard.
    pub rounds: u32,
    /// How often the two sides were found to differ and something was sent again.
    pub repairs: u32,
    /// Batches that were new here.
    pub applied: usize,
    /// The township's number up to which everything was told, and its newest.
    pub told: (u64, u64),
    pub epoch: u64,
}

impl Default for Talk {
    fn default() -> Talk {
        Talk {
            session: Session::default(),
            said: None,
            most: MOST,
            idle: 0,
            mark: None,
            held: BTreeMap::new(),
            rounds: 0,
            repairs: 0,
            applied: 0,
            told: (0, 0),
            epoch: 0,
        }
    }
}

fn leap(edge: &mut dyn Edge) -> u32 {
    u32::from_le_bytes(edge.random()[..4].try_into().expect("four of sixteen bytes"))
}

impl Talk {
    /// The next request, sealed. Signatures it bears are kept first.
    pub fn ask<L: BorrowMut<Ledger>>(&mut self, shelf: &mut LedgerShelf<L>, edge: &mut dyn Edge) -> Result<Vec<u8>> {
        let key = Ed25519Key::new(shelf.secret()?);
        loop {
            let mut session = self.session.clone();
            let (commands, ask) = self.device(&key, edge).ask(shelf, &mut session)?;
            if !commands.is_empty() {
                shelf.commit(&commands)?;
            }
            let batches: usize = ask.parcels.iter().map(|parcel| parcel.batches.len()).sum();
            let bytes = wire::seal(&wire::ask_bytes(&ask), &key);
            if bytes.len() <= MOST_SENT || batches <= 1 || !self.smaller_by(bytes.len()) {
                self.said = Some(session);
                return Ok(bytes);
            }
        }
    }

    fn device<'k>(&self, key: &'k Ed25519Key, edge: &mut dyn Edge) -> Device<'k> {
        let leap = leap(edge);
        Device { suite: &Ed25519, signer: key, now_ms: edge.now_ms(), leap, most: self.most, faults: Faults::NONE }
    }

    fn smaller_by(&mut self, came_to: usize) -> bool {
        let fits = (self.most as u64).saturating_mul(MOST_SENT as u64 * 9 / 10) / came_to.max(1) as u64;
        self.shrink_to((fits as usize).min(self.most / 2))
    }

    /// Less in the next request; `false` when it was one step already.
    pub fn smaller(&mut self) -> bool {
        self.shrink_to(self.most / 2)
    }

    /// The answer did not come in time: less goes over the line from now on, both ways.
    pub fn slower(&mut self) {
        self.smaller();
        self.session.slower();
    }

    fn shrink_to(&mut self, most: usize) -> bool {
        let could = self.most > 1;
        self.most = most.max(1);
        could
    }

    /// Takes an answer in. What is not our township's word changes nothing.
    pub fn hear<L: BorrowMut<Ledger>>(
        &mut self,
        shelf: &mut LedgerShelf<L>,
        edge: &mut dyn Edge,
        bytes: &[u8],
    ) -> Result<(), Failed> {
        let answer = opened(shelf, bytes)?;
        match answer.standing {
            Standing::Member => {}
            Standing::Revoked => return Err(Trouble::Revoked.into()),
            Standing::Stranger => return Err(Trouble::Stranger.into()),
        }
        let said = self.said.take().unwrap_or_else(|| self.session.clone());
        let (key, before) = (Ed25519Key::new(shelf.secret()?), shelf.touched.applied);
        let device = self.device(&key, edge);
        let (told, epoch) = ((answer.upto, answer.newest), answer.epoch);
        let mut answer = Some(answer);
        // What a window writes meanwhile must not be taken for what was looked at; then it is read once more.
        let session = loop {
            let answer = answer.take().map_or_else(|| opened(shelf, bytes), Ok)?;
            let (seen, mut session) = (shelf.ledger().state()?, said.clone());
            let commands: Vec<Command> = device.hear(shelf, &mut session, answer)?.into_iter().flatten().collect();
            if shelf.commit_upon(Some(seen), &commands)? {
                break session;
            }
        };
        settle(shelf, &Ed25519, device.now_ms, Faults::NONE)?;
        self.session = session;
        self.rounds += 1;
        self.repairs = self.session.repairs;
        self.applied += shelf.touched.applied - before;
        (self.told, self.epoch) = (told, epoch);
        self.held.extend(self.session.held.iter().copied());
        Ok(())
    }

    /// Whether there is something to say still, and saying it has not come to nothing several times.
    pub fn goes_on<L: BorrowMut<Ledger>>(&mut self, shelf: &LedgerShelf<L>) -> Result<bool> {
        if !self.session.is_open(shelf)? {
            return Ok(false);
        }
        let mark = (shelf.unsent()?, shelf.cursor()?, shelf.heads()?, shelf.parked()?.len());
        let moved = self.mark.as_ref() != Some(&mark);
        self.mark = Some(mark);
        self.idle = if moved { 0 } else { self.idle + 1 };
        Ok(self.idle < IDLE)
    }

    /// Whether everything of ours has its receipt and everything of others is here.
    pub fn is_all<L: BorrowMut<Ledger>>(&self, shelf: &LedgerShelf<L>) -> Result<bool> {
        Ok(self.rounds > 0 && !self.session.is_open(shelf)? && self.held(shelf)?.is_empty())
    }

    /// What came to the township and is not taken there, and why.
    pub fn held<L: BorrowMut<Ledger>>(&self, shelf: &LedgerShelf<L>) -> Result<Vec<(BatchRef, Why)>> {
        let waiting: BTreeSet<(Chain, u64)> = shelf.unsent()?.into_iter().collect();
        let mut held = Vec::new();
        for (at, why) in &self.held {
            let unsent = waiting.iter().any(|(chain, first)| *chain == Chain::of(*at) && at.seq >= *first);
            if unsent && shelf.hash_at(*at)?.is_some() && shelf.time_at(*at)?.is_none() {
                held.push((*at, *why));
            }
        }
        Ok(held)
    }
}

/// The township's word: sealed with the key of the root, for this village.
fn opened<L: BorrowMut<Ledger>>(shelf: &LedgerShelf<L>, bytes: &[u8]) -> Result<Answer, Failed> {
    let content = wire::open(bytes, &Ed25519, &shelf.root().key).ok_or(Trouble::NotOurTownship)?;
    let answer = wire::read_answer(&content).ok_or(Trouble::Newer)?;
    if answer.village == shelf.village() { Ok(answer) } else { Err(Trouble::NotOurTownship.into()) }
}
