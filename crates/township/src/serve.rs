//! `serve` — the doors on the network: TLS with the township's own certificate, time-outs against those who never finish
//! a sentence, and an end in which whoever is inside is still answered.

use std::fs::File;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum_server::Handle;
use axum_server::tls_rustls::{RustlsAcceptor, RustlsConfig};
use hyper_util::rt::TokioTimer;
use rustls::ServerConfig;

use crate::doors;
use crate::failure::{Failure, Outcome, io};
use crate::handles::Share;
use crate::limits::Rates;
use crate::porter::Porter;
use crate::server::{Desk, Server};
use crate::store::Store;
use crate::town::{LISTENED, Town};

/// How long those inside may stay when the server is stopped.
const FAREWELL: Duration = Duration::from_secs(20);

/// Whose folder this is while it is served; gone with the process, however it ends.
#[derive(Debug)]
pub struct Held(#[expect(dead_code, reason = "it is held, not read")] File);

/// Takes the folder for a server, or for a restore; `None` while another has it.
pub fn hold(folder: &Path) -> Outcome<Option<Held>> {
    let path = folder.join("serving.lock");
    let file = File::options().create(true).truncate(false).write(true).open(&path).map_err(io(&path))?;
    match file.try_lock() {
        Ok(()) => Ok(Some(Held(file))),
        Err(std::fs::TryLockError::WouldBlock) => Ok(None),
        Err(std::fs::TryLockError::Error(e)) => Err(io(&path)(e).into()),
    }
}

/// The certificate and key as TLS takes them.
pub fn tls(town: &Town) -> Outcome<ServerConfig> {
    let (chain, key) = town.tls()?;
    let fault = |e: rustls::Error| io(&town.folder)(std::io::Error::other(e));
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(fault)?;
    let mut config = config.with_no_client_auth().with_single_cert(chain, key).map_err(fault)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

/// Listens there.
pub fn listen(at: &str) -> Outcome<TcpListener> {
    let cannot = |e: std::io::Error| Failure::said("township.cannot_listen", [("at", at), ("what", &e.to_string())]);
    let listener = TcpListener::bind(at).map_err(cannot)?;
    listener.set_nonblocking(true).map_err(cannot)?;
    Ok(listener)
}

/// Serves until it is stopped by a signal. `listening` is told where, once the doors are open.
pub fn serve(town: Town, at: &str, rates: Rates, listening: impl FnOnce(SocketAddr)) -> Outcome {
    let alone = town.store.name() == "sqlite";
    let held = hold(&town.folder)?;
    if alone && held.is_none() {
        return Err(Failure::said("township.is_serving", []));
    }
    let listener = listen(at)?;
    let address = listener.local_addr().map_err(io(&town.folder))?;
    if !address.ip().is_unspecified() {
        remember(town.store.as_ref(), address)?;
    }
    let config = tls(&town)?;
    let folder = town.folder.clone();
    let desk = Server::new(town, rates);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(io(&folder))?;
    let handle = Handle::new();
    let served = runtime.block_on(async {
        tokio::spawn(stop_when_told(handle.clone()));
        listening(address);
        open(listener, config, desk, handle).await
    });
    drop(runtime);
    drop(held);
    served.map_err(|e| io(&folder)(e).into())
}

fn remember(store: &dyn Store, address: SocketAddr) -> Outcome {
    Ok(Town::set(store, LISTENED, address.to_string().as_bytes())?)
}

/// The doors, open until `handle` says otherwise.
pub async fn open(
    listener: TcpListener,
    config: ServerConfig,
    desk: Desk,
    handle: Handle<SocketAddr>,
) -> std::io::Result<()> {
    let config = RustlsConfig::from_config(Arc::new(config));
    let greeting = desk.limits.rates.greeting;
    let porter = Porter::new(desk.limits.rates.places.within(Share::of_this_program().guests));
    let acceptor = RustlsAcceptor::new(config).handshake_timeout(greeting).acceptor(porter);
    let mut server = axum_server::from_tcp(listener)?.acceptor(acceptor).handle(handle).http1_only();
    server.http_builder().http1().timer(TokioTimer::new()).header_read_timeout(greeting);
    server.serve(doors::router(desk).into_make_service_with_connect_info::<SocketAddr>()).await
}

async fn stop_when_told(handle: Handle<SocketAddr>) {
    told().await;
    tracing::info!("stopping");
    handle.graceful_shutdown(Some(FAREWELL));
}

#[cfg(unix)]
async fn told() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut term) = signal(SignalKind::terminate()) else { return std::future::pending().await };
    tokio::select! {
        _ = term.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}

#[cfg(not(unix))]
async fn told() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
