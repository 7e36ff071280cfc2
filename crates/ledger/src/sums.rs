//! 校验和 — one number over every block of what was received, and since when it counts: two logs with the same numbers
//! hold the same. They lie beside the log and move with it, so that a sync with nothing to say reads a few hundred of
//! them and not ten years; `verify` holds them against the log, `rebuild` makes them anew.

use std::collections::{BTreeMap, HashMap};

use rusqlite::{Connection, OptionalExtension, params};

use crate::clock::Stamp;
use crate::devices::Devices;
use crate::ledger::Ledger;
use crate::log::{Chain, Hash};
use crate::refusal::{Doing, Result};

/// Numbers of a block.
pub const BLOCK: u64 = 64;

/// Adds up without minding the order. It finds accidents; who would forge a log is stopped by signatures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sum(pub u128);

impl Sum {
    pub fn of(hash: &Hash, time: Stamp) -> Sum {
        let mut bytes = [0u8; 40];
        bytes[..32].copy_from_slice(hash);
        bytes[32..].copy_from_slice(&time.0.to_le_bytes());
        let sum: [u8; 16] = blake3::hash(&bytes).as_bytes()[..16].try_into().expect("half of 32 bytes");
        Sum(u128::from_le_bytes(sum))
    }

    pub fn add(&mut self, other: Sum) {
        self.0 = self.0.wrapping_add(other.0);
    }

    pub fn take(&mut self, other: Sum) {
        self.0 = self.0.wrapping_sub(other.0);
    }
}

pub(crate) const TABLE: &str = "
CREATE TABLE summed (
    device INTEGER NOT NULL,
    incarnation INTEGER NOT NULL,
    nth INTEGER NOT NULL,
    batches INTEGER NOT NULL,
    sum BLOB NOT NULL,
    PRIMARY KEY (device, incarnation, nth)
) STRICT, WITHOUT ROWID;
";

/// A block: its device by this file's number, its incarnation, and which of its chain it is.
type At = (u32, u32, u64);

/// How many batches a block holds, and their sum.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Block {
    batches: i64,
    sum: Sum,
}

/// What changes in one exchange.
#[derive(Default)]
pub(crate) struct Sums(HashMap<At, Block>);

impl Sums {
    fn block(&mut self, (device, incarnation, seq): At) -> &mut Block {
        self.0.entry((device, incarnation, (seq - 1) / BLOCK)).or_default()
    }

    pub fn add(&mut self, at: At, hash: &Hash, time: Stamp) {
        let block = self.block(at);
        block.batches += 1;
        block.sum.add(Sum::of(hash, time));
    }

    pub fn take(&mut self, at: At, hash: &Hash, time: Stamp) {
        let block = self.block(at);
        block.batches -= 1;
        block.sum.take(Sum::of(hash, time));
    }

    /// Brings what lies beside the log to what the log says now.
    pub fn keep(self, conn: &Connection) -> Result<()> {
        for (at, change) in self.0 {
            let mut block = standing(conn, at)?;
            block.batches += change.batches;
            block.sum.add(change.sum);
            put(conn, at, block)?;
        }
        Ok(())
    }
}

fn standing(conn: &Connection, (device, incarnation, nth): At) -> Result<Block> {
    let sql = "SELECT batches, sum FROM summed WHERE device = ?1 AND incarnation = ?2 AND nth = ?3";
    let mut statement = conn.prepare_cached(sql).doing("reading a sum")?;
    let read = |row: &rusqlite::Row<'_>| Ok(Block { batches: row.get(0)?, sum: sum_of(row.get(1)?) });
    let found = statement.query_row(params![device, incarnation, nth as i64], read).optional();
    found.doing("reading a sum").map(Option::unwrap_or_default)
}

fn sum_of(bytes: [u8; 16]) -> Sum {
    Sum(u128::from_le_bytes(bytes))
}

fn put(conn: &Connection, (device, incarnation, nth): At, block: Block) -> Result<()> {
    if block.batches == 0 {
        let sql = "DELETE FROM summed WHERE device = ?1 AND incarnation = ?2 AND nth = ?3";
        let mut statement = conn.prepare_cached(sql).doing("keeping a sum")?;
        return statement.execute(params![device, incarnation, nth as i64]).doing("keeping a sum").map(|_| ());
    }
    let mut statement =
        conn.prepare_cached("INSERT OR REPLACE INTO summed VALUES (?1, ?2, ?3, ?4, ?5)").doing("keeping a sum")?;
    let row = params![device, incarnation, nth as i64, block.batches, block.sum.0.to_le_bytes()];
    statement.execute(row).doing("keeping a sum").map(|_| ())
}

/// What the log says.
fn counted(conn: &Connection) -> Result<Sums> {
    let sql = "SELECT device, incarnation, seq, hash, received FROM log WHERE received IS NOT NULL";
    let mut statement = conn.prepare_cached(sql).doing("adding up the log")?;
    let mut rows = statement.query([]).doing("adding up the log")?;
    let mut sums = Sums::default();
    while let Some(row) = rows.next().doing("adding up the log")? {
        let number = |i: usize| row.get::<_, i64>(i).doing("adding up the log");
        // A damaged hash is named by `verify`, which reads the log itself.
        let hash: Hash = row.get(3).unwrap_or_default();
        sums.add((number(0)? as u32, number(1)? as u32, number(2)? as u64), &hash, Stamp(number(4)? as u64));
    }
    Ok(sums)
}

fn kept(conn: &Connection) -> Result<HashMap<At, Block>> {
    let sql = "SELECT device, incarnation, nth, batches, sum FROM summed";
    let mut statement = conn.prepare_cached(sql).doing("reading the sums")?;
    let read = |row: &rusqlite::Row<'_>| {
        let at = (row.get(0)?, row.get(1)?, row.get::<_, i64>(2)? as u64);
        Ok((at, Block { batches: row.get(3)?, sum: sum_of(row.get(4)?) }))
    };
    statement.query_map([], read).and_then(Iterator::collect).doing("reading the sums")
}

/// Makes the empty table say what the log says.
pub(crate) fn fill(conn: &Connection) -> Result<()> {
    counted(conn)?.keep(conn)
}

/// Whether the sums say what the log says.
pub(crate) fn are_right(conn: &Connection) -> Result<bool> {
    let mut counted = counted(conn)?.0;
    counted.retain(|_, block| block.batches > 0);
    Ok(counted == kept(conn)?)
}

impl Ledger {
    /// The sum of every block that was received: its chain, which of it, and the sum.
    pub fn sums(&self) -> Result<BTreeMap<(Chain, u64), Sum>> {
        let devices = Devices::read(&self.conn)?;
        let named = |((device, incarnation, nth), block): (At, Block)| {
            let chain = Chain { device: devices.id(device)?, incarnation };
            Ok(((chain, nth), block.sum))
        };
        kept(&self.conn)?.into_iter().map(named).collect()
    }

    /// One sum over all of them.
    pub fn sum(&self) -> Result<Sum> {
        let mut all = Sum::default();
        kept(&self.conn)?.values().for_each(|block| all.add(block.sum));
        Ok(all)
    }
}
