//! 一村一月 — what the boards need of a village's month: counts, how its report stands, its star rating's stage.

use lianhu_ledger::dates::{Date, Month};
use lianhu_ledger::{Result, View};
use lianhu_report::figures::{self, Figures};
use serde::{Deserialize, Serialize};

use super::measure::{Count, counts, place};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    pub month: Month,
    /// The day as of which it was computed.
    pub as_of: Date,
    /// In the order of [`super::measure::KEYS`].
    pub counts: Vec<Count>,
    pub report: Handed,
    pub stars: Option<Stage>,
    /// The village has sent nothing that counts: no household is on its roll.
    pub empty: bool,
}

/// 五星阶段: the cycle and the step at hand, as the village calls them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stage {
    pub cycle: String,
    pub stage: Option<String>,
}

/// 月报: how the month's report stands with the township.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Handed {
    /// Not closed.
    Missing,
    /// Closed, and nobody has said anything to it.
    Waiting {
        on: Date,
        by: String,
        check_code: String,
    },
    Accepted {
        on: Date,
        check_code: String,
    },
    Returned {
        on: Date,
        check_code: String,
        reason: String,
    },
    /// It came back and the village has opened it.
    Mending {
        on: Date,
        reason: String,
    },
}

impl Handed {
    /// Its numbers are in the roll-up: it was handed in and did not go back.
    pub fn counts(&self) -> bool {
        matches!(self, Handed::Waiting { .. } | Handed::Accepted { .. })
    }
}

impl Summary {
    pub fn count(&self, name: &str) -> Option<&Count> {
        place(name).and_then(|at| self.counts.get(at))
    }
}

/// The day as of which a month is told: its last, or today while it runs.
pub fn as_of(month: Month, today: Date) -> Date {
    month.last().min(today.max(month.first()))
}

pub fn read(view: View<'_>, month: Month) -> Result<Summary> {
    let figures = figures::figures(view, month, view.today)?;
    Ok(Summary {
        month,
        as_of: as_of(month, view.today),
        counts: counts(&figures),
        report: handed(view, month)?,
        empty: figures.roll.households.known().is_none_or(|n| n == 0),
        stars: stage(&figures),
    })
}

fn stage(figures: &Figures) -> Option<Stage> {
    let cycle = figures.stars.cycle.clone()?;
    Some(Stage { cycle, stage: figures.stars.stage.clone() })
}

pub fn handed(view: View<'_>, month: Month) -> Result<Handed> {
    let Some(report) = view.report(month)? else {
        let returned = view.returned_reports()?.into_iter().find(|answer| answer.month == month);
        return Ok(returned.map_or(Handed::Missing, |answer| Handed::Mending {
            on: answer.on,
            reason: answer.reason.unwrap_or_default(),
        }));
    };
    let check_code = report.check_code.clone();
    Ok(match view.answer_to(&report)? {
        None => Handed::Waiting { on: report.closed_on, by: report.closed_by, check_code },
        Some(answer) if answer.accepted => Handed::Accepted { on: answer.on, check_code },
        Some(answer) => Handed::Returned { on: answer.on, check_code, reason: answer.reason.unwrap_or_default() },
    })
}
