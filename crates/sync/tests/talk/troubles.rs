//! Who answers is not the township, or it is and cannot: each has its sentence, and nothing changes.

use std::time::Duration;

use lianhu_ledger::Permit;
use lianhu_sync::Trouble;
use lianhu_sync::client::{Line, belonging};
use tempfile::TempDir;

use crate::town::Mood;
use crate::{Laptop, NOW, PATIENCE, enrolled, joined, trouble};

/// The sync ends in this trouble, and the outbox is as it was.
fn ends_in(laptop: &mut Laptop, expected: Trouble) {
    let before = (laptop.ledger.steps_without_receipt().unwrap(), laptop.dump());
    assert_eq!(trouble(laptop.sync()), expected);
    assert_eq!((laptop.ledger.steps_without_receipt().unwrap(), laptop.dump()), before);
    let last = belonging(&laptop.ledger).unwrap().unwrap().last_trouble.unwrap();
    assert_eq!((last.name.as_str(), last.at_ms), (expected.name(), laptop.edge.ms));
}

#[test]
fn a_login_page_is_not_our_township() {
    let folder = TempDir::new().unwrap();
    let (mut laptop, town) = enrolled(&folder);
    for mood in [
        Mood::Says(200, "content-type: text/html\r\n", "<html>请先登录</html>"),
        Mood::Says(302, "location: http://login.example/\r\n", ""),
        Mood::Says(400, "", "<html>bad request</html>"),
        Mood::OtherKey,
    ] {
        town.at(|inside| inside.mood = mood);
        ends_in(&mut laptop, Trouble::NotOurTownship);
    }
    town.at(|inside| inside.mood = Mood::Well);
    laptop.whole_sync();
}

#[test]
fn another_certificate_is_not_our_township_and_hears_nothing() {
    let folder = TempDir::new().unwrap();
    let (mut laptop, town) = enrolled(&folder);
    let heard = town.at(|inside| inside.bodies.len());
    let impostor = town.impostor();
    let line = Line::with_patience(&impostor.address, town.pin, PATIENCE).unwrap();
    assert_eq!(trouble(laptop.sync_by(&line)), Trouble::NotOurTownship);
    assert_eq!(town.at(|inside| inside.bodies.len()), heard);
    assert!(laptop.waited.is_empty(), "nobody tries again with a stranger");
}

#[test]
fn who_speaks_no_tls_is_not_our_township_and_nobody_at_all_is_no_connection() {
    let folder = TempDir::new().unwrap();
    let (mut laptop, town) = enrolled(&folder);
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let portal = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        std::io::Write::write_all(&mut stream, b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nlogin").unwrap();
        let _ = std::io::Read::read(&mut stream, &mut [0; 4096]);
    });
    let line = Line::with_patience(&address, town.pin, PATIENCE).unwrap();
    assert_eq!(trouble(laptop.sync_by(&line)), Trouble::NotOurTownship);
    portal.join().unwrap();
    let line = Line::with_patience(&address, town.pin, PATIENCE).unwrap();
    assert_eq!(trouble(laptop.sync_by(&line)), Trouble::NoConnection);
    assert_eq!(laptop.waited.len(), 4);
    assert!(laptop.waited.is_sorted_by(|a, b| *a <= *b * 2), "{:?}", laptop.waited);
}

#[test]
fn a_township_that_never_answers_is_left_for_another_time() {
    let folder = TempDir::new().unwrap();
    let (mut laptop, town) = enrolled(&folder);
    town.at(|inside| inside.mood = Mood::Silent);
    ends_in(&mut laptop, Trouble::TimedOut);
}

#[test]
fn a_slow_answer_is_heard_to_its_end() {
    let folder = TempDir::new().unwrap();
    let (mut laptop, town) = enrolled(&folder);
    town.at(|inside| inside.mood = Mood::Drips(8, 100));
    laptop.whole_sync();
    assert!(laptop.waited.is_empty(), "no piece took longer than the patience, all of them together did");
}

#[test]
fn an_answer_that_does_not_come_in_time_is_asked_for_in_smaller_pieces() {
    let folder = TempDir::new().unwrap();
    let (mut a, town) = enrolled(&folder);
    a.whole_sync();
    let mut b = joined(&folder, &town, "secretary");
    // What was received together goes together: ten evenings are ten pieces.
    for evening in 0..10u128 {
        for id in evening * 60 + 1..=evening * 60 + 60 {
            a.put(id, blake3::hash(&id.to_le_bytes()).to_hex().as_str());
        }
        a.whole_sync();
    }
    town.at(|inside| inside.mood = Mood::Stalls(12_000));
    let outcome = b.whole_sync();
    assert!(outcome.rounds > 2, "{outcome:?}");
    assert_eq!(b.waited.len(), 3, "a quarter each time: {:?}", b.waited);
    assert_eq!(a.dump(), b.dump());
}

