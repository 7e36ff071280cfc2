//! 应当结对的户 — the households that somebody must look after. Which classes these are is a rule of the table and a
//! setting of the place; a monitored household whose risk is cleared is no longer one of them.

use std::collections::HashSet;

use lianhu_ledger::View;
use lianhu_ledger::dates::Date;
use lianhu_ledger::records::{HouseholdClass, HouseholdId};
use lianhu_ledger::rules::Rules;

use crate::problem::Result;

/// None while no household is classed: then it is not known.
pub(crate) fn obliged(view: View<'_>, rules: &Rules, day: Date) -> Result<Option<HashSet<HouseholdId>>> {
    let named = rules.text("paired_classes", day)?;
    let classes = view.all::<HouseholdClass>()?;
    let cleared = |class: &HouseholdClass| class.risk_cleared_on.is_some_and(|on| on <= day);
    let counts = |class: &&HouseholdClass| {
        class.holds_on(day) && !cleared(class) && named.split_whitespace().any(|code| code == class.class.code())
    };
    Ok((!classes.is_empty()).then(|| classes.iter().filter(counts).map(|class| class.household).collect()))
}
