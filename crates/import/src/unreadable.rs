//! 读不了 — why a file could not be taken in at all. One stable code, one sentence a villager understands:
//! what is wrong, where, and what to do. Nothing of an unreadable file reaches the ledger.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A file refused whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("《{file}》{sentence}")]
pub struct Unreadable {
    pub code: Code,
    pub file: String,
    pub sentence: String,
}

/// The stable reason, for scripts and tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    Missing,
    Folder,
    Empty,
    TooBig,
    Password,
    WebPage,
    NotATable,
    Broken,
    ZipBomb,
    ZipTricks,
    XmlTricks,
    TooWide,
    TooLong,
    UnknownBook,
    YearMissing,
}

impl Code {
    /// The code as scripts see it.
    pub fn as_str(self) -> &'static str {
        match self {
            Code::Missing => "missing",
            Code::Folder => "folder",
            Code::Empty => "empty",
            Code::TooBig => "too_big",
            Code::Password => "password",
            Code::WebPage => "web_page",
            Code::NotATable => "not_a_table",
            Code::Broken => "broken",
            Code::ZipBomb => "zip_bomb",
            Code::ZipTricks => "zip_tricks",
            Code::XmlTricks => "xml_tricks",
            Code::TooWide => "too_wide",
            Code::TooLong => "too_long",
            Code::UnknownBook => "unknown_book",
            Code::YearMissing => "year_missing",
        }
    }

    /// A refusal whose file is filled in by whoever knows its name (see [`Unreadable::of`]).
    pub(crate) fn because(self, sentence: impl Into<String>) -> Unreadable {
        Unreadable { code: self, file: String::new(), sentence: sentence.into() }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Unreadable {
    pub(crate) fn of(mut self, file: &str) -> Self {
        self.file = file.to_owned();
        self
    }

    /// What every damaged workbook is told: the cure is the same whatever broke.
    pub(crate) fn broken(part: &str) -> Self {
        Code::Broken.because(format!(
            "已经损坏，读到“{part}”时读不下去。请用 Excel 或 WPS 打开它，另存为一份新的 .xlsx，再导入新的那份。"
        ))
    }
}
