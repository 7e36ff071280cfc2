use lianhu_sync::client::belonging;

use super::*;
use crate::exchange::Room;
use crate::exchange::enter::village_joined;
use crate::jobs;
use crate::testing;

fn ended(desk: &Desk, job: JobNo) -> JobNo {
    while !jobs::look(desk, job).unwrap().ended {
        std::thread::yield_now();
    }
    job
}

fn requested(desk: &Desk, stick: &Path) -> Invitation {
    let asks = AskToJoin { who: " 黄海燕 ".into(), folder: stick.display().to_string() };
    made(desk, ended(desk, ask(desk, asks).unwrap())).unwrap()
}

fn let_in(desk: &Desk, path: &str) -> Invitation {
    let asks = AdmitToVillage { path: path.into(), role: "cadre".into() };
    made(desk, ended(desk, admit(desk, asks).unwrap())).unwrap()
}

fn taken(desk: &Desk, path: &str, digits: &str) -> JoinedVillage {
    let asks = AcceptAnswer { path: path.into(), digits: digits.into(), who: "黄海燕".into() };
    village_joined(desk, ended(desk, accept(desk, asks).unwrap())).unwrap()
}

#[test]
fn a_request_goes_there_an_answer_comes_back_and_the_digits_open_it() {
    let (first, _one) = testing::empty();
    let (second, _two) = testing::bare_in(Room::default());
    let stick = tempfile::tempdir().unwrap();
    let request = requested(&second, stick.path());
    assert_eq!((request.who.as_str(), request.short.as_str()), ("黄海燕", ""));
    assert!(!second.is_open());
    let answer = let_in(&first, &request.path);
    assert_eq!((answer.trouble.as_deref(), answer.who.as_str(), answer.short.len()), (None, "黄海燕", 6));
    let wrong = if answer.short == "000000" { "000001" } else { "000000" };
    assert_eq!(taken(&second, &answer.path, wrong).trouble.as_deref(), Some("digits_differ"));
    assert!(!second.is_open(), "nothing is believed");
    // As they are read aloud, with a blank between.
    let spaced = format!("{} {}", &answer.short[..3], &answer.short[3..]);
    assert_eq!(taken(&second, &answer.path, &spaced).village.as_deref(), Some("东岭村"));
    let about = second.read(belonging).unwrap().unwrap();
    assert_eq!((about.role.as_str(), about.who.as_str()), ("cadre", "黄海燕"));
    assert_eq!(second.author().unwrap(), "黄海燕");
}

#[test]
fn what_is_no_request_and_no_answer_is_told_in_a_word_and_changes_nothing() {
    let (first, _one) = testing::empty();
    let (second, _two) = testing::bare_in(Room::default());
    let stick = tempfile::tempdir().unwrap();
    let file = stick.path().join("照片.lhb");
    std::fs::write(&file, b"nothing of ours").unwrap();
    let file = file.display().to_string();
    assert_eq!(let_in(&first, &file).trouble.as_deref(), Some("no_invitation"));
    assert_eq!(first.read(belonging).unwrap(), None, "and nobody looks after the village for it");
    requested(&second, stick.path());
    assert_eq!(taken(&second, &file, "123456").trouble.as_deref(), Some("no_invitation"));
    let missing = AdmitToVillage { path: stick.path().join("x.lhb").display().to_string(), role: "cadre".into() };
    let job = ended(&first, admit(&first, missing).unwrap());
    assert!(jobs::look(&first, job).unwrap().problem.is_some());
}
