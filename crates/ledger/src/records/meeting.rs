//! 会议 — a meeting. Its kind decides its quorum: a mass meeting (群众大会) is no 村民会议 and passes no resolution.

use crate::dates::{Date, Month};
use crate::query::View;
use crate::record::{AsTyped, Coded, Count, Finding, Life, composite, record};
use crate::records::{GroupId, MeetingKind};
use crate::refusal::{Code, Refusal, Result};
use serde::{Deserialize, Serialize};

/// Groups that a meeting covered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Groups(pub Vec<GroupId>);
composite!(Groups);

record! { Meeting(MeetingId) in "meeting" index(on) {
    meeting_kind: Coded<MeetingKind>,
    on: Date,
    place: Option<String>,
    host: Option<String>,
    recorder: Option<String>,
    topic: Option<String>,
    /// 应到: households for a mass meeting, members for a branch meeting.
    expected: Option<Count>,
    /// 实到人数.
    present: Option<Count>,
    present_women: Option<Count>,
    present_members: Option<Count>,
    /// 覆盖的村民小组; unknown means the whole village for a mass meeting.
    groups: Option<Groups>,
    /// 群众意见（条）, where only their number was kept.
    opinions: Option<Count>,
    /// 会议记录 beyond what the rounds and matters say.
    minutes: Option<String>,
    /// The day the minutes were sealed; from then on a change is a correction.
    sealed_on: Option<Date>,
    typed_on: Option<Date>,
    as_typed: Option<AsTyped>,
} }

impl Life for Meeting {
    fn check(&self, view: &View<'_>) -> Result<()> {
        if self.on > view.today {
            return Err(Refusal::new(Code::FutureDate).with("on", self.on).into());
        }
        let parts = [("present_women", self.present_women), ("present_members", self.present_members)];
        let too_many = parts.into_iter().find(|(_, part)| self.present.is_some_and(|all| part.unwrap_or(0) > all));
        match too_many {
            Some((field, part)) => Err(Refusal::new(Code::CountsReversed)
                .with("field", field)
                .with("part", part.unwrap_or(0))
                .with("all", self.present.unwrap_or(0))
                .into()),
            None => Ok(()),
        }
    }

    fn month(&self, _view: &View<'_>) -> Result<Option<Month>> {
        Ok(Some(Month::of(self.on)))
    }

    fn is_sealed(&self) -> bool {
        self.sealed_on.is_some()
    }

    /// The same evening entered on two computers.
    fn findings(view: &View<'_>) -> Result<Vec<Finding>> {
        let twice = view.select::<Meeting>(
            "EXISTS (SELECT 1 FROM meeting b WHERE b.gone IS NULL AND b.id <> meeting.id AND b.meeting_kind = meeting.meeting_kind
             AND b.\"on\" = meeting.\"on\" AND b.place IS meeting.place)",
            [],
        )?;
        Ok(twice.into_iter().map(|m| Finding::new::<Meeting>(m.id.0, "meeting_twice").with("on", m.on)).collect())
    }
}

impl View<'_> {
    /// Meetings held from one day to another, both included.
    pub fn meetings(&self, from: Date, to: Date) -> Result<Vec<Meeting>> {
        self.select("\"on\" BETWEEN ?1 AND ?2 ORDER BY \"on\", id", (from.to_string(), to.to_string()))
    }
}
