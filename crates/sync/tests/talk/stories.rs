//! What goes well: a ledger that was kept for a while is enrolled, reported, fetched on a second computer, written on both.

use lianhu_ledger::{CellChange, Change, Hash, Permit, Sent, Value};
use lianhu_sync::attachment::{Folder, Trip};
use lianhu_sync::client::{self, Line, World};
use lianhu_sync::enrolment::hex;
use lianhu_sync::plan::device::Device;
use lianhu_sync::protocol::wire::receipt_of;
use lianhu_sync::{Commit, Ed25519, Ed25519Key, Faults, LedgerShelf, stick};
use serde_json::json;
use tempfile::TempDir;
use uuid::Uuid;

use crate::{Laptop, NOW, enrolled, joined};

#[test]
fn a_ledger_that_was_there_before_is_signed_and_sent_whole() {
    let folder = TempDir::new().unwrap();
    let mut laptop = Laptop::founded(&folder, 1, NOW);
    (1..40).for_each(|id| laptop.put(id, &format!("第{id}组")));
    let town = crate::Town::new(laptop.ledger.village());
    let entered = laptop.enrol(&town.code("secretary", false)).unwrap();
    assert_eq!((entered.township.as_str(), entered.role.as_str(), entered.waits), ("松河镇", "secretary", false));
    let outcome = laptop.whole_sync();
    assert_eq!((outcome.left, outcome.held.len()), (0, 0));
    assert_eq!(town.at(|inside| inside.dump()), laptop.dump());
    assert_eq!(laptop.whole_sync().rounds, 1, "nothing is left to say");
}

#[test]
fn two_computers_and_a_township_come_to_say_the_same() {
    let folder = TempDir::new().unwrap();
    let (mut a, town) = enrolled(&folder);
    a.put(7, "一组");
    a.whole_sync();
    let mut b = joined(&folder, &town, "secretary");
    assert_eq!(a.dump(), b.dump());
    a.put(8, "二组");
    b.put(9, "三组");
    a.whole_sync();
    b.whole_sync();
    a.whole_sync();
    assert_eq!(a.dump(), b.dump());
    assert_eq!(a.dump(), town.at(|inside| inside.dump()));
}

#[test]
fn a_record_is_called_received_on_its_receipt_and_not_before() {
    let folder = TempDir::new().unwrap();
    let (mut a, _town) = enrolled(&folder);
    let no_of = |paper: &[u8]| receipt_of(paper).map(|receipt| receipt.no);
    let group = Uuid::from_u128(7);
    a.put(7, "一组");
    let sent = |a: &Laptop| a.ledger.sent(group, no_of).unwrap().unwrap();
    assert_eq!(sent(&a), Sent::Here);
    assert_eq!(a.ledger.outbox().unwrap().here, 2, "the village and the group");
    let mut shelf = LedgerShelf::of(&mut a.ledger).unwrap().unwrap();
    let made = stick::make(&mut shelf, &mut a.edge, None).unwrap().unwrap();
    assert_eq!(sent(&a), Sent::Here, "a package that is not written yet brought nothing");
    let mut shelf = LedgerShelf::of(&mut a.ledger).unwrap().unwrap();
    stick::keep(&mut shelf, &made).unwrap();
    assert_eq!(sent(&a), Sent::Packed);
    a.whole_sync();
    assert!(matches!(sent(&a), Sent::Received { no } if no > 0));
    assert_eq!(a.ledger.outbox().unwrap().oldest_ms, None);
    a.put(7, "河边组");
    assert_eq!(sent(&a), Sent::Here);
}

#[test]
fn what_a_role_may_not_write_is_refused_when_it_is_typed() {
    let folder = TempDir::new().unwrap();
    let (mut a, town) = enrolled(&folder);
    a.whole_sync();
    let mut b = joined(&folder, &town, "cadre");
    assert!(matches!(b.ledger.permit().unwrap(), Permit::Kinds { ref role, .. } if role == "cadre"));
    b.put(7, "一组");
    let fields = serde_json::from_value(json!({"number": 1})).unwrap();
    let refused = b.ledger.edit("put", "陆永平", |draft| draft.create("household", fields)).unwrap_err();
    assert_eq!(refused.code().map(|code| code.name()), Some("beyond_role"));
    assert!(b.whole_sync().held.is_empty());
}

