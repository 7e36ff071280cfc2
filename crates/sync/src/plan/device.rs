//! A laptop's half: what it asks, and what it does with an answer, or with parcels from a package.

use std::collections::{BTreeMap, BTreeSet};

use lianhu_ledger::{Batch, BatchRef, Change, Result, SKEW_CAP_MS, Stamp};

use super::commits;
use super::desk::Desk;
use super::intake::Intake;
use crate::faults::{Fault, Faults};
use crate::protocol::{Answer, Ask, Parcel, Standing, Why, signed, weight};
use crate::receipt::Receipt;
use crate::shelf::{Chain, Command, DeviceShelf, Head};
use crate::suite::{Signer, Suite};
use crate::sums::{Block, Sum};

/// An answer older than this says nothing of the clock, nor of what the township has forgotten.
const FRESH_MS: u64 = 60_000;
/// Bytes of batches, unpacked, in the first answer of a session and in those after it; a tenth of it goes over the line.
const FIRST_ROOM: u64 = 1 << 20;
const ROOM: u64 = 4 << 20;

/// What is remembered from one answer to the next ask, and may be forgotten in a crash.
#[derive(Clone, Debug, Default)]
pub struct Session {
    /// What the township asked for again: from and to, by chain.
    wanted: BTreeMap<Chain, (u64, u64)>,
    /// The township's sum over all, when it had nothing more to send.
    sum: Option<Sum>,
    more: bool,
    /// When the last ask was made, by our own clock.
    asked_ms: Option<u64>,
    /// What an answer brought that did not stand on what was here.
    missed: BTreeSet<BatchRef>,
    /// What the township said last that it lacks.
    lacks: BTreeMap<Chain, u64>,
    heard: bool,
    /// How often the line proved too slow for what was asked.
    slower: u32,
    pub revoked: bool,
    /// What the township keeps and does not take, and why.
    pub held: Vec<(BatchRef, Why)>,
    /// How often the two sides were found to differ and something had to be sent again.
    pub repairs: u32,
}

/// What the device is, for one turn.
pub struct Device<'a> {
    pub suite: &'a dyn Suite,
    pub signer: &'a dyn Signer,
    pub now_ms: u64,
    /// Chance, for a new incarnation.
    pub leap: u32,
    /// Bytes of batches in one ask.
    pub most: usize,
    pub faults: Faults,
}

impl Session {
    /// Whether there is something to say: batches without receipt, more to come, or a difference.
    pub fn is_open(&self, shelf: &impl DeviceShelf) -> Result<bool> {
        if self.revoked {
            return Ok(false);
        }
        Ok(self.more || !self.wanted.is_empty() || self.differs(shelf)? || !sendable(shelf)?.is_empty())
    }

    /// The answer did not come in time: less is asked for from now on.
    pub fn slower(&mut self) {
        self.slower = (self.slower + 1).min(16);
    }

    fn room(&self) -> u64 {
        let room = if self.heard && self.slower == 0 { ROOM } else { FIRST_ROOM };
        room >> (2 * self.slower)
    }

    fn differs(&self, shelf: &impl DeviceShelf) -> Result<bool> {
        match self.sum {
            Some(sum) => Ok(shelf.sum()? != sum),
            None => Ok(false),
        }
    }

    fn want(&mut self, chain: Chain, first: u64, last: u64) {
        let span = self.wanted.entry(chain).or_insert((first, last));
        *span = (span.0.min(first), span.1.max(last));
    }
}

/// Chains with something to send: what nobody will take is not among them.
fn sendable(shelf: &impl DeviceShelf) -> Result<BTreeMap<Chain, u64>> {
    let mut chains = BTreeMap::new();
    for (chain, first) in shelf.unsent()? {
        if shelf.barred(chain.at(first))? != Some(Why::Revoked) {
            chains.insert(chain, first);
        }
    }
    Ok(chains)
}

