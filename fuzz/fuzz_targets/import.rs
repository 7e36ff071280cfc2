//! Whatever a clerk hands over: a book or one clear refusal, and a book is understood or refused, never a panic.
//!
//! Bytes alone rarely get past a zip's checksums, so most cases are put into a sound workbook as one of its parts.
#![no_main]

use std::io::Write;
use std::sync::Once;

use lianhu_import::{read_bytes, understand};
use libfuzzer_sys::fuzz_target;
use zip::write::SimpleFileOptions;

const TYPES: &str = r#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>"#;
const ROOT: &str = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const BOOK: &str = r#"<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="走访记录" sheetId="1" r:id="r1"/></sheets></workbook>"#;
const RELS: &str = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="r3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>"#;
const SHEET: &str = r#"<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row><row r="2"><c r="A2" s="1"><v>46000</v></c></row></sheetData></worksheet>"#;
const STRINGS: &str = r#"<?xml version="1.0"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>走访日期</t></si><si><t>户主姓名</t></si></sst>"#;
const STYLES: &str = r#"<?xml version="1.0"?><styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>"#;

/// A sound workbook in which one part is what the fuzzer made.
fn book_with(part: usize, content: &[u8]) -> Vec<u8> {
    let mut parts: [(&str, &[u8]); 7] = [
        ("xl/worksheets/sheet1.xml", SHEET.as_bytes()),
        ("xl/sharedStrings.xml", STRINGS.as_bytes()),
        ("xl/styles.xml", STYLES.as_bytes()),
        ("xl/workbook.xml", BOOK.as_bytes()),
        ("[Content_Types].xml", TYPES.as_bytes()),
        ("_rels/.rels", ROOT.as_bytes()),
        ("xl/_rels/workbook.xml.rels", RELS.as_bytes()),
    ];
    parts[part].1 = content;
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in parts {
        let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
        zip.start_file(name, stored).expect("memory takes a file");
        zip.write_all(content).expect("memory takes every byte");
    }
    zip.finish().expect("memory takes every byte").into_inner()
}

static QUIET: Once = Once::new();

fuzz_target!(|given: &[u8]| {
    // A panic that the reader catches is its own affair; one that gets out still ends the run.
    QUIET.call_once(|| std::panic::set_hook(Box::new(|_| {})));
    let Some((kind, content)) = given.split_first() else { return };
    let bytes = match usize::from(kind % 8) {
        part @ 0..=3 => book_with(part, content),
        4 => [&[0xef, 0xbb, 0xbf][..], content].concat(),
        5 => [&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1][..], content].concat(),
        6 => [b"PK\x03\x04", content].concat(),
        _ => content.to_vec(),
    };
    let Ok(book) = read_bytes("台账", &bytes) else { return };
    if let Err(payload) = std::panic::catch_unwind(|| understand(&book)) {
        let said = payload.downcast_ref::<String>().cloned();
        eprintln!(
            "understand: {}",
            said.or(payload.downcast_ref::<&str>().map(|s| (*s).to_owned())).unwrap_or_default()
        );
        std::process::abort();
    }
});
