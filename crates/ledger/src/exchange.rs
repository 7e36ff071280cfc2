//! 往来 — what the ledger keeps of its exchange with the township and with other computers, beside the log: receipts,
//! parcels that wait, how far each side has heard the other, the township's key and this computer's own.
//!
//! Papers and settings are the sync crate's bytes; here they are only kept. What matters is that they move in one
//! transaction with the batches they speak of: [`Ledger::exchange`] commits all of it or nothing.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};
use uuid::Uuid;

use crate::apply::{Merge, Origin, Taken, Touched, hash_at};
use crate::clock::{Healed, Stamp};
use crate::devices::Devices;
use crate::ledger::{Ledger, State, meta};
use crate::log::{Batch, BatchRef, Chain, Hash, Head};
use crate::logged::{LoggedBatch, each_batch, each_of};
use crate::records::KINDS;
use crate::refusal::{Doing, Fault, Result};
use crate::sums::Sums;

const HEALED: &str = "healed";

/// What the township said of this computer's clock, if anything.
pub(crate) fn healed(conn: &Connection) -> Result<Option<Healed>> {
    let bytes = setting(conn, HEALED)?;
    let parts = bytes.and_then(|b| <[u8; 16]>::try_from(b).ok());
    let number = |half: &[u8]| u64::from_le_bytes(half.try_into().expect("eight of sixteen bytes"));
    Ok(parts.map(|b| Healed { shown_ms: number(&b[..8]), right_ms: number(&b[8..]) }))
}

pub(crate) fn setting(conn: &Connection, key: &str) -> Result<Option<Vec<u8>>> {
    let mut statement =
        conn.prepare_cached("SELECT value FROM exchange WHERE key = ?1").doing("reading a setting of the exchange")?;
    statement.query_row([key], |row| row.get(0)).optional().doing("reading a setting of the exchange")
}

fn damaged(at: impl std::fmt::Display, what: &str) -> Fault {
    Fault::Log { at: at.to_string(), what: what.to_owned() }
}

/// The rows of `log` or `receipt` that speak of one chain, by this file's number of its device.
fn number_of(devices: &Devices, device: Uuid) -> Option<u32> {
    devices.known(device).ok()
}

impl Ledger {
    /// By how many milliseconds this computer's clock is ahead of the time, as the township said when they last spoke;
    /// less than nothing when it is behind, `None` while nothing is known to be off.
    pub fn clock_ahead_ms(&self, now_ms: u64) -> Result<Option<i64>> {
        let Some(healed) = healed(&self.conn)? else { return Ok(None) };
        let last = "SELECT coalesce(max(stamp), 0) FROM log WHERE device = ?1";
        let last = Stamp(self.view().count(last, [self.device_no])? as u64);
        let right_ms = healed.put_right(now_ms, last);
        let signed = |ms: u64| i64::try_from(ms).unwrap_or(i64::MAX);
        Ok(Some(signed(now_ms).saturating_sub(signed(right_ms))).filter(|ahead| *ahead != 0))
    }

    /// Every batch of the log, whole: what a package or a sync sends.
    pub fn batches(&self) -> Result<Vec<Batch>> {
        let devices = Devices::read(&self.conn)?;
        let mut whole = Whole { ledger: self, devices: &devices, before: None, batches: Vec::new() };
        each_batch(&self.conn, &devices, |_| true, |logged| whole.add(&logged))?;
        Ok(whole.batches)
    }

    /// The batches of one chain from `first` to `last`, as far as they are here.
    pub fn span(&self, chain: Chain, first: u64, last: u64) -> Result<Vec<Batch>> {
        let devices = Devices::read(&self.conn)?;
        let Some(device) = number_of(&devices, chain.device) else { return Ok(Vec::new()) };
        let mut whole = Whole { ledger: self, devices: &devices, before: None, batches: Vec::new() };
        each_of(&self.conn, &devices, (device, chain.incarnation), (first, last), |logged| whole.add(&logged))?;
        Ok(whole.batches)
    }

    /// The end of every chain.
    pub fn heads(&self) -> Result<BTreeMap<Chain, Head>> {
        let devices = Devices::read(&self.conn)?;
        let mut heads = BTreeMap::new();
        let mut last = (-1, 0);
        while let Some((device, incarnation)) = self.chain_after(last)? {
            let chain = Chain { device: devices.id(device as u32)?, incarnation: incarnation as u32 };
            heads.insert(chain, self.end_of((device, incarnation), chain)?);
            last = (device, incarnation);
        }
        Ok(heads)
    }

