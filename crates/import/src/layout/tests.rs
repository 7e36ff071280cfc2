use super::*;
use crate::book::tests::{parsed, small};
use crate::book::{Parsed, Rows, understand};
use crate::grid::tests::{sample, sheet_of};
use crate::grid::{Cell, Merge, Row, read_bytes, read_file};

fn people(parsed: &Parsed) -> Vec<(String, Option<String>)> {
    let Rows::Households(rows) = &parsed.sections[0].rows else { panic!("not households") };
    let all = rows.iter().flat_map(|h| &h.members);
    all.map(|p| (p.name.clone(), p.id.as_ref().map(|i| i.id18.clone()))).collect()
}

const ZHANG: &str = "990101199102116656";

fn check_households(rows: &[&[&str]]) {
    let found = people(&small(rows));
    assert_eq!(found, [("张文".to_owned(), Some(ZHANG.to_owned()))], "{rows:?}");
}

#[test]
fn columns_may_stand_in_any_order_under_any_usual_word() {
    check_households(&[&["姓名", "与户主关系", "身份证号"], &["张文", "户主", ZHANG]]);
    check_households(&[&["公民身份号码", "家庭关系", "成员姓名"], &[ZHANG, "户主", "张文"]]);
    check_households(&[&["", "证件号码(18位)*", "和户主关系：", "姓 名"], &["", ZHANG, "本人", "张文"]]);
}

#[test]
fn titles_units_and_blank_rows_may_stand_above_the_header() {
    check_households(&[
        &["禾坪村农户台账"],
        &["填报单位（盖章）：", "", "填报日期："],
        &[],
        &["单位：人、亩"],
        &["姓名", "与户主关系", "身份证号"],
        &["张文", "户主", ZHANG],
    ]);
}

#[test]
fn what_is_no_record_is_set_aside_with_its_reason() {
    let rows: &[&[&str]] = &[
        &["序号", "姓名", "与户主关系", "身份证号"],
        &["1", "张文", "户主", ZHANG],
        &["小计", "1人"],
        &["序号", "姓名", "与户主关系", "身份证号"],
        &["二组"],
        &["2", "李四", "户主", ""],
        &["合 计", "", "", "2人"],
        &["注：外出人员也要填。"],
        &["审核人：", "", "填表人：王五"],
    ];
    let book = read_bytes("小.xlsx", &sheet_of(rows)).expect("readable");
    let (tables, _) = tables(&book, &Mapping::default()).expect("a ledger");
    let why: Vec<(u32, rows::Why)> = tables[0].skipped.iter().map(|s| (s.row, s.why)).collect();
    use rows::Why::*;
    assert_eq!(why, [(3, Total), (4, HeaderAgain), (5, Divider), (7, Total), (8, Note), (9, Signature)]);
    assert_eq!(tables[0].rows.len(), 2);
}

#[test]
fn a_person_whose_name_begins_like_a_note_is_a_person() {
    let found = people(&small(&[
        &["姓名", "与户主关系", "身份证号", "民族"],
        &["注志明", "户主", ZHANG, "汉族"],
        &["合志", "配偶", "", "汉族"],
    ]));
    assert_eq!(found.len(), 2);
}

/// A header of three rows: 户主 over 姓名 and 身份证号, 成员 over the rest.
fn three_row_header() -> Sheet {
    let text = |t: &str| Cell::Text(t.into());
    let row = |number, cells: &[(u32, &str)]| Row { number, cells: cells.iter().map(|(c, t)| (*c, text(t))).collect() };
    let merge = |top, left, bottom, right| Merge { top, left, bottom, right };
    Sheet {
        name: "一组".into(),
        hidden: false,
        rows: vec![
            row(1, &[(0, "基本情况")]),
            row(2, &[(0, "户主"), (2, "家庭成员情况")]),
            row(3, &[(0, "姓名"), (1, "身份证号"), (2, "姓名"), (3, "与户主关系"), (4, "证件号码")]),
            row(4, &[(0, "张文"), (1, ZHANG), (2, "张文"), (3, "户主"), (4, ZHANG)]),
            row(5, &[(2, "李英"), (3, "配偶")]),
        ],
        merges: vec![merge(1, 0, 1, 4), merge(2, 0, 2, 1), merge(2, 2, 2, 4), merge(4, 0, 5, 0), merge(4, 1, 5, 1)],
    }
}

