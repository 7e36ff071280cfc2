//! The month's duties, told on a fixed evening: 2026-11-20.

use lianhu_ledger::Fields;
use serde_json::Value as Json;
use uuid::Uuid;

use super::*;
use crate::testing;

fn put(desk: &Desk, kind: &str, fields: Json) -> Uuid {
    let fields: Fields = serde_json::from_value(fields).unwrap();
    desk.edit("save", |draft| draft.create(kind, fields)).unwrap().value
}

/// A village of one household that a cadre looks after.
fn small() -> (Desk, tempfile::TempDir, [Uuid; 2]) {
    let (desk, dir) = testing::empty();
    let group = put(&desk, "group", json!({"name": "三组", "number": 3}));
    let household = put(&desk, "household", json!({"group": group, "number": 12}));
    let head = put(&desk, "person", json!({"name": "罗德福", "household": household}));
    desk.edit("save", |draft| draft.patch("household", household, [("head".to_owned(), json!(head))].into())).unwrap();
    let helper = put(&desk, "person", json!({"name": "黄海燕", "unit": "镇卫生院"}));
    put(&desk, "pairing", json!({"bond": "aid", "household": household, "helper": helper, "from": "2026-01-01"}));
    (desk, dir, [household, helper])
}

fn november(desk: &Desk) -> HomePage {
    look(desk, LookHome { month: None }).unwrap()
}

fn keys(home: &HomePage) -> Vec<String> {
    home.duties.iter().map(|d| format!("{} {} {:?}", d.month, d.key, d.lamp)).collect()
}

fn of<'a>(home: &'a HomePage, key: &str) -> Option<&'a Duty> {
    home.duties.iter().find(|duty| duty.key.starts_with(key))
}

#[test]
fn a_village_without_households_is_told_no_duty() {
    let (desk, _dir) = testing::empty();
    let home = november(&desk);
    assert!(home.empty && home.duties.is_empty() && home.unknown.is_empty());
    assert_eq!(pressing(&desk, Nothing {}).unwrap().n, 0);
}

#[test]
fn what_a_village_did_before_it_had_this_ledger_is_nobodys_duty() {
    let (desk, _dir, _) = small();
    assert_eq!(keys(&november(&desk)), ["2026-11 mass Soon", "2026-11 visits Soon", "2026-11 report None"]);
    assert_eq!(pressing(&desk, Nothing {}).unwrap().n, 2);
}

#[test]
fn the_last_months_meeting_is_owed_until_it_is_entered_or_somebody_says_why_not() {
    let (desk, _dir, [household, visitor]) = small();
    put(&desk, "visit", json!({"household": household, "visitor": visitor, "on": "2026-10-08"}));
    let owed = keys(&november(&desk));
    assert_eq!(owed[..2], ["2026-10 mass Late", "2026-10 report Late"]);
    let ask = DismissDuty { month: "2026-10".parse().unwrap(), key: "mass".into(), reason: "秋收".into() };
    dismiss(&desk, ask).unwrap();
    let home = november(&desk);
    assert!(!keys(&home).contains(&"2026-10 mass Late".to_owned()));
    assert_eq!(home.done[0].reason.as_deref(), Some("秋收"));
    put(&desk, "meeting", json!({"meeting_kind": "mass", "on": "2026-11-12"}));
    assert!(of(&november(&desk), "mass").is_none());
}

#[test]
fn a_duty_taken_up_again_can_be_dismissed_again() {
    let (desk, _dir, _) = small();
    let month: Month = "2026-11".parse().unwrap();
    for reason in ["下雨", "还是下雨"] {
        dismiss(&desk, DismissDuty { month, key: "visits".into(), reason: reason.into() }).unwrap();
        let home = november(&desk);
        assert_eq!(home.done[0].reason.as_deref(), Some(reason));
        assert!(of(&home, "visits").is_none());
        resume(&desk, WhichDuty { month, key: "visits".into() }).unwrap();
        assert!(of(&november(&desk), "visits").is_some());
    }
    let silent = DismissDuty { month, key: "visits".into(), reason: "  ".into() };
    assert_eq!(dismiss(&desk, silent).unwrap_err().code(), Some(Code::ReasonMissing));
}