    /// The next chain in the order of the log's key: a step from one to the next, never a walk through the log.
    fn chain_after(&self, (device, incarnation): (i64, i64)) -> Result<Option<(i64, i64)>> {
        let sql = "SELECT device, incarnation FROM log WHERE (device, incarnation) > (?1, ?2)
                   ORDER BY device, incarnation LIMIT 1";
        let mut statement = self.conn.prepare_cached(sql).doing("reading the ends of the log")?;
        let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
        statement.query_row(params![device, incarnation], read).optional().doing("reading the ends of the log")
    }

    fn end_of(&self, (device, incarnation): (i64, i64), chain: Chain) -> Result<Head> {
        let sql = "SELECT seq, hash FROM log WHERE device = ?1 AND incarnation = ?2 ORDER BY seq DESC LIMIT 1";
        let mut statement = self.conn.prepare_cached(sql).doing("reading the ends of the log")?;
        let read = |row: &rusqlite::Row<'_>| Ok((row.get::<_, i64>(0)? as u64, row.get::<_, Vec<u8>>(1)?));
        let (seq, hash) =
            statement.query_row(params![device, incarnation], read).doing("reading the ends of the log")?;
        let hash = Hash::try_from(hash).map_err(|_| damaged(chain.at(seq), "a hash is not 32 bytes"))?;
        Ok(Head { seq, hash })
    }

    pub fn hash_at(&self, at: BatchRef) -> Result<Option<Hash>> {
        let devices = Devices::read(&self.conn)?;
        number_of(&devices, at.device).map_or(Ok(None), |device| hash_at(&self.conn, device, at))
    }

    /// Since when a batch counts by its receipts; `None` while it has none.
    pub fn time_at(&self, at: BatchRef) -> Result<Option<Stamp>> {
        let time: Option<Option<i64>> = self.column(at, "received")?;
        Ok(time.flatten().map(|time| Stamp(time as u64)))
    }

    /// Why a batch of the log is not applied.
    pub fn barred_at(&self, at: BatchRef) -> Result<Option<String>> {
        Ok(self.column::<Option<String>>(at, "barred")?.flatten())
    }

    /// Every batch that is kept and not applied.
    pub fn all_barred(&self) -> Result<Vec<BatchRef>> {
        let devices = Devices::read(&self.conn)?;
        let sql = "SELECT device, incarnation, seq FROM log WHERE barred IS NOT NULL";
        let mut statement = self.conn.prepare_cached(sql).doing("reading what is barred")?;
        let mut rows = statement.query([]).doing("reading what is barred")?;
        let mut barred = Vec::new();
        while let Some(row) = rows.next().doing("reading what is barred")? {
            let number = |i: usize| row.get::<_, i64>(i).doing("reading what is barred");
            let chain = Chain { device: devices.id(number(0)? as u32)?, incarnation: number(1)? as u32 };
            barred.push(chain.at(number(2)? as u64));
        }
        Ok(barred)
    }

    fn column<T: rusqlite::types::FromSql>(&self, at: BatchRef, name: &str) -> Result<Option<T>> {
        let devices = Devices::read(&self.conn)?;
        let Some(device) = number_of(&devices, at.device) else { return Ok(None) };
        let sql = format!("SELECT {name} FROM log WHERE device = ?1 AND incarnation = ?2 AND seq = ?3");
        let mut statement = self.conn.prepare_cached(&sql).doing("looking at the log")?;
        let row = params![device, at.incarnation, at.seq as i64];
        statement.query_row(row, |row| row.get(0)).optional().doing("looking at the log")
    }

    /// Chains with batches that have no receipt, each with the first such number.
    pub fn unsent(&self) -> Result<Vec<(Chain, u64)>> {
        let devices = Devices::read(&self.conn)?;
        let sql = "SELECT device, incarnation, min(seq) FROM log WHERE received IS NULL GROUP BY device, incarnation";
        let mut statement = self.conn.prepare_cached(sql).doing("looking for what is not sent")?;
        let mut rows = statement.query([]).doing("looking for what is not sent")?;
        let mut unsent = Vec::new();
        while let Some(row) = rows.next().doing("looking for what is not sent")? {
            let number = |i: usize| row.get::<_, i64>(i).doing("looking for what is not sent");
            let chain = Chain { device: devices.id(number(0)? as u32)?, incarnation: number(1)? as u32 };
            unsent.push((chain, number(2)? as u64));
        }
        Ok(unsent)
    }

