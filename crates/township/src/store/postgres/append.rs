//! What one step writes, a statement a table however much it brings, all of them on their way at once.

use std::collections::BTreeMap;

use deadpool_postgres::Object;
use lianhu_ledger::Chain;
use lianhu_sync::Why;

use super::Param;
use super::id::Id;
use crate::store::{Changes, State, number};

type Done = Result<(), tokio_postgres::Error>;

async fn run(tx: &Object, sql: &str, params: &[Param<'_>]) -> Done {
    let statement = tx.prepare_cached(sql).await?;
    tx.execute(&statement, params).await.map(|_| ())
}

pub async fn all(tx: &Object, village: Id, changes: &Changes) -> Done {
    tokio::try_join!(
        entries(tx, village, changes),
        heads(tx, village, changes),
        receipts(tx, village, changes),
        sums(tx, village, changes),
        records(tx, village, changes),
        papers(tx, village, changes),
        state(tx, village, changes),
    )?;
    // What moves batches comes after the batches.
    tokio::try_join!(times(tx, village, changes), bars(tx, village, changes)).map(|_| ())
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

async fn entries(tx: &Object, village: Id, changes: &Changes) -> Done {
    let entries = &changes.entries;
    if entries.is_empty() {
        return Ok(());
    }
    let (devices, incarnations, seqs) = columns(entries.iter().map(|e| (Chain::of(e.at), e.at.seq)));
    let hashes: Vec<&[u8]> = entries.iter().map(|e| e.hash.as_slice()).collect();
    let stamps: Vec<i64> = entries.iter().map(|e| number(e.stamp.0)).collect();
    let received: Vec<Option<i64>> = entries.iter().map(|e| e.received.map(|time| number(time.0))).collect();
    let barred: Vec<Option<&str>> = entries.iter().map(|e| e.barred.map(Why::name)).collect();
    let signatures: Vec<&[u8]> = entries.iter().map(|e| e.signature.as_slice()).collect();
    let bodies: Vec<&[u8]> = entries.iter().map(|e| e.body.as_slice()).collect();
    let sql = "INSERT INTO lianhu.batch
               (village, device, incarnation, seq, hash, stamp, received, barred, signature, body)
               SELECT $1::uuid, * FROM unnest($2::uuid[], $3::bigint[], $4::bigint[], $5::bytea[], $6::bigint[],
               $7::bigint[], $8::text[], $9::bytea[], $10::bytea[])";
    let row: [Param<'_>; 10] =
        [&village, &devices, &incarnations, &seqs, &hashes, &stamps, &received, &barred, &signatures, &bodies];
    run(tx, sql, &row).await
}

async fn heads(tx: &Object, village: Id, changes: &Changes) -> Done {
    if changes.heads.is_empty() {
        return Ok(());
    }
    let (devices, incarnations, seqs) = columns(changes.heads.iter().map(|(chain, head)| (*chain, head.seq)));
    let hashes: Vec<&[u8]> = changes.heads.values().map(|head| head.hash.as_slice()).collect();
    let sql = "INSERT INTO lianhu.head (village, device, incarnation, seq, hash)
               SELECT $1::uuid, * FROM unnest($2::uuid[], $3::bigint[], $4::bigint[], $5::bytea[])
               ON CONFLICT (village, device, incarnation) DO UPDATE SET seq = excluded.seq, hash = excluded.hash";
    run(tx, sql, &[&village, &devices, &incarnations, &seqs, &hashes]).await
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
    run(tx, sql, &[&village, &numbers, &devices, &incarnations, &firsts, &lasts, &papers]).await
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
    run(tx, sql, &[&village, &devices, &incarnations, &nth, &sums]).await
}

async fn records(tx: &Object, village: Id, changes: &Changes) -> Done {
    if !changes.born.is_empty() {
        let sql = "INSERT INTO lianhu.record (village, key) SELECT $1::uuid, * FROM unnest($2::bigint[])
                   ON CONFLICT DO NOTHING";
        run(tx, sql, &[&village, &changes.born]).await?;
    }
    if changes.gone.is_empty() {
        return Ok(());
    }
    run(tx, "DELETE FROM lianhu.record WHERE village = $1 AND key = ANY($2)", &[&village, &changes.gone]).await
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
        run(tx, sql, &[&village, &kinds, &names, &papers]).await?;
    }
    if gone_kinds.is_empty() {
        return Ok(());
    }
    let sql = "DELETE FROM lianhu.paper p USING unnest($2::text[], $3::bytea[]) AS g (kind, name)
               WHERE p.village = $1 AND p.kind = g.kind AND p.name = g.name";
    run(tx, sql, &[&village, &gone_kinds, &gone_names]).await
}

async fn state(tx: &Object, village: Id, changes: &Changes) -> Done {
    let Some(State { newest, sum, living, parked, judged }) = &changes.state else { return Ok(()) };
    let sql = "UPDATE lianhu.state SET newest = $2, sum = $3, living = $4, parked = $5, judged = $6
               WHERE village = $1";
    let (sum, judged) = (sum.0.to_le_bytes(), judged.as_ref().map(<[u8; 32]>::as_slice));
    run(tx, sql, &[&village, &number(*newest), &sum.as_slice(), &number(*living), &number(*parked), &judged]).await
}

async fn times(tx: &Object, village: Id, changes: &Changes) -> Done {
    if changes.times.is_empty() {
        return Ok(());
    }
    let (devices, incarnations, seqs) = columns(changes.times.iter().map(|(at, _)| (Chain::of(*at), at.seq)));
    let times: Vec<i64> = changes.times.iter().map(|(_, time)| number(time.0)).collect();
    let sql = "UPDATE lianhu.batch b SET received = t.received
               FROM unnest($2::uuid[], $3::bigint[], $4::bigint[], $5::bigint[])
               AS t (device, incarnation, seq, received)
               WHERE b.village = $1 AND b.device = t.device AND b.incarnation = t.incarnation AND b.seq = t.seq";
    run(tx, sql, &[&village, &devices, &incarnations, &seqs, &times]).await
}

async fn bars(tx: &Object, village: Id, changes: &Changes) -> Done {
    if changes.bars.is_empty() {
        return Ok(());
    }
    let (devices, incarnations, seqs) = columns(changes.bars.iter().map(|(at, _)| (Chain::of(*at), at.seq)));
    let why: Vec<Option<&str>> = changes.bars.iter().map(|(_, why)| why.map(Why::name)).collect();
    let sql = "UPDATE lianhu.batch b SET barred = t.barred
               FROM unnest($2::uuid[], $3::bigint[], $4::bigint[], $5::text[])
               AS t (device, incarnation, seq, barred)
               WHERE b.village = $1 AND b.device = t.device AND b.incarnation = t.incarnation AND b.seq = t.seq";
    run(tx, sql, &[&village, &devices, &incarnations, &seqs, &why]).await
}
