//! One village's ledger: one SQLite file. Opening it safely is half of never losing it.
//!
//! The order of the pragmas is not taste (measured with a power-loss file system): the one-time switch to WAL
//! unlinks a rollback journal, and if that unlink is lost in a power cut SQLite rolls the whole file back to
//! nothing. So the switch is made under `synchronous=EXTRA`, the folder is flushed once before the first answer,
//! and from then on every commit is flushed (`FULL`).

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, OptionalExtension, params};
use uuid::Uuid;

use crate::disk;
use crate::edge::{Edge, new_id};
use crate::log::Chain;
use crate::query::View;
use crate::refusal::{Code, Doing, Fault, Refusal, Result};
use crate::schema;

/// How long a second window or command waits for the one that is writing before it is told so.
const PATIENCE: Duration = Duration::from_secs(5);

/// The 256-bit key of an encrypted ledger. Who keeps it is not this crate's business.
#[derive(Clone)]
pub struct Key([u8; 32]);

impl Key {
    pub fn new(bytes: [u8; 32]) -> Key {
        Key(bytes)
    }

    /// 32 raw bytes, or 64 hex digits with white space around them.
    pub fn parse(file: &[u8]) -> Result<Key, Refusal> {
        let unusable = || Refusal::new(Code::KeyUnusable);
        if let Ok(raw) = <[u8; 32]>::try_from(file) {
            return Ok(Key(raw));
        }
        let text = std::str::from_utf8(file).map_err(|_| unusable())?.trim();
        let hex = |i: usize| text.get(i * 2..i * 2 + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok());
        let digits_only = text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit());
        let bytes: Option<Vec<u8>> = (0..32).map(hex).collect();
        bytes.filter(|_| digits_only).and_then(|b| b.try_into().ok()).map(Key).ok_or_else(unusable)
    }

    /// A raw key: SQLCipher's own passphrase mode costs 0.3 s at every open and we have nothing to stretch.
    fn pragma(&self) -> String {
        let hex: String = self.0.iter().map(|b| format!("{b:02x}")).collect();
        format!("PRAGMA key = \"x'{hex}'\"")
    }
}

/// What a new ledger needs to know.
#[derive(Clone, Debug)]
pub struct Founding<'a> {
    pub village: &'a str,
    /// 12-digit code of the village (统计用区划代码).
    pub code: &'a str,
    pub township: &'a str,
    pub clerk: &'a str,
}

/// One village's ledger, open.
pub struct Ledger {
    pub(crate) conn: Connection,
    pub(crate) path: PathBuf,
    pub(crate) edge: Box<dyn Edge>,
    pub(crate) village: Uuid,
    pub(crate) device: Uuid,
    pub(crate) device_no: u32,
    pub(crate) incarnation: u32,
    /// The file comes from a newer release, or lies where nothing can be written.
    pub(crate) read_only: Option<Code>,
}

/// Which state of its file an open ledger shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct State {
    pub(crate) own: u64,
    pub(crate) others: i64,
}

impl Ledger {
    /// Makes a new ledger. It is finished under another name first, its village in it, so that a power cut or a
    /// refusal leaves either no ledger or a whole one.
    pub fn create(path: &Path, key: Option<&Key>, founding: &Founding<'_>, mut edge: Box<dyn Edge>) -> Result<Ledger> {
        let village = new_id(edge.as_mut(), 0);
        let unfinished = Ledger::found(path, key, village, edge.as_mut())?;
        let mut ledger = Ledger::open(&unfinished, key, edge)?;
        let founded = ledger.found_village(founding);
        let Ledger { conn, edge, .. } = ledger;
        conn.close().map_err(|(_, e)| e).doing("making a ledger")?;
        if let Err(refused) = founded {
            remove_if_there(&unfinished)?;
            return Err(refused);
        }
        finish(&unfinished, path)?;
        Ledger::open(path, key, edge)
    }

    /// An empty ledger of a village that exists elsewhere; its records come as batches.
    pub fn join(path: &Path, key: Option<&Key>, village: Uuid, mut edge: Box<dyn Edge>) -> Result<Ledger> {
        let unfinished = Ledger::found(path, key, village, edge.as_mut())?;
        finish(&unfinished, path)?;
        Ledger::open(path, key, edge)
    }

