//! 民主评议党员 — the appraisal of one year; the grade of each member is an [`Appraised`]. 优秀 is given to so many at most as
//! the rule table allows; more than that takes a reason, which stands here.

use chrono::NaiveDate;

use crate::query::View;
use crate::record::{Count, Finding, Life, record};
use crate::records::{Appraised, MeetingId, PartyMember};
use crate::refusal::Result;
use crate::rules::Rules;

record! { Appraisal(AppraisalId) in "appraisal" only_one(year) {
    year: Count,
    /// The meeting at which it was done.
    meeting: Option<MeetingId>,
    /// Why more were found excellent than is usual.
    over_why: Option<String>,
} }

impl Life for Appraisal {
    /// Two computers may each have stayed within the share.
    fn findings(view: &View<'_>) -> Result<Vec<Finding>> {
        let mut found = Vec::new();
        for appraisal in view.all::<Appraisal>()?.into_iter().filter(|a| a.over_why.is_none()) {
            let share = appraisal.excellent(view, &view.appraised(appraisal.id)?)?;
            if share.excellent > share.most {
                let finding = Finding::new::<Appraisal>(appraisal.id.0, "too_many_excellent");
                found.push(finding.with("n", share.excellent).with("most", share.most));
            }
        }
        Ok(found)
    }
}

/// How many were found excellent, and how many are usual.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Excellent {
    pub excellent: usize,
    pub most: usize,
}

impl Appraisal {
    /// The day whose roll and rules count: the year's end, or today while the year runs.
    pub fn day(&self, view: &View<'_>) -> NaiveDate {
        let year = i32::try_from(self.year).unwrap_or_default();
        NaiveDate::from_ymd_opt(year, 12, 31).map_or(view.today, |end| end.min(view.today))
    }

    /// The share is taken of everyone on the roll but those who took no part: grades come in one by one, and the first
    /// 优秀 is not too many because it is the only grade yet.
    pub fn excellent(&self, view: &View<'_>, grades: &[Appraised]) -> Result<Excellent> {
        let day = self.day(view);
        let roll = view.all::<PartyMember>()?.iter().filter(|m| m.stands_on(day)).count();
        let absent = grades.iter().filter(|g| g.is_absent()).count();
        let took_part = roll.saturating_sub(absent).max(grades.len() - absent);
        let share = Rules::shipped().ratio("excellent_share_max", day)?;
        Ok(Excellent {
            excellent: grades.iter().filter(|g| g.is_excellent()).count(),
            most: share.at_most(u32::try_from(took_part).unwrap_or(u32::MAX)) as usize,
        })
    }
}

impl View<'_> {
    pub fn appraised(&self, appraisal: AppraisalId) -> Result<Vec<Appraised>> {
        self.select("appraisal = ?1 ORDER BY id", [appraisal.0.as_bytes()])
    }
}
