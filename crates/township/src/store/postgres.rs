//! The store of a township that has outgrown one machine: PostgreSQL, or whatever speaks its language. Any number of our
//! programs may stand before it, none keeps anything of its own.
//!
//! Every statement names its village; a transaction says besides which village it is for (`app.village`), so that the
//! walls of `walls.sql` hold where they were put up. The row of a village's state is locked for as long as its
//! transaction lasts. Work that the server could not finish (two that crossed, a server that was stopped) is done again,
//! three times at most: all of it may be, for asks are.

use std::cell::Cell;
use std::collections::{BTreeMap, HashMap};
use std::error::Error as _;
use std::time::Duration;

use deadpool_postgres::{Hook, HookError, Manager, ManagerConfig, Object, Pool, RecyclingMethod, Runtime as Ticking};
use lianhu_ledger::{BatchRef, Chain, Error, Fault, Head, Result, Stamp};
use lianhu_sync::{Block, Sum};
use tokio::runtime::{Builder, Runtime};
use tokio_postgres::types::ToSql;
use tokio_postgres::{NoTls, Row};
use uuid::Uuid;

use super::{Changes, Entry, Mark, State, Store, TOWN, Tx, Work, hash, number, paper, sum, why};
use id::Id;

mod append;
mod id;

/// What the owner of a database runs once.
pub mod sql {
    /// Makes the tables.
    pub const SCHEMA: &str = include_str!("schema.sql");
    /// Spreads them over partitions of one server.
    pub const PARTITIONS: &str = include_str!("partitions.sql");
    /// Spreads them over the machines of a Citus cluster.
    pub const CITUS: &str = include_str!("citus.sql");
    /// Puts walls between the villages.
    pub const WALLS: &str = include_str!("walls.sql");
}

/// Connections of one program.
const CONNECTIONS: usize = 16;
/// How long one is waited for.
const PATIENCE: Duration = Duration::from_secs(10);
/// Our few statements are planned once a connection: what they ask for does not depend on what is in the tables.
const SETTLED: &str = "SET plan_cache_mode = force_generic_plan";
/// How often a piece of work is begun.
const TRIES: u32 = 3;

/// A database.
pub struct PostgresStore {
    pool: Pool,
    /// Drives the connections; it is let go in the background, whoever drops the store.
    runtime: Option<Runtime>,
}

impl Drop for PostgresStore {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

fn fault(doing: &'static str, what: impl std::fmt::Display) -> Error {
    let source = std::io::Error::other(format!("{doing}: {what}"));
    Fault::Io { path: "postgres".to_owned(), source }.into()
}

/// What the server said, without the rows it said it of: those are nobody's business in a log.
fn told(error: &tokio_postgres::Error) -> String {
    match error.as_db_error() {
        Some(db) => format!("{} ({})", db.message(), db.code().code()),
        None => error.source().map_or_else(|| error.to_string(), |source| format!("{error}: {source}")),
    }
}

/// Whether the same work may go well when it is done again.
fn may_pass(error: &tokio_postgres::Error) -> bool {
    const PASSING: [&str; 8] = ["40001", "40P01", "57P01", "57P02", "57P03", "08006", "08003", "25006"];
    match error.code() {
        Some(code) => PASSING.contains(&code.code()),
        None => error.is_closed() || error.source().is_some_and(|source| source.is::<std::io::Error>()),
    }
}

impl PostgresStore {
    /// Takes up a database by its address (`postgres://…`). No statement is made yet.
    pub fn at(url: &str) -> Result<PostgresStore> {
        let config: tokio_postgres::Config =
            url.parse().map_err(|e: tokio_postgres::Error| fault("reading the address", told(&e)))?;
        let manager = Manager::from_config(config, NoTls, ManagerConfig { recycling_method: RecyclingMethod::Fast });
        let pool = Pool::builder(manager)
            .max_size(CONNECTIONS)
            .runtime(Ticking::Tokio1)
            .wait_timeout(Some(PATIENCE))
            .create_timeout(Some(PATIENCE))
            .post_create(Hook::async_fn(|client, _| {
                Box::pin(async move { client.batch_execute(SETTLED).await.map_err(HookError::Backend) })
            }))
            .build()
            .map_err(|e| fault("opening the database", e))?;
        let runtime = Builder::new_multi_thread().worker_threads(1).thread_name("postgres").enable_all().build();
        let runtime = runtime.map_err(|e| fault("opening the database", e))?;
        Ok(PostgresStore { pool, runtime: Some(runtime) })
    }

