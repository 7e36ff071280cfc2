use lianhu_ledger::Code;
use serde_json::json;

use super::*;
use crate::jobs::Job;
use crate::testing;

fn month(text: &str) -> Month {
    Month::try_from(text.to_owned()).unwrap()
}

fn look_at(desk: &Desk, text: &str) -> MonthLook {
    look(desk, WhichMonth { month: month(text) }).unwrap()
}

fn row(look: &MonthLook, figure: &str) -> Row {
    let found = look.rows.iter().find(|row| row.figure == figure);
    found.unwrap_or_else(|| panic!("no figure {figure}")).clone()
}

fn behind(desk: &Desk, text: &str, figure: &str) -> MonthRecords {
    records(desk, WhichFigure { month: month(text), figure: figure.into() }).unwrap()
}

fn has_lack(look: &MonthLook, code: &str) -> bool {
    look.lacks.iter().any(|lack| lack.code == code)
}

fn put(desk: &Desk, kind: &str, fields: serde_json::Value) -> uuid::Uuid {
    let fields = serde_json::from_value(fields).unwrap();
    desk.edit("put", |draft| draft.create(kind, fields)).unwrap().value
}

/// A village with one household, paired with one cadre.
fn small() -> (Desk, tempfile::TempDir, uuid::Uuid, uuid::Uuid) {
    let (desk, dir) = testing::empty();
    let household = put(&desk, "household", json!({"number": 1}));
    let helper = put(&desk, "person", json!({"name": "陆永平"}));
    put(&desk, "pairing", json!({"bond": "aid", "household": household, "helper": helper, "from": "2026-01-01"}));
    (desk, dir, household, helper)
}

#[test]
fn nothing_entered_not_done_and_none_are_three_different_things() {
    let (desk, _dir, household, helper) = small();
    let state = |figure: &str| row(&look_at(&desk, "2026-11"), figure).state;
    assert_eq!(state("aid.visits"), State::Unknown);
    assert!(has_lack(&look_at(&desk, "2026-11"), "visits"));

    put(&desk, "not_held", json!({"month": "2026-11", "duty": "visits", "reason": "道路塌方"}));
    assert_eq!(state("aid.visits"), State::NotHeld { reason: "道路塌方".into() });
    assert!(!has_lack(&look_at(&desk, "2026-11"), "visits"));

    put(&desk, "visit", json!({"household": household, "visitor": helper, "on": "2026-11-03"}));
    assert_eq!(state("aid.visits"), State::Known { n: 1 });
    assert_eq!(state("aid.meals"), State::Known { n: 0 });
    assert_eq!(state("aid.self_paid"), State::Unknown);
}

#[test]
fn what_is_not_known_has_neither_a_rate_nor_records() {
    let (desk, _dir, ..) = small();
    let look = look_at(&desk, "2026-11");
    for row in look.rows.iter().filter(|row| !matches!(row.state, State::Known { .. })) {
        assert_eq!(row.rate, None, "{}", row.figure);
        assert_eq!(behind(&desk, "2026-11", &row.figure).records, [], "{}", row.figure);
    }
}

#[test]
fn the_records_behind_every_figure_add_up_to_it() {
    let (desk, _dir) = testing::sample();
    let mut known = 0;
    for choice in months(&desk, Nothing {}).unwrap().months.into_iter().step_by(4) {
        for row in look(&desk, WhichMonth { month: choice.month }).unwrap().rows {
            let State::Known { n } = row.state else { continue };
            let told = behind(&desk, &choice.month.to_string(), &row.figure);
            let listed: i64 = told.records.iter().map(|record| record.n).sum();
            assert_eq!(listed + told.noted_only, n, "{} {}", choice.month, row.figure);
            assert!(!told.not_kept);
            known += 1;
        }
    }
    assert!(known > 80, "{known}");
}

