//! 一年的组织生活 — what the branch's year comes to, read from what was typed once: the cadence board, each member's year
//! (年度记实), the structure of the membership, the annual summary. No input of its own.

mod board;
mod member;
mod member_paper;
mod structure;
mod summary;
mod summary_paper;

pub use board::{Board, CadenceRow, HeldMeeting, MonthCell, Pace, board};
pub use member::{Absence, MeetingsOfKind, MemberYear, PledgeLine, StudyHours, YearBook, member_year};
pub use member_paper::MemberYearPaper;
pub use structure::{Band, Structure, structure};
pub use summary::{YearFigures, year_figures};
pub use summary_paper::YearPaper;

use chrono::NaiveDate;

/// First and last day of a year.
pub(crate) fn days_of(year: i32) -> (NaiveDate, NaiveDate) {
    let day = |month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default();
    (day(1, 1), day(12, 31))
}