impl Device<'_> {
    /// What to say, and the signatures to keep before it is said.
    pub fn ask(&self, shelf: &impl DeviceShelf, session: &mut Session) -> Result<(Vec<Command>, Ask)> {
        session.asked_ms = Some(self.now_ms);
        let differs = session.differs(shelf)? && !self.faults.has(Fault::NothingOfferedAgain);
        let heads = shelf.heads()?;
        let (epoch, cursor) = shelf.cursor()?;
        let mut commands = Vec::new();
        let parcels = self.outgoing(shelf, session, &heads, &mut commands)?;
        let ask = Ask {
            village: shelf.village(),
            me: shelf.me(),
            epoch,
            cursor,
            clock_ms: self.now_ms,
            room: session.room(),
            heads: heads.into_iter().collect(),
            parcels,
            blocks: if differs { Some(shelf.sums()?.into_iter().collect()) } else { None },
        };
        if self.faults.has(Fault::SentIsReceived) {
            commands.extend(ask.parcels.iter().filter_map(taken_for_granted).map(Command::Receive));
        }
        Ok((commands, ask))
    }

    fn outgoing(
        &self,
        shelf: &impl DeviceShelf,
        session: &mut Session,
        heads: &BTreeMap<Chain, Head>,
        commands: &mut Vec<Command>,
    ) -> Result<Vec<Parcel>> {
        let mut spans: BTreeMap<Chain, (u64, u64)> = BTreeMap::new();
        for (chain, first) in sendable(shelf)? {
            spans.insert(chain, (first, u64::MAX));
        }
        for (chain, (first, last)) in std::mem::take(&mut session.wanted) {
            let span = spans.entry(chain).or_insert((first, last));
            *span = (span.0.min(first), span.1.max(last));
        }
        let mut room = self.most;
        let mut parcels = Vec::new();
        let root = shelf.roster()?.root.device;
        let mut spans: Vec<_> = spans.into_iter().collect();
        spans.sort_by_key(|(chain, _)| chain.device != root);
        for (chain, (first, last)) in spans {
            let Some(head) = heads.get(&chain).filter(|_| room > 0) else { continue };
            let parcel = self.run(shelf, chain, (first, last.min(head.seq)), &mut room, commands)?;
            parcels.extend(parcel);
        }
        Ok(parcels)
    }

    /// A run that others can check: its last batch is signed, by us where it is ours to sign.
    fn run(
        &self,
        shelf: &impl DeviceShelf,
        chain: Chain,
        (first, last): (u64, u64),
        room: &mut usize,
        commands: &mut Vec<Command>,
    ) -> Result<Option<Parcel>> {
        let receipts = shelf.receipts(chain, first, last)?;
        let last = receipts.iter().map(|receipt| receipt.last).chain([last]).max().unwrap_or(last);
        let mut batches = shelf.batches(chain, first, last)?;
        // A hole that a disk made: what lies behind it proves nothing.
        let hole = batches.windows(2).position(|two| two[0].at.seq + 1 != two[1].at.seq);
        batches.truncate(hole.map_or(batches.len(), |nth| nth + 1));
        let fitting = fitting(&batches, &receipts, room);
        batches.truncate(fitting);
        if chain.device == shelf.me().device {
            judge_own(shelf, &batches, commands)?;
            self.sign_last(&mut batches, commands);
        } else {
            let signed = batches.iter().rposition(|batch| !batch.signature.is_empty());
            batches.truncate(signed.map_or(0, |nth| nth + 1));
        }
        let Some(end) = batches.last().map(|batch| batch.at.seq) else { return Ok(None) };
        let receipts = receipts.into_iter().filter(|receipt| receipt.last <= end).collect();
        Ok(Some(Parcel::new(batches, receipts)))
    }

    fn sign_last(&self, batches: &mut [Batch], commands: &mut Vec<Command>) {
        let Some(last) = batches.last_mut().filter(|batch| batch.signature.is_empty()) else { return };
        last.signature = self.signer.sign(&signed(last));
        commands.push(Command::Sign { at: last.at, signature: last.signature.clone() });
    }

    /// Everything that someone lacks who has each chain up to a number, with the signatures to keep first: for a package.
    pub fn parcels(&self, shelf: &impl DeviceShelf, has: &BTreeMap<Chain, u64>) -> Result<(Vec<Command>, Vec<Parcel>)> {
        let (mut commands, mut parcels) = (Vec::new(), Vec::new());
        for (chain, head) in shelf.heads()? {
            let first = has.get(&chain).copied().unwrap_or(0) + 1;
            if first > head.seq {
                continue;
            }
            let mut room = usize::MAX;
            parcels.extend(self.run(shelf, chain, (first, head.seq), &mut room, &mut commands)?);
        }
        Ok((commands, parcels))
    }

    /// Writes a batch of ours that no form makes: the first computer of a village without township enters another one.
    pub fn write(
        &self,
        shelf: &impl DeviceShelf,
        op: &str,
        author: &str,
        changes: Vec<Change>,
    ) -> Result<Vec<Command>> {
        let chain = shelf.me();
        let head = shelf.heads()?.get(&chain).copied().unwrap_or(Head { seq: 0, hash: [0; 32] });
        let last = shelf.batches(chain, head.seq, head.seq)?.first().map(|batch| batch.stamp).unwrap_or_default();
        let batch = Batch {
            village: shelf.village(),
            at: chain.at(head.seq + 1),
            op: op.to_owned(),
            author: author.to_owned(),
            stamp: last.next(self.now_ms),
            prev: head.hash,
            changes,
            signature: Vec::new(),
        };
        Ok(vec![Command::Take { batch, barred: None }])
    }

    /// What to commit upon an answer: data and cursor in one.
    pub fn hear(
        &self,
        shelf: &impl DeviceShelf,
        session: &mut Session,
        mut answer: Answer,
    ) -> Result<Vec<Vec<Command>>> {
        session.revoked = answer.standing == Standing::Revoked;
        if answer.standing != Standing::Member || answer.village != shelf.village() {
            return Ok(Vec::new());
        }
        let mut desk = Desk::new(self, self.intake(shelf)?, false);
        for parcel in desk.intake.in_order(std::mem::take(&mut answer.parcels)) {
            desk.parcel(parcel)?;
        }
        desk.receipts(&answer.receipts)?;
        for (chain, from) in answer.need.iter().filter(|(chain, from)| session.lacks.get(chain) == Some(from)) {
            desk.mend(*chain, *from)?;
        }
        for block in answer.unlike.iter().filter(|_| self.is_fresh(&answer)) {
            desk.mend_block(block)?;
        }
        let missed = desk.missed;
        let mut commands = desk.intake.commands;
        // Once each: what is missed again, in the answer to what was asked last, is no matter of timing, and is found by
        // comparing. An answer that comes twice or late proves nothing of the sort.
        let late = session.asked_ms != Some(answer.asked_ms);
        let waits = missed.iter().any(|at| late || !session.missed.contains(at));
        session.missed.extend(missed);
        commands.extend(cursor(shelf.cursor()?, &answer, self.is_fresh(&answer)).filter(|_| !waits));
        commands.extend(self.heal(&answer));
        self.remember(session, &answer);
        // The next answer brings what was missed: so there is something to ask for.
        session.more |= waits;
        Ok(commits(commands, self.faults))
    }

    /// What to commit upon the parcels of a package. Nothing is said of any cursor.
    pub fn read(&self, shelf: &impl DeviceShelf, parcels: &[Parcel]) -> Result<Vec<Command>> {
        let mut desk = Desk::new(self, self.intake(shelf)?, true);
        for parcel in desk.intake.in_order(parcels) {
            desk.parcel(parcel.clone())?;
        }
        Ok(desk.intake.commands)
    }

    fn intake<'s, S: DeviceShelf>(&'s self, shelf: &'s S) -> Result<Intake<'s, S>> {
        Intake::new(shelf, self.suite, self.now_ms, self.faults)
    }

    fn remember(&self, session: &mut Session, answer: &Answer) {
        session.heard = true;
        session.more = answer.upto < answer.newest;
        session.sum = answer.sum;
        session.held.clone_from(&answer.held);
        session.lacks = answer.need.iter().copied().collect();
        if self.faults.has(Fault::NothingOfferedAgain) {
            return;
        }
        for (chain, from) in &answer.need {
            session.want(*chain, *from, u64::MAX);
        }
        for Block { chain, nth } in &answer.unlike {
            let block = Block { chain: *chain, nth: *nth };
            session.want(*chain, block.first(), block.last());
        }
        session.repairs += u32::from(!answer.unlike.is_empty());
    }

    fn is_fresh(&self, answer: &Answer) -> bool {
        self.now_ms.checked_sub(answer.asked_ms).is_some_and(|age| age <= FRESH_MS)
    }

    /// A clock that is off is put right by what the township's showed within the same minute.
    fn heal(&self, answer: &Answer) -> Option<Command> {
        let off = self.now_ms.abs_diff(answer.now_ms) > SKEW_CAP_MS;
        (self.is_fresh(answer) && off).then_some(Command::Heal { shown_ms: self.now_ms, right_ms: answer.now_ms })
    }
}

