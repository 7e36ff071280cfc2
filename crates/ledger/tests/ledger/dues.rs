//! 党费 on one computer and on two.

use lianhu_ledger::dates::Month;
use lianhu_ledger::records::dues::{Due, DuesCount, MemberYear};
use lianhu_ledger::{Code, Ledger, Origin};
use serde_json::{Value as Json, json};
use tempfile::TempDir;
use uuid::Uuid;

use crate::{dump, exchange, new_ledger, put, second};

fn member(ledger: &mut Ledger, name: &str, standing: Json) -> Uuid {
    let person = put(ledger, "person", None, json!({"name": name})).unwrap();
    let mut fields = json!({"person": person});
    fields.as_object_mut().unwrap().extend(standing.as_object().unwrap().clone());
    put(ledger, "party_member", None, fields).unwrap()
}

fn farmer(ledger: &mut Ledger, member: Uuid, from: &str, fen: u32) -> Uuid {
    let base = json!({"member": member, "from": from, "payer": "farmer", "fixed_fen": fen});
    put(ledger, "dues_base", None, base).unwrap()
}

fn pay(ledger: &mut Ledger, member: Uuid, month: &str, fen: u32) -> Result<Uuid, Code> {
    put(ledger, "dues", None, json!({"member": member, "month": month, "fen": fen, "paid_on": "2026-11-05"}))
}

fn month(text: &str) -> Month {
    text.parse().unwrap()
}

fn row(ledger: &Ledger, of: Uuid) -> MemberYear {
    let rows = ledger.view().dues_year(2026).unwrap();
    rows.into_iter().find(|row| row.member.id.0 == of).expect("stood in 2026")
}

/// By month, 1 to 12: `-` not asked, `?` unknown, else fen.
fn asked(ledger: &Ledger, of: Uuid) -> Vec<String> {
    let told = |due: Due| match due {
        Due::NotAsked => "-".to_owned(),
        Due::Unknown => "?".to_owned(),
        Due::Fen(fen) => fen.to_string(),
    };
    row(ledger, of).months.iter().map(|cell| told(cell.due)).collect()
}

#[test]
fn a_member_is_asked_for_the_months_that_end_with_them_in_the_branch() {
    let folder = TempDir::new().unwrap();
    let mut ledger = new_ledger(&folder);
    let check = |ledger: &mut Ledger, standing: Json, wanted: &str| {
        let id = member(ledger, "张文", standing.clone());
        farmer(ledger, id, "2025-01", 50);
        assert_eq!(asked(ledger, id).concat().replace("50", "x"), wanted, "{standing}");
    };
    check(&mut ledger, json!({"joined_on": "1998-07-01"}), "xxxxxxxxxxxx");
    check(&mut ledger, json!({"joined_on": "2026-06-20", "class": "02"}), "-----xxxxxxx");
    check(&mut ledger, json!({"came_on": "2026-03-15"}), "--xxxxxxxxxx");
    check(&mut ledger, json!({"left_on": "2026-09-10"}), "xxxxxxxx----");
    check(&mut ledger, json!({"joined_on": "2026"}), "???????????x");
}

#[test]
fn who_died_is_asked_no_more_and_who_left_before_the_year_has_no_row() {
    let folder = TempDir::new().unwrap();
    let mut ledger = new_ledger(&folder);
    let id = member(&mut ledger, "张文", json!({}));
    farmer(&mut ledger, id, "2026-01", 50);
    let person = row(&ledger, id).member.person.0;
    put(&mut ledger, "person", Some(person), json!({"died_on": "2026-04-02"})).unwrap();
    assert_eq!(asked(&ledger, id)[..5], ["50", "50", "50", "-", "-"]);
    member(&mut ledger, "李文", json!({"left_on": "2025-12-31"}));
    assert_eq!(ledger.view().dues_year(2026).unwrap().len(), 1);
}

#[test]
fn a_new_base_holds_from_its_month_and_before_the_first_nothing_is_known() {
    let folder = TempDir::new().unwrap();
    let mut ledger = new_ledger(&folder);
    let id = member(&mut ledger, "张文", json!({}));
    farmer(&mut ledger, id, "2026-03", 20);
    farmer(&mut ledger, id, "2026-05", 100);
    assert_eq!(asked(&ledger, id)[..6], ["?", "?", "20", "20", "100", "100"]);
    let owed: Vec<String> = row(&ledger, id).owed("2026-06-10".parse().unwrap()).map(|c| c.month.to_string()).collect();
    assert_eq!(owed, ["2026-03", "2026-04", "2026-05"], "June can still be paid in time, January is unknown");
}