#[test]
fn a_record_behind_a_figure_can_be_read_and_leads_to_its_page() {
    let (desk, _dir) = testing::sample();
    let visits = behind(&desk, "2026-10", "aid.visits").records;
    let first = &visits[0];
    assert_eq!(first.kind, "visit");
    assert!(first.on.is_some() && !first.people.is_empty());
    let home = first.household.as_ref().unwrap();
    assert!(home.head.is_some() && home.group.is_some());
    assert_eq!(first.link, Some(Link::Visit { id: first.id }));
    assert!(visits.is_sorted_by_key(|visit| visit.on));
    assert_eq!(behind(&desk, "2026-10", "assembly.mass").records[0].code.as_deref(), Some("mass"));
}

#[test]
fn the_month_before_is_told_only_where_it_is_known() {
    let (desk, _dir) = testing::sample();
    let october = look_at(&desk, "2026-10");
    assert!(row(&october, "aid.visits").before.is_some());
    assert!(row(&october, "assembly.satisfaction.1").before_rate.is_some());
    assert_eq!(row(&october, "roll.people").before, None, "September was not closed: its roll is not frozen");
    let first = months(&desk, Nothing {}).unwrap().months.pop().unwrap();
    let first = look(&desk, WhichMonth { month: first.month }).unwrap();
    assert_eq!(row(&first, "aid.visits").before, None);
}

#[test]
fn a_month_without_a_mass_meeting_is_closed_only_with_a_reason() {
    let (desk, _dir, ..) = small();
    let ask = || CloseMonth { month: month("2026-10"), reviewer: Some(" 韦志强 ".into()) };
    assert_eq!(close(&desk, ask()).unwrap_err().code(), Some(Code::NoReason));
    assert!(look_at(&desk, "2026-10").lacks.iter().any(|lack| lack.blocks && lack.code == "mass"));

    put(&desk, "not_held", json!({"month": "2026-10", "duty": "mass", "reason": "农忙"}));
    assert!(!look_at(&desk, "2026-10").lacks.iter().any(|lack| lack.blocks));
    let code = close(&desk, ask()).unwrap().value;
    let closed = look_at(&desk, "2026-10");
    assert_eq!(closed.lacks, []);
    let seal = closed.closed.unwrap();
    assert_eq!((seal.check_code, seal.reviewer), (code, Some("韦志强".into())));
    assert_eq!(look_at(&desk, "2026-11").reviewer.as_deref(), Some("韦志强"));
    assert_eq!(close(&desk, ask()).unwrap_err().code(), Some(Code::AlreadyClosed));
    let withdrawn = withdraw(&desk, WhichMonth { month: month("2026-10") });
    assert_eq!(withdrawn.unwrap_err().code(), Some(Code::NoTownship), "nothing was handed in");
}

#[test]
fn the_check_code_on_the_paper_is_the_one_that_closing_gave() {
    let (desk, _dir) = testing::sample();
    let code = close(&desk, CloseMonth { month: month("2026-10"), reviewer: None }).unwrap().value;
    let author = desk.author().unwrap();
    let ask = MonthPaper { month: month("2026-10"), readers: Readers::Township };
    let (_, document) = desk.read(|ledger| paper::make(&desk, ledger, &author, ask)).unwrap();
    assert_eq!(document.check_code, Some(code));
}

