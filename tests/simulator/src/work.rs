//! A village at work, the same in every run: three laptops with real ledgers and real keys, a township that keeps what
//! comes, and between them nothing but bytes. What is measured of the exchange is measured here.

mod deeds;
pub mod figures;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use lianhu_ledger::dates::Date;
use lianhu_ledger::{Batch, Edge, Founding, Ledger, china_day};
use lianhu_sync::plan::after::{judge_again, settle};
use lianhu_sync::plan::device::{Device, Session};
use lianhu_sync::plan::township::Township;
use lianhu_sync::protocol::wire::{answer_bytes, ask_bytes, open, open_with, read_answer, read_ask, seal};
use lianhu_sync::roster::entering;
use lianhu_sync::{
    Answer, Chain, Commit, DeviceShelf, Ed25519, Ed25519Key, Faults, LedgerShelf, May, Member, Root, Shelf, Signer,
};
use uuid::Uuid;

use crate::dice::Dice;
use crate::sim::model::Model;
pub use deeds::Month;

/// The first of January 2036, at eight in the evening.
const START: u64 = 2_082_801_600_000;
const DAY: u64 = 86_400_000;
/// Bytes of batches, unpacked, that a laptop sends at once.
const MOST: usize = 200_000;

pub type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

struct World {
    now_ms: Arc<AtomicU64>,
    dice: Dice,
}

impl Edge for World {
    fn now_ms(&self) -> u64 {
        self.now_ms.load(Ordering::Relaxed)
    }

    fn today(&self) -> Date {
        china_day(self.now_ms())
    }

    fn random(&mut self) -> [u8; 16] {
        (u128::from(self.dice.roll()) << 64 | u128::from(self.dice.roll())).to_be_bytes()
    }
}

pub struct Laptop {
    pub shelf: LedgerShelf<Ledger>,
    pub key: Ed25519Key,
}

/// What a conversation took.
#[derive(Clone, Copy, Debug, Default)]
pub struct Spent {
    pub up: usize,
    pub down: usize,
    pub trips: u32,
    /// The laptop's own work upon answers: opening, judging, keeping.
    pub work: Duration,
    /// The township's work.
    pub office: Duration,
}

impl Spent {
    pub fn bytes(&self) -> usize {
        self.up + self.down
    }

    pub fn add(&mut self, other: Spent) {
        self.up += other.up;
        self.down += other.down;
        self.trips += other.trips;
        self.work += other.work;
        self.office += other.office;
    }
}

pub struct Village {
    pub now_ms: Arc<AtomicU64>,
    pub town: Model,
    town_key: Ed25519Key,
    chain: Chain,
    pub laptops: Vec<Laptop>,
    dice: Dice,
    households: Vec<Uuid>,
    visitors: Vec<Uuid>,
    items: Vec<(Uuid, i64)>,
    folder: std::path::PathBuf,
}

impl Village {
    /// A village whose households are in the ledger of its three laptops and of the township.
    pub fn new(folder: &Path) -> Outcome<Village> {
        let now_ms = Arc::new(AtomicU64::new(START));
        let founding =
            Founding { village: "禾坪村", code: "990101102207", township: "松河镇", clerk: "王文书" };
        let edge = Box::new(World { now_ms: now_ms.clone(), dice: Dice::new(1) });
        let first = Ledger::create(&folder.join("0.lianhu"), None, &founding, edge)?;
        let town_key = Ed25519Key::new([99; 32]);
        let chain = Chain { device: Uuid::from_u128(0x00d0_5f1e), incarnation: 1 };
        let root = Root { device: chain.device, key: town_key.public() };
        let town = Model::new(first.village(), chain, root.clone(), Faults::NONE);
        let key = Ed25519Key::new([1; 32]);
        let laptops = vec![Laptop { shelf: LedgerShelf::enrol(first, &root, &[1; 32])?, key }];
        let folder = folder.to_owned();
        let dice = Dice::new(7);
        let (households, visitors, items) = (Vec::new(), Vec::new(), Vec::new());
        let mut village = Village { now_ms, town, town_key, chain, laptops, dice, households, visitors, items, folder };
        village.admit(0)?;
        village.settle_in()?;
        village.converse(0)?;
        for _ in 1..3 {
            village.join()?;
        }
        Ok(village)
    }

    pub fn wait(&self, ms: u64) {
        self.now_ms.fetch_add(ms, Ordering::Relaxed);
    }

    pub fn now(&self) -> u64 {
        self.now_ms.load(Ordering::Relaxed)
    }

    /// Another laptop, empty until it hears the township.
    pub fn newcomer(&mut self) -> Outcome<usize> {
        let nth = self.laptops.len();
        let edge = Box::new(World { now_ms: self.now_ms.clone(), dice: Dice::new(nth as u64 + 1) });
        let path = self.folder.join(format!("{nth}.lianhu"));
        let ledger = Ledger::join(&path, None, self.town.village(), edge)?;
        let secret = [nth as u8 + 1; 32];
        let shelf = LedgerShelf::enrol(ledger, &self.root(), &secret)?;
        self.laptops.push(Laptop { shelf, key: Ed25519Key::new(secret) });
        self.admit(nth)?;
        Ok(nth)
    }

    fn join(&mut self) -> Outcome<usize> {
        let nth = self.newcomer()?;
        self.converse(nth)?;
        Ok(nth)
    }

