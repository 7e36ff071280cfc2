//! A ledger in memory: log, tables and what lies beside them, as the real one has them on disk, a thousand times
//! faster. It folds with the ledger's own fold, cell by cell as batches come, and can be asked what a rebuild from its
//! log would say.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use lianhu_ledger::{
    Batch, BatchRef, CellChange, Change, Folded, Hash, Healed, Name, Result, Stamp, Value, Write, fold,
};
use lianhu_sync::guard::{Census, Today};
use lianhu_sync::{
    Block, Chain, Command, Commit, DeviceShelf, Fault, Faults, Head, Parked, Part, Receipt, Root, Roster, Shelf, Sum,
    TownshipShelf, Why,
};
use uuid::Uuid;

/// One batch of the log.
#[derive(Clone)]
pub struct Logged {
    pub batch: Arc<Batch>,
    pub hash: Hash,
    pub time: Option<Stamp>,
    pub barred: Option<Why>,
}

/// Kind, record and field.
pub type Place = (Name, Uuid, Name);

#[derive(Clone, Default)]
struct Cell {
    writes: Vec<Write>,
    /// Folded when somebody looks.
    stands: Option<Folded>,
}

impl Cell {
    fn stands(&mut self, faults: Faults) -> Option<&Folded> {
        if self.stands.is_none() {
            self.stands = folded(&self.writes, faults);
        }
        self.stands.as_ref()
    }
}

#[derive(Clone)]
pub struct Model {
    village: Uuid,
    me: Chain,
    faults: Faults,
    /// Fields whose name this release does not know are kept and shown after the upgrade.
    pub knows_newer: bool,
    roster: Arc<Roster>,
    pub log: BTreeMap<Chain, BTreeMap<u64, Logged>>,
    cells: HashMap<Place, Cell>,
    receipts: BTreeMap<Chain, Vec<Receipt>>,
    unsent: BTreeMap<Chain, BTreeSet<u64>>,
    blocks: BTreeMap<Block, Sum>,
    sum: Sum,
    parked: BTreeMap<(BatchRef, Hash), Parked>,
    approved: HashSet<BatchRef>,
    today: HashMap<Uuid, Today>,
    judged: Option<Hash>,
    cursor: (u64, u64),
    healed: Option<Healed>,
    pub epoch: u64,
    pub feed: Vec<(u64, Receipt)>,
}

impl Model {
    pub fn new(village: Uuid, me: Chain, root: Root, faults: Faults) -> Model {
        Model {
            village,
            me,
            faults,
            knows_newer: true,
            roster: Arc::new(Roster::new(root)),
            log: BTreeMap::new(),
            cells: HashMap::new(),
            receipts: BTreeMap::new(),
            unsent: BTreeMap::new(),
            blocks: BTreeMap::new(),
            sum: Sum::default(),
            parked: BTreeMap::new(),
            approved: HashSet::new(),
            today: HashMap::new(),
            judged: None,
            cursor: (0, 0),
            healed: None,
            epoch: 1,
            feed: Vec::new(),
        }
    }

    pub fn logged(&self, at: BatchRef) -> Option<&Logged> {
        self.log.get(&Chain::of(at))?.get(&at.seq)
    }

    pub fn all(&self) -> impl Iterator<Item = &Logged> {
        self.log.values().flat_map(BTreeMap::values)
    }

    /// One action of a person at this computer, by a clock that shows `now_ms`.
    pub fn edit(&mut self, op: &str, now_ms: u64, wishes: &[(Place, Value)], settles: bool) -> BatchRef {
        let chain = self.me;
        let head = self.log.get(&chain).and_then(|log| log.last_key_value());
        let (seq, last, prev) = head.map_or((0, Stamp::default(), [0; 32]), |(s, l)| (*s, l.batch.stamp, l.hash));
        let now_ms = self.healed.map_or(now_ms, |healed| healed.put_right(now_ms, last));
        let mut changes: Vec<Change> = Vec::new();
        for ((kind, id, field), value) in wishes {
            let cell =
                CellChange { field: field.clone(), value: value.clone(), bases: self.seen(kind, *id, field, settles) };
            match changes.iter_mut().find(|c| c.kind == *kind && c.id == *id) {
                Some(change) => change.cells.push(cell),
                None => changes.push(Change { kind: kind.clone(), id: *id, cells: vec![cell] }),
            }
        }
        let batch = Batch {
            village: self.village,
            at: chain.at(seq + 1),
            op: op.to_owned(),
            author: String::from("w"),
            stamp: last.next(now_ms),
            prev,
            changes,
            signature: Vec::new(),
        };
        let at = batch.at;
        self.take(batch, None);
        at
    }

