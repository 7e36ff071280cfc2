//! 疑点清单 — what a person has to look at, twice: as JSON for scripts and screens, and as a copy of the workbook in which
//! every doubtful cell is yellow and says in a comment what is wrong and what was done. The copy has the same sheets,
//! rows and columns: mend it there and import it again.

use crate::finding::{Finding, Grade, What};
use crate::grid::{Book, Cell, Merge, Sheet, column_of, day, letters};
use chrono::{Datelike, NaiveDate};
use lianhu_ledger::text::Lang;
use rust_xlsxwriter::{Color, ExcelDateTime, Format, FormatAlign, Note, Workbook, Worksheet, XlsxError};
use std::collections::{BTreeMap, HashSet};

const AUTHOR: &str = "联户";
const SHEET_NAME_LONGEST: usize = 31;

/// The findings as one JSON list.
pub fn as_json(findings: &[Finding]) -> serde_json::Result<String> {
    let told: Vec<_> = findings.iter().map(|finding| finding.told(Lang::ZhCn)).collect();
    serde_json::to_string_pretty(&told)
}

/// A copy of the book with its doubtful cells marked.
pub fn marked(book: &Book, findings: &[Finding]) -> Result<Vec<u8>, XlsxError> {
    let mut out = Workbook::new();
    let mut names = HashSet::new();
    for (at, sheet) in book.sheets.iter().enumerate() {
        let copy = out.add_worksheet();
        copy.set_name(sheet_name(&sheet.name, &mut names))?;
        // A workbook needs one sheet that can be seen.
        copy.set_hidden(sheet.hidden && at > 0);
        let here: Vec<&Finding> =
            findings.iter().filter(|f| f.file == book.name && f.sheet == sheet.name && f.row > 0).collect();
        write_sheet(copy, sheet, &marks(&here), &mac_dates(book, &here))?;
    }
    out.save_to_buffer()
}

type Place = (u32, u32);

/// One comment per cell, whatever was found there.
fn marks(findings: &[&Finding]) -> BTreeMap<Place, String> {
    let mut marks: BTreeMap<Place, String> = BTreeMap::new();
    for finding in findings.iter().filter(|f| f.grade == Grade::Doubt) {
        let text = format!("{}。{}。", finding.what.sentence(Lang::ZhCn), finding.done.say(Lang::ZhCn));
        marks
            .entry((finding.row, column(&finding.column)))
            .and_modify(|t| {
                t.push('\n');
                t.push_str(&text);
            })
            .or_insert(text);
    }
    marks
}

/// The copy counts days from 1900; what was a day number in a book that counts from 1904 is written as its date.
fn mac_dates(book: &Book, findings: &[&Finding]) -> HashSet<Place> {
    let is_day = |f: &&&Finding| matches!(f.what, What::BirthSerial | What::DateNumber);
    let found = findings.iter().filter(is_day).map(|f| (f.row, column(&f.column)));
    if book.from_1904 { found.collect() } else { HashSet::new() }
}

/// Letters back to a 0-based column; a finding about a whole row marks its first cell.
fn column(letters: &str) -> u32 {
    column_of(letters).unwrap_or(0)
}

fn write_sheet(
    copy: &mut Worksheet,
    sheet: &Sheet,
    marks: &BTreeMap<Place, String>,
    mac_dates: &HashSet<Place>,
) -> Result<(), XlsxError> {
    merge(copy, &sheet.merges);
    let top_left: HashSet<Place> = sheet.merges.iter().map(|m| (m.top, m.left)).collect();
    for row in &sheet.rows {
        for (column, cell) in &row.cells {
            let place = (row.number, *column);
            let look = look(marks.contains_key(&place), top_left.contains(&place));
            let cell = match cell {
                Cell::Number(n) if mac_dates.contains(&place) => &day(*n, true).map_or(cell.clone(), Cell::Date),
                cell => cell,
            };
            write_cell(copy, place, cell, look)?;
        }
    }
    for ((row, at), text) in marks {
        let blank = sheet.rows.iter().find(|r| r.number == *row).is_none_or(|r| *r.cell(*at) == Cell::Empty);
        if blank {
            copy.write_blank(row - 1, *at as u16, &look(true, false))?;
        }
        copy.insert_note(row - 1, *at as u16, &Note::new(text).set_author(AUTHOR).add_author_prefix(false))?;
    }
    widths(copy, sheet)
}