    /// Every batch that has a receipt, with its hash and since when it counts.
    pub fn receipted(&self) -> Result<Vec<(BatchRef, Hash, Stamp)>> {
        let devices = Devices::read(&self.conn)?;
        let sql = "SELECT device, incarnation, seq, hash, received FROM log WHERE received IS NOT NULL";
        let mut statement = self.conn.prepare_cached(sql).doing("reading what was received")?;
        let mut rows = statement.query([]).doing("reading what was received")?;
        let mut found = Vec::new();
        while let Some(row) = rows.next().doing("reading what was received")? {
            let number = |i: usize| row.get::<_, i64>(i).doing("reading what was received");
            let chain = Chain { device: devices.id(number(0)? as u32)?, incarnation: number(1)? as u32 };
            let hash: Vec<u8> = row.get(3).doing("reading what was received")?;
            let at = chain.at(number(2)? as u64);
            let hash = Hash::try_from(hash).map_err(|_| damaged(at, "a hash is not 32 bytes"))?;
            found.push((at, hash, Stamp(number(4)? as u64)));
        }
        Ok(found)
    }

    /// Receipts that cover any of these numbers of a chain.
    pub fn receipts(&self, chain: Chain, first: u64, last: u64) -> Result<Vec<Vec<u8>>> {
        let devices = Devices::read(&self.conn)?;
        let Some(device) = number_of(&devices, chain.device) else { return Ok(Vec::new()) };
        let clamp = |seq: u64| i64::try_from(seq).unwrap_or(i64::MAX);
        let sql = "SELECT paper FROM receipt WHERE device = ?1 AND incarnation = ?2 AND last >= ?3 AND first <= ?4";
        let mut statement = self.conn.prepare_cached(sql).doing("reading receipts")?;
        let row = params![device, chain.incarnation, clamp(first), clamp(last)];
        let papers = statement.query_map(row, |row| row.get(0)).and_then(Iterator::collect);
        papers.doing("reading receipts")
    }

    /// Parcels that wait, as they were put down.
    pub fn parked(&self) -> Result<Vec<Vec<u8>>> {
        let sql = "SELECT paper FROM parked ORDER BY name";
        let mut statement = self.conn.prepare_cached(sql).doing("reading what waits")?;
        statement.query_map([], |row| row.get(0)).and_then(Iterator::collect).doing("reading what waits")
    }

    /// A setting of the exchange, as the sync crate wrote it.
    pub fn setting(&self, key: &str) -> Result<Option<Vec<u8>>> {
        setting(&self.conn, key)
    }

    /// How many records live.
    pub fn living(&self) -> Result<usize> {
        let count = |kind: &crate::record::Kind| {
            self.view().count(&format!("SELECT count(*) FROM \"{}\" WHERE gone IS NULL", kind.name), [])
        };
        KINDS.iter().try_fold(0, |sum, kind| Ok(sum + count(kind)? as usize))
    }

    /// Whether a record is there and not voided; one of a kind of another release is not.
    pub fn lives(&self, kind: &str, id: Uuid) -> Result<bool> {
        let known = KINDS.iter().find(|k| k.name == kind);
        known.map_or(Ok(false), |kind| self.view().is_live(kind, id))
    }

