//! 表头 — found by scoring one-, two- and three-row headers over the first rows against every ledger's words.
//! Parent and child header cells are joined through their merges: 户主 over 姓名 reads 户主姓名.

use super::Column;
use super::forms::{FORMS, Form, Kind};
use super::mapping::SheetMapping;
use crate::clean::folded;
use crate::grid::{Cell, MOST_COLUMNS, Merge, Row, Sheet};
use std::collections::BTreeSet;

const LOOK_DOWN: u32 = 15;
const TALLEST: u32 = 3;

/// A header, and which ledger it heads.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    pub kind: Kind,
    pub header: Header,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Header {
    /// 1-based rows, both included.
    pub first: u32,
    pub last: u32,
    pub columns: Vec<Column>,
}

impl Header {
    fn height(&self) -> u32 {
        self.last - self.first + 1
    }
}

/// The best header of a sheet: the one that explains most columns with the fewest rows.
pub fn find(sheet: &Sheet) -> Option<Found> {
    let grid = Corner::of(sheet);
    let mut best: Option<(usize, Found)> = None;
    for first in 1..=LOOK_DOWN {
        for height in 1..=TALLEST {
            let texts = grid.header(first, first + height - 1);
            for form in FORMS {
                let Some(columns) = explain(form, &texts) else {
                    continue;
                };
                let score = columns.iter().filter(|c| c.field.is_some()).count();
                let taller = |b: &Found| b.header.height() > height;
                if best.as_ref().is_none_or(|(most, b)| score > *most || (score == *most && taller(b))) {
                    best = Some((
                        score,
                        Found { kind: form.kind, header: Header { first, last: first + height - 1, columns } },
                    ));
                }
            }
        }
    }
    best.map(|(_, found)| Found { header: grid.grown(found.header), ..found })
}

/// The header of a sheet about which a person has said what it is: the rows that fit that ledger best, or the fullest
/// row where none fits, with the columns as the person has them.
pub fn find_as(sheet: &Sheet, form: &Form, said: &SheetMapping) -> Option<Header> {
    let grid = Corner::of(sheet);
    let places = (1..=LOOK_DOWN).flat_map(|first| (1..=TALLEST).map(move |height| (first, height)));
    let guessed = places.map(|(first, height)| {
        let columns = meant(form, &grid.header(first, first + height - 1));
        let known = columns.iter().filter(|c| c.field.is_some()).count();
        let rank = (form.is_complete(&columns), known, if known == 0 { columns.len() } else { 0 });
        (rank, std::cmp::Reverse((height, first)), Header { first, last: first + height - 1, columns })
    });
    let (_, _, mut header) = guessed.max_by_key(|(rank, place, _)| (*rank, *place))?;
    said.settle(&mut header.columns);
    Some(grid.grown(header))
}

/// Every needed column is there.
fn explain(form: &Form, texts: &[HeaderText]) -> Option<Vec<Column>> {
    let columns = meant(form, texts);
    form.is_complete(&columns).then_some(columns)
}

/// What each column means in this ledger by the words over it, each meaning given once.
fn meant(form: &Form, texts: &[HeaderText]) -> Vec<Column> {
    let mut taken = BTreeSet::new();
    let column = |text: &HeaderText| {
        let field = text.readings().iter().find_map(|r| form.field(r)).filter(|f| taken.insert(*f));
        Column { index: text.column, header: text.as_typed(), field }
    };
    texts.iter().map(column).collect()
}

/// The header cells over one column, top to bottom, without the repeats that merges make.
struct HeaderText {
    column: u32,
    parts: Vec<String>,
}

impl HeaderText {
    fn as_typed(&self) -> String {
        self.parts.last().map(|p| p.chars().filter(|c| !c.is_control()).collect()).unwrap_or_default()
    }

    /// 户主+姓名, then 姓名 alone, then each again without its bracket.
    fn readings(&self) -> Vec<String> {
        let bare: Vec<String> = self.parts.iter().map(|p| bare(p)).collect();
        let mut out = vec![bare.concat()];
        out.extend(bare.last().cloned());
        out.dedup();
        out
    }
}

