//! 月报批复 — what the township said to a month's report: accepted (已收), or returned with a reason (被退回). Written by
//! the township's own chain alone. It answers one closing, named by its 校验码: a report that was mended and closed anew
//! is not answered yet.

use crate::dates::{Date, Month};
use crate::log::{BatchRef, CellChange, Change};
use crate::query::View;
use crate::record::{Life, Record, record};
use crate::records::Report;
use crate::refusal::Result;

record! { ReportAnswer(ReportAnswerId) in "report_answer" only_one(month, check_code) {
    month: Month,
    check_code: String,
    accepted: bool,
    /// Why it was returned.
    reason: Option<String>,
    on: Date,
} }

impl Life for ReportAnswer {}

impl ReportAnswer {
    /// As the township's chain says it; `bases` is where it said something else of the same closing before.
    pub fn change(&self, bases: &[BatchRef]) -> Change {
        let named = Self::FIELDS.iter().zip(self.cells());
        let said = named.filter(|(_, value)| !value.is_null() || !bases.is_empty());
        let cell = |field: &str, value| CellChange { field: field.into(), value, bases: bases.to_vec() };
        let cells = said.map(|(field, value)| cell(field.name, value)).collect();
        Change { kind: Self::KIND.into(), id: self.id.0, cells }
    }
}

impl View<'_> {
    /// What the township said to this closing.
    pub fn answer_to(&self, report: &Report) -> Result<Option<ReportAnswer>> {
        let about = [report.month.to_string(), report.check_code.clone()];
        Ok(self.select::<ReportAnswer>("month = ?1 AND check_code = ?2", about)?.pop())
    }

    /// What the township said last of a month, whichever closing it spoke of.
    pub fn last_answer(&self, month: Month) -> Result<Option<ReportAnswer>> {
        Ok(self.select::<ReportAnswer>("month = ?1 ORDER BY \"on\", id", [month.to_string()])?.pop())
    }

    /// The reports that came back and have not been closed anew, oldest month first: the newest answer of each.
    pub fn returned_reports(&self) -> Result<Vec<ReportAnswer>> {
        let mut open: Vec<ReportAnswer> = Vec::new();
        for answer in self.select::<ReportAnswer>("1 ORDER BY month, \"on\", id", [])? {
            let stands = match self.report(answer.month)? {
                Some(report) => report.check_code == answer.check_code,
                None => true,
            };
            if !stands {
                continue;
            }
            open.retain(|before| before.month != answer.month);
            open.push(answer);
        }
        open.retain(|answer| !answer.accepted);
        Ok(open)
    }
}
