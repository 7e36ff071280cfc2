//! What is written, a statement a table however much it brings. It waits for the next question or for the end, and then
//! all of it is on its way with that: a trip to the database costs more than most statements.

use std::collections::BTreeMap;

use deadpool_postgres::Object;
use futures_util::future::try_join_all;
use lianhu_ledger::Chain;
use lianhu_sync::{Block, Sum};
use tokio_postgres::Statement;
use tokio_postgres::types::ToSql;

use super::id::Id;
use super::run::{Run, runs};
use super::tx::{Moved, Param};
use crate::store::{Changes, Numbered, State, number};

macro_rules! row {
    ($($value:expr),+) => { vec![$(Box::new($value) as Box<dyn ToSql + Sync>),+] };
}

/// A village as a whole, where it is otherwise now.
pub struct Now {
    pub state: State,
    /// The end of every chain, as bytes.
    pub ends: Vec<u8>,
}

/// What a step changes beside what it brings.
pub struct Beside {
    pub now: Option<Now>,
    pub living: Vec<Hour>,
    pub moved: Vec<Moved>,
}

/// A row of living records, as it is now.
pub type Hour = (i64, Option<Vec<u8>>);

/// What was written and is not on its way. The last word on each row counts: one statement may not touch a row twice.
#[derive(Default)]
pub struct Pending {
    runs: Vec<Run>,
    receipts: Vec<Numbered>,
    sums: BTreeMap<Block, Sum>,
    living: BTreeMap<i64, Option<Vec<u8>>>,
    papers: BTreeMap<(&'static str, Vec<u8>), Option<Vec<u8>>>,
    moved: Vec<Moved>,
    now: Option<Now>,
}

impl Pending {
    pub fn add(&mut self, changes: &Changes, beside: Beside) {
        self.runs.extend(runs(&changes.entries));
        self.receipts.extend(changes.receipts.iter().cloned());
        self.sums.extend(changes.sums.iter().map(|(block, sum)| (*block, *sum)));
        self.living.extend(beside.living);
        self.papers.extend(changes.papers.iter().map(|(kind, name, paper)| ((*kind, name.clone()), paper.clone())));
        self.moved.extend(beside.moved);
        self.now = beside.now.or(self.now.take());
    }

