//! 待发 — what has left this computer and what has not, told from the log, the receipts and what was packed: 本机已存 ·
//! 已打包 · 已送达 · 镇里已收到 · 被退回.
//!
//! Nothing is called received that has no receipt. A package that was made remembers up to which number it brought each
//! chain of ours; that it was handed over is known when the other side's package says so; a receipt moves it on.

use std::collections::BTreeMap;

use rusqlite::params;
use serde::Serialize;
use uuid::Uuid;

use crate::clock::Stamp;
use crate::devices::Devices;
use crate::exchange::{Exchange, setting};
use crate::ledger::Ledger;
use crate::log::{Batch, BatchRef, Chain};
use crate::logged::{LoggedBatch, each_batch, each_of};
use crate::refusal::{Doing, Fault, Result};

const PACKED: &str = "outbox/packed";
const DELIVERED: &str = "outbox/delivered";

/// How far a record has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Sent {
    /// 本机已存.
    Here,
    /// 已打包: in a package that was made.
    Packed,
    /// 已送达: a package has come to where it was meant for; there is no receipt yet.
    Delivered,
    /// 镇里已收到, with the number of its receipt (回执号).
    Received { no: u64 },
    /// 被退回: kept over there and not taken; why, as the exchange names it.
    Returned { why: String },
}

/// One step that waits, or was returned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Waiting {
    pub batch: String,
    pub op: String,
    pub author: String,
    pub at_ms: u64,
    #[serde(flatten)]
    pub sent: Sent,
    /// What it is about.
    pub records: Vec<(String, Uuid)>,
}

/// All of it in one sentence's worth. Records are counted by the newest of our steps that touched them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Outbox {
    pub here: usize,
    pub packed: usize,
    pub delivered: usize,
    pub returned: usize,
    /// Steps of ours that have their receipt.
    pub received: u64,
    /// When the oldest step was written that has none.
    pub oldest_ms: Option<u64>,
}

type Upto = BTreeMap<Chain, u64>;

fn upto(bytes: Option<Vec<u8>>) -> Result<Upto> {
    let Some(bytes) = bytes else { return Ok(Upto::new()) };
    let damaged = |_| Fault::Log { at: "exchange".into(), what: "what was packed cannot be read".into() };
    let kept: Vec<(Uuid, u32, u64)> = serde_json::from_slice(&bytes).map_err(damaged)?;
    Ok(kept.into_iter().map(|(device, incarnation, seq)| (Chain { device, incarnation }, seq)).collect())
}

fn bytes(upto: &Upto) -> Vec<u8> {
    let kept: Vec<(Uuid, u32, u64)> = upto.iter().map(|(c, seq)| (c.device, c.incarnation, *seq)).collect();
    serde_json::to_vec(&kept).expect("numbers are plain data")
}

impl Exchange<'_> {
    /// A package was made that brings our chains up to these numbers.
    pub fn packed(&mut self, brought: &Upto) -> Result<()> {
        self.further(PACKED, brought)
    }

    /// Somebody else has our chains up to these numbers.
    pub fn delivered(&mut self, has: &Upto) -> Result<()> {
        self.further(DELIVERED, has)
    }

    /// Never back: an older package says nothing new.
    fn further(&mut self, key: &str, now: &Upto) -> Result<()> {
        let mut known = upto(self.setting(key)?)?;
        for (chain, seq) in now {
            let entry = known.entry(*chain).or_default();
            *entry = (*entry).max(*seq);
        }
        self.set(key, &bytes(&known))
    }
}

/// How far our steps have come by package.
struct Carried {
    packed: Upto,
    delivered: Upto,
}

impl Carried {
    fn read(ledger: &Ledger) -> Result<Carried> {
        let read = |key| upto(setting(&ledger.conn, key)?);
        Ok(Carried { packed: read(PACKED)?, delivered: read(DELIVERED)? })
    }

    fn of(&self, at: BatchRef) -> Sent {
        let reaches = |upto: &Upto| upto.get(&Chain::of(at)).is_some_and(|seq| at.seq <= *seq);
        match () {
            () if reaches(&self.delivered) => Sent::Delivered,
            () if reaches(&self.packed) => Sent::Packed,
            () => Sent::Here,
        }
    }
}

impl Ledger {
    /// Steps that have no receipt, ours and others' that came by package. What nobody will take is not among them.
    pub fn steps_without_receipt(&self) -> Result<u64> {
        let sql = "SELECT count(*) FROM log WHERE received IS NULL AND barred IS NOT 'revoked'";
        Ok(self.view().count(sql, [])? as u64)
    }