    /// What stands in the cell, and what it overtook when the writer settles both.
    fn seen(&mut self, kind: &str, id: Uuid, field: &str, settles: bool) -> Vec<BatchRef> {
        let faults = self.faults;
        let cell = self.cells.get_mut(&(kind.into(), id, field.into()));
        let Some(stands) = cell.and_then(|cell| cell.stands(faults)) else { return Vec::new() };
        let others = stands.overtaken.iter().map(|(at, _)| *at).filter(|_| settles).take(1);
        std::iter::once(stands.at).chain(others).collect()
    }

    fn take(&mut self, batch: Batch, barred: Option<Why>) {
        let (at, chain, hash) = (batch.at, Chain::of(batch.at), batch.hash());
        let log = self.log.entry(chain).or_default();
        if log.contains_key(&at.seq) {
            return;
        }
        if at.device == self.roster.root.device {
            Arc::make_mut(&mut self.roster).read(&batch);
        }
        let batch = Arc::new(batch);
        log.insert(at.seq, Logged { batch: batch.clone(), hash, time: None, barred });
        self.unsent.entry(chain).or_default().insert(at.seq);
        if barred.is_none() {
            self.write(&batch, batch.stamp);
        }
    }

    fn write(&mut self, batch: &Batch, time: Stamp) {
        for change in &batch.changes {
            for cell in &change.cells {
                let place = (change.kind.clone(), change.id, cell.field.clone());
                let write = Write { at: batch.at, time, value: cell.value.clone(), bases: cell.bases.clone() };
                let kept = self.cells.entry(place).or_default();
                kept.writes.push(write);
                kept.stands = None;
            }
        }
    }

    /// Takes a batch out of the tables.
    fn unwrite(&mut self, batch: &Batch) {
        for change in &batch.changes {
            for cell in &change.cells {
                let place = (change.kind.clone(), change.id, cell.field.clone());
                let Some(kept) = self.cells.get_mut(&place) else { continue };
                kept.writes.retain(|write| write.at != batch.at);
                kept.stands = None;
                if kept.writes.is_empty() {
                    self.cells.remove(&place);
                }
            }
        }
    }

    fn receive(&mut self, receipt: &Receipt) {
        let known = self.receipts.entry(receipt.chain).or_default();
        if !known.iter().rev().any(|known| known == receipt) {
            known.push(receipt.clone());
        }
        let Some(log) = self.log.get_mut(&receipt.chain) else { return };
        let mut moved = Vec::new();
        for (_, logged) in log.range_mut(receipt.first..=receipt.last) {
            let time = receipt.time_of(logged.batch.at.seq, logged.batch.stamp);
            let first_heard = self.faults.has(Fault::FirstReceiptHeard) && logged.time.is_some();
            if first_heard || logged.time.is_some_and(|known| known <= time) {
                continue;
            }
            let block = self.blocks.entry(Block::of(logged.batch.at)).or_default();
            if let Some(before) = logged.time {
                block.take(Sum::of(&logged.hash, before));
                self.sum.take(Sum::of(&logged.hash, before));
            }
            block.add(Sum::of(&logged.hash, time));
            self.sum.add(Sum::of(&logged.hash, time));
            if logged.time.unwrap_or(logged.batch.stamp) != time && logged.barred.is_none() {
                moved.push((logged.batch.clone(), time));
            }
            logged.time = Some(time);
            if let Some(unsent) = self.unsent.get_mut(&receipt.chain) {
                unsent.remove(&logged.batch.at.seq);
            }
        }
        if self.faults.has(Fault::ReceiptNotFolded) {
            return;
        }
        for (batch, time) in moved {
            self.unwrite(&batch);
            self.write(&batch, time);
        }
    }

    fn bar(&mut self, at: BatchRef, why: Option<Why>) {
        let Some(logged) = self.log.get_mut(&Chain::of(at)).and_then(|log| log.get_mut(&at.seq)) else { return };
        let before = std::mem::replace(&mut logged.barred, why);
        let (batch, time) = (logged.batch.clone(), logged.time.unwrap_or(logged.batch.stamp));
        match (before.is_some(), why.is_some()) {
            (false, true) => self.unwrite(&batch),
            (true, false) => self.write(&batch, time),
            _ => {}
        }
    }

