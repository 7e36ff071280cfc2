//! 办公桌 — what a screen asks and does: typed commands and their answers over the ledger, its papers and its import.
//! Knows no host, no window and no HTTP; a window, a test and a browser's server call the same functions.
//!
//! A command is a plain function `(&Desk, Ask) -> Result<Answer>` and one line in [`commands`]. Answers hold facts and
//! codes; the words for them are the screen's.

pub mod backup;
#[cfg(test)]
mod bindings;
pub mod branch;
mod commands;
pub mod decision;
mod desk;
pub mod drafts;
pub mod dues;
pub mod exchange;
pub mod files;
pub mod history;
pub mod home;
pub mod household;
pub mod import;
pub mod jobs;
mod machine;
pub mod matter;
pub mod meeting;
pub mod member;
pub mod month;
mod names;
pub mod naming;
pub mod organisation;
pub mod pairing;
pub mod papers;
pub mod person;
pub mod photo;
pub mod points;
pub mod preview;
mod problem;
pub mod records;
pub mod recruit;
pub mod search;
pub mod session;
pub mod settings;
pub mod star;
pub mod step;
mod sticks;
mod telling;
pub mod template;
#[cfg(test)]
mod testing;
pub mod visit;
pub mod voided;
pub mod year;

pub use desk::{Desk, Done, Place};
pub use files::not_shown;
pub use lianhu_import::child::serve as read_workbook;
pub use lianhu_ledger::text;
pub use machine::Machine;
pub use names::NAMES;
pub use problem::{Problem, Result};
