//! The ledger through its own door: what is written is read, merged, undone, closed, checked.

#![allow(clippy::unwrap_used)]

mod answers;
mod branch;
mod dues;
mod exchange;
mod points;
mod settling;
mod stars;

use std::path::Path;

use lianhu_ledger::dates::Month;
use lianhu_ledger::records::{Household, Person, Visit};
use lianhu_ledger::{Batch, Closing, Code, Fields, FixedEdge, Founding, Frozen, Key, Ledger, Origin};
use serde_json::json;
use tempfile::TempDir;
use uuid::Uuid;

fn edge(seed: u64) -> Box<FixedEdge> {
    Box::new(FixedEdge::on("2026-11-05".parse().unwrap(), seed))
}

fn founding() -> Founding<'static> {
    Founding { village: "禾坪村", code: "990101102207", township: "松河镇", clerk: "王文书" }
}

fn new_ledger(folder: &TempDir) -> Ledger {
    Ledger::create(&folder.path().join("a.lianhu"), None, &founding(), edge(1)).unwrap()
}

fn fields(json: serde_json::Value) -> Fields {
    serde_json::from_value(json).unwrap()
}

fn put(ledger: &mut Ledger, kind: &str, id: Option<Uuid>, json: serde_json::Value) -> Result<Uuid, Code> {
    let saved = ledger.edit("put", "王文书", |draft| match id {
        Some(id) => draft.patch(kind, id, fields(json)).map(|()| id),
        None => draft.create(kind, fields(json)),
    });
    saved.map(|s| s.value).map_err(|e| e.code().unwrap_or_else(|| panic!("{e}")))
}

/// A household with a head, and a cadre.
fn settle(ledger: &mut Ledger) -> (Uuid, Uuid) {
    let group = put(ledger, "group", None, json!({"name": "一组", "number": 1})).unwrap();
    let household = put(ledger, "household", None, json!({"group": group, "number": 1})).unwrap();
    let cadre = put(ledger, "person", None, json!({"name": "陆永平", "unit": "松河镇人民政府"})).unwrap();
    (household, cadre)
}

