//! 敌意文件 — a hostile workbook costs little memory and little time. Alone in its process, because it counts every byte.

use cap::Cap;
use lianhu_import::{Code, read_bytes};
use rust_xlsxwriter::Workbook;
use std::alloc::System;
use std::io::{Cursor, Read, Write};
use std::time::{Duration, Instant};

#[global_allocator]
static MEMORY: Cap<System> = Cap::new(System, usize::MAX);

const MOST_EXTRA: usize = 64 * 1024 * 1024;

/// Over the limit an allocation fails and the process ends: the test fails with it.
fn check(what: &str, bytes: &[u8], code: Code) {
    MEMORY.set_limit(MEMORY.allocated() + MOST_EXTRA).expect("room to set a limit");
    let started = Instant::now();
    let refused = read_bytes("敌意.xlsx", bytes).expect_err(what);
    let took = started.elapsed();
    MEMORY.set_limit(usize::MAX).expect("no limit again");
    assert_eq!(refused.code, code, "{what}: {refused}");
    assert!(took < Duration::from_secs(1), "{what} took {took:?}");
}

fn workbook() -> Vec<u8> {
    let mut book = Workbook::new();
    book.add_worksheet().write_string(0, 0, "姓名").expect("a cell");
    book.save_to_buffer().expect("a workbook")
}

fn with_part(name: &str, change: impl Fn(Vec<u8>) -> Vec<u8>) -> Vec<u8> {
    let plain = workbook();
    let mut archive = zip::ZipArchive::new(Cursor::new(&plain)).expect("a package");
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).expect("a part");
        let part_name = part.name().expect("its name").into_owned();
        let mut body = Vec::new();
        part.read_to_end(&mut body).expect("its bytes");
        let body = if part_name == name { change(body) } else { body };
        out.start_file(part_name, zip::write::SimpleFileOptions::default()).expect("a new part");
        out.write_all(&body).expect("its bytes");
    }
    out.finish().expect("a package").into_inner()
}

fn in_sheet(cells: String) -> Vec<u8> {
    with_part("xl/worksheets/sheet1.xml", |xml| {
        let xml = String::from_utf8(xml).expect("text");
        xml.replace("</sheetData>", &format!("{cells}</sheetData>")).into_bytes()
    })
}

#[test]
fn hostile_workbooks_are_refused_within_a_second_and_64_mib() {
    let spaces = vec![b' '; 300 * 1024 * 1024];
    check(
        "300 MiB of blanks in a sheet",
        &with_part("xl/worksheets/sheet1.xml", |_| [b"<worksheet>".as_slice(), &spaces].concat()),
        Code::ZipBomb,
    );
    drop(spaces);
    check(
        "a lone cell in the last corner",
        &in_sheet("<row r=\"1048576\"><c r=\"XFD1048576\"><v>1</v></c></row>".into()),
        Code::TooWide,
    );
    check(
        "a million columns",
        &in_sheet(format!("<row r=\"2\">{}</row>", "<c><v>1</v></c>".repeat(1_000_000))),
        Code::TooWide,
    );
    check(
        "rows without end",
        &in_sheet((2..200_000).map(|r| format!("<row r=\"{r}\"><c r=\"A{r}\"><v>{r}</v></c></row>")).collect()),
        Code::TooLong,
    );
    check(
        "four billion strings that are not there",
        &with_part("xl/sharedStrings.xml", |_| b"<sst count=\"4000000000\" uniqueCount=\"4000000000\"></sst>".to_vec()),
        Code::XmlTricks,
    );
    check(
        "laughs by the billion",
        &with_part("xl/styles.xml", |_| b"<!DOCTYPE l [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;\">]><l>&b;</l>".to_vec()),
        Code::XmlTricks,
    );
    check("a hundred thousand tags deep", &in_sheet("<c>".repeat(100_000)), Code::XmlTricks);
    check("a line of a million fields", "1,".repeat(1_000_000).as_bytes(), Code::TooWide);
}
