//! The records behind a figure of the month, and those that came after it was closed.

use lianhu_ledger::dates::Month;
use lianhu_ledger::{Code, Refusal, View};
use lianhu_report::behind::{MonthRecords, Tell, behind};
use lianhu_report::figures;
use serde::Deserialize;
use ts_rs::TS;
use uuid::Uuid;

use super::since;
use crate::desk::Desk;
use crate::problem::Result;

#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct WhichFigure {
    #[ts(type = "string")]
    pub month: Month,
    /// As `month_look` names it; `after.corrected` and `after.late` for a closed month.
    pub figure: String,
}

pub fn records(desk: &Desk, ask: WhichFigure) -> Result<MonthRecords> {
    desk.read(|ledger| {
        let view = ledger.view();
        if let Some(what) = ask.figure.strip_prefix("after.") {
            return after(view, ask.month, what);
        }
        let figures = figures::figures(view, ask.month, view.today)?;
        behind(view, &figures, &ask.figure)?.ok_or_else(|| no_such(&ask.figure).into())
    })
}

fn no_such(figure: &str) -> Refusal {
    Refusal::new(Code::MalformedAsk).with("what", figure)
}

fn after(view: View<'_>, month: Month, what: &str) -> Result<MonthRecords> {
    let report = view.report(month)?.ok_or_else(|| no_such(what))?;
    let (kind, ids): (&str, Vec<Uuid>) = match what {
        "corrected" => ("correction", since::corrected(view, &report)?.into_iter().map(|id| id.0).collect()),
        "late" => ("visit", since::late(view, &report)?.into_iter().map(|id| id.0).collect()),
        other => return Err(no_such(other).into()),
    };
    let figures = figures::figures(view, month, view.today)?;
    let records = Tell::new(view, &figures)?.all(kind, &ids, what)?;
    Ok(MonthRecords { row: None, records, not_kept: false, noted_only: 0 })
}
