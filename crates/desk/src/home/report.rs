//! 月报 — the last month's report until it is closed, and this month's.

use lianhu_ledger::dates::{Date, Month};

use super::duty::{DoneDuty, Duty, Goto, Lamp, New, What};
use super::{Found, Look};
use crate::problem::Result;

/// `in_full`: how many figures are missing is counted too, which reads the whole month.
pub(super) fn duties(found: &mut Found<'_>, in_full: bool) -> Result<()> {
    let look = found.look;
    let running = Month::of(look.today);
    let returned: Vec<Month> = returned(found)?;
    for month in [look.month.previous(), look.month] {
        if month > running || (month < running && !look.in_use_by(month)?) {
            continue;
        }
        if returned.contains(&month) {
            continue;
        }
        let key = "report".to_owned();
        let goto = Goto::Report { month };
        if let Some(report) = look.view.report(month)? {
            let on = Some(report.closed_on).filter(|_| month == look.month || look.month.contains(report.closed_on));
            if on.is_some() {
                let (what, goto) = (What::Report { missing: None }, Some(goto));
                found.done.push(DoneDuty { key, month, what, on, goto, reason: None });
            }
            continue;
        }
        let missing = if in_full { Some(missing(look, month)?) } else { None };
        let due = Some(close_day(look, month)?);
        let new = New { key, month, what: What::Report { missing }, due, goto };
        found.due(Duty { dismissible: false, ..new.duty(look.today) });
    }
    Ok(())
}

/// 被退回: told in whatever month it is, until the month has been closed anew.
fn returned(found: &mut Found<'_>) -> Result<Vec<Month>> {
    let look = found.look;
    let mut months = Vec::new();
    for answer in look.view.returned_reports()? {
        let month = answer.month;
        months.push(month);
        if !look.is_current() {
            continue;
        }
        let reopened = look.view.report(month)?.is_none();
        let what = What::Returned { reason: answer.reason.unwrap_or_default(), reopened };
        let new = New { key: format!("returned:{month}"), month, what, due: None, goto: Goto::Report { month } };
        found.due(Duty { dismissible: false, lamp: Lamp::Late, ..new.duty(look.today) });
    }
    Ok(months)
}

/// The day by which the township wants a month closed.
fn close_day(look: &Look<'_>, month: Month) -> Result<Date> {
    let day = look.rules.int("month_close_day", look.as_of())?.clamp(1, 28);
    Ok(month.next().first() + chrono::Days::new(day as u64 - 1))
}

fn missing(look: &Look<'_>, month: Month) -> Result<usize> {
    Ok(lianhu_report::figures::live(look.view, month, look.today)?.unknown().len())
}
