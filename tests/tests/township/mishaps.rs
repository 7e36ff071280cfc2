//! What befalls townships and laptops: an old backup, an emptied server, a copied disk, clocks, a lost laptop.

use lianhu_tests::town::{CADRE, Laptop};
use serde_json::json;

use crate::{Village, copy, seed, times};

/// The server stands as it did when the backup was made; the laptops bring what it has forgotten.
pub fn an_old_backup_is_restored(village: &mut Village) {
    let backup = village.town.file("old.backup");
    let backup = backup.to_str().expect("letters").to_owned();
    village.town.says(&["backup", &backup]).done();
    for number in 60..70 {
        village.cadre.household(number);
    }
    village.all_agree();
    village.town.kill();
    village.town.says(&["restore", &backup, "--force"]).done();
    village.town.serve();
    assert_eq!(times(&village.town.dump(), "69号"), 0, "it has forgotten");
    village.secretary.household(71);
    let dump = village.all_agree();
    for number in 60..70 {
        assert_eq!(times(&dump, &format!("\"{number}号\"")), 1);
    }
}

#[test]
fn a_township_restored_from_an_old_backup_is_told_what_it_forgot() {
    an_old_backup_is_restored(&mut Village::new(seed()));
}

#[test]
fn an_emptied_township_takes_nothing_from_the_laptops() {
    let mut village = Village::new(seed());
    let folder = village.town.data();
    village.all_agree();
    village.town.kill();
    // Only who it is was saved: its key, its certificate, its villages and who may write, no village's log.
    let mut emptied = 0;
    for entry in std::fs::read_dir(folder.join("villages")).expect("a file a village").flatten() {
        std::fs::remove_file(entry.path()).expect("it is removed");
        emptied += 1;
    }
    assert!(emptied > 0);
    let before = village.secretary.dump();
    let _ = village.town.says(&["verify"]);
    village.town.serve();
    let _ = village.secretary.sync();
    let _ = village.cadre.sync();
    assert_eq!(village.secretary.dump(), before, "nothing was taken away");
    assert_eq!(village.cadre.dump(), before);
}

#[test]
fn a_copied_laptop_goes_on_under_another_name_and_neither_loses_a_word() {
    let village = Village::new(seed());
    village.all_agree();
    let twin = village.town.file("twin.lianhu");
    copy(&village.cadre.ledger, &twin);
    let twin = Laptop::at(twin, CADRE);
    village.cadre.put("household", &json!({ "number": 80, "address": "原来那台写的" }));
    twin.put("household", &json!({ "number": 81, "address": "复制那台写的" }));
    village.cadre.sync_at_last(3);
    let _ = twin.sync();
    twin.sync_at_last(5);
    let dump = village.all_agree();
    twin.sync_at_last(3);
    assert_eq!(twin.dump(), dump);
    assert_eq!(times(&dump, "原来那台写的"), 1);
    assert_eq!(times(&dump, "复制那台写的"), 1);
}

#[test]
fn clocks_of_2098_and_2019_change_nothing_for_the_others() {
    let village = Village::new(seed());
    let household = village.households().remove(0);
    let of_2098 = village.cadre.at_clock("2098-01-01T09:00");
    let of_2019 = village.cadre.at_clock("2019-01-01T09:00");
    of_2098.address(&household, "来自未来");
    of_2098.sync_at_last(3);
    village.secretary.sync_at_last(3);
    // Who saw it and changes it afterwards holds, whatever the clocks say.
    village.secretary.address(&household, "书记后来改的");
    village.secretary.sync_at_last(3);
    let dump = village.all_agree();
    let held = village.cadre.says(&["get", "household", &household, "--json"]).json();
    assert_eq!(held["address"], "书记后来改的", "{dump}");
    of_2019.sync_at_last(3);
    of_2019.address(&household, "钟慢的人最后改的");
    of_2019.sync_at_last(3);
    village.all_agree();
    let held = village.secretary.says(&["get", "household", &household, "--json"]).json();
    assert_eq!(held["address"], "钟慢的人最后改的");
}

pub fn a_lost_laptop_is_shut_out(village: &Village) {
    let dump = village.all_agree();
    let device = village.cadre.status()["device"].as_str().expect("its name").to_owned();
    village.town.says(&["revoke", &device]).done();
    let written = village.cadre.says(&[
        "put",
        "household",
        "--json",
        &json!({ "number": 90, "address": "捡到的人写的" }).to_string(),
    ]);
    let _ = written;
    let said = village.cadre.sync().refused();
    assert!(said.contains("停用"), "{said}");
    let shut = village.cadre.says(&["put", "household", "--json", r#"{"number": 91}"#]).refused();
    assert!(shut.contains("停用"), "{shut}");
    village.secretary.sync_at_last(3);
    assert_eq!(times(&village.secretary.dump(), "捡到的人写的"), 0);
    assert_eq!(times(&village.town.dump(), "捡到的人写的"), 0);
    assert_eq!(village.secretary.dump(), dump, "nothing of what was there before is lost");
}

#[test]
fn a_lost_laptop_is_shut_out_and_told_so() {
    a_lost_laptop_is_shut_out(&Village::new(seed()));
}

/// So many connections that say nothing, from a house of their own. They end when they are dropped.
#[cfg(target_os = "linux")]
fn crowd(at: std::net::SocketAddr, many: usize) -> Vec<std::net::TcpStream> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build().expect("a runtime");
    runtime.block_on(async {
        let mut crowd = Vec::new();
        for _ in 0..many {
            let socket = tokio::net::TcpSocket::new_v4().expect("a socket");
            socket.bind("127.0.0.2:0".parse().expect("an address")).expect("another house");
            crowd.push(socket.connect(at).await.expect("somebody listens").into_std().expect("a stream"));
        }
        crowd
    })
}

/// Nobody has said a word to it, nor sent it away.
#[cfg(target_os = "linux")]
fn is_inside(mut one: &std::net::TcpStream) -> bool {
    use std::io::{ErrorKind, Read};
    one.read(&mut [0]).is_err_and(|e| e.kind() == ErrorKind::WouldBlock)
}

#[cfg(target_os = "linux")]
#[test]
fn a_crowd_at_the_doors_leaves_the_villages_their_files() {
    let mut village = Village::new(seed());
    village.town.kill();
    village.town.serve_within(400);
    let crowd = crowd(village.town.address(), 600);
    // One house has half of the fewest places there are. Whoever is let in and says nothing is sent away after 15 seconds.
    let begun = std::time::Instant::now();
    while crowd.iter().filter(|one| is_inside(one)).count() > 64 {
        assert!(begun.elapsed().as_secs() < 10, "too many were let in");
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    village.cadre.household(80);
    village.all_agree();
    drop(crowd);
}

#[test]
fn an_enrolment_code_holds_once_and_a_stranger_waits() {
    let village = Village::new(seed());
    let code = village.town.code("cadre");
    let second = Laptop::at(village.town.file("second.lianhu"), "陆永平");
    second.says(&["join", &code, "--who", "陆永平"]).refused();
    let third = Laptop::at(village.town.file("third.lianhu"), "陌生人");
    let said = third.says(&["join", &code, "--who", "陌生人"]).refused();
    assert!(said.contains("用过"), "{said}");
    assert!(!third.ledger.exists(), "no half ledger is left");
    // Until somebody says yes the second one is told nothing of the village.
    second.sync().refused();
    assert!(!second.ledger.exists(), "and has nothing of it");
    village.town.approve_all();
    second.sync_at_last(3);
    assert_eq!(second.dump(), village.secretary.dump());
}
