use std::io::Read;
use std::net::{SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::time::{Duration, Instant};

use lianhu_ledger::{FixedEdge, Ledger};
use lianhu_sync::plan::device::Device;
use lianhu_sync::roster::entering;
use lianhu_sync::{Commit, Ed25519, Ed25519Key, Faults, LedgerShelf, May, Shelf, invitation};
use serde_json::json;
use uuid::Uuid;

use super::*;
use crate::records::{SaveRecord, WhichKind, list, save};
use crate::testing;

/// Two computers of one village and a place where the first hears who calls.
struct Two {
    first: Desk,
    second: Desk,
    door: SocketAddr,
    _dirs: [tempfile::TempDir; 2],
}

fn free_place() -> (SocketAddr, SocketAddr) {
    let ears = UdpSocket::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap();
    let door = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap();
    (door, ears)
}

fn two_for(open_for: Duration) -> Two {
    let (door, ears) = free_place();
    let room = Room { door, ears, calls: vec![ears], open_for, spells: 4 };
    let (first, one) = testing::empty_in(room.clone());
    let (second, two) = testing::bare_in(room);
    let path = two.path().join("second.lianhu");
    admitted(&first, &path);
    second.open_ledger(&path).unwrap();
    second.set(|settings| settings.user = Some("黄海燕".into())).unwrap();
    Two { first, second, door, _dirs: [one, two] }
}

fn two() -> Two {
    two_for(Duration::from_secs(60))
}

/// A further computer of the desk's village, come in by a stick.
fn admitted(desk: &Desk, path: &std::path::Path) {
    let mut edge = FixedEdge::on("2026-11-20".parse().unwrap(), 7);
    let village = desk.read(|ledger| Ok(ledger.village())).unwrap();
    let mut ledger = Ledger::join(path, None, village, Box::new(edge.clone())).unwrap();
    let asked = invitation::request(&mut ledger, "黄海燕", &mut edge).unwrap();
    let mut held = held(desk.ledger());
    let first = held.as_mut().unwrap();
    let may = ("cadre", May::Everything);
    let said = invitation::admit(first, &asked, may, "韦志强", &mut edge).unwrap().ok().unwrap();
    invitation::accept(&mut ledger, &said.answer, &said.short, &mut edge).unwrap().unwrap();
}

fn group(desk: &Desk, name: &str) {
    let fields = serde_json::from_value(json!({"name": name})).unwrap();
    save(desk, SaveRecord { kind: "group".into(), id: None, fields, seen: None, correct: None }).unwrap();
}

fn groups(desk: &Desk) -> Vec<String> {
    let all = list(desk, WhichKind { kind: "group".into() }).unwrap();
    let mut names: Vec<_> = all.iter().map(|one| one.0["name"].as_str().unwrap().to_owned()).collect();
    names.sort();
    names
}

/// Waits for what must come about soon.
fn soon(what: &str, is_so: impl Fn() -> bool) {
    let end = Instant::now() + Duration::from_secs(20);
    while !is_so() {
        assert!(Instant::now() < end, "{what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

fn seek(desk: &Desk) -> RoomFound {
    let job = find(desk, Nothing {}).unwrap();
    soon("the search ends", || jobs::look(desk, job).unwrap().ended);
    found(desk, job).unwrap()
}

fn waits(desk: &Desk) -> RoomDoor {
    open(desk, Nothing {}).unwrap()
}

fn looks(desk: &Desk) -> RoomDoor {
    look(desk, Nothing {}).unwrap()
}

#[test]
fn one_waits_and_the_other_finds_it_and_both_hold_the_same() {
    let two = two();
    group(&two.first, "一组");
    group(&two.second, "二组");
    let door = waits(&two.first);
    assert!(door.open && door.left_s > 50 && door.guests.is_empty(), "{door:?}");
    let found = seek(&two.second);
    let [met] = found.met.as_slice() else { panic!("{found:?}") };
    assert_eq!((met.who.as_str(), met.applied, met.trouble.as_deref()), ("韦志强", 1, None));
    let door = looks(&two.first);
    assert_eq!(door.guests.iter().map(|g| (g.who.as_str(), g.applied)).collect::<Vec<_>>(), [("黄海燕", 1)]);
    assert_eq!(groups(&two.first), ["一组", "二组"]);
    assert_eq!(groups(&two.second), ["一组", "二组"]);
    assert!(two.first.exchange().news_no() > 0, "pages that are open hear of it");
    assert_eq!(seek(&two.second).met[0].applied, 0, "nothing comes twice");
}

#[test]
fn a_door_that_is_shut_is_not_found_and_opens_again_at_once() {
    let two = two();
    waits(&two.first);
    assert_eq!(seek(&two.second).met.len(), 1);
    assert!(!shut(&two.first, Nothing {}).unwrap().open);
    assert!(waits(&two.first).open, "where the one before is still being shut");
    assert_eq!(seek(&two.second).met.len(), 1);
    assert_eq!(looks(&two.first).guests.len(), 1, "who came to the one before is not counted");
    shut(&two.first, Nothing {}).unwrap();
    assert_eq!(seek(&two.second), RoomFound::default());
    assert_eq!(looks(&two.first).trouble, None);
}

#[test]
fn a_door_shuts_by_itself_and_tells_who_had_come() {
    let two = two_for(Duration::from_secs(3));
    waits(&two.first);
    assert_eq!(seek(&two.second).met.len(), 1);
    soon("it shuts", || !looks(&two.first).open);
    let door = looks(&two.first);
    assert_eq!((door.left_s, door.guests.len(), door.problem), (0, 1, None));
}

#[test]
fn guests_who_say_nothing_hold_up_neither_others_nor_a_save_nor_the_stop() {
    let two = two();
    waits(&two.first);
    soon("it listens", || TcpStream::connect(two.door).is_ok());
    let mut silent: Vec<_> = (0..4).map(|_| TcpStream::connect(two.door).unwrap()).collect();
    let begun = Instant::now();
    group(&two.first, "一组");
    assert_eq!(seek(&two.second).met[0].trouble, None);
    assert_eq!(groups(&two.second), ["一组"]);
    shut(&two.first, Nothing {}).unwrap();
    for one in &mut silent {
        one.set_read_timeout(Some(Duration::from_secs(8))).unwrap();
        assert_eq!(one.read(&mut [0; 8]).unwrap_or(0), 0, "is sent away");
    }
    assert!(begun.elapsed() < Duration::from_secs(8), "and nobody's patience was waited out");
}

#[test]
fn a_computer_of_another_village_finds_nobody() {
    let two = two();
    let other = two_for(Duration::from_secs(60));
    group(&two.first, "一组");
    waits(&two.first);
    // It calls where the first one's ears are.
    let job = other.first.begin({
        let places = two.first.place().room.calls.clone();
        move |desk, _| {
            let stop = std::cell::Cell::new(false);
            let mut hand = Hand::of(desk, &stop)?;
            Ok(call_out(&mut hand, &mut desk.machine(), &places, 2, &|| true).ok().map(|met| met.len()))
        }
    });
    soon("it has called", || jobs::look(&other.first, job).unwrap().ended);
    assert_eq!(other.first.result::<Option<usize>>(job).unwrap(), Some(0));
    assert_eq!(seek(&two.second).met.len(), 1, "while one of the village is answered");
    assert!(groups(&other.first).is_empty());
}

/// The village's first computer strikes another one off.
fn strikes_off(desk: &Desk, device: Uuid) {
    let mut held = held(desk.ledger());
    let mut shelf = LedgerShelf::of(held.as_mut().unwrap()).unwrap().unwrap();
    let key = Ed25519Key::new(shelf.secret().unwrap());
    let heads = shelf.heads().unwrap();
    let mut member = shelf.roster().unwrap().members[&device].clone();
    let own = heads.iter().filter(|(chain, _)| chain.device == device);
    member.then(own.map(|(chain, head)| (chain.incarnation, head.seq)).collect(), May::Nothing);
    let now_ms = desk.machine().now_ms();
    let plan = Device { suite: &Ed25519, signer: &key, now_ms, leap: 1, most: 99, faults: Faults::NONE };
    let commands = plan.write(&shelf, "roster", "韦志强", vec![entering(device, &member, &[])]).unwrap();
    shelf.commit(&commands).unwrap();
}

#[test]
fn a_computer_that_is_struck_off_is_given_nothing_and_told_so() {
    let two = two();
    strikes_off(&two.first, two.second.read(|ledger| Ok(ledger.device())).unwrap());
    group(&two.first, "一组");
    group(&two.second, "二组");
    waits(&two.first);
    let found = seek(&two.second);
    assert_eq!(found.met.iter().map(|met| met.trouble.as_deref()).collect::<Vec<_>>(), [Some("stranger")]);
    assert_eq!((groups(&two.first), groups(&two.second)), (vec!["一组".into()], vec!["二组".into()]));
    let door = looks(&two.first);
    assert_eq!((door.guests.len(), door.strangers), (0, 1));
    // And it is not believed as the one that waits, either.
    shut(&two.first, Nothing {}).unwrap();
    waits(&two.second);
    assert_eq!(seek(&two.first), RoomFound::default());
}

#[test]
fn ears_that_somebody_else_has_are_told_in_a_word() {
    let two = two();
    let _taken = UdpSocket::bind(two.first.place().room.ears).unwrap();
    waits(&two.first);
    soon("it gives up", || !looks(&two.first).open);
    assert_eq!(looks(&two.first).trouble.as_deref(), Some("busy"));
}

#[test]
fn who_belongs_to_nobody_waits_for_nobody_and_seeks_nobody() {
    let (desk, _dir) = testing::empty();
    waits(&desk);
    soon("it gives up", || !looks(&desk).open);
    assert_eq!(looks(&desk).trouble.as_deref(), Some("not_enrolled"));
    assert_eq!(seek(&desk).trouble.as_deref(), Some("not_enrolled"));
}

#[test]
fn another_ledger_on_the_desk_shuts_the_door_of_the_one_before() {
    let two = two();
    waits(&two.first);
    assert_eq!(seek(&two.second).met.len(), 1);
    let ask =
        crate::session::NewVillage {
            village: "西岭村".into(), user: "韦志强".into(), township: None, code: None
        };
    crate::session::new(&two.first, ask).unwrap();
    let door = looks(&two.first);
    assert_eq!((door.open, door.guests.len()), (false, 0));
    assert_eq!(seek(&two.second), RoomFound::default());
}
