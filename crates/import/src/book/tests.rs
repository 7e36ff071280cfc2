use super::households::HouseholdRow;
use super::*;
use crate::grid::tests::{sample, sheet_of};
use crate::grid::{Cell, read_bytes, read_file};
use crate::unreadable::Code;
use lianhu_ledger::text::Lang;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

pub(crate) const BOOKS: [&str; 7] = [
    "农户台账.xlsx",
    "党员花名册.xlsx",
    "结对帮扶台账.xlsx",
    "党员联系户台账.xlsx",
    "走访记录.xlsx",
    "群众大会台账.xlsx",
    "五星文明户评定表.xlsx",
];

pub(crate) fn truth() -> Value {
    let text = std::fs::read_to_string(sample("truth.json")).expect("the truth");
    serde_json::from_str(&text).expect("json")
}

pub(crate) fn parsed(name: &str) -> Parsed {
    let book = read_file(&sample(name)).expect("a readable sample");
    understand(&book).expect("a ledger")
}

/// One small sheet understood.
pub(crate) fn small(rows: &[&[&str]]) -> Parsed {
    understand(&read_bytes("小.xlsx", &sheet_of(rows)).expect("readable")).expect("a ledger")
}

fn households(parsed: &Parsed) -> &[HouseholdRow] {
    match &parsed.sections[0].rows {
        Rows::Households(rows) => rows,
        other => panic!("not a households' ledger: {other:?}"),
    }
}

fn odd(parsed: &Parsed) -> BTreeSet<(u32, &'static str)> {
    let odd = parsed.findings.iter().filter(|f| f.grade != Grade::Notice);
    odd.map(|f| (f.row, f.what.code())).collect()
}

#[test]
fn every_dirty_cell_of_the_households_is_found_and_no_other() {
    let truth = truth();
    let dirty = truth["dirty_cells"].as_array().expect("a list");
    let expected: BTreeSet<(u32, &str)> =
        dirty.iter().map(|d| (d["row"].as_u64().expect("a row") as u32, d["what"].as_str().expect("a code"))).collect();
    let parsed = parsed("农户台账.xlsx");
    let found = odd(&parsed);
    assert_eq!(found.difference(&expected).collect::<Vec<_>>(), Vec::<&(u32, &str)>::new(), "false alarms");
    assert_eq!(expected.difference(&found).collect::<Vec<_>>(), Vec::<&(u32, &str)>::new(), "missed");
    let count = parsed.findings.iter().filter(|f| f.grade != Grade::Notice).count();
    assert_eq!(count, dirty.len(), "one finding per dirty cell");
}

#[test]
fn every_finding_says_where_what_and_what_was_done() {
    for finding in parsed("农户台账.xlsx").findings.iter().filter(|f| f.grade != Grade::Notice) {
        let told = finding.told(Lang::ZhCn);
        let full = [told.file, told.sheet, told.column, told.header, told.sentence.as_str(), told.done.as_str()];
        assert!(full.iter().all(|t| !t.is_empty()), "{finding:?}");
        assert_eq!(finding.as_typed.is_empty(), finding.what == What::IdMissing, "{finding:?}");
    }
}

#[test]
fn households_people_and_classes_are_counted_as_the_truth_has_them() {
    let truth = truth();
    let parsed = parsed("农户台账.xlsx");
    let rows = households(&parsed);
    assert_eq!(rows.len() as u64, truth["households"]);
    assert_eq!(rows.iter().map(|r| r.members.len() as u64).sum::<u64>(), truth["people"]);
    let groups: BTreeSet<&str> = rows.iter().filter_map(|r| r.group.as_deref()).collect();
    assert_eq!(groups.len() as u64, truth["groups"]);
    let mut kinds: BTreeMap<&str, u64> = BTreeMap::new();
    for class in rows.iter().flat_map(|r| &r.classes) {
        *kinds.entry(class).or_default() += 1;
    }
    assert_eq!(serde_json::to_value(kinds).expect("json"), truth["kinds"]);
}

#[test]
fn totals_and_the_sheet_of_instructions_are_set_aside_with_a_reason() {
    let parsed = parsed("农户台账.xlsx");
    let notices: Vec<(u32, What)> =
        parsed.findings.iter().filter(|f| f.grade == Grade::Notice).map(|f| (f.row, f.what)).collect();
    assert_eq!(notices, [(0, What::SheetSkipped), (3553, What::RowSkipped)]);
}

#[test]
fn the_other_six_books_hold_nothing_odd_by_themselves() {
    for name in &BOOKS[1..] {
        assert_eq!(odd(&parsed(name)), BTreeSet::new(), "{name}");
    }
}