/// A header word without what decorates it: blanks, asterisks, colons, a bracketed remark, a trailing number.
pub fn bare(text: &str) -> String {
    let folded = folded(text);
    let mut out = String::new();
    let mut depth = 0u32;
    for c in folded.chars() {
        match c {
            '(' | '[' | '【' | '〔' => depth += 1,
            ')' | ']' | '】' | '〕' => depth = depth.saturating_sub(1),
            '*' | ':' | '_' | '"' | '“' | '”' | '.' => {}
            _ if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned()
}

/// The top of a sheet with its merges.
struct Corner<'a> {
    sheet: &'a Sheet,
    merges: Vec<Merge>,
}

impl<'a> Corner<'a> {
    fn of(sheet: &'a Sheet) -> Self {
        let merges =
            sheet.merges.iter().filter(|m| m.top <= LOOK_DOWN + TALLEST && m.left < MOST_COLUMNS).copied().collect();
        Corner { sheet, merges }
    }

    fn typed(&self, row: u32, column: u32) -> String {
        let found = self.sheet.rows.iter().take_while(|r| r.number <= row).find(|r| r.number == row);
        found.map(|r| r.cell(column).as_typed()).unwrap_or_default()
    }

    /// The text of a cell, or of the merged area that covers it.
    fn text(&self, row: u32, column: u32) -> String {
        let area = self.merges.iter().find(|m| covers(m, row, column));
        area.map_or_else(|| self.typed(row, column), |m| self.typed(m.top, m.left))
    }

    fn width(&self, first: u32, last: u32) -> u32 {
        let rows = self.sheet.rows.iter().filter(|r| (first..=last).contains(&r.number));
        let filled = rows.filter_map(|r| r.cells.last()).map(|(c, _)| c + 1).max().unwrap_or(0);
        let merged = self.merges.iter().filter(|m| m.top >= first && m.bottom <= last);
        merged.map(|m| m.right + 1).max().unwrap_or(0).max(filled).min(MOST_COLUMNS)
    }

    fn header(&self, first: u32, last: u32) -> Vec<HeaderText> {
        let columns = 0..self.width(first, last);
        let text = |column| {
            let mut parts: Vec<String> = (first..=last).map(|row| self.text(row, column)).collect();
            parts.retain(|p| !folded(p).is_empty());
            parts.dedup();
            HeaderText { column, parts }
        };
        columns.map(text).filter(|t| !t.parts.is_empty()).collect()
    }

    /// A merge that hangs out below the found rows belongs to the header, as do its children.
    fn grown(&self, mut header: Header) -> Header {
        let hangs = |m: &&Merge| (header.first..=header.last).contains(&m.top) && m.bottom <= header.first + TALLEST;
        header.last = self.merges.iter().filter(hangs).map(|m| m.bottom).max().unwrap_or(0).max(header.last);
        header
    }
}

fn covers(area: &Merge, row: u32, column: u32) -> bool {
    (area.top..=area.bottom).contains(&row) && (area.left..=area.right).contains(&column)
}

/// What stands above the header, in one line.
pub fn title(sheet: &Sheet, first: u32) -> String {
    let above = sheet.rows.iter().take_while(|r| r.number < first);
    above.flat_map(|r| r.cells.iter()).map(|(_, c)| c.as_typed()).collect::<Vec<_>>().join(" ")
}

/// The row that looks most like a header of no known ledger.
fn widest(sheet: &Sheet) -> Option<&Row> {
    let top = sheet.rows.iter().take_while(|r| r.number <= LOOK_DOWN);
    top.max_by_key(|r| (r.cells.len(), std::cmp::Reverse(r.number)))
}

/// That row as a header; what its columns mean is for a person to say.
pub fn unknown(sheet: &Sheet) -> Option<Header> {
    let row = widest(sheet)?;
    let column = |(index, cell): &(u32, Cell)| Column { index: *index, header: cell.as_typed(), field: None };
    Some(Header { first: row.number, last: row.number, columns: row.cells.iter().map(column).collect() })
}

/// The words of that row, for the refusal.
pub fn words_seen(sheet: &Sheet) -> Vec<String> {
    let words = widest(sheet).into_iter().flat_map(|r| r.cells.iter());
    words.map(|(_, c)| folded(&c.as_typed()).chars().take(12).collect()).collect()
}