#[test]
fn a_busy_township_is_asked_again_when_it_says_and_not_before() {
    let folder = TempDir::new().unwrap();
    let (mut laptop, town) = enrolled(&folder);
    for status in [429, 503] {
        laptop.waited.clear();
        town.at(|inside| inside.mood = Mood::SaysFirst(2, status, "retry-after: 17\r\n", ""));
        laptop.put(u128::from(status), &format!("第{status}组"));
        laptop.whole_sync();
        assert_eq!(laptop.waited, [Duration::from_secs(17); 2]);
    }
    town.at(|inside| inside.mood = Mood::Says(503, "retry-after: 900\r\n", ""));
    ends_in(&mut laptop, Trouble::Busy { after_s: Some(900) });
    town.at(|inside| inside.mood = Mood::Says(500, "", ""));
    ends_in(&mut laptop, Trouble::Broken);
    town.at(|inside| inside.mood = Mood::Says(426, "", ""));
    ends_in(&mut laptop, Trouble::Newer);
    town.at(|inside| inside.mood = Mood::Says(426, "upgrade: lianhu-sync/9\r\n", ""));
    ends_in(&mut laptop, Trouble::Newer);
    town.at(|inside| inside.mood = Mood::Says(426, "upgrade: lianhu-sync/1\r\n", ""));
    ends_in(&mut laptop, Trouble::Older);
}

#[test]
fn what_is_too_large_goes_in_smaller_pieces() {
    let folder = TempDir::new().unwrap();
    let (mut laptop, town) = enrolled(&folder);
    let words = (1..900).map(|id| (id, blake3::hash(&[id as u8, (id >> 8) as u8]).to_hex().to_string()));
    words.for_each(|(id, word)| laptop.put(id, &word));
    town.at(|inside| inside.mood = Mood::Takes(6_000));
    laptop.whole_sync();
    town.at(|inside| {
        let taken = inside.bodies.iter().filter(|body| **body <= 6_000).count();
        assert!(taken > 5, "{:?}", inside.bodies);
        assert!(inside.bodies.len() - taken < 12, "{:?}", inside.bodies);
        inside.mood = Mood::Takes(10);
    });
    laptop.put(1, "又一组");
    ends_in(&mut laptop, Trouble::TooLarge);
}

#[test]
fn no_request_is_larger_than_two_hundred_kilobytes() {
    let folder = TempDir::new().unwrap();
    let (mut laptop, town) = enrolled(&folder);
    for id in 1..120u128 {
        let word: String = (0..60u8).map(|nth| blake3::hash(&[id as u8, nth]).to_hex().to_string()).collect();
        laptop.put(id, &word);
    }
    laptop.whole_sync();
    town.at(|inside| {
        assert!(inside.bodies.iter().all(|body| *body <= 200_000), "{:?}", inside.bodies);
        assert!(inside.bodies.iter().sum::<usize>() > 200_000, "{:?}", inside.bodies);
    });
}

#[test]
fn a_computer_that_was_struck_off_is_told_so_keeps_its_ledger_and_is_locked_for_typing() {
    let folder = TempDir::new().unwrap();
    let (mut a, town) = enrolled(&folder);
    a.whole_sync();
    let mut b = joined(&folder, &town, "secretary");
    b.put(7, "一组");
    b.whole_sync();
    town.at(|inside| inside.revoke(b.ledger.device()));
    b.put(8, "二组");
    ends_in(&mut b, Trouble::Revoked);
    assert!(belonging(&b.ledger).unwrap().unwrap().revoked);
    assert_eq!(b.ledger.permit().unwrap(), Permit::Nothing);
    let fields = serde_json::from_value(serde_json::json!({"name": "三组"})).unwrap();
    let refused = b.ledger.edit("put", "w", |draft| draft.create("group", fields)).unwrap_err();
    assert_eq!(refused.code().map(|code| code.name()), Some("revoked"));
    assert!(b.dump().contains("一组"));
    a.whole_sync();
    assert!(a.dump().contains("一组") && !a.dump().contains("二组"));
}

#[test]
fn a_computer_the_township_does_not_know_is_told_to_ask_for_a_code() {
    let folder = TempDir::new().unwrap();
    let (mut laptop, _town) = enrolled(&folder);
    let elsewhere = crate::Town::new(laptop.ledger.village());
    let line = Line::with_patience(&elsewhere.address, elsewhere.pin, PATIENCE).unwrap();
    assert_eq!(trouble(laptop.sync_by(&line)), Trouble::Stranger);
}

#[test]
fn a_clock_in_2098_and_one_in_2019_get_through_and_are_put_right() {
    for (seed, ms) in [(1, 4_070_908_800_000), (2, 1_546_300_800_000)] {
        let folder = TempDir::new().unwrap();
        let mut laptop = Laptop::founded(&folder, seed, ms);
        let town = crate::Town::new(laptop.ledger.village());
        laptop.put(7, "一组");
        laptop.enrol(&town.code("secretary", false)).unwrap();
        laptop.whole_sync();
        laptop.put(7, "二组");
        let last = laptop.ledger.span(laptop.ledger.own_chain(), 1, 99).unwrap().pop().unwrap();
        assert!(last.stamp.ms().abs_diff(NOW) < 120_000, "{}", last.stamp.ms());
        laptop.whole_sync();
        assert_eq!(town.at(|inside| inside.dump()), laptop.dump());
    }
}
