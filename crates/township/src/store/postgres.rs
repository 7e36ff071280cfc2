//! The store of a township that has outgrown one machine: PostgreSQL, or whatever speaks its language. Any number of our
//! programs may stand before it, none keeps anything of its own.
//!
//! Every statement names its village; a transaction says besides which village it is for (`app.village`), so that the
//! walls of `walls.sql` hold where they were put up. The row of a village's state is locked for as long as its
//! transaction lasts. Work that the server could not finish (two that crossed, a server that was stopped) is done again,
//! three times at most: all of it may be, for asks are.

use std::error::Error as _;
use std::time::Duration;

use deadpool_postgres::Object;
use lianhu_ledger::{Error, Fault, Result};
use tokio::runtime::Runtime;
use uuid::Uuid;

use super::{Foreseen, Store, TOWN, Work};
use id::Id;
use lane::Lanes;
use tx::{PostgresTx, enter};

mod append;
mod ends;
mod id;
mod lane;
pub(crate) mod living;
mod run;
mod tx;

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

/// How often a piece of work is begun.
const TRIES: u32 = 3;

/// A database.
pub struct PostgresStore(Lanes);

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
        Ok(PostgresStore(Lanes::to(&config)?))
    }

    /// Runs statements that give nothing back, as the role of the address.
    pub fn run(&self, sql: &str) -> Result<()> {
        let lane = self.0.take()?;
        let client = lane.connection()?;
        lane.runtime.block_on(async {
            let ran = client.batch_execute(sql).await;
            if ran.is_err() {
                // What was begun in them is not left open for whoever has the connection next.
                let _ = client.batch_execute("ROLLBACK").await;
            }
            ran.map_err(|e| fault("preparing the tables", told(&e)))
        })
    }

    /// One try; `Err` with `true` when another may go well.
    fn attempt(&self, village: Uuid, foreseen: &Foreseen, work: Work<'_>) -> Result<bool, (bool, Error)> {
        let lost = |e: tokio_postgres::Error| (may_pass(&e), fault("a transaction", told(&e)));
        let lane = self.0.take().map_err(|e| (false, e))?;
        // Who cannot connect waits with the next try, not in a crowd.
        let client = lane.connection().map_err(|e| (true, e))?;
        let runtime = &lane.runtime;
        let mut begun = Begun { runtime, client: &client, ended: false };
        let Some(entered) = runtime.block_on(enter(&client, village, foreseen)).map_err(lost)? else {
            return Ok(false);
        };
        let mut open = PostgresTx::new(runtime, &client, village, foreseen, &entered).map_err(|e| (false, e))?;
        if let Err(e) = work(&mut open) {
            return Err((open.may_pass(), e));
        }
        open.end().map_err(lost)?;
        begun.ended = true;
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

impl Drop for Begun<'_> {
    fn drop(&mut self) {
        if !self.ended {
            // Where that fails the connection is broken, and nobody gets it again.
            let _ = self.runtime.block_on(self.client.batch_execute("ROLLBACK"));
        }
    }
}

impl Store for PostgresStore {
    fn found(&self, village: Uuid) -> Result<()> {
        if village == TOWN {
            self.prepare()?;
        }
        let lane = self.0.take()?;
        let mut client = lane.connection()?;
        lane.runtime.block_on(async {
            let made = async {
                let tx = client.transaction().await?;
                tx.execute("SELECT set_config('app.village', $1, true)", &[&village.to_string()]).await?;
                let sql = "INSERT INTO lianhu.state VALUES ($1, 0, decode(repeat('00', 16), 'hex'), 0, 0, NULL, '')
                           ON CONFLICT DO NOTHING";
                tx.execute(sql, &[&Id(village)]).await?;
                tx.commit().await
            };
            made.await.map_err(|e| fault("making a village", told(&e)))
        })
    }

    fn transact(&self, village: Uuid, foreseen: &Foreseen, work: Work<'_>) -> Result<bool> {
        let mut tries = 0;
        loop {
            tries += 1;
            match self.attempt(village, foreseen, work) {
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
        let lane = self.0.take()?;
        let client = lane.connection()?;
        let there = lane.runtime.block_on(async {
            let row = client.query_one("SELECT to_regclass('lianhu.state') IS NOT NULL", &[]).await;
            row.map(|row| row.get::<_, bool>(0)).map_err(|e| fault("looking for the tables", told(&e)))
        })?;
        drop(client);
        drop(lane);
        if there { Ok(()) } else { self.run(sql::SCHEMA) }
    }
}
