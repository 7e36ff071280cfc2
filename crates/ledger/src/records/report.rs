//! 月报 — a closed month: its figures as they were when it was closed. The id is made of the month. What changes
//! afterwards does not change it; it appears in the next report as 更正.

use crate::dates::{Date, Month};
use crate::query::View;
use crate::record::{Count, Frozen, Life, record};
use crate::refusal::Result;

record! { Report(ReportId) in "report" only_one(month) {
    month: Month,
    closed_on: Date,
    closed_by: String,
    /// Version of the report's template.
    template: Option<Count>,
    /// Every figure with the records behind it, as `figures` computed them.
    figures: Frozen,
    /// First half of the hash of the figures: printed as 校验码.
    check_code: String,
    reviewer: Option<String>,
} }

impl Life for Report {
    /// One that the township returned is opened, mended and closed anew.
    fn is_sealed(&self, view: &View<'_>) -> Result<bool> {
        let returned = view.answer_to(self)?.is_some_and(|answer| !answer.accepted);
        Ok(self.gone.is_none() && !returned)
    }
}
