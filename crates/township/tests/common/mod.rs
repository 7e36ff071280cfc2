//! A township in a folder of its own, and computers of its villages that write what they are told to.
#![allow(dead_code, clippy::unwrap_used)]

pub mod line;
pub mod postgres;

use std::path::Path;
use std::sync::Arc;

use lianhu_ledger::{Batch, BatchRef, CellChange, Chain, Change, Head, Stamp, Value};
use lianhu_sync::enrolment::{Code, Enrol, Enrolled, Refused};
use lianhu_sync::protocol::signed;
use lianhu_sync::protocol::wire::{answer_bytes, ask_bytes, open, read_answer, seal};
use lianhu_sync::{Answer, Ask, Ed25519, Ed25519Key, Parcel, Receipt, Signer};
use lianhu_township::machine::Machine;
use lianhu_township::store::Store;
use lianhu_township::store::sqlite::SqliteStore;
use lianhu_township::town::{Founding, Town};
use uuid::Uuid;

/// 2026-11-29, eight in the morning.
pub const NOW: u64 = 1_795_910_400_000;
pub const CODE: &str = "990101102207";
pub const OTHER: &str = "990101102208";

pub fn town_on(folder: &Path, store: Arc<dyn Store>) -> Town {
    let founding = Founding { name: "松河镇", address: Some("127.0.0.1:8443") };
    Town::init(folder, store, Machine::default(), &founding).unwrap()
}

/// A new township with its files in that folder.
pub fn town(folder: &Path) -> Town {
    town_on(folder, Arc::new(SqliteStore::at(folder)))
}

/// The same, opened again.
pub fn again(folder: &Path) -> Town {
    Town::open(folder, Arc::new(SqliteStore::at(folder)), Machine::default()).unwrap()
}

/// A computer of a village: what it has written, and how far it has heard.
#[derive(Clone)]
pub struct Computer {
    pub village: Uuid,
    pub chain: Chain,
    pub key: Ed25519Key,
    pub written: Vec<Batch>,
    pub received: Vec<Receipt>,
    pub epoch: u64,
    pub cursor: u64,
}

impl Computer {
    /// A computer with a number instead of chance.
    pub fn new(village: Uuid, nth: u64) -> Computer {
        let secret = *blake3::hash(&nth.to_le_bytes()).as_bytes();
        let device = Uuid::from_u64_pair(0x4000, nth + 1);
        Computer {
            village,
            chain: Chain { device, incarnation: 1 },
            key: Ed25519Key::new(secret),
            written: Vec::new(),
            received: Vec::new(),
            epoch: 0,
            cursor: 0,
        }
    }

    pub fn head(&self) -> Head {
        self.written.last().map_or(Head { seq: 0, hash: [0; 32] }, |b| Head { seq: b.at.seq, hash: b.hash() })
    }

    pub fn enrol(&self, code: &Code, who: &str, knows_village: bool) -> Enrol {
        let village = Some(self.village).filter(|_| knows_village);
        Enrol::new(code, (self.chain.device, self.chain.incarnation), who, village, &self.key)
    }

    /// Joins with a code of the town.
    pub fn join(&mut self, town: &Town, code: &str, role: &str) -> Result<Enrolled, Refused> {
        let offer = town.offer(code, role, None).unwrap();
        let enrolled = town.enrol(&self.enrol(&offer.code, "韦志强", true)).unwrap()?;
        self.village = enrolled.village;
        Ok(enrolled)
    }

    pub fn writes(&mut self, changes: Vec<Change>) -> BatchRef {
        let Head { seq, hash: prev } = self.head();
        let stamp = Stamp(Stamp::at_ms(NOW).0 + seq);
        let batch = Batch {
            village: self.village,
            at: self.chain.at(seq + 1),
            op: "put".into(),
            author: "韦志强".into(),
            stamp,
            prev,
            changes,
            signature: Vec::new(),
        };
        let at = batch.at;
        self.written.push(batch);
        at
    }

    /// A visit, as the ledger writes one.
    pub fn visits(&mut self, n: usize) {
        for _ in 0..n {
            let nth = self.written.len() as u64;
            let id = Uuid::from_u64_pair(self.chain.device.as_u64_pair().1, nth);
            self.writes(vec![visit(id, nth)]);
        }
    }

    /// Voids so many of its own first records at one stroke.
    pub fn voids(&mut self, n: usize) -> BatchRef {
        let ids = self.written.iter().flat_map(|batch| &batch.changes).map(|change| change.id).take(n);
        let gone = |id| Change { kind: "visit".into(), id, cells: vec![cell("gone", Value::text("重复"))] };
        let changes = ids.map(gone).collect();
        self.writes(changes)
    }

