//! The records behind a figure, as a person reads them. What each adds to the figure is told with it, so that the list
//! can be checked against the number.

use lianhu_ledger::dates::{Date, Month};
use lianhu_ledger::{Code, Refusal, View};
use lianhu_report::figures::{self, Figures};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

use super::line::{self, Line, Rate};
use super::{Row, since};
use crate::desk::Desk;
use crate::problem::Result;

mod names;
mod tell;

use tell::Tell;

#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct WhichFigure {
    #[ts(type = "string")]
    pub month: Month,
    /// As `month_look` names it; `after.corrected` and `after.late` for a closed month.
    pub figure: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct MonthRecords {
    /// None for what came after a closed month.
    pub row: Option<Row>,
    pub records: Vec<Behind>,
    /// The month is closed and its list was not kept with the figures, only the number.
    pub not_kept: bool,
    /// So many more were noted on paper without being written out.
    pub noted_only: i64,
}

/// One record.
#[derive(Clone, Debug, Default, PartialEq, Serialize, TS)]
pub struct Behind {
    #[ts(type = "Kind")]
    pub kind: String,
    pub id: Uuid,
    pub on: Option<Date>,
    pub household: Option<Home>,
    /// Whose record it is: the visitor, the member, whoever looks after the household.
    pub people: Vec<String>,
    pub text: Option<String>,
    /// A code that the page has words for: a meeting's kind, how a matter stands, the kind that was corrected.
    pub code: Option<String>,
    /// How much of the figure it is.
    pub n: i64,
    pub rate: Option<Rate>,
    pub link: Option<Link>,
    /// It was voided after the month had been closed.
    pub gone: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct Home {
    pub id: Uuid,
    pub head: Option<String>,
    pub group: Option<String>,
    pub group_number: Option<u32>,
    pub number: Option<u32>,
}

/// The page on which a record stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "page", rename_all = "snake_case")]
pub enum Link {
    Household { id: Uuid },
    Visit { id: Uuid },
    Meeting { id: Uuid },
    Matter { id: Uuid },
}

pub fn records(desk: &Desk, ask: WhichFigure) -> Result<MonthRecords> {
    desk.read(|ledger| {
        let view = ledger.view();
        if let Some(what) = ask.figure.strip_prefix("after.") {
            return after(view, ask.month, what);
        }
        let figures = figures::figures(view, ask.month, view.today)?;
        let lines = line::lines(&figures);
        let line = lines.iter().find(|line| line.key() == ask.figure).ok_or_else(|| no_such(&ask.figure))?;
        of(view, &figures, line)
    })
}

fn no_such(figure: &str) -> Refusal {
    Refusal::new(Code::MalformedAsk).with("what", figure)
}

fn of(view: View<'_>, figures: &Figures, line: &Line<'_>) -> Result<MonthRecords> {
    let tell = Tell::new(view, figures)?;
    let ids = &line.figure.records;
    let records = tell.all(&line.figure.of, ids, line.code)?;
    let amount = line.figure.known().unwrap_or(0);
    let listed: i64 = records.iter().map(|record| record.n).sum();
    Ok(MonthRecords {
        row: Some(Row::of(line, None)),
        not_kept: figures.closed_on.is_some() && ids.is_empty() && amount > 0,
        noted_only: if line.code == "opinions" { amount - listed } else { 0 },
        records,
    })
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