#[test]
fn what_comes_after_closing_leaves_the_closed_figures_and_is_told_beside_them() {
    let (desk, _dir, household, helper) = small();
    let visit = put(&desk, "visit", json!({"household": household, "visitor": helper, "on": "2026-10-03"}));
    put(&desk, "not_held", json!({"month": "2026-10", "duty": "mass", "reason": "农忙"}));
    close(&desk, CloseMonth { month: month("2026-10"), reviewer: None }).unwrap();

    put(&desk, "visit", json!({"household": household, "visitor": helper, "on": "2026-10-05"}));
    let meal = serde_json::from_value(json!({"shared_meal": true})).unwrap();
    desk.correct("put", Some("漏填同餐"), |draft| draft.patch("visit", visit, meal)).unwrap();

    let october = look_at(&desk, "2026-10");
    assert_eq!(row(&october, "aid.visits").state, State::Known { n: 1 });
    assert_eq!(row(&october, "aid.meals").state, State::Known { n: 0 });
    // Typed in on the day of closing: both visits were.
    assert_eq!(october.after, Some(After { corrected: 1, late: 2 }));
    let told = behind(&desk, "2026-10", "after.corrected").records;
    assert_eq!(told[0].text.as_deref(), Some("漏填同餐"));
    assert_eq!(told[0].link, Some(Link::Visit { id: visit }));
    assert_eq!(told[0].household.as_ref().map(|home| home.id), Some(household));

    let november = look_at(&desk, "2026-11");
    assert_eq!(row(&november, "entry.corrected").state, State::Known { n: 1 });
    assert_eq!(behind(&desk, "2026-11", "entry.corrected").records.len(), 1);
}

#[test]
fn a_list_that_was_not_kept_with_a_closed_month_says_so() {
    let (desk, _dir) = testing::sample();
    close(&desk, CloseMonth { month: month("2026-10"), reviewer: None }).unwrap();
    let people = behind(&desk, "2026-10", "roll.people");
    assert!(people.not_kept && people.records.is_empty());
    assert!(!behind(&desk, "2026-10", "aid.visits").not_kept);
}

fn export_now(desk: &Desk, readers: Readers, formats: &[Format]) -> Result<crate::papers::Papers> {
    let ask = ExportMonth { month: month("2026-10"), readers, formats: formats.to_vec(), details: true };
    export::write(desk, &Job::default(), &ask)
}

const ALL: [Format; 3] = [Format::Docx, Format::Xlsx, Format::Pdf];

#[test]
fn the_files_are_called_as_the_command_line_calls_them() {
    let (desk, _dir) = testing::sample();
    let papers = export_now(&desk, Readers::Township, &ALL).unwrap();
    let names: Vec<&str> = papers.files.iter().map(|file| file.name.as_str()).collect();
    let stem = "禾坪村2026年10月工作月报";
    assert_eq!(names, [format!("{stem}.docx"), format!("{stem}.xlsx"), format!("{stem}.pdf")]);
    assert!(papers.files.iter().all(|file| std::fs::metadata(&file.path).is_ok_and(|m| m.len() > 1000)));
    let public = export_now(&desk, Readers::Village, &[Format::Docx]).unwrap();
    assert_eq!(public.files[0].name, format!("{stem}（村内公开）.docx"));
}

#[test]
fn the_copy_for_the_village_names_no_household() {
    let (desk, _dir) = testing::sample();
    let author = desk.author().unwrap();
    let paper = |readers| {
        let ask = MonthPaper { month: month("2026-10"), readers };
        let (figures, document) = desk.read(|ledger| paper::make(&desk, ledger, &author, ask)).unwrap();
        (figures, serde_json::to_string(&document.blocks).unwrap())
    };
    let (figures, township) = paper(Readers::Township);
    let (_, village) = paper(Readers::default());
    let heads: Vec<String> = figures.aid.unvisited_names.into_iter().map(|row| row.head).collect();
    assert!(!heads.is_empty() && heads.iter().all(|head| township.contains(head)));
    assert!(!heads.iter().any(|head| village.contains(head)));
}

#[test]
fn a_stopped_export_writes_nothing() {
    let (desk, _dir) = testing::sample();
    let ask =
        ExportMonth { month: month("2026-10"), readers: Readers::Township, formats: ALL.to_vec(), details: false };
    let job = export(&desk, ask).unwrap();
    crate::jobs::stop(&desk, job).unwrap();
    while !crate::jobs::look(&desk, job).unwrap().ended {
        std::thread::yield_now();
    }
    assert!(crate::papers::written(&desk, job).is_err());
    assert!(!desk.papers().exists() || std::fs::read_dir(desk.papers()).unwrap().next().is_none());
}

