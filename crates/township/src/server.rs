//! The server: one town behind its doors. What every door needs is here, so that a door is its own few lines: the body,
//! read within limits; work, done apart from the network, with a place to wait and an end; and the answers that say
//! nothing.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{ConnectInfo, Request};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use lianhu_ledger::{Code, Error};
use lianhu_sync::PROTOCOL;
use lianhu_sync::enrolment::UPGRADE;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::timeout;

use crate::counts::{Counts, one, some};
use crate::limits::{LARGEST_BODY, Limits, Rates};
use crate::town::Town;

/// Pieces of work at the same time; the disk takes one commit after the other anyway.
const AT_ONCE: usize = 24;
/// How long one waits for its turn.
const PATIENCE: Duration = Duration::from_secs(10);
/// KiB of bodies that are being read or worked on.
const ROOM: usize = 64 * 1024;
/// KiB that are taken at a time.
const SHARE: usize = 64;
/// A sender slower than this is none: the slowest line that is worked on has 2 KB a second.
const BYTES_A_SECOND: u64 = 512;

pub struct Server {
    pub town: Town,
    pub limits: Limits,
    pub counts: Counts,
    turns: Semaphore,
    room: Semaphore,
}

/// What a door is given.
pub type Desk = Arc<Server>;

impl Server {
    pub fn new(town: Town, rates: Rates) -> Desk {
        Arc::new(Server {
            town,
            limits: Limits::new(rates),
            counts: Counts::default(),
            turns: Semaphore::new(AT_ONCE),
            room: Semaphore::new(ROOM),
        })
    }

    pub fn now_ms(&self) -> u64 {
        self.town.machine.now_ms()
    }

    /// The same answer, to the byte, for a stranger, a foreign village, and what does not exist.
    pub fn nothing(&self) -> Response {
        one(&self.counts.refused);
        (StatusCode::NOT_FOUND, [(header::CONTENT_TYPE, TEXT)], "not found\n").into_response()
    }

    /// Who speaks the language of another release hears which one is spoken here: one of the two has to be renewed.
    pub fn other_release(&self) -> Response {
        one(&self.counts.refused);
        let spoken = format!("{UPGRADE}{PROTOCOL}");
        let headers =
            [(header::CONTENT_TYPE, TEXT), (header::UPGRADE, HeaderValue::try_from(spoken).expect("plain letters"))];
        (StatusCode::UPGRADE_REQUIRED, headers, "another release\n").into_response()
    }

    /// Sent away for so many seconds.
    pub fn later(&self, seconds: u64) -> Response {
        one(&self.counts.limited);
        wait(StatusCode::TOO_MANY_REQUESTS, seconds, "too many requests\n")
    }

    pub fn busy(&self) -> Response {
        one(&self.counts.busy);
        wait(StatusCode::SERVICE_UNAVAILABLE, 5, "busy\n")
    }

    /// What failed is ours to see to; who asked is told no more than that.
    pub fn failed(&self, error: &Error) -> Response {
        if matches!(error.code(), Some(Code::Busy)) {
            return self.busy();
        }
        one(&self.counts.faults);
        tracing::error!(%error, "a request failed");
        wait(StatusCode::SERVICE_UNAVAILABLE, 60, "failed\n")
    }

    /// A body, whole and in time.
    pub async fn body(&self, request: Request) -> Result<(Bytes, Room<'_>), Response> {
        let said = request.headers().get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok());
        let said: Option<usize> = said.and_then(|length| length.parse().ok());
        if said.is_some_and(|length| length > LARGEST_BODY) {
            return Err(too_large());
        }
        let (bytes, room) = self.whole(request.into_body()).await?;
        some(&self.counts.bytes_in, bytes.len());
        Ok((bytes, room))
    }

    async fn share(&self, kib: usize) -> Result<SemaphorePermit<'_>, Response> {
        let kib = u32::try_from(kib).unwrap_or(u32::MAX);
        let share = timeout(PATIENCE, self.room.acquire_many(kib)).await;
        share.ok().and_then(Result::ok).ok_or_else(|| self.busy())
    }

    /// Everything that comes, as long as it keeps coming. Room is taken for what is there and not for what is announced:
    /// who announces much and sends little keeps nobody out.
    async fn whole(&self, mut body: Body) -> Result<(Bytes, Room<'_>), Response> {
        let (begun, silence) = (self.now_ms(), self.limits.rates.silence);
        let mut bytes: Vec<u8> = Vec::new();
        let mut room = self.share(SHARE).await?;
        loop {
            let slowest = Duration::from_secs(bytes.len() as u64 / BYTES_A_SECOND);
            let passed = Duration::from_millis(self.now_ms().saturating_sub(begun));
            let left = (silence + slowest).saturating_sub(passed).min(silence);
            let frame = std::future::poll_fn(|cx| Pin::new(&mut body).poll_frame(cx));
            match timeout(left, frame).await {
                Err(_) | Ok(Some(Err(_))) => return Err(given_up()),
                Ok(None) => return Ok((bytes.into(), Room(room))),
                Ok(Some(Ok(frame))) => {
                    let Ok(data) = frame.into_data() else { continue };
                    if bytes.len() + data.len() > LARGEST_BODY {
                        return Err(too_large());
                    }
                    let needed = (bytes.len() + data.len()) / 1024 + 1;
                    if needed > room.num_permits() {
                        room.merge(self.share((needed - room.num_permits()).next_multiple_of(SHARE)).await?);
                    }
                    bytes.extend_from_slice(&data);
                }
            }
        }
    }

    /// Does work that reads and writes the store, apart from the network's threads. A panic ends this request and no other.
    pub async fn work(self: &Arc<Self>, work: impl FnOnce(&Server) -> Response + Send + 'static) -> Response {
        let Ok(Ok(_turn)) = timeout(PATIENCE, self.turns.acquire()).await else { return self.busy() };
        let server = self.clone();
        match tokio::task::spawn_blocking(move || work(&server)).await {
            Ok(response) => response,
            Err(_) => {
                one(&self.counts.panics);
                tracing::error!("a request ended in a panic");
                (StatusCode::INTERNAL_SERVER_ERROR, [(header::CONTENT_TYPE, TEXT)], "failed\n").into_response()
            }
        }
    }

    /// Bytes of ours.
    pub fn bytes(&self, bytes: Vec<u8>) -> Response {
        some(&self.counts.bytes_out, bytes.len());
        ([(header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"))], bytes).into_response()
    }
}

/// A share of the memory that bodies may take; given back when it is dropped.
pub struct Room<'a>(#[expect(dead_code, reason = "it is held, not read")] SemaphorePermit<'a>);

pub const TEXT: HeaderValue = HeaderValue::from_static("text/plain; charset=utf-8");

fn wait(status: StatusCode, seconds: u64, said: &'static str) -> Response {
    let seconds = HeaderValue::from(seconds);
    (status, [(header::CONTENT_TYPE, TEXT), (header::RETRY_AFTER, seconds)], said).into_response()
}

fn too_large() -> Response {
    (StatusCode::PAYLOAD_TOO_LARGE, [(header::CONTENT_TYPE, TEXT)], "too large\n").into_response()
}

fn given_up() -> Response {
    (StatusCode::REQUEST_TIMEOUT, [(header::CONTENT_TYPE, TEXT)], "timed out\n").into_response()
}

/// Whence a request came.
pub fn address(request: &Request) -> IpAddr {
    let info = request.extensions().get::<ConnectInfo<SocketAddr>>();
    info.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |ConnectInfo(address)| address.ip())
}