#[test]
fn what_was_written_beyond_the_role_before_it_was_given_comes_back_with_its_reason() {
    let folder = TempDir::new().unwrap();
    let mut laptop = Laptop::founded(&folder, 1, NOW);
    let town = crate::Town::new(laptop.ledger.village());
    laptop.put(7, "一组");
    laptop.enrol(&town.code("cadre", false)).unwrap();
    laptop.whole_sync();
    let sent = |id| laptop.ledger.sent(id, |_| Some(1)).unwrap().unwrap();
    assert_eq!(sent(laptop.ledger.village()), Sent::Returned { why: "role".into() });
    assert_eq!(sent(Uuid::from_u128(7)), Sent::Received { no: 1 });
    let outbox = laptop.ledger.outbox().unwrap();
    assert_eq!((outbox.returned, outbox.here, outbox.oldest_ms), (1, 0, None));
}

#[test]
fn what_a_window_writes_beside_the_exchange_is_sent_and_not_lost() {
    let folder = TempDir::new().unwrap();
    let (mut a, town) = enrolled(&folder);
    a.whole_sync();
    let mut window = lianhu_ledger::Ledger::open(a.ledger.path(), None, Box::new(crate::edge(90))).unwrap();
    for nth in 1..30u128 {
        a.put(nth, &format!("甲{nth}组"));
        let fields = serde_json::from_value(json!({ "name": format!("乙{nth}组") })).unwrap();
        window.edit("put", "王文书", |draft| draft.patch("group", Uuid::from_u128(1000 + nth), fields)).unwrap();
        a.whole_sync();
    }
    assert_eq!(town.at(|inside| inside.dump()), a.dump());
    assert!(a.dump().contains("乙29组"));
}

#[test]
fn pictures_travel_where_asked_and_come_whole_to_the_other_computer() {
    let folder = TempDir::new().unwrap();
    let (mut a, town) = enrolled(&folder);
    let picture: Vec<u8> = (0..50_000u32).map(|at| (at % 251) as u8).collect();
    let hash = *blake3::hash(&picture).as_bytes();
    let here = Folder::at(folder.path().join("attachments"));
    for (nth, piece) in picture.chunks(16 * 1024).enumerate() {
        here.append(&hash, picture.len() as u64, nth as u64 * 16 * 1024, piece).unwrap();
    }
    name_photo(&mut a, &hash);
    a.whole_sync();
    let trip = trip(&mut a, &here);
    assert_eq!((trip.delivered.len(), trip.missing), (1, 0));
    let elsewhere = TempDir::new().unwrap();
    let mut b = joined(&elsewhere, &town, "secretary");
    let there = client::folder_of(&b.ledger);
    let trip = self::trip(&mut b, &there);
    assert_eq!((trip.fetched, trip.missing), (1, 0));
    assert!(there.has(&hash));
}

/// A photograph of a visit, as another computer has written it: the visit itself is no matter here.
fn name_photo(laptop: &mut Laptop, hash: &Hash) {
    let cell = |field: &str, value| CellChange { field: field.into(), value, bases: Vec::new() };
    let cells = vec![
        cell("visit", Value::Id(Uuid::from_u128(3))),
        cell("hash", Value::Text(hex(hash))),
        cell("bytes", Value::Int(50_000)),
        cell("width", Value::Int(10)),
        cell("height", Value::Int(10)),
    ];
    let change = Change { kind: "photo".into(), id: Uuid::from_u128(44), cells };
    let mut shelf = LedgerShelf::of(&mut laptop.ledger).unwrap().unwrap();
    let key = Ed25519Key::new(shelf.secret().unwrap());
    let device = Device { suite: &Ed25519, signer: &key, now_ms: NOW, leap: 1, most: 1_000, faults: Faults::NONE };
    let commands = device.write(&shelf, "put", "王文书", vec![change]).unwrap();
    shelf.commit(&commands).unwrap();
}

fn trip(laptop: &mut Laptop, folder: &Folder) -> Trip {
    let about = client::belonging(&laptop.ledger).unwrap().unwrap();
    let line = Line::of(&about).unwrap();
    let shelf = LedgerShelf::of(&mut laptop.ledger).unwrap().unwrap();
    let mut world = World { edge: &mut laptop.edge, pause: &mut |_| true };
    client::send_and_fetch(&shelf, &line, folder, &mut world).unwrap()
}
