//! 月报批复 — what the township said to the month's report, and the way on when it came back.

use lianhu_ledger::dates::{Date, Month};
use lianhu_ledger::records::{Report, ReportAnswer};
use lianhu_ledger::{Code, Refusal, View};
use lianhu_sync::client::belonging;
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
    /// The month is open: what came back is being mended, or was taken back before this was heard.
    pub reopened: bool,
}

pub(super) fn read(view: View<'_>, month: Month, report: Option<&Report>) -> Result<Option<Answered>> {
    let answer = match report {
        Some(report) => view.answer_to(report)?,
        None => view.last_answer(month)?,
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

/// 撤回上报: until the township has answered. Without a township nothing was handed in.
pub fn withdraw(desk: &Desk, ask: WhichMonth) -> Result<Done<()>> {
    desk.write(|ledger, author| {
        if !belonging(ledger)?.is_some_and(|about| about.has_township()) {
            return Err(Refusal::new(Code::NoTownship).with("month", ask.month).into());
        }
        ledger.withdraw(ask.month, author)
    })
}
