//! The branch's own registers on two computers.

use lianhu_ledger::{Code, Ledger, Origin};
use serde_json::json;
use tempfile::TempDir;
use uuid::Uuid;

use crate::{dump, exchange, new_ledger, put, second};

fn members(ledger: &mut Ledger, n: usize) -> Vec<Uuid> {
    let member = |i: usize| {
        let person = put(ledger, "person", None, json!({"name": format!("党员{i}")})).unwrap();
        let fields = json!({"person": person, "class": "01", "joined_on": "2001-07-01", "full_on": "2002-07-01"});
        put(ledger, "party_member", None, fields).unwrap()
    };
    (0..n).map(member).collect()
}

fn rules(ledger: &Ledger) -> Vec<&'static str> {
    ledger.findings().unwrap().iter().map(|finding| finding.rule).collect()
}

fn grade(ledger: &mut Ledger, appraisal: Uuid, member: Uuid, grade: &str) -> Result<(), Code> {
    let id =
        ledger.edit("appraisal", "王文书", |draft| Ok(draft.only_one("appraised", &[&appraisal, &member]))).unwrap();
    let fields = json!({"appraisal": appraisal, "member": member, "grade": grade});
    put(ledger, "appraised", Some(id.value), fields).map(|_| ())
}

#[test]
fn a_third_on_each_computer_is_more_than_a_third_together() {
    let folder = TempDir::new().unwrap();
    let mut a = new_ledger(&folder);
    let members = members(&mut a, 6);
    let appraisal = put(&mut a, "appraisal", None, json!({"year": 2026})).unwrap();
    let mut b = second(&folder, &a);
    b.apply(&a.batches().unwrap(), Origin::There).unwrap();
    for (ledger, own) in [(&mut a, &members[..3]), (&mut b, &members[3..])] {
        grade(ledger, appraisal, own[0], "excellent").unwrap();
        grade(ledger, appraisal, own[1], "excellent").unwrap();
        assert_eq!(grade(ledger, appraisal, own[2], "excellent"), Err(Code::TooManyExcellent), "two of six");
    }
    exchange(&mut a, &mut b);
    assert_eq!(dump(&a), dump(&b));
    assert_eq!((rules(&a), rules(&b)), (vec!["too_many_excellent"], vec!["too_many_excellent"]));
    put(&mut b, "appraisal", Some(appraisal), json!({"over_why": "防汛抢险，镇党委同意"})).unwrap();
    exchange(&mut a, &mut b);
    assert_eq!(rules(&a), Vec::<&str>::new());
}

#[test]
fn two_units_put_under_each_other_on_two_computers_are_asked_about() {
    let folder = TempDir::new().unwrap();
    let mut a = new_ledger(&folder);
    let unit = |name: &str| json!({"name": name, "unit_kind": "cell"});
    let first = put(&mut a, "org_unit", None, unit("第一党小组")).unwrap();
    let other = put(&mut a, "org_unit", None, unit("第二党小组")).unwrap();
    let mut b = second(&folder, &a);
    b.apply(&a.batches().unwrap(), Origin::There).unwrap();
    put(&mut a, "org_unit", Some(first), json!({"parent": other})).unwrap();
    assert_eq!(put(&mut a, "org_unit", Some(other), json!({"parent": first})), Err(Code::InItself));
    put(&mut b, "org_unit", Some(other), json!({"parent": first})).unwrap();
    exchange(&mut a, &mut b);
    assert_eq!(dump(&a), dump(&b));
    assert_eq!(rules(&a), ["unit_in_itself", "unit_in_itself"]);
    put(&mut a, "org_unit", Some(first), json!({"parent": null})).unwrap();
    exchange(&mut a, &mut b);
    assert_eq!(rules(&b), Vec::<&str>::new());
}

#[test]
fn one_roll_call_on_two_computers_is_one_entry_a_person() {
    let folder = TempDir::new().unwrap();
    let mut a = new_ledger(&folder);
    members(&mut a, 1);
    let person = a.view().all::<lianhu_ledger::records::PartyMember>().unwrap()[0].person.0;
    let meeting = put(&mut a, "meeting", None, json!({"meeting_kind": "theme_day", "on": "2026-11-01"})).unwrap();
    let mut b = second(&folder, &a);
    b.apply(&a.batches().unwrap(), Origin::There).unwrap();
    for (ledger, why) in [(&mut a, None), (&mut b, Some("生病"))] {
        let id =
            ledger.edit("roll_call", "王文书", |draft| Ok(draft.only_one("attendance", &[&meeting, &"", &person])));
        let fields = json!({"meeting": meeting, "person": person, "absent_why": why});
        put(ledger, "attendance", Some(id.unwrap().value), fields).unwrap();
    }
    exchange(&mut a, &mut b);
    assert_eq!(dump(&a), dump(&b));
    assert_eq!(a.view().attendance(lianhu_ledger::records::MeetingId(meeting)).unwrap().len(), 1);
}
