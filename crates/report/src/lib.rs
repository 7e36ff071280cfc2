//! 月报与版面 — the month's [`figures`], and every paper that leaves the house: report, minutes, sign-in sheet, visit
//! sheet.
//!
//! [`document::Document`] is the one model of them; [`docx()`], [`pdf()`] and [`xlsx()`] write
//! it. Nothing here reads a clock, a database or a folder, so the same document gives the same
//! bytes.

pub mod behind;
pub mod decision_paper;
pub mod document;
pub mod dues_papers;
pub mod figures;
pub mod lines;
pub mod mask;
pub mod minutes;
pub mod monthly;
pub mod notice;
pub mod papers;
pub mod points_notice;
pub mod signin;
pub mod star_papers;
pub mod table;
pub mod visit_sheet;
pub mod year;

mod docx;
mod fault;
mod fonts;
mod grid;
mod money;
#[cfg(test)]
mod office;
mod pages;
mod pdf;
mod print;
#[cfg(test)]
mod sample;
mod tidy;
mod xlsx;

pub use docx::docx;
pub use fault::PaperFault;
pub use fonts::FontChoice;
pub use pages::{Page, Pages, pages};
pub use pdf::{Pdf, PdfOptions, pdf};
pub use xlsx::xlsx;
