//! 异议 — what somebody said against a posted rating, what was answered, and whether it was found right (成立).

use crate::dates::Date;
use crate::query::View;
use crate::record::{Life, record};
use crate::records::{HouseholdId, StarCycleId};
use crate::refusal::{Code, Refusal, Result};

record! { Objection(ObjectionId) in "objection" index(cycle) {
    cycle: StarCycleId,
    household: Option<HouseholdId>,
    on: Date,
    /// Who said it; nobody has to give a name.
    by: Option<String>,
    text: String,
    answer: Option<String>,
    answered_on: Option<Date>,
    /// 成立.
    upheld: Option<bool>,
} }

impl Life for Objection {
    fn check(&self, view: &View<'_>) -> Result<()> {
        if let Some(on) = [Some(self.on), self.answered_on].into_iter().flatten().find(|on| *on > view.today) {
            return Err(Refusal::new(Code::FutureDate).with("on", on).into());
        }
        if let Some(answered) = self.answered_on.filter(|answered| *answered < self.on) {
            return Err(Refusal::new(Code::DatesReversed).with("from", self.on).with("until", answered).into());
        }
        let halves = [self.answer.is_some(), self.answered_on.is_some(), self.upheld.is_some()];
        if halves.contains(&true) && halves.contains(&false) {
            let field = ["answer", "answered_on", "upheld"][halves.iter().position(|is| !is).unwrap_or(0)];
            return Err(Refusal::new(Code::Missing).with("kind", "objection").with("field", field).into());
        }
        Ok(())
    }
}

impl Objection {
    pub fn is_open(&self) -> bool {
        self.upheld.is_none()
    }
}

impl View<'_> {
    pub fn objections(&self, cycle: StarCycleId) -> Result<Vec<Objection>> {
        self.select("cycle = ?1 ORDER BY \"on\", id", [cycle.0.as_bytes()])
    }
}
