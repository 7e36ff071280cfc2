//! The file's tables, made from `KINDS`: one typed table a kind, readable in any SQLite browser, and what lies
//! beneath them.
//!
//! `log` and `device` are the truth. Everything else is a view of them and is made anew by `rebuild()`, so that an
//! upgrade needs no migration scripts: a newer release adds fields, makes the tables anew and replays.

use rusqlite::Connection;

use crate::record::Kind;
use crate::records::KINDS;
use crate::refusal::{Doing, Result};
use crate::sums;

/// Raised when an older release could misread the file. Newer files are opened for reading only.
/// 2: the log says what is barred, and what was exchanged with the township lies beside it.
pub const FORMAT: i32 = 2;

const TRUTH: &str = "
CREATE TABLE meta (key TEXT PRIMARY KEY, value ANY NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE device (no INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE) STRICT;
CREATE TABLE log (
    device INTEGER NOT NULL REFERENCES device (no),
    incarnation INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    stamp INTEGER NOT NULL,
    received INTEGER,
    hash BLOB NOT NULL,
    prev BLOB,
    signature BLOB,
    touched BLOB NOT NULL,
    body BLOB NOT NULL,
    barred TEXT,
    PRIMARY KEY (device, incarnation, seq)
) STRICT, WITHOUT ROWID;
";

/// What was exchanged with others and cannot be derived from the log: receipts, parcels that wait, who wrote how much
/// today, and settings of the exchange. See `exchange`.
const EXCHANGED: &str = "
CREATE TABLE receipt (
    device INTEGER NOT NULL REFERENCES device (no),
    incarnation INTEGER NOT NULL,
    last INTEGER NOT NULL,
    first INTEGER NOT NULL,
    paper BLOB NOT NULL,
    PRIMARY KEY (device, incarnation, last, first, paper)
) STRICT, WITHOUT ROWID;
CREATE TABLE parked (name BLOB PRIMARY KEY, why TEXT NOT NULL, paper BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE exchange (key TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX log_unsent ON log (device, incarnation, seq) WHERE received IS NULL;
";

/// Tables that no rebuild touches.
const KEPT: &str = "'meta', 'device', 'log', 'receipt', 'parked', 'exchange'";

const VIEW: &str = "
CREATE TABLE overtaken (
    kind TEXT NOT NULL,
    record BLOB NOT NULL,
    field TEXT NOT NULL,
    device INTEGER NOT NULL,
    incarnation INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (kind, record, field, device, incarnation, seq)
) STRICT, WITHOUT ROWID;
";

pub(crate) fn create(conn: &Connection) -> Result<()> {
    conn.execute_batch(TRUTH).doing("making the log")?;
    conn.execute_batch(EXCHANGED).doing("making room for what is exchanged")?;
    create_views(conn)?;
    stamp(conn)
}

pub(crate) fn create_views(conn: &Connection) -> Result<()> {
    conn.execute_batch(VIEW).doing("making the tables")?;
    conn.execute_batch(sums::TABLE).doing("making the tables")?;
    for kind in KINDS {
        conn.execute_batch(&table(kind)).doing("making the tables")?;
    }
    Ok(())
}

/// Brings the tables that are no view to this format.
pub(crate) fn upgrade(conn: &Connection, from: i32) -> Result<()> {
    if from < 2 {
        conn.execute_batch("ALTER TABLE log ADD COLUMN barred TEXT").doing("upgrading the log")?;
        conn.execute_batch(EXCHANGED).doing("making room for what is exchanged")?;
    }
    Ok(())
}

/// Drops every table that can be made again from the log, whichever release made it.
pub(crate) fn drop_views(conn: &Connection) -> Result<()> {
    let mut names = conn
        .prepare(&format!(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT IN ({KEPT}) AND name NOT LIKE 'sqlite%'"
        ))
        .doing("listing the tables")?;
    let names: Vec<String> =
        names.query_map([], |row| row.get(0)).and_then(Iterator::collect).doing("listing the tables")?;
    for name in names {
        conn.execute_batch(&format!("DROP TABLE \"{}\"", name.replace('"', "\"\""))).doing("dropping a table")?;
    }
    Ok(())
}

pub(crate) fn stamp(conn: &Connection) -> Result<()> {
    conn.pragma_update(None, "user_version", FORMAT).doing("writing the format number")?;
    let shape = shape();
    conn.execute("INSERT OR REPLACE INTO meta VALUES ('shape', ?1)", [&shape]).doing("writing the shape").map(|_| ())
}

/// What this release's tables look like: when the file's differ, they are made anew from the log.
pub(crate) fn shape() -> String {
    let all: String = KINDS.iter().map(table).chain([sums::TABLE.to_owned()]).collect();
    blake3::hash(all.as_bytes()).to_hex()[..16].to_owned()
}

fn table(kind: &Kind) -> String {
    let columns: String = kind.fields.iter().map(|f| format!("    \"{}\" {},\n", f.name, f.shape.column())).collect();
    let indexes: String = kind
        .indexes
        .iter()
        .map(|field| format!("CREATE INDEX \"{0}_{1}\" ON \"{0}\" (\"{1}\");\n", kind.name, field))
        .collect();
    format!(
        "CREATE TABLE \"{}\" (\n    id BLOB PRIMARY KEY,\n{columns}    clocks BLOB NOT NULL\n) STRICT, WITHOUT ROWID;\n{indexes}",
        kind.name
    )
}