    /// An empty ledger under the name that `finish` takes away.
    pub(crate) fn found(path: &Path, key: Option<&Key>, village: Uuid, edge: &mut dyn Edge) -> Result<PathBuf> {
        if path.exists() {
            return Err(Refusal::new(Code::FileExists).with("path", path.display()).into());
        }
        let unfinished = beside(path, "part");
        remove_if_there(&unfinished)?;
        {
            let conn = Connection::open(&unfinished).doing("making a ledger")?;
            prepare(&conn, key)?;
            let tx = conn.unchecked_transaction().doing("making a ledger")?;
            schema::create(&tx)?;
            let device = Uuid::from_bytes(edge.random());
            tx.execute("INSERT INTO device VALUES (0, ?1)", [device.as_bytes()]).doing("naming this computer")?;
            let mut meta = tx.prepare("INSERT INTO meta VALUES (?1, ?2)").doing("making a ledger")?;
            meta.execute(params!["village", village.as_bytes()]).doing("naming the village")?;
            meta.execute(params!["incarnation", 1]).doing("making a ledger")?;
            drop(meta);
            tx.commit().doing("making a ledger")?;
            conn.close().map_err(|(_, e)| e).doing("making a ledger")?;
        }
        Ok(unfinished)
    }

    /// Opens a ledger for reading and writing. One from an older release is upgraded after a copy was put beside
    /// it; one from a newer release, or on a disk that cannot be written, opens for reading.
    pub fn open(path: &Path, key: Option<&Key>, edge: Box<dyn Edge>) -> Result<Ledger> {
        look_at(path)?;
        let conn =
            Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)
                .doing("opening the ledger")?;
        conn.busy_timeout(PATIENCE).doing("opening the ledger")?;
        match unlock(&conn, key) {
            // A WAL ledger cannot even be read where nothing beside it can be written, unless it is told so.
            Err(e) if e.code() == Some(Code::ReadOnly) => {
                return Ledger::open_for_reading(path, key, edge, Code::ReadOnly);
            }
            unlocked => unlocked?,
        }
        let format = format_of(&conn)?;
        if format > schema::FORMAT {
            return Ledger::open_for_reading(path, key, edge, Code::NewerRelease);
        }
        if conn.is_readonly("main").doing("opening the ledger")? {
            return Ledger::open_for_reading(path, key, edge, Code::ReadOnly);
        }
        durable(&conn)?;
        disk::sync_folder(path)?;
        let mut ledger = Ledger::with(conn, path, edge, None)?;
        ledger.upgrade()?;
        Ok(ledger)
    }

    pub(crate) fn open_for_reading(path: &Path, key: Option<&Key>, edge: Box<dyn Edge>, why: Code) -> Result<Ledger> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut conn = Connection::open_with_flags(path, flags).doing("opening the ledger")?;
        conn.busy_timeout(PATIENCE).doing("opening the ledger")?;
        if unlock(&conn, key).is_err() {
            // A WAL ledger on a disk that cannot be written opens only as an immutable file.
            let uri = format!("file:{}?immutable=1", uri_path(path));
            conn = Connection::open_with_flags(uri, flags | OpenFlags::SQLITE_OPEN_URI).doing("opening the ledger")?;
            unlock(&conn, key)?;
        }
        Ledger::with(conn, path, edge, Some(why))
    }

    fn with(conn: Connection, path: &Path, edge: Box<dyn Edge>, read_only: Option<Code>) -> Result<Ledger> {
        conn.set_prepared_statement_cache_capacity(256);
        let village: Vec<u8> = meta(&conn, "village")?;
        let device: Vec<u8> = conn
            .query_row("SELECT id FROM device WHERE no = 0", [], |row| row.get(0))
            .doing("reading which computer this is")?;
        let incarnation: u32 = meta(&conn, "incarnation")?;
        let id = |bytes: &[u8], what: &str| {
            Uuid::from_slice(bytes).map_err(|_| Fault::Log { at: "meta".into(), what: format!("{what} is no id") })
        };
        Ok(Ledger {
            village: id(&village, "village")?,
            device: id(&device, "device")?,
            device_no: 0,
            incarnation,
            conn,
            path: path.to_owned(),
            edge,
            read_only,
        })
    }

    /// Tables of another release are made anew from the log, after a copy of the file was put beside it.
    fn upgrade(&mut self) -> Result<()> {
        let shape: Option<String> = self
            .conn
            .query_row("SELECT value FROM meta WHERE key = 'shape'", [], |row| row.get(0))
            .optional()
            .doing("reading the shape")?;
        if shape.as_deref() == Some(&schema::shape()) && format_of(&self.conn)? == schema::FORMAT {
            return Ok(());
        }
        self.copy_beside()?;
        self.remake_tables()
    }

    fn copy_beside(&self) -> Result<()> {
        let copy = beside(&self.path, &format!("before-{}.bak", self.edge.now_ms()));
        let unfinished = beside(&copy, "part");
        remove_if_there(&unfinished)?;
        let target = unfinished.to_str().ok_or_else(|| Refusal::new(Code::ReadOnly).with("doing", "copying"))?;
        self.conn.execute("VACUUM INTO ?1", [target]).doing("copying the ledger")?;
        std::fs::File::open(&unfinished).and_then(|f| f.sync_all()).map_err(disk::io(&unfinished))?;
        std::fs::rename(&unfinished, &copy).map_err(disk::io(&copy))?;
        disk::sync_folder(&copy)
    }

    pub fn view(&self) -> View<'_> {
        View { conn: &self.conn, today: self.edge.today() }
    }

    pub fn village(&self) -> Uuid {
        self.village
    }

    pub fn device(&self) -> Uuid {
        self.device
    }

    /// The chain that this computer writes.
    pub fn own_chain(&self) -> Chain {
        Chain { device: self.device, incarnation: self.incarnation }
    }

    /// Differs whenever the ledger does, whoever wrote it: what was computed of one state holds until the next.
    pub fn state(&self) -> Result<State> {
        let others = self.view().count("PRAGMA data_version", [])?;
        Ok(State { own: self.conn.total_changes(), others })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Why nothing can be written, when nothing can.
    pub fn read_only(&self) -> Option<Code> {
        self.read_only
    }

    pub fn today(&self) -> crate::dates::Date {
        self.edge.today()
    }

    /// The id of something there may be only one of in this village.
    pub fn only_one(&self, kind: &str, of: &[&dyn std::fmt::Display]) -> Uuid {
        crate::edge::only_one(self.village, kind, of)
    }

    pub(crate) fn must_be_writable(&self) -> Result<()> {
        self.read_only.map_or(Ok(()), |code| Err(Refusal::new(code).with("path", self.path.display()).into()))
    }
}