#[test]
fn a_file_that_cannot_be_replaced_is_named_and_leaves_no_half_file() {
    let (desk, _dir) = testing::sample();
    let taken = desk.papers().join("禾坪村2026年10月工作月报.docx");
    std::fs::create_dir_all(&taken).unwrap();
    let refused = export_now(&desk, Readers::Township, &[Format::Docx]).unwrap_err();
    assert_eq!(refused.code(), Some(Code::TargetUnwritable));
    assert_eq!(std::fs::read_dir(desk.papers()).unwrap().count(), 1);
    assert_eq!(look_at(&desk, "2026-10").exported, None);
}

#[test]
fn what_changed_since_the_last_export_is_told_figure_by_figure() {
    let (desk, _dir) = testing::sample();
    assert_eq!(look_at(&desk, "2026-10").exported, None);
    export_now(&desk, Readers::Township, &[Format::Docx]).unwrap();
    let exported = || look_at(&desk, "2026-10").exported.unwrap();
    assert!(exported().changes.is_empty() && !exported().other);

    let visit = behind(&desk, "2026-10", "aid.visits").records[0].clone();
    desk.edit("void", |draft| draft.void("visit", visit.id, "重复")).unwrap();
    let now = exported();
    let change = now.changes.iter().find(|change| change.figure == "aid.visits").unwrap();
    let n = |stood: &Option<changed::Stood>| match stood.as_ref().unwrap().state {
        State::Known { n } => n,
        _ => panic!("not known"),
    };
    assert_eq!(n(&change.was) - n(&change.now), 1);

    let items = vec!["抓紧秋收".to_owned()];
    desk.edit("restore", |draft| draft.restore("visit", visit.id)).unwrap();
    save_plan(&desk, SavePlan { month: month("2026-10"), items }).unwrap();
    assert!(exported().changes.is_empty() && exported().other);
}

#[test]
fn closing_a_month_changes_nothing_on_its_paper() {
    let (desk, _dir) = testing::sample();
    export_now(&desk, Readers::Township, &[Format::Docx]).unwrap();
    close(&desk, CloseMonth { month: month("2026-10"), reviewer: None }).unwrap();
    let exported = look_at(&desk, "2026-10").exported.unwrap();
    assert!(exported.changes.is_empty() && !exported.other);
}

#[test]
fn plans_are_few_and_short_and_empty_lines_are_left_out() {
    let (desk, _dir) = testing::empty();
    let save = |items: Vec<String>| save_plan(&desk, SavePlan { month: month("2026-11"), items });
    save(vec!["修水渠 ".into(), "  ".into()]).unwrap();
    let plan = look_at(&desk, "2026-11").plan;
    assert_eq!((plan.items, plan.most, plan.longest), (vec!["修水渠".to_owned()], 5, 80));
    assert_eq!(save(vec!["字".repeat(81)]).unwrap_err().code(), Some(Code::TooMuchText));
    save(Vec::new()).unwrap();
    assert!(has_lack(&look_at(&desk, "2026-11"), "plan"));
}

#[test]
fn the_month_in_hand_is_the_last_one_until_it_is_closed() {
    let (desk, _dir) = testing::sample();
    let choices = || months(&desk, Nothing {}).unwrap();
    assert_eq!(choices().in_hand, month("2026-10"));
    assert_eq!(choices().months[0], MonthChoice { month: month("2026-11"), closed: false });
    close(&desk, CloseMonth { month: month("2026-10"), reviewer: None }).unwrap();
    assert_eq!(choices().in_hand, month("2026-11"));
    let (new, _dir) = testing::empty();
    assert_eq!(months(&new, Nothing {}).unwrap().months.len(), 1);
}
