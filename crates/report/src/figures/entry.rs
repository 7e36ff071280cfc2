//! 数据说明 — what was entered late (补录) and what was changed after closing (更正).

use lianhu_ledger::Result;
use lianhu_ledger::dates::Month;
use lianhu_ledger::records::Visit;
use serde::{Deserialize, Serialize};

use super::{Figure, Look};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// 补录: visits of this month typed in late, and visits of closed months typed in during this one.
    pub late: Figure,
    pub corrected: Figure,
}

pub(super) fn read(look: &Look<'_>) -> Result<Entry> {
    let days = look.rules.days("late_entry_days", look.as_of)?;
    let (from, to) = look.of_month();
    let own = look.view.visits(from, to)?.into_iter().filter(|v| v.is_late(i64::from(days)));
    let older = older_months(look)?;
    Ok(Entry {
        late: Figure::count(own.chain(older).map(|v| v.id)),
        corrected: Figure::count(look.view.corrections(look.month)?.into_iter().map(|c| c.id)),
    })
}

/// A visit of a month that was closed when it was typed in could not be in that month's report; it is told here.
fn older_months(look: &Look<'_>) -> Result<Vec<Visit>> {
    let (from, to) = look.of_month();
    let typed = look.view.visits_typed(from, to)?;
    let mut late = Vec::new();
    for visit in typed.into_iter().filter(|v| v.on < from) {
        let report = look.view.report(Month::of(visit.on))?;
        late.extend(report.filter(|r| visit.typed_on.is_some_and(|typed| typed >= r.closed_on)).map(|_| visit));
    }
    Ok(late)
}