pub(crate) fn look_at(path: &Path) -> Result<()> {
    let refuse = |code| Err(Refusal::new(code).with("path", path.display()).into());
    match std::fs::metadata(path) {
        Err(_) => refuse(Code::NoLedger),
        Ok(found) if found.is_dir() || found.len() == 0 => refuse(Code::NotALedger),
        Ok(_) => Ok(()),
    }
}

/// Flushes a new ledger and gives it its name.
pub(crate) fn finish(unfinished: &Path, path: &Path) -> Result<()> {
    let file = std::fs::File::options().write(true).open(unfinished).map_err(disk::io(unfinished))?;
    file.sync_all().map_err(disk::io(unfinished))?;
    drop(file);
    std::fs::rename(unfinished, path).map_err(disk::io(path))?;
    disk::sync_folder(path)
}

fn prepare(conn: &Connection, key: Option<&Key>) -> Result<()> {
    set_key(conn, key)?;
    conn.execute_batch("PRAGMA page_size = 4096").doing("making a ledger")?;
    durable(conn)
}

/// SQLCipher would write to the error stream of its own accord; what failed is said once, by us.
fn set_key(conn: &Connection, key: Option<&Key>) -> Result<()> {
    let Some(key) = key else { return Ok(()) };
    conn.execute_batch("PRAGMA cipher_log_level = NONE").doing("setting the key")?;
    conn.execute_batch(&key.pragma()).doing("setting the key")
}

/// The order matters; see the head of this file.
fn durable(conn: &Connection) -> Result<()> {
    let step = |sql: &str| conn.execute_batch(sql).doing("preparing the ledger");
    step("PRAGMA synchronous = EXTRA")?;
    let mode: String =
        conn.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0)).doing("switching to the write-ahead log")?;
    if mode != "wal" {
        return Err(Refusal::new(Code::ReadOnly).with("doing", "write-ahead log").into());
    }
    step("PRAGMA synchronous = FULL")?;
    step("PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY")
}

fn unlock(conn: &Connection, key: Option<&Key>) -> Result<()> {
    set_key(conn, key)?;
    let tables: i64 = conn
        .query_row("SELECT count(*) FROM sqlite_schema WHERE name IN ('meta', 'device', 'log')", [], |row| row.get(0))
        .doing("reading the ledger")?;
    if tables == 3 { Ok(()) } else { Err(Refusal::new(Code::NotALedger).into()) }
}

pub(crate) fn format_of(conn: &Connection) -> Result<i32> {
    conn.query_row("PRAGMA user_version", [], |row| row.get(0)).doing("reading the format number")
}

pub(crate) fn meta<T: rusqlite::types::FromSql>(conn: &Connection, key: &str) -> Result<T> {
    conn.query_row("SELECT value FROM meta WHERE key = ?1", [key], |row| row.get(0))
        .doing("reading what ledger this is")
}

pub(crate) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".");
    name.push(suffix);
    path.with_file_name(name)
}

pub(crate) fn remove_if_there(path: &Path) -> Result<()> {
    match std::fs::remove_file(path) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(disk::io(path)(e).into()),
        _ => Ok(()),
    }
}

fn uri_path(path: &Path) -> String {
    let escape = |c: char| match c {
        '%' | '?' | '#' => format!("%{:02x}", c as u32),
        '\\' => "/".to_owned(),
        c => c.to_string(),
    };
    path.display().to_string().chars().map(escape).collect()
}
