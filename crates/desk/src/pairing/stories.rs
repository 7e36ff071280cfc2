//! What a secretary does with pairings, as stories on the sample village.

use lianhu_ledger::Code;
use lianhu_ledger::records::Pairing;
use lianhu_ledger::records::pairing::Bond;
use uuid::Uuid;

use super::*;
use crate::desk::Desk;
use crate::history::{UndoStep, undo};
use crate::testing;

fn aid(desk: &Desk) -> PairingCover {
    cover(desk, WhichBond { bond: Bond::Aid }).unwrap()
}

fn of(desk: &Desk, id: Uuid) -> HelperLook {
    look(desk, WhichHelper { id }).unwrap()
}

fn held(desk: &Desk, id: Uuid) -> Vec<Uuid> {
    of(desk, id).lines.into_iter().filter(|line| line.holds && line.bond == Bond::Aid).map(|line| line.id).collect()
}

fn ended(desk: &Desk, pairings: &[Uuid], helper: Option<Uuid>) -> crate::desk::Done<Reassigned> {
    let on = "2026-11-18".parse().unwrap();
    reassign(desk, Reassign { pairings: pairings.to_vec(), helper, on, why: "调离".into() }).unwrap()
}

fn all(desk: &Desk) -> Vec<Pairing> {
    desk.read(|ledger| ledger.view().all::<Pairing>()).unwrap()
}

#[test]
fn the_cells_add_up_to_what_people_have_and_nobody_is_ranked() {
    let (desk, _dir) = testing::sample();
    let cover = aid(&desk);
    for helper in &cover.helpers {
        let cells = cover.cells.iter().filter(|cell| cell.helper == helper.id);
        assert_eq!(cells.map(|cell| cell.households).sum::<usize>(), helper.households, "{}", helper.name);
    }
    let first = desk.read(|ledger| ledger.view().pairings(Bond::Aid, "2026-11-20".parse().unwrap())).unwrap();
    assert_eq!(cover.helpers[0].id, first[0].helper.0);
    let without: usize = cover.groups.iter().map(|group| group.without).sum();
    assert_eq!(Some(cover.obliged_paired + without), cover.obliged);
}

#[test]
fn members_with_too_few_or_too_many_links_are_told_and_nothing_is_refused() {
    let (desk, _dir) = testing::sample();
    let links = cover(&desk, WhichBond { bond: Bond::Link }).unwrap();
    let beyond = |load| links.helpers.iter().filter(|helper| helper.load == load).count();
    assert_eq!((links.least, links.most, links.obliged), (Some(5), Some(10), None));
    assert_eq!((beyond(Load::TooFew), beyond(Load::TooMany)), (1, 1));
}

#[test]
fn whoever_leaves_hands_all_over_in_one_step_and_the_past_stays() {
    let (desk, _dir) = testing::sample();
    let cover = aid(&desk);
    let (leaves, takes) = (cover.helpers[0].id, cover.helpers[1].id);
    let (had, took) = (held(&desk, leaves), held(&desk, takes).len());
    let before = all(&desk).len();
    let done = ended(&desk, &had, Some(takes));
    assert_eq!(done.value, Reassigned { ended: had.len(), begun: had.len() });
    assert_eq!((held(&desk, leaves).len(), held(&desk, takes).len()), (0, took + had.len()));
    let past: Vec<_> = of(&desk, leaves).lines.into_iter().filter(|line| !line.holds).collect();
    assert_eq!((past.len(), all(&desk).len()), (had.len(), before + had.len()));
    assert!(past.iter().all(|line| line.until.is_some() && line.ended_why.as_deref() == Some("调离")));
    undo(&desk, UndoStep { batch: done.batch.unwrap(), correct: None }).unwrap();
    assert_eq!((held(&desk, leaves), held(&desk, takes).len()), (had, took));
}

#[test]
fn a_household_that_the_new_person_has_already_is_not_paired_twice() {
    let (desk, _dir) = testing::sample();
    let cover = aid(&desk);
    let (leaves, takes) = (cover.helpers[0].id, cover.helpers[1].id);
    let household = of(&desk, leaves).lines[0].household;
    let ask = AssignPairings {
        bond: Bond::Aid,
        households: vec![household],
        helper: takes,
        from: "2026-11-01".parse().unwrap(),
        team: None,
    };
    assert_eq!(assign(&desk, ask.clone()).unwrap().value, 1);
    assert_eq!(assign(&desk, ask).unwrap().value, 0);
    let had = held(&desk, leaves);
    assert_eq!(ended(&desk, &had, Some(takes)).value, Reassigned { ended: had.len(), begun: had.len() - 1 });
}

#[test]
fn households_left_without_anybody_are_listed_with_who_came_before_and_given_to_one_person_at_once() {
    let (desk, _dir) = testing::sample();
    let free_now = || free(&desk, LookForFree { bond: Bond::Aid, all: false }).unwrap().rows;
    let (cover, before) = (aid(&desk), free_now().len());
    let leaves = &cover.helpers[0];
    let had = held(&desk, leaves.id);
    ended(&desk, &had, None);
    let rows: Vec<_> = free_now();
    let theirs: Vec<_> = rows.iter().filter(|row| row.former.as_deref() == Some(leaves.name.as_str())).collect();
    assert!(!theirs.is_empty() && rows.len() == before + theirs.len(), "{} {}", rows.len(), before);
    let ask = AssignPairings {
        bond: Bond::Aid,
        households: theirs.iter().map(|row| row.id).collect(),
        helper: cover.helpers[1].id,
        from: "2026-11-20".parse().unwrap(),
        team: None,
    };
    let done = assign(&desk, ask).unwrap();
    assert_eq!((done.value, free_now().len()), (theirs.len(), before));
    undo(&desk, UndoStep { batch: done.batch.unwrap(), correct: None }).unwrap();
    assert_eq!(free_now().len(), rows.len());
}

#[test]
fn handing_over_wants_a_reason_and_a_day_that_has_come() {
    let (desk, _dir) = testing::sample();
    let cover = aid(&desk);
    let pairings = held(&desk, cover.helpers[0].id);
    let check = |on: &str, why: &str, code: Code| {
        let ask = Reassign { pairings: pairings.clone(), helper: None, on: on.parse().unwrap(), why: why.into() };
        assert_eq!(reassign(&desk, ask).unwrap_err().code(), Some(code), "{on} {why}");
    };
    check("2026-11-20", " ", Code::ReasonMissing);
    check("2026-11-21", "调离", Code::FutureDate);
}
