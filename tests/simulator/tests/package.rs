//! Packages between real ledgers, and to a township and back: what was cut or bent is refused whole, what comes twice
//! changes nothing.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use lianhu_ledger::{FixedEdge, Founding, Ledger};
use lianhu_simulator::sim::model::Model;
use lianhu_sync::package::{self, Sealed, Unread};
use lianhu_sync::plan::after::settle;
use lianhu_sync::plan::device::Device;
use lianhu_sync::plan::township::Township;
use lianhu_sync::roster::entering;
use lianhu_sync::{
    Chain, Commit, DeviceShelf, Ed25519, Ed25519Key, Faults, LedgerShelf, May, Member, Parcel, Root, Shelf, Signer,
};
use serde_json::json;
use tempfile::TempDir;
use uuid::Uuid;

const NOW: u64 = 1_793_840_400_000;

struct Laptop {
    shelf: LedgerShelf<Ledger>,
    key: Ed25519Key,
    secret: [u8; 32],
}

impl Laptop {
    fn device(&self) -> Device<'_> {
        Device { suite: &Ed25519, signer: &self.key, now_ms: NOW, leap: 1, most: 200_000, faults: Faults::NONE }
    }

    fn commit(&mut self, commands: &[lianhu_sync::Command]) {
        self.shelf.commit(commands).unwrap();
        settle(&mut self.shelf, &Ed25519, NOW, Faults::NONE).unwrap();
    }

    fn put(&mut self, kind: &str, id: Uuid, fields: serde_json::Value) {
        let fields = serde_json::from_value(fields).unwrap();
        self.shelf.ledger_mut().edit("put", "王文书", |draft| draft.patch(kind, id, fields)).unwrap();
    }

    fn has(&self) -> BTreeMap<Chain, u64> {
        self.shelf.heads().unwrap().into_iter().map(|(chain, head)| (chain, head.seq)).collect()
    }

    fn package(&mut self, sealed: Option<&Sealed<'_>>) -> Vec<u8> {
        let (commands, parcels) = self.device().parcels(&self.shelf, &BTreeMap::new()).unwrap();
        self.commit(&commands);
        package::make(self.shelf.village(), self.shelf.me().device, &parcels, self.has(), sealed, &self.key).unwrap()
    }

    fn open(&self, file: &[u8]) -> Result<(package::Head, Vec<Parcel>), Unread> {
        let roster = self.shelf.roster().unwrap();
        package::read(file, self.shelf.village(), &roster, &Ed25519, (self.shelf.me().device, &self.secret))
    }

    fn read(&mut self, file: &[u8]) {
        let (_, parcels) = self.open(file).unwrap();
        let commands = self.device().read(&self.shelf, &parcels).unwrap();
        self.commit(&commands);
    }

    fn dump(&self) -> String {
        let mut out = Vec::new();
        self.shelf.ledger().dump(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }
}

fn edge(seed: u64) -> Box<FixedEdge> {
    Box::new(FixedEdge { ms: NOW, seed, counter: 0 })
}

/// The secretary's laptop, and a cadre's that has joined the village and believes `root`.
fn two(folder: &TempDir, root: Option<&Root>) -> (Laptop, Laptop) {
    let founding = Founding { village: "禾坪村", code: "990101102207", township: "松河镇", clerk: "王文书" };
    let a = Ledger::create(&folder.path().join("a"), None, &founding, edge(1)).unwrap();
    let b = Ledger::join(&folder.path().join("b"), None, a.village(), edge(2)).unwrap();
    let own = Root { device: a.device(), key: Ed25519Key::new([1; 32]).public() };
    let root = root.unwrap_or(&own);
    let laptop = |ledger, nth: u8| Laptop {
        shelf: LedgerShelf::enrol(ledger, root, &[nth; 32]).unwrap(),
        key: Ed25519Key::new([nth; 32]),
        secret: [nth; 32],
    };
    (laptop(a, 1), laptop(b, 2))
}

fn cadre(of: &Laptop) -> lianhu_ledger::Change {
    entering(of.shelf.me().device, &Member::new("陆永平", "cadre", of.key.public(), May::Everything), &[])
}

#[test]
fn two_laptops_without_a_township_come_to_say_the_same_by_stick() {
    let folder = TempDir::new().unwrap();
    let (mut a, mut b) = two(&folder, None);
    let enters = a.device().write(&a.shelf, "roster", "李书记", vec![cadre(&b)]).unwrap();
    a.commit(&enters);
    let group = Uuid::from_u128(7);
    a.put("group", group, json!({"name": "一组", "number": 1}));
    let there = a.package(None);
    b.read(&there);
    assert_eq!(a.dump(), b.dump());
    b.put("group", group, json!({"name": "二组"}));
    let back = b.package(None);
    a.read(&back);
    a.read(&back);
    assert_eq!(a.dump(), b.dump());
    assert!(a.dump().contains("二组"));
    assert_eq!(a.shelf.ledger().verify().unwrap().problems, Vec::<String>::new());
}

