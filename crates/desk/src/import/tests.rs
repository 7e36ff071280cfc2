use std::path::{Path, PathBuf};

use lianhu_import::{Kind, SheetMapping, read_file};

use super::*;
use crate::history::{self, UndoStep, WhichHistory};
use crate::jobs::{self, JobNo};
use crate::session::Nothing;
use crate::testing;
use crate::{Desk, Done, Result};

/// A file of rows in the folder where tables are looked for.
fn file(desk: &Desk, name: &str, rows: &str) -> ChosenTable {
    let folder = desk.place().looks[0].clone();
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join(name);
    std::fs::write(&path, rows).unwrap();
    chosen(desk, &path)
}

/// Read here and not in a child: which program that is stands in the stories of the whole house.
fn chosen(desk: &Desk, path: &Path) -> ChosenTable {
    desk.tray().put(path.to_owned(), read_file(path).map(Into::into).map_err(Into::into));
    ChosenTable { path: path.display().to_string(), sheets: Mapping::default(), cells: Vec::new() }
}

const HOMES: &str =
    "村民组,户主姓名,姓名,与户主关系,身份证号\n一组,张文,张文,户主,990101199102116656\n一组,张文,李四,配偶,\n";

fn ended(desk: &Desk, job: JobNo) -> JobNo {
    while !jobs::look(desk, job).unwrap().ended {
        std::thread::yield_now();
    }
    job
}

fn checked_with(desk: &Desk, files: &[ChosenTable], only_new: bool) -> ImportCheck {
    let job = check(desk, CheckTables { files: files.to_vec(), only_new }).unwrap();
    checked(desk, ended(desk, job)).unwrap()
}

fn written_with(desk: &Desk, files: &[ChosenTable], only_new: bool, correct: Option<&str>) -> Result<Done<ImportDone>> {
    let ask = WriteTables { files: files.to_vec(), only_new, correct: correct.map(str::to_owned) };
    let job = write(desk, ask)?;
    written(desk, ended(desk, job))
}

fn count(desk: &Desk, kind: &str) -> usize {
    desk.read(|ledger| ledger.view().list(kind)).unwrap().len()
}

fn line(check: &ImportCheck, kind: &str) -> (usize, usize, usize) {
    check.lines.iter().find(|line| line.kind == kind).map_or((0, 0, 0), |line| (line.new, line.changed, line.same))
}

#[test]
fn a_whole_import_is_one_step_and_undoing_it_leaves_nothing() {
    let (desk, _dir) = testing::empty();
    let books = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/sample");
    let mut names: Vec<PathBuf> = std::fs::read_dir(books).unwrap().map(|entry| entry.unwrap().path()).collect();
    names.retain(|path| path.extension().is_some_and(|e| e == "xlsx"));
    let files: Vec<ChosenTable> = names.iter().map(|path| chosen(&desk, path)).collect();
    assert_eq!(files.len(), 7);
    let seen = checked_with(&desk, &files, false);
    assert_eq!(count(&desk, "household"), 0, "looking writes nothing");
    let done = written_with(&desk, &files, false, None).unwrap();
    assert_eq!(done.value.lines, seen.lines, "what was shown is what was written");
    assert_eq!(count(&desk, "household"), line(&seen, "household").0);
    let steps = history::list(&desk, WhichHistory { of: None, limit: 10 }).unwrap();
    assert_eq!(steps.iter().filter(|step| step.op == "import").count(), 1);
    history::undo(&desk, UndoStep { batch: done.batch.unwrap(), correct: None }).unwrap();
    for kind in seen.lines.iter().map(|line| line.kind) {
        assert_eq!(count(&desk, kind), 0, "{kind}");
    }
}

#[test]
fn a_cell_typed_over_is_planned_anew() {
    let (desk, _dir) = testing::empty();
    let mut homes = file(&desk, "户.csv", &HOMES.replace("990101199102116656", "990101199102116657"));
    let before = checked_with(&desk, std::slice::from_ref(&homes), false);
    let bad = before.doubts.iter().find(|doubt| doubt.what == "id_bad").unwrap();
    assert_eq!((bad.row, bad.column.as_str(), bad.at, bad.as_typed.as_str()), (2, "E", Some(4), "990101199102116657"));
    assert_eq!(bad.path.as_deref(), Some(homes.path.as_str()));
    let text = "990101199102116656".to_owned();
    homes.cells.push(Retyped { sheet: bad.sheet.clone(), row: bad.row, column: 4, text });
    let after = checked_with(&desk, std::slice::from_ref(&homes), false);
    assert!(after.doubts.iter().all(|doubt| doubt.what != "id_bad"), "{:?}", after.doubts);
    written_with(&desk, &[homes], false, None).unwrap();
    let people = desk.read(|ledger| ledger.view().list("person")).unwrap();
    assert!(people.iter().any(|person| person["id_number"] == "990101199102116656"));
}

#[test]
fn what_was_said_of_columns_is_offered_for_the_next_file_of_that_make() {
    let (desk, _dir) = testing::empty();
    let rows = |name: &str| format!("组,谁,什么人\n一组,{name},户主\n");
    let mut first = file(&desk, "一月.csv", &rows("张文"));
    let looked = |file: &ChosenTable| {
        let mut tables = look(&desk, LookAtTables { files: vec![file.clone()] }).unwrap();
        tables.remove(0).sheets.remove(0)
    };
    assert_eq!((looked(&first).kind, looked(&first).known), (None, None));
    let columns = [(1, Some(lianhu_import::Field::Name)), (2, Some(lianhu_import::Field::Relation))].into();
    let said = SheetMapping { kind: Some(Kind::Households), columns };
    first.sheets.0.insert(looked(&first).sheet, said.clone());
    assert_eq!(line(&checked_with(&desk, &[first], false), "person"), (1, 0, 0));
    let mut second = file(&desk, "二月.csv", &rows("李四"));
    let known = looked(&second).known.unwrap();
    assert_eq!((known.file.as_str(), &known.said), ("一月.csv", &said));
    second.sheets.0.insert(looked(&second).sheet, known.said);
    let taken = looked(&second);
    assert_eq!((taken.kind, taken.missing, taken.known), (Some(Kind::Households), vec![], None));
}