    /// What it has written from that number on, its last batch signed.
    pub fn parcel(&mut self, from: u64) -> Parcel {
        let last = self.written.last_mut().unwrap();
        last.signature = self.key.sign(&signed(last));
        let batches = self.written.iter().filter(|batch| batch.at.seq >= from).cloned().collect();
        Parcel::new(batches, Vec::new())
    }

    /// What has no receipt yet.
    pub fn unsent(&mut self) -> Vec<Parcel> {
        let received = self.received.iter().map(|receipt| receipt.last).max().unwrap_or(0);
        if self.head().seq > received { vec![self.parcel(received + 1)] } else { Vec::new() }
    }

    pub fn ask(&mut self) -> Ask {
        let parcels = self.unsent();
        Ask {
            village: self.village,
            me: self.chain,
            epoch: self.epoch,
            cursor: self.cursor,
            clock_ms: NOW,
            room: u64::MAX,
            heads: vec![(self.chain, self.head())],
            parcels,
            blocks: None,
        }
    }

    pub fn sealed(&self, ask: &Ask) -> Vec<u8> {
        seal(&ask_bytes(ask), &self.key)
    }

    /// One round trip without a network.
    pub fn speaks(&mut self, town: &Town) -> Option<Answer> {
        let ask = self.ask();
        let answer = town.hear(&ask).unwrap()?.answer;
        self.hears(&answer);
        Some(answer)
    }

    pub fn hears(&mut self, answer: &Answer) {
        self.received.extend(answer.receipts.iter().filter(|receipt| receipt.chain == self.chain).cloned());
        (self.epoch, self.cursor) = (answer.epoch, answer.upto);
    }

    /// The highest number of its own that has a receipt.
    pub fn acked(&self) -> u64 {
        self.received.iter().map(|receipt| receipt.last).max().unwrap_or(0)
    }
}

/// The township's answer, opened by its key.
pub fn opened(bytes: &[u8], town_key: &[u8]) -> Option<Answer> {
    read_answer(&open(bytes, &Ed25519, town_key)?)
}

/// The bytes of an answer as they go out.
pub fn sealed_answer(answer: &Answer, key: &Ed25519Key) -> Vec<u8> {
    seal(&answer_bytes(answer), key)
}

pub fn cell(field: &str, value: Value) -> CellChange {
    CellChange { field: field.into(), value, bases: Vec::new() }
}

pub fn visit(id: Uuid, nth: u64) -> Change {
    let day = format!("2026-11-{:02}", 1 + nth % 28);
    let cells = vec![
        cell("household", Value::Id(Uuid::from_u64_pair(7, nth % 40))),
        cell("visitor", Value::Id(Uuid::from_u64_pair(8, nth % 5))),
        cell("on", Value::text(day)),
        cell("shared_meal", Value::Bool(nth.is_multiple_of(2))),
        cell("did_chore", Value::Bool(nth.is_multiple_of(3))),
        cell("note", Value::text(format!("第{nth}次走访，了解春耕备耕情况"))),
    ];
    Change { kind: "visit".into(), id, cells }
}

/// A village with its secretary's computer.
pub fn village_with_secretary(town: &Town, code: &str, nth: u64) -> Computer {
    assert!(town.add_village(code, "禾坪村").unwrap());
    let mut secretary = Computer::new(Uuid::from_u64_pair(0x7000, nth), nth);
    let enrolled = secretary.join(town, code, "secretary").unwrap();
    assert!(!enrolled.waits && enrolled.village == secretary.village);
    secretary
}

/// A hundred computers of twenty-five villages, in so many lanes that speak at the same time.
pub fn a_hundred(town: &Town, lanes: usize) -> Vec<Vec<Computer>> {
    let mut all = Vec::new();
    for nth in 0..25u64 {
        let code = format!("99010110{nth:04}");
        let secretary = village_with_secretary(town, &code, 100 * nth);
        let village = secretary.village;
        all.push(secretary);
        for more in 1..4 {
            let mut computer = Computer::new(village, 100 * nth + more);
            computer.join(town, &code, "secretary").unwrap();
            town.approve(computer.chain.device).unwrap();
            all.push(computer);
        }
    }
    all.into_iter().enumerate().fold(vec![Vec::new(); lanes], |mut spread, (nth, computer)| {
        spread[nth % lanes].push(computer);
        spread
    })
}
