//! The processes that are measured: the township's own router, or a handler that does the least.

use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use axum::Router;
use lianhu_township::doors;
use lianhu_township::limits::{Rate, Rates};
use lianhu_township::machine::Machine;
use lianhu_township::server::Server;
use lianhu_township::store::Store;
use lianhu_township::store::postgres::PostgresStore;
use lianhu_township::store::sqlite::SqliteStore;
use lianhu_township::town::Town;

use super::bare;
use crate::Outcome;

/// The word by which this program knows that it is a server.
pub const NAME: &str = "township-server";

/// Serves, when this process was begun for it, until its input ends.
pub fn is_server() -> Outcome<bool> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [name, what, folder, url @ ..] = args.as_slice() else { return Ok(false) };
    if name != NAME {
        return Ok(false);
    }
    let (folder, url) = (Path::new(folder), url.first().map(String::as_str));
    let runtime = tokio::runtime::Runtime::new()?;
    let router = match (what.as_str(), url) {
        ("bare", None) => bare::on_sqlite(folder)?,
        ("bare", Some(url)) => runtime.block_on(bare::on_postgres(url))?,
        _ => town(folder, url)?,
    };
    runtime.block_on(serve(router))?;
    // Whoever waits for the last answers is gone already.
    runtime.shutdown_background();
    Ok(true)
}

fn town(folder: &Path, url: Option<&str>) -> Outcome<Router> {
    let store: Arc<dyn Store> = match url {
        Some(url) => Arc::new(PostgresStore::at(url)?),
        None => Arc::new(SqliteStore::at(folder)),
    };
    let town = Town::open(folder, store, Machine::default()).map_err(|_| "no township")?;
    let many = Rate { burst: u32::MAX, a_minute: u32::MAX };
    Ok(doors::router(Server::new(town, Rates { address: many, device: many, ..Rates::default() })))
}

async fn serve(router: Router) -> Outcome {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?.port());
    let ended = async {
        let input = tokio::task::spawn_blocking(|| std::io::stdin().read_to_end(&mut Vec::new()));
        let _ = input.await;
    };
    tokio::select! {
        served = axum::serve(listener, router) => served?,
        () = ended => {}
    }
    Ok(())
}
