//! A small township on loopback: real TLS, the real plan, and moods in which it misbehaves.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use lianhu_ledger::{Change, FixedEdge, Ledger};
use lianhu_sync::attachment::{self, ATTACHMENT_PATH, Folder};
use lianhu_sync::enrolment::{Code, ENROL_PATH, Enrol, Enrolled, No, Refused, SYNC_PATH, hex, pin_of};
use lianhu_sync::plan::after::judge_again;
use lianhu_sync::plan::township::Township;
use lianhu_sync::protocol::wire;
use lianhu_sync::roster::entering;
use lianhu_sync::{
    Chain, Commit, Ed25519, Ed25519Key, Faults, LedgerShelf, May, Member, Root, Shelf, Signer, Standing,
};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use tempfile::TempDir;
use uuid::Uuid;

use crate::shelf::TownShelf;
use crate::{NOW, edge};

/// How it behaves.
#[derive(Clone, Debug, PartialEq)]
pub enum Mood {
    Well,
    /// Answers every request with this, and does nothing: status, headers, body.
    Says(u16, &'static str, &'static str),
    /// As `Says`, so many times, then well.
    SaysFirst(u32, u16, &'static str, &'static str),
    /// Hears and never answers.
    Silent,
    /// Its words are sealed with another key.
    OtherKey,
    /// Takes bodies up to so many bytes.
    Takes(usize),
    /// An answer comes in so many pieces, with that many milliseconds between.
    Drips(usize, u64),
    /// Of an answer only so many bytes come through, and then nothing more.
    Stalls(usize),
}

pub struct Inside {
    pub shelf: TownShelf,
    pub key: Ed25519Key,
    chain: Chain,
    pub codes: BTreeMap<[u8; 16], Issued>,
    waiting: Vec<(Uuid, Member)>,
    pub mood: Mood,
    pub clock_ms: u64,
    folder: TempDir,
    /// Bodies of the requests that came, by length.
    pub bodies: Vec<usize>,
}

pub struct Issued {
    pub role: String,
    pub waits: bool,
    pub expired: bool,
    used_by: Option<(Uuid, Vec<u8>)>,
}

#[derive(Clone)]
pub struct Town {
    pub inside: Arc<Mutex<Inside>>,
    pub address: String,
    pub pin: [u8; 16],
}

fn config(name: &str) -> (ServerConfig, [u8; 16]) {
    let made = rcgen::generate_simple_self_signed([name.to_owned()]).unwrap();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
    let certificate = made.cert.der().clone();
    let pin = pin_of(&certificate);
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    (config.with_no_client_auth().with_single_cert(vec![certificate], key).unwrap(), pin)
}

impl Town {
    /// For this village.
    pub fn new(village: Uuid) -> Town {
        let folder = TempDir::new().unwrap();
        let key = Ed25519Key::new([5; 32]);
        let ledger = Ledger::join(&folder.path().join("town"), None, village, Box::new(edge(55))).unwrap();
        let chain = ledger.own_chain();
        let root = Root { device: chain.device, key: key.public() };
        let shelf = LedgerShelf::enrol(ledger, &root, &[5; 32]).unwrap();
        let inside = Inside {
            shelf: TownShelf { ledger: shelf, numbers: BTreeMap::new(), epoch: 7 },
            key,
            chain,
            codes: BTreeMap::new(),
            waiting: Vec::new(),
            mood: Mood::Well,
            clock_ms: NOW,
            folder,
            bodies: Vec::new(),
        };
        Town::serve(Arc::new(Mutex::new(inside)), "township")
    }

