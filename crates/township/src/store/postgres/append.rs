//! What one step writes, a statement a table however much it brings, all of them on their way at once.

use std::collections::BTreeMap;

use deadpool_postgres::Object;
use lianhu_ledger::Chain;

use super::id::Id;
use super::run;
use super::tx::{Moved, Param};
use crate::store::{Changes, State, number};

type Done = Result<(), tokio_postgres::Error>;

async fn say(tx: &Object, sql: &str, params: &[Param<'_>]) -> Done {
    let statement = tx.prepare_cached(sql).await?;
    tx.execute(&statement, params).await.map(|_| ())
}

/// A village as a whole, where it is otherwise now.
pub struct Now<'a> {
    pub state: &'a State,
    /// The end of every chain, as bytes.
    pub ends: &'a [u8],
}

/// What a step changes beside what it brings.
pub struct Beside<'a> {
    pub now: Option<Now<'a>>,
    pub living: &'a [Hour],
    pub moved: &'a [Moved],
}

pub async fn all(tx: &Object, village: Id, changes: &Changes, beside: &Beside<'_>) -> Done {
    let Beside { now, living, moved } = beside;
    tokio::try_join!(
        entries(tx, village, changes),
        receipts(tx, village, changes),
        sums(tx, village, changes),
        records(tx, village, living),
        papers(tx, village, changes),
        state(tx, village, now.as_ref()),
        marks(tx, village, moved),
    )
    .map(|_| ())
}

/// A row of living records, as it is now.
pub type Hour = (i64, Option<Vec<u8>>);

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

