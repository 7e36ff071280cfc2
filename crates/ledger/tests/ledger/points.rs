//! 积分 on one computer and on two.

use lianhu_ledger::records::HouseholdId;
use lianhu_ledger::records::point_entry::Points;
use lianhu_ledger::{Code, Ledger, Origin};
use serde_json::{Value as Json, json};
use tempfile::TempDir;
use uuid::Uuid;

use crate::{dump, exchange, new_ledger, put, second, settle};

fn item(ledger: &mut Ledger, name: &str, sort: &str, points: u32) -> Uuid {
    let fields = json!({"name": name, "sort": sort, "points": points, "rule": "村规民约", "from": "2026-01-01"});
    put(ledger, "point_item", None, fields).unwrap()
}

fn entry(ledger: &mut Ledger, household: Uuid, item: Uuid, points: i64, more: Json) -> Result<Uuid, Code> {
    let mut fields = json!({
        "household": household, "item": item, "on": "2026-11-01", "points": points, "grounds": "清扫公路",
        "raters": ["王芳", "潘忠德", "解德永"],
    });
    fields.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    put(ledger, "point_entry", None, fields)
}

fn points(ledger: &Ledger, household: Uuid) -> Points {
    let view = ledger.view();
    let entries = view.points_of(HouseholdId(household)).unwrap();
    Points::of(&entries, &view.point_sorts().unwrap())
}

#[test]
fn three_rate_on_grounds_and_by_an_item_that_holds() {
    let folder = TempDir::new().unwrap();
    let mut ledger = new_ledger(&folder);
    let (household, _) = settle(&mut ledger);
    let clean = item(&mut ledger, "打扫公共卫生", "gain", 5);
    let litter = item(&mut ledger, "乱倒垃圾", "loss", 2);
    let mut check = |item: Uuid, points: i64, more: Json, code: Code| {
        assert_eq!(entry(&mut ledger, household, item, points, more.clone()), Err(code), "{points} {more}");
    };
    check(clean, 5, json!({"raters": ["王芳", "潘忠德"]}), Code::FewRaters);
    check(clean, 5, json!({"raters": ["王芳", "王芳 ", "潘忠德"]}), Code::FewRaters);
    check(clean, 5, json!({"grounds": null}), Code::Missing);
    check(clean, 5, json!({"on": "2025-12-31"}), Code::Unfit);
    check(clean, 5, json!({"on": "2026-12-31"}), Code::FutureDate);
    check(clean, -5, json!({}), Code::Unfit);
    check(litter, 2, json!({}), Code::Unfit);
    check(clean, 5, json!({"answered": {"on": "2026-11-02", "answer": "属实", "upheld": true}}), Code::Missing);
    entry(&mut ledger, household, clean, 8, json!({})).expect("as typed, not as the item says");
    entry(&mut ledger, household, litter, -2, json!({})).unwrap();
    assert_eq!(points(&ledger, household), Points { scored: 6, spent: 0 });
}

#[test]
fn an_upheld_appeal_takes_an_entry_out_of_the_sum_and_leaves_it_in_sight() {
    let folder = TempDir::new().unwrap();
    let mut ledger = new_ledger(&folder);
    let (household, _) = settle(&mut ledger);
    let litter = item(&mut ledger, "乱倒垃圾", "loss", 2);
    let id = entry(&mut ledger, household, litter, -2, json!({})).unwrap();
    let mut patch = |fields: Json| put(&mut ledger, "point_entry", Some(id), fields);
    let early = json!({"appealed": {"on": "2026-10-31", "why": "不是我家倒的"}});
    assert_eq!(patch(early), Err(Code::DatesReversed));
    patch(json!({"appealed": {"on": "2026-11-02", "why": "不是我家倒的"}})).unwrap();
    patch(json!({"answered": {"on": "2026-11-03", "answer": "查了，属实", "upheld": false}})).unwrap();
    assert_eq!(points(&ledger, household).scored, -2, "not upheld: it stands");
    let upheld = json!({"answered": {"on": "2026-11-03", "answer": "查了，不是", "upheld": true}});
    put(&mut ledger, "point_entry", Some(id), upheld).unwrap();
    assert_eq!(points(&ledger, household).scored, 0);
    assert_eq!(ledger.view().points_in(2026).unwrap().len(), 1);
}

#[test]
fn what_was_entered_by_an_item_stays_what_it_was() {
    let folder = TempDir::new().unwrap();
    let mut ledger = new_ledger(&folder);
    let (household, _) = settle(&mut ledger);
    let clean = item(&mut ledger, "打扫公共卫生", "gain", 5);
    entry(&mut ledger, household, clean, 5, json!({})).unwrap();
    let mut change = |fields: Json| put(&mut ledger, "point_item", Some(clean), fields);
    assert_eq!(change(json!({"sort": "loss"})), Err(Code::Unfit));
    assert_eq!(change(json!({"until": "2026-10-31"})), Err(Code::Unfit));
    assert_eq!(change(json!({"points": 0})), Err(Code::Unfit));
    change(json!({"points": 3, "until": "2026-11-30"})).unwrap();
    assert_eq!(points(&ledger, household).scored, 5);
}

#[test]
fn no_more_is_spent_than_was_gained_in_the_year() {
    let folder = TempDir::new().unwrap();
    let mut ledger = new_ledger(&folder);
    let (household, _) = settle(&mut ledger);
    let clean = item(&mut ledger, "打扫公共卫生", "gain", 5);
    let soap = item(&mut ledger, "换洗衣粉", "spend", 5);
    let handed = json!({"raters": ["王芳"]});
    assert_eq!(entry(&mut ledger, household, soap, -5, handed.clone()), Err(Code::PointsShort));
    entry(&mut ledger, household, clean, 5, json!({})).unwrap();
    let id = entry(&mut ledger, household, soap, -5, handed.clone()).expect("one name hands over");
    assert_eq!(entry(&mut ledger, household, soap, -1, handed), Err(Code::PointsShort));
    assert_eq!(put(&mut ledger, "point_entry", Some(id), json!({"points": -6})), Err(Code::PointsShort));
    assert_eq!(points(&ledger, household), Points { scored: 5, spent: 5 });
}

#[test]
fn the_same_points_spent_on_two_computers_are_asked_about() {
    let folder = TempDir::new().unwrap();
    let mut a = new_ledger(&folder);
    let (household, _) = settle(&mut a);
    let clean = item(&mut a, "打扫公共卫生", "gain", 5);
    let soap = item(&mut a, "换洗衣粉", "spend", 5);
    entry(&mut a, household, clean, 5, json!({})).unwrap();
    let mut b = second(&folder, &a);
    b.apply(&a.batches().unwrap(), Origin::There).unwrap();
    let handed = json!({"raters": ["王芳"]});
    entry(&mut a, household, soap, -5, handed.clone()).unwrap();
    let later = entry(&mut b, household, soap, -5, handed).unwrap();
    exchange(&mut a, &mut b);
    assert_eq!(dump(&a), dump(&b));
    assert_eq!(points(&a, household).left(), -5, "neither is dropped");
    let open = a.findings().unwrap();
    assert_eq!(open, b.findings().unwrap());
    let told: Vec<_> = open.iter().map(|f| (f.rule, f.details["year"].as_str(), f.details["over"].as_str())).collect();
    assert_eq!(told, [("points_overspent", "2026", "5")]);
    b.edit("void", "王文书", |draft| draft.void("point_entry", later, "一份东西记了两次")).unwrap();
    exchange(&mut a, &mut b);
    assert_eq!((a.findings().unwrap(), points(&a, household).left()), (vec![], 0));
}
