//! 读台账 — the rows of a recognised sheet as typed records of its ledger. Here cells become values; who is who in the
//! ledger is decided later, in [`crate::plan`].

pub mod households;
mod line;
pub mod meetings;
pub mod members;
pub mod stars;
pub mod ties;

use crate::finding::{Did, Done, Finding, Grade, Remark, What};
use crate::grid::{Book, letters};
use crate::layout::{self, Column, Field, Kind, Mapping, Table};
use crate::unreadable::Unreadable;

/// A workbook understood.
#[derive(Debug, Clone, PartialEq)]
pub struct Parsed {
    pub file: String,
    pub sections: Vec<Section>,
    pub findings: Vec<Finding>,
}

/// One sheet of one ledger.
#[derive(Debug, Clone, PartialEq)]
pub struct Section {
    pub file: String,
    pub sheet: String,
    pub kind: Kind,
    pub columns: Vec<Column>,
    pub rows: Rows,
}

/// The records of one sheet.
#[derive(Debug, Clone, PartialEq)]
pub enum Rows {
    Households(Vec<households::HouseholdRow>),
    Pairings(Vec<ties::PairRow>),
    MemberLinks(Vec<ties::LinkRow>),
    Members(Vec<members::MemberRow>),
    Visits(Vec<ties::VisitRow>),
    Meetings(Vec<meetings::MeetingRow>),
    Stars(stars::StarPage),
}

impl Section {
    /// A finding about a cell (or the whole row) of this sheet, made after the sheet was read.
    pub fn finding(&self, row: u32, field: Option<Field>, as_typed: &str, remark: Remark) -> Finding {
        let column = field.and_then(|f| self.columns.iter().find(|c| c.field == Some(f)));
        place(&self.file, &self.sheet, row, column, as_typed, remark)
    }
}

/// Reads every ledger in the book. Refused whole only when it holds none.
pub fn understand(book: &Book) -> Result<Parsed, Unreadable> {
    understand_with(book, &Mapping::default())
}

/// As [`understand`]; what a person has said about its sheets and columns comes before the words of its headers.
pub fn understand_with(book: &Book, mapping: &Mapping) -> Result<Parsed, Unreadable> {
    let (tables, mut findings) = layout::tables(book, mapping)?;
    findings.extend(book.notices.iter().map(|done| notice(&book.name, done)));
    let mut sections = Vec::new();
    for table in &tables {
        findings.extend(about_columns(table));
        findings.extend(about_skipped(table));
        let rows = read(table, &mut findings).map_err(|e| e.of(&book.name))?;
        sections.push(Section {
            file: table.file.clone(),
            sheet: table.sheet.clone(),
            kind: table.kind,
            columns: table.columns.clone(),
            rows,
        });
    }
    Ok(Parsed { file: book.name.clone(), sections, findings })
}

fn read(table: &Table, findings: &mut Vec<Finding>) -> Result<Rows, Unreadable> {
    Ok(match table.kind {
        Kind::Households => Rows::Households(households::read(table, findings)),
        Kind::Pairings => Rows::Pairings(ties::pairings(table, findings)),
        Kind::MemberLinks => Rows::MemberLinks(ties::links(table, findings)),
        Kind::Members => Rows::Members(members::read(table, findings)),
        Kind::Visits => Rows::Visits(ties::visits(table, findings)),
        Kind::Meetings => Rows::Meetings(meetings::read(table, findings)),
        Kind::Stars => Rows::Stars(stars::read(table, findings)?),
    })
}

fn place(file: &str, sheet: &str, row: u32, column: Option<&Column>, as_typed: &str, remark: Remark) -> Finding {
    Finding {
        grade: remark.grade,
        file: file.to_owned(),
        sheet: sheet.to_owned(),
        row,
        column: column.map(|c| letters(c.index)).unwrap_or_default(),
        header: column.map(|c| c.header.clone()).unwrap_or_default(),
        as_typed: as_typed.to_owned(),
        what: remark.what,
        done: remark.done,
    }
}

fn notice(file: &str, done: &Done) -> Finding {
    place(file, "", 0, None, "", Remark::notice(What::FileNotice, done.clone()))
}

/// A ledger with room for notes keeps what stands under a header nobody knows; one without says what it leaves out.
fn about_columns(table: &Table) -> Vec<Finding> {
    let keeps = !matches!(table.kind, Kind::Meetings | Kind::Stars);
    let unknown = table.columns.iter().filter(|c| c.field.is_none());
    let filled = unknown.filter_map(|column| {
        let count = table.rows.iter().filter(|r| r.own(column).is_some()).count();
        (count > 0).then_some((column, count))
    });
    filled
        .map(|(column, count)| {
            let done = match keeps {
                true => Did::ColumnNoted,
                false => Did::ColumnLeft,
            };
            let done = done.with("n", count);
            let grade = if keeps { Grade::Notice } else { Grade::Doubt };
            place(&table.file, &table.sheet, 0, Some(column), "", Remark { grade, what: What::ColumnUnknown, done })
        })
        .collect()
}

fn about_skipped(table: &Table) -> Vec<Finding> {
    let finding = |s: &layout::Skipped| {
        let remark = Remark::notice(What::RowSkipped, s.why.did());
        place(&table.file, &table.sheet, s.row, None, &s.text, remark)
    };
    table.skipped.iter().map(finding).collect()
}

#[cfg(test)]
pub(crate) mod tests;
