//! The store that needs no set-up: SQLite, a file a village. Another village's rows are in another file: there is no
//! statement that could read them by mistake.
//!
//! The order of the pragmas is the ledger's, and for its reason: a power cut around the one-time switch to WAL must not
//! undo the file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use lianhu_ledger::{BatchRef, Chain, Code, Fault, Head, Refusal, Result, Stamp};
use lianhu_sync::{Block, Sum};
use rusqlite::{Connection, OpenFlags, OptionalExtension, Row, Transaction, TransactionBehavior, params};
use uuid::Uuid;

use super::{Changes, Entry, Foreseen, Mark, State, Store, TOWN, Tx, Work, damaged, hash, id, number, sum, why};
use crate::handles::Share;
use open::{File, OpenFiles};

mod open;

/// Raised when an older program could misread a file.
const FORMAT: i32 = 1;
/// How long another program on the same file is waited for.
const PATIENCE: Duration = Duration::from_secs(10);

/// A folder of files.
pub struct SqliteStore {
    folder: PathBuf,
    open: OpenFiles,
}

/// A panic elsewhere leaves no half of a transaction: SQLite has rolled it back.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(crate) fn fault(doing: &'static str) -> impl FnOnce(rusqlite::Error) -> lianhu_ledger::Error {
    use rusqlite::ErrorCode as Sqlite;
    move |source| match source.sqlite_error_code() {
        Some(Sqlite::DatabaseBusy | Sqlite::DatabaseLocked) => Refusal::new(Code::Busy).into(),
        Some(Sqlite::DiskFull) => Refusal::new(Code::DiskFull).into(),
        _ => Fault::Store { doing, source }.into(),
    }
}

fn io(path: &Path) -> impl FnOnce(std::io::Error) -> Fault + '_ {
    move |source| Fault::Io { path: path.display().to_string(), source }
}

impl SqliteStore {
    /// The store in that folder; it need not be there until something is kept.
    pub fn at(folder: &Path) -> SqliteStore {
        SqliteStore { folder: folder.to_owned(), open: OpenFiles::upto(Share::of_this_program().villages) }
    }

    /// Where a village's rows lie.
    pub fn path(&self, village: Uuid) -> PathBuf {
        if village == TOWN { self.folder.join("township.db") } else { self.villages().join(format!("{village}.db")) }
    }

    fn villages(&self) -> PathBuf {
        self.folder.join("villages")
    }

    /// The open file of a village.
    fn file(&self, village: Uuid) -> Result<Option<File>> {
        self.open.file(village, || {
            let path = self.path(village);
            if path.is_file() { opened(&path).map(Some) } else { Ok(None) }
        })
    }

    /// A whole copy of a village's file at this moment, while others read and write.
    pub fn copy(&self, village: Uuid, to: &Path) -> Result<bool> {
        let Some(file) = self.file(village)? else { return Ok(false) };
        let conn = lock(&file);
        conn.execute("VACUUM INTO ?1", [to.display().to_string()]).map_err(fault("copying a village"))?;
        Ok(true)
    }
}

impl Store for SqliteStore {
    fn found(&self, village: Uuid) -> Result<()> {
        let path = self.path(village);
        if path.is_file() {
            return Ok(());
        }
        let folder = path.parent().unwrap_or(&self.folder).to_owned();
        std::fs::create_dir_all(&folder).map_err(io(&folder))?;
        let unfinished = path.with_extension("part");
        match std::fs::remove_file(&unfinished) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(io(&unfinished)(e).into()),
            _ => {}
        }
        let conn = Connection::open(&unfinished).map_err(fault("making a village"))?;
        durable(&conn)?;
        conn.execute_batch(&format!("BEGIN; {} PRAGMA user_version = {FORMAT}; COMMIT;", include_str!("sqlite.sql")))
            .map_err(fault("making a village"))?;
        conn.close().map_err(|(_, e)| e).map_err(fault("making a village"))?;
        std::fs::rename(&unfinished, &path).map_err(io(&path))?;
        sync_folder(&folder)
    }

    fn transact(&self, village: Uuid, _: &Foreseen, work: Work<'_>) -> Result<bool> {
        let Some(file) = self.file(village)? else { return Ok(false) };
        let mut conn = lock(&file);
        let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate).map_err(fault("starting to write"))?;
        work(&mut SqliteTx(&tx))?;
        tx.commit().map_err(fault("saving"))?;
        Ok(true)
    }

    fn check(&self, village: Uuid) -> Result<Vec<String>> {
        let Some(file) = self.file(village)? else { return Ok(vec!["there is no file".to_owned()]) };
        let conn = lock(&file);
        let mut check = conn.prepare("PRAGMA integrity_check").map_err(fault("checking a file"))?;
        let said = check.query_map([], |row| row.get::<_, String>(0)).and_then(Iterator::collect::<Result<Vec<_>, _>>);
        Ok(said.map_err(fault("checking a file"))?.into_iter().filter(|line| line != "ok").collect())
    }

    fn name(&self) -> &'static str {
        "sqlite"
    }
}

