//! What happens to households, told on the sample village.

use std::collections::BTreeSet;

use lianhu_ledger::records::{Household, Person};
use uuid::Uuid;

use super::*;
use crate::desk::Desk;
use crate::person::{self, LeavePerson, Leaving, MovePerson};
use crate::problem::Result;
use crate::testing;

fn big_family(desk: &Desk) -> HouseholdLook {
    let list = list(desk, crate::session::Nothing {}).unwrap();
    let row = list.rows.iter().find(|row| row.people >= 5 && !row.helpers.is_empty()).unwrap();
    seen(desk, row.id)
}

fn seen(desk: &Desk, id: Uuid) -> HouseholdLook {
    look(desk, WhichHousehold { id }).unwrap()
}

fn day(text: &str) -> lianhu_ledger::dates::Date {
    text.parse().unwrap()
}

fn check_refused<T: std::fmt::Debug>(outcome: Result<T>, code: &str) {
    assert_eq!(outcome.unwrap_err().code().map(lianhu_ledger::Code::name), Some(code));
}

#[test]
fn a_household_is_split_and_the_step_taken_back() {
    let (desk, _dir) = testing::sample();
    let before = big_family(&desk);
    let (head, son, wife) = (before.people[0].id, before.people[2].id, before.people[1].id);
    let ask = |people: &[Uuid], left_head: Option<Uuid>| SplitHousehold {
        household: before.id,
        people: people.iter().copied().collect(),
        head: son,
        left_head,
        number: Some(900),
        group: None,
        address: None,
    };
    check_refused(split(&desk, ask(&[head, son], None)), "missing");
    check_refused(split(&desk, ask(&[wife], None)), "missing");
    let everyone: Vec<Uuid> = before.people.iter().map(|person| person.id).collect();
    check_refused(split(&desk, ask(&everyone, Some(wife))), "missing");

    let done = split(&desk, ask(&[head, son], Some(wife))).unwrap();
    let fresh = seen(&desk, done.value);
    assert_eq!((fresh.on_roll, fresh.head, fresh.number), (2, Some(son), Some(900)));
    assert_eq!(fresh.split_from.as_ref().map(|from| from.id), Some(before.id));
    let left = seen(&desk, before.id);
    assert_eq!((left.on_roll, left.head), (before.on_roll - 2, Some(wife)));

    crate::history::undo(&desk, crate::history::UndoStep { batch: done.batch.unwrap(), correct: None }).unwrap();
    assert_eq!(seen(&desk, before.id), before);
}

#[test]
fn a_merged_household_has_ended_and_its_people_live_on_in_the_other() {
    let (desk, _dir) = testing::sample();
    let from = big_family(&desk);
    let rows = list(&desk, crate::session::Nothing {}).unwrap().rows;
    let into = seen(&desk, rows.iter().find(|row| row.id != from.id && row.people > 0).unwrap().id);
    let ask = MergeHouseholds { household: from.id, into: into.id, on: day("2026-11-20"), why: "并户".into() };
    merge(&desk, ask).unwrap();
    let (ended, grown) = (seen(&desk, from.id), seen(&desk, into.id));
    assert_eq!(ended.merged_into.map(|into| into.id), Some(into.id));
    assert_eq!((ended.on_roll, grown.on_roll), (0, from.on_roll + into.on_roll));
    assert!(ended.pairings.iter().all(|pairing| !pairing.holds));
    assert_eq!(grown.merged_here[0].id, from.id);
}

#[test]
fn a_household_that_moved_away_can_come_back_whole() {
    let (desk, _dir) = testing::sample();
    let before = big_family(&desk);
    let ask = EndHousehold {
        household: before.id,
        on: day("2026-11-20"),
        why: "整户迁出".into(),
        moved_to: Some("县城".into()),
    };
    check_refused(end(&desk, EndHousehold { on: day("2026-11-21"), ..ask.clone() }), "future_date");
    check_refused(end(&desk, EndHousehold { why: " ".into(), ..ask.clone() }), "reason_missing");
    end(&desk, ask).unwrap();
    let ended = seen(&desk, before.id);
    assert_eq!((ended.on_roll, ended.ended_on), (0, Some(day("2026-11-20"))));
    reopen(&desk, ReopenHousehold { household: before.id }).unwrap();
    assert_eq!(seen(&desk, before.id).on_roll, before.on_roll);
}