async fn entries(tx: &Object, village: Id, changes: &Changes) -> Done {
    let runs = run::runs(&changes.entries);
    if runs.is_empty() {
        return Ok(());
    }
    let (devices, incarnations, firsts) = columns(runs.iter().map(|run| (run.chain, run.first)));
    let lasts: Vec<i64> = runs.iter().map(|run| number(run.last)).collect();
    let barred: Vec<bool> = runs.iter().map(|run| run.barred).collect();
    let marks: Vec<&[u8]> = runs.iter().map(|run| run.marks.as_slice()).collect();
    let batches: Vec<&[u8]> = runs.iter().map(|run| run.batches.as_slice()).collect();
    let sql = "INSERT INTO lianhu.run (village, device, incarnation, first, last, barred, marks, batches)
               SELECT $1::uuid, * FROM unnest($2::uuid[], $3::bigint[], $4::bigint[], $5::bigint[], $6::boolean[],
               $7::bytea[], $8::bytea[])";
    let row: [Param<'_>; 8] = [&village, &devices, &incarnations, &firsts, &lasts, &barred, &marks, &batches];
    say(tx, sql, &row).await
}

async fn receipts(tx: &Object, village: Id, changes: &Changes) -> Done {
    let receipts = &changes.receipts;
    if receipts.is_empty() {
        return Ok(());
    }
    let numbers: Vec<i64> = receipts.iter().map(|receipt| number(receipt.no)).collect();
    let (devices, incarnations, firsts) = columns(receipts.iter().map(|receipt| (receipt.chain, receipt.first)));
    let lasts: Vec<i64> = receipts.iter().map(|receipt| number(receipt.last)).collect();
    let papers: Vec<&[u8]> = receipts.iter().map(|receipt| receipt.paper.as_slice()).collect();
    let sql = "INSERT INTO lianhu.receipt (village, no, device, incarnation, first, last, paper)
               SELECT $1::uuid, * FROM unnest($2::bigint[], $3::uuid[], $4::bigint[], $5::bigint[], $6::bigint[],
               $7::bytea[])";
    say(tx, sql, &[&village, &numbers, &devices, &incarnations, &firsts, &lasts, &papers]).await
}

async fn sums(tx: &Object, village: Id, changes: &Changes) -> Done {
    if changes.sums.is_empty() {
        return Ok(());
    }
    let (devices, incarnations, nth) = columns(changes.sums.keys().map(|block| (block.chain, block.nth)));
    let bytes: Vec<[u8; 16]> = changes.sums.values().map(|sum| sum.0.to_le_bytes()).collect();
    let sums: Vec<&[u8]> = bytes.iter().map(<[u8; 16]>::as_slice).collect();
    let sql = "INSERT INTO lianhu.block (village, device, incarnation, nth, sum)
               SELECT $1::uuid, * FROM unnest($2::uuid[], $3::bigint[], $4::bigint[], $5::bytea[])
               ON CONFLICT (village, device, incarnation, nth) DO UPDATE SET sum = excluded.sum";
    say(tx, sql, &[&village, &devices, &incarnations, &nth, &sums]).await
}

async fn records(tx: &Object, village: Id, living: &[Hour]) -> Done {
    let there: Vec<(i64, &[u8])> = living.iter().filter_map(|(hour, keys)| Some((*hour, keys.as_deref()?))).collect();
    if !there.is_empty() {
        let (hours, keys): (Vec<i64>, Vec<&[u8]>) = there.into_iter().unzip();
        let sql =
            "INSERT INTO lianhu.living (village, hour, keys) SELECT $1::uuid, * FROM unnest($2::bigint[], $3::bytea[])
                   ON CONFLICT (village, hour) DO UPDATE SET keys = excluded.keys";
        say(tx, sql, &[&village, &hours, &keys]).await?;
    }
    let empty: Vec<i64> = living.iter().filter(|(_, keys)| keys.is_none()).map(|(hour, _)| *hour).collect();
    if empty.is_empty() {
        return Ok(());
    }
    say(tx, "DELETE FROM lianhu.living WHERE village = $1 AND hour = ANY($2)", &[&village, &empty]).await
}

/// The last word on each paper counts: one statement may not touch a row twice.
async fn papers(tx: &Object, village: Id, changes: &Changes) -> Done {
    let last: BTreeMap<(&str, &[u8]), Option<&[u8]>> =
        changes.papers.iter().map(|(kind, name, paper)| ((*kind, name.as_slice()), paper.as_deref())).collect();
    let (mut kinds, mut names, mut papers) = (Vec::new(), Vec::new(), Vec::new());
    let (mut gone_kinds, mut gone_names) = (Vec::new(), Vec::new());
    for ((kind, name), paper) in last {
        match paper {
            Some(paper) => {
                kinds.push(kind);
                names.push(name);
                papers.push(paper);
            }
            None => {
                gone_kinds.push(kind);
                gone_names.push(name);
            }
        }
    }
    if !kinds.is_empty() {
        let sql = "INSERT INTO lianhu.paper (village, kind, name, paper)
                   SELECT $1::uuid, * FROM unnest($2::text[], $3::bytea[], $4::bytea[])
                   ON CONFLICT (village, kind, name) DO UPDATE SET paper = excluded.paper";
        say(tx, sql, &[&village, &kinds, &names, &papers]).await?;
    }
    if gone_kinds.is_empty() {
        return Ok(());
    }
    let sql = "DELETE FROM lianhu.paper p USING unnest($2::text[], $3::bytea[]) AS g (kind, name)
               WHERE p.village = $1 AND p.kind = g.kind AND p.name = g.name";
    say(tx, sql, &[&village, &gone_kinds, &gone_names]).await
}

async fn state(tx: &Object, village: Id, now: Option<&Now<'_>>) -> Done {
    let Some(Now { state: State { newest, sum, living, parked, judged }, ends }) = now else { return Ok(()) };
    let sql = "UPDATE lianhu.state SET newest = $2, sum = $3, living = $4, parked = $5, judged = $6, ends = $7
               WHERE village = $1";
    let (sum, judged) = (sum.0.to_le_bytes(), judged.as_ref().map(<[u8; 32]>::as_slice));
    let row: [Param<'_>; 7] =
        [&village, &number(*newest), &sum.as_slice(), &number(*living), &number(*parked), &judged, &ends];
    say(tx, sql, &row).await
}

async fn marks(tx: &Object, village: Id, moved: &[Moved]) -> Done {
    if moved.is_empty() {
        return Ok(());
    }
    let (devices, incarnations, lasts) = columns(moved.iter().map(|row| (row.chain, row.last)));
    let barred: Vec<bool> = moved.iter().map(|row| row.barred).collect();
    let marks: Vec<&[u8]> = moved.iter().map(|row| row.marks.as_slice()).collect();
    let sql = "UPDATE lianhu.run r SET barred = m.barred, marks = m.marks
               FROM unnest($2::uuid[], $3::bigint[], $4::bigint[], $5::boolean[], $6::bytea[])
               AS m (device, incarnation, last, barred, marks)
               WHERE r.village = $1 AND r.device = m.device AND r.incarnation = m.incarnation AND r.last = m.last";
    say(tx, sql, &[&village, &devices, &incarnations, &lasts, &barred, &marks]).await
}