fn opened(path: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags).map_err(fault("opening a village"))?;
    conn.busy_timeout(PATIENCE).map_err(fault("opening a village"))?;
    let format: i32 =
        conn.query_row("PRAGMA user_version", [], |row| row.get(0)).map_err(fault("reading the format number"))?;
    if format > FORMAT {
        return Err(Refusal::new(Code::NewerRelease).into());
    }
    durable(&conn)?;
    sync_folder(path.parent().unwrap_or(path))?;
    // An eighth of a megabyte a file: what an ask needs is the ends of chains, and the system keeps the rest.
    conn.execute_batch("PRAGMA cache_size = -128; PRAGMA journal_size_limit = 1048576")
        .map_err(fault("opening a village"))?;
    conn.set_prepared_statement_cache_capacity(32);
    Ok(conn)
}

fn durable(conn: &Connection) -> Result<()> {
    let step = |sql: &str| conn.execute_batch(sql).map_err(fault("preparing a file"));
    step("PRAGMA synchronous = EXTRA")?;
    let mode: String =
        conn.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0)).map_err(fault("preparing a file"))?;
    if mode != "wal" {
        return Err(Refusal::new(Code::ReadOnly).with("doing", "write-ahead log").into());
    }
    step("PRAGMA synchronous = FULL; PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY")
}

/// Makes the names in the folder durable.
#[cfg(unix)]
pub(crate) fn sync_folder(folder: &Path) -> Result<()> {
    let handle = std::fs::File::open(folder).map_err(io(folder))?;
    Ok(handle.sync_all().map_err(io(folder))?)
}

/// NTFS journals its folder entries and offers no folder handle to flush.
#[cfg(windows)]
pub(crate) fn sync_folder(folder: &Path) -> Result<()> {
    let _ = folder;
    Ok(())
}

struct SqliteTx<'a>(&'a Transaction<'a>);

impl SqliteTx<'_> {
    /// Every row of a question, read by `read`.
    fn all<T>(
        &self,
        sql: &str,
        row: &[&dyn rusqlite::ToSql],
        mut read: impl FnMut(&Row<'_>) -> rusqlite::Result<Result<T>>,
    ) -> Result<Vec<T>> {
        let mut statement = self.0.prepare_cached(sql).map_err(fault("reading a village"))?;
        let mut rows = statement.query(row).map_err(fault("reading a village"))?;
        let mut found = Vec::new();
        while let Some(row) = rows.next().map_err(fault("reading a village"))? {
            found.push(read(row).map_err(fault("reading a village"))??);
        }
        Ok(found)
    }

    fn run(&self, sql: &str, row: &[&dyn rusqlite::ToSql]) -> Result<()> {
        let mut statement = self.0.prepare_cached(sql).map_err(fault("keeping what came"))?;
        statement.execute(row).map_err(fault("keeping what came")).map(|_| ())
    }
}

fn blob<'r>(row: &'r Row<'_>, i: usize) -> rusqlite::Result<&'r [u8]> {
    Ok(row.get_ref(i)?.as_blob()?)
}

fn count(row: &Row<'_>, i: usize) -> rusqlite::Result<u64> {
    row.get::<_, i64>(i).map(|n| n as u64)
}

fn stamp(row: &Row<'_>, i: usize) -> rusqlite::Result<Option<Stamp>> {
    Ok(row.get::<_, Option<i64>>(i)?.map(|n| Stamp(n as u64)))
}

fn chain(row: &Row<'_>, i: usize) -> rusqlite::Result<Result<Chain>> {
    let incarnation = row.get::<_, i64>(i + 1)? as u32;
    Ok(id(blob(row, i)?).map(|device| Chain { device, incarnation }))
}

/// Columns seq, hash, stamp, received, barred from `i` on.
fn mark(row: &Row<'_>, i: usize) -> rusqlite::Result<Result<Mark>> {
    let (seq, written, received) = (count(row, i)?, count(row, i + 2)?, stamp(row, i + 3)?);
    let barred = why(row.get::<_, Option<String>>(i + 4)?.as_deref());
    Ok(hash(blob(row, i + 1)?).map(|hash| Mark { seq, hash, stamp: Stamp(written), received, barred }))
}

