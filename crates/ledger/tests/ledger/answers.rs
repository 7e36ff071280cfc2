//! The township's word about a month's report: it alone says it, and a report that came back is mended and closed anew.

use lianhu_ledger::dates::Month;
use lianhu_ledger::records::{ReportAnswer, ReportAnswerId};
use lianhu_ledger::{Batch, BatchRef, Chain, Code, Ledger, Origin, Stamp};
use serde_json::json;
use tempfile::TempDir;
use uuid::Uuid;

use crate::{close_october, new_ledger, put, second, settle};

fn october() -> Month {
    "2026-10".parse().unwrap()
}

/// The township answers the closing that stands, in its own chain.
fn answer(ledger: &mut Ledger, accepted: bool, reason: Option<&str>) {
    let check_code = ledger.view().report(october()).unwrap().unwrap().check_code;
    let id = ledger.only_one("report_answer", &[&october(), &check_code]);
    let answer = ReportAnswer {
        id: ReportAnswerId(id),
        month: october(),
        check_code,
        accepted,
        reason: reason.map(str::to_owned),
        on: ledger.today(),
        note: None,
        gone: None,
    };
    let township = Chain { device: Uuid::from_u128(99), incarnation: 1 };
    let head = ledger.heads().unwrap().get(&township).copied();
    let said = |seq| township.at(seq);
    let bases: Vec<BatchRef> = head.into_iter().map(|head| said(head.seq)).collect();
    let batch = Batch {
        village: ledger.village(),
        at: said(head.map_or(1, |head| head.seq + 1)),
        op: "answer_report".into(),
        author: "township".into(),
        stamp: Stamp::at_ms(1_800_000_000_000),
        prev: head.map_or([0; 32], |head| head.hash),
        changes: vec![answer.change(&bases)],
        signature: Vec::new(),
    };
    ledger.apply(&[batch], Origin::There).unwrap();
}

#[test]
fn a_village_does_not_answer_its_own_report() {
    let folder = TempDir::new().unwrap();
    let mut ledger = new_ledger(&folder);
    let own = json!({"month": "2026-10", "check_code": "0A0A0A0A", "accepted": true, "on": "2026-11-05"});
    assert_eq!(put(&mut ledger, "report_answer", None, own), Err(Code::TownshipsOwn));
    close_october(&mut ledger);
    answer(&mut ledger, false, Some("数字对不上"));
    let id = ledger.view().returned_reports().unwrap()[0].id.0;
    assert_eq!(put(&mut ledger, "report_answer", Some(id), json!({"accepted": true})), Err(Code::TownshipsOwn));
    let voided = ledger.edit("void", "王文书", |draft| draft.void("report_answer", id, "不认"));
    assert_eq!(voided.unwrap_err().code(), Some(Code::TownshipsOwn));
}

#[test]
fn a_returned_report_is_opened_mended_and_closed_anew() {
    let folder = TempDir::new().unwrap();
    let mut ledger = new_ledger(&folder);
    let (household, cadre) = settle(&mut ledger);
    let visit = json!({"household": household, "visitor": cadre, "on": "2026-10-01"});
    let visit = put(&mut ledger, "visit", None, visit).unwrap();
    close_october(&mut ledger);
    assert_eq!(ledger.reopen(october(), "王文书").unwrap_err().code(), Some(Code::NotReturned));
    answer(&mut ledger, false, Some("走访少记一户"));
    let returned = ledger.view().returned_reports().unwrap();
    assert_eq!(returned[0].reason.as_deref(), Some("走访少记一户"));
    assert_eq!(put(&mut ledger, "visit", Some(visit), json!({"shared_meal": true})), Err(Code::MonthClosed));

    ledger.reopen(october(), "王文书").unwrap();
    assert_eq!(ledger.view().returned_reports().unwrap().len(), 1, "still to be mended");
    put(&mut ledger, "visit", Some(visit), json!({"shared_meal": true})).unwrap();
    assert_eq!(ledger.view().list("correction").unwrap().len(), 0, "an open month needs no correction");
    crate::close(&mut ledger, "BBBBBBBB");
    assert_eq!(ledger.view().returned_reports().unwrap(), [], "the new closing is not answered yet");
    assert_eq!(put(&mut ledger, "visit", Some(visit), json!({"did_chore": true})), Err(Code::MonthClosed));
    assert_eq!(ledger.verify().unwrap().problems, Vec::<String>::new());
}

