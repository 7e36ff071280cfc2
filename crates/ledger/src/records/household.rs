//! 户 — a household. It is moved, split and merged by naming where it came from and where it went; nothing of its
//! history is carried over by copying, so nothing of it can be lost.

use crate::dates::Date;
use crate::query::View;
use crate::record::{AsTyped, Count, Finding, Life, record};
use crate::records::{GroupId, PersonId};
use crate::refusal::{Code, Refusal, Result};

record! { Household(HouseholdId) in "household" index(group) {
    group: Option<GroupId>,
    /// 户编号 or the number in the village's own ledger.
    number: Option<Count>,
    /// 户主.
    head: Option<PersonId>,
    address: Option<String>,
    phone: Option<String>,
    /// 空挂户: registered here, nobody lives here.
    vacant: Option<bool>,
    /// 分户: the household this one was split from.
    split_from: Option<HouseholdId>,
    /// 并户: the household this one was merged into; it has ended from `ended_on`.
    merged_into: Option<HouseholdId>,
    /// 迁出、销户 or merged: from this day it is not counted; its past is.
    ended_on: Option<Date>,
    ended_why: Option<String>,
    moved_to: Option<String>,
    as_typed: Option<AsTyped>,
} }

impl Life for Household {
    fn check(&self, view: &View<'_>) -> Result<()> {
        if self.merged_into == Some(self.id) || self.split_from == Some(self.id) {
            return Err(Refusal::new(Code::NoSuchTarget).with("kind", "household").with("field", "merged_into").into());
        }
        if self.ended_on.is_some() && self.ended_why.is_none() && self.merged_into.is_none() {
            return Err(Refusal::new(Code::ReasonMissing).into());
        }
        let Some(head) = self.head else { return Ok(()) };
        let elsewhere =
            view.get::<crate::records::Person>(head.0)?.is_some_and(|p| p.household.is_some_and(|h| h != self.id));
        if elsewhere {
            return Err(Refusal::new(Code::NoSuchTarget)
                .with("kind", "household")
                .with("field", "head")
                .with("target", "person")
                .with("id", head.0)
                .into());
        }
        Ok(())
    }

    fn findings(view: &View<'_>) -> Result<Vec<Finding>> {
        let headless = view.select::<Household>(
            "head IS NOT NULL AND head IN (SELECT p.id FROM person p WHERE p.gone IS NOT NULL)",
            [],
        )?;
        Ok(headless.into_iter().map(|h| Finding::new::<Household>(h.id.0, "head_voided")).collect())
    }
}

impl Household {
    /// Counted on that day: not ended by then.
    pub fn stands_on(&self, day: Date) -> bool {
        self.ended_on.is_none_or(|ended| ended > day)
    }
}

impl View<'_> {
    /// Households split from this one, and those merged into it.
    pub fn households_from(&self, household: HouseholdId) -> Result<Vec<Household>> {
        let id = household.0;
        self.select("(split_from = ?1 OR merged_into = ?1) ORDER BY id", [id.as_bytes()])
    }
}