#[test]
fn a_visit_this_month_settles_the_household_and_a_long_absence_is_late() {
    let (desk, _dir, [household, visitor]) = small();
    put(&desk, "visit", json!({"household": household, "visitor": visitor, "on": "2026-08-25"}));
    let home = november(&desk);
    let expected = What::Unvisited { households: 1, months: 2, head: "罗德福".into(), days: Some(87) };
    assert_eq!(of(&home, "unvisited").map(|d| (&d.what, d.lamp)), Some((&expected, Lamp::Late)));
    assert_eq!((home.progress.visited, home.progress.paired), (0, 1));
    assert_eq!((home.longest[0].head.as_str(), home.longest[0].days), ("罗德福", Some(87)));
    put(&desk, "visit", json!({"household": household, "visitor": visitor, "on": "2026-11-02"}));
    let home = november(&desk);
    assert!(of(&home, "unvisited").is_none() && of(&home, "visits").is_none());
    assert!(home.done.iter().any(|done| done.key == "visits"));
    assert_eq!((home.progress.visited, home.longest.len()), (1, 0));
}

#[test]
fn without_pairings_whom_to_visit_is_said_to_be_unknown() {
    let (desk, _dir) = testing::empty();
    put(&desk, "household", json!({"number": 1}));
    let home = november(&desk);
    assert_eq!(home.unknown, [Unknown::NoPairings]);
    assert!(of(&home, "visits").is_none());
}

#[test]
fn five_matters_stand_alone_and_the_rest_is_one_line() {
    let (desk, _dir, [household, _]) = small();
    for day in 1..=8 {
        let matter = json!({"text": "水管", "on": "2026-10-01", "raised_at": "visit", "household": household,
                            "due": format!("2026-11-{:02}", day + 14)});
        put(&desk, "matter", matter);
    }
    put(&desk, "matter", json!({"text": "明年修路", "on": "2026-10-01", "raised_at": "other", "due": "2027-03-01"}));
    put(&desk, "matter", json!({"text": "路灯", "on": "2026-10-01", "raised_at": "other"}));
    let home = november(&desk);
    let matters: Vec<_> = home.duties.iter().filter(|d| d.key.starts_with("matter:")).collect();
    assert_eq!(matters.len(), 5);
    assert_eq!(
        (matters[0].lamp, matters[0].group.as_deref(), matters[0].days_left),
        (Lamp::Late, Some("三组"), Some(-5))
    );
    assert_eq!(of(&home, "matters").map(|d| &d.what), Some(&What::Matters { n: 3 }));
    assert_eq!(home.unknown, [Unknown::UndatedMatters { n: 1 }]);
}

fn tally(desk: &Desk, on: &str, pair: u32, good: u32, poor: u32) -> Uuid {
    let meeting = put(desk, "meeting", json!({"meeting_kind": "mass", "on": on}));
    let counts = json!({"best": good, "good": 0, "fair": 0, "poor": poor});
    put(desk, "round", json!({"meeting": meeting, "pair": pair, "who": "村“两委”干部", "tally": counts}))
}

#[test]
fn a_tally_below_the_threshold_is_due_again_until_a_later_one_is_counted() {
    let (desk, _dir, _) = small();
    tally(&desk, "2026-10-15", 2, 88, 12);
    tally(&desk, "2026-10-16", 4, 50, 50);
    let home = november(&desk);
    let retests: Vec<_> = home.duties.iter().filter(|d| d.key.starts_with("retest")).collect();
    assert_eq!(retests.len(), 1, "a household's own tally has no threshold");
    assert_eq!((retests[0].lamp, retests[0].due), (Lamp::Late, "2026-11-14".parse().ok()));
    tally(&desk, "2026-11-19", 2, 94, 6);
    let home = november(&desk);
    assert!(of(&home, "retest").is_none());
    assert!(home.done.iter().any(|done| done.key.starts_with("retest")));
}

#[test]
fn a_notice_and_a_probation_are_told_when_they_are_near() {
    let (desk, _dir, _) = small();
    put(
        &desk,
        "star_cycle",
        json!({"name": "2026年度", "year": 2026, "notice_from": "2026-11-18", "notice_until": "2026-11-25",
                                    "objections": 2, "objections_settled": 1}),
    );
    for (name, joined) in [("蒙强兴", "2025-11-28"), ("班福平", "2026-06-01"), ("梁兴福", "2025")] {
        let person = put(&desk, "person", json!({"name": name}));
        put(&desk, "party_member", json!({"person": person, "class": "02", "joined_on": joined}));
    }
    let home = november(&desk);
    assert_eq!(of(&home, "notice").map(|d| &d.what), Some(&What::Notice { cycle: "2026年度".into(), objections: 1 }));
    let probations: Vec<_> =
        home.duties.iter().filter(|d| d.key.starts_with("probation")).map(|d| d.what.clone()).collect();
    assert_eq!(probations, [What::Probation { name: "蒙强兴".into() }]);
    assert_eq!(home.unknown, [Unknown::JoinedUnknown { name: "梁兴福".into(), household: None }]);
}

