//! A connection and what drives it. Whoever asks drives it himself while he waits for the answer: no word is handed from
//! thread to thread, which costs more than most answers do.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use deadpool_postgres::{Hook, HookError, Manager, ManagerConfig, Object, Pool, RecyclingMethod, Runtime as Ticking};
use lianhu_ledger::{Code, Refusal, Result};
use tokio::runtime::{Builder, Runtime};
use tokio_postgres::{Config, NoTls};

use super::fault;

/// Connections of one program.
const CONNECTIONS: usize = 16;
/// How long one is waited for.
const PATIENCE: Duration = Duration::from_secs(10);
/// Our few statements are planned once a connection: what they ask for does not depend on what is in the tables.
const SETTLED: &str = "SET plan_cache_mode = force_generic_plan";

/// One way to the database.
pub struct Lane {
    pub runtime: Runtime,
    /// Of one connection: it sees to a new one where the old is broken.
    pool: Pool,
}

impl Lane {
    fn to(config: &Config) -> Result<Lane> {
        let recycling_method = RecyclingMethod::Fast;
        let manager = Manager::from_config(config.clone(), NoTls, ManagerConfig { recycling_method });
        let pool = Pool::builder(manager)
            .max_size(1)
            .runtime(Ticking::Tokio1)
            .create_timeout(Some(PATIENCE))
            .post_create(Hook::async_fn(|client, _| {
                Box::pin(async move { client.batch_execute(SETTLED).await.map_err(HookError::Backend) })
            }))
            .build()
            .map_err(|e| fault("opening the database", e))?;
        let runtime = Builder::new_current_thread().enable_all().build();
        Ok(Lane { runtime: runtime.map_err(|e| fault("opening the database", e))?, pool })
    }

    /// The connection, made where there is none.
    pub fn connection(&self) -> Result<Object> {
        self.runtime.block_on(self.pool.get()).map_err(|e| fault("reaching the database", e))
    }
}

/// All ways of one program. The one that was used last is used next: the others may be left alone.
pub struct Lanes {
    free: Mutex<Vec<Lane>>,
    freed: Condvar,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Lanes {
    pub fn to(config: &Config) -> Result<Lanes> {
        let lanes = (0..CONNECTIONS).map(|_| Lane::to(config)).collect::<Result<Vec<Lane>>>()?;
        Ok(Lanes { free: Mutex::new(lanes), freed: Condvar::new() })
    }

    /// A way for one piece of work; who waits too long for one is told to come again.
    pub fn take(&self) -> Result<Taken<'_>> {
        let free = self.freed.wait_timeout_while(lock(&self.free), PATIENCE, |free| free.is_empty());
        let lane = free.unwrap_or_else(PoisonError::into_inner).0.pop();
        let lane = lane.ok_or_else(|| Refusal::new(Code::Busy))?;
        Ok(Taken { lanes: self, lane: Some(lane) })
    }
}

impl Drop for Lanes {
    fn drop(&mut self) {
        // In the background, whoever drops the store: a server's own thread may not wait for it.
        for lane in lock(&self.free).drain(..) {
            lane.runtime.shutdown_background();
        }
    }
}

/// A way that is given back.
pub struct Taken<'a> {
    lanes: &'a Lanes,
    lane: Option<Lane>,
}

impl std::ops::Deref for Taken<'_> {
    type Target = Lane;

    fn deref(&self) -> &Lane {
        self.lane.as_ref().expect("it is given back only when it is dropped")
    }
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        lock(&self.lanes.free).extend(self.lane.take());
        self.lanes.freed.notify_one();
    }
}
