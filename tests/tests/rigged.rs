//! 有人做了手脚的表 — rigged workbooks meet a child of the program, never the program: each is refused under its code,
//! the books beside it are read, and the ledger stays as it was.

use std::path::Path;

use lianhu_desk::exchange::Room;
use lianhu_desk::{Desk, Machine, Place};
use serde_json::{Value as Json, json};

/// A desk with a new village on it, whose child is `program`.
fn desk(dir: &Path, program: &str) -> Desk {
    let machine = Machine::at("2026-11-20T20:00").expect("a time");
    let place = Place {
        dir: dir.to_owned(),
        papers: dir.join("papers"),
        machine,
        program: program.into(),
        looks: Vec::new(),
        room: Room::default(),
    };
    let desk = Desk::open(place).expect("the desk opens");
    call(&desk, "session_new", json!({"village": "东岭村", "user": "韦志强"}));
    desk
}

fn call(desk: &Desk, name: &str, ask: Json) -> Json {
    desk.call(name, ask).unwrap_or_else(|problem| panic!("{name}: {problem:?}"))
}

/// Reads files as the window does, and gives for each why it cannot be taken in.
fn refusals(desk: &Desk, files: &[&Path]) -> Vec<Option<String>> {
    let paths: Vec<String> = files.iter().map(|path| path.display().to_string()).collect();
    let job = call(desk, "import_read", json!({"paths": paths}));
    while !call(desk, "job_look", job.clone())["ended"].as_bool().expect("it says whether") {
        std::thread::yield_now();
    }
    let chosen: Vec<Json> = paths.iter().map(|path| json!({"path": path})).collect();
    let looks = call(desk, "import_look", json!({"files": chosen}));
    let why = |look: &Json| look["problem"]["details"]["why"].as_str().map(str::to_owned);
    looks.as_array().expect("a list").iter().map(why).collect()
}

const HOST: &str = env!("CARGO_BIN_EXE_host");
const GOOD: &str = "村民组,户主姓名,姓名,与户主关系\n一组,张文,张文,户主\n";

/// A package whose one sheet declares a document type.
fn with_doctype() -> Vec<u8> {
    use std::io::Write;
    let mut out = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let parts = [
        ("[Content_Types].xml", "<Types/>"),
        ("xl/workbook.xml", "<workbook/>"),
        ("xl/worksheets/sheet1.xml", "<!DOCTYPE x [<!ENTITY a \"aaaa\">]><worksheet>&a;</worksheet>"),
    ];
    for (name, text) in parts {
        out.start_file(name, zip::write::SimpleFileOptions::default()).expect("a part");
        out.write_all(text.as_bytes()).expect("a part");
    }
    out.finish().expect("a package").into_inner()
}

#[test]
fn a_rigged_workbook_is_refused_by_the_child_and_the_one_beside_it_is_read() {
    let dir = tempfile::tempdir().expect("a folder");
    let desk = desk(dir.path(), HOST);
    let file = |name: &str, bytes: &[u8]| {
        let path = dir.path().join(name);
        std::fs::write(&path, bytes).expect("the folder is writable");
        path
    };
    let page = file("系统导出.xls", b"<html><table></table></html>");
    let tricks = file("夹带.xlsx", &with_doctype());
    let good = file("户.csv", GOOD.as_bytes());
    let nowhere = dir.path().join("没有.xlsx");
    let why = refusals(&desk, &[&page, &tricks, &good, &nowhere]);
    let expect = [Some("web_page"), Some("xml_tricks"), None, Some("missing")];
    assert_eq!(why, expect.map(|code| code.map(str::to_owned)));
    assert_eq!(call(&desk, "record_list", json!({"kind": "household"})), json!([]));
}

#[test]
fn a_child_that_dies_or_never_was_is_told_as_what_it_is() {
    for (program, why) in [("no such program", "no_reader"), (if cfg!(unix) { "true" } else { "where" }, "died")] {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("户.csv");
        std::fs::write(&path, GOOD).expect("the folder is writable");
        assert_eq!(refusals(&desk(dir.path(), program), &[&path]), [Some(why.to_owned())]);
    }
}

#[test]
fn reading_that_is_stopped_ends_soon_and_keeps_nothing() {
    let dir = tempfile::tempdir().expect("a folder");
    let desk = desk(dir.path(), HOST);
    let mut rows = GOOD.to_owned();
    (0..90_000).for_each(|n| rows.push_str(&format!("一组,张文,张{n},其他\n")));
    let path = dir.path().join("大.csv");
    std::fs::write(&path, rows).expect("the folder is writable");
    let job = call(&desk, "import_read", json!({"paths": [path.display().to_string()]}));
    call(&desk, "job_stop", job.clone());
    let ended = std::iter::repeat_with(|| call(&desk, "job_look", job.clone())).find(|look| look["ended"] == true);
    assert_eq!(ended.expect("it ends")["problem"]["code"], "stopped");
}
