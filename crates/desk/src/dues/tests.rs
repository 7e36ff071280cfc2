use lianhu_ledger::dates::Month;
use lianhu_ledger::{Code, Draft};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::papers::make;
use super::*;
use crate::desk::Desk;
use crate::problem::Result;
use crate::testing;

fn fields(json: &Json) -> lianhu_ledger::Fields {
    json.as_object().unwrap().clone().into_iter().collect()
}

fn member(desk: &Desk, name: &str) -> Uuid {
    let make = |draft: &mut Draft<'_>| {
        let person = draft.create("person", fields(&json!({"name": name, "phone": "10000000001"})))?;
        draft.create("party_member", fields(&json!({"person": person, "cell": "第一党小组"})))
    };
    desk.edit("put", make).unwrap().value
}

fn base(members: &[Uuid], payer: &str, income: Option<u32>, fixed: Option<u32>) -> SaveBase {
    let typed =
        json!({"members": members, "from": "2026-01", "payer": payer, "income_fen": income, "fixed_fen": fixed});
    serde_json::from_value(typed).unwrap()
}

fn payment(member: Uuid, month: u32, fen: u32, seen: Option<u32>) -> Payment {
    let month = Month::new(2026, month).unwrap();
    let typed = json!({"member": member, "month": month, "fen": fen, "paid_on": "2026-11-05", "collected_by": "王芳", "receipt": "017", "seen": seen});
    serde_json::from_value(typed).unwrap()
}

fn of_year(desk: &Desk) -> DuesYear {
    year(desk, WhichDuesYear { year: 2026 }).unwrap()
}

#[test]
fn a_year_paid_at_one_go_is_one_step_and_leaves_nobody_behind() {
    let (desk, _dir) = testing::empty();
    let id = member(&desk, "张文");
    save_base(&desk, base(&[id], "farmer", None, Some(50))).unwrap();
    let before = of_year(&desk);
    assert_eq!((before.due, before.paid, before.unknown), (1, 0, 0));
    assert_eq!((before.rows[0].owed.len(), before.rows[0].owed_fen), (10, 500), "November can still be paid in time");
    let done = pay(&desk, SavePayments { payments: (1..=12).map(|m| payment(id, m, 50, None)).collect() }).unwrap();
    assert_eq!(done.value, 12);
    let after = of_year(&desk);
    assert_eq!((after.paid, after.rows[0].owed.len()), (1, 0));
    let step = crate::history::UndoStep { batch: done.batch.unwrap(), correct: None };
    crate::history::undo(&desk, step).unwrap();
    assert_eq!(of_year(&desk), before);
}

#[test]
fn a_sum_that_was_entered_elsewhere_is_not_written_over_unseen_and_a_voided_one_can_be_paid() {
    let (desk, _dir) = testing::empty();
    let id = member(&desk, "张文");
    pay(&desk, SavePayments { payments: vec![payment(id, 3, 50, None)] }).unwrap();
    let unseen = pay(&desk, SavePayments { payments: vec![payment(id, 3, 60, None)] });
    assert_eq!(unseen.unwrap_err().code(), Some(Code::ChangedMeanwhile));
    pay(&desk, SavePayments { payments: vec![payment(id, 3, 60, Some(50))] }).unwrap();
    let march = Month::new(2026, 3).unwrap();
    let void = |reason: &str| void(&desk, VoidPayment { member: id, month: march, reason: reason.into() });
    assert_eq!(void(" ").unwrap_err().code(), Some(Code::ReasonMissing));
    void("记错了人").unwrap();
    assert_eq!(of_year(&desk).rows[0].months[2].paid, None);
    pay(&desk, SavePayments { payments: vec![payment(id, 3, 40, None)] }).unwrap();
    assert_eq!(of_year(&desk).rows[0].months[2].paid, Some(40));
}

