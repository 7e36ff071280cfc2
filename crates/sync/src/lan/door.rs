//! 开门 — the side that waits: a certificate of its own for as long as the door is open, one guest after the other.

use std::borrow::BorrowMut;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::sync::Arc;
use std::time::Duration;

use lianhu_ledger::{Edge, Ledger};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use uuid::Uuid;

use super::PACKAGE_PATH;
use super::announce::{Here, answer, asked};
use crate::enrolment::{Pin, pin_of};
use crate::ledger_shelf::LedgerShelf;
use crate::package::LARGEST_FILE;
use crate::shelf::{DeviceShelf, Shelf};
use crate::stick::{self, Read as TakenIn};
use crate::suite::Ed25519Key;
use crate::trouble::{Failed, Trouble};

/// Silence of a guest that is waited through.
const PATIENCE: Duration = Duration::from_secs(30);
/// The longest line, and the most of them, that a guest may say before its package.
const LINE: u64 = 4_096;
const LINES: usize = 64;

/// An open door.
pub struct Door {
    listener: TcpListener,
    ears: UdpSocket,
    config: Arc<ServerConfig>,
    pin: Pin,
}

/// What a guest brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Guest {
    pub device: Uuid,
    pub read: TakenIn,
}

impl Door {
    /// Opens it; `ears` is where questions are heard.
    pub fn open(at: SocketAddr, ears: SocketAddr) -> Result<Door, Failed> {
        let made = rcgen::generate_simple_self_signed(["lianhu".to_owned()]).map_err(|_| Trouble::Broken)?;
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
        let certificate = made.cert.der().clone();
        let pin = pin_of(&certificate);
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("the provider speaks TLS 1.2 and 1.3")
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key)
            .map_err(|_| Trouble::Broken)?;
        let (listener, ears) = (TcpListener::bind(at)?, UdpSocket::bind(ears)?);
        Ok(Door { listener, ears, config: Arc::new(config), pin })
    }

    /// Where guests knock, and where questions are heard.
    pub fn places(&self) -> Result<(SocketAddr, SocketAddr), Failed> {
        Ok((self.listener.local_addr()?, self.ears.local_addr()?))
    }

    pub fn pin(&self) -> Pin {
        self.pin
    }

    /// Answers who calls out for this village, from now until the program ends.
    pub fn answer_calls<L: BorrowMut<Ledger>>(&self, shelf: &LedgerShelf<L>) -> Result<(), Failed> {
        let (ears, village) = (self.ears.try_clone()?, shelf.village());
        let here = Here { device: shelf.me().device, port: self.listener.local_addr()?.port(), pin: self.pin };
        let key = Ed25519Key::new(shelf.secret()?);
        std::thread::spawn(move || {
            let mut bytes = [0; 512];
            while let Ok((n, from)) = ears.recv_from(&mut bytes) {
                if let Some(nonce) = asked(&bytes[..n], village) {
                    let _ = ears.send_to(&answer(village, &nonce, &here, &key), from);
                }
            }
        });
        Ok(())
    }

    /// Waits for one guest, takes its package in and gives it ours. `None` for one who is none of the village's.
    pub fn receive<L: BorrowMut<Ledger>>(
        &self,
        shelf: &mut LedgerShelf<L>,
        edge: &mut dyn Edge,
    ) -> Result<Option<Guest>, Failed> {
        let (stream, _) = self.listener.accept()?;
        let Some(mut stream) = self.greeted(stream) else { return Ok(None) };
        let Some(package) = package(&mut stream) else {
            say(stream.get_mut(), 404, &[]);
            return Ok(None);
        };
        let Ok(read) = stick::read(shelf, edge, &package)? else {
            say(stream.get_mut(), 404, &[]);
            return Ok(None);
        };
        let key = shelf.roster()?.key_of(read.maker).map(<[u8]>::to_vec).unwrap_or_default();
        let Some(made) = stick::make(shelf, edge, Some((read.maker, &key)))? else { return Ok(None) };
        say(stream.get_mut(), 200, &made.bytes);
        Ok(Some(Guest { device: read.maker, read }))
    }

    fn greeted(&self, stream: TcpStream) -> Option<BufReader<StreamOwned<ServerConnection, TcpStream>>> {
        stream.set_read_timeout(Some(PATIENCE)).ok()?;
        stream.set_write_timeout(Some(PATIENCE)).ok()?;
        let connection = ServerConnection::new(self.config.clone()).ok()?;
        Some(BufReader::new(StreamOwned::new(connection, stream)))
    }
}

/// The body of a request that leaves a package; anything else is nothing to us.
fn package(stream: &mut impl BufRead) -> Option<Vec<u8>> {
    let mut first = String::new();
    stream.take(LINE).read_line(&mut first).ok()?;
    let mut length = None;
    for _ in 0..LINES {
        let mut line = String::new();
        stream.take(LINE).read_line(&mut line).ok().filter(|n| *n > 0)?;
        let line = line.trim();
        if line.is_empty() {
            break;
        }
        let (name, value) = line.split_once(':')?;
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse::<usize>().ok();
        }
    }
    let length = length.filter(|length| *length <= LARGEST_FILE)?;
    first.starts_with(&format!("POST {PACKAGE_PATH} ")).then_some(())?;
    let mut body = Vec::new();
    stream.take(length as u64).read_to_end(&mut body).ok()?;
    (body.len() == length).then_some(body)
}

/// Who has gone meanwhile is not told.
fn say(stream: &mut impl Write, status: u16, body: &[u8]) {
    let head = format!("HTTP/1.1 {status} -\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body)).and_then(|()| stream.flush());
}
