//! 党员教育培训 — a course, and who took part ([`Trained`]). Hours count towards the year in which it began. What was learned
//! at a theme day or a lecture is counted from the meeting itself ([`crate::records::Meeting`] `hours`).

use crate::dates::Date;
use crate::query::View;
use crate::record::{Count, Life, record};
use crate::records::Trained;
use crate::refusal::{Result, in_order};

record! { Training(TrainingId) in "training" index(on) {
    course: String,
    on: Date,
    until: Option<Date>,
    /// 学时 of everyone who took part.
    hours: Count,
    /// 主办单位.
    organiser: Option<String>,
    /// 集中培训.
    central: Option<bool>,
} }

impl Life for Training {
    fn check(&self, view: &View<'_>) -> Result<()> {
        view.not_ahead([self.on])?;
        in_order(Some(self.on), self.until)
    }
}

impl View<'_> {
    pub fn trained(&self, training: TrainingId) -> Result<Vec<Trained>> {
        self.select("training = ?1 ORDER BY id", [training.0.as_bytes()])
    }
}