#[test]
fn every_book_is_recognised_by_its_header() {
    let kinds: Vec<Kind> = BOOKS.iter().map(|name| parsed(name).sections[0].kind).collect();
    use Kind::*;
    assert_eq!(kinds, [Households, Members, Pairings, MemberLinks, Visits, Meetings, Stars]);
}

fn person_of(parsed: &Parsed, row: u32) -> &super::households::PersonRow {
    let all = households(parsed).iter().flat_map(|h| &h.members);
    all.into_iter().find(|p| p.row == row).expect("a person in that row")
}

#[test]
fn what_was_repaired_and_what_was_kept_is_as_promised() {
    let parsed = parsed("农户台账.xlsx");
    let old = person_of(&parsed, 755).id.as_ref().expect("an upgraded number");
    assert_eq!((old.id18.as_str(), old.upgraded_from15.as_deref()), ("990101195809026859", Some("990101580902685")));
    let lost = person_of(&parsed, 694);
    assert_eq!((lost.id.is_none(), lost.born.as_deref()), (true, Some("1962-04")));
    assert_eq!(lost.as_typed["id_number"], "9.90101196204164E+17");
    let never = person_of(&parsed, 476);
    assert_eq!((never.born.as_deref(), never.as_typed["born"].as_str()), (Some("1977-03-05"), "1977.2.30"));
    let clash = person_of(&parsed, 1131);
    assert_eq!(clash.sex.as_deref(), Some("女"), "the column stands as typed");
    let two = person_of(&parsed, 539);
    assert_eq!(two.phone.as_deref(), Some("10030995075"));
    assert_eq!(two.as_typed["phone"], "10030995075/10030995070");
    assert_eq!(person_of(&parsed, 805).name, "欧阳花菊");
}

const HEADER: &[&str] = &["姓名", "与户主关系", "身份证号码", "户主姓名", "村民组"];

#[test]
fn a_household_begins_where_its_heads_name_changes() {
    let parsed = small(&[
        HEADER,
        &["张三", "户主", "", "张三", "一组"],
        &["李四", "配偶", "", "张三", "一组"],
        &["王五", "长子", "", "王六", "一组"],
        &["王六", "户主", "", "王六", "一组"],
        &["王六", "户主", "", "王六", "一组"],
        &["赵七", "户主", "", "", "一组"],
    ]);
    let sizes: Vec<(Option<&str>, usize)> =
        households(&parsed).iter().map(|h| (h.head.as_deref(), h.members.len())).collect();
    let named = |n| Some(n);
    assert_eq!(sizes, [(named("张三"), 2), (named("王六"), 2), (named("王六"), 2)]);
    assert!(odd(&parsed).contains(&(6, "head_twice")), "two heads under one name are told: {:?}", odd(&parsed));
}

#[test]
fn without_a_column_for_the_head_the_head_begins_the_household() {
    let parsed = small(&[
        &["姓名", "家庭关系", "公民身份号码"],
        &["张三", "本人", ""],
        &["李四", "妻子", ""],
        &["王五", "户主", ""],
    ]);
    assert_eq!(households(&parsed).iter().map(|h| h.members.len()).collect::<Vec<_>>(), [2, 1]);
}

#[test]
fn the_same_number_twice_is_doubted_and_kept_as_typed() {
    let id = "99010119531018871X";
    let parsed = small(&[HEADER, &["张三", "户主", id, "张三", "一组"], &["李四", "配偶", id, "张三", "一组"]]);
    assert!(odd(&parsed).contains(&(3, "id_twice")));
    let second = &households(&parsed)[0].members[1];
    assert_eq!((second.id.is_none(), second.as_typed["id_number"].as_str()), (true, id));
}

#[test]
fn a_column_nobody_knows_goes_into_the_note() {
    let parsed = small(&[&["姓名", "与户主关系", "备注", "承包地（亩）"], &["张三", "户主", "老兵", "3.5"]]);
    assert_eq!(households(&parsed)[0].members[0].note.as_deref(), Some("老兵；承包地（亩）：3.5"));
    assert!(parsed.findings.iter().any(|f| f.what == What::ColumnUnknown && f.header == "承包地（亩）"));
}

#[test]
fn a_row_without_a_name_is_listed_and_not_imported() {
    let parsed = small(&[HEADER, &["张三", "户主", "", "张三", "一组"], &["", "配偶", "", "", "一组"]]);
    assert!(odd(&parsed).contains(&(3, "row_without_name")));
    assert_eq!(households(&parsed)[0].members.len(), 1);
}

#[test]
fn several_classes_and_an_unknown_one_are_told_apart() {
    let header: &[&str] = &["姓名", "与户主关系", "户类型"];
    let parsed = small(&[header, &["张三", "户主", "脱贫户、低保户"], &["李四", "户主", "监测户"]]);
    let rows = households(&parsed);
    assert_eq!(rows[0].classes, ["脱贫户", "低保户"]);
    assert_eq!((rows[1].classes.len(), rows[1].as_typed["class"].as_str()), (0, "监测户"));
}

