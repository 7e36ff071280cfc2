//! 评议等次 — one member in one year's appraisal: 优秀, 合格, 基本合格, 不合格, or 未参加. There is one grade, whoever enters it.

use crate::query::View;
use crate::record::{Coded, Life, record};
use crate::records::{Appraisal, AppraisalGrade, AppraisalId, PartyMemberId};
use crate::refusal::{Code, Refusal, Result};

const EXCELLENT: &str = "excellent";
const ABSENT: &str = "absent";

record! { Appraised(AppraisedId) in "appraised" only_one(appraisal, member) index(appraisal, member) {
    appraisal: AppraisalId,
    member: PartyMemberId,
    grade: Coded<AppraisalGrade>,
    /// 评语、整改事项、未参加的原因.
    remark: Option<String>,
} }

impl Life for Appraised {
    fn check(&self, view: &View<'_>) -> Result<()> {
        let appraisal = view.get::<Appraisal>(self.appraisal.0)?.filter(|a| a.over_why.is_none());
        let Some(appraisal) = appraisal.filter(|_| self.is_excellent()) else { return Ok(()) };
        let mut grades = view.appraised(self.appraisal)?;
        grades.retain(|other| other.id != self.id);
        grades.push(self.clone());
        let share = appraisal.excellent(view, &grades)?;
        if share.excellent <= share.most {
            return Ok(());
        }
        let refusal = Refusal::new(Code::TooManyExcellent);
        Err(refusal.with("n", share.excellent).with("most", share.most).into())
    }
}

impl Appraised {
    pub fn is_excellent(&self) -> bool {
        self.grade.code() == EXCELLENT
    }

    /// 未参加.
    pub fn is_absent(&self) -> bool {
        self.grade.code() == ABSENT
    }
}
