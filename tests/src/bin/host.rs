//! The second host: the window's own pages and commands in any browser on this computer, over loopback with a token.
//! For tests and for looking; the product is the window.
#![expect(clippy::print_stdout, reason = "it says where it listens")]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path as At, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use lianhu_desk::exchange::Room;
use lianhu_desk::{Desk, Machine, Place};
use serde_json::Value as Json;

/// What the window's own policy allows, for pages that come over loopback.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; \
                      connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'";

struct Host {
    desk: Desk,
    pages: PathBuf,
    token: String,
}

struct Args {
    data: PathBuf,
    pages: PathBuf,
    port: u16,
    at: Option<String>,
    sample: bool,
    ledger: Option<PathBuf>,
    program: Option<PathBuf>,
    looks: Vec<PathBuf>,
    room: Room,
}

/// A workbook is read in a child of ours that may use this much memory and no more; elsewhere there is no limit.
#[global_allocator]
static MEMORY: cap::Cap<std::alloc::System> = cap::Cap::new(std::alloc::System, usize::MAX);

fn args() -> Args {
    let mut found = Args {
        data: "host".into(),
        pages: "ui/dist".into(),
        port: 0,
        at: None,
        sample: false,
        ledger: None,
        program: None,
        looks: Vec::new(),
        room: Room::default(),
    };
    let mut given = std::env::args().skip(1);
    while let Some(name) = given.next() {
        let mut value = || given.next().unwrap_or_else(|| panic!("{name} wants a value"));
        match name.as_str() {
            "--data" => found.data = value().into(),
            "--pages" => found.pages = value().into(),
            "--port" => found.port = value().parse().expect("a port"),
            "--at" => found.at = Some(value()),
            "--sample" => found.sample = true,
            "--look" => found.looks.push(value().into()),
            "--ledger" => found.ledger = Some(value().into()),
            "--program" => found.program = Some(value().into()),
            "--ears" => found.room.ears = value().parse().expect("--ears is an address"),
            "--calls" => found.room.calls = vec![value().parse().expect("--calls is an address")],
            "--open-for" => found.room.open_for = Duration::from_secs(value().parse().expect("--open-for is seconds")),
            other => panic!("host does not know {other}"),
        }
    }
    found
}

fn main() {
    if !lianhu_desk::read_workbook(std::env::args_os(), |bytes| MEMORY.set_limit(bytes).is_ok()) {
        serve();
    }
}

#[tokio::main]
async fn serve() {
    let args = args();
    let machine = args.at.as_deref().map_or_else(Machine::default, |at| Machine::at(at).expect("--at is a time"));
    let program = args.program.unwrap_or_else(|| std::env::current_exe().expect("we run"));
    let dir = std::path::absolute(&args.data).expect("--data is a folder");
    let (papers, looks, room) = (dir.join("papers"), args.looks, args.room);
    let desk = Desk::open(Place { papers, dir, machine, program, looks, room }).expect("the desk opens");
    if let Some(ledger) = &args.ledger {
        desk.open_ledger(ledger).expect("the ledger opens");
    }
    if args.sample && !desk.is_open() {
        desk.open_sample().expect("the sample village is founded");
    }
    lianhu_desk::exchange::begin(&desk);
    let token = uuid::Uuid::now_v7().simple().to_string();
    let host = Arc::new(Host { desk, pages: args.pages, token: token.clone() });
    let asked = Router::new()
        .route("/ipc/{name}", post(call))
        .route("/file/{name}", post(take_file))
        .route("/show", post(|| async { axum::Json(Json::Null) }))
        .layer(from_fn_with_state(host.clone(), with_token))
        .layer(axum::extract::DefaultBodyLimit::max(64 * 1024 * 1024));
    let app = asked.route("/", get(index)).route("/{*path}", get(page)).with_state(host);
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", args.port)).await.expect("a port is free");
    println!("http://{}/?token={token}", listener.local_addr().expect("it listens"));
    axum::serve(listener, app).await.expect("it serves");
}

async fn with_token(State(host): State<Arc<Host>>, request: Request, next: Next) -> Response {
    let given = request.headers().get("x-lianhu-token").and_then(|v| v.to_str().ok());
    if given == Some(host.token.as_str()) { next.run(request).await } else { StatusCode::FORBIDDEN.into_response() }
}

async fn call(State(host): State<Arc<Host>>, At(name): At<String>, body: Bytes) -> Response {
    let Ok(ask) = serde_json::from_slice::<Json>(&body) else { return StatusCode::BAD_REQUEST.into_response() };
    let desk = host.desk.clone();
    let answered = tokio::task::spawn_blocking(move || desk.call(&name, ask)).await.expect("a command does not panic");
    match answered {
        Ok(answer) => axum::Json(answer).into_response(),
        Err(problem) => (StatusCode::UNPROCESSABLE_ENTITY, axum::Json(problem)).into_response(),
    }
}

/// A browser has no paths: the file is kept here and its path handed back.
async fn take_file(State(host): State<Arc<Host>>, At(name): At<String>, body: Bytes) -> Response {
    let name = Path::new(&name).file_name().unwrap_or_default().to_owned();
    let folder = host.desk.place().dir.join("taken");
    let path = folder.join(name);
    std::fs::create_dir_all(&folder).and_then(|()| std::fs::write(&path, &body)).expect("the folder is writable");
    axum::Json(path.display().to_string()).into_response()
}

async fn index(State(host): State<Arc<Host>>) -> Response {
    file(&host.pages.join("index.html"))
}

async fn page(State(host): State<Arc<Host>>, At(path): At<String>) -> Response {
    let inside = !path.split('/').any(|part| part == "..");
    if inside { file(&host.pages.join(path)) } else { StatusCode::NOT_FOUND.into_response() }
}

fn file(path: &Path) -> Response {
    let Ok(bytes) = std::fs::read(path) else { return StatusCode::NOT_FOUND.into_response() };
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, kind(path).parse().expect("a content type"));
    headers.insert(header::CONTENT_SECURITY_POLICY, POLICY.parse().expect("a header"));
    (headers, bytes).into_response()
}

fn kind(path: &Path) -> &'static str {
    match path.extension().and_then(|e| e.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript",
        Some("css") => "text/css",
        Some("svg") => "image/svg+xml",
        Some("json") => "application/json",
        _ => "application/octet-stream",
    }
}