    fn runtime(&self) -> &Runtime {
        self.runtime.as_ref().expect("it is taken only when the store is dropped")
    }

    /// Runs statements that give nothing back, as the role of the address.
    pub fn run(&self, sql: &str) -> Result<()> {
        self.runtime().block_on(async {
            let client = self.pool.get().await.map_err(|e| fault("reaching the database", e))?;
            let ran = client.batch_execute(sql).await;
            if ran.is_err() {
                // What was begun in them is not left open for whoever has the connection next.
                let _ = client.batch_execute("ROLLBACK").await;
            }
            ran.map_err(|e| fault("preparing the tables", told(&e)))
        })
    }

    /// One try; `Err` with `true` when another may go well.
    fn attempt(&self, village: Uuid, work: Work<'_>) -> Result<bool, (bool, Error)> {
        let runtime = self.runtime();
        let lost = |e: tokio_postgres::Error| (may_pass(&e), fault("a transaction", told(&e)));
        // A pool that cannot connect waits with the next try, not in a crowd.
        let client = runtime.block_on(self.pool.get()).map_err(|e| (true, fault("reaching the database", e)))?;
        let begun = Begun { runtime, client: &client, ended: false };
        let Some(entered) = runtime.block_on(enter(&client, village)).map_err(lost)? else { return Ok(false) };
        let state = read_state(&entered.state).map_err(|e| (false, e))?;
        let heads = read_heads(&entered.heads).map_err(|e| (false, e))?;
        let papers = entered.papers.iter().map(|row| ((row.get(0), row.get(1)), row.get(2))).collect();
        let ahead = Ahead { heads, papers, living: HashMap::new(), sums: BTreeMap::new() };
        let mut open =
            PostgresTx { runtime, client: &client, village: Id(village), state, ahead, again: Cell::new(false) };
        if let Err(e) = work(&mut open) {
            return Err((open.again.get(), e));
        }
        begun.end().map_err(lost)?;
        Ok(true)
    }
}

/// A transaction, from before its first word. One that is dropped has not happened, and its connection is clean again
/// before anybody else has it.
struct Begun<'a> {
    runtime: &'a Runtime,
    client: &'a Object,
    ended: bool,
}

impl Begun<'_> {
    fn end(mut self) -> Result<(), tokio_postgres::Error> {
        self.runtime.block_on(self.client.batch_execute("COMMIT"))?;
        self.ended = true;
        Ok(())
    }
}

impl Drop for Begun<'_> {
    fn drop(&mut self) {
        if !self.ended {
            // Where that fails the connection is broken, and nobody gets it again.
            let _ = self.runtime.block_on(self.client.batch_execute("ROLLBACK"));
        }
    }
}

/// What every transaction begins by asking.
struct Entered {
    state: Row,
    heads: Vec<Row>,
    papers: Vec<Row>,
}

/// Small papers that most asks look at.
const AHEAD: [&str; 3] = [paper::APPROVED, paper::TODAY, paper::SEEN];

