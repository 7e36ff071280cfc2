//! 走访 — a home visit. Belongs to the month of `on`, whenever it is typed in; a late one is marked 补录, never refused.
//!
//! 三到家: 同吃一餐饭（自费）、做一次家务、明确一条发展门路. A box nobody ticked is not known to be a no.

use std::collections::HashMap;

use crate::dates::{Date, Month};
use crate::query::View;
use crate::record::{AsTyped, Life, record};
use crate::records::{HouseholdId, PersonId};
use crate::refusal::{Code, Refusal, Result};

record! { Visit(VisitId) in "visit" index(on, household) {
    household: HouseholdId,
    visitor: PersonId,
    on: Date,
    shared_meal: Option<bool>,
    /// The visitor paid for the meal.
    self_paid: Option<bool>,
    did_chore: Option<bool>,
    /// What was done together.
    chore: Option<String>,
    /// A way forward was settled on; `opportunity` says which.
    opportunity_given: Option<bool>,
    opportunity: Option<String>,
    /// The way forward has been taken up.
    opportunity_done: Option<bool>,
    /// 农历 or 赶集日, as the village reckons.
    day_note: Option<String>,
    /// The day it was typed in; unknown for what came from an older ledger.
    typed_on: Option<Date>,
    /// 补录原因, where somebody gave one.
    late_why: Option<String>,
    as_typed: Option<AsTyped>,
} }

impl Life for Visit {
    fn check(&self, view: &View<'_>) -> Result<()> {
        if self.on > view.today {
            return Err(Refusal::new(Code::FutureDate).with("on", self.on).into());
        }
        Ok(())
    }

    fn month(&self, _view: &View<'_>) -> Result<Option<Month>> {
        Ok(Some(Month::of(self.on)))
    }
}

impl Visit {
    /// 补录: typed in more than `days` after the visit.
    pub fn is_late(&self, days: i64) -> bool {
        self.typed_on.is_some_and(|typed| (typed - self.on).num_days() > days)
    }

    /// All three of 三到家.
    pub fn all_three(&self) -> bool {
        [self.shared_meal, self.did_chore, self.opportunity_given].iter().all(|done| *done == Some(true))
    }
}

impl View<'_> {
    /// Visits made from one day to another, both included.
    pub fn visits(&self, from: Date, to: Date) -> Result<Vec<Visit>> {
        self.select("\"on\" BETWEEN ?1 AND ?2 ORDER BY \"on\", id", (from.to_string(), to.to_string()))
    }

    /// Visits typed in from one day to another. Asked for once a report: a pass over the table is cheaper than an index that
    /// every save would have to keep.
    pub fn visits_typed(&self, from: Date, to: Date) -> Result<Vec<Visit>> {
        self.select("typed_on BETWEEN ?1 AND ?2 ORDER BY id", (from.to_string(), to.to_string()))
    }

    /// The day of a household's last visit before a day.
    pub fn last_visit(&self, household: HouseholdId, before: Date) -> Result<Option<Date>> {
        let condition = "household = ?1 AND \"on\" < ?2 ORDER BY \"on\" DESC LIMIT 1";
        let last = self.select::<Visit>(condition, (household.0.as_bytes(), before.to_string()))?;
        Ok(last.first().map(|v| v.on))
    }

    /// The day of every household's last visit up to a day: one pass for a whole village.
    pub fn last_visits(&self, until: Date) -> Result<HashMap<HouseholdId, Date>> {
        let sql = "SELECT household, max(\"on\") FROM visit
                   WHERE gone IS NULL AND visitor IS NOT NULL AND household IS NOT NULL AND \"on\" <= ?1 GROUP BY household";
        let last = self.id_days(sql, [until.to_string()])?;
        Ok(last.into_iter().map(|(household, day)| (HouseholdId(household), day)).collect())
    }

    /// Visits to a household, newest first.
    pub fn visits_of(&self, household: HouseholdId) -> Result<Vec<Visit>> {
        self.select("household = ?1 ORDER BY \"on\" DESC, id DESC", [household.0.as_bytes()])
    }
}
