//! One transaction: what is asked and written, in as few trips as it can be.

use std::cell::Cell;
use std::collections::{BTreeMap, HashMap};

use deadpool_postgres::Object;
use lianhu_ledger::{BatchRef, Chain, Error, Head, Result, Stamp};
use lianhu_sync::{Block, Sum, Why};
use tokio::runtime::Runtime;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use super::append::{Beside, Now, Pending};
use super::id::Id;
use super::living::{Living, hours};
use super::{ends, fault, may_pass, run, told};
use crate::store::{Changes, Entry, Foreseen, Mark, State, Tx, damaged, hash, number, paper, sum};

/// What every transaction begins by asking.
pub(super) struct Entered {
    state: Row,
    papers: Vec<Row>,
    foreseen: Vec<Row>,
}

/// Small papers that most asks look at.
const AHEAD: [&str; 3] = [paper::APPROVED, paper::TODAY, paper::SEEN];

/// Begins, says which village the transaction is for, takes hold of it, and asks on the same way what will be asked anyway:
/// what comes after the hold is true until the end, for the server answers in turn.
pub(super) async fn enter(
    tx: &Object,
    village: Uuid,
    foreseen: &Foreseen,
) -> Result<Option<Entered>, tokio_postgres::Error> {
    let hold = tx
        .prepare_cached(
            "SELECT newest, sum, living, parked, judged, ends FROM lianhu.state WHERE village = $1 FOR UPDATE",
        )
        .await?;
    let papers =
        tx.prepare_cached("SELECT kind, name, paper FROM lianhu.paper WHERE village = $1 AND kind = ANY($2)").await?;
    let ahead = tx.prepare_cached(FORESEEN).await?;
    // A village's name is digits and dashes: nothing in it could be taken for a word of the language.
    let begin = format!("BEGIN; SET LOCAL app.village = '{village}'");
    let (id, kinds) = (Id(village), AHEAD.as_slice());
    let village_params: [Param<'_>; 1] = [&id];
    let papers_params: [Param<'_>; 2] = [&id, &kinds];
    let ((devices, incarnations, nth), hours) = (blocks(&foreseen.blocks), hours(foreseen.keys.iter().copied()));
    let ahead_params: [Param<'_>; 5] = [&id, &devices, &incarnations, &nth, &hours];
    let foreseen = async {
        let is_anything = !devices.is_empty() || !hours.is_empty();
        if is_anything { tx.query(&ahead, &ahead_params).await } else { Ok(Vec::new()) }
    };
    let (_, state, papers, foreseen) = tokio::try_join!(
        tx.batch_execute(&begin),
        tx.query_opt(&hold, &village_params),
        tx.query(&papers, &papers_params),
        foreseen,
    )?;
    Ok(state.map(|state| Entered { state, papers, foreseen }))
}

fn read_state(row: &Row) -> Result<State> {
    let judged = row.get::<_, Option<&[u8]>>(4).map(hash).transpose()?;
    let (newest, living, parked) = (count(row, 0), count(row, 2), count(row, 3));
    Ok(State { newest, sum: sum(row.get(1))?, living, parked, judged })
}

/// A row of batches whose marks are otherwise now.
pub(super) struct Moved {
    pub chain: Chain,
    pub last: u64,
    pub barred: bool,
    pub marks: Vec<u8>,
}

fn of_chain<T: Copy>(all: &[(BatchRef, T)], chain: Chain) -> HashMap<u64, T> {
    all.iter().filter(|(at, _)| Chain::of(*at) == chain).map(|(at, what)| (at.seq, *what)).collect()
}

/// Sums of blocks, and rows of living records, which belong to no computer: one question costs less than two.
const FORESEEN: &str = "SELECT b.device, b.incarnation, b.nth, b.sum FROM lianhu.block b
     JOIN unnest($2::uuid[], $3::bigint[], $4::bigint[]) AS w (device, incarnation, nth)
     ON b.device = w.device AND b.incarnation = w.incarnation AND b.nth = w.nth
     WHERE b.village = $1
     UNION ALL
     SELECT NULL, NULL, hour, keys FROM lianhu.living WHERE village = $1 AND hour = ANY($5)";

const BLOCKS: &str = "SELECT device, incarnation, nth, sum FROM lianhu.block WHERE village = $1";

/// Blocks as columns.
type Blocks = (Vec<Id>, Vec<i64>, Vec<i64>);

fn blocks(of: &[Block]) -> Blocks {
    let mut columns = Blocks::default();
    for Block { chain, nth } in of {
        columns.0.push(Id(chain.device));
        columns.1.push(i64::from(chain.incarnation));
        columns.2.push(number(*nth));
    }
    columns
}

fn read_sum(row: &Row) -> Result<(Block, Sum)> {
    Ok((Block { chain: chain(row, 0), nth: count(row, 2) }, sum(row.get(3))?))
}

/// Which records live, and what blocks sum up to, as far as it is known: a block without a sum has none.
#[derive(Default)]
struct Known {
    living: Living,
    sums: BTreeMap<Block, Option<Sum>>,
}

impl Known {
    /// Takes in what was said of these rows of living records and these blocks.
    fn read(&mut self, hours: &[i64], of: &[Block], rows: &[Row]) -> Result<()> {
        let (living, sums): (Vec<&Row>, Vec<&Row>) = rows.iter().partition(|row| row.get::<_, Option<Id>>(0).is_none());
        self.living.read(hours, living.iter().map(|row| (row.get(2), row.get(3))))?;
        self.sums.extend(of.iter().map(|block| (*block, None)));
        for row in sums {
            let (block, sum) = read_sum(row)?;
            self.sums.insert(block, Some(sum));
        }
        Ok(())
    }
}

fn count(row: &Row, i: usize) -> u64 {
    row.get::<_, i64>(i) as u64
}

fn chain(row: &Row, i: usize) -> Chain {
    Chain { device: row.get::<_, Id>(i).0, incarnation: row.get::<_, i64>(i + 1) as u32 }
}

pub(super) struct PostgresTx<'a> {
    runtime: &'a Runtime,
    client: &'a Object,
    village: Id,
    state: State,
    ahead: Ahead,
    pending: Pending,
    again: Cell<bool>,
}

/// What was asked on the way in, kept true by what is written.
struct Ahead {
    heads: BTreeMap<Chain, Head>,
    papers: HashMap<(String, Vec<u8>), Vec<u8>>,
    known: Known,
}

pub(super) type Param<'p> = &'p (dyn ToSql + Sync);

impl<'a> PostgresTx<'a> {
    pub fn new(
        runtime: &'a Runtime,
        client: &'a Object,
        village: Uuid,
        foreseen: &Foreseen,
        entered: &Entered,
    ) -> Result<PostgresTx<'a>> {
        let papers = entered.papers.iter().map(|row| ((row.get(0), row.get(1)), row.get(2))).collect();
        let heads = ends::read(entered.state.get(5))?;
        let state = read_state(&entered.state)?;
        let mut known = Known::default();
        known.read(&hours(foreseen.keys.iter().copied()), &foreseen.blocks, &entered.foreseen)?;
        let ahead = Ahead { heads, papers, known };
        let (village, pending, again) = (Id(village), Pending::default(), Cell::new(false));
        Ok(PostgresTx { runtime, client, village, state, ahead, pending, again })
    }

    /// Sends what is not on its way yet, and with it the last word. Where any of it goes wrong nothing has happened: the
    /// server ends what has failed by taking it back.
    pub fn end(self) -> Result<(), tokio_postgres::Error> {
        self.runtime.block_on(async {
            let writes = self.pending.ready(self.client, self.village).await?;
            tokio::try_join!(writes.go(self.client), self.client.batch_execute("COMMIT")).map(|_| ())
        })
    }

    /// Whether what went wrong may go well another time.
    pub fn may_pass(&self) -> bool {
        self.again.get()
    }

    /// Asks, with what was written before on the same way.
    fn query(&mut self, sql: &str, params: &[Param<'_>]) -> Result<Vec<Row>> {
        let pending = std::mem::take(&mut self.pending);
        let rows = self.runtime.block_on(async {
            let statement = self.client.prepare_cached(sql).await?;
            let writes = pending.ready(self.client, self.village).await?;
            tokio::try_join!(writes.go(self.client), self.client.query(&statement, params)).map(|(_, rows)| rows)
        });
        rows.map_err(|e| self.lost(&e))
    }

    /// Reads the rows in which these keys would stand, where that was not done yet.
    fn look_for(&mut self, keys: impl Iterator<Item = i64>) -> Result<()> {
        let unread = self.ahead.known.living.unread(hours(keys));
        if unread.is_empty() { Ok(()) } else { self.look_at(&unread, &[]) }
    }

    /// Reads these rows of living records and these blocks.
    fn look_at(&mut self, hours: &[i64], of: &[Block]) -> Result<()> {
        let (village, (devices, incarnations, nth)) = (self.village, blocks(of));
        let rows = self.query(FORESEEN, &[&village, &devices, &incarnations, &nth, &hours])?;
        self.ahead.known.read(hours, of, &rows)
    }

    /// The rows of batches in which any of these numbers stand.
    fn runs(&mut self, what: &str, chain: Chain, first: u64, last: u64) -> Result<Vec<Row>> {
        let sql = format!(
            "SELECT first, marks{what} FROM lianhu.run WHERE village = $1 AND device = $2 AND incarnation = $3
             AND last BETWEEN $4 AND $5 AND first <= $6 ORDER BY last"
        );
        let (device, incarnation) = (Id(chain.device), i64::from(chain.incarnation));
        let (first, end, last) = (number(first), number(last.saturating_add(run::MOST - 1)), number(last));
        let village = self.village;
        self.query(&sql, &[&village, &device, &incarnation, &first, &end, &last])
    }

    /// Rows of batches that count from another time, or are barred or no longer: as they are now.
    fn moved(&mut self, changes: &Changes) -> Result<Vec<Moved>> {
        let mut spans: BTreeMap<Chain, (u64, u64)> = BTreeMap::new();
        for at in changes.times.iter().map(|(at, _)| at).chain(changes.bars.iter().map(|(at, _)| at)) {
            let span = spans.entry(Chain::of(*at)).or_insert((at.seq, at.seq));
            *span = (span.0.min(at.seq), span.1.max(at.seq));
        }
        let mut moved = Vec::new();
        for (chain, (first, last)) in spans {
            let times: HashMap<u64, Stamp> = of_chain(&changes.times, chain);
            let bars: HashMap<u64, Option<Why>> = of_chain(&changes.bars, chain);
            for row in self.runs("", chain, first, last)? {
                let before = run::read(count(&row, 0), row.get(1))?;
                let mut marks = before.clone();
                for mark in &mut marks {
                    mark.received = times.get(&mark.seq).copied().or(mark.received);
                    mark.barred = bars.get(&mark.seq).copied().unwrap_or(mark.barred);
                }
                if let Some(last) = marks.last().filter(|_| marks != before) {
                    let barred = marks.iter().any(|mark| mark.barred.is_some());
                    moved.push(Moved { chain, last: last.seq, barred, marks: run::write(&marks) });
                }
            }
        }
        Ok(moved)
    }

    fn lost(&self, error: &tokio_postgres::Error) -> Error {
        self.again.set(self.again.get() || may_pass(error));
        fault("a question", told(error))
    }
}

impl Tx for PostgresTx<'_> {
    fn state(&mut self) -> Result<State> {
        Ok(self.state)
    }

    fn heads(&mut self) -> Result<BTreeMap<Chain, Head>> {
        Ok(self.ahead.heads.clone())
    }

    fn marks(&mut self, chain: Chain, first: u64, last: u64) -> Result<Vec<Mark>> {
        let mut marks = Vec::new();
        for row in self.runs("", chain, first, last)? {
            marks.extend(run::read(count(&row, 0), row.get(1))?);
        }
        marks.retain(|mark| (first..=last).contains(&mark.seq));
        Ok(marks)
    }

    fn entries(&mut self, chain: Chain, first: u64, last: u64) -> Result<Vec<Entry>> {
        let mut entries = Vec::new();
        for row in self.runs(", batches", chain, first, last)? {
            entries.extend(run::unpack(chain, count(&row, 0), row.get(1), row.get(2))?);
        }
        entries.retain(|entry| (first..=last).contains(&entry.at.seq));
        Ok(entries)
    }

    fn barred(&mut self) -> Result<Vec<BatchRef>> {
        let sql = "SELECT device, incarnation, first, marks FROM lianhu.run WHERE village = $1 AND barred";
        let (village, mut barred) = (self.village, Vec::new());
        for row in self.query(sql, &[&village])? {
            let marks = run::read(count(&row, 2), row.get(3))?;
            barred.extend(marks.iter().filter(|mark| mark.barred.is_some()).map(|mark| chain(&row, 0).at(mark.seq)));
        }
        Ok(barred)
    }

    fn receipts(&mut self, chain: Chain, first: u64, last: u64) -> Result<Vec<Vec<u8>>> {
        let sql = "SELECT paper FROM lianhu.receipt
                   WHERE village = $1 AND device = $2 AND incarnation = $3 AND last >= $4 AND first <= $5 ORDER BY no";
        let (village, device, incarnation) = (self.village, Id(chain.device), i64::from(chain.incarnation));
        let rows = self.query(sql, &[&village, &device, &incarnation, &number(first), &number(last)])?;
        Ok(rows.iter().map(|row| row.get(0)).collect())
    }

    fn since(&mut self, no: u64, limit: usize) -> Result<Vec<(u64, Vec<u8>)>> {
        let sql = "SELECT no, paper FROM lianhu.receipt WHERE village = $1 AND no > $2 ORDER BY no LIMIT $3";
        let village = self.village;
        let rows = self.query(sql, &[&village, &number(no), &number(limit as u64)])?;
        Ok(rows.iter().map(|row| (count(row, 0), row.get(1))).collect())
    }

    fn sums(&mut self, of: Option<&[Block]>) -> Result<BTreeMap<Block, Sum>> {
        let Some(of) = of else {
            let village = self.village;
            return self.query(BLOCKS, &[&village])?.iter().map(read_sum).collect();
        };
        if !of.iter().all(|block| self.ahead.known.sums.contains_key(block)) {
            self.look_at(&[], of)?;
        }
        let sums = &self.ahead.known.sums;
        Ok(of.iter().filter_map(|block| Some((*block, (*sums.get(block)?)?))).collect())
    }

    fn living(&mut self, keys: &[i64]) -> Result<Vec<i64>> {
        self.look_for(keys.iter().copied())?;
        Ok(keys.iter().copied().filter(|key| self.ahead.known.living.lives(*key)).collect())
    }

    fn paper(&mut self, kind: &'static str, name: &[u8]) -> Result<Option<Vec<u8>>> {
        if AHEAD.contains(&kind) {
            return Ok(self.ahead.papers.get(&(kind.to_owned(), name.to_vec())).cloned());
        }
        let sql = "SELECT paper FROM lianhu.paper WHERE village = $1 AND kind = $2 AND name = $3";
        let village = self.village;
        Ok(self.query(sql, &[&village, &kind, &name])?.first().map(|row| row.get(0)))
    }

    fn papers(&mut self, kind: &'static str) -> Result<Vec<(Vec<u8>, Vec<u8>)>> {
        if AHEAD.contains(&kind) {
            let of_kind = self.ahead.papers.iter().filter(|((known, _), _)| known == kind);
            let mut of_kind: Vec<_> = of_kind.map(|((_, name), paper)| (name.clone(), paper.clone())).collect();
            of_kind.sort();
            return Ok(of_kind);
        }
        let sql = "SELECT name, paper FROM lianhu.paper WHERE village = $1 AND kind = $2 ORDER BY name";
        let village = self.village;
        Ok(self.query(sql, &[&village, &kind])?.iter().map(|row| (row.get(0), row.get(1))).collect())
    }

    fn append(&mut self, changes: &Changes) -> Result<()> {
        let heads = &self.ahead.heads;
        let known = |entry: &&Entry| heads.get(&Chain::of(entry.at)).is_some_and(|head| entry.at.seq <= head.seq);
        if let Some(entry) = changes.entries.iter().find(known) {
            return Err(damaged(&entry.at, "a number is given twice").into());
        }
        self.look_for(changes.born.iter().chain(&changes.gone).copied())?;
        let living = self.ahead.known.living.change(&changes.born, &changes.gone);
        let moved = self.moved(changes)?;
        let state = changes.state.unwrap_or(self.state);
        self.ahead.heads.extend(changes.heads.iter().map(|(chain, head)| (*chain, *head)));
        let is_otherwise = changes.state.is_some() || !changes.heads.is_empty();
        let now = is_otherwise.then(|| Now { state, ends: ends::write(&self.ahead.heads) });
        self.pending.add(changes, Beside { now, living, moved });
        self.state = state;
        self.ahead.known.sums.extend(changes.sums.iter().map(|(block, sum)| (*block, Some(*sum))));
        for (kind, name, paper) in changes.papers.iter().filter(|(kind, ..)| AHEAD.contains(kind)) {
            let key = ((*kind).to_owned(), name.clone());
            match paper {
                Some(paper) => self.ahead.papers.insert(key, paper.clone()),
                None => self.ahead.papers.remove(&key),
            };
        }
        Ok(())
    }
}
