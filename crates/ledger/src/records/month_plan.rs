//! 存在问题与下月安排 — the part of the monthly report that only a person can write. Its id is made of the month.

use serde::{Deserialize, Serialize};

use crate::dates::Month;
use crate::query::View;
use crate::record::{Life, composite, record};
use crate::refusal::{Code, Refusal, Result};
use crate::rules::Rules;

/// One item a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Items(pub Vec<String>);
composite!(Items);

record! { MonthPlan(MonthPlanId) in "month_plan" only_one(month) {
    month: Month,
    items: Items,
} }

impl Life for MonthPlan {
    /// Few and short: the township asked for a report, not an essay.
    fn check(&self, _view: &View<'_>) -> Result<()> {
        let rules = Rules::shipped();
        let most = rules.int("report_items_max", self.month.last())?;
        let longest = rules.int("report_item_chars_max", self.month.last())?;
        let too_long = self.items.0.iter().any(|item| item.chars().count() as i64 > longest);
        if self.items.0.len() as i64 > most || too_long {
            return Err(Refusal::new(Code::TooMuchText).with("most", most).with("longest", longest).into());
        }
        Ok(())
    }

    fn month(&self, _view: &View<'_>) -> Result<Option<Month>> {
        Ok(Some(self.month))
    }
}
