//! 村级事项 — something the village decides step by step: 四议两公开, 五民工作法. Its steps are records of their own.

use crate::dates::Date;
use crate::procedure::procedure;
use crate::query::View;
use crate::record::{Life, record};
use crate::records::HouseholdId;
use crate::refusal::{Code, Refusal, Result};

record! { Decision(DecisionId) in "decision" {
    /// By which procedure: `open4` 四议两公开, `five` 五民工作法.
    procedure: String,
    /// 事项名称.
    title: String,
    raised_on: Date,
    /// 提出人.
    raised_by: Option<String>,
    household: Option<HouseholdId>,
    /// 方案.
    plan: Option<String>,
} }

impl Life for Decision {
    fn check(&self, view: &View<'_>) -> Result<()> {
        if self.raised_on > view.today {
            return Err(Refusal::new(Code::FutureDate).with("on", self.raised_on).into());
        }
        match procedure(&self.procedure, self.raised_on) {
            Some(_) => Ok(()),
            None => {
                let refusal = Refusal::new(Code::Unfit).with("kind", "decision").with("field", "procedure");
                Err(refusal.with("typed", &self.procedure).into())
            }
        }
    }
}
