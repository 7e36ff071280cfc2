use super::*;
use rust_xlsxwriter::{Formula, Workbook};
use std::io::{Cursor, Read, Write};

/// A workbook of one sheet, row by row.
pub(crate) fn sheet_of(rows: &[&[&str]]) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (r, row) in rows.iter().enumerate() {
        for (c, text) in row.iter().enumerate().filter(|(_, t)| !t.is_empty()) {
            sheet.write_string(r as u32, c as u16, *text).expect("a cell");
        }
    }
    book.save_to_buffer().expect("a workbook")
}

/// The same package with one part rewritten.
fn with_part(bytes: &[u8], name: &str, change: impl Fn(String) -> String) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("a package");
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).expect("a part");
        let part_name = part.name().expect("its name").into_owned();
        let mut body = Vec::new();
        part.read_to_end(&mut body).expect("its bytes");
        if part_name == name {
            body = change(String::from_utf8(body).expect("text")).into_bytes();
        }
        out.start_file(part_name, zip::write::SimpleFileOptions::default()).expect("a new part");
        out.write_all(&body).expect("its bytes");
    }
    out.finish().expect("a package").into_inner()
}

const SHEET: &str = "xl/worksheets/sheet1.xml";

fn check_refused(bytes: &[u8], code: Code) {
    let started = std::time::Instant::now();
    let refused = read_bytes("敌意.xlsx", bytes).expect_err("this workbook must be refused");
    assert_eq!(refused.code, code, "{refused}");
    assert!(refused.to_string().starts_with("《敌意.xlsx》"), "says which file");
    assert!(started.elapsed().as_secs() < 2, "refused in {:?}", started.elapsed());
}

#[test]
fn columns_have_the_letters_excel_shows() {
    let shown: Vec<String> = [0, 25, 26, 701, 702, 16_383].into_iter().map(letters).collect();
    assert_eq!(shown, ["A", "Z", "AA", "ZZ", "AAA", "XFD"]);
}

#[test]
fn a_number_beyond_fifteen_digits_shows_that_it_lost_some() {
    let shown = [826.0, 10_020_246_318.0, 2020.5, 9.90101196204164e17, -1e300].map(|n| Cell::Number(n).as_typed());
    assert_eq!(shown, ["826", "10020246318", "2020.5", "9.90101196204164E+17", "-1E+300"]);
}

#[test]
fn a_lone_cell_in_the_last_corner_is_refused_and_costs_nothing() {
    let bytes = sheet_of(&[&["姓名"]]);
    let far = with_part(&bytes, SHEET, |xml| {
        let cell = "<row r=\"1048576\"><c r=\"XFD1048576\"><v>1</v></c></row></sheetData>";
        xml.replace("</sheetData>", cell)
    });
    check_refused(&far, Code::TooWide);
    let low = with_part(&bytes, SHEET, |xml| {
        xml.replace("</sheetData>", "<row r=\"1048576\"><c r=\"A1048576\"><v>1</v></c></row></sheetData>")
    });
    check_refused(&low, Code::TooLong);
}

#[test]
fn a_used_range_over_everything_is_only_a_claim() {
    let bytes = with_part(&sheet_of(&[&["姓名", "关系"]]), SHEET, |xml| {
        let xml = xml.replace("ref=\"A1:B1\"", "ref=\"A1:XFD1048576\"");
        xml.replace(
            "</sheetData>",
            "</sheetData><mergeCells count=\"1\"><mergeCell ref=\"A1:XFD1048576\"/></mergeCells>",
        )
    });
    let book = read_bytes("大.xlsx", &bytes).expect("an honest sheet with a silly claim");
    assert_eq!(book.sheets[0].rows.len(), 1);
    assert_eq!(book.sheets[0].merges[0].bottom, 1_048_576);
}

#[test]
fn a_million_columns_are_refused() {
    let cells: String = (0..1_000_000).map(|_| "<c><v>1</v></c>").collect();
    let bytes = with_part(&sheet_of(&[&["姓名"]]), SHEET, |xml| {
        xml.replace("</sheetData>", &format!("<row r=\"2\">{cells}</row></sheetData>"))
    });
    check_refused(&bytes, Code::TooWide);
    let csv = vec![b','; 1_000_000];
    let book = read_bytes("空.csv", &csv).expect("a million empty fields are nothing");
    assert!(book.sheets[0].rows.is_empty());
    check_refused("1,".repeat(1_000_000).as_bytes(), Code::TooWide);
}

#[test]
fn broken_xml_and_strings_out_of_range_are_told() {
    let bytes = sheet_of(&[&["姓名"]]);
    check_refused(&with_part(&bytes, SHEET, |xml| xml.replace("</sheetData>", "</sheetDate>")), Code::Broken);
    check_refused(&with_part(&bytes, SHEET, |xml| xml[..xml.len() / 2].to_owned()), Code::Broken);
    let far = with_part(&bytes, SHEET, |xml| xml.replace("<v>0</v>", "<v>99999</v>"));
    check_refused(&far, Code::Broken);
}

