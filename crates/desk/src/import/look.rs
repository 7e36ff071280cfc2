//! 对列 — what each sheet is taken for and what its columns mean, with what stands in them, before anything is read as
//! records.

use std::path::Path;

use lianhu_import::layout::{ColumnLook, SheetLook, looks};
use lianhu_import::{Book, Field, Kind, SheetMapping};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::ChosenTable;
use super::memory::{self, Kept, KnownMapping};
use crate::desk::Desk;
use crate::problem::{Problem, Result};

#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct LookAtTables {
    pub files: Vec<ChosenTable>,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct TableLook {
    pub path: String,
    pub name: String,
    /// Why it cannot be read at all.
    pub problem: Option<Problem>,
    pub sheets: Vec<SheetMeaning>,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct SheetMeaning {
    pub sheet: String,
    pub hidden: bool,
    pub rows: usize,
    /// Which ledger it is taken for; none when it is left out.
    #[ts(type = "string | null")]
    pub kind: Option<Kind>,
    /// By the words of its header alone.
    #[ts(type = "string | null")]
    pub automatic: Option<Kind>,
    pub columns: Vec<ColumnMeaning>,
    /// What the columns of this ledger can mean.
    #[ts(type = "string[]")]
    pub fields: Vec<Field>,
    /// What this ledger cannot be read without and no column means.
    #[ts(type = "string[]")]
    pub missing: Vec<Field>,
    /// What was said last about a sheet with this header, where it is not what holds now.
    pub known: Option<KnownMapping>,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct ColumnMeaning {
    pub index: u32,
    pub letters: String,
    pub header: String,
    #[ts(type = "string | null")]
    pub field: Option<Field>,
    /// By the words of the header alone.
    #[ts(type = "string | null")]
    pub automatic: Option<Field>,
    pub examples: Vec<String>,
}

pub fn look(desk: &Desk, ask: LookAtTables) -> Result<Vec<TableLook>> {
    let kept = memory::all(&desk.place().dir);
    Ok(ask.files.iter().map(|file| table(desk, file, &kept)).collect())
}

fn table(desk: &Desk, file: &ChosenTable, kept: &[Kept]) -> TableLook {
    let path = Path::new(&file.path);
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let (problem, sheets) = match desk.tray().book(path) {
        Ok(book) => (None, sheets(&book, file, kept)),
        Err(refusal) => (Some(refusal.into()), Vec::new()),
    };
    TableLook { path: file.path.clone(), name, problem, sheets }
}

fn sheets(book: &Book, file: &ChosenTable, kept: &[Kept]) -> Vec<SheetMeaning> {
    looks(book, &file.sheets).into_iter().map(|look| meaning(look, file, kept)).collect()
}

fn meaning(look: SheetLook, file: &ChosenTable, kept: &[Kept]) -> SheetMeaning {
    let unsaid = !file.sheets.0.contains_key(&look.sheet);
    let known = kept.iter().find(|one| one.signature == look.signature).map(|one| &one.known);
    let known = known.filter(|known| unsaid && !holds(&look, &known.said));
    SheetMeaning {
        sheet: look.sheet,
        hidden: look.hidden,
        rows: look.rows,
        kind: look.kind,
        automatic: look.automatic,
        columns: look.columns.into_iter().map(column).collect(),
        fields: look.fields,
        missing: look.missing,
        known: known.cloned(),
    }
}

/// What was said is what would be read anyway.
fn holds(look: &SheetLook, said: &SheetMapping) -> bool {
    let column = |index: &u32| look.columns.iter().find(|c| c.index == *index).and_then(|c| c.field);
    said.kind == look.kind && said.columns.iter().all(|(index, field)| column(index) == *field)
}

fn column(look: ColumnLook) -> ColumnMeaning {
    ColumnMeaning {
        index: look.index,
        letters: look.letters,
        header: look.header,
        field: look.field,
        automatic: look.automatic,
        examples: look.examples,
    }
}

/// Keeps what was said about sheets in words of its own, for the next file of the same make.
pub(super) fn remember(desk: &Desk, files: &[ChosenTable]) -> Result<()> {
    let mut new = Vec::new();
    for file in files.iter().filter(|file| !file.sheets.0.is_empty()) {
        let Ok(book) = desk.tray().book(Path::new(&file.path)) else { continue };
        for look in looks(&book, &file.sheets) {
            let Some(said) = file.sheets.0.get(&look.sheet) else { continue };
            let known = KnownMapping { file: book.name.clone(), said: said.clone() };
            new.push(Kept { signature: look.signature, known });
        }
    }
    if new.is_empty() { Ok(()) } else { memory::keep(&desk.place().dir, new) }
}