    fn serve(inside: Arc<Mutex<Inside>>, name: &str) -> Town {
        let (config, pin) = config(name);
        let config = Arc::new(config);
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let town = Town { inside, address, pin };
        let serving = town.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (town, config) = (serving.clone(), config.clone());
                std::thread::spawn(move || town.attend(stream, config));
            }
        });
        town
    }

    /// The same township behind somebody else's certificate.
    pub fn impostor(&self) -> Town {
        Town::serve(self.inside.clone(), "somebody else")
    }

    pub fn at<T>(&self, look: impl FnOnce(&mut Inside) -> T) -> T {
        look(&mut self.inside.lock().unwrap())
    }

    pub fn code(&self, role: &str, waits: bool) -> String {
        self.at(|inside| {
            let secret = [inside.codes.len() as u8 + 1; 16];
            inside.codes.insert(secret, Issued { role: role.into(), waits, expired: false, used_by: None });
            Code { secret, pin: self.pin, address: self.address.clone() }.text()
        })
    }

    fn attend(&self, stream: TcpStream, config: Arc<ServerConfig>) {
        let Ok(connection) = ServerConnection::new(config) else { return };
        let mut stream = BufReader::new(StreamOwned::new(connection, stream));
        while let Some((path, body)) = request(&mut stream) {
            let answer = self.answer(&path, &body);
            let Some((status, headers, body)) = answer else {
                // Hears and says nothing until the other side goes away.
                let _ = stream.read(&mut [0; 1]);
                return;
            };
            let pieces = match self.at(|inside| inside.mood.clone()) {
                Mood::Drips(pieces, ms) => Some((pieces, ms)),
                Mood::Stalls(most) if body.len() > most => {
                    let _ = begin(stream.get_mut(), status, &headers, &body, most);
                    let _ = stream.read(&mut [0; 1]);
                    return;
                }
                _ => None,
            };
            if say(stream.get_mut(), status, &headers, &body, pieces).is_none() {
                return;
            }
        }
    }

    fn answer(&self, path: &str, body: &[u8]) -> Option<(u16, String, Vec<u8>)> {
        let mut inside = self.inside.lock().unwrap();
        inside.bodies.push(body.len());
        match inside.mood.clone() {
            Mood::Silent => return None,
            Mood::Says(status, headers, body) => return Some((status, headers.into(), body.into())),
            Mood::SaysFirst(0, ..) => inside.mood = Mood::Well,
            Mood::SaysFirst(times, status, headers, body) => {
                inside.mood = Mood::SaysFirst(times - 1, status, headers, body);
                return Some((status, headers.into(), body.into()));
            }
            Mood::Takes(most) if body.len() > most => return Some((413, String::new(), Vec::new())),
            _ => {}
        }
        Some(match path {
            SYNC_PATH => inside.hear(body),
            ENROL_PATH => inside.enrol(body),
            ATTACHMENT_PATH => inside.picture(body),
            _ => nowhere(),
        })
    }
}

fn nowhere() -> (u16, String, Vec<u8>) {
    (404, String::new(), b"not found".to_vec())
}

impl Inside {
    fn hear(&mut self, body: &[u8]) -> (u16, String, Vec<u8>) {
        let roster = self.shelf.roster().unwrap();
        let key_of = |ask: &lianhu_sync::Ask| roster.key_of(ask.me.device).map(<[u8]>::to_vec);
        let Some(ask) = wire::open_with(body, &Ed25519, wire::read_ask, key_of) else { return nowhere() };
        let standing = lianhu_sync::plan::township::standing(&self.shelf, &ask).unwrap();
        if standing == Standing::Stranger {
            return nowhere();
        }
        let key = self.key.clone();
        let office = Township { suite: &Ed25519, signer: &key, now_ms: self.clock_ms, faults: Faults::NONE };
        let heard = office.hear(&self.shelf, &ask).unwrap();
        self.shelf.commit(&heard.commands).unwrap();
        let answer = office.answer(&self.shelf, &ask, heard).unwrap();
        let signer = if self.mood == Mood::OtherKey { Ed25519Key::new([6; 32]) } else { key };
        (200, String::new(), wire::seal(&wire::answer_bytes(&answer), &signer))
    }

    fn enrol(&mut self, body: &[u8]) -> (u16, String, Vec<u8>) {
        let Ok(asked) = serde_json::from_slice::<Enrol>(body) else { return nowhere() };
        let no = |refused| (403, String::new(), serde_json::to_vec(&No { refused }).unwrap());
        let Some((secret, key)) = asked.proven(&Ed25519) else { return no(Refused::Unknown) };
        let village = self.shelf.village();
        let Some(issued) = self.codes.get_mut(&secret) else { return no(Refused::Unknown) };
        if asked.village.is_some_and(|asked| asked != village) {
            return no(Refused::OtherVillage);
        }
        let by = (asked.device, key.clone());
        match &issued.used_by {
            Some(known) if *known != by => return no(Refused::Used),
            None if issued.expired => return no(Refused::Expired),
            _ => {}
        }
        let is_new = issued.used_by.is_none();
        issued.used_by = Some(by);
        let (role, waits) = (issued.role.clone(), issued.waits);
        let may =
            if role == "secretary" { May::Everything } else { May::Kinds(["visit".to_owned(), "group".into()].into()) };
        let member = Member::new(&asked.who, &role, key, may);
        match waits {
            true => self.waiting.push((asked.device, member)),
            false if is_new => self.write(vec![entering(asked.device, &member, &[])]),
            false => {}
        }
        let said = Enrolled {
            village,
            code: "990101102207".into(),
            name: "禾坪村".into(),
            township: "松河镇".into(),
            role,
            root_device: self.chain.device,
            root_key: hex(&self.key.public()),
            waits,
        };
        (200, String::new(), serde_json::to_vec(&said).unwrap())
    }

