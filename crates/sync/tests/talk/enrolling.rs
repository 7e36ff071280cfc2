//! Codes, answers that were lost, computers that wait for a yes.

use lianhu_ledger::{Code as Refuse, Ledger};
use lianhu_sync::Trouble;
use lianhu_sync::client::{Failed, Joined, belonging, joining};
use lianhu_sync::enrolment::Refused;
use tempfile::TempDir;

use crate::town::Mood;
use crate::{Laptop, NOW, Town, edge, enrolled, join, joined, trouble};

fn village() -> (TempDir, Laptop, Town) {
    let folder = TempDir::new().unwrap();
    let laptop = Laptop::founded(&folder, 1, NOW);
    let town = Town::new(laptop.ledger.village());
    (folder, laptop, town)
}

#[test]
fn a_code_that_is_wrong_used_expired_or_of_elsewhere_enrols_nobody() {
    let (folder, mut laptop, town) = village();
    assert_eq!(trouble(laptop.enrol("ABCD-EFGH")), Trouble::BadCode);
    let expired = town.code("secretary", false);
    town.at(|inside| inside.codes.values_mut().for_each(|code| code.expired = true));
    assert_eq!(trouble(laptop.enrol(&expired)), Trouble::Refused(Refused::Expired));
    let unknown = town.code("secretary", false);
    town.at(|inside| inside.codes.clear());
    assert_eq!(trouble(laptop.enrol(&unknown)), Trouble::Refused(Refused::Unknown));
    let code = town.code("secretary", false);
    let mut stranger = Laptop::founded(&folder, 5, NOW);
    assert_eq!(trouble(stranger.enrol(&code)), Trouble::Refused(Refused::OtherVillage));
    assert!(belonging(&laptop.ledger).unwrap().is_none() && belonging(&stranger.ledger).unwrap().is_none());
    laptop.enrol(&code).unwrap();
    assert_eq!(trouble(join(&folder.path().join("b"), Some(&code), 8)), Trouble::Refused(Refused::Used));
}

#[test]
fn an_answer_that_was_lost_is_asked_for_again_with_the_same_key() {
    let (_folder, mut laptop, town) = village();
    let code = town.code("secretary", false);
    town.at(|inside| inside.mood = Mood::SaysFirst(9, 503, "", ""));
    assert_eq!(trouble(laptop.enrol(&code)), Trouble::Busy { after_s: None });
    town.at(|inside| inside.mood = Mood::Well);
    laptop.enrol(&code).unwrap();
    laptop.enrol(&code).unwrap();
    laptop.whole_sync();
}

#[test]
fn a_further_computer_waits_for_a_yes_with_the_same_digits_and_goes_on() {
    let folder = TempDir::new().unwrap();
    let (mut a, town) = enrolled(&folder);
    a.put(7, "一组");
    a.whole_sync();
    let path = folder.path().join("b.lianhu");
    let code = town.code("cadre", true);
    let Ok(Joined::Waits(digits)) = join(&path, Some(&code), 20) else { panic!("it waits") };
    assert_eq!(digits.len(), 6);
    assert!(!path.exists() && joining(&path));
    assert_eq!(join(&path, None, 21).unwrap(), Joined::Waits(digits.clone()));
    town.at(|inside| inside.approve());
    assert!(matches!(join(&path, Some(&code), 22), Ok(Joined::Whole(_))));
    assert!(path.exists() && !joining(&path));
    let b = Ledger::open(&path, None, Box::new(edge(23))).unwrap();
    let about = belonging(&b).unwrap().unwrap();
    assert_eq!((about.waits, about.short, about.role.as_str()), (false, digits, "cadre"));
    assert_eq!(about.who, "陆永平");
}

#[test]
fn an_enrolled_ledger_that_waits_says_so_when_it_speaks() {
    let (_folder, mut laptop, town) = village();
    let entered = laptop.enrol(&town.code("secretary", true)).unwrap();
    assert!(entered.waits);
    assert_eq!(trouble(laptop.sync()), Trouble::Waits);
    town.at(|inside| inside.approve());
    laptop.whole_sync();
    assert!(!belonging(&laptop.ledger).unwrap().unwrap().waits);
}

#[test]
fn a_join_writes_over_no_file() {
    let folder = TempDir::new().unwrap();
    let (mut a, town) = enrolled(&folder);
    a.whole_sync();
    let b = joined(&folder, &town, "cadre");
    match join(b.ledger.path(), Some(&town.code("cadre", false)), 40) {
        Err(Failed::Ledger(refused)) => assert_eq!(refused.code(), Some(Refuse::FileExists)),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_first_computer_of_a_village_that_has_no_ledger_begins_it() {
    let folder = TempDir::new().unwrap();
    let town = Town::new(uuid::Uuid::from_u128(77));
    let path = folder.path().join("first.lianhu");
    assert!(matches!(join(&path, Some(&town.code("secretary", false)), 20), Ok(Joined::Whole(_))));
    let first = Laptop::of(Ledger::open(&path, None, Box::new(edge(23))).unwrap(), 24);
    assert!(first.dump().contains("禾坪村") && first.dump().contains("陆永平"));
    assert_eq!(town.at(|inside| inside.dump()), first.dump());
    let second = joined(&folder, &town, "secretary");
    assert_eq!(first.dump(), second.dump());
}