    fn withdraw(&mut self, chain: Chain, from: u64) {
        let Some(log) = self.log.get_mut(&chain) else { return };
        let gone = log.split_off(&from);
        for (seq, logged) in gone {
            self.unsent.entry(chain).or_default().remove(&seq);
            if let Some(time) = logged.time {
                let sum = Sum::of(&logged.hash, time);
                self.sum.take(sum);
                self.blocks.entry(Block::of(chain.at(seq))).or_default().take(sum);
            }
            self.unwrite(&logged.batch);
        }
        self.log.retain(|_, log| !log.is_empty());
    }

    /// A row that was received and is not the end of its chain is gone, as if the disk had lost it.
    pub fn lose_a_row(&mut self, roll: usize) -> Option<BatchRef> {
        let inner = |log: &BTreeMap<u64, Logged>| log.len().saturating_sub(1);
        let rows: Vec<BatchRef> = self
            .log
            .values()
            .flat_map(|log| log.values().take(inner(log)))
            .filter(|logged| logged.time.is_some() && logged.batch.at.device != self.roster.root.device)
            .map(|logged| logged.batch.at)
            .collect();
        let at = rows.get(roll % rows.len().max(1)).copied()?;
        let lost = self.log.get_mut(&Chain::of(at)).and_then(|log| log.remove(&at.seq))?;
        if let Some(time) = lost.time {
            let sum = Sum::of(&lost.hash, time);
            self.sum.take(sum);
            self.blocks.entry(Block::of(at)).or_default().take(sum);
        }
        self.unwrite(&lost.batch);
        Some(at)
    }

    /// The same village on another computer that has heard nothing.
    pub fn emptied(&self, device: Uuid) -> Model {
        let mut empty =
            Model::new(self.village, Chain { device, incarnation: 1 }, self.roster.root.clone(), self.faults);
        empty.knows_newer = self.knows_newer;
        empty
    }

    /// What stands in every cell that this release shows.
    pub fn says(&mut self) -> BTreeMap<Place, (Value, usize)> {
        let (faults, newer) = (self.faults, self.knows_newer);
        let shown = self.cells.iter_mut().filter(|((_, _, field), _)| newer || !field.starts_with("newer"));
        shown.filter_map(|(place, cell)| Some((place.clone(), told(cell.stands(faults)?)))).collect()
    }

    /// What the tables would say, were they made anew from the log.
    pub fn rebuilt(&self) -> BTreeMap<Place, (Value, usize)> {
        let mut anew = Model::new(self.village, self.me, self.roster.root.clone(), Faults::NONE);
        anew.knows_newer = self.knows_newer;
        for logged in self.all().filter(|logged| logged.barred.is_none()) {
            anew.write(&logged.batch, logged.time.unwrap_or(logged.batch.stamp));
        }
        Model::says(&mut anew)
    }

    /// The latest effective time of any cell.
    pub fn latest(&mut self) -> Stamp {
        let faults = self.faults;
        self.cells.values_mut().filter_map(|cell| Some(cell.stands(faults)?.effective)).max().unwrap_or_default()
    }

    /// Whether a part of a receipt is one that was given here.
    pub fn gave(&self, receipt: &Receipt, part: Part) -> bool {
        let all = self.receipts.get(&receipt.chain);
        all.is_some_and(|all| all.iter().rev().any(|known| known.says(part, receipt.epoch)))
    }

    fn approve(&mut self, at: BatchRef) {
        self.approved.insert(at);
    }

    fn lives(&self, kind: &str, id: Uuid) -> bool {
        let gone = self.cells.get(&(kind.into(), id, Name::from("gone")));
        let gone = gone.is_some_and(|cell| cell.writes.iter().any(|write| !write.value.is_null()));
        let named = self.cells.contains_key(&(kind.into(), id, Name::from("address")));
        named && !gone
    }
}

fn told(stands: &Folded) -> (Value, usize) {
    (stands.value.clone(), stands.overtaken.len())
}

fn folded(writes: &[Write], faults: Faults) -> Option<Folded> {
    let mut stands = fold(writes)?;
    if faults.has(Fault::TieByArrival) {
        let last = writes.iter().rfind(|write| write.time == stands.effective);
        if let Some(last) = last {
            stands.value = last.value.clone();
        }
    }
    Some(stands)
}

impl Shelf for Model {
    fn village(&self) -> Uuid {
        self.village
    }

    fn roster(&self) -> Result<Arc<Roster>> {
        Ok(self.roster.clone())
    }

    fn heads(&self) -> Result<BTreeMap<Chain, Head>> {
        let head = |(chain, log): (&Chain, &BTreeMap<u64, Logged>)| {
            log.last_key_value().map(|(seq, logged)| (*chain, Head { seq: *seq, hash: logged.hash }))
        };
        Ok(self.log.iter().filter_map(head).collect())
    }

