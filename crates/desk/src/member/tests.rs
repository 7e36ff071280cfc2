use serde_json::json;

use super::*;
use crate::desk::Desk;
use crate::person::{LeavePerson, Leaving};
use crate::testing;

fn listed(desk: &Desk) -> MemberList {
    list(desk, WhichYear { year: None }).unwrap()
}

fn changed(desk: &Desk, id: Uuid, event: &str, on: &str, place: &str) -> Result<crate::desk::Done<Uuid>> {
    let ask = ChangeMember {
        id,
        event: event.into(),
        on: on.parse().unwrap(),
        place: place.into(),
        until: None,
        evidence: String::new(),
    };
    change(desk, ask)
}

#[test]
fn the_sample_roll_has_forty_six_members_and_warns_of_too_few_and_too_many_households() {
    let (desk, _dir) = testing::sample();
    let list = listed(&desk);
    assert_eq!(list.members.len(), 46);
    assert_eq!((list.structure.members, list.structure.probationary), (46, 8));
    assert_eq!(list.structure.ages.iter().map(|b| b.n).sum::<u32>(), 46);
    assert_eq!(list.structure.schooling.iter().map(|b| b.n).sum::<u32>(), 46);
    let linked: Vec<u32> = list.members.iter().map(|m| m.households).filter(|n| *n > 0).collect();
    let outside = linked.iter().filter(|n| !(list.links_min..=list.links_max).contains(&i64::from(**n))).count();
    assert_eq!(linked.iter().sum::<u32>(), 249);
    assert!(outside >= 2, "one with four, one with eleven: {linked:?}");
    assert_eq!(list.cells.len(), 4);
    assert!(list.members.iter().all(|m| m.hours == 0 && m.hours_needed == 32), "nothing was learned yet");
}

#[test]
fn a_transfer_takes_a_member_off_the_roll_and_is_read_afterwards() {
    let (desk, _dir) = testing::sample();
    let id = listed(&desk).members[0].id;
    assert!(changed(&desk, id, "left", "2026-11-01", "").is_err(), "where to is part of it");
    changed(&desk, id, "left", "2026-11-01", "松河镇机关支部").unwrap();
    let page = look(&desk, WhichMember { id, year: None }).unwrap();
    assert_eq!((page.line.left_how.as_deref(), page.line.left_to.as_deref()), (Some("left"), Some("松河镇机关支部")));
    assert_eq!(page.changes[0].event, "left");
    assert_eq!(listed(&desk).structure.members, 45);
    assert_eq!(listed(&desk).members.last().map(|m| m.id), Some(id), "those who left stand last");
}

#[test]
fn becoming_a_full_member_ends_probation_and_the_person_follows() {
    let (desk, _dir) = testing::sample();
    let member = listed(&desk).members.into_iter().find(|m| m.probationary).unwrap();
    changed(&desk, member.id, "full", "2026-11-10", "").unwrap();
    let page = look(&desk, WhichMember { id: member.id, year: None }).unwrap();
    assert!(!page.line.probationary);
    let political = desk.read(|l| Ok(l.view().record("person", member.person)?.unwrap()["political"].clone())).unwrap();
    assert_eq!(political, json!("01"));
}

#[test]
fn suspended_is_not_counted_until_restored() {
    let (desk, _dir) = testing::sample();
    let id = listed(&desk).members[3].id;
    changed(&desk, id, "suspended", "2026-11-02", "").unwrap();
    assert_eq!(listed(&desk).structure.members, 45);
    changed(&desk, id, "restored", "2026-11-12", "").unwrap();
    assert_eq!(listed(&desk).structure.members, 46);
}

#[test]
fn a_death_is_entered_once_whichever_page_it_is_entered_on() {
    let (desk, _dir) = testing::sample();
    let (first, second) = (listed(&desk).members[0].clone(), listed(&desk).members[1].clone());
    let on = "2026-11-05".parse().unwrap();
    let leave = LeavePerson { person: first.person, how: Leaving::Died, on, why: None, new_head: None };
    crate::person::leave(&desk, leave).unwrap();
    changed(&desk, second.id, "died", "2026-11-06", "").unwrap();
    for (line, day) in [(&first, "2026-11-05"), (&second, "2026-11-06")] {
        let page = look(&desk, WhichMember { id: line.id, year: None }).unwrap();
        assert_eq!((page.line.left_how.as_deref(), page.changes[0].event.as_str()), (Some("died"), "died"));
        let person = desk.read(|l| Ok(l.view().record("person", line.person)?.unwrap())).unwrap();
        assert_eq!(person["died_on"], json!(day));
    }
}

#[test]
fn who_comes_from_elsewhere_is_a_full_member_from_their_own_day() {
    let (desk, _dir) = testing::sample();
    let members: Vec<Uuid> = listed(&desk).members.iter().map(|m| m.person).collect();
    let people = desk.read(|l| l.view().all::<lianhu_ledger::records::Person>()).unwrap();
    let person = people.iter().map(|p| p.id.0).find(|id| !members.contains(id)).unwrap();
    let ask = NewMember {
        person,
        event: "came".into(),
        on: "2026-11-03".parse().unwrap(),
        place: "云坪县一中支部".into(),
        evidence: "介绍信第18号".into(),
        cell: "第二党小组".into(),
        joined_on: "2010-07".into(),
        full_on: "2011-07".into(),
    };
    let id = new(&desk, ask).unwrap().value;
    let page = look(&desk, WhichMember { id, year: None }).unwrap();
    assert!(!page.line.probationary);
    assert_eq!(page.changes[0].place.as_deref(), Some("云坪县一中支部"));
    assert_eq!(listed(&desk).structure.members, 47);
}

#[test]
fn the_year_on_paper_names_the_member_and_no_number_of_theirs() {
    let (desk, _dir) = testing::sample();
    let member = listed(&desk).members[0].clone();
    let preview = pages(&desk, MemberPapers { year: None, id: Some(member.id), word: false }).unwrap();
    assert_eq!(preview.pages, 1, "one page a member");
    let all = pages(&desk, MemberPapers { year: None, id: None, word: false }).unwrap();
    assert_eq!(all.pages, 46);
}
