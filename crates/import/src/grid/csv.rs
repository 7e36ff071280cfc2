//! .csv — byte order mark, else strict UTF-8, else GB18030 (which holds all of GBK). Excel's “Unicode 文本” is UTF-16
//! with tabs, so the separator is read from the text, not from the name.

use super::{Book, Cell, Rows, Sheet};
use crate::finding::Did;
use crate::unreadable::{Code, Unreadable};
use encoding_rs::{GB18030, UTF_8, UTF_16BE, UTF_16LE};
use std::borrow::Cow;

pub fn read(name: &str, bytes: &[u8]) -> Result<Book, Unreadable> {
    let (text, garbled) = decode(bytes);
    let mut reader = ::csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator(&text))
        .from_reader(text.as_bytes());
    let mut rows = Rows::default();
    let mut record = ::csv::StringRecord::new();
    let mut number = 0;
    while reader.read_record(&mut record).map_err(|_| Unreadable::broken("text"))? {
        number += 1 + blank_lines(&text, record.position());
        for (column, field) in record.iter().enumerate() {
            rows.put(number, u32::try_from(column).unwrap_or(u32::MAX), cell(field))?;
        }
    }
    let rows = rows.finish();
    unclosed_quote(&rows)?;
    let sheet = Sheet { name: stem(name), rows, ..Sheet::default() };
    let notices = garbled.then(|| Did::Garbled.into()).into_iter().collect();
    Ok(Book { name: String::new(), sheets: vec![sheet], notices, from_1904: false })
}

/// The reader skips blank lines; the row numbers the clerk sees in Excel count them.
fn blank_lines(text: &str, record: Option<&::csv::Position>) -> u32 {
    let start = record.map_or(0, |p| usize::try_from(p.byte()).unwrap_or(0));
    let mut rest = text.as_bytes().get(start..).unwrap_or(&[]);
    if text[..start].ends_with('\r') {
        rest = rest.strip_prefix(b"\n").unwrap_or(rest);
    }
    let mut lines = 0;
    while let Some(next) = [b"\r\n".as_slice(), b"\n", b"\r"].iter().find_map(|end| rest.strip_prefix(*end)) {
        rest = next;
        lines += 1;
    }
    lines
}

fn decode(bytes: &[u8]) -> (Cow<'_, str>, bool) {
    let marked = [(UTF_8, 3), (UTF_16LE, 2), (UTF_16BE, 2)];
    let found = encoding_rs::Encoding::for_bom(bytes);
    for (encoding, length) in marked {
        if found == Some((encoding, length)) {
            return encoding.decode_without_bom_handling(&bytes[length..]);
        }
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => (Cow::Borrowed(text), false),
        Err(_) => GB18030.decode_without_bom_handling(bytes),
    }
}

/// The separator that the first filled lines hold most of; a comma when none does.
fn separator(text: &str) -> u8 {
    let head: Vec<&str> = text.lines().filter(|l| !l.trim().is_empty()).take(10).collect();
    let count = |s: u8| head.iter().map(|l| l.bytes().filter(|b| *b == s).count()).sum::<usize>();
    b",\t;|".iter().copied().max_by_key(|s| (count(*s), *s == b',')).unwrap_or(b',')
}

/// All fields are text; `="…"` is how Excel exports a number that must stay text.
fn cell(field: &str) -> Cell {
    let plain = field.strip_prefix("=\"").and_then(|f| f.strip_suffix('"')).unwrap_or(field);
    super::text_cell(plain)
}

/// A quote that never closes swallows the rest of the file into one cell.
fn unclosed_quote(rows: &[super::Row]) -> Result<(), Unreadable> {
    let last = rows.last().and_then(|r| r.cells.last());
    match last {
        Some((_, Cell::Text(text))) if text.lines().count() > 20 => Err(Code::QuoteOpen.alone()),
        _ => Ok(()),
    }
}

fn stem(name: &str) -> String {
    name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_owned()
}
