//! 收拾格子 — one cell in, one value out, with a remark on whatever was odd. A repair is made only where the typed text
//! has exactly one reading; otherwise the value stays empty and the text is kept as typed.

pub mod count;
pub mod date;
pub mod id;
pub mod label;
pub mod name;
pub mod phone;
pub mod tick;

use crate::finding::{Did, Remark, What};
use crate::grid::{Cell, NO_RESULT};
use unicode_normalization::UnicodeNormalization;

/// What came of a cell.
#[derive(Debug, Clone, PartialEq)]
pub struct Clean<T> {
    /// The value, when the cell has one reading.
    pub value: Option<T>,
    /// The text to keep beside the record, when the value does not say it all.
    pub kept: Option<String>,
    pub remarks: Vec<Remark>,
}

impl<T> Clean<T> {
    pub fn blank() -> Self {
        Clean { value: None, kept: None, remarks: Vec::new() }
    }

    pub fn sure(value: T) -> Self {
        Clean { value: Some(value), kept: None, remarks: Vec::new() }
    }

    /// No single reading: the text stays as typed.
    pub fn doubtful(typed: &str, what: What) -> Self {
        Clean { value: None, kept: Some(typed.to_owned()), remarks: vec![Remark::kept(what)] }
    }

    pub fn with(mut self, remark: Remark) -> Self {
        self.remarks.push(remark);
        self
    }
}

/// Characters a person does not see: white space of every width, zero-width marks, byte order marks.
pub fn is_blank(c: char) -> bool {
    c.is_whitespace() || is_hidden(c)
}

pub(crate) fn is_hidden(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}' | '\u{FEFF}' | '\u{AD}')
        || c.is_control()
}

/// Full-width digits and letters in their usual form, without anything unseen.
pub(crate) fn folded(text: &str) -> String {
    text.nfkc().filter(|c| !is_blank(*c)).collect()
}

/// What a clerk types to say “nothing here”.
pub(crate) fn says_nothing(text: &str) -> bool {
    matches!(folded(text).as_str(), "" | "无" | "/" | "\\" | "-" | "--" | "—" | "——" | "待补" | "不详" | "暂无")
}

/// Error cells hold no value whatever the column is.
pub(crate) fn error_remark(cell: &Cell) -> Option<Remark> {
    match cell {
        Cell::Error(text) if text == NO_RESULT => Some(Remark::doubt(What::FormulaEmpty, Did::OpenAndSave)),
        Cell::Error(_) => Some(Remark::doubt(What::ErrorCell, Did::MakeItText)),
        _ => None,
    }
}

/// Free text: trimmed at both ends, the inside left alone.
pub fn text(cell: &Cell) -> Clean<String> {
    let typed = cell.as_typed();
    let trimmed = typed.trim_matches(is_blank).replace("_x000D_", "");
    match error_remark(cell) {
        Some(remark) => Clean::blank().with(remark),
        None if trimmed.is_empty() => Clean::blank(),
        None => Clean::sure(trimmed),
    }
}
