//! 导入表格 — a clerk's workbooks, step by step: found and chosen, their columns looked at, their doubts mended in place,
//! and written as one action. Nothing is written before the last step, and the ledger is asked anew in each.
//!
//! The pages hold what was chosen and typed; here lie only the books as they were read, for as long as the program runs.

mod check;
mod found;
mod look;
mod memory;
mod tray;
mod write;

pub use check::{CheckTables, ImportChange, ImportCheck, ImportDoubt, ImportField, ImportLine, check, checked};
pub use found::{FoundTable, found};
pub use look::{ColumnMeaning, LookAtTables, SheetMeaning, TableLook, look};
pub use memory::KnownMapping;
pub(crate) use tray::Tray;
pub use tray::{ReadTables, read};
pub use write::{ImportDone, WriteTables, copies, forms, write, written};

use lianhu_import::{Mapping, Retyped};
use serde::Deserialize;
use ts_rs::TS;

/// A workbook, and what a person has said about it so far.
#[derive(Clone, Debug, PartialEq, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ChosenTable {
    pub path: String,
    /// What its sheets and columns are, where their headers do not say it. A sheet of no kind is left out; a column that
    /// means nothing has none.
    #[serde(default)]
    #[ts(type = "Record<string, { kind: string | null; columns: Record<string, string | null> }>")]
    pub sheets: Mapping,
    /// What was typed over its cells; the row as Excel shows it, the column counted from 0.
    #[serde(default)]
    #[ts(type = "{ sheet: string; row: number; column: number; text: string }[]")]
    pub cells: Vec<Retyped>,
}

#[cfg(test)]
mod tests;