    /// One step of an exchange: batches, receipts and settings, all of it or nothing.
    pub fn exchange(&mut self, step: impl FnOnce(&mut Exchange<'_>) -> Result<()>) -> Result<Touched> {
        let done = self.exchange_upon(None, step)?;
        Ok(done.expect("nothing was asked that could have moved"))
    }

    /// As `exchange`, for a step that was worked out upon this state of the ledger: `None`, and nothing done, when
    /// another window has written since. What it wrote would be taken for what was looked at.
    pub fn exchange_upon(
        &mut self,
        seen: Option<State>,
        step: impl FnOnce(&mut Exchange<'_>) -> Result<()>,
    ) -> Result<Option<Touched>> {
        self.must_be_writable()?;
        let own = self.conn.total_changes();
        let tx = self.conn.transaction_with_behavior(TransactionBehavior::Immediate).doing("starting to write")?;
        let merge = Merge::new(&tx, self.village, Origin::There, Devices::read(&tx)?);
        let others = tx.query_row("PRAGMA data_version", [], |row| row.get(0)).doing("looking for others")?;
        if seen.is_some_and(|seen| seen != State { own, others }) {
            return Ok(None);
        }
        // Another window on this ledger may have gone on under another incarnation.
        let mut exchange = Exchange { tx: &tx, merge, sums: Sums::default(), incarnation: meta(&tx, "incarnation")? };
        step(&mut exchange)?;
        let Exchange { merge, sums, incarnation, .. } = exchange;
        let touched = merge.finish()?;
        sums.keep(&tx)?;
        tx.commit().doing("saving")?;
        self.incarnation = incarnation;
        Ok(Some(touched))
    }
}

/// Puts batches together with the hash of the one before.
struct Whole<'a> {
    ledger: &'a Ledger,
    devices: &'a Devices,
    before: Option<(BatchRef, Hash)>,
    batches: Vec<Batch>,
}

impl Whole<'_> {
    fn add(&mut self, logged: &LoggedBatch) -> Result<()> {
        let before = BatchRef { seq: logged.at.seq - 1, ..logged.at };
        let chained = match self.before {
            Some((at, hash)) if at == before => Some(hash),
            _ if before.seq == 0 => Some([0; 32]),
            _ => hash_at(&self.ledger.conn, self.devices.known(before.device)?, before)?,
        };
        let prev = logged.prev.clone().or(chained.map(|hash| hash.to_vec()));
        let prev = prev.ok_or_else(|| damaged(logged.at, "what it is chained to is missing"))?;
        let batch = self.ledger.whole(logged, &prev).ok_or_else(|| damaged(logged.at, "a hash is not 32 bytes"))?;
        let hash = Hash::try_from(logged.hash.as_slice()).map_err(|_| damaged(logged.at, "a hash is not 32 bytes"))?;
        self.before = Some((batch.at, hash));
        self.batches.push(batch);
        Ok(())
    }
}

/// When a batch of the log was written, and since when it counts.
struct Timed {
    seq: u64,
    stamp: Stamp,
    received: Option<Stamp>,
    hash: Hash,
}

/// An exchange under way.
pub struct Exchange<'a> {
    tx: &'a Transaction<'a>,
    merge: Merge<'a>,
    sums: Sums,
    incarnation: u32,
}