#[test]
fn what_an_unknown_laptop_wrote_is_no_package() {
    let folder = TempDir::new().unwrap();
    let (a, mut b) = two(&folder, None);
    b.put("group", Uuid::from_u128(7), json!({"name": "一组", "number": 1}));
    let file = b.package(None);
    assert_eq!(a.open(&file).map(|_| ()), Err(Unread::Stranger));
}

#[test]
fn a_package_that_was_cut_or_bent_anywhere_is_refused_whole() {
    let folder = TempDir::new().unwrap();
    let (mut a, b) = two(&folder, None);
    let enters = a.device().write(&a.shelf, "roster", "李书记", vec![cadre(&b)]).unwrap();
    a.commit(&enters);
    for file in [
        a.package(None),
        a.package(Some(&Sealed { reader: b.shelf.me().device, key: &b.key.public(), chance: [9; 32] })),
    ] {
        assert!(b.open(&file).is_ok());
        for end in 0..file.len() {
            assert!(b.open(&file[..end]).is_err(), "cut at {end}");
        }
        for bit in 0..file.len() * 8 {
            let mut bent = file.clone();
            bent[bit / 8] ^= 1 << (bit % 8);
            assert!(b.open(&bent).is_err(), "bit {bit}");
        }
        assert_eq!(b.open(&[file.clone(), vec![0]].concat()).map(|_| ()), Err(Unread::Damaged));
    }
    assert_eq!(b.open(b"").map(|_| ()), Err(Unread::NoPackage));
    assert_eq!(b.open(b"<html>welcome</html>").map(|_| ()), Err(Unread::NoPackage));
}

#[test]
fn a_sealed_package_names_nobody_and_opens_for_its_reader_alone() {
    let folder = TempDir::new().unwrap();
    let (mut a, b) = two(&folder, None);
    let enters = a.device().write(&a.shelf, "roster", "李书记", vec![cadre(&b)]).unwrap();
    a.commit(&enters);
    a.put("group", Uuid::from_u128(7), json!({"name": "清河湾组", "number": 1}));
    let key = b.key.public();
    let file = a.package(Some(&Sealed { reader: b.shelf.me().device, key: &key, chance: [9; 32] }));
    assert!(!String::from_utf8_lossy(&file).contains("清河湾"));
    assert!(b.open(&file).is_ok());
    assert_eq!(a.open(&file).map(|_| ()), Err(Unread::NotForUs));
}

#[test]
fn a_package_to_the_township_twice_brings_the_same_receipts_back() {
    let folder = TempDir::new().unwrap();
    let town_key = Ed25519Key::new([5; 32]);
    let chain = Chain { device: Uuid::from_u128(55), incarnation: 1 };
    let root = Root { device: chain.device, key: town_key.public() };
    let (mut a, mut b) = two(&folder, Some(&root));
    let mut town = Model::new(a.shelf.village(), chain, root, Faults::NONE);
    let office = Township { suite: &Ed25519, signer: &town_key, now_ms: NOW, faults: Faults::NONE };
    let heard = office.write(&town, chain, "roster", vec![cadre(&a), cadre(&b)]).unwrap();
    town.commit(&heard.commands).unwrap();
    a.put("group", Uuid::from_u128(7), json!({"name": "一组", "number": 1}));
    let file = a.package(None);
    let mut returns = Vec::new();
    for _ in 0..2 {
        let roster = town.roster().unwrap();
        let (head, parcels) =
            package::read(&file, town.village(), &roster, &Ed25519, (chain.device, &[5; 32])).unwrap();
        let heard = office.take(&town, &parcels, 0).unwrap();
        town.commit(&heard.commands).unwrap();
        returns.push(office.parcels(&town, &head.spans, &head.has).unwrap());
    }
    assert_eq!(returns[0], returns[1]);
    let back = package::make(town.village(), chain.device, &returns[0], BTreeMap::new(), None, &town_key).unwrap();
    assert_eq!(a.shelf.unsent().unwrap().len(), 1);
    a.read(&back);
    assert_eq!(a.shelf.unsent().unwrap(), []);
    b.read(&back);
    let for_b = office.parcels(&town, &BTreeMap::new(), &BTreeMap::new()).unwrap();
    let for_b = package::make(town.village(), chain.device, &for_b, BTreeMap::new(), None, &town_key).unwrap();
    b.read(&for_b);
    assert_eq!(a.dump(), b.dump());
    assert!(b.dump().contains("一组"));
}