    fn root(&self) -> Root {
        Root { device: self.chain.device, key: self.town_key.public() }
    }

    pub fn office(&self) -> Township<'_> {
        Township { suite: &Ed25519, signer: &self.town_key, now_ms: self.now(), faults: Faults::NONE }
    }

    fn admit(&mut self, nth: usize) -> Outcome {
        let member = Member::new("陆永平", "secretary", self.laptops[nth].key.public(), May::Everything);
        let change = entering(self.laptops[nth].shelf.me().device, &member, &[]);
        let heard = self.office().write(&self.town, self.chain, "roster", vec![change])?;
        self.town.commit(&heard.commands)?;
        Ok(())
    }

    fn device<'a>(&self, key: &'a Ed25519Key) -> Device<'a> {
        Device { suite: &Ed25519, signer: key, now_ms: self.now(), leap: 1, most: MOST, faults: Faults::NONE }
    }

    /// Talks until nothing is left to say.
    pub fn converse(&mut self, nth: usize) -> Outcome<Spent> {
        self.converse_upto(nth, u32::MAX)
    }

    /// Talks until nothing is left to say, or the line is cut after so many answers.
    pub fn converse_upto(&mut self, nth: usize, most: u32) -> Outcome<Spent> {
        let (mut session, mut spent) = (Session::default(), Spent::default());
        loop {
            let up = self.say(nth, &mut session)?;
            let begun = Instant::now();
            let down = self.hear(&up)?;
            spent.office += begun.elapsed();
            let begun = Instant::now();
            self.keep(nth, &mut session, &down)?;
            spent.work += begun.elapsed();
            spent.up += up.len();
            spent.down += down.len();
            spent.trips += 1;
            if spent.trips >= most || !session.is_open(&self.laptops[nth].shelf)? {
                return Ok(spent);
            }
        }
    }

    fn say(&mut self, nth: usize, session: &mut Session) -> Outcome<Vec<u8>> {
        let key = self.laptops[nth].key.clone();
        let (commands, ask) = self.device(&key).ask(&self.laptops[nth].shelf, session)?;
        self.laptops[nth].shelf.commit(&commands)?;
        Ok(seal(&ask_bytes(&ask), &key))
    }

    fn hear(&mut self, up: &[u8]) -> Outcome<Vec<u8>> {
        let roster = self.town.roster()?;
        let key_of = |ask: &lianhu_sync::Ask| roster.key_of(ask.me.device).map(<[u8]>::to_vec);
        let ask = open_with(up, &Ed25519, read_ask, key_of).ok_or("the township cannot open what was said")?;
        let heard = self.office().hear(&self.town, &ask)?;
        self.town.commit(&heard.commands)?;
        let judged = judge_again(&self.town, Faults::NONE)?;
        self.town.commit(&judged)?;
        let answer = self.office().answer(&self.town, &ask, heard)?;
        Ok(seal(&answer_bytes(&answer), &self.town_key))
    }

    fn keep(&mut self, nth: usize, session: &mut Session, down: &[u8]) -> Outcome {
        let content = open(down, &Ed25519, &self.town_key.public()).ok_or("this is not our township")?;
        let answer: Answer = read_answer(&content).ok_or("the answer cannot be read")?;
        let key = self.laptops[nth].key.clone();
        let (device, now) = (self.device(&key), self.now());
        let shelf = &mut self.laptops[nth].shelf;
        for step in device.hear(shelf, session, answer)? {
            shelf.commit(&step)?;
        }
        settle(shelf, &Ed25519, now, Faults::NONE)?;
        Ok(())
    }

    /// What the township has received after that number.
    pub fn since(&self, no: u64) -> Vec<&Batch> {
        let news = self.town.feed.iter().filter(|(n, receipt)| *n > no && receipt.chain.device != self.chain.device);
        let spans = news.map(|(_, receipt)| (receipt.chain, receipt.first..=receipt.last));
        let batches = spans.flat_map(|(chain, span)| span.filter_map(move |seq| self.town.logged(chain.at(seq))));
        batches.map(|logged| logged.batch.as_ref()).collect()
    }

    pub fn dump(&self, nth: usize) -> Outcome<String> {
        let mut out = Vec::new();
        self.laptops[nth].shelf.ledger().dump(&mut out)?;
        Ok(String::from_utf8(out)?)
    }
}

/// What any program would have to say at the least: one line of JSON for every change, with its values and nothing else.
pub fn json_lines<'a>(batches: impl IntoIterator<Item = &'a Batch>) -> Vec<u8> {
    let mut lines = Vec::new();
    for change in batches.into_iter().flat_map(|batch| &batch.changes) {
        let mut line = serde_json::Map::new();
        line.insert(change.kind.to_string(), change.id.simple().to_string().into());
        for cell in &change.cells {
            let value = match &cell.value {
                lianhu_ledger::Value::Id(id) => id.simple().to_string().into(),
                other => other.to_json(),
            };
            line.insert(cell.field.to_string(), value);
        }
        lines.extend(serde_json::Value::Object(line).to_string().bytes());
        lines.push(b'\n');
    }
    lines
}

/// Those lines as `zstd -19` packs them.
pub fn floor<'a>(batches: impl IntoIterator<Item = &'a Batch>) -> usize {
    zstd::bulk::compress(&json_lines(batches), 19).map_or(0, |packed| packed.len())
}
