use super::*;
use std::io::Write;
use zip::write::SimpleFileOptions;

const TYPES: &str = "<Types/>";

/// A package with the parts every workbook has, and then some.
fn package(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let usual = [("[Content_Types].xml", TYPES.as_bytes()), ("xl/workbook.xml", b"<workbook/>".as_slice())];
    for (name, body) in usual.iter().chain(parts) {
        out.start_file(*name, SimpleFileOptions::default()).expect("a new part");
        out.write_all(body).expect("its bytes");
    }
    out.finish().expect("a package").into_inner()
}

fn check(bytes: &[u8], code: Code) {
    let started = std::time::Instant::now();
    let refused = inspect(bytes).expect_err("this package must be refused");
    assert_eq!(refused.code, code, "{refused}");
    assert!(started.elapsed().as_millis() < 1_000, "refused within a second, took {:?}", started.elapsed());
}

/// Overwrites every occurrence of `from`: names and sizes stand in two headers.
fn replaced(mut bytes: Vec<u8>, from: &[u8], to: &[u8]) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let mut at = 0;
    while let Some(found) = bytes[at..].windows(from.len()).position(|w| w == from) {
        bytes[at + found..at + found + to.len()].copy_from_slice(to);
        at += found + to.len();
    }
    bytes
}

fn central(bytes: &[u8], name: &str) -> usize {
    let at = bytes.windows(4).enumerate().filter(|(_, w)| w == b"PK\x01\x02").map(|(at, _)| at);
    at.into_iter().find(|at| bytes[at + 46..].starts_with(name.as_bytes())).expect("the entry stands in the directory")
}

#[test]
fn an_honest_package_passes_and_its_extras_are_told() {
    let parts: [(&str, &[u8]); 4] = [
        ("xl/vbaProject.bin", b"\xD0\xCF"),
        ("xl/externalLinks/externalLink1.xml", b"<a/>"),
        ("xl/media/image1.png", b"\x89PNG"),
        ("xl/worksheets/sheet1.xml", b"<w><row r=\"1\" hidden=\"1\"></row></w>"),
    ];
    let facts = inspect(&package(&parts)).expect("an honest package");
    let expected = PackageFacts { macros: true, external_links: true, pictures: 1, comments: false, hidden_rows: 1 };
    assert_eq!(facts, expected);
}

#[test]
fn a_bomb_is_refused_within_a_second() {
    let zeros = vec![b' '; 64 * 1024 * 1024];
    check(&package(&[("xl/worksheets/sheet1.xml", &[b"<a>".as_slice(), &zeros].concat())]), Code::ZipBomb);
}

#[test]
fn a_part_that_lies_about_its_size_is_counted_by_what_comes_out() {
    let body = [b"<a>".as_slice(), &vec![b' '; 30 * 1024 * 1024], b"</a>"].concat();
    let mut bytes = package(&[("xl/big.xml", &body)]);
    let at = central(&bytes, "xl/big.xml");
    bytes[at + 24..at + 28].copy_from_slice(&10u32.to_le_bytes());
    let code = inspect(&bytes).expect_err("a lying header is refused").code;
    assert!(matches!(code, Code::ZipBomb | Code::Broken), "{code}");
}

#[test]
fn two_thousand_and_one_parts_are_too_many() {
    let names: Vec<String> = (0..2_001).map(|i| format!("xl/{i}.xml")).collect();
    let parts: Vec<(&str, &[u8])> = names.iter().map(|n| (n.as_str(), b"".as_slice())).collect();
    check(&package(&parts), Code::ZipTricks);
}

#[test]
fn names_that_climb_out_are_refused() {
    for name in ["../../x.xml", "C:\\x.xml", "\\\\srv\\x", "a:stream", "/etc/x"] {
        check(&package(&[(name, b"<a/>")]), Code::ZipTricks);
    }
}

#[test]
fn two_parts_of_one_name_are_refused() {
    let bytes = package(&[("xl/aaaa.xml", b"<a/>"), ("xl/bbbb.xml", b"<b/>")]);
    check(&replaced(bytes, b"xl/bbbb.xml", b"xl/aaaa.xml"), Code::ZipTricks);
}

#[test]
fn parts_that_share_bytes_are_refused() {
    let mut bytes = package(&[("xl/aaaa.xml", b"<a/>"), ("xl/bbbb.xml", b"<a/>")]);
    let (first, second) = (central(&bytes, "xl/aaaa.xml"), central(&bytes, "xl/bbbb.xml"));
    let offset = bytes[first + 42..first + 46].to_vec();
    bytes[second + 42..second + 46].copy_from_slice(&offset);
    check(&bytes, Code::ZipBomb);
}

#[test]
fn an_encrypted_part_is_told_to_be_unlocked() {
    let mut bytes = package(&[("xl/a.xml", b"<a/>")]);
    let at = central(&bytes, "xl/a.xml");
    bytes[at + 8] |= 1;
    check(&bytes, Code::Password);
}

#[test]
fn a_link_is_refused() {
    let mut bytes = package(&[("xl/a.xml", b"/etc/passwd")]);
    let at = central(&bytes, "xl/a.xml");
    bytes[at + 5] = 3;
    bytes[at + 38..at + 42].copy_from_slice(&(0o120777u32 << 16).to_le_bytes());
    check(&bytes, Code::ZipTricks);
}

#[test]
fn a_document_type_in_any_part_is_refused() {
    check(&package(&[("docProps/app.bin", b"<!DOCTYPE a [<!ENTITY b \"c\">]><a/>")]), Code::XmlTricks);
    let wide: Vec<u8> = "\u{FEFF}<!DOCTYPE a><a/>".encode_utf16().flat_map(u16::to_le_bytes).collect();
    check(&package(&[("xl/styles.xml", &wide)]), Code::XmlTricks);
}

#[test]
fn a_package_cut_off_anywhere_is_broken_and_never_a_panic() {
    let whole = package(&[("xl/worksheets/sheet1.xml", b"<a><b/></a>")]);
    for length in 2..whole.len() - 1 {
        check(&whole[..length], Code::Broken);
    }
}

#[test]
fn one_wrong_byte_in_the_data_is_broken() {
    let mut bytes = package(&[("xl/worksheets/sheet1.xml", b"<a><b/>some text that is long enough</a>")]);
    let at = bytes.windows(6).rposition(|w| w == b"PK\x01\x02\x2e\x00").unwrap_or(bytes.len() / 2);
    let first = bytes.windows(4).position(|w| w == b"PK\x01\x02").expect("a directory").min(at);
    bytes[first - 3] ^= 0x55;
    let code = inspect(&bytes).expect_err("damage is seen").code;
    assert!(matches!(code, Code::Broken | Code::XmlTricks), "{code}");
}

#[test]
fn a_plain_zip_and_a_binary_workbook_are_told_apart() {
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    out.start_file("台账.xlsx", SimpleFileOptions::default()).expect("a part");
    check(&out.finish().expect("a zip").into_inner(), Code::Archive);
    check(&package(&[("xl/workbook.bin", b"\0")]), Code::Xlsb);
}