impl Tx for SqliteTx<'_> {
    fn state(&mut self) -> Result<State> {
        let states = self.all("SELECT newest, sum, living, parked, judged FROM state", &[], |row| {
            let judged = row.get::<_, Option<Vec<u8>>>(4)?;
            let (newest, living, parked) = (count(row, 0)?, count(row, 2)?, count(row, 3)?);
            let read = |sum_bytes: &[u8]| {
                let judged = judged.as_deref().map(hash).transpose()?;
                Ok(State { newest, sum: sum(sum_bytes)?, living, parked, judged })
            };
            Ok(read(blob(row, 1)?))
        })?;
        states.into_iter().next().ok_or_else(|| damaged(&"the store", "a village has no state").into())
    }

    fn heads(&mut self) -> Result<BTreeMap<Chain, Head>> {
        let heads = self.all("SELECT device, incarnation, seq, hash FROM head", &[], |row| {
            let seq = count(row, 2)?;
            let hash = hash(blob(row, 3)?);
            Ok(chain(row, 0)?.and_then(|chain| Ok((chain, Head { seq, hash: hash? }))))
        })?;
        Ok(heads.into_iter().collect())
    }

    fn marks(&mut self, chain: Chain, first: u64, last: u64) -> Result<Vec<Mark>> {
        let sql = "SELECT seq, hash, stamp, received, barred FROM batch
                   WHERE device = ?1 AND incarnation = ?2 AND seq BETWEEN ?3 AND ?4 ORDER BY seq";
        let device = chain.device.as_bytes();
        self.all(sql, params![device, chain.incarnation, number(first), number(last)], |row| mark(row, 0))
    }

    fn entries(&mut self, chain: Chain, first: u64, last: u64) -> Result<Vec<Entry>> {
        let sql = "SELECT seq, hash, stamp, received, barred, signature, body FROM batch
                   WHERE device = ?1 AND incarnation = ?2 AND seq BETWEEN ?3 AND ?4 ORDER BY seq";
        let device = chain.device.as_bytes();
        self.all(sql, params![device, chain.incarnation, number(first), number(last)], |row| {
            let (signature, body) = (blob(row, 5)?.to_vec(), blob(row, 6)?.to_vec());
            Ok(mark(row, 0)?.map(|m| Entry {
                at: chain.at(m.seq),
                hash: m.hash,
                stamp: m.stamp,
                received: m.received,
                barred: m.barred,
                signature,
                body,
            }))
        })
    }

    fn barred(&mut self) -> Result<Vec<BatchRef>> {
        let sql = "SELECT device, incarnation, seq FROM batch WHERE barred IS NOT NULL";
        self.all(sql, &[], |row| {
            let seq = count(row, 2)?;
            Ok(chain(row, 0)?.map(|chain| chain.at(seq)))
        })
    }

    fn receipts(&mut self, chain: Chain, first: u64, last: u64) -> Result<Vec<Vec<u8>>> {
        let sql = "SELECT paper FROM receipt
                   WHERE device = ?1 AND incarnation = ?2 AND last >= ?3 AND first <= ?4 ORDER BY no";
        let device = chain.device.as_bytes();
        let row = params![device, chain.incarnation, number(first), number(last)];
        self.all(sql, row, |row| Ok(Ok(blob(row, 0)?.to_vec())))
    }

    fn since(&mut self, no: u64, limit: usize) -> Result<Vec<(u64, Vec<u8>)>> {
        let sql = "SELECT no, paper FROM receipt WHERE no > ?1 ORDER BY no LIMIT ?2";
        self.all(sql, params![number(no), number(limit as u64)], |row| Ok(Ok((count(row, 0)?, blob(row, 1)?.to_vec()))))
    }

    fn sums(&mut self, of: Option<&[Block]>) -> Result<BTreeMap<Block, Sum>> {
        let read = |row: &Row<'_>| {
            let (nth, sum) = (count(row, 2)?, sum(blob(row, 3)?));
            Ok(chain(row, 0)?.and_then(|chain| Ok((Block { chain, nth }, sum?))))
        };
        let Some(of) = of else {
            return Ok(self.all("SELECT device, incarnation, nth, sum FROM block", &[], read)?.into_iter().collect());
        };
        let sql = "SELECT device, incarnation, nth, sum FROM block WHERE device = ?1 AND incarnation = ?2 AND nth = ?3";
        let mut found = BTreeMap::new();
        for block in of {
            let device = block.chain.device.as_bytes();
            found.extend(self.all(sql, params![device, block.chain.incarnation, number(block.nth)], read)?);
        }
        Ok(found)
    }

    fn living(&mut self, keys: &[i64]) -> Result<Vec<i64>> {
        let mut statement =
            self.0.prepare_cached("SELECT 1 FROM record WHERE key = ?1").map_err(fault("counting records"))?;
        let mut living = Vec::new();
        for key in keys {
            if statement.exists([key]).map_err(fault("counting records"))? {
                living.push(*key);
            }
        }
        Ok(living)
    }

    fn paper(&mut self, kind: &'static str, name: &[u8]) -> Result<Option<Vec<u8>>> {
        let mut statement = self
            .0
            .prepare_cached("SELECT paper FROM paper WHERE kind = ?1 AND name = ?2")
            .map_err(fault("reading a paper"))?;
        statement.query_row(params![kind, name], |row| row.get(0)).optional().map_err(fault("reading a paper"))
    }

    fn papers(&mut self, kind: &'static str) -> Result<Vec<(Vec<u8>, Vec<u8>)>> {
        let sql = "SELECT name, paper FROM paper WHERE kind = ?1 ORDER BY name";
        self.all(sql, params![kind], |row| Ok(Ok((blob(row, 0)?.to_vec(), blob(row, 1)?.to_vec()))))
    }

    fn append(&mut self, changes: &Changes) -> Result<()> {
        for entry in &changes.entries {
            let Entry { at, hash, stamp, received, barred, signature, body } = entry;
            self.run(
                "INSERT INTO batch VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                params![
                    at.device.as_bytes(),
                    at.incarnation,
                    number(at.seq),
                    hash,
                    number(stamp.0),
                    received.map(|time| number(time.0)),
                    barred.map(lianhu_sync::Why::name),
                    signature,
                    body
                ],
            )?;
        }
        for (chain, head) in &changes.heads {
            let row = params![chain.device.as_bytes(), chain.incarnation, number(head.seq), head.hash];
            self.run("INSERT OR REPLACE INTO head VALUES (?1, ?2, ?3, ?4)", row)?;
        }
        for (at, time) in &changes.times {
            let row = params![number(time.0), at.device.as_bytes(), at.incarnation, number(at.seq)];
            self.run("UPDATE batch SET received = ?1 WHERE device = ?2 AND incarnation = ?3 AND seq = ?4", row)?;
        }
        for (at, why) in &changes.bars {
            let why = why.map(lianhu_sync::Why::name);
            let row = params![why, at.device.as_bytes(), at.incarnation, number(at.seq)];
            self.run("UPDATE batch SET barred = ?1 WHERE device = ?2 AND incarnation = ?3 AND seq = ?4", row)?;
        }
        for receipt in &changes.receipts {
            let (chain, first, last) = (receipt.chain, number(receipt.first), number(receipt.last));
            let row =
                params![number(receipt.no), chain.device.as_bytes(), chain.incarnation, first, last, receipt.paper];
            self.run("INSERT INTO receipt VALUES (?1, ?2, ?3, ?4, ?5, ?6)", row)?;
        }
        self.append_beside(changes)
    }
}

