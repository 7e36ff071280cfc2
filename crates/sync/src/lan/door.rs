//! 开门 — the side that waits: a certificate of its own for as long as the door is open. It waits for nobody itself: who
//! keeps it looks now and then who calls out and who knocks, and can shut it at any moment. A guest is received on
//! whichever thread its keeper likes, so that one who says nothing holds up nobody else.

use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::sync::Arc;
use std::time::Duration;

use lianhu_ledger::Edge;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use uuid::Uuid;

use super::announce::{Here, answer, asked};
use super::{PACKAGE_PATH, whose};
use crate::client::{Lends, on_shelf};
use crate::enrolment::{Pin, pin_of};
use crate::package::LARGEST_FILE;
use crate::shelf::{DeviceShelf, Shelf};
use crate::stick::{self, Read as TakenIn};
use crate::suite::Ed25519Key;
use crate::trouble::{Failed, Trouble};

/// Silence of a guest that is waited through.
const PATIENCE: Duration = Duration::from_secs(10);
/// The longest line, and the most of them, that a guest may say before its package.
const LINE: u64 = 4_096;
const LINES: usize = 64;
/// Questions that are answered at one look: more are somebody's noise.
const CALLS: usize = 64;

/// An open door. It is shut when it is dropped, and its ports are free at once.
pub struct Door {
    listener: TcpListener,
    ears: UdpSocket,
    config: Arc<ServerConfig>,
    village: Uuid,
    here: Here,
    key: Ed25519Key,
}

/// What a guest brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guest {
    pub device: Uuid,
    /// Whose computer it is.
    pub who: String,
    pub read: TakenIn,
}

/// Who it was that knocked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Came {
    Guest(Guest),
    /// One of another village, or struck off: it was given nothing.
    Stranger,
    /// Said nothing that a laptop of ours would say.
    Nobody,
}

impl Door {
    /// Opens the door of this ledger's computer; `ears` is where questions are heard.
    pub fn open<H: Lends>(hand: &mut H, at: SocketAddr, ears: SocketAddr) -> Result<Door, Failed> {
        let made = rcgen::generate_simple_self_signed(["lianhu".to_owned()]).map_err(|_| Trouble::Broken)?;
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
        let certificate = made.cert.der().clone();
        let pin = pin_of(&certificate);
        let config = config(certificate, key)?;
        // Somebody else listens there, or the system lets nobody: either way it is the place that is not to be had.
        let taken = |_| Trouble::Busy { after_s: None };
        let (listener, ears) = (TcpListener::bind(at).map_err(taken)?, UdpSocket::bind(ears).map_err(taken)?);
        listener.set_nonblocking(true)?;
        ears.set_nonblocking(true)?;
        let port = listener.local_addr()?.port();
        let about = on_shelf(hand, |shelf| Ok((shelf.village(), shelf.me().device, shelf.secret()?)))?;
        let (village, device, secret) = about;
        let (here, key) = (Here { device, port, pin }, Ed25519Key::new(secret));
        Ok(Door { listener, ears, config, village, here, key })
    }

    /// Where guests knock, and where questions are heard.
    pub fn places(&self) -> Result<(SocketAddr, SocketAddr), Failed> {
        Ok((self.listener.local_addr()?, self.ears.local_addr()?))
    }

    pub fn pin(&self) -> Pin {
        self.here.pin
    }

    /// Answers who has called out for this village since.
    pub fn answer_calls(&self) {
        let mut bytes = [0; 512];
        for _ in 0..CALLS {
            // Windows tells here that an earlier answer reached nobody: that ends no ear.
            let Ok((n, from)) = self.ears.recv_from(&mut bytes) else { break };
            if let Some(nonce) = asked(&bytes[..n], self.village) {
                let _ = self.ears.send_to(&answer(self.village, &nonce, &self.here, &self.key), from);
            }
        }
    }

    /// The next one who knocks; none when nobody does now.
    pub fn knock(&self) -> Result<Option<Knock>, Failed> {
        match self.listener.accept() {
            Ok((stream, _)) => {
                // Some systems hand the listener's own way of waiting down to the line.
                stream.set_nonblocking(false)?;
                Ok(Some(Knock { stream, config: self.config.clone() }))
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(None),
            // One who has gone again before he was let in.
            Err(error) if error.kind() == ErrorKind::ConnectionAborted => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}

fn config(
    certificate: rustls::pki_types::CertificateDer<'static>,
    key: PrivateKeyDer<'static>,
) -> Result<Arc<ServerConfig>, Failed> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("the provider speaks TLS 1.2 and 1.3")
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .map_err(|_| Trouble::Broken)?;
    Ok(Arc::new(config))
}

/// One who stands at the door.
pub struct Knock {
    stream: TcpStream,
    config: Arc<ServerConfig>,
}

/// By it somebody else may send a guest away.
pub struct Leash(TcpStream);

impl Leash {
    pub fn cut(&self) {
        let _ = self.0.shutdown(Shutdown::Both);
    }
}

impl Knock {
    pub fn leash(&self) -> Result<Leash, Failed> {
        Ok(Leash(self.stream.try_clone()?))
    }

    /// Takes the guest's package in and gives it ours.
    pub fn receive<H: Lends>(self, hand: &mut H, edge: &mut dyn Edge) -> Result<Came, Failed> {
        let Some(mut stream) = self.greeted() else { return Ok(Came::Nobody) };
        let Some(package) = package(&mut stream) else {
            say(stream.get_mut(), 404, &[]);
            return Ok(Came::Nobody);
        };
        let Some((guest, ours)) = on_shelf(hand, |shelf| Ok(exchanged(shelf, edge, &package)?))? else {
            say(stream.get_mut(), 404, &[]);
            return Ok(Came::Stranger);
        };
        say(stream.get_mut(), 200, &ours);
        Ok(Came::Guest(guest))
    }

    fn greeted(self) -> Option<BufReader<StreamOwned<ServerConnection, TcpStream>>> {
        let Knock { stream, config } = self;
        stream.set_read_timeout(Some(PATIENCE)).ok()?;
        stream.set_write_timeout(Some(PATIENCE)).ok()?;
        let connection = ServerConnection::new(config).ok()?;
        Some(BufReader::new(StreamOwned::new(connection, stream)))
    }
}

/// One who is struck off gets nothing, whatever he knew before.
fn exchanged(
    shelf: &mut crate::LedgerShelf<&mut lianhu_ledger::Ledger>,
    edge: &mut dyn Edge,
    package: &[u8],
) -> lianhu_ledger::Result<Option<(Guest, Vec<u8>)>> {
    let Ok(read) = stick::read(shelf, edge, package)? else { return Ok(None) };
    let (device, roster) = (read.maker, shelf.roster()?);
    let Some(key) = roster.key_of(device).filter(|_| !roster.is_out(device)) else { return Ok(None) };
    let Some(made) = stick::make(shelf, edge, Some((device, key)))? else { return Ok(None) };
    Ok(Some((Guest { device, who: whose(shelf, device)?, read }, made.bytes)))
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