#[test]
fn the_next_month_shows_what_it_will_bring() {
    let (desk, _dir, _) = small();
    put(&desk, "matter", json!({"text": "水管", "on": "2026-11-01", "raised_at": "other", "due": "2026-12-10"}));
    let december = look(&desk, LookHome { month: "2026-12".parse().ok() }).unwrap();
    let expected = ["2026-11 report None", "2026-12 mass None", "2026-12 visits None"];
    let told = keys(&december);
    assert!(expected.iter().all(|key| told.contains(&(*key).to_owned())), "{told:?}");
    assert!(of(&december, "matter:").is_some() && told.len() == 4);
}

#[test]
fn the_sample_village_has_its_month_before_it() {
    let (desk, _dir) = testing::sample();
    let home = november(&desk);
    assert_eq!(keys(&home)[..1], ["2026-10 report Late"]);
    assert_eq!(home.longest.len(), 6);
    assert!(home.longest.iter().all(|family| !family.head.is_empty() && family.group.is_some()));
    assert_eq!(pressing(&desk, Nothing {}).unwrap().n, home.duties.iter().filter(|d| d.lamp != Lamp::None).count());
}

fn meeting(desk: &Desk, kind: &str, on: &str) -> Uuid {
    put(desk, "meeting", json!({"meeting_kind": kind, "on": on}))
}

#[test]
fn a_branch_that_writes_its_meetings_here_is_told_which_are_still_due() {
    let (desk, _dir, [_, helper]) = small();
    put(
        &desk,
        "party_member",
        json!({"person": helper, "joined_on": "2001-07-01", "full_on": "2002-07-01", "class": "01"}),
    );
    assert!(of(&november(&desk), "branch").is_none(), "what was never written down here is nobody's duty");
    meeting(&desk, "theme_day", "2026-11-05");
    let home = november(&desk);
    let What::Branch { kinds, late } = &of(&home, "branch").unwrap().what else { panic!("meetings") };
    assert_eq!(
        (kinds.join(" "), *late),
        ("committee cell".into(), 0),
        "members and lecture are due in the quarter's last month"
    );
    meeting(&desk, "committee", "2026-11-10");
    meeting(&desk, "cell", "2026-11-11");
    assert!(of(&november(&desk), "branch").is_none());
}

#[test]
fn a_term_is_told_three_months_before_it_ends_and_a_change_of_hands_does_not_lengthen_it() {
    let (desk, _dir, [_, helper]) = small();
    let office =
        |until: &str| json!({"organ": "village_committee", "position": "主任", "person": helper, "term_until": until});
    let id = put(&desk, "office", office("2027-03-01"));
    assert!(of(&november(&desk), "term").is_none());
    desk.edit("save", |draft| draft.patch("office", id, [("term_until".to_owned(), json!("2027-01-15"))].into()))
        .unwrap();
    assert_eq!(of(&november(&desk), "term").unwrap().due, Some("2027-01-15".parse().unwrap()));
}

#[test]
fn the_stars_that_hang_are_looked_at_once_a_quarter() {
    let (desk, _dir, [household, _]) = small();
    let cycle = put(&desk, "star_cycle", json!({"name": "2025年度", "year": 2025}));
    put(&desk, "rating", json!({"cycle": cycle, "household": household, "stars": 0, "unrated_reason": "常年外出"}));
    let steps = ["plan", "self", "peer", "panel", "draft", "notice", "objections", "approval", "plaque"];
    for (i, step) in steps.iter().enumerate() {
        let on = format!("2026-0{}-1{}", 5 + i / 5, i % 5);
        let fields = json!({
            "cycle": cycle, "step": step, "on": on, "incomplete_why": "旧台账补录", "by": "村委会",
            "persons": ["甲", "乙", "丙"], "posted_from": "2026-05-01", "posted_until": "2026-05-31"
        });
        let fields: Fields = serde_json::from_value(fields).unwrap();
        desk.edit("save", |draft| {
            let id = draft.only_one("step", &[&cycle, &"", &"", step]);
            draft.patch("step", id, fields)
        })
        .unwrap();
    }
    let duty = of(&november(&desk), "star_check").unwrap().clone();
    assert_eq!(duty.due, Some("2026-12-31".parse().unwrap()));
    put(&desk, "star_check", json!({"cycle": cycle, "on": "2026-10-12"}));
    assert!(of(&november(&desk), "star_check").is_none());
}