#[test]
fn one_relief_is_written_once_however_it_is_typed_again() {
    let (desk, _dir) = testing::empty();
    let id = member(&desk, "张文");
    let relief = || {
        let mut ask = base(&[id], "farmer", None, Some(50));
        let typed = json!({"to_fen": 0, "decided_by": "支委会 ", "why": " ", "until": null});
        ask.relief = Some(serde_json::from_value(typed).unwrap());
        save_base(&desk, ask).unwrap()
    };
    assert!(relief().batch.is_some());
    assert_eq!(relief().batch, None, "nothing differs");
    let row = of_year(&desk).rows.remove(0);
    assert_eq!((row.months[0].asked, row.owed.len()), (DuesAsked::LetOff, 0));
    assert_eq!(row.base.unwrap().relief_by.as_deref(), Some("支委会"));
}

#[test]
fn a_large_extra_at_once_is_marked_to_go_up_also_when_it_is_spread_over_months() {
    let (desk, _dir) = testing::empty();
    let id = member(&desk, "张文");
    save_base(&desk, base(&[id], "farmer", None, Some(50))).unwrap();
    let two = vec![payment(id, 1, 50_050, None), payment(id, 2, 50_051, None)];
    pay(&desk, SavePayments { payments: two }).unwrap();
    assert_eq!(of_year(&desk).rows[0].forward, [1]);
    let apart = Payment { receipt: "018".into(), seen: Some(50_051), ..payment(id, 2, 50_051, None) };
    pay(&desk, SavePayments { payments: vec![apart] }).unwrap();
    assert_eq!(of_year(&desk).rows[0].forward, [0u32; 0], "two gifts, neither above the rule");
}

fn said(desk: &Desk, paper: DuesPaper) -> Result<String> {
    let (_, document) = make(desk, WhichDuesPaper { year: 2026, paper, word: false })?;
    Ok(serde_json::to_string(&document).unwrap())
}

#[test]
fn papers_hold_names_sums_and_days_and_nothing_they_were_reckoned_from() {
    let (desk, _dir) = testing::empty();
    let id = member(&desk, "张文");
    let other = member(&desk, "李文");
    save_base(&desk, base(&[id], "salaried", Some(432_100), None)).unwrap();
    let mut relief = base(&[other], "low_income", None, None);
    let typed = json!({"to_fen": 0, "decided_by": "支委会", "why": "大病", "until": null});
    relief.relief = Some(serde_json::from_value(typed).unwrap());
    save_base(&desk, relief).unwrap();
    pay(&desk, SavePayments { payments: (1..=3).map(|m| payment(id, m, 4321, None)).collect() }).unwrap();
    let march = Month::new(2026, 3).unwrap();
    let papers =
        [DuesPaper::Sheet, DuesPaper::Receipt { member: id, month: march }, DuesPaper::YearReceipt { member: id }];
    for paper in papers {
        let text = said(&desk, paper).unwrap();
        assert!(text.contains("张文"), "{text}");
        let never = ["4321.00", "432100", "大病", "低保", "在职", "支委会", "10000000001", "salaried"];
        assert_eq!(never.iter().filter(|word| text.contains(**word)).collect::<Vec<_>>(), [&""; 0], "{text}");
    }
    let receipt = said(&desk, DuesPaper::Receipt { member: id, month: march }).unwrap();
    assert!(receipt.contains("2026年1—3月（共3个月）") && receipt.contains("129.63元"), "{receipt}");
    assert!(!receipt.contains("李文"), "a receipt is one person's");
    let nothing = said(&desk, DuesPaper::YearReceipt { member: other });
    assert_eq!(nothing.unwrap_err().code(), Some(Code::NoSuchRecord));
}

#[test]
fn the_sample_branch_has_forty_six_rows_and_nothing_is_known_of_any() {
    let (desk, _dir) = testing::sample();
    let year = of_year(&desk);
    assert_eq!((year.rows.len(), year.due, year.paid, year.unknown), (46, 46, 0, 46));
    assert!(year.rows.iter().all(|row| row.owed.is_empty()), "what is not known is not owed");
    assert_eq!((year.farmer_range, year.forward_above), (Some((20, 100)), Some(100_000)));
}