fn look(doubtful: bool, centred: bool) -> Format {
    let mut format = Format::new();
    if doubtful {
        format = format.set_background_color(Color::Yellow);
    }
    if centred {
        format = format.set_align(FormatAlign::Center).set_align(FormatAlign::VerticalCenter);
    }
    format
}

/// Merges that a reader would refuse (overlapping, of one cell) are left out; the cells are all there anyway.
fn merge(copy: &mut Worksheet, merges: &[Merge]) {
    for area in merges.iter().filter(|m| m.right <= u32::from(u16::MAX)) {
        let (left, right) = (area.left as u16, area.right as u16);
        let merged = copy.merge_range(area.top - 1, left, area.bottom - 1, right, "", &look(false, true));
        drop(merged);
    }
}

fn write_cell(copy: &mut Worksheet, (row, column): Place, cell: &Cell, look: Format) -> Result<(), XlsxError> {
    let (row, column) = (row - 1, column as u16);
    match cell {
        // Text format keeps Excel from turning a mended ID into a number.
        Cell::Text(text) => copy.write_string_with_format(row, column, text, &look.set_num_format("@"))?,
        Cell::Number(n) => copy.write_number_with_format(row, column, *n, &look)?,
        Cell::Bool(b) => copy.write_boolean_with_format(row, column, *b, &look)?,
        Cell::Date(date) => match excel_date(*date) {
            Some(stamp) => copy.write_datetime_with_format(row, column, stamp, &look.set_num_format("yyyy-mm-dd"))?,
            None => copy.write_string_with_format(row, column, date.to_string(), &look)?,
        },
        // A broken formula holds nothing that could be copied; its mark says so.
        Cell::Empty | Cell::Error(_) => copy.write_blank(row, column, &look)?,
    };
    Ok(())
}

fn excel_date(date: NaiveDate) -> Option<ExcelDateTime> {
    let year = u16::try_from(date.year()).ok()?;
    ExcelDateTime::from_ymd(year, date.month() as u8, date.day() as u8).ok()
}

/// Wide enough to read an ID without pulling the column open; titles merged over many columns do not count.
fn widths(copy: &mut Worksheet, sheet: &Sheet) -> Result<(), XlsxError> {
    let wide: HashSet<Place> = sheet.merges.iter().filter(|m| m.right > m.left).map(|m| (m.top, m.left)).collect();
    let mut widest: BTreeMap<u32, usize> = BTreeMap::new();
    for row in &sheet.rows {
        for (column, cell) in row.cells.iter().filter(|(c, _)| !wide.contains(&(row.number, *c))) {
            let width = cell.as_typed().chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum();
            let known = widest.entry(*column).or_default();
            *known = (*known).max(width);
        }
    }
    for (column, width) in widest {
        copy.set_column_width(column as u16, (width + 2).clamp(6, 30) as f64)?;
    }
    Ok(())
}

/// Excel forbids some characters and long names; two sheets never share one.
fn sheet_name(name: &str, taken: &mut HashSet<String>) -> String {
    let clean = |c: char| if "[]:*?/\\'".contains(c) { '_' } else { c };
    let base: String = name.chars().map(clean).collect();
    let base = if base.trim().is_empty() { "Sheet".to_owned() } else { base };
    let candidates = std::iter::once(String::new()).chain((2..=999).map(|n| format!("_{n}")));
    let name = candidates
        .map(|tail| {
            let room = SHEET_NAME_LONGEST - tail.len();
            base.chars().take(room).chain(tail.chars()).collect::<String>()
        })
        .find(|name| taken.insert(name.to_lowercase()));
    name.unwrap_or_else(|| letters(taken.len() as u32))
}

#[cfg(test)]
mod tests;