impl SqliteTx<'_> {
    /// What lies beside the log.
    fn append_beside(&self, changes: &Changes) -> Result<()> {
        for (Block { chain, nth }, sum) in &changes.sums {
            let sum = sum.0.to_le_bytes();
            let row = params![chain.device.as_bytes(), chain.incarnation, number(*nth), sum];
            self.run("INSERT OR REPLACE INTO block VALUES (?1, ?2, ?3, ?4)", row)?;
        }
        for key in &changes.born {
            self.run("INSERT OR IGNORE INTO record VALUES (?1)", params![key])?;
        }
        for key in &changes.gone {
            self.run("DELETE FROM record WHERE key = ?1", params![key])?;
        }
        for (kind, name, paper) in &changes.papers {
            match paper {
                Some(paper) => {
                    self.run("INSERT OR REPLACE INTO paper VALUES (?1, ?2, ?3)", params![kind, name, paper])?;
                }
                None => self.run("DELETE FROM paper WHERE kind = ?1 AND name = ?2", params![kind, name])?,
            }
        }
        let Some(state) = &changes.state else { return Ok(()) };
        let State { newest, sum, living, parked, judged } = state;
        let sum = sum.0.to_le_bytes();
        let row = params![number(*newest), sum, number(*living), number(*parked), judged];
        self.run("UPDATE state SET newest = ?1, sum = ?2, living = ?3, parked = ?4, judged = ?5", row)
    }
}
