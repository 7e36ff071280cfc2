use super::*;

const BOOK: &[u8] = include_bytes!("../../../fixtures/households.xls");

fn check(bytes: &[u8], code: Code) {
    let refused = inspect(bytes).expect_err("this file must be refused");
    assert_eq!(refused.code, code, "{refused}");
}

/// The first place of a record: its id and length, little-endian.
fn record(id: u16, length: u16) -> usize {
    let head = [id.to_le_bytes(), length.to_le_bytes()].concat();
    BOOK.windows(4).position(|w| w == head).expect("the record is in the book")
}

fn patched(at: usize, with: &[u8]) -> Vec<u8> {
    let mut bytes = BOOK.to_vec();
    bytes[at..at + with.len()].copy_from_slice(with);
    bytes
}

#[test]
fn an_honest_book_passes_and_its_formula_is_counted() {
    let facts = inspect(BOOK).expect("an honest book");
    assert_eq!(facts, OleFacts { formulas: 1, external_links: false, macros: false });
}

#[test]
fn a_locked_book_is_told_to_be_unlocked() {
    check(&patched(record(0x0042, 2), &0x002Fu16.to_le_bytes()), Code::Password);
}

#[test]
fn an_encrypted_xlsx_is_told_to_be_unlocked() {
    let name: Vec<u8> = "Workbook".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let at = BOOK.windows(name.len()).position(|w| w == name).expect("the stream's name");
    let mut entry: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    entry.resize(64, 0);
    entry.extend(34u16.to_le_bytes());
    check(&patched(at, &entry), Code::Password);
}

#[test]
fn a_lone_cell_far_to_the_right_is_refused_before_it_is_laid_out() {
    let cell = record(0x00FD, 10);
    check(&patched(cell + 6, &255u16.to_le_bytes()), Code::TooWide);
}

#[test]
fn a_word_document_is_no_table() {
    let name: Vec<u8> = "Workbook".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let at = BOOK.windows(name.len()).position(|w| w == name).expect("the stream's name");
    check(&patched(at, b"X"), Code::NotABook);
}

#[test]
fn a_ring_of_sectors_ends() {
    let fat = u32_at(BOOK, 76).expect("the first table") as usize;
    let first = (fat + 1) * 512;
    let ring: Vec<u8> = (0..64u32).flat_map(|_| 1u32.to_le_bytes()).collect();
    check(&patched(first, &ring), Code::Broken);
}

#[test]
fn a_book_cut_off_anywhere_never_panics() {
    for length in (8..BOOK.len()).step_by(61) {
        // A cut behind the last record loses nothing; anything else is refused further on.
        drop(inspect(&BOOK[..length]));
    }
}
