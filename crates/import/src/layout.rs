//! 认表 — which of the seven ledgers a sheet is, where its header stands, and which rows are records. By the words in the
//! header only: file names, sheet names, column order and cell colours say nothing reliable.

mod forms;
mod header;
mod mapping;
mod rows;

pub use forms::{FORMS, Field, Form, Kind};
pub use mapping::{ColumnLook, Mapping, SheetLook, SheetMapping, looks};
pub use rows::{Skipped, TableRow};

use crate::finding::{Did, Finding, Grade, What};
use crate::grid::{Book, Sheet};
use crate::unreadable::{Code, Unreadable};

/// One recognised sheet.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    pub file: String,
    pub sheet: String,
    pub kind: Kind,
    /// What stands above the header: 禾坪村2025年度…评定结果.
    pub title: String,
    pub columns: Vec<Column>,
    pub rows: Vec<TableRow>,
    pub skipped: Vec<Skipped>,
    pub from_1904: bool,
}

/// One column that has a header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// 0-based.
    pub index: u32,
    /// As typed, line breaks taken out.
    pub header: String,
    /// `None` when no ledger has such a column.
    pub field: Option<Field>,
}

impl Table {
    pub fn column(&self, field: Field) -> Option<&Column> {
        self.columns.iter().find(|c| c.field == Some(field))
    }

    pub fn has(&self, field: Field) -> bool {
        self.column(field).is_some()
    }
}

/// The tables of a book, and a finding for every sheet that is none.
pub fn tables(book: &Book, mapping: &Mapping) -> Result<(Vec<Table>, Vec<Finding>), Unreadable> {
    let mut tables = Vec::new();
    let mut findings = Vec::new();
    let mut seen = Vec::new();
    for sheet in &book.sheets {
        match mapping.find(sheet) {
            Some(found) => {
                if sheet.hidden {
                    findings.push(about_sheet(book, sheet, What::SheetHidden, Did::ReadToo));
                }
                tables.push(table(book, sheet, found));
            }
            None if sheet.rows.is_empty() => {}
            None => {
                findings.push(about_sheet(book, sheet, What::SheetSkipped, Did::NotTaken));
                seen.extend(header::words_seen(sheet));
            }
        }
    }
    if tables.is_empty() {
        return Err(unknown(&seen).of(&book.name));
    }
    Ok((tables, findings))
}

fn table(book: &Book, sheet: &Sheet, header::Found { kind, header }: header::Found) -> Table {
    let (rows, skipped) = rows::read(sheet, &header);
    Table {
        file: book.name.clone(),
        sheet: sheet.name.clone(),
        kind,
        title: header::title(sheet, header.first),
        columns: header.columns,
        rows,
        skipped,
        from_1904: book.from_1904,
    }
}

fn about_sheet(book: &Book, sheet: &Sheet, what: What, done: Did) -> Finding {
    Finding {
        grade: Grade::Notice,
        file: book.name.clone(),
        sheet: sheet.name.clone(),
        row: 0,
        column: String::new(),
        header: String::new(),
        as_typed: String::new(),
        what,
        done: done.into(),
    }
}

fn unknown(seen: &[String]) -> Unreadable {
    let seen: String = seen.iter().take(20).map(String::as_str).collect::<Vec<_>>().join("、");
    Code::UnknownBook.with("seen", if seen.is_empty() { "—" } else { &seen })
}

#[cfg(test)]
mod tests;
