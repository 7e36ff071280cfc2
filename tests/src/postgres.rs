//! A PostgreSQL server of the machine's own programs, for one story, and somebody who shoots at its connections.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use lianhu_township::store::postgres::PostgresStore;

#[path = "../../crates/township/tests/common/postgres.rs"]
mod server;

pub use server::Postgres;

/// As the township of a story is told with `--store`: an empty database, whose tables it makes itself.
pub fn address(server: &Postgres) -> String {
    drop(server.database("township"));
    server.url("owner", "township")
}

/// Somebody who shoots at connections until [`Shooting::stop`].
pub struct Shooting {
    over: Arc<AtomicBool>,
    hand: JoinHandle<()>,
}

impl Shooting {
    /// Ends the township's connections from under it, so many times or until it is told to stop.
    pub fn at(server: &Postgres, times: usize) -> Shooting {
        let admin = PostgresStore::at(&server.url("owner", "postgres")).expect("it is there");
        let over = Arc::new(AtomicBool::new(false));
        let seen = Arc::clone(&over);
        let hand = std::thread::spawn(move || {
            for _shot in 0..times {
                if seen.load(Ordering::Relaxed) {
                    return;
                }
                let kill = "DO $$ BEGIN PERFORM pg_terminate_backend(pid) FROM pg_stat_activity
                            WHERE datname = 'township'; END $$";
                admin.run(kill).expect("the owner may");
                std::thread::sleep(Duration::from_millis(150));
            }
        });
        Shooting { over, hand }
    }

    pub fn stop(self) {
        self.over.store(true, Ordering::Relaxed);
        let _ = self.hand.join();
    }
}
