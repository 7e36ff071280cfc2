//! Batches read back from the log, in the order of its key.

use crate::clock::Stamp;
use crate::devices::Devices;
use crate::log::{BatchRef, Change, Unpacker};
use crate::refusal::{Doing, Fault, Result};

/// A batch read back from the log.
pub(crate) struct LoggedBatch {
    pub at: BatchRef,
    pub op: String,
    pub author: String,
    pub stamp: Stamp,
    /// Since when it counts: as its receipt says, or its stamp while there is none.
    pub time: Stamp,
    pub hash: Vec<u8>,
    pub prev: Option<Vec<u8>>,
    pub signature: Vec<u8>,
    /// Kept, and never applied.
    pub barred: bool,
    pub changes: Vec<Change>,
}

/// Walks the log in the order of its key: device, incarnation, seq.
pub(crate) fn each_batch(
    conn: &rusqlite::Connection,
    devices: &Devices,
    wanted: impl Fn(&[u8]) -> bool,
    visit: impl FnMut(LoggedBatch) -> Result<()>,
) -> Result<()> {
    walk(conn, devices, "", [], wanted, visit)
}

/// The batches of one chain from `first` to `last`.
pub(crate) fn each_of(
    conn: &rusqlite::Connection,
    devices: &Devices,
    (device, incarnation): (u32, u32),
    (first, last): (u64, u64),
    visit: impl FnMut(LoggedBatch) -> Result<()>,
) -> Result<()> {
    let clamp = |seq: u64| i64::try_from(seq).unwrap_or(i64::MAX);
    let which = "WHERE device = ?1 AND incarnation = ?2 AND seq BETWEEN ?3 AND ?4";
    let numbers = [i64::from(device), i64::from(incarnation), clamp(first), clamp(last)];
    walk(conn, devices, which, numbers, |_| true, visit)
}

/// The batches that count since then or later, in the order of the log's key.
pub(crate) fn each_since(
    conn: &rusqlite::Connection,
    devices: &Devices,
    since: Stamp,
    visit: impl FnMut(LoggedBatch) -> Result<()>,
) -> Result<()> {
    let which = "WHERE coalesce(received, stamp) >= ?1";
    walk(conn, devices, which, [i64::try_from(since.0).unwrap_or(i64::MAX)], |_| true, visit)
}

fn walk<const N: usize>(
    conn: &rusqlite::Connection,
    devices: &Devices,
    which: &str,
    numbers: [i64; N],
    wanted: impl Fn(&[u8]) -> bool,
    mut visit: impl FnMut(LoggedBatch) -> Result<()>,
) -> Result<()> {
    let damaged = |at: &BatchRef| Fault::Log { at: at.to_string(), what: "the body cannot be read".into() };
    let mut unpacker =
        Unpacker::new().ok_or_else(|| Fault::Log { at: "log".into(), what: "no room for the dictionary".into() })?;
    let sql = format!(
        "SELECT device, incarnation, seq, stamp, received, hash, prev, signature, touched, body, barred IS NOT NULL
         FROM log {which} ORDER BY device, incarnation, seq"
    );
    let mut statement = conn.prepare_cached(&sql).doing("reading the log")?;
    let mut rows = statement.query(rusqlite::params_from_iter(numbers)).doing("reading the log")?;
    while let Some(row) = rows.next().doing("reading the log")? {
        let blob = |i: usize| row.get_ref(i).doing("reading the log").map(|b| b.as_blob().unwrap_or_default());
        if !wanted(blob(8)?) {
            continue;
        }
        let number = |i: usize| row.get::<_, i64>(i).doing("reading the log");
        let at =
            BatchRef { device: devices.id(number(0)? as u32)?, incarnation: number(1)? as u32, seq: number(2)? as u64 };
        let stamp = Stamp(number(3)? as u64);
        let received: Option<i64> = row.get(4).doing("reading the log")?;
        let body = unpacker.unpack(blob(9)?).ok_or_else(|| damaged(&at))?;
        visit(LoggedBatch {
            at,
            op: body.op,
            author: body.author,
            stamp,
            time: received.map_or(stamp, |r| Stamp(r as u64)),
            hash: blob(5)?.to_vec(),
            prev: row.get(6).doing("reading the log")?,
            signature: blob(7)?.to_vec(),
            barred: row.get(10).doing("reading the log")?,
            changes: body.changes,
        })?;
    }
    Ok(())
}