    fn hash_at(&self, at: BatchRef) -> Result<Option<Hash>> {
        Ok(self.logged(at).map(|logged| logged.hash))
    }

    fn batches(&self, chain: Chain, first: u64, last: u64) -> Result<Vec<Batch>> {
        let Some(log) = self.log.get(&chain).filter(|_| first <= last) else { return Ok(Vec::new()) };
        Ok(log.range(first..=last).map(|(_, logged)| (*logged.batch).clone()).collect())
    }

    fn receipts(&self, chain: Chain, first: u64, last: u64) -> Result<Vec<Receipt>> {
        let all = self.receipts.get(&chain).into_iter().flatten();
        Ok(all.filter(|receipt| receipt.last >= first && receipt.first <= last).cloned().collect())
    }

    fn time_at(&self, at: BatchRef) -> Result<Option<Stamp>> {
        Ok(self.logged(at).and_then(|logged| logged.time))
    }

    fn barred(&self, at: BatchRef) -> Result<Option<Why>> {
        Ok(self.logged(at).and_then(|logged| logged.barred))
    }

    fn all_barred(&self) -> Result<Vec<BatchRef>> {
        Ok(self.all().filter(|logged| logged.barred.is_some()).map(|logged| logged.batch.at).collect())
    }

    fn parked(&self) -> Result<Vec<Parked>> {
        Ok(self.parked.values().cloned().collect())
    }

    fn approved(&self, at: BatchRef) -> Result<bool> {
        Ok(self.approved.contains(&at))
    }

    fn census(&self, records: &[(&str, Uuid)]) -> Result<Census> {
        let standing = records.iter().filter(|(kind, id)| self.lives(kind, *id)).count();
        // Records here are few; a village has thousands.
        Ok(Census { living: 1000, standing })
    }

    fn today(&self, device: Uuid) -> Result<Today> {
        Ok(self.today.get(&device).copied().unwrap_or_default())
    }

    fn judged(&self) -> Result<Option<Hash>> {
        Ok(self.judged)
    }

    fn sums(&self) -> Result<BTreeMap<Block, Sum>> {
        Ok(self.blocks.clone())
    }

    fn sum(&self) -> Result<Sum> {
        Ok(self.sum)
    }
}

impl DeviceShelf for Model {
    fn me(&self) -> Chain {
        self.me
    }

    fn cursor(&self) -> Result<(u64, u64)> {
        Ok(self.cursor)
    }

    fn unsent(&self) -> Result<Vec<(Chain, u64)>> {
        Ok(self.unsent.iter().filter_map(|(chain, seqs)| Some((*chain, *seqs.first()?))).collect())
    }
}

impl TownshipShelf for Model {
    fn epoch(&self) -> u64 {
        self.epoch
    }

    fn newest(&self) -> Result<u64> {
        Ok(self.feed.last().map_or(0, |(no, _)| *no))
    }

    fn since(&self, no: u64, limit: usize) -> Result<Vec<(u64, Receipt)>> {
        let from = self.feed.partition_point(|(n, _)| *n <= no);
        Ok(self.feed[from..].iter().take(limit).cloned().collect())
    }
}

impl Commit for Model {
    fn commit(&mut self, commands: &[Command]) -> Result<()> {
        for command in commands {
            match command.clone() {
                Command::Sign { at, signature } => {
                    let logged = self.log.get_mut(&Chain::of(at)).and_then(|log| log.get_mut(&at.seq));
                    if let Some(logged) = logged {
                        Arc::make_mut(&mut logged.batch).signature = signature;
                    }
                }
                Command::Take { batch, barred } => self.take(batch, barred),
                Command::Receive(receipt) => self.receive(&receipt),
                Command::Number { no, receipt } => self.feed.push((no, receipt)),
                Command::Bar { at, why } => self.bar(at, why),
                Command::Park(parked) => drop(self.parked.insert(parked.key(), parked)),
                Command::Unpark(key) => drop(self.parked.remove(&key)),
                Command::Approve(at) => self.approve(at),
                Command::Cursor { epoch, no } => self.cursor = (epoch, no),
                Command::Withdraw { chain, from } => self.withdraw(chain, from),
                Command::Incarnation(incarnation) => self.me.incarnation = incarnation,
                Command::Heal { shown_ms, right_ms } => self.healed = Some(Healed { shown_ms, right_ms }),
                Command::Today { device, today } => drop(self.today.insert(device, today)),
                Command::Judged(mark) => self.judged = Some(mark),
            }
        }
        Ok(())
    }
}