    /// Our steps that have no receipt or were returned, oldest first.
    pub fn waiting(&self) -> Result<Vec<Waiting>> {
        let devices = Devices::read(&self.conn)?;
        let carried = Carried::read(self)?;
        let mut waiting = Vec::new();
        self.each_waiting(&devices, |batch, why| {
            let sent = why.map_or_else(|| carried.of(batch.at), |why| Sent::Returned { why });
            waiting.push(Waiting {
                batch: batch.at.to_string(),
                op: batch.op.clone(),
                author: batch.author.clone(),
                at_ms: batch.stamp.ms(),
                sent,
                records: batch.changes.iter().map(|change| (change.kind.to_string(), change.id)).collect(),
            });
            Ok(())
        })?;
        waiting.sort_by_key(|step| step.at_ms);
        Ok(waiting)
    }

    fn each_waiting(
        &self,
        devices: &Devices,
        mut visit: impl FnMut(&LoggedBatch, Option<String>) -> Result<()>,
    ) -> Result<()> {
        let sql = "SELECT incarnation, seq, barred FROM log
                   WHERE device = ?1 AND (received IS NULL OR barred IS NOT NULL) ORDER BY incarnation, seq";
        let mut statement = self.conn.prepare_cached(sql).doing("looking for what waits")?;
        let read = |row: &rusqlite::Row<'_>| Ok((row.get::<_, u32>(0)?, row.get::<_, i64>(1)? as u64, row.get(2)?));
        let rows = statement.query_map([self.device_no], read).and_then(Iterator::collect);
        let rows: Vec<(u32, u64, Option<String>)> = rows.doing("looking for what waits")?;
        for run in rows.chunk_by(|a, b| a.0 == b.0 && a.1 + 1 == b.1) {
            let mut whys = run.iter().map(|(_, _, why)| why.clone());
            let (chain, span) = ((self.device_no, run[0].0), (run[0].1, run[run.len() - 1].1));
            each_of(&self.conn, devices, chain, span, |batch| visit(&batch, whys.next().flatten()))?;
        }
        Ok(())
    }

    /// How many records are where.
    pub fn outbox(&self) -> Result<Outbox> {
        let mut newest: BTreeMap<(String, Uuid), Sent> = BTreeMap::new();
        let mut outbox = Outbox::default();
        for step in self.waiting()? {
            if !matches!(step.sent, Sent::Returned { .. }) {
                outbox.oldest_ms.get_or_insert(step.at_ms);
            }
            newest.extend(step.records.into_iter().map(|record| (record, step.sent.clone())));
        }
        for sent in newest.values() {
            match sent {
                Sent::Here => outbox.here += 1,
                Sent::Packed => outbox.packed += 1,
                Sent::Delivered => outbox.delivered += 1,
                Sent::Returned { .. } => outbox.returned += 1,
                Sent::Received { .. } => {}
            }
        }
        let sql = "SELECT count(*) FROM log WHERE device = ?1 AND received IS NOT NULL";
        outbox.received = self.view().count(sql, params![self.device_no])? as u64;
        Ok(outbox)
    }

    /// How far a record has come: by the newest of our steps that touched it, or of another's when none of ours did.
    /// `no_of` reads the number of a receipt.
    pub fn sent(&self, id: Uuid, no_of: impl Fn(&[u8]) -> Option<u64>) -> Result<Option<Sent>> {
        let devices = Devices::read(&self.conn)?;
        let trace = Batch::trace(id);
        let mut newest: Option<((bool, u32, Stamp, u64), BatchRef)> = None;
        each_batch(
            &self.conn,
            &devices,
            |touched| touched.chunks_exact(8).any(|t| *t == trace),
            |batch| {
                if batch.changes.iter().any(|change| change.id == id) {
                    let ours = batch.at.device == self.device;
                    let incarnation = if ours { batch.at.incarnation } else { 0 };
                    let rank = (ours, incarnation, batch.stamp, batch.at.seq);
                    newest = newest.filter(|(known, _)| *known > rank).or(Some((rank, batch.at)));
                }
                Ok(())
            },
        )?;
        newest.map(|(_, at)| self.sent_step(at, no_of)).transpose()
    }

    fn sent_step(&self, at: BatchRef, no_of: impl Fn(&[u8]) -> Option<u64>) -> Result<Sent> {
        if let Some(why) = self.barred_at(at)? {
            return Ok(Sent::Returned { why });
        }
        if self.time_at(at)?.is_none() {
            return Ok(Carried::read(self)?.of(at));
        }
        let papers = self.receipts(Chain::of(at), at.seq, at.seq)?;
        let no = papers.iter().filter_map(|paper| no_of(paper)).min().unwrap_or(0);
        Ok(Sent::Received { no })
    }
}
