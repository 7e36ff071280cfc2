//! How commands become rows: one [`Changes`] a commit, whatever it brings.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use lianhu_ledger::{Batch, BatchRef, Chain, Hash, Head, Result, Stamp};
use lianhu_sync::guard::Today;
use lianhu_sync::protocol::wire::{parcel_bytes, receipt_bytes};
use lianhu_sync::shelf::{hash_of, with_next};
use lianhu_sync::{Block, Command, Commit, Parked, Receipt, Shelf, Sum, Why};
use uuid::Uuid;

use super::{PARKED_MOST, VillageShelf, batch_name, ends, record_key};
use crate::store::{Changes, Entry, Numbered, Paper, damaged, paper};

/// One commit being put together.
#[derive(Default)]
struct Step {
    changes: Changes,
    /// Times of batches that were here before.
    times: BTreeMap<BatchRef, Stamp>,
    life: BTreeMap<i64, bool>,
    names_the_roster: bool,
}

fn parked_name((at, hash): (BatchRef, Hash)) -> Vec<u8> {
    [batch_name(at).as_slice(), &hash].concat()
}

impl Commit for VillageShelf<'_> {
    fn commit(&mut self, commands: &[Command]) -> Result<()> {
        if commands.is_empty() {
            return Ok(());
        }
        let before = self.state;
        let mut step = Step::default();
        with_next(commands).try_for_each(|(command, next)| self.carry_out(&mut step, command, next))?;
        let Step { mut changes, times, life, names_the_roster } = step;
        changes.times = times.into_iter().collect();
        changes.born = life.iter().filter(|(_, lives)| **lives).map(|(key, _)| *key).collect();
        changes.gone = life.iter().filter(|(_, lives)| !**lives).map(|(key, _)| *key).collect();
        changes.state = Some(self.state).filter(|state| *state != before);
        self.tx.borrow_mut().append(&changes)?;
        self.forget(&changes);
        if names_the_roster {
            self.rosters.keep(self.village, ends(&self.heads, self.seat.root.device), self.roster.clone());
        }
        Ok(())
    }
}

