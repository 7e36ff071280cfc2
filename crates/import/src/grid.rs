//! 格子 — a workbook as plain cells, whatever file it came from. Sparse and bounded; every cell keeps the row number
//! and column letters the clerk sees in Excel. A [`Book`] is serde data, so that a child process can read the hostile
//! bytes and hand over only this.

mod csv;
mod xls;
mod xlsx;

use crate::finding::Done;
use crate::sniff::{self, Shape};
use crate::unreadable::{Code, Unreadable};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;

/// Bounds of one sheet's filled area; a village of 5,000 households stays far under both.
pub const MOST_ROWS: u32 = 100_000;
pub const MOST_COLUMNS: u32 = 200;

/// A workbook as read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Book {
    /// The file's name, as the clerk knows it.
    pub name: String,
    pub sheets: Vec<Sheet>,
    /// What was in the file and is not cells.
    pub notices: Vec<Done>,
    /// Day numbers without a date format count from 1904 in this book (Excel for Mac).
    pub from_1904: bool,
}

/// What a person has typed over a cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retyped {
    pub sheet: String,
    /// 1-based, as Excel shows it.
    pub row: u32,
    /// 0-based.
    pub column: u32,
    pub text: String,
}

impl Book {
    /// The book as it would be if that had been typed in Excel. A cell outside the sheet's bounds changes nothing.
    #[must_use]
    pub fn retyped(mut self, cells: &[Retyped]) -> Book {
        for cell in cells.iter().filter(|c| (1..=MOST_ROWS).contains(&c.row) && c.column < MOST_COLUMNS) {
            if let Some(sheet) = self.sheets.iter_mut().find(|s| s.name == cell.sheet) {
                sheet.put(cell.row, cell.column, text_cell(&cell.text));
            }
        }
        self
    }
}

/// One worksheet; rows in order, without the empty ones.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Sheet {
    pub name: String,
    pub hidden: bool,
    pub rows: Vec<Row>,
    pub merges: Vec<Merge>,
}

/// One row; cells in column order, without the empty ones.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// 1-based, as Excel shows it.
    pub number: u32,
    /// 0-based column and its cell.
    pub cells: Vec<(u32, Cell)>,
}

/// A merged area, rows 1-based and columns 0-based, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Merge {
    pub top: u32,
    pub left: u32,
    pub bottom: u32,
    pub right: u32,
}

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cell {
    #[default]
    Empty,
    Text(String),
    Number(f64),
    Bool(bool),
    Date(NaiveDate),
    /// `#N/A` and the like, or a formula that carries no result.
    Error(String),
}

/// A formula whose result was never stored (written by a program, never opened in Excel).
pub const NO_RESULT: &str = "公式没有结果";

static EMPTY: Cell = Cell::Empty;

impl Sheet {
    fn put(&mut self, row: u32, column: u32, cell: Cell) {
        let at = self.rows.partition_point(|r| r.number < row);
        if self.rows.get(at).is_none_or(|r| r.number != row) {
            self.rows.insert(at, Row { number: row, cells: Vec::new() });
        }
        let cells = &mut self.rows[at].cells;
        cells.retain(|(c, _)| *c != column);
        if cell != Cell::Empty {
            cells.insert(cells.partition_point(|(c, _)| *c < column), (column, cell));
        }
        self.rows.retain(|r| !r.cells.is_empty());
    }
}

impl Row {
    pub fn cell(&self, column: u32) -> &Cell {
        let found = self.cells.binary_search_by_key(&column, |(c, _)| *c);
        found.map_or(&EMPTY, |i| &self.cells[i].1)
    }
}

impl Cell {
    /// Nothing a person would see.
    pub fn is_blank(&self) -> bool {
        match self {
            Cell::Empty => true,
            Cell::Text(text) => text.chars().all(crate::clean::is_blank),
            _ => false,
        }
    }

    /// The cell as a person would type it again.
    pub fn as_typed(&self) -> String {
        match self {
            Cell::Empty => String::new(),
            Cell::Text(text) | Cell::Error(text) => text.clone(),
            Cell::Number(n) => number_as_typed(*n),
            Cell::Bool(true) => "TRUE".into(),
            Cell::Bool(false) => "FALSE".into(),
            Cell::Date(date) => date.format("%Y-%m-%d").to_string(),
        }
    }
}

/// A double holds 15 digits; beyond that more digits would be invented, so the exponent stays visible.
fn number_as_typed(n: f64) -> String {
    if n.abs() < 1e15 {
        return format!("{n}");
    }
    let text = format!("{n:.14E}");
    match text.split_once('E') {
        Some((digits, power)) => format!("{}E+{power}", digits.trim_end_matches('0').trim_end_matches('.')),
        None => text,
    }
}

/// Column letters back to a 0-based column; none for no letters.
pub fn column_of(letters: &str) -> Option<u32> {
    let add = |n: u32, b: u8| Some(n.checked_mul(26)? + u32::from(b.is_ascii_uppercase().then(|| b - b'A')?) + 1);
    letters.bytes().try_fold(0, add)?.checked_sub(1)
}

/// Column letters as Excel shows them: 0 → A, 26 → AA.
pub fn letters(column: u32) -> String {
    let mut left = column + 1;
    let mut out = Vec::new();
    while left > 0 {
        left -= 1;
        out.push(b'A' + (left % 26) as u8);
        left /= 26;
    }
    out.iter().rev().map(|b| char::from(*b)).collect()
}

