//! 月度报表 — the month as it stands before it is handed in: every figure with how it was counted and the records behind
//! it, what is missing, the paper itself, and 月结.

use lianhu_ledger::View;
use lianhu_ledger::dates::{Date, Month};
use lianhu_ledger::records::{MonthPlan, Report};
use lianhu_report::{figures, lines};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::desk::Desk;
use crate::problem::Result;
use crate::session::Nothing;

mod answer;
mod behind;
mod changed;
mod closing;
mod export;
mod lack;
mod paper;
mod plan;
mod since;

pub use answer::{Answered, reopen, withdraw};
pub use behind::{WhichFigure, records};
pub use changed::{Change, Exported};
pub use closing::{CloseMonth, close, close_ledger};
pub use export::{ExportMonth, Format, export};
pub use lack::Lack;
pub use lianhu_report::behind::{Behind, Home, Link, MonthRecords};
pub use lianhu_report::lines::{Numbers, Rate, Row, Section, State};
pub use paper::{MonthPaper, Readers, file_stem, pages, receipted};
pub use plan::{Plan, SavePlan, save as save_plan};
pub use since::After;

#[derive(Clone, Copy, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct WhichMonth {
    #[ts(type = "string")]
    pub month: Month,
}

/// The months that can be looked at, newest first.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct Months {
    pub months: Vec<MonthChoice>,
    /// The one whose report is in hand: the last month until it is closed, then this one.
    #[ts(type = "string")]
    pub in_hand: Month,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct MonthChoice {
    #[ts(type = "string")]
    pub month: Month,
    pub closed: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct MonthLook {
    #[ts(type = "string")]
    pub month: Month,
    /// 截止日: who was on the roll on this day.
    pub as_of: Date,
    pub closed: Option<Closed>,
    /// Nothing was entered for this month.
    pub empty: bool,
    pub rows: Vec<Row>,
    pub lacks: Vec<Lack>,
    pub plan: Plan,
    pub rules: Numbers,
    /// What has changed since the paper was last exported; none when it never was.
    pub exported: Option<Exported>,
    /// 审核人 of the last closed month, to be offered again.
    pub reviewer: Option<String>,
    /// What was changed and added in this month after it was closed.
    pub after: Option<After>,
    /// What the township said to the report.
    pub answer: Option<Answered>,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct Closed {
    pub on: Date,
    pub by: String,
    pub check_code: String,
    pub reviewer: Option<String>,
}

pub fn months(desk: &Desk, _: Nothing) -> Result<Months> {
    desk.read(|ledger| {
        let view = ledger.view();
        let now = Month::of(view.today);
        let closed = view.closed_months()?;
        let first = first_month(view)?.into_iter().chain(closed.first().copied()).min().unwrap_or(now).min(now);
        let months = std::iter::successors(Some(now), |month| Some(month.previous()));
        let months = months.take_while(|month| *month >= first);
        let months: Vec<_> = months.map(|month| MonthChoice { month, closed: closed.contains(&month) }).collect();
        let open = |month: &MonthChoice| !month.closed;
        let in_hand = months.get(1).filter(|month| open(month)).map_or(now, |month| month.month);
        Ok(Months { months, in_hand })
    })
}

/// The month of the first visit or meeting.
fn first_month(view: View<'_>) -> Result<Option<Month>> {
    use lianhu_ledger::records::{Meeting, Visit};
    let visit = view.select::<Visit>("1 ORDER BY \"on\" LIMIT 1", [])?.pop().map(|v| Month::of(v.on));
    let meeting = view.select::<Meeting>("1 ORDER BY \"on\" LIMIT 1", [])?.pop().map(|m| Month::of(m.on));
    Ok(visit.into_iter().chain(meeting).min())
}

pub fn look(desk: &Desk, ask: WhichMonth) -> Result<MonthLook> {
    let exported = changed::last(desk, ask.month)?;
    desk.read(|ledger| {
        let view = ledger.view();
        let now = figures::figures(view, ask.month, view.today)?;
        let report = view.report(ask.month)?;
        let plan = view.select::<MonthPlan>("month = ?1", [ask.month.to_string()])?.pop();
        Ok(MonthLook {
            month: ask.month,
            as_of: now.as_of,
            empty: is_empty(view, ask.month)?,
            rows: lines::rows(view, &now)?,
            lacks: if report.is_some() { Vec::new() } else { lack::read(view, &now)? },
            plan: plan::of(plan, ask.month)?,
            rules: lines::numbers(&now)?,
            exported: exported.map(|last| last.against(&now)),
            reviewer: last_reviewer(view)?,
            after: report.as_ref().map(|report| since::read(view, report)).transpose()?,
            answer: answer::read(view, ask.month, report.as_ref())?,
            closed: report.map(closed),
        })
    })
}

fn closed(report: Report) -> Closed {
    Closed { on: report.closed_on, by: report.closed_by, check_code: report.check_code, reviewer: report.reviewer }
}

fn last_reviewer(view: View<'_>) -> Result<Option<String>> {
    let last = view.select::<Report>("reviewer IS NOT NULL ORDER BY month DESC LIMIT 1", [])?.pop();
    Ok(last.and_then(|report| report.reviewer))
}

fn is_empty(view: View<'_>, month: Month) -> Result<bool> {
    let (from, to) = (month.first(), month.last());
    Ok(view.visits(from, to)?.is_empty() && view.meetings(from, to)?.is_empty() && view.matters(from, to)?.is_empty())
}

#[cfg(test)]
mod tests;
