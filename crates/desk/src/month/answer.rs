//! 月报批复 — what the township said to the month's report, and the way on when it came back.

use lianhu_ledger::View;
use lianhu_ledger::dates::{Date, Month};
use lianhu_ledger::records::{Report, ReportAnswer};
use serde::Serialize;
use ts_rs::TS;

use super::WhichMonth;
use crate::desk::{Desk, Done};
use crate::problem::Result;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct Answered {
    pub accepted: bool,
    pub reason: Option<String>,
    pub on: Date,
    /// It came back and is being mended: the month is open.
    pub reopened: bool,
}

pub(super) fn read(view: View<'_>, month: Month, report: Option<&Report>) -> Result<Option<Answered>> {
    let answer = match report {
        Some(report) => view.answer_to(report)?,
        None => view.returned_reports()?.into_iter().find(|answer| answer.month == month),
    };
    Ok(answer.map(|answer| told(answer, report.is_none())))
}

fn told(answer: ReportAnswer, reopened: bool) -> Answered {
    Answered { accepted: answer.accepted, reason: answer.reason, on: answer.on, reopened }
}

/// 重新打开: the month of a returned report.
pub fn reopen(desk: &Desk, ask: WhichMonth) -> Result<Done<()>> {
    desk.write(|ledger, author| ledger.reopen(ask.month, author))
}