fn dump(ledger: &Ledger) -> String {
    let mut out = Vec::new();
    ledger.dump(&mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// Another computer, whose clock is a minute ahead.
fn second(folder: &TempDir, of: &Ledger) -> Ledger {
    let mut edge = edge(2);
    edge.ms += 60_000;
    Ledger::join(&folder.path().join("b.lianhu"), None, of.village(), edge).unwrap()
}

fn exchange(a: &mut Ledger, b: &mut Ledger) {
    let (from_a, from_b) = (a.batches().unwrap(), b.batches().unwrap());
    a.apply(&from_b, Origin::There).unwrap();
    b.apply(&from_a, Origin::There).unwrap();
}

#[test]
fn what_is_put_is_read_back_with_codes_for_labels() {
    let folder = TempDir::new().unwrap();
    let mut ledger = new_ledger(&folder);
    let (household, _) = settle(&mut ledger);
    let id = put(
        &mut ledger,
        "person",
        None,
        json!({"name": " 张 文 ", "household": household, "sex": "男", "relation": "户主"}),
    )
    .unwrap();
    let person: Person = ledger.view().get(id).unwrap().unwrap();
    assert_eq!(person.sex.unwrap().code(), "1");
    assert_eq!(person.relation.unwrap().label(), "户主");
    assert_eq!(person.household.unwrap().0, household);
}

#[test]
fn a_patch_changes_only_what_it_names() {
    let folder = TempDir::new().unwrap();
    let mut ledger = new_ledger(&folder);
    let (household, _) = settle(&mut ledger);
    put(&mut ledger, "household", Some(household), json!({"phone": "10000000001"})).unwrap();
    let household: Household = ledger.view().get(household).unwrap().unwrap();
    assert_eq!((household.number, household.phone.as_deref()), (Some(1), Some("10000000001")));
}

#[test]
fn bad_input_is_refused_by_name_and_nothing_is_written() {
    let folder = TempDir::new().unwrap();
    let mut ledger = new_ledger(&folder);
    let (household, cadre) = settle(&mut ledger);
    let before = dump(&ledger);
    let mut check =
        |kind: &str, json: serde_json::Value, code: Code| assert_eq!(put(&mut ledger, kind, None, json), Err(code));
    check("people", json!({}), Code::UnknownKind);
    check("person", json!({"nam": "x"}), Code::UnknownField);
    check("person", json!({"name": ""}), Code::Unfit);
    check("person", json!({"name": "\u{200b}"}), Code::Unfit);
    check("person", json!({"name": 5}), Code::Unfit);
    check("person", json!({}), Code::NothingToDo);
    check("person", json!({"sex": "男"}), Code::Missing);
    check("person", json!({"name": "张文", "sex": "雄"}), Code::Unfit);
    check("person", json!({"name": "张文", "id_number": "990101199102116657"}), Code::BadResidentId);
    check("visit", json!({"household": household, "visitor": cadre, "on": "2026-02-30"}), Code::Unfit);
    check("visit", json!({"household": household, "visitor": cadre, "on": "2026-12-01"}), Code::FutureDate);
    check("visit", json!({"household": household, "on": "2026-10-01"}), Code::Missing);
    check("visit", json!({"household": Uuid::nil(), "visitor": cadre, "on": "2026-10-01"}), Code::NoSuchTarget);
    check("meeting", json!({"meeting_kind": "群众大会", "on": "2026-10-18", "present": -1}), Code::Unfit);
    check("meeting", json!({"meeting_kind": "群众大会", "on": "2026-10-18", "present": 1.5}), Code::Unfit);
    check(
        "meeting",
        json!({"meeting_kind": "群众大会", "on": "2026-10-18", "present": 9_007_199_254_740_993_u64}),
        Code::Unfit,
    );
    assert_eq!(dump(&ledger), before);
}

#[test]
fn two_computers_that_change_different_fields_merge_without_a_word() {
    let folder = TempDir::new().unwrap();
    let mut a = new_ledger(&folder);
    let (household, _) = settle(&mut a);
    let mut b = second(&folder, &a);
    exchange(&mut a, &mut b);
    put(&mut a, "household", Some(household), json!({"phone": "10000000001"})).unwrap();
    put(&mut b, "household", Some(household), json!({"address": "河边"})).unwrap();
    exchange(&mut a, &mut b);
    assert_eq!(dump(&a), dump(&b));
    assert!(dump(&a).contains("河边") && dump(&a).contains("10000000001"));
    assert_eq!(a.overtaken().unwrap(), []);
}

#[test]
fn one_field_on_two_computers_keeps_both_and_settling_ends_it() {
    let folder = TempDir::new().unwrap();
    let mut a = new_ledger(&folder);
    let (household, _) = settle(&mut a);
    let mut b = second(&folder, &a);
    exchange(&mut a, &mut b);
    put(&mut a, "household", Some(household), json!({"address": "河东"})).unwrap();
    put(&mut b, "household", Some(household), json!({"address": "河西"})).unwrap();
    exchange(&mut a, &mut b);
    assert_eq!(dump(&a), dump(&b));
    let open = a.overtaken().unwrap();
    assert_eq!(open.len(), 1);
    assert_eq!(open, b.overtaken().unwrap());
    a.settle(&open[0], true, "王文书").unwrap();
    exchange(&mut a, &mut b);
    let standing: Household = b.view().get(household).unwrap().unwrap();
    assert_eq!(json!(standing.address), open[0].other);
    assert_eq!((a.overtaken().unwrap().len(), b.overtaken().unwrap().len()), (0, 0));
    assert_eq!(a.verify().unwrap().problems, Vec::<String>::new());
}

#[test]
fn a_rating_entered_on_two_computers_is_one_rating() {
    let folder = TempDir::new().unwrap();
    let mut a = new_ledger(&folder);
    let (household, _) = settle(&mut a);
    let cycle = put(&mut a, "star_cycle", None, json!({"name": "2026年度"})).unwrap();
    let mut b = second(&folder, &a);
    exchange(&mut a, &mut b);
    let law = json!({"granted": true});
    let on_a = put(&mut a, "rating", None, json!({"cycle": cycle, "household": household, "law": law})).unwrap();
    let clean = json!({"granted": false, "reason": "院落未清理"});
    let on_b = put(&mut b, "rating", None, json!({"cycle": cycle, "household": household, "clean": clean})).unwrap();
    exchange(&mut a, &mut b);
    assert_eq!(on_a, on_b);
    assert_eq!(dump(&a), dump(&b));
    assert!(dump(&a).contains("院落未清理") && dump(&a).contains("\"law\":{\"granted\":true}"));
}

#[test]
fn batches_that_come_twice_or_in_any_order_change_nothing_more() {
    let folder = TempDir::new().unwrap();
    let mut a = new_ledger(&folder);
    let (household, _) = settle(&mut a);
    for n in 0..5 {
        put(&mut a, "household", Some(household), json!({"address": format!("{n} 号")})).unwrap();
    }
    let mut b = second(&folder, &a);
    let mut batches = a.batches().unwrap();
    batches.reverse();
    for batch in &batches {
        b.apply(std::slice::from_ref(batch), Origin::There).unwrap();
    }
    assert_eq!(b.apply(&batches, Origin::There).unwrap().applied, 0);
    assert_eq!(dump(&a), dump(&b));
    assert_eq!(b.verify().unwrap().problems, Vec::<String>::new());
}

#[test]
fn a_forged_or_foreign_batch_is_refused_whole() {
    let folder = TempDir::new().unwrap();
    let mut a = new_ledger(&folder);
    settle(&mut a);
    let mut b = second(&folder, &a);
    let batches = a.batches().unwrap();
    let mut check = |batch: Batch, code: Code| {
        let refused = b.apply(&[batches[0].clone(), batch], Origin::There).unwrap_err();
        assert_eq!(refused.code(), Some(code));
        assert_eq!(b.batches().unwrap(), []);
    };
    check(Batch { village: Uuid::nil(), ..batches[1].clone() }, Code::ForeignBatch);
    check(Batch { op: String::new(), ..batches[1].clone() }, Code::MalformedBatch);
    check(Batch { prev: [9; 32], ..batches[1].clone() }, Code::Fork);
    check(Batch { author: "别人".into(), ..batches[0].clone() }, Code::Fork);
}

#[test]
fn an_import_sized_action_is_taken_back_in_one_and_back_again() {
    let folder = TempDir::new().unwrap();
    let mut ledger = new_ledger(&folder);
    let (household, cadre) = settle(&mut ledger);
    put(&mut ledger, "household", Some(household), json!({"address": "河东"})).unwrap();
    let before = dump(&ledger);
    let saved = ledger
        .edit("import", "王文书", |draft| {
            draft.patch("household", household, fields(json!({"address": "河西"})))?;
            draft.create("visit", fields(json!({"household": household, "visitor": cadre, "on": "2026-10-01"})))
        })
        .unwrap();
    let after = dump(&ledger);
    let undone = ledger.undo(saved.batch.unwrap(), "王文书", None).unwrap();
    assert_eq!((dump(&ledger), undone.value.restored), (before, 2));
    ledger.undo(undone.batch.unwrap(), "王文书", None).unwrap();
    assert_eq!(dump(&ledger), after);
}

#[test]
fn an_undo_leaves_what_was_changed_since() {
    let folder = TempDir::new().unwrap();
    let mut ledger = new_ledger(&folder);
    let (household, _) = settle(&mut ledger);
    let saved =
        ledger.edit("put", "王文书", |d| d.patch("household", household, fields(json!({"address": "河西"})))).unwrap();
    put(&mut ledger, "household", Some(household), json!({"address": "河北"})).unwrap();
    let refused = ledger.undo(saved.batch.unwrap(), "王文书", None).unwrap_err();
    assert_eq!(refused.code(), Some(Code::ChangedSince));
}

#[test]
fn voiding_needs_a_reason_and_can_be_taken_back() {
    let folder = TempDir::new().unwrap();
    let mut ledger = new_ledger(&folder);
    let (household, _) = settle(&mut ledger);
    assert!(ledger.edit("void", "王文书", |d| d.void("household", household, " ")).is_err());
    ledger.edit("void", "王文书", |d| d.void("household", household, "重复登记")).unwrap();
    assert_eq!(ledger.view().all::<Household>().unwrap(), []);
    ledger.edit("restore", "王文书", |d| d.restore("household", household)).unwrap();
    assert_eq!(ledger.view().all::<Household>().unwrap().len(), 1);
}

#[test]
fn voiding_what_another_computer_still_uses_becomes_a_question() {
    let folder = TempDir::new().unwrap();
    let mut a = new_ledger(&folder);
    let (household, cadre) = settle(&mut a);
    let mut b = second(&folder, &a);
    exchange(&mut a, &mut b);
    a.edit("void", "王文书", |d| d.void("household", household, "重复登记")).unwrap();
    put(&mut b, "visit", None, json!({"household": household, "visitor": cadre, "on": "2026-10-01"})).unwrap();
    exchange(&mut a, &mut b);
    assert_eq!(dump(&a), dump(&b));
    let rules: Vec<&str> = a.findings().unwrap().iter().map(|f| f.rule).collect();
    assert_eq!(rules, ["points_nowhere"]);
}

fn close_october(ledger: &mut Ledger) {
    close(ledger, "00000000");
}

fn close(ledger: &mut Ledger, check_code: &str) {
    let closing = Closing {
        reviewer: None,
        month: "2026-10".parse::<Month>().unwrap(),
        figures: Frozen(json!({"visits": 1})),
        check_code: check_code.into(),
        template: 1,
    };
    ledger.close(closing, "王文书").unwrap();
}

#[test]
fn a_closed_month_takes_late_facts_and_corrections_with_a_reason_only() {
    let folder = TempDir::new().unwrap();
    let mut ledger = new_ledger(&folder);
    let (household, cadre) = settle(&mut ledger);
    let october = json!({"household": household, "visitor": cadre, "on": "2026-10-01"});
    let visit = put(&mut ledger, "visit", None, october.clone()).unwrap();
    close_october(&mut ledger);
    assert_eq!(put(&mut ledger, "visit", Some(visit), json!({"shared_meal": true})), Err(Code::MonthClosed));
    assert_eq!(put(&mut ledger, "visit", Some(visit), json!({"on": "2026-11-01"})), Err(Code::MonthClosed));
    put(&mut ledger, "visit", None, json!({"household": household, "visitor": cadre, "on": "2026-10-30"})).unwrap();
    ledger
        .edit("put", "王文书", |draft| {
            draft.correct("当晚漏记")?;
            draft.patch("visit", visit, fields(json!({"shared_meal": true})))
        })
        .unwrap();
    let noted = ledger.view().list("correction").unwrap();
    assert_eq!((noted.len(), noted[0]["reason"].as_str()), (1, Some("当晚漏记")));
    let visit: Visit = ledger.view().get(visit).unwrap().unwrap();
    assert_eq!(visit.shared_meal, Some(true));
}

#[test]
fn a_closed_month_changed_elsewhere_becomes_a_question() {
    let folder = TempDir::new().unwrap();
    let mut a = new_ledger(&folder);
    let (household, cadre) = settle(&mut a);
    let visit =
        put(&mut a, "visit", None, json!({"household": household, "visitor": cadre, "on": "2026-10-01"})).unwrap();
    let mut b = second(&folder, &a);
    exchange(&mut a, &mut b);
    close_october(&mut a);
    put(&mut b, "visit", Some(visit), json!({"shared_meal": true})).unwrap();
    put(&mut b, "visit", Some(visit), json!({"did_chore": true})).unwrap();
    exchange(&mut a, &mut b);
    let rules: Vec<&str> = a.findings().unwrap().iter().map(|f| f.rule).collect();
    assert_eq!(rules, ["changed_after_close"]);
    assert_eq!(a.findings().unwrap(), b.findings().unwrap());
}

#[test]
fn a_rebuild_says_the_same_and_a_bent_table_is_found() {
    let folder = TempDir::new().unwrap();
    let mut ledger = new_ledger(&folder);
    let (household, _) = settle(&mut ledger);
    let before = dump(&ledger);
    let path = ledger.path().to_owned();
    tamper(&path, "UPDATE household SET phone = '1'");
    let problems = ledger.verify().unwrap().problems;
    assert!(problems.len() == 1 && problems[0].contains(&household.to_string()), "{problems:?}");
    ledger.rebuild().unwrap();
    assert_eq!(dump(&ledger), before);
    assert_eq!(ledger.verify().unwrap().problems, Vec::<String>::new());
}

#[test]
fn a_bent_log_is_found() {
    let folder = TempDir::new().unwrap();
    let mut ledger = new_ledger(&folder);
    settle(&mut ledger);
    let path = ledger.path().to_owned();
    tamper(&path, "UPDATE log SET stamp = stamp + 1 WHERE seq = 2");
    assert!(!ledger.verify().unwrap().problems.is_empty());
}

fn tamper(path: &Path, sql: &str) {
    rusqlite::Connection::open(path).unwrap().execute_batch(sql).unwrap();
}

#[test]
fn an_encrypted_ledger_opens_with_its_key_only_and_shows_nothing() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("a.lianhu");
    let key = Key::new([7; 32]);
    drop(Ledger::create(&path, Some(&key), &founding(), edge(1)).unwrap());
    let refused = |key: Option<&Key>| Ledger::open(&path, key, edge(1)).err().and_then(|e| e.code());
    assert_eq!(refused(None), Some(Code::NotALedger));
    assert_eq!(refused(Some(&Key::new([8; 32]))), Some(Code::NotALedger));
    assert_eq!(refused(Some(&key)), None);
    let bytes = std::fs::read(&path).unwrap();
    assert!(!bytes.windows(15).any(|w| w == "SQLite format 3".as_bytes()));
    assert!(!bytes.windows("禾坪村".len()).any(|w| w == "禾坪村".as_bytes()));
}

#[test]
fn a_ledger_from_a_newer_release_is_read_and_not_written() {
    let folder = TempDir::new().unwrap();
    let mut ledger = new_ledger(&folder);
    settle(&mut ledger);
    let (path, before) = (ledger.path().to_owned(), dump(&ledger));
    drop(ledger);
    tamper(&path, "PRAGMA user_version = 99");
    let mut newer = Ledger::open(&path, None, edge(1)).unwrap();
    assert_eq!(newer.read_only(), Some(Code::NewerRelease));
    assert_eq!(dump(&newer), before);
    assert_eq!(put(&mut newer, "person", None, json!({"name": "张文"})), Err(Code::NewerRelease));
}

#[test]
fn a_ledger_from_an_older_release_is_copied_then_upgraded_and_newer_fields_appear() {
    let folder = TempDir::new().unwrap();
    let mut ledger = new_ledger(&folder);
    let (household, _) = settle(&mut ledger);
    put(&mut ledger, "household", Some(household), json!({"address": "河东"})).unwrap();
    let (path, before) = (ledger.path().to_owned(), dump(&ledger));
    drop(ledger);
    tamper(&path, "ALTER TABLE household DROP COLUMN address; UPDATE meta SET value = 'older' WHERE key = 'shape'");
    let ledger = Ledger::open(&path, None, edge(1)).unwrap();
    assert_eq!(dump(&ledger), before);
    let copies = std::fs::read_dir(folder.path())
        .unwrap()
        .filter(|f| f.as_ref().unwrap().path().extension().is_some_and(|e| e == "bak"));
    assert_eq!(copies.count(), 1);
}

#[test]
fn unknown_kinds_and_fields_are_carried_on() {
    let folder = TempDir::new().unwrap();
    let mut a = new_ledger(&folder);
    let (household, _) = settle(&mut a);
    let mut newer = a.batches().unwrap().pop().unwrap();
    let device = Uuid::from_u128(77);
    newer.at = lianhu_ledger::BatchRef { device, incarnation: 1, seq: 1 };
    newer.prev = [0; 32];
    newer.changes = vec![
        lianhu_ledger::Change { kind: "drone".into(), id: Uuid::from_u128(1), cells: vec![] },
        lianhu_ledger::Change {
            kind: "household".into(),
            id: household,
            cells: vec![lianhu_ledger::CellChange {
                field: "solar".into(),
                value: lianhu_ledger::Value::Bool(true),
                bases: vec![],
            }],
        },
    ];
    let before = dump(&a);
    a.apply(std::slice::from_ref(&newer), Origin::There).unwrap();
    assert_eq!(dump(&a), before);
    assert!(a.batches().unwrap().contains(&newer));
    assert_eq!(a.verify().unwrap().problems, Vec::<String>::new());
}

#[test]
fn a_folder_an_empty_file_and_a_picture_are_no_ledger() {
    let folder = TempDir::new().unwrap();
    let check = |path: &Path, code: Code| {
        let refused = Ledger::open(path, None, edge(1)).err().and_then(|e| e.code());
        assert_eq!(refused, Some(code));
    };
    check(folder.path(), Code::NotALedger);
    check(&folder.path().join("none"), Code::NoLedger);
    let path = folder.path().join("empty");
    std::fs::write(&path, "").unwrap();
    check(&path, Code::NotALedger);
    std::fs::write(&path, [0x89; 5000]).unwrap();
    check(&path, Code::NotALedger);
}

#[test]
fn a_refused_founding_leaves_nothing_behind() {
    let folder = TempDir::new().unwrap();
    let bad = Founding { code: "1", ..founding() };
    let refused = Ledger::create(&folder.path().join("a.lianhu"), None, &bad, edge(1)).err();
    assert_eq!(refused.and_then(|e| e.code()), Some(Code::Unfit));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn two_windows_on_one_file_take_turns() {
    let folder = TempDir::new().unwrap();
    let mut first = new_ledger(&folder);
    let (household, cadre) = settle(&mut first);
    let path = first.path().to_owned();
    let writers: Vec<_> = (0..2)
        .map(|n| {
            let path = path.clone();
            std::thread::spawn(move || {
                let mut ledger = Ledger::open(&path, None, edge(10 + n)).unwrap();
                for day in 1..=25 {
                    let on = format!("2026-10-{day:02}");
                    put(&mut ledger, "visit", None, json!({"household": household, "visitor": cadre, "on": on}))
                        .unwrap();
                }
            })
        })
        .collect();
    writers.into_iter().for_each(|w| w.join().unwrap());
    assert_eq!(first.view().all::<Visit>().unwrap().len(), 50);
    assert_eq!(first.verify().unwrap().problems, Vec::<String>::new());
}