    /// Everything that is asked of the database is prepared before the first of it goes, so that all of it goes in order.
    pub async fn ready<'p>(&'p self, tx: &Object, village: Id) -> Result<Ready<'p>, tokio_postgres::Error> {
        let mut ready = Vec::new();
        for (sql, mut row) in self.statements() {
            row.insert(0, Box::new(village));
            ready.push((tx.prepare_cached(sql).await?, row));
        }
        Ok(Ready(ready))
    }

    fn statements(&self) -> Vec<Said<'_>> {
        let said =
            [self.runs(), self.receipts(), self.sums(), self.living(), self.dead(), self.papers(), self.no_papers()];
        said.into_iter().flatten().chain(self.state()).chain(self.marks()).collect()
    }

    fn runs(&self) -> Option<Said<'_>> {
        let runs = filled(&self.runs)?;
        let (devices, incarnations, firsts) = columns(runs.iter().map(|run| (run.chain, run.first)));
        let lasts: Vec<i64> = runs.iter().map(|run| number(run.last)).collect();
        let barred: Vec<bool> = runs.iter().map(|run| run.barred).collect();
        let marks: Vec<&[u8]> = runs.iter().map(|run| run.marks.as_slice()).collect();
        let batches: Vec<&[u8]> = runs.iter().map(|run| run.batches.as_slice()).collect();
        let sql = "INSERT INTO lianhu.run (village, device, incarnation, first, last, barred, marks, batches)
                   SELECT $1::uuid, * FROM unnest($2::uuid[], $3::bigint[], $4::bigint[], $5::bigint[], $6::boolean[],
                   $7::bytea[], $8::bytea[])";
        Some((sql, row![devices, incarnations, firsts, lasts, barred, marks, batches]))
    }

    fn receipts(&self) -> Option<Said<'_>> {
        let receipts = filled(&self.receipts)?;
        let numbers: Vec<i64> = receipts.iter().map(|receipt| number(receipt.no)).collect();
        let (devices, incarnations, firsts) = columns(receipts.iter().map(|receipt| (receipt.chain, receipt.first)));
        let lasts: Vec<i64> = receipts.iter().map(|receipt| number(receipt.last)).collect();
        let papers: Vec<&[u8]> = receipts.iter().map(|receipt| receipt.paper.as_slice()).collect();
        let sql = "INSERT INTO lianhu.receipt (village, no, device, incarnation, first, last, paper)
                   SELECT $1::uuid, * FROM unnest($2::bigint[], $3::uuid[], $4::bigint[], $5::bigint[], $6::bigint[],
                   $7::bytea[])";
        Some((sql, row![numbers, devices, incarnations, firsts, lasts, papers]))
    }

    fn sums(&self) -> Option<Said<'_>> {
        let (devices, incarnations, nth) = columns(self.sums.keys().map(|block| (block.chain, block.nth)));
        let sums: Vec<Vec<u8>> = self.sums.values().map(|sum| sum.0.to_le_bytes().to_vec()).collect();
        filled(&sums)?;
        let sql = "INSERT INTO lianhu.block (village, device, incarnation, nth, sum)
                   SELECT $1::uuid, * FROM unnest($2::uuid[], $3::bigint[], $4::bigint[], $5::bytea[])
                   ON CONFLICT (village, device, incarnation, nth) DO UPDATE SET sum = excluded.sum";
        Some((sql, row![devices, incarnations, nth, sums]))
    }

    fn living(&self) -> Option<Said<'_>> {
        let there = self.living.iter().filter_map(|(hour, keys)| Some((*hour, keys.as_deref()?)));
        let (hours, keys): (Vec<i64>, Vec<&[u8]>) = there.unzip();
        filled(&hours)?;
        let sql =
            "INSERT INTO lianhu.living (village, hour, keys) SELECT $1::uuid, * FROM unnest($2::bigint[], $3::bytea[])
             ON CONFLICT (village, hour) DO UPDATE SET keys = excluded.keys";
        Some((sql, row![hours, keys]))
    }

    fn dead(&self) -> Option<Said<'_>> {
        let empty = self.living.iter().filter(|(_, keys)| keys.is_none());
        let hours: Vec<i64> = empty.map(|(hour, _)| *hour).collect();
        filled(&hours)?;
        Some(("DELETE FROM lianhu.living WHERE village = $1 AND hour = ANY($2)", row![hours]))
    }

    fn papers(&self) -> Option<Said<'_>> {
        let there = self.papers.iter().filter_map(|((kind, name), paper)| Some((*kind, name, paper.as_deref()?)));
        let (mut kinds, mut names, mut papers) = (Vec::new(), Vec::new(), Vec::new());
        for (kind, name, paper) in there {
            kinds.push(kind);
            names.push(name.as_slice());
            papers.push(paper);
        }
        filled(&kinds)?;
        let sql = "INSERT INTO lianhu.paper (village, kind, name, paper)
                   SELECT $1::uuid, * FROM unnest($2::text[], $3::bytea[], $4::bytea[])
                   ON CONFLICT (village, kind, name) DO UPDATE SET paper = excluded.paper";
        Some((sql, row![kinds, names, papers]))
    }

    fn no_papers(&self) -> Option<Said<'_>> {
        let gone = self.papers.iter().filter(|(_, paper)| paper.is_none());
        let (kinds, names): (Vec<&str>, Vec<&[u8]>) = gone.map(|((kind, name), _)| (*kind, name.as_slice())).unzip();
        filled(&kinds)?;
        let sql = "DELETE FROM lianhu.paper p USING unnest($2::text[], $3::bytea[]) AS g (kind, name)
                   WHERE p.village = $1 AND p.kind = g.kind AND p.name = g.name";
        Some((sql, row![kinds, names]))
    }

    fn state(&self) -> Option<Said<'_>> {
        let Now { state: State { newest, sum, living, parked, judged }, ends } = self.now.as_ref()?;
        let sql = "UPDATE lianhu.state SET newest = $2, sum = $3, living = $4, parked = $5, judged = $6, ends = $7
                   WHERE village = $1";
        let (sum, judged) = (sum.0.to_le_bytes().to_vec(), judged.as_ref().map(<[u8; 32]>::as_slice));
        Some((sql, row![number(*newest), sum, number(*living), number(*parked), judged, ends]))
    }

    fn marks(&self) -> Option<Said<'_>> {
        let moved = filled(&self.moved)?;
        let (devices, incarnations, lasts) = columns(moved.iter().map(|row| (row.chain, row.last)));
        let barred: Vec<bool> = moved.iter().map(|row| row.barred).collect();
        let marks: Vec<&[u8]> = moved.iter().map(|row| row.marks.as_slice()).collect();
        let sql = "UPDATE lianhu.run r SET barred = m.barred, marks = m.marks
                   FROM unnest($2::uuid[], $3::bigint[], $4::bigint[], $5::boolean[], $6::bytea[])
                   AS m (device, incarnation, last, barred, marks)
                   WHERE r.village = $1 AND r.device = m.device AND r.incarnation = m.incarnation AND r.last = m.last";
        Some((sql, row![devices, incarnations, lasts, barred, marks]))
    }
}

/// The values of a statement, those after the village.
type Row<'p> = Vec<Box<dyn ToSql + Sync + 'p>>;
type Said<'p> = (&'static str, Row<'p>);

fn filled<T>(rows: &[T]) -> Option<&[T]> {
    Some(rows).filter(|rows| !rows.is_empty())
}

/// Device, incarnation and number of each, as columns.
type Columns = (Vec<Id>, Vec<i64>, Vec<i64>);

fn columns(of: impl Iterator<Item = (Chain, u64)>) -> Columns {
    let mut columns = Columns::default();
    for (chain, n) in of {
        columns.0.push(Id(chain.device));
        columns.1.push(i64::from(chain.incarnation));
        columns.2.push(number(n));
    }
    columns
}

/// Statements that only need to go.
pub struct Ready<'p>(Vec<(Statement, Row<'p>)>);

impl Ready<'_> {
    /// Sends all of them; the first that goes wrong is told.
    pub async fn go(&self, tx: &Object) -> Result<(), tokio_postgres::Error> {
        let sent = self.0.iter().map(|(statement, row)| async move {
            let row: Vec<Param<'_>> = row.iter().map(|value| value.as_ref() as Param<'_>).collect();
            tx.execute(statement, &row).await
        });
        try_join_all(sent).await.map(|_| ())
    }
}
