//! `rebuild` makes the tables anew from the log; `verify` does the same in memory and compares. Both use the fold that
//! `apply` uses, so there is one answer to what a ledger says.

use std::collections::{BTreeMap, HashMap};

use rusqlite::TransactionBehavior;
use serde::Serialize;
use uuid::Uuid;

use crate::apply::{RecordWrites, Row, folded, gather, place, settled};
use crate::devices::Devices;
use crate::ledger::{Ledger, format_of};
use crate::log::{Batch, BatchRef};
use crate::logged::{LoggedBatch, each_batch};
use crate::query::{Stored, View};
use crate::records::KINDS;
use crate::refusal::{Doing, Result};
use crate::schema;
use crate::storing::Storing;
use crate::sums;

/// What `verify` looked at, and what it found wrong. Empty `problems` is the good answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Verified {
    pub batches: usize,
    pub records: usize,
    pub problems: Vec<String>,
}

impl Ledger {
    /// Makes every table anew from the log, in one transaction.
    pub fn rebuild(&mut self) -> Result<usize> {
        self.must_be_writable()?;
        self.remake_tables()?;
        let mut records = 0;
        for kind in KINDS {
            records += self.view().count(&format!("SELECT count(*) FROM \"{}\"", kind.name), [])?;
        }
        Ok(records as usize)
    }

    pub(crate) fn remake_tables(&mut self) -> Result<()> {
        self.conn.flush_prepared_statement_cache();
        let tx = self.conn.transaction_with_behavior(TransactionBehavior::Immediate).doing("starting to rebuild")?;
        schema::upgrade(&tx, format_of(&tx)?)?;
        schema::drop_views(&tx)?;
        schema::create_views(&tx)?;
        let devices = Devices::read(&tx)?;
        let mut storing = Storing::new(&tx);
        for ((kind, id), writes) in in_order(all_writes(&tx, &devices)?) {
            let mut row = Row { is_new: true, ..Row::blank(&KINDS[kind]) };
            for (field, folded) in folded(writes) {
                place(&tx, &KINDS[kind], id, field, &folded, &devices, &mut row)?;
            }
            storing.store((kind, id), &row)?;
        }
        drop(storing);
        sums::fill(&tx)?;
        schema::stamp(&tx)?;
        tx.commit().doing("keeping the rebuilt tables")?;
        self.conn.flush_prepared_statement_cache();
        Ok(())
    }

    /// SQLite's own check, the log's chain, and every table against the log.
    pub fn verify(&self) -> Result<Verified> {
        let mut found = Verified { problems: self.store_problems()?, ..Verified::default() };
        let devices = Devices::read(&self.conn)?;
        let mut writes = HashMap::new();
        let mut previous: Option<(BatchRef, Vec<u8>)> = None;
        each_batch(
            &self.conn,
            &devices,
            |_| true,
            |batch| {
                found.batches += 1;
                found.problems.extend(self.chain_problem(&batch, previous.as_ref()));
                gather(&batch, &mut writes, |_| true);
                previous = Some((batch.at, batch.hash));
                Ok(())
            },
        )?;
        self.compare(writes, &devices, &mut found)?;
        if !sums::are_right(&self.conn)? {
            found.problems.push("summed: the sums do not say what the log says".to_owned());
        }
        Ok(found)
    }

    fn store_problems(&self) -> Result<Vec<String>> {
        let mut problems = Vec::new();
        for pragma in ["PRAGMA integrity_check", "PRAGMA cipher_integrity_check"] {
            let mut statement = self.conn.prepare(pragma).doing("checking the file")?;
            let answers = statement.query_map([], |row| row.get::<_, String>(0)).doing("checking the file")?;
            for answer in answers {
                let answer = answer.doing("checking the file")?;
                // An unkeyed file has no page seals to check, and SQLCipher says so in a row of its own.
                let fine = answer == "ok" || answer.contains("not supported") || answer.contains("has not been keyed");
                problems.extend((!fine).then(|| format!("{pragma}: {answer}")));
            }
        }
        Ok(problems)
    }

