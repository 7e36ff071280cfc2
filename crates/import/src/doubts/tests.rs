use super::*;
use crate::book::tests::{BOOKS, parsed};
use crate::book::understand;
use crate::grid::tests::sample;
use crate::grid::{read_bytes, read_file};
use std::io::{Cursor, Read};

fn book(name: &str) -> Book {
    read_file(&sample(name)).expect("a readable sample")
}

fn odd(findings: &[Finding]) -> Vec<(u32, String, &'static str)> {
    findings.iter().filter(|f| f.grade != Grade::Notice).map(|f| (f.row, f.column.clone(), f.what.code())).collect()
}

fn check_round_trip(name: &str) {
    let book = book(name);
    let before = understand(&book).expect("a ledger");
    let copy = marked(&book, &before.findings).expect("a marked copy");
    let again = read_bytes(name, &copy).expect("the copy is readable");
    for (ours, theirs) in book.sheets.iter().zip(&again.sheets) {
        assert_eq!((&ours.name, &ours.rows), (&theirs.name, &theirs.rows), "{name}");
        assert_eq!(ours.merges.len(), theirs.merges.len(), "{name}");
    }
    let after = understand(&again).expect("a ledger");
    assert_eq!(odd(&after.findings), odd(&before.findings), "{name}");
    assert!(after.sections == before.sections, "{name}: the copy says the same");
}

#[test]
fn the_marked_copy_of_every_book_reads_like_the_book() {
    for name in BOOKS {
        check_round_trip(name);
    }
}

#[test]
fn every_doubtful_cell_is_yellow_and_says_why() {
    let name = "农户台账.xlsx";
    let findings = parsed(name).findings;
    let copy = marked(&book(name), &findings).expect("a marked copy");
    let mut archive = zip::ZipArchive::new(Cursor::new(&copy)).expect("a package");
    let mut part = |name: &str| {
        let mut text = String::new();
        archive.by_name(name).expect("the part").read_to_string(&mut text).expect("text");
        text
    };
    let comments = part("xl/comments1.xml");
    let doubts: Vec<&Finding> = findings.iter().filter(|f| f.grade == Grade::Doubt && f.row > 0).collect();
    for doubt in &doubts {
        assert!(comments.contains(&format!("ref=\"{}{}\"", doubt.column, doubt.row)), "{doubt:?}");
    }
    assert_eq!(comments.matches("<comment ").count(), doubts.len());
    assert!(comments.contains("后几位已经丢失"), "the comment says what is wrong");
    assert!(part("xl/styles.xml").contains("FFFFFF00"), "yellow");
}

#[test]
fn a_cell_mended_in_the_copy_is_no_longer_doubted() {
    let name = "农户台账.xlsx";
    let findings = parsed(name).findings;
    let copy = marked(&book(name), &findings).expect("a marked copy");
    let mut mended = read_bytes(name, &copy).expect("readable");
    let row = mended.sheets[0].rows.iter_mut().find(|r| r.number == 694).expect("the row");
    let cell = row.cells.iter_mut().find(|(c, _)| *c == 7).expect("the number's cell");
    cell.1 = Cell::Text("990101196204164671".into());
    let left = understand(&mended).expect("a ledger").findings;
    let ids = |f: &[Finding]| f.iter().filter(|f| f.what == What::IdNumber).count();
    assert_eq!((ids(&findings), ids(&left)), (6, 5));
}

#[test]
fn a_doubt_about_a_blank_cell_marks_the_blank_cell() {
    let name = "农户台账.xlsx";
    let findings = parsed(name).findings;
    let missing = findings.iter().find(|f| f.what == What::IdMissing).expect("one");
    assert_eq!((missing.row, missing.column.as_str()), (211, "H"));
}

#[test]
fn the_json_list_is_stable_and_complete() {
    let findings = parsed("农户台账.xlsx").findings;
    let json: serde_json::Value = serde_json::from_str(&as_json(&findings).expect("plain data")).expect("json");
    let first = json.as_array().expect("a list").iter().find(|f| f["what"] == "id_number").expect("a lost number");
    assert_eq!((&first["grade"], &first["row"], &first["column"]), (&"doubt".into(), &454.into(), &"H".into()));
    assert_eq!((&first["sheet"], &first["header"]), (&"农户信息".into(), &"身份证号码".into()));
    assert_eq!(json.as_array().map(Vec::len), Some(findings.len()));
}

#[test]
fn sheet_names_that_excel_forbids_are_made_fit() {
    let mut taken = HashSet::new();
    let names = ["a/b", "a:b", "", &"长".repeat(40)].map(|n| sheet_name(n, &mut taken));
    assert_eq!(names[..3], ["a_b", "a_b_2", "Sheet"]);
    assert_eq!(names[3].chars().count(), 31);
}

#[test]
fn a_formula_in_text_stays_text() {
    let text = crate::grid::tests::sheet_of(&[&["姓名", "与户主关系"], &["=HYPERLINK(\"x\")", "户主"]]);
    let book = read_bytes("公式.xlsx", &text).expect("readable");
    let copy = marked(&book, &[]).expect("a copy");
    let again = read_bytes("公式.xlsx", &copy).expect("readable");
    assert_eq!(again.sheets[0].rows, book.sheets[0].rows);
    assert!(again.notices.is_empty(), "no formula came into being: {:?}", again.notices);
}

#[test]
fn letters_lead_back_to_their_column() {
    for at in [0, 1, 25, 26, 199, 701] {
        assert_eq!(column(&letters(at)), at);
    }
    assert_eq!(column(""), 0);
}