#[test]
fn only_new_records_leaves_what_stands_as_it_is() {
    let (desk, _dir) = testing::empty();
    written_with(&desk, &[file(&desk, "户.csv", HOMES)], false, None).unwrap();
    let changed = HOMES.replace("一组,张文,李四,配偶,", "一组,张文,李四,儿媳,\n一组,张文,张小宝,孙子,");
    let files = [file(&desk, "新.csv", &changed)];
    let all = checked_with(&desk, &files, false);
    assert_eq!(line(&all, "person"), (1, 1, 1));
    assert_eq!(all.changes.len(), all.changed);
    let change = all.changes.iter().find(|change| change.kind == "person").unwrap();
    assert_eq!((change.name.as_str(), change.fields[0].field.as_str()), ("李四", "relation"));
    assert_ne!(change.fields[0].before, change.fields[0].after);
    assert_eq!(checked_with(&desk, &files, true).changes, []);
    written_with(&desk, &files, true, None).unwrap();
    let people = desk.read(|ledger| ledger.view().list("person")).unwrap();
    let of = |name: &str| people.iter().find(|person| person["name"] == name).unwrap().clone();
    assert_eq!(people.len(), 3);
    assert_ne!(of("李四")["relation"], of("张小宝")["relation"]);
    assert_eq!(line(&checked_with(&desk, &files, false), "person"), (0, 1, 2));
}

#[test]
fn facts_of_a_closed_month_are_changed_for_a_reason_only() {
    let (desk, _dir) = testing::empty();
    let visits = |did: &str| format!("走访日期,走访人,户主姓名,村民组,同吃一餐饭\n2026-10-12,张文,张文,一组,{did}\n");
    written_with(&desk, &[file(&desk, "户.csv", HOMES), file(&desk, "走.csv", &visits("否"))], false, None).unwrap();
    desk.edit("save", |draft| {
        let fields = serde_json::json!({"month": "2026-10", "duty": "mass", "reason": "农忙"});
        draft.create("not_held", serde_json::from_value(fields).unwrap())
    })
    .unwrap();
    crate::month::close(&desk, crate::month::CloseMonth { month: "2026-10".parse().unwrap(), reviewer: None }).unwrap();
    let files = [file(&desk, "户.csv", HOMES), file(&desk, "走二.csv", &visits("是"))];
    let seen = checked_with(&desk, &files, false);
    assert_eq!((seen.closed.as_deref(), line(&seen, "visit")), (Some("2026-10"), (0, 1, 0)));
    let job = write(&desk, WriteTables { files: files.to_vec(), only_new: false, correct: None }).unwrap();
    assert!(jobs::look(&desk, ended(&desk, job)).unwrap().problem.is_some(), "no reason, nothing written");
    assert_eq!(checked_with(&desk, &files, false).closed.as_deref(), Some("2026-10"));
    written_with(&desk, &files, false, Some("漏登")).unwrap();
    assert_eq!(line(&checked_with(&desk, &files, false), "visit"), (0, 0, 1));
}

#[test]
fn books_of_one_name_are_two_books_and_a_bad_one_is_no_end_of_the_others() {
    let (desk, _dir) = testing::empty();
    let good = file(&desk, "户.csv", HOMES);
    let folder = desk.place().looks[0].join("U盘");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("户.csv"), HOMES.replace("张文", "王五").replace("990101199102116656", "")).unwrap();
    let other = chosen(&desk, &folder.join("户.csv"));
    let bad = file(&desk, "空.csv", "");
    let seen = checked_with(&desk, &[good.clone(), other.clone(), bad], false);
    assert_eq!(line(&seen, "household"), (2, 0, 0));
    assert_eq!(seen.left_out.len(), 1);
    let doubted: Vec<_> = seen.doubts.iter().filter_map(|doubt| doubt.path.clone()).collect();
    assert!(doubted.contains(&good.path) && doubted.contains(&other.path), "{doubted:?}");
    let found: Vec<String> = found(&desk, Nothing {}).unwrap().into_iter().map(|table| table.path).collect();
    assert!(found.contains(&good.path) && found.contains(&other.path), "{found:?}");
}

#[test]
fn copies_and_empty_ledgers_are_not_written_over_what_is_there() {
    let (desk, _dir) = testing::empty();
    let files = vec![file(&desk, "户.csv", HOMES)];
    for expect in ["户（标疑）.xlsx", "户（标疑）（2）.xlsx"] {
        let job = copies(&desk, CheckTables { files: files.clone(), only_new: false }).unwrap();
        let papers = crate::papers::written(&desk, ended(&desk, job)).unwrap();
        assert_eq!(papers.files.iter().map(|file| file.name.as_str()).collect::<Vec<_>>(), [expect]);
    }
    assert_eq!(forms(&desk, Nothing {}).unwrap().files.len(), 7);
    let again = forms(&desk, Nothing {}).unwrap();
    assert!(again.files.iter().all(|file| file.name.ends_with("（2）.xlsx")));
}
