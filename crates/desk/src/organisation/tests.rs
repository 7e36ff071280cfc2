use lianhu_ledger::records::Person;
use serde_json::json;
use uuid::Uuid;

use super::*;
use crate::records::{SaveRecord, save};
use crate::testing;

fn people(desk: &Desk, n: usize) -> Vec<Uuid> {
    desk.read(|l| Ok(l.view().all::<Person>()?.into_iter().take(n).map(|p| p.id.0).collect())).unwrap()
}

fn take_up(desk: &Desk, organ: &str, position: &str, persons: &[Uuid]) -> Result<crate::desk::Done<usize>> {
    let ask = NewOffice {
        organ: organ.into(),
        position: position.into(),
        persons: persons.to_vec(),
        unit: None,
        group: None,
        from: Some("2026-01-10".parse().unwrap()),
        term_until: Some("2031-01-10".parse().unwrap()),
        vetted_on: None,
        filed_on: None,
    };
    new(desk, ask)
}

fn body(desk: &Desk, organ: &str) -> BodyOffices {
    look(desk, crate::session::Nothing {}).unwrap().bodies.into_iter().find(|b| b.organ == organ).unwrap()
}

fn check(desk: &Desk, organ: &str, rule: &str) -> BodyCheck {
    body(desk, organ).checks.into_iter().find(|c| c.rule == rule).unwrap()
}

fn unit(desk: &Desk, name: &str, kind: &str, parent: Option<Uuid>) -> Result<Uuid> {
    let fields = json!({"name": name, "unit_kind": kind, "parent": parent});
    let fields = serde_json::from_value(fields).unwrap();
    Ok(save(desk, SaveRecord { kind: "org_unit".into(), id: None, fields, seen: None, correct: None })?.value)
}

#[test]
fn the_cells_of_the_roll_are_taken_into_the_tree_in_one_step() {
    let (desk, _dir) = testing::sample();
    let branch = unit(&desk, "禾坪村党支部", "branch", None).unwrap();
    assert_eq!(look(&desk, crate::session::Nothing {}).unwrap().only_on_roll.len(), 4);
    take_from_roll(&desk, UnitsOfRoll { parent: Some(branch) }).unwrap();
    let page = look(&desk, crate::session::Nothing {}).unwrap();
    assert!(page.only_on_roll.is_empty());
    let told: Vec<_> = page.units.iter().map(|u| (u.name.as_str(), u.depth)).collect();
    assert_eq!(told[0], ("禾坪村党支部", 0));
    assert_eq!(told.iter().filter(|(_, depth)| *depth == 1).count(), 4);
    let of_cells: u32 = page.units.iter().filter(|u| u.kind == "cell").filter_map(|u| u.members).sum();
    assert_eq!(of_cells, 46);
}

#[test]
fn a_unit_never_stands_under_itself() {
    let (desk, _dir) = testing::sample();
    let branch = unit(&desk, "禾坪村党支部", "branch", None).unwrap();
    let cell = unit(&desk, "第五党小组", "cell", Some(branch)).unwrap();
    let fields = serde_json::from_value(json!({"parent": cell})).unwrap();
    let ask = SaveRecord { kind: "org_unit".into(), id: Some(branch), fields, seen: None, correct: None };
    assert!(save(&desk, ask).is_err());
}

#[test]
fn fifty_eight_representatives_with_twenty_women_are_enough_and_with_nineteen_are_not() {
    let (desk, _dir) = testing::sample();
    let sexed = |code: &str, n: usize| {
        desk.read(|l| {
            let all = l.view().all::<Person>()?.into_iter();
            Ok(all.filter(|p| p.sex.as_ref().is_some_and(|s| s.code() == code)).take(n).map(|p| p.id.0).collect())
        })
        .unwrap()
    };
    let (women, men): (Vec<Uuid>, Vec<Uuid>) = (sexed("2", 19), sexed("1", 38));
    take_up(&desk, "representatives", "代表", &women).unwrap();
    take_up(&desk, "representatives", "代表", &men).unwrap();
    take_up(&desk, "village_committee", "委员", &sexed("1", 43)[38..]).unwrap();
    let met = |rule: &str| check(&desk, "representatives", rule).met;
    assert_eq!((met("representatives_share"), met("representatives_women")), (Some(true), Some(true)), "19 of 57");
    take_up(&desk, "representatives", "代表", &sexed("1", 44)[43..]).unwrap();
    assert_eq!(met("representatives_women"), Some(false), "19 of 58 are less than a third");
    take_up(&desk, "representatives", "代表", &sexed("2", 20)[19..]).unwrap();
    assert_eq!(met("representatives_women"), Some(true));
    assert_eq!(met("households_each"), Some(true), "826 households over 59: fourteen each");
}

#[test]
fn a_change_of_hands_ends_one_office_and_begins_another() {
    let (desk, _dir) = testing::sample();
    let people = people(&desk, 2);
    take_up(&desk, "village_committee", "主任", &people[..1]).unwrap();
    let id = body(&desk, "village_committee").now[0].id;
    let on = "2026-11-01".parse().unwrap();
    hand(&desk, HandOffice { id, to: people[1], on, why: "本人辞职".into() }).unwrap();
    let body = body(&desk, "village_committee");
    assert_eq!((body.now.len(), body.before.len(), body.now[0].person), (1, 1, people[1]));
    assert_eq!(body.term_until, Some("2031-01-10".parse().unwrap()), "the term is the body's");
}

#[test]
fn one_shoulder_is_told_and_who_supervises_may_not_sit_on_the_committee() {
    let (desk, _dir) = testing::sample();
    let people = people(&desk, 3);
    take_up(&desk, "branch_committee", "书记", &people[..1]).unwrap();
    take_up(&desk, "village_committee", "主任", &people[..1]).unwrap();
    assert_eq!(check(&desk, "village_committee", "one_shoulder").n, 1);
    take_up(&desk, "supervision", "主任", &people[1..2]).unwrap();
    assert_eq!(check(&desk, "supervision", "outside_committee").met, Some(true));
    take_up(&desk, "supervision", "成员", &people[..1]).unwrap();
    assert_eq!(check(&desk, "supervision", "outside_committee").met, Some(false));
    assert!(take_up(&desk, "supervision", "成员", &people[..1]).is_err(), "the same office twice");
}