impl VillageShelf<'_> {
    /// Puts papers down beside what is committed.
    pub fn put(&mut self, papers: Vec<Paper>) -> Result<()> {
        self.tx.borrow_mut().append(&Changes { papers, ..Changes::default() })
    }

    /// What was read of these batches is no longer so.
    fn forget(&mut self, changes: &Changes) {
        let mut marks = self.marks.borrow_mut();
        let moved = changes.times.iter().map(|(at, _)| at).chain(changes.bars.iter().map(|(at, _)| at));
        for at in moved {
            marks.remove(at);
        }
    }

    fn carry_out(&mut self, step: &mut Step, command: &Command, next: Option<&Command>) -> Result<()> {
        match command {
            Command::Take { batch, barred } => self.take(step, batch, *barred, hash_of(batch, next)),
            Command::Receive(receipt) => self.receive(step, receipt),
            Command::Number { no, receipt } => {
                let paper = receipt_bytes(receipt);
                let Receipt { chain, first, last, .. } = *receipt;
                step.changes.receipts.push(Numbered { no: *no, chain, first, last, paper });
                self.state.newest = *no;
                self.given.push((*no, receipt.clone()));
                Ok(())
            }
            Command::Bar { at, why } => {
                step.changes.bars.push((*at, *why));
                Ok(())
            }
            Command::Park(parked) => self.park(step, parked),
            Command::Unpark(key) => self.unpark(step, parked_name(*key)),
            Command::Approve(at) => {
                self.approved = std::cell::OnceCell::new();
                step.changes.papers.push((paper::APPROVED, batch_name(*at), Some(Vec::new())));
                Ok(())
            }
            Command::Today { device, today } => {
                let Today { day, voids, changed } = today;
                let bytes = [day.to_le_bytes().as_slice(), &voids.to_le_bytes(), &changed.to_le_bytes()].concat();
                // New records do not count: most of a day's pushes say what the first one said.
                let of_step = step.changes.papers.iter().any(|(kind, ..)| *kind == paper::TODAY);
                if of_step || self.paper(paper::TODAY, device.as_bytes())?.as_ref() != Some(&bytes) {
                    step.changes.papers.push((paper::TODAY, device.as_bytes().to_vec(), Some(bytes)));
                }
                Ok(())
            }
            Command::Judged(mark) => {
                self.state.judged = Some(*mark);
                Ok(())
            }
            Command::Sign { .. }
            | Command::Cursor { .. }
            | Command::Withdraw { .. }
            | Command::Incarnation(_)
            | Command::Heal { .. } => Err(damaged(&self.village, "a township does not do what a laptop does").into()),
        }
    }

    fn take(&mut self, step: &mut Step, batch: &Batch, barred: Option<Why>, hash: Hash) -> Result<()> {
        let chain = Chain::of(batch.at);
        if self.heads.get(&chain).is_some_and(|head| batch.at.seq <= head.seq) {
            return Ok(());
        }
        let entry = Entry::of(batch, barred, hash);
        let head = Head { seq: batch.at.seq, hash: entry.hash };
        self.heads.insert(chain, head);
        step.changes.heads.insert(chain, head);
        step.changes.entries.push(entry);
        if batch.at.device == self.seat.root.device {
            Arc::make_mut(&mut self.roster).read(batch);
            step.names_the_roster = true;
        }
        if barred.is_none() { self.count(step, batch) } else { Ok(()) }
    }

    /// Counts the records that begin or end to live.
    fn count(&mut self, step: &mut Step, batch: &Batch) -> Result<()> {
        for change in &batch.changes {
            let key = record_key(&change.kind, change.id);
            let gone = change.cells.iter().any(|cell| cell.field == "gone" && !cell.value.is_null());
            if self.lives(key)? != gone {
                continue;
            }
            self.lives.borrow_mut().insert(key, !gone);
            step.life.insert(key, !gone);
            self.state.living = if gone { self.state.living.saturating_sub(1) } else { self.state.living + 1 };
        }
        Ok(())
    }

    /// Lets the batches a receipt covers count from the earliest time that any receipt gives them.
    fn receive(&mut self, step: &mut Step, receipt: &Receipt) -> Result<()> {
        let mut moved: Vec<(BatchRef, Hash, Option<Stamp>, Stamp)> = Vec::new();
        let mut first_new = u64::MAX;
        for entry in step.changes.entries.iter_mut().filter(|entry| Chain::of(entry.at) == receipt.chain) {
            first_new = first_new.min(entry.at.seq);
            let time = receipt.time_of(entry.at.seq, entry.stamp);
            if receipt.covers(entry.at) && entry.received.is_none_or(|known| time < known) {
                moved.push((entry.at, entry.hash, entry.received.replace(time), time));
            }
        }
        if receipt.first < first_new {
            let last = receipt.last.min(first_new - 1);
            for mark in self.tx.borrow_mut().marks(receipt.chain, receipt.first, last)? {
                let at = receipt.chain.at(mark.seq);
                let known = step.times.get(&at).copied().or(mark.received);
                let time = receipt.time_of(mark.seq, mark.stamp);
                if known.is_none_or(|known| time < known) {
                    step.times.insert(at, time);
                    moved.push((at, mark.hash, known, time));
                }
            }
        }
        self.look_up_sums(step, moved.iter().map(|(at, ..)| Block::of(*at)))?;
        moved.into_iter().for_each(|(at, hash, before, time)| self.add_up(step, at, &hash, before, time));
        Ok(())
    }

    /// The sums of these blocks as they were, in one question.
    fn look_up_sums(&self, step: &mut Step, blocks: impl Iterator<Item = Block>) -> Result<()> {
        let blocks: BTreeSet<Block> = blocks.filter(|block| !step.changes.sums.contains_key(block)).collect();
        if blocks.is_empty() {
            return Ok(());
        }
        let blocks: Vec<Block> = blocks.into_iter().collect();
        step.changes.sums.extend(self.tx.borrow_mut().sums(Some(&blocks))?);
        Ok(())
    }

    fn add_up(&mut self, step: &mut Step, at: BatchRef, hash: &Hash, before: Option<Stamp>, time: Stamp) {
        let of_block = step.changes.sums.entry(Block::of(at)).or_default();
        for sum in [of_block, &mut self.state.sum] {
            if let Some(before) = before {
                sum.take(Sum::of(hash, before));
            }
            sum.add(Sum::of(hash, time));
        }
    }

    fn park(&mut self, step: &mut Step, parked: &Parked) -> Result<()> {
        let nth = Why::ALL.iter().position(|why| *why == parked.why).unwrap_or(0) as u8;
        let bytes = [vec![nth], parcel_bytes(&parked.parcel)].concat();
        let name = parked_name(parked.key());
        let known = self.parked_bytes(step, &name)?;
        let waiting = self.state.parked - known.min(self.state.parked) + bytes.len() as u64;
        if waiting > PARKED_MOST {
            self.overfull += 1;
            return Ok(());
        }
        self.state.parked = waiting;
        step.changes.papers.push((paper::PARKED, name, Some(bytes)));
        Ok(())
    }

    fn unpark(&mut self, step: &mut Step, name: Vec<u8>) -> Result<()> {
        let known = self.parked_bytes(step, &name)?;
        self.state.parked = self.state.parked.saturating_sub(known);
        step.changes.papers.push((paper::PARKED, name, None));
        Ok(())
    }

    /// How much of what waits is kept under that name.
    fn parked_bytes(&self, step: &Step, name: &[u8]) -> Result<u64> {
        let now = step.changes.papers.iter().rev().find(|(kind, known, _)| *kind == paper::PARKED && known == name);
        let length = |bytes: Option<&Vec<u8>>| bytes.map_or(0, |bytes| bytes.len() as u64);
        match now {
            Some((_, _, bytes)) => Ok(length(bytes.as_ref())),
            None => Ok(length(self.paper(paper::PARKED, name)?.as_ref())),
        }
    }

    /// Takes note that a computer was heard; a second word within ten minutes is not worth a write.
    pub fn heard_of(&mut self, device: Uuid, now_ms: u64) -> Result<()> {
        const WORTH_MS: u64 = 10 * 60 * 1000;
        let known = self.paper(paper::SEEN, device.as_bytes())?.and_then(|b| <[u8; 8]>::try_from(b).ok());
        if known.is_some_and(|known| now_ms < u64::from_le_bytes(known).saturating_add(WORTH_MS)) {
            return Ok(());
        }
        self.put(vec![(paper::SEEN, device.as_bytes().to_vec(), Some(now_ms.to_le_bytes().to_vec()))])
    }

    /// Whether something waits that the chains just heard, or a changed roster, may have made possible.
    pub fn may_go_on(&self, heard: &[Command]) -> Result<bool> {
        if self.state.parked == 0 {
            return Ok(false);
        }
        let waiting = self.parked()?.into_iter().filter(|parked| parked.why != Why::Fork);
        let roots = self.seat.root.device;
        let mut waiting = waiting.filter_map(|parked| parked.parcel.chain());
        let taken = |chain: Chain| {
            let is = |at: BatchRef| Chain::of(at) == chain || at.device == roots;
            heard.iter().any(|command| matches!(command, Command::Take { batch, .. } if is(batch.at)))
        };
        Ok(waiting.any(taken))
    }
}