    fn chain_problem(&self, batch: &LoggedBatch, previous: Option<&(BatchRef, Vec<u8>)>) -> Option<String> {
        let before = previous.filter(|(at, _)| {
            (at.device, at.incarnation, at.seq + 1) == (batch.at.device, batch.at.incarnation, batch.at.seq)
        });
        let prev = match (before, &batch.prev) {
            (Some((_, hash)), None) => hash.clone(),
            (_, Some(prev)) => prev.clone(),
            (None, None) if batch.at.seq == 1 => vec![0; 32],
            (None, None) => return Some(format!("log {}: what it is chained to is missing", batch.at)),
        };
        let whole = self.whole(batch, &prev)?;
        let broken = before.is_some_and(|(_, hash)| *hash != prev) || whole.hash().as_slice() != batch.hash;
        broken.then(|| format!("log {}: its content is not what was signed off", batch.at))
    }

    /// The batch as it was made.
    pub(crate) fn whole(&self, batch: &LoggedBatch, prev: &[u8]) -> Option<Batch> {
        Some(Batch {
            village: self.village,
            at: batch.at,
            op: batch.op.clone(),
            author: batch.author.clone(),
            stamp: batch.stamp,
            prev: prev.try_into().ok()?,
            changes: batch.changes.clone(),
            signature: batch.signature.clone(),
        })
    }

    fn compare(
        &self,
        writes: HashMap<(usize, Uuid), RecordWrites>,
        devices: &Devices,
        found: &mut Verified,
    ) -> Result<()> {
        let mut expected = expected(writes, devices)?;
        for (at, kind) in KINDS.iter().enumerate() {
            for (id, standing) in self.view().all_stored(kind)? {
                found.records += 1;
                let same = expected
                    .rows
                    .remove(&(at, id))
                    .is_some_and(|e| e.cells == standing.cells && e.clocks == standing.clocks);
                found
                    .problems
                    .extend((!same).then(|| format!("{} {id}: the table does not say what the log says", kind.name)));
            }
        }
        let missing =
            expected.rows.keys().map(|(at, id)| format!("{} {id}: in the log, not in its table", KINDS[*at].name));
        found.problems.extend(missing);
        if expected.overtaken != self.view().overtaken_count()? {
            found.problems.push("overtaken: the table does not say what the log says".to_owned());
        }
        Ok(())
    }
}

struct Expected {
    rows: BTreeMap<(usize, Uuid), Stored>,
    overtaken: i64,
}

fn expected(writes: HashMap<(usize, Uuid), RecordWrites>, devices: &Devices) -> Result<Expected> {
    let mut expected = Expected { rows: BTreeMap::new(), overtaken: 0 };
    for ((at, id), writes) in writes {
        let kind = &KINDS[at];
        let mut row = Row::blank(kind);
        for (field, folded) in folded(writes) {
            let (cell, stand) = settled(kind, field, &folded, devices)?;
            row.cells[field] = cell;
            row.clocks.stands[field] = Some(stand);
            row.clocks.unsettled |= folded.waits || !folded.overtaken.is_empty();
            expected.overtaken += folded.overtaken.len() as i64;
        }
        expected.rows.insert((at, id), Stored { cells: row.cells, clocks: row.clocks });
    }
    Ok(expected)
}

fn all_writes(conn: &rusqlite::Connection, devices: &Devices) -> Result<HashMap<(usize, Uuid), RecordWrites>> {
    let mut writes = HashMap::new();
    each_batch(
        conn,
        devices,
        |_| true,
        |batch| {
            gather(&batch, &mut writes, |_| true);
            Ok(())
        },
    )?;
    Ok(writes)
}

/// Rows go in by id, as the tables keep them: appending is several times faster than inserting at random.
fn in_order(writes: HashMap<(usize, Uuid), RecordWrites>) -> Vec<((usize, Uuid), RecordWrites)> {
    let mut writes: Vec<_> = writes.into_iter().collect();
    writes.sort_by_key(|(record, _)| *record);
    writes
}

impl View<'_> {
    fn overtaken_count(&self) -> Result<i64> {
        self.count("SELECT count(*) FROM overtaken", [])
    }
}