    fn picture(&mut self, body: &[u8]) -> (u16, String, Vec<u8>) {
        let roster = self.shelf.roster().unwrap();
        let key_of = |ask: &attachment::Ask| roster.key_of(ask.device).map(<[u8]>::to_vec);
        let Some(ask) = wire::open_with(body, &Ed25519, attachment::read_ask, key_of) else { return nowhere() };
        let folder = Folder::at(self.folder.path().join("attachments"));
        let answer = attachment::answer(&folder, &ask.want).unwrap();
        (200, String::new(), wire::seal(&attachment::answer_bytes(&answer), &self.key))
    }

    /// A batch of the root's own.
    fn write(&mut self, changes: Vec<Change>) {
        let key = self.key.clone();
        let office = Township { suite: &Ed25519, signer: &key, now_ms: self.clock_ms, faults: Faults::NONE };
        let heard = office.write(&self.shelf, self.chain, "roster", changes).unwrap();
        self.shelf.commit(&heard.commands).unwrap();
        let judged = judge_again(&self.shelf, Faults::NONE).unwrap();
        self.shelf.commit(&judged).unwrap();
        let heard = office.revisit(&self.shelf).unwrap();
        self.shelf.commit(&heard.commands).unwrap();
    }

    /// The secretary says yes to all who wait.
    pub fn approve(&mut self) {
        for (device, member) in std::mem::take(&mut self.waiting) {
            self.write(vec![entering(device, &member, &[])]);
        }
    }

    pub fn revoke(&mut self, device: Uuid) {
        let mut member = self.shelf.roster().unwrap().members[&device].clone();
        let heads = self.shelf.heads().unwrap();
        let own = heads.iter().filter(|(chain, _)| chain.device == device);
        member.then(own.map(|(chain, head)| (chain.incarnation, head.seq)).collect(), May::Nothing);
        self.write(vec![entering(device, &member, &[])]);
    }

    pub fn dump(&self) -> String {
        let mut out = Vec::new();
        self.shelf.ledger.ledger().dump(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    /// An older life of this township is put back, under the same incarnation or another.
    pub fn goes_back_to(&mut self, copy: &std::path::Path, no: u64, epoch: u64) {
        let fresh = self.folder.path().join(format!("back-{}", self.bodies.len()));
        std::fs::copy(copy, &fresh).unwrap();
        let ledger = Ledger::open(&fresh, None, Box::new(edge(56))).unwrap();
        self.shelf.ledger = LedgerShelf::of(ledger).unwrap().unwrap();
        self.shelf.numbers.retain(|number, _| *number <= no);
        self.shelf.epoch = epoch;
    }

    pub fn copy(&self) -> (std::path::PathBuf, u64) {
        let to = self.folder.path().join(format!("copy-{}", self.bodies.len()));
        let edge: Box<FixedEdge> = Box::new(edge(57));
        self.shelf.ledger.ledger().backup(&to, None, edge).unwrap();
        (to, self.shelf.numbers.last_key_value().map_or(0, |(no, _)| *no))
    }
}

fn request(stream: &mut impl BufRead) -> Option<(String, Vec<u8>)> {
    let mut line = String::new();
    stream.read_line(&mut line).ok().filter(|n| *n > 0)?;
    let path = line.split(' ').nth(1)?.to_owned();
    let mut length = 0;
    loop {
        line.clear();
        stream.read_line(&mut line).ok().filter(|n| *n > 0)?;
        let (name, value) = line.trim().split_once(':').unwrap_or_default();
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().ok()?;
        }
        if line.trim().is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).ok()?;
    Some((path, body))
}

/// The head of an answer, and the first bytes of its body.
fn begin(stream: &mut impl Write, status: u16, headers: &str, body: &[u8], most: usize) -> Option<()> {
    let head = format!("HTTP/1.1 {status} x\r\ncontent-length: {}\r\n{headers}\r\n", body.len());
    stream.write_all(head.as_bytes()).ok()?;
    stream.write_all(&body[..most]).ok()?;
    stream.flush().ok()
}

fn say(stream: &mut impl Write, status: u16, headers: &str, body: &[u8], drips: Option<(usize, u64)>) -> Option<()> {
    begin(stream, status, headers, body, 0)?;
    let (pieces, ms) = drips.unwrap_or((1, 0));
    for piece in body.chunks((body.len() / pieces).max(1)) {
        std::thread::sleep(Duration::from_millis(ms));
        stream.write_all(piece).ok()?;
        stream.flush().ok()?;
    }
    stream.flush().ok()
}