/// Begins, says which village the transaction is for, takes hold of it, and asks on the same way what will be asked anyway:
/// what comes after the hold is true until the end, for the server answers in turn.
async fn enter(tx: &Object, village: Uuid) -> Result<Option<Entered>, tokio_postgres::Error> {
    let say = tx.prepare_cached("SELECT set_config('app.village', $1, true)").await?;
    let hold = tx
        .prepare_cached("SELECT newest, sum, living, parked, judged FROM lianhu.state WHERE village = $1 FOR UPDATE")
        .await?;
    let ends = tx.prepare_cached(HEADS).await?;
    let papers =
        tx.prepare_cached("SELECT kind, name, paper FROM lianhu.paper WHERE village = $1 AND kind = ANY($2)").await?;
    let (name, id) = (village.to_string(), Id(village));
    let (said, kinds) = (name.as_str(), AHEAD.as_slice());
    let (say_params, village_params): ([Param<'_>; 1], [Param<'_>; 1]) = ([&said], [&id]);
    let papers_params: [Param<'_>; 2] = [&id, &kinds];
    let (_, _, state, heads, papers) = tokio::try_join!(
        tx.batch_execute("BEGIN"),
        tx.query(&say, &say_params),
        tx.query_opt(&hold, &village_params),
        tx.query(&ends, &village_params),
        tx.query(&papers, &papers_params),
    )?;
    Ok(state.map(|state| Entered { state, heads, papers }))
}

const HEADS: &str = "SELECT device, incarnation, seq, hash FROM lianhu.head WHERE village = $1";

fn read_heads(rows: &[Row]) -> Result<BTreeMap<Chain, Head>> {
    rows.iter().map(|row| Ok((chain(row, 0), Head { seq: count(row, 2), hash: hash(row.get(3))? }))).collect()
}

impl Store for PostgresStore {
    fn found(&self, village: Uuid) -> Result<()> {
        if village == TOWN {
            self.prepare()?;
        }
        self.runtime().block_on(async {
            let mut client = self.pool.get().await.map_err(|e| fault("reaching the database", e))?;
            let made = async {
                let tx = client.transaction().await?;
                tx.execute("SELECT set_config('app.village', $1, true)", &[&village.to_string()]).await?;
                let sql = "INSERT INTO lianhu.state VALUES ($1, 0, decode(repeat('00', 16), 'hex'), 0, 0, NULL)
                           ON CONFLICT DO NOTHING";
                tx.execute(sql, &[&Id(village)]).await?;
                tx.commit().await
            };
            made.await.map_err(|e| fault("making a village", told(&e)))
        })
    }

    fn transact(&self, village: Uuid, work: Work<'_>) -> Result<bool> {
        let mut tries = 0;
        loop {
            tries += 1;
            match self.attempt(village, work) {
                Ok(found) => return Ok(found),
                Err((true, _)) if tries < TRIES => {
                    tracing::info!(tries, "a transaction is made again");
                    std::thread::sleep(Duration::from_millis(20 * u64::from(tries * tries)));
                }
                Err((_, e)) => return Err(e),
            }
        }
    }

    /// PostgreSQL sees to its own files; whether the rows still say what they said is for `verify` to find.
    fn check(&self, _village: Uuid) -> Result<Vec<String>> {
        Ok(Vec::new())
    }

    fn name(&self) -> &'static str {
        "postgres"
    }
}

impl PostgresStore {
    /// Makes the tables where nobody has yet.
    fn prepare(&self) -> Result<()> {
        let there = self.runtime().block_on(async {
            let client = self.pool.get().await.map_err(|e| fault("reaching the database", e))?;
            let row = client.query_one("SELECT to_regclass('lianhu.state') IS NOT NULL", &[]).await;
            row.map(|row| row.get::<_, bool>(0)).map_err(|e| fault("looking for the tables", told(&e)))
        })?;
        if there { Ok(()) } else { self.run(sql::SCHEMA) }
    }
}

fn read_state(row: &Row) -> Result<State> {
    let judged = row.get::<_, Option<&[u8]>>(4).map(hash).transpose()?;
    let (newest, living, parked) = (count(row, 0), count(row, 2), count(row, 3));
    Ok(State { newest, sum: sum(row.get(1))?, living, parked, judged })
}

const LIVING: &str = "SELECT key FROM lianhu.record WHERE village = $1 AND key = ANY($2)";

const SUMS: &str = "SELECT b.device, b.incarnation, b.nth, b.sum FROM lianhu.block b
                    JOIN unnest($2::uuid[], $3::bigint[], $4::bigint[]) AS w (device, incarnation, nth)
                    ON b.device = w.device AND b.incarnation = w.incarnation AND b.nth = w.nth
                    WHERE b.village = $1";

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

fn count(row: &Row, i: usize) -> u64 {
    row.get::<_, i64>(i) as u64
}

fn chain(row: &Row, i: usize) -> Chain {
    Chain { device: row.get::<_, Id>(i).0, incarnation: row.get::<_, i64>(i + 1) as u32 }
}