#[test]
fn parents_and_children_of_a_tall_header_are_joined() {
    let book = Book { name: "三行.xlsx".into(), sheets: vec![three_row_header()], notices: vec![], from_1904: false };
    let (tables, _) = tables(&book, &Mapping::default()).expect("a ledger");
    let fields: Vec<Option<Field>> = tables[0].columns.iter().map(|c| c.field).collect();
    use Field::*;
    assert_eq!(fields, [Some(Head), Some(HeadId), Some(Name), Some(Relation), Some(Id)]);
    let parsed = understand(&book).expect("a ledger");
    let Rows::Households(rows) = &parsed.sections[0].rows else { panic!("not households") };
    assert_eq!((rows.len(), rows[0].members.len(), rows[0].group.as_deref()), (1, 2, Some("一组")));
}

#[test]
fn a_book_of_no_ledger_is_refused_with_the_words_it_shows() {
    let bytes = sheet_of(&[&["货名", "单价", "数量"], &["化肥", "120", "3"]]);
    let refused =
        tables(&read_bytes("货单.xlsx", &bytes).expect("readable"), &Mapping::default()).expect_err("no ledger");
    assert_eq!(refused.code, Code::UnknownBook);
    assert!(refused.to_string().contains("货名、单价、数量"), "{refused}");
}

/// The sample's households as the columns a clerk might have moved, in an encoding a clerk might have saved.
fn as_gbk_csv(book: &Book) -> Vec<u8> {
    let sheet = &book.sheets[0];
    let mut out = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
    let header =
        ["备注", "联系电话", "公民身份号码", "姓名", "家庭关系", "户主", "村民小组", "性别", "出生年月", "户类别"];
    out.write_record(header).expect("a line");
    let mut last: [String; 3] = Default::default();
    for row in sheet.rows.iter().filter(|r| (5..3553).contains(&r.number)) {
        let cell = |c: u32| row.cell(c).as_typed();
        for (at, column) in [(0, 1), (1, 2), (2, 12)] {
            if !row.cell(column).is_blank() {
                last[at] = cell(column);
            }
        }
        let class = if row.cell(12).is_blank() { String::new() } else { cell(12) };
        let line =
            [cell(15), cell(13), cell(7), cell(3), cell(4), last[1].clone(), last[0].clone(), cell(5), cell(8), class];
        out.write_record(line).expect("a line");
    }
    let text = String::from_utf8(out.into_inner().expect("bytes")).expect("text");
    let (bytes, _, lost) = encoding_rs::GBK.encode(&text);
    assert!(!lost);
    bytes.into_owned()
}

#[test]
fn the_same_households_as_gbk_text_with_moved_columns_are_the_same_people() {
    let book = read_file(&sample("农户台账.xlsx")).expect("the sample");
    let csv = read_bytes("农户.csv", &as_gbk_csv(&book)).expect("readable text");
    let again = understand(&csv).expect("a ledger");
    assert_eq!(people(&again), people(&parsed("农户台账.xlsx")));
}

#[test]
fn an_old_xls_is_read_as_well() {
    let bytes = include_bytes!("../../fixtures/households.xls");
    // The name lies; the bytes decide.
    let book = read_bytes("农户台账.xlsx", bytes).expect("an old workbook");
    assert!(book.sheets[1].hidden);
    let parsed = understand(&book).expect("a ledger");
    let Rows::Households(rows) = &parsed.sections[0].rows else { panic!("not households") };
    assert_eq!((rows.len(), rows[0].members.len(), rows[0].group.as_deref()), (1, 2, Some("一组")));
    let mut odd: Vec<(u32, &str)> =
        parsed.findings.iter().filter(|f| f.grade != Grade::Notice).map(|f| (f.row, f.what.code())).collect();
    odd.sort_unstable();
    let expected = [(4, "birth_serial"), (4, "phone_number"), (5, "id_number"), (5, "month_unclear")];
    assert_eq!(odd, expected);
}
