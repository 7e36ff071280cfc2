//! The records behind a figure, as a person reads them. What each adds to the figure is told with it, so that the list
//! can be checked against the number.

use lianhu_ledger::dates::Date;
use lianhu_ledger::{Result, View};
use serde::Serialize;
use uuid::Uuid;

use crate::figures::Figures;
use crate::lines::{self, Line, Rate, Row};

mod names;
mod tell;

pub use tell::Tell;

#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
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
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Behind {
    #[cfg_attr(feature = "ts", ts(type = "Kind"))]
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

#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Home {
    pub id: Uuid,
    pub head: Option<String>,
    pub group: Option<String>,
    pub group_number: Option<u32>,
    pub number: Option<u32>,
}

/// The page on which a record stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(tag = "page", rename_all = "snake_case")]
pub enum Link {
    Household { id: Uuid },
    Visit { id: Uuid },
    Meeting { id: Uuid },
    Matter { id: Uuid },
}

/// The records behind the figure of that name; `None` when the month has no such figure.
pub fn behind(view: View<'_>, figures: &Figures, figure: &str) -> Result<Option<MonthRecords>> {
    let lines = lines::lines(figures);
    lines.iter().find(|line| line.key() == figure).map(|line| of(view, figures, line)).transpose()
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
