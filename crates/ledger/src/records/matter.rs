//! 事项 — what a villager raised, at a meeting or on a visit, until it has been answered. Also what a poor tally
//! obliges the branch to mend (整改).

use serde::{Deserialize, Serialize};

use crate::dates::Date;
use crate::query::View;
use crate::record::{Cell, Life, record};
use crate::records::{HouseholdId, MeetingId, PersonId, RoundId, VisitId};
use crate::refusal::{Code, Refusal, Result};
use crate::value::{Shape, Value};

/// Where it came up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Raised {
    Meeting,
    Visit,
    /// 联户大走访 by a Party member.
    Link,
    /// 整改: a tally below the threshold.
    Mend,
    Other,
}

impl Raised {
    const NAMES: [(&'static str, Raised); 5] = [
        ("meeting", Raised::Meeting),
        ("visit", Raised::Visit),
        ("link", Raised::Link),
        ("mend", Raised::Mend),
        ("other", Raised::Other),
    ];
}

impl Cell for Raised {
    const SHAPE: Shape = Shape::Text;
    fn read(value: &Value) -> Option<Self> {
        let text = value.as_text()?;
        Raised::NAMES.iter().find(|(name, _)| *name == text).map(|(_, raised)| *raised)
    }
    fn write(&self) -> Value {
        let name = Raised::NAMES.iter().find(|(_, raised)| raised == self).map_or("other", |(name, _)| name);
        Value::text(name)
    }
}

record! { Matter(MatterId) in "matter" index(on, household) {
    text: String,
    on: Date,
    raised_at: Raised,
    household: Option<HouseholdId>,
    person: Option<PersonId>,
    meeting: Option<MeetingId>,
    visit: Option<VisitId>,
    round: Option<RoundId>,
    /// 责任人.
    owner: Option<String>,
    due: Option<Date>,
    answer: Option<String>,
    answered_on: Option<Date>,
    closed_on: Option<Date>,
} }

impl Life for Matter {
    fn check(&self, _view: &View<'_>) -> Result<()> {
        let later = [("answered_on", self.answered_on), ("closed_on", self.closed_on)];
        match later.into_iter().find(|(_, day)| day.is_some_and(|day| day < self.on)) {
            Some((_, day)) => Err(Refusal::new(Code::DatesReversed)
                .with("from", self.on)
                .with("until", day.map_or_else(String::new, |d| d.to_string()))
                .into()),
            None => Ok(()),
        }
    }
}

impl Matter {
    pub fn is_answered_by(&self, day: Date) -> bool {
        let by = |date: Option<Date>| date.is_some_and(|d| d <= day);
        by(self.answered_on) || by(self.closed_on)
    }
}

impl View<'_> {
    /// Matters raised from one day to another, both included.
    pub fn matters(&self, from: Date, to: Date) -> Result<Vec<Matter>> {
        self.select("\"on\" BETWEEN ?1 AND ?2 ORDER BY \"on\", id", (from.to_string(), to.to_string()))
    }

    /// Matters that fall due from one day to another and are still open.
    pub fn matters_due(&self, from: Date, to: Date) -> Result<Vec<Matter>> {
        let open = "closed_on IS NULL AND answered_on IS NULL AND due BETWEEN ?1 AND ?2 ORDER BY due, id";
        self.select(open, (from.to_string(), to.to_string()))
    }

    /// Matters that nobody has answered or closed, those that fall due first before those without a day.
    pub fn matters_open(&self) -> Result<Vec<Matter>> {
        self.select("closed_on IS NULL AND answered_on IS NULL ORDER BY due IS NULL, due, \"on\", id", [])
    }

    /// How many wait for an answer, and how many of them are past their day.
    pub fn matters_waiting(&self) -> Result<(i64, i64)> {
        let waiting =
            "FROM matter WHERE gone IS NULL AND text IS NOT NULL AND closed_on IS NULL AND answered_on IS NULL";
        let late = self.count(&format!("SELECT count(*) {waiting} AND due < ?1"), [self.today.to_string()])?;
        Ok((self.count(&format!("SELECT count(*) {waiting}"), [])?, late))
    }

    /// How many wait for an answer and have no day by which it is due.
    pub fn matters_undated(&self) -> Result<i64> {
        let sql = "SELECT count(*) FROM matter WHERE gone IS NULL AND text IS NOT NULL AND closed_on IS NULL
                   AND answered_on IS NULL AND due IS NULL";
        self.count(sql, [])
    }

    /// Matters that were answered or closed from one day to another.
    pub fn matters_settled(&self, from: Date, to: Date) -> Result<Vec<Matter>> {
        let settled = "coalesce(answered_on, closed_on) BETWEEN ?1 AND ?2 ORDER BY \"on\", id";
        self.select(settled, (from.to_string(), to.to_string()))
    }

    /// What one household has raised, newest first.
    pub fn matters_of(&self, household: HouseholdId) -> Result<Vec<Matter>> {
        self.select("household = ?1 ORDER BY \"on\" DESC, id DESC", [household.0.as_bytes()])
    }
}