impl Exchange<'_> {
    /// Takes a batch in; one that is known changes nothing. Where its receipt comes in the same step, it counts from then
    /// on at once.
    pub fn take(&mut self, batch: &Batch, taken: &Taken<'_>) -> Result<()> {
        let hash = self.merge.take_as(batch, taken)?;
        if let (Some(hash), Some(received)) = (hash, taken.received) {
            let device = self.merge.number(batch.at.device)?;
            self.sums.add((device, batch.at.incarnation, batch.at.seq), &hash, received);
        }
        Ok(())
    }

    /// Keeps a receipt, and lets the batches it covers count from the earliest time that any receipt gives them.
    pub fn receive(
        &mut self,
        chain: Chain,
        (first, last): (u64, u64),
        paper: &[u8],
        time_of: impl Fn(u64, Stamp) -> Stamp,
    ) -> Result<()> {
        let device = self.merge.number(chain.device)?;
        let row = params![device, chain.incarnation, last as i64, first as i64, paper];
        self.run("INSERT OR IGNORE INTO receipt VALUES (?1, ?2, ?3, ?4, ?5)", row)?;
        for Timed { seq, stamp, received, hash } in self.times(device, chain, (first, last))? {
            let time = time_of(seq, stamp);
            if received.is_some_and(|received| received <= time) {
                continue;
            }
            let at = (device, chain.incarnation, seq);
            if let Some(received) = received {
                self.sums.take(at, &hash, received);
            }
            self.sums.add(at, &hash, time);
            let row = params![time.0 as i64, device, chain.incarnation, seq as i64];
            self.run("UPDATE log SET received = ?1 WHERE device = ?2 AND incarnation = ?3 AND seq = ?4", row)?;
            if received.unwrap_or(stamp) != time {
                self.again(chain, (seq, seq))?;
            }
        }
        Ok(())
    }

    fn times(&self, device: u32, chain: Chain, (first, last): (u64, u64)) -> Result<Vec<Timed>> {
        let sql = "SELECT seq, stamp, received, hash FROM log
                   WHERE device = ?1 AND incarnation = ?2 AND seq BETWEEN ?3 AND ?4 ORDER BY seq";
        let mut statement = self.tx.prepare_cached(sql).doing("reading times")?;
        let stamp = |n: i64| Stamp(n as u64);
        let read = |row: &rusqlite::Row<'_>| {
            let (seq, written, received): (i64, i64, Option<i64>) = (row.get(0)?, row.get(1)?, row.get(2)?);
            Ok(Timed { seq: seq as u64, stamp: stamp(written), received: received.map(stamp), hash: row.get(3)? })
        };
        let clamp = |seq: u64| i64::try_from(seq).unwrap_or(i64::MAX);
        let row = params![device, chain.incarnation, clamp(first), clamp(last)];
        statement.query_map(row, read).and_then(Iterator::collect).doing("reading times")
    }

    fn again(&mut self, chain: Chain, span: (u64, u64)) -> Result<()> {
        let device = self.merge.number(chain.device)?;
        let mut touched = Vec::new();
        each_of(self.tx, self.merge.devices(), (device, chain.incarnation), span, |logged| {
            touched.extend(logged.changes);
            Ok(())
        })?;
        self.merge.again(&touched);
        Ok(())
    }

    /// Bars a batch of the log, or lets it count after all.
    pub fn bar(&mut self, at: BatchRef, why: Option<&str>) -> Result<()> {
        let device = self.merge.number(at.device)?;
        let row = params![why, device, at.incarnation, at.seq as i64];
        self.run("UPDATE log SET barred = ?1 WHERE device = ?2 AND incarnation = ?3 AND seq = ?4", row)?;
        self.again(Chain::of(at), (at.seq, at.seq))
    }

    /// Puts a device's signature on a batch of the log.
    pub fn sign(&mut self, at: BatchRef, signature: &[u8]) -> Result<()> {
        let device = self.merge.number(at.device)?;
        let row = params![signature, device, at.incarnation, at.seq as i64];
        self.run("UPDATE log SET signature = ?1 WHERE device = ?2 AND incarnation = ?3 AND seq = ?4", row)
    }

    /// Takes a chain out of the log from that number on. Its content goes on under other numbers or is parked: who
    /// calls this has seen to it.
    pub fn withdraw(&mut self, chain: Chain, from: u64) -> Result<()> {
        self.again(chain, (from, i64::MAX as u64))?;
        let device = self.merge.number(chain.device)?;
        for Timed { seq, received, hash, .. } in self.times(device, chain, (from, u64::MAX))? {
            if let Some(received) = received {
                self.sums.take((device, chain.incarnation, seq), &hash, received);
            }
        }
        self.merge.look_again_at((device, chain.incarnation));
        let row = params![device, chain.incarnation, from as i64];
        self.run("DELETE FROM log WHERE device = ?1 AND incarnation = ?2 AND seq >= ?3", row)
    }

    /// This computer goes on under another incarnation.
    pub fn go_on_as(&mut self, incarnation: u32) -> Result<()> {
        self.run("UPDATE meta SET value = ?1 WHERE key = 'incarnation'", params![incarnation])?;
        self.incarnation = incarnation;
        Ok(())
    }

    pub fn setting(&self, key: &str) -> Result<Option<Vec<u8>>> {
        setting(self.tx, key)
    }

    pub fn set(&mut self, key: &str, value: &[u8]) -> Result<()> {
        self.run("INSERT OR REPLACE INTO exchange VALUES (?1, ?2)", params![key, value])
    }

    /// Keeps what the township said of this clock.
    pub fn heal(&mut self, healed: Healed) -> Result<()> {
        self.set(HEALED, &[healed.shown_ms.to_le_bytes(), healed.right_ms.to_le_bytes()].concat())
    }

    pub fn park(&mut self, name: &[u8], why: &str, paper: &[u8]) -> Result<()> {
        self.run("INSERT OR REPLACE INTO parked VALUES (?1, ?2, ?3)", params![name, why, paper])
    }

    pub fn unpark(&mut self, name: &[u8]) -> Result<()> {
        self.run("DELETE FROM parked WHERE name = ?1", params![name])
    }

    fn run(&self, sql: &str, row: &[&dyn rusqlite::ToSql]) -> Result<()> {
        let mut statement = self.tx.prepare_cached(sql).doing("keeping what was exchanged")?;
        statement.execute(row).doing("keeping what was exchanged").map(|_| ())
    }
}