#[test]
fn the_report_counts_heads_and_says_of_whom_nothing_is_known() {
    let folder = TempDir::new().unwrap();
    let mut ledger = new_ledger(&folder);
    let october = month("2026-10");
    let ids: Vec<Uuid> =
        ["甲", "乙", "丙", "丁", "戊"].into_iter().map(|name| member(&mut ledger, name, json!({}))).collect();
    assert_eq!(ledger.view().dues_of(october).unwrap(), DuesCount { due: 5, paid: 0, unknown: 5 });
    for id in &ids[..4] {
        farmer(&mut ledger, *id, "2026-01", 50);
    }
    let relief = json!({"to_fen": 0, "decided_by": "支委会"});
    put(
        &mut ledger,
        "dues_base",
        None,
        json!({"member": ids[3], "from": "2026-01", "payer": "farmer", "relief": relief}),
    )
    .unwrap();
    pay(&mut ledger, ids[0], "2026-10", 50).unwrap();
    pay(&mut ledger, ids[1], "2026-10", 30).unwrap();
    assert_eq!(ledger.view().dues_of(october).unwrap(), DuesCount { due: 4, paid: 1, unknown: 1 });
    pay(&mut ledger, ids[4], "2026-10", 50).unwrap();
    assert_eq!(ledger.view().dues_of(october).unwrap(), DuesCount { due: 4, paid: 2, unknown: 1 });
}

#[test]
fn what_cannot_be_is_refused() {
    let folder = TempDir::new().unwrap();
    let mut ledger = new_ledger(&folder);
    let id = member(&mut ledger, "张文", json!({"left_on": "2026-09-10"}));
    assert_eq!(pay(&mut ledger, id, "2026-11", 50), Err(Code::Unfit), "of the branch no more");
    assert_eq!(pay(&mut ledger, id, "2026-01", 0), Err(Code::Unfit));
    pay(&mut ledger, id, "2026-09", 50).expect("paid before they went");
    let mut dues = |fields: Json| put(&mut ledger, "dues", None, fields);
    let ahead = json!({"member": id, "month": "2026-01", "fen": 50, "paid_on": "2026-11-06"});
    assert_eq!(dues(ahead), Err(Code::FutureDate));
    assert_eq!(dues(json!({"member": id, "month": "2026-01", "fen": 50})), Err(Code::Missing));
    let mut base = |more: Json| {
        let mut fields = json!({"member": id, "from": "2026-01", "payer": "farmer"});
        fields.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        put(&mut ledger, "dues_base", None, fields)
    };
    assert_eq!(base(json!({"fixed_fen": 19})), Err(Code::Unfit), "below the range");
    assert_eq!(base(json!({"fixed_fen": 101})), Err(Code::Unfit), "above the range");
    assert_eq!(base(json!({"income_fen": 300_000})), Err(Code::Unfit), "a farmer has no monthly base");
    assert_eq!(base(json!({"payer": "salaried", "fixed_fen": 50})), Err(Code::Unfit));
    let unnamed = json!({"fixed_fen": 50, "relief": {"to_fen": 0, "decided_by": " "}});
    assert_eq!(base(unnamed), Err(Code::Missing), "nobody is let off without a name");
    let more = json!({"fixed_fen": 50, "relief": {"to_fen": 60, "decided_by": "支委会"}});
    assert_eq!(base(more), Err(Code::Unfit), "a relief does not ask for more");
}

#[test]
fn one_month_entered_on_two_computers_is_one_payment_and_two_sums_are_asked_about() {
    let folder = TempDir::new().unwrap();
    let mut a = new_ledger(&folder);
    let id = member(&mut a, "张文", json!({}));
    farmer(&mut a, id, "2026-01", 50);
    let mut b = second(&folder, &a);
    b.apply(&a.batches().unwrap(), Origin::There).unwrap();
    let same = (pay(&mut a, id, "2026-09", 50).unwrap(), pay(&mut b, id, "2026-09", 50).unwrap());
    let differ = (pay(&mut a, id, "2026-10", 50).unwrap(), pay(&mut b, id, "2026-10", 60).unwrap());
    assert_eq!((same.0, differ.0), (same.1, differ.1), "one record for a member and a month");
    exchange(&mut a, &mut b);
    assert_eq!(dump(&a), dump(&b));
    let paid = |l: &Ledger| row(l, id).months.iter().filter(|cell| cell.paid.is_some()).count();
    assert_eq!((paid(&a), paid(&b)), (2, 2), "nothing is counted twice");
    let open = a.overtaken().unwrap();
    assert_eq!((open.len(), b.overtaken().unwrap()), (1, open.clone()), "only where the sums differ");
    assert_eq!((open[0].id, open[0].field.as_str()), (differ.0, "fen"));
    a.settle(&open[0], true, "王文书").unwrap();
    exchange(&mut a, &mut b);
    assert_eq!((a.overtaken().unwrap(), b.overtaken().unwrap()), (vec![], vec![]));
    assert_eq!(dump(&a), dump(&b));
}