/// How many batches there is room for. What was received together goes together, even beyond the room: half of a receipt
/// proves nothing, and who always stops before it never gets behind it.
fn fitting(batches: &[Batch], receipts: &[Receipt], room: &mut usize) -> usize {
    let mut end = 0;
    for batch in batches {
        if *room == 0 {
            break;
        }
        *room = room.saturating_sub(weight(batch));
        end += 1;
    }
    let Some(first) = batches.first().map(|batch| batch.at.seq) else { return 0 };
    let last = first + end as u64 - 1;
    let cut = receipts.iter().find(|receipt| receipt.first <= last && last < receipt.last);
    cut.map_or(end, |receipt| ((receipt.last + 1 - first) as usize).min(batches.len()))
}

/// What was written here beyond our own role is barred here as it will be everywhere.
fn judge_own(shelf: &impl DeviceShelf, batches: &[Batch], commands: &mut Vec<Command>) -> Result<()> {
    let roster = shelf.roster()?;
    for batch in batches {
        let why = roster.bars(batch);
        if why.is_some() && shelf.barred(batch.at)? != why {
            commands.push(Command::Bar { at: batch.at, why });
        }
    }
    Ok(())
}

/// Everything up to the cursor is here. An answer that begins after it was meant for someone further on; a township
/// that knows less than it did begins again, unless it is only an old answer that knows less.
fn cursor((epoch, cursor): (u64, u64), answer: &Answer, fresh: bool) -> Option<Command> {
    let same = answer.epoch == epoch;
    let no = match same {
        true if answer.newest < cursor && fresh => answer.upto,
        true if answer.from <= cursor => answer.upto.max(cursor),
        false if answer.from == 0 => answer.upto,
        _ => return None,
    };
    (!same || no != cursor).then_some(Command::Cursor { epoch: answer.epoch, no })
}

/// The planted bug “sent is received”.
fn taken_for_granted(parcel: &Parcel) -> Option<Receipt> {
    let last = parcel.batches.last()?;
    Some(Receipt {
        epoch: 0,
        no: 0,
        chain: Chain::of(last.at),
        first: parcel.batches.first()?.at.seq,
        last: last.at.seq,
        hash: last.hash(),
        received: Stamp(i64::MAX as u64),
        skew_ms: 0,
        before: Vec::new(),
        signature: Vec::new(),
    })
}
