//! 存在问题与下月安排 — the part of the report that only a person can write.

use lianhu_ledger::dates::Month;
use lianhu_ledger::records::MonthPlan;
use lianhu_ledger::rules::Rules;
use serde::{Deserialize, Serialize};
use serde_json::json;
use ts_rs::TS;

use crate::desk::{Desk, Done};
use crate::problem::Result;

/// What stands there, and how much the rule table lets it be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct Plan {
    pub items: Vec<String>,
    pub most: i64,
    pub longest: i64,
}

pub(super) fn of(plan: Option<MonthPlan>, month: Month) -> Result<Plan> {
    let rules = Rules::shipped();
    Ok(Plan {
        items: plan.map(|plan| plan.items.0).unwrap_or_default(),
        most: rules.int("report_items_max", month.last())?,
        longest: rules.int("report_item_chars_max", month.last())?,
    })
}

#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SavePlan {
    #[ts(type = "string")]
    pub month: Month,
    /// Lines left empty are left out.
    pub items: Vec<String>,
}

pub fn save(desk: &Desk, ask: SavePlan) -> Result<Done<()>> {
    let items: Vec<&str> = ask.items.iter().map(|item| item.trim()).filter(|item| !item.is_empty()).collect();
    desk.edit("month_plan", |draft| {
        let id = draft.only_one("month_plan", &[&ask.month]);
        if draft.get::<MonthPlan>(id)?.is_some_and(|before| before.gone.is_some()) {
            draft.restore("month_plan", id)?;
        }
        let fields = [("month", json!(ask.month)), ("items", json!(items))];
        draft.create("month_plan", fields.into_iter().map(|(k, v)| (k.to_owned(), v)).collect())?;
        Ok(())
    })
}