/// Reads a file of any of the supported kinds.
pub fn read_file(path: &Path) -> Result<Book, Unreadable> {
    let name = path.file_name().map_or_else(|| path.display().to_string(), |n| n.to_string_lossy().into_owned());
    let bytes = sniff::take_bytes(path).map_err(|e| e.of(&name))?;
    read_bytes(&name, &bytes)
}

/// Reads the bytes of a file called `name`; the name is only for messages, never trusted for the kind.
pub fn read_bytes(name: &str, bytes: &[u8]) -> Result<Book, Unreadable> {
    let read = || match sniff::sniff(bytes)? {
        Shape::Xlsx(facts) => xlsx::read(bytes, &facts),
        Shape::Xls(facts) => xls::read(bytes, &facts),
        Shape::Text => csv::read(name, bytes),
    };
    // The readers below us meet bytes nobody vouches for: a panic of theirs is a damaged file, not our end.
    let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(read));
    let book = caught.unwrap_or_else(|_| Err(Unreadable::broken("content")));
    let mut book = book.map_err(|e| e.of(name))?;
    name.clone_into(&mut book.name);
    Ok(book)
}

/// Collects cells in reading order into bounded sparse rows.
#[derive(Default)]
struct Rows {
    rows: Vec<Row>,
}

impl Rows {
    /// `row` 1-based, `column` 0-based.
    fn put(&mut self, row: u32, column: u32, cell: Cell) -> Result<(), Unreadable> {
        if cell == Cell::Empty {
            return Ok(());
        }
        if column >= MOST_COLUMNS {
            return Err(too_wide());
        }
        if row > MOST_ROWS {
            return Err(too_long());
        }
        match self.rows.last_mut() {
            Some(last) if last.number == row => last.cells.push((column, cell)),
            _ => self.rows.push(Row { number: row, cells: vec![(column, cell)] }),
        }
        Ok(())
    }

    /// Files may list rows and cells out of order; the last of two cells in one place counts, as in Excel.
    fn finish(mut self) -> Vec<Row> {
        self.rows.sort_by_key(|r| r.number);
        self.rows.dedup_by(|later, first| {
            let same = later.number == first.number;
            if same {
                first.cells.append(&mut later.cells);
            }
            same
        });
        for row in &mut self.rows {
            row.cells.sort_by_key(|(c, _)| *c);
            row.cells.reverse();
            row.cells.dedup_by_key(|(c, _)| *c);
            row.cells.reverse();
        }
        self.rows
    }
}

/// Merges never overlap in a workbook that Excel saved; ones that do would be carried down over each other without end.
fn sound_merges(merges: &[Merge], rows: &[Row]) -> Result<(), Unreadable> {
    let last = rows.last().map_or(0, |r| u64::from(r.number));
    let mut filled: BTreeMap<u32, u64> = BTreeMap::new();
    for area in merges.iter().filter(|m| u64::from(m.top) <= last) {
        let height = u64::from(area.bottom).min(last).saturating_sub(u64::from(area.top)) + 1;
        *filled.entry(area.left).or_default() += height;
    }
    match filled.values().any(|rows| *rows > last) {
        true => Err(Code::MergesOverlap.alone()),
        false => Ok(()),
    }
}

pub(crate) fn too_wide() -> Unreadable {
    Code::TooWide.with("most", MOST_COLUMNS)
}

pub(crate) fn too_long() -> Unreadable {
    Code::TooLong.with("most", MOST_ROWS)
}

/// Numbers that are no numbers cannot travel as JSON and mean nothing in a ledger.
fn number(n: f64) -> Cell {
    if n.is_finite() { Cell::Number(n) } else { Cell::Error("不是数字".into()) }
}

fn from_calamine(data: &calamine::Data, from_1904: bool) -> Cell {
    use calamine::Data;
    match data {
        Data::Empty => Cell::Empty,
        Data::String(text) | Data::DurationIso(text) => text_cell(text),
        Data::DateTimeIso(text) => iso_date(text).map_or_else(|| text_cell(text), Cell::Date),
        Data::Float(n) => number(*n),
        Data::Int(n) => number(*n as f64),
        Data::Bool(b) => Cell::Bool(*b),
        Data::Error(e) => Cell::Error(e.to_string()),
        Data::DateTime(stamp) => day(stamp.as_f64(), from_1904).map_or_else(|| number(stamp.as_f64()), Cell::Date),
    }
}

fn text_cell(text: &str) -> Cell {
    if text.is_empty() { Cell::Empty } else { Cell::Text(text.to_owned()) }
}

fn iso_date(text: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(text.get(..10)?, "%Y-%m-%d").ok()
}

/// An Excel day number as a date. Day 60 of the 1900 system (29 February 1900) never was.
pub(crate) fn day(serial: f64, from_1904: bool) -> Option<NaiveDate> {
    let days = serial.floor() as i64;
    if !(1..=2_958_465).contains(&days) || (!from_1904 && days == 60) {
        return None;
    }
    let start = match from_1904 {
        true => NaiveDate::from_ymd_opt(1904, 1, 1)?,
        false if days < 60 => NaiveDate::from_ymd_opt(1899, 12, 31)?,
        false => NaiveDate::from_ymd_opt(1899, 12, 30)?,
    };
    start.checked_add_signed(chrono::TimeDelta::days(days))
}

#[cfg(test)]
pub(crate) mod tests;