#[test]
fn when_husband_or_wife_follows_the_children_stay_what_they_are() {
    let (desk, _dir) = testing::sample();
    let rows = list(&desk, crate::session::Nothing {}).unwrap().rows;
    let spouse = |person: &crate::person::PersonLine| person.relation.as_deref().is_some_and(|r| r.starts_with('1'));
    let child =
        |person: &crate::person::PersonLine| person.relation.as_deref().is_some_and(|r| r.starts_with(['2', '3']));
    let families = rows.iter().map(|row| seen(&desk, row.id));
    let family = families.into_iter().find(|f| f.people.iter().any(spouse) && f.people.iter().any(child)).unwrap();
    let (wife, head) = (family.people.iter().find(|p| spouse(p)).unwrap().id, family.head.unwrap());
    let ask = LeavePerson { person: head, how: Leaving::Died, on: day("2026-11-02"), why: None, new_head: Some(wife) };
    person::leave(&desk, ask).unwrap();
    let after = seen(&desk, family.id);
    assert_eq!((after.head, after.on_roll), (Some(wife), family.on_roll - 1));
    let relation = |look: &HouseholdLook, id: Uuid| look.people.iter().find(|p| p.id == id).unwrap().relation.clone();
    for one in family.people.iter().filter(|p| child(p)) {
        assert_eq!(relation(&after, one.id), one.relation);
    }
    assert_eq!(relation(&after, wife).as_deref(), Some("02"));
}

#[test]
fn a_head_moves_to_another_household_only_when_somebody_follows() {
    let (desk, _dir) = testing::sample();
    let from = big_family(&desk);
    let rows = list(&desk, crate::session::Nothing {}).unwrap().rows;
    let into = rows.iter().find(|row| row.id != from.id).unwrap().id;
    let ask = |left_head| MovePerson { person: from.head.unwrap(), into, relation: Some("61".into()), left_head };
    check_refused(person::move_to(&desk, ask(None)), "missing");
    person::move_to(&desk, ask(Some(from.people[1].id))).unwrap();
    assert_eq!(seen(&desk, from.id).head, Some(from.people[1].id));
    assert!(seen(&desk, into).people.iter().any(|person| Some(person.id) == from.head));
}

#[test]
fn a_change_of_hands_keeps_the_pairing_that_was() {
    let (desk, _dir) = testing::sample();
    let before = big_family(&desk);
    let old = before.pairings.iter().find(|pairing| pairing.holds).unwrap().clone();
    let helpers: BTreeSet<Uuid> = list(&desk, crate::session::Nothing {})
        .unwrap()
        .rows
        .iter()
        .flat_map(|row| row.helpers.iter().map(|helper| helper.id))
        .collect();
    let mine: BTreeSet<Uuid> = before.pairings.iter().map(|pairing| pairing.helper).collect();
    let helper = *helpers.difference(&mine).next().unwrap();
    hand_over(&desk, HandOver { pairing: old.id, helper, on: day("2026-11-20"), why: None }).unwrap();
    let after = seen(&desk, before.id);
    assert_eq!(after.pairings.len(), before.pairings.len() + 1);
    assert!(after.pairings.iter().any(|pairing| pairing.helper == helper && pairing.holds && pairing.bond == old.bond));
    assert!(after.pairings.iter().any(|pairing| pairing.id == old.id && pairing.until == Some(day("2026-11-20"))));
}

#[test]
fn a_new_household_has_its_head_and_its_history_says_who_made_it() {
    let (desk, _dir) = testing::empty();
    let fields = |value| serde_json::from_value(value).unwrap();
    let ask = NewHousehold {
        household: fields(serde_json::json!({"number": 12, "phone": "10012345678"})),
        head: fields(serde_json::json!({"name": "何桂兰", "id_number": "99010119680315001X"})),
    };
    let id = new(&desk, ask).unwrap().value;
    let made = seen(&desk, id);
    assert_eq!(
        (made.head_name.as_deref(), made.on_roll, made.phone.as_deref()),
        (Some("何桂兰"), 1, Some("100****5678"))
    );
    let steps = history_of(&desk, WhichHousehold { id }).unwrap();
    assert_eq!((steps.len(), steps[0].author.as_str(), steps[0].changes.len()), (1, "韦志强", 2));
    let told: Vec<String> = steps[0].changes.iter().flat_map(|c| &c.fields).filter_map(|f| f.after.clone()).collect();
    assert!(told.contains(&"990101********001X".to_owned()) && told.contains(&"何桂兰".to_owned()), "{told:?}");
    let whole: Household = desk.read(|ledger| ledger.view().get(id)).unwrap().unwrap();
    let head: Person = desk.read(|ledger| ledger.view().get(whole.head.unwrap().0)).unwrap().unwrap();
    assert_eq!(head.household, Some(whole.id));
}

#[test]
fn only_a_household_without_a_past_is_voided() {
    let (desk, _dir) = testing::sample();
    let family = big_family(&desk);
    check_refused(void(&desk, VoidHousehold { household: family.id, reason: "重复".into() }), "has_past");
    let fields = |value| serde_json::from_value(value).unwrap();
    let ask = NewHousehold {
        household: fields(serde_json::json!({})),
        head: fields(serde_json::json!({"name": "何桂兰"})),
    };
    let id = new(&desk, ask).unwrap().value;
    void(&desk, VoidHousehold { household: id, reason: "录错了".into() }).unwrap();
    let gone = seen(&desk, id);
    assert_eq!((gone.gone.as_deref(), gone.on_roll), (Some("录错了"), 0));
    restore(&desk, RestoreHousehold { household: id }).unwrap();
    let back = seen(&desk, id);
    assert_eq!((back.gone, back.on_roll, back.head_name.as_deref()), (None, 1, Some("何桂兰")));
}
