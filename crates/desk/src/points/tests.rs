use lianhu_ledger::{Code, Draft, Fields};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::papers::make;
use super::*;
use crate::desk::Desk;
use crate::testing;

fn fields(json: &Json) -> Fields {
    json.as_object().unwrap().clone().into_iter().collect()
}

/// A household of the first group, with its head.
fn household(desk: &Desk, number: u32, head: &str) -> Uuid {
    let make = |draft: &mut Draft<'_>| {
        let group = draft.only_one("group", &[&"一组"]);
        draft.patch("group", group, fields(&json!({"name": "一组", "number": 1})))?;
        let household = draft.create("household", fields(&json!({"group": group, "number": number})))?;
        let person =
            fields(&json!({"name": head, "household": household, "phone": "10000000001", "health": "患有大病"}));
        let person = draft.create("person", person)?;
        draft.patch("household", household, fields(&json!({"head": person})))?;
        Ok(household)
    };
    desk.edit("put", make).unwrap().value
}

fn item(desk: &Desk, name: &str, sort: &str, points: u32) -> Uuid {
    let ask = json!({"name": name, "sort": sort, "points": points, "rule": "村规民约", "from": "2026-01-01"});
    save_item(desk, serde_json::from_value(ask).unwrap()).unwrap().value
}

fn enter(desk: &Desk, household: Uuid, item: Uuid, points: Option<u32>) -> crate::problem::Result<Uuid> {
    let ask = json!({
        "household": household, "item": item, "on": "2026-11-10", "points": points, "grounds": "清扫公路",
        "raters": ["王芳", " 潘忠德", "解德永", ""],
    });
    save(desk, serde_json::from_value(ask).unwrap()).map(|done| done.value)
}

fn page(desk: &Desk) -> PointsPage {
    look(desk, WhichPoints { year: 2026 }).unwrap()
}

#[test]
fn households_stand_by_number_whoever_has_most_and_an_item_gives_its_points_and_sign() {
    let (desk, _dir) = testing::empty();
    let (second, first) = (household(&desk, 2, "李文"), household(&desk, 1, "张文"));
    let (clean, litter) = (item(&desk, "打扫卫生", "gain", 5), item(&desk, "乱倒垃圾", "loss", 2));
    let soap = item(&desk, "换洗衣粉", "spend", 3);
    enter(&desk, second, clean, Some(9)).unwrap();
    enter(&desk, first, clean, None).unwrap();
    enter(&desk, first, litter, None).unwrap();
    enter(&desk, first, soap, None).unwrap();
    assert_eq!(enter(&desk, first, soap, None).unwrap_err().code(), Some(Code::PointsShort));
    let rows: Vec<_> =
        page(&desk).rows.into_iter().map(|r| (r.head.unwrap_or_default(), r.scored, r.spent, r.left)).collect();
    assert_eq!(rows, [("张文".to_owned(), 3, 3, 0), ("李文".to_owned(), 9, 0, 9)]);
}

#[test]
fn an_appeal_waits_and_once_upheld_the_entry_is_seen_and_counts_no_more() {
    let (desk, _dir) = testing::empty();
    let one = household(&desk, 1, "张文");
    let litter = item(&desk, "乱倒垃圾", "loss", 2);
    let id = enter(&desk, one, litter, None).unwrap();
    let appealed = json!({"id": id, "on": "2026-11-12", "by": " ", "why": "不是我家倒的"});
    appeal(&desk, serde_json::from_value(appealed).unwrap()).unwrap();
    assert_eq!(page(&desk).open_appeals, 1);
    let answered = json!({"id": id, "on": "2026-11-13", "answer": "查了，不是", "upheld": true});
    answer(&desk, serde_json::from_value(answered).unwrap()).unwrap();
    let (page, lines) = (page(&desk), entries(&desk, AskEntries { year: None, household: Some(one) }).unwrap());
    assert_eq!((page.open_appeals, page.rows[0].scored, page.rows[0].entries), (0, 0, 1));
    assert_eq!((lines[0].points, lines[0].upheld, lines[0].appealed_by.clone()), (-2, Some(true), None));
    assert_eq!(lines[0].raters, ["王芳", "潘忠德", "解德永"]);
}

#[test]
fn the_notice_holds_head_group_points_and_days_and_nothing_else() {
    let (desk, _dir) = testing::empty();
    let (one, two) = (household(&desk, 1, "张文"), household(&desk, 2, "龙兴"));
    let (clean, litter) = (item(&desk, "打扫卫生", "gain", 17), item(&desk, "乱倒垃圾", "loss", 2));
    enter(&desk, one, clean, None).unwrap();
    enter(&desk, two, litter, None).unwrap();
    let ask = json!({"year": 2026, "from": "2026-11-20", "until": "2026-11-27"});
    let (_, document) = make(&desk, serde_json::from_value(ask).unwrap()).unwrap();
    let said = serde_json::to_string(&document).unwrap();
    for word in ["张文", "一组", "17", "2026年11月20日", "2026年11月27日"] {
        assert!(said.contains(word), "{word}: {said}");
    }
    for word in ["龙兴", "打扫", "乱倒", "清扫公路", "王芳", "10000000001", "患有", "村规民约"] {
        assert!(!said.contains(word), "{word}: {said}");
    }
}

#[test]
fn a_village_without_items_has_an_empty_page_and_nothing_to_do() {
    let (desk, _dir) = testing::sample();
    let page = page(&desk);
    assert!(page.items.is_empty() && page.rows.is_empty() && page.open_appeals == 0);
    let home = serde_json::to_string(&crate::home::look(&desk, serde_json::from_value(json!({})).unwrap()).unwrap());
    assert!(!home.unwrap().contains("point"), "no duty speaks of points");
}