#[test]
fn facts_mended_before_a_second_closing_are_no_question() {
    let folder = TempDir::new().unwrap();
    let mut ledger = new_ledger(&folder);
    let (household, cadre) = settle(&mut ledger);
    let visit = json!({"household": household, "visitor": cadre, "on": "2026-10-01"});
    let visit = put(&mut ledger, "visit", None, visit).unwrap();
    close_october(&mut ledger);
    answer(&mut ledger, false, Some("走访少记一户"));
    ledger.reopen(october(), "王文书").unwrap();
    put(&mut ledger, "visit", Some(visit), json!({"shared_meal": true})).unwrap();
    crate::close(&mut ledger, "BBBBBBBB");
    let mut other = second(&folder, &ledger);
    crate::exchange(&mut ledger, &mut other);
    assert_eq!(other.findings().unwrap(), []);
}

#[test]
fn a_report_that_nobody_answered_is_taken_back_and_closed_anew() {
    let folder = TempDir::new().unwrap();
    let mut ledger = new_ledger(&folder);
    assert_eq!(ledger.withdraw(october(), "王文书").unwrap_err().code(), Some(Code::NotClosed));
    let (household, cadre) = settle(&mut ledger);
    let visit = json!({"household": household, "visitor": cadre, "on": "2026-10-01"});
    let visit = put(&mut ledger, "visit", None, visit).unwrap();
    close_october(&mut ledger);
    let report = ledger.view().report(october()).unwrap().unwrap().id.0;
    let voided = ledger.edit("void", "王文书", |draft| draft.void("report", report, "不要了"));
    assert_eq!(voided.unwrap_err().code(), Some(Code::SealedRecord), "there is one way back");

    let taken_back = ledger.withdraw(october(), "王文书").unwrap().batch.unwrap();
    ledger.undo(taken_back, "王文书", None).unwrap();
    assert_eq!(put(&mut ledger, "visit", Some(visit), json!({"shared_meal": true})), Err(Code::MonthClosed));
    ledger.withdraw(october(), "王文书").unwrap();
    assert_eq!(ledger.view().report(october()).unwrap(), None);
    put(&mut ledger, "visit", Some(visit), json!({"shared_meal": true})).unwrap();
    assert_eq!(ledger.view().list("correction").unwrap().len(), 0, "an open month needs no correction");
    crate::close(&mut ledger, "BBBBBBBB");
    answer(&mut ledger, true, None);
    assert_eq!(ledger.withdraw(october(), "王文书").unwrap_err().code(), Some(Code::AlreadyAnswered));
    assert_eq!(ledger.verify().unwrap().problems, Vec::<String>::new());
}

#[test]
fn a_report_taken_back_while_it_was_being_accepted_is_open_and_both_are_told() {
    let folder = TempDir::new().unwrap();
    let mut ledger = new_ledger(&folder);
    close_october(&mut ledger);
    let mut desk = second(&folder, &ledger);
    crate::exchange(&mut ledger, &mut desk);
    ledger.withdraw(october(), "王文书").unwrap();
    answer(&mut desk, true, None);
    crate::exchange(&mut ledger, &mut desk);
    for ledger in [&ledger, &desk] {
        assert_eq!(ledger.view().report(october()).unwrap(), None);
        assert!(ledger.view().last_answer(october()).unwrap().unwrap().accepted);
        assert_eq!(ledger.view().returned_reports().unwrap(), []);
        assert_eq!(ledger.findings().unwrap(), []);
    }
}

#[test]
fn the_township_may_think_better_of_it() {
    let folder = TempDir::new().unwrap();
    let mut ledger = new_ledger(&folder);
    close_october(&mut ledger);
    answer(&mut ledger, false, Some("缺章"));
    answer(&mut ledger, true, None);
    let report = ledger.view().report(october()).unwrap().unwrap();
    let stands = ledger.view().answer_to(&report).unwrap().unwrap();
    assert_eq!((stands.accepted, stands.reason), (true, None));
    assert_eq!(ledger.view().returned_reports().unwrap(), []);
    assert_eq!(ledger.overtaken().unwrap().len(), 0, "one hand wrote both: nothing to settle");
    assert_eq!(ledger.reopen(october(), "王文书").unwrap_err().code(), Some(Code::NotReturned));
}