#[test]
fn merges_that_overlap_are_refused() {
    let bytes = with_part(&sheet_of(&[&["姓名"], &["张三"]]), SHEET, |xml| {
        let merges = "<mergeCell ref=\"A1:A2\"/>".repeat(1_000);
        xml.replace("</sheetData>", &format!("</sheetData><mergeCells>{merges}</mergeCells>"))
    });
    check_refused(&bytes, Code::MergesOverlap);
}

#[test]
fn one_wrong_byte_anywhere_is_refused_or_harmless_and_never_the_end() {
    let bytes = sheet_of(&[&["姓名", "与户主关系"], &["张三", "户主"]]);
    for at in 0..bytes.len() {
        let mut wrong = bytes.clone();
        wrong[at] ^= 0x55;
        drop(read_bytes("坏.xlsx", &wrong));
    }
}

#[test]
fn formulas_give_their_stored_result_or_say_that_there_is_none() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write_formula(0, 0, Formula::new("=1+1").set_result("2")).expect("a formula");
    sheet.write_formula(1, 0, Formula::new("=HYPERLINK(\"x\")").set_result("文字")).expect("a formula");
    sheet.write_formula(2, 0, Formula::new("=1/0").set_result("#DIV/0!")).expect("a formula");
    let bytes = book.save_to_buffer().expect("a workbook");
    let bytes = with_part(&bytes, SHEET, |xml| {
        xml.replace("</sheetData>", "<row r=\"4\"><c r=\"A4\"><f>A1</f></c></row></sheetData>")
    });
    let book = read_bytes("公式.xlsx", &bytes).expect("a workbook with formulas");
    let cells: Vec<&Cell> = book.sheets[0].rows.iter().map(|r| r.cell(0)).collect();
    assert_eq!(cells[0], &Cell::Number(2.0));
    assert_eq!(cells[1], &Cell::Text("文字".into()));
    assert!(matches!(cells[2], Cell::Error(_)), "{:?}", cells[2]);
    assert_eq!(cells[3], &Cell::Error(NO_RESULT.into()));
    assert_eq!(book.notices.len(), 1, "{:?}", book.notices);
}

#[test]
fn a_book_that_counts_from_1904_is_read_so() {
    let mut book = Workbook::new();
    let format = rust_xlsxwriter::Format::new().set_num_format("yyyy-mm-dd");
    book.add_worksheet().write_number_with_format(0, 0, 42_490.0, &format).expect("a date");
    let bytes = book.save_to_buffer().expect("a workbook");
    let bytes = with_part(&bytes, "xl/workbook.xml", |xml| xml.replace("<workbookPr ", "<workbookPr date1904=\"1\" "));
    let book = read_bytes("苹果.xlsx", &bytes).expect("a workbook");
    assert!(book.from_1904);
    assert_eq!(book.sheets[0].rows[0].cell(0), &Cell::Date(NaiveDate::from_ymd_opt(2020, 5, 1).expect("a day")));
}

#[test]
fn day_numbers_of_days_that_never_were_are_no_dates() {
    assert_eq!(day(60.0, false), None);
    assert_eq!(day(-5.0, false), None);
    assert_eq!(day(59.0, false), NaiveDate::from_ymd_opt(1900, 2, 28));
    assert_eq!(day(61.0, false), NaiveDate::from_ymd_opt(1900, 3, 1));
    assert_eq!(day(43_952.0, false), NaiveDate::from_ymd_opt(2020, 5, 1));
}

fn check_csv(bytes: &[u8]) {
    let book = read_bytes("农户.csv", bytes).expect("a readable text");
    let rows = &book.sheets[0].rows;
    let cell = |row: usize, column| rows[row].cell(column).as_typed();
    assert_eq!((cell(0, 0).as_str(), cell(1, 1).as_str()), ("姓名", "990101199102116656"));
    assert_eq!((rows[0].number, rows[1].number, rows[2].number), (1, 3, 4), "blank lines are counted");
    assert_eq!(cell(1, 0), "㛃");
}

#[test]
fn text_is_read_in_any_of_its_encodings() {
    let text = "姓名,身份证号\r\n\r\n㛃,\"=\"\"990101199102116656\"\"\"\r\n李四,\"两\n行\"\r\n";
    check_csv(text.as_bytes());
    check_csv(format!("\u{FEFF}{text}").as_bytes());
    let (gb, _, _) = encoding_rs::GB18030.encode(text);
    check_csv(&gb);
    let wide = format!("\u{FEFF}{}", text.replace(',', "\t"));
    let wide: Vec<u8> = wide.encode_utf16().flat_map(u16::to_le_bytes).collect();
    check_csv(&wide);
}

#[test]
fn an_unclosed_quote_is_told_and_not_swallowed() {
    let text = format!("姓名,备注\n张三,\"开了没关\n{}", "李四,好\n".repeat(30));
    check_refused(text.as_bytes(), Code::QuoteOpen);
}

#[test]
fn a_book_travels_as_json_and_comes_back_the_same() {
    let bytes = std::fs::read(sample("农户台账.xlsx")).expect("the sample");
    let book = read_bytes("农户台账.xlsx", &bytes).expect("the sample is readable");
    let json = serde_json::to_string(&book).expect("plain data");
    let back: Book = serde_json::from_str(&json).expect("plain data");
    assert!(back == book, "the child process hands over exactly what it read");
}

pub(crate) fn sample(name: &str) -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/sample").join(name)
}
