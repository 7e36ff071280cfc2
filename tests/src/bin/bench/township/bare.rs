//! The least that a server can do and still not lose what it was sent: unpack, insert, commit, answer.

use std::path::Path;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use rusqlite::Connection;
use tokio_postgres::{Client, NoTls, Statement};

use crate::Outcome;

fn lines(body: &[u8]) -> Result<Vec<String>, StatusCode> {
    let bytes = zstd::decode_all(body).map_err(|_| StatusCode::BAD_REQUEST)?;
    let text = String::from_utf8(bytes).map_err(|_| StatusCode::BAD_REQUEST)?;
    Ok(text.lines().map(str::to_owned).collect())
}

/// `{"id":"<36>",…`.
fn id(line: &str) -> &str {
    line.get(7..43).unwrap_or_default()
}

fn answer(n: usize) -> Result<Vec<u8>, StatusCode> {
    zstd::bulk::compress(format!("{{\"received\":{n}}}").as_bytes(), 3).map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)
}

type File = Arc<Mutex<Connection>>;

pub fn on_sqlite(folder: &Path) -> Outcome<Router> {
    let conn = Connection::open(folder.join("bare.db"))?;
    conn.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY;")?;
    conn.execute_batch("CREATE TABLE record (id TEXT PRIMARY KEY, line TEXT NOT NULL) STRICT, WITHOUT ROWID")?;
    let file: File = Arc::new(Mutex::new(conn));
    Ok(Router::new().route("/push", post(into_sqlite)).with_state(file))
}

async fn into_sqlite(State(file): State<File>, body: Bytes) -> Result<Vec<u8>, StatusCode> {
    let failed = |_| StatusCode::INTERNAL_SERVER_ERROR;
    let insert = move || {
        let lines = lines(&body)?;
        let mut conn = file.lock().map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
        let tx = conn.transaction().map_err(failed)?;
        for line in &lines {
            let mut insert = tx.prepare_cached("INSERT OR IGNORE INTO record VALUES (?1, ?2)").map_err(failed)?;
            insert.execute([id(line), line]).map_err(failed)?;
        }
        tx.commit().map_err(failed)?;
        answer(lines.len())
    };
    tokio::task::spawn_blocking(insert).await.map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?
}

/// Connections, handed out in turn.
struct Database {
    clients: Vec<(Client, Statement)>,
    turn: std::sync::atomic::AtomicUsize,
}

pub async fn on_postgres(url: &str) -> Outcome<Router> {
    let mut clients = Vec::new();
    for nth in 0..16 {
        let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
        tokio::spawn(connection);
        if nth == 0 {
            client.batch_execute("CREATE TABLE record (id TEXT PRIMARY KEY, line TEXT NOT NULL)").await?;
        }
        let sql = "INSERT INTO record SELECT * FROM unnest($1::text[], $2::text[]) ON CONFLICT DO NOTHING";
        let insert = client.prepare(sql).await?;
        clients.push((client, insert));
    }
    let database = Arc::new(Database { clients, turn: Default::default() });
    Ok(Router::new().route("/push", post(into_postgres)).with_state(database))
}

async fn into_postgres(State(database): State<Arc<Database>>, body: Bytes) -> Result<Vec<u8>, StatusCode> {
    let lines = lines(&body)?;
    let ids: Vec<&str> = lines.iter().map(|line| id(line)).collect();
    let turn = database.turn.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    let (client, insert) = &database.clients[turn % database.clients.len()];
    client.execute(insert, &[&ids, &lines]).await.map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    answer(lines.len())
}
