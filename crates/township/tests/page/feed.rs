//! Villages for tests and measurements: ledgers that were really written, enrolled and spoken for as a laptop does it,
//! without a network between.

use std::path::Path;

use lianhu_ledger::dates::{Date, Month};
use lianhu_ledger::{Closing, FixedEdge, Founding, Frozen, Ledger};
use lianhu_report::figures;
use lianhu_sync::enrolment::Enrol;
use lianhu_sync::plan::after::settle;
use lianhu_sync::plan::device::{Device, Session};
use lianhu_sync::{Commit, DeviceShelf, Ed25519, Ed25519Key, Faults, LedgerShelf};
use lianhu_township::machine::Machine;
use lianhu_township::store::sqlite::SqliteStore;
use lianhu_township::town::{Founding as Town0, Town};
use serde_json::{Value as Json, json};
use uuid::Uuid;

/// The evening on which every test sits down.
pub const TODAY: &str = "2026-11-20";

pub fn today() -> Date {
    TODAY.parse().expect("a day")
}

pub fn october() -> Month {
    "2026-10".parse().expect("a month")
}

fn edge(seed: u64) -> FixedEdge {
    FixedEdge::on(today(), seed)
}

/// A township of its own in that folder.
pub fn town(folder: &Path) -> Town {
    let machine = Machine::at_ms(edge(0).ms);
    let store = std::sync::Arc::new(SqliteStore::at(folder));
    Town::init(folder, store, machine, &Town0 { name: "松河镇", address: Some("127.0.0.1:8443") }).expect("a township")
}

/// A village's laptop.
pub struct Laptop {
    pub shelf: LedgerShelf<Ledger>,
    pub edge: FixedEdge,
    key: Ed25519Key,
}

pub fn put(ledger: &mut Ledger, kind: &str, fields: Json) -> Uuid {
    let fields = serde_json::from_value(fields).expect("fields");
    ledger.edit("put", "王文书", |draft| draft.create(kind, fields)).expect("it is saved").value
}

/// A ledger with so many paired households, of which so many were visited in October, and a mass meeting.
pub fn ledger(path: &Path, name: &str, code: &str, seed: u64, (homes, visited): (u32, u32)) -> Ledger {
    let founding = Founding { village: name, code, township: "松河镇", clerk: "王文书" };
    let mut ledger = Ledger::create(path, None, &founding, Box::new(edge(seed))).expect("a ledger");
    let group = put(&mut ledger, "group", json!({"name": "一组", "number": 1}));
    let cadre = put(&mut ledger, "person", json!({"name": "陆永平", "unit": "松河镇人民政府"}));
    for number in 1..=homes {
        let household = put(&mut ledger, "household", json!({"group": group, "number": number}));
        let head = put(&mut ledger, "person", json!({"name": format!("户主{number}"), "household": household}));
        let fields = serde_json::from_value(json!({"head": head})).expect("fields");
        ledger.edit("put", "王文书", |draft| draft.patch("household", household, fields)).expect("it is saved");
        let from = "2026-01-01";
        put(&mut ledger, "pairing", json!({"bond": "aid", "household": household, "helper": cadre, "from": from}));
        if number <= visited {
            let on = format!("2026-10-{:02}", number % 28 + 1);
            put(
                &mut ledger,
                "visit",
                json!({"household": household, "visitor": cadre, "on": on, "shared_meal": true, "did_chore": true}),
            );
        }
    }
    put(&mut ledger, "meeting", json!({"meeting_kind": "mass", "on": "2026-10-18", "present": homes}));
    ledger
}

/// 月结, as the window does it.
pub fn close(ledger: &mut Ledger, month: Month) -> String {
    let live = figures::live(ledger.view(), month, ledger.today()).expect("figures");
    let frozen = figures::for_freezing(live, ledger.today());
    let check_code = frozen.check_code();
    let figures = Frozen(serde_json::to_value(&frozen).expect("plain data"));
    let closing =
        Closing { month, figures, check_code: check_code.clone(), template: figures::TEMPLATE, reviewer: None };
    ledger.close(closing, "王文书").expect("it is closed");
    check_code
}

/// The ledger joins the township as its village's first computer.
pub fn enrol(town: &Town, ledger: Ledger, code: &str, seed: u8) -> Laptop {
    let offer = town.offer(code, "secretary", None).expect("a code");
    let (secret, chain) = ([seed; 32], ledger.own_chain());
    let key = Ed25519Key::new(secret);
    let ask = Enrol::new(&offer.code, (chain.device, chain.incarnation), "王文书", Some(ledger.village()), &key);
    let enrolled = town.enrol(&ask).expect("an answer").expect("it is enrolled");
    let root = enrolled.root().expect("a root");
    let shelf = LedgerShelf::enrol(ledger, &root, &secret).expect("it is kept");
    Laptop { shelf, edge: edge(u64::from(seed)), key }
}

impl Laptop {
    pub fn ledger(&mut self) -> &mut Ledger {
        self.shelf.ledger_mut()
    }

    /// Speaks with the township until nothing is open.
    pub fn sync(&mut self, town: &Town) {
        let mut session = Session::default();
        for _ in 0..50 {
            let now_ms = self.edge.ms;
            let device =
                Device { suite: &Ed25519, signer: &self.key, now_ms, leap: 1, most: 200_000, faults: Faults::NONE };
            let (commands, ask) = device.ask(&self.shelf, &mut session).expect("an ask");
            self.shelf.commit(&commands).expect("it is kept");
            let answer = town.hear(&ask).expect("it is heard").expect("a member").answer;
            for commands in device.hear(&self.shelf, &mut session, answer).expect("it is understood") {
                self.shelf.commit(&commands).expect("it is kept");
            }
            settle(&mut self.shelf, &Ed25519, now_ms, Faults::NONE).expect("it is settled");
            if !session.is_open(&self.shelf).expect("a look") {
                assert_eq!(self.shelf.unsent().expect("a look"), []);
                return;
            }
        }
        panic!("the talk does not end");
    }
}