/// Columns seq, hash, stamp, received, barred.
fn mark(row: &Row) -> Result<Mark> {
    Ok(Mark {
        seq: count(row, 0),
        hash: hash(row.get(1))?,
        stamp: Stamp(count(row, 2)),
        received: row.get::<_, Option<i64>>(3).map(|time| Stamp(time as u64)),
        barred: why(row.get(4)),
    })
}

struct PostgresTx<'a> {
    runtime: &'a Runtime,
    client: &'a Object,
    village: Id,
    state: State,
    ahead: Ahead,
    /// Whether what went wrong may go well another time.
    again: Cell<bool>,
}

/// What was asked on the way in, kept true by what is written.
struct Ahead {
    heads: BTreeMap<Chain, Head>,
    papers: HashMap<(String, Vec<u8>), Vec<u8>>,
    /// Whether a record lives, and what a block sums up to, as far as it was foreseen.
    living: HashMap<i64, bool>,
    sums: BTreeMap<Block, Option<Sum>>,
}

type Param<'p> = &'p (dyn ToSql + Sync);

impl PostgresTx<'_> {
    fn query(&self, sql: &str, params: &[Param<'_>]) -> Result<Vec<Row>> {
        let rows = self.runtime.block_on(async {
            let statement = self.client.prepare_cached(sql).await?;
            self.client.query(&statement, params).await
        });
        rows.map_err(|e| self.lost(&e))
    }

    /// Both questions on one way.
    async fn both(&self, keys: &[i64], blocks: &Blocks) -> Result<(Vec<Row>, Vec<Row>), tokio_postgres::Error> {
        let (living, sums) = tokio::try_join!(self.client.prepare_cached(LIVING), self.client.prepare_cached(SUMS))?;
        let living_params: [Param<'_>; 2] = [&self.village, &keys];
        let sums_params: [Param<'_>; 4] = [&self.village, &blocks.0, &blocks.1, &blocks.2];
        tokio::try_join!(self.client.query(&living, &living_params), self.client.query(&sums, &sums_params))
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
        let sql = "SELECT seq, hash, stamp, received, barred FROM lianhu.batch
                   WHERE village = $1 AND device = $2 AND incarnation = $3 AND seq BETWEEN $4 AND $5 ORDER BY seq";
        let (device, incarnation) = (Id(chain.device), i64::from(chain.incarnation));
        self.query(sql, &[&self.village, &device, &incarnation, &number(first), &number(last)])?
            .iter()
            .map(mark)
            .collect()
    }

    fn entries(&mut self, chain: Chain, first: u64, last: u64) -> Result<Vec<Entry>> {
        let sql = "SELECT seq, hash, stamp, received, barred, signature, body FROM lianhu.batch
                   WHERE village = $1 AND device = $2 AND incarnation = $3 AND seq BETWEEN $4 AND $5 ORDER BY seq";
        let (device, incarnation) = (Id(chain.device), i64::from(chain.incarnation));
        let rows = self.query(sql, &[&self.village, &device, &incarnation, &number(first), &number(last)])?;
        let entry = |row: &Row| {
            let Mark { seq, hash, stamp, received, barred } = mark(row)?;
            let (signature, body) = (row.get(5), row.get(6));
            Ok(Entry { at: chain.at(seq), hash, stamp, received, barred, signature, body })
        };
        rows.iter().map(entry).collect()
    }

    fn barred(&mut self) -> Result<Vec<BatchRef>> {
        let sql = "SELECT device, incarnation, seq FROM lianhu.batch WHERE village = $1 AND barred IS NOT NULL";
        let rows = self.query(sql, &[&self.village])?;
        Ok(rows.iter().map(|row| chain(row, 0).at(count(row, 2))).collect())
    }

    fn receipts(&mut self, chain: Chain, first: u64, last: u64) -> Result<Vec<Vec<u8>>> {
        let sql = "SELECT paper FROM lianhu.receipt
                   WHERE village = $1 AND device = $2 AND incarnation = $3 AND last >= $4 AND first <= $5 ORDER BY no";
        let (device, incarnation) = (Id(chain.device), i64::from(chain.incarnation));
        let rows = self.query(sql, &[&self.village, &device, &incarnation, &number(first), &number(last)])?;
        Ok(rows.iter().map(|row| row.get(0)).collect())
    }

    fn since(&mut self, no: u64, limit: usize) -> Result<Vec<(u64, Vec<u8>)>> {
        let sql = "SELECT no, paper FROM lianhu.receipt WHERE village = $1 AND no > $2 ORDER BY no LIMIT $3";
        let rows = self.query(sql, &[&self.village, &number(no), &number(limit as u64)])?;
        Ok(rows.iter().map(|row| (count(row, 0), row.get(1))).collect())
    }

    fn sums(&mut self, of: Option<&[Block]>) -> Result<BTreeMap<Block, Sum>> {
        let rows = match of {
            None => self
                .query("SELECT device, incarnation, nth, sum FROM lianhu.block WHERE village = $1", &[&self.village])?,
            Some(of) => {
                if of.iter().all(|block| self.ahead.sums.contains_key(block)) {
                    let known = of.iter().filter_map(|block| Some((*block, (*self.ahead.sums.get(block)?)?)));
                    return Ok(known.collect());
                }
                let (devices, incarnations, nth) = blocks(of);
                self.query(SUMS, &[&self.village, &devices, &incarnations, &nth])?
            }
        };
        rows.iter().map(read_sum).collect()
    }

    fn foresee(&mut self, keys: &[i64], of: &[Block]) -> Result<()> {
        let asked = self.runtime.block_on(self.both(keys, &blocks(of)));
        let (living, sums) = asked.map_err(|e| self.lost(&e))?;
        self.ahead.living.extend(keys.iter().map(|key| (*key, false)));
        self.ahead.living.extend(living.iter().map(|row| (row.get::<_, i64>(0), true)));
        self.ahead.sums.extend(of.iter().map(|block| (*block, None)));
        for row in &sums {
            let (block, sum) = read_sum(row)?;
            self.ahead.sums.insert(block, Some(sum));
        }
        Ok(())
    }

    fn living(&mut self, keys: &[i64]) -> Result<Vec<i64>> {
        if keys.iter().all(|key| self.ahead.living.contains_key(key)) {
            return Ok(keys.iter().copied().filter(|key| self.ahead.living[key]).collect());
        }
        Ok(self.query(LIVING, &[&self.village, &keys])?.iter().map(|row| row.get(0)).collect())
    }

    fn paper(&mut self, kind: &'static str, name: &[u8]) -> Result<Option<Vec<u8>>> {
        if AHEAD.contains(&kind) {
            return Ok(self.ahead.papers.get(&(kind.to_owned(), name.to_vec())).cloned());
        }
        let sql = "SELECT paper FROM lianhu.paper WHERE village = $1 AND kind = $2 AND name = $3";
        Ok(self.query(sql, &[&self.village, &kind, &name])?.first().map(|row| row.get(0)))
    }

    fn papers(&mut self, kind: &'static str) -> Result<Vec<(Vec<u8>, Vec<u8>)>> {
        if AHEAD.contains(&kind) {
            let of_kind = self.ahead.papers.iter().filter(|((known, _), _)| known == kind);
            let mut of_kind: Vec<_> = of_kind.map(|((_, name), paper)| (name.clone(), paper.clone())).collect();
            of_kind.sort();
            return Ok(of_kind);
        }
        let sql = "SELECT name, paper FROM lianhu.paper WHERE village = $1 AND kind = $2 ORDER BY name";
        Ok(self.query(sql, &[&self.village, &kind])?.iter().map(|row| (row.get(0), row.get(1))).collect())
    }

    fn append(&mut self, changes: &Changes) -> Result<()> {
        self.runtime.block_on(append::all(self.client, self.village, changes)).map_err(|e| self.lost(&e))?;
        self.state = changes.state.unwrap_or(self.state);
        self.ahead.living.extend(changes.gone.iter().map(|key| (*key, false)));
        self.ahead.living.extend(changes.born.iter().map(|key| (*key, true)));
        self.ahead.sums.extend(changes.sums.iter().map(|(block, sum)| (*block, Some(*sum))));
        self.ahead.heads.extend(changes.heads.iter().map(|(chain, head)| (*chain, *head)));
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