#[test]
fn a_visit_without_a_day_is_listed_and_not_imported() {
    let parsed = small(&[
        &["走访日期", "走访人", "户主姓名"],
        &["2026年5月", "陆永平", "张三"],
        &["", "陆永平", "张三"],
        &["2026.5.31", "陆永平", "张三"],
    ]);
    let Rows::Visits(rows) = &parsed.sections[0].rows else { panic!("not visits") };
    assert_eq!(rows.iter().map(|r| r.on.as_str()).collect::<Vec<_>>(), ["2026-05-31"]);
    assert_eq!(odd(&parsed), BTreeSet::from([(2, "date_unclear"), (3, "row_incomplete")]));
}

#[test]
fn a_blank_box_beside_a_visit_is_not_a_no() {
    let parsed = small(&[
        &["日期", "走访人", "户主", "同吃一餐饭", "做一次家务"],
        &["2026-05-31", "陆永平", "张三", "√", ""],
        &["2026-05-31", "陆永平", "张三", "否", "看情况"],
    ]);
    let Rows::Visits(rows) = &parsed.sections[0].rows else { panic!("not visits") };
    assert_eq!((rows[0].shared_meal, rows[0].did_chore), (Some(true), None));
    assert_eq!((rows[1].shared_meal, rows[1].as_typed["did_chore"].as_str()), (Some(false), "看情况"));
}

#[test]
fn a_star_sheet_without_a_year_is_refused_with_what_to_do() {
    let bytes = sheet_of(&[&["户主姓名", "致富星", "守法星", "美德星", "星级"], &["张三", "√", "", "√", "2"]]);
    let book = read_bytes("评定表.xlsx", &bytes).expect("readable");
    let refused = understand(&book).expect_err("no year anywhere");
    assert_eq!((refused.code, refused.file.as_str()), (Code::YearMissing, "评定表.xlsx"));
    let book = read_bytes("2025年评定表.xlsx", &bytes).expect("readable");
    let parsed = understand(&book).expect("the year stands in the file's name");
    let Rows::Stars(page) = &parsed.sections[0].rows else { panic!("not stars") };
    assert_eq!((page.year, page.rows[0].aspects[1]), (2025, Some(false)));
}

#[test]
fn stars_that_do_not_match_their_ticks_are_doubted() {
    let parsed =
        small(&[&["2025年度", ""], &["户主姓名", "致富星", "守法星", "美德星", "星级"], &["张三", "√", "", "√", "3"]]);
    assert_eq!(odd(&parsed), BTreeSet::from([(3, "stars_mismatch")]));
    let Rows::Stars(page) = &parsed.sections[0].rows else { panic!("not stars") };
    assert_eq!(page.rows[0].aspects[..3], [Some(true), None, Some(true)]);
}

#[test]
fn ballots_are_taken_whole_or_not_at_all() {
    let header: &[&str] = &["会议日期", "地点", "述评对象", "发出票数", "好", "较好", "一般", "差"];
    let parsed = small(&[
        header,
        &["2026-10-18", "院坝", "驻村干部", "10", "7", "2", "1", ""],
        &["2026-10-18", "院坝", "村两委干部", "10", "7", "2", "1", "3"],
        &["2026-10-18", "院坝", "县长", "10", "7", "2", "1", "0"],
        &["2026-10-18", "院坝", "驻村干部", "10", "7", "2", "1", "0"],
    ]);
    let expected = [(2, "tally_part"), (3, "tally_sum"), (4, "round_unknown"), (5, "round_twice")];
    assert_eq!(odd(&parsed), BTreeSet::from(expected));
    let Rows::Meetings(rows) = &parsed.sections[0].rows else { panic!("not meetings") };
    let tallies: Vec<bool> = rows[0].rounds.iter().map(|r| r.tally.is_some()).collect();
    assert_eq!((rows.len(), tallies), (1, vec![false, true]));
}

#[test]
fn error_cells_and_formulas_without_a_result_are_listed() {
    let mut book =
        read_bytes("小.xlsx", &sheet_of(&[HEADER, &["张三", "户主", "", "张三", "一组"]])).expect("readable");
    let row = &mut book.sheets[0].rows[1].cells;
    row[1].1 = Cell::Error("#N/A".into());
    row.push((9, Cell::Error(crate::grid::NO_RESULT.into())));
    book.sheets[0].rows[0].cells.push((9, Cell::Text("性别".into())));
    let parsed = understand(&book).expect("a ledger");
    assert!(odd(&parsed).is_superset(&BTreeSet::from([(2, "error_cell"), (2, "formula_empty")])), "{:?}", odd(&parsed));
}
