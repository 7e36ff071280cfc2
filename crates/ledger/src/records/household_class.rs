//! 户类型 — what a household is classed as, and from when until when. A household may be of several classes at once
//! (脱贫户 and 低保户); a class that ends is end-dated, never overwritten, so last year's figures stay right.

use crate::dates::{Date, PartialDate};
use crate::query::View;
use crate::record::{Coded, Life, record};
use crate::records::{ClassCode, HouseholdId};
use crate::refusal::{Code, Refusal, Result};

record! { HouseholdClass(HouseholdClassId) in "household_class" index(household) {
    household: HouseholdId,
    class: Coded<ClassCode>,
    from: Option<PartialDate>,
    until: Option<Date>,
    /// 风险消除日, for monitored households.
    risk_cleared_on: Option<Date>,
    why: Option<String>,
} }

impl Life for HouseholdClass {
    fn check(&self, view: &View<'_>) -> Result<()> {
        if let (Some(from), Some(until)) = (&self.from, self.until)
            && from.earliest() > until
        {
            return Err(Refusal::new(Code::DatesReversed).with("from", from).with("until", until).into());
        }
        let same = view.select::<HouseholdClass>(
            "household = ?1 AND class = ?2 AND until IS NULL AND id <> ?3",
            (self.household.0.as_bytes(), self.class.code(), self.id.0.as_bytes()),
        )?;
        if self.until.is_none() && !same.is_empty() {
            return Err(Refusal::new(Code::Duplicate)
                .with("kind", "household_class")
                .with("what", self.class.label())
                .with("id", same[0].id.0)
                .into());
        }
        Ok(())
    }
}

impl HouseholdClass {
    pub fn holds_on(&self, day: Date) -> bool {
        let begun = self.from.as_ref().is_none_or(|from| from.earliest() <= day);
        begun && self.until.is_none_or(|until| until > day)
    }
}

impl View<'_> {
    /// All classes of a household, those that have ended included.
    pub fn classes_of(&self, household: HouseholdId) -> Result<Vec<HouseholdClass>> {
        self.select("household = ?1 ORDER BY id", [household.0.as_bytes()])
    }
}
