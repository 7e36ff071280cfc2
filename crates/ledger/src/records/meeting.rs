//! 会议 — a meeting. Its kind decides its quorum: a mass meeting (群众大会) is no 村民会议 and passes no resolution.

use std::collections::BTreeMap;

use crate::dates::{Date, Month};
use crate::query::View;
use crate::record::{AsTyped, Coded, Count, Finding, Frozen, Life, composite, record};
use crate::records::village::Grades;
use crate::records::{GroupId, Household, MeetingKind, Village};
use crate::refusal::{Code, Refusal, Result};
use serde::{Deserialize, Serialize};

/// Groups that a meeting covered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Groups(pub Vec<GroupId>);
composite!(Groups);

/// One paragraph of the minutes that somebody worded anew. `base` is what the entries had made of it then: when they
/// make something else now, the clerk's words stand and the screen says so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edit {
    pub base: String,
    /// Empty where the paragraph was struck out.
    pub text: String,
}

/// 手改 by paragraph.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Edits(pub BTreeMap<String, Edit>);
composite!(Edits);

record! { Meeting(MeetingId) in "meeting" index(on) {
    meeting_kind: Coded<MeetingKind>,
    on: Date,
    /// 上午9时, as the village says it.
    time: Option<String>,
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
    /// Which 党小组 met, as the members' roll names it.
    cell: Option<String>,
    /// 学时 that it counts for whoever came.
    hours: Option<Count>,
    /// 评议等次 under which its ballots were counted: a template that changes later does not rename them.
    grades: Option<Grades>,
    /// 群众意见（条）, where only their number was kept.
    opinions: Option<Count>,
    /// 会议记录 beyond what the rounds and matters say.
    minutes: Option<String>,
    /// 手改: paragraphs of the minutes in the clerk's own words.
    edits: Option<Edits>,
    /// The day the minutes were sealed; from then on a change is a correction.
    sealed_on: Option<Date>,
    /// How often they have been sealed: the second time is the first correction.
    version: Option<Count>,
    /// 定稿: the minutes as they were sealed. Answers given later do not change them.
    sealed_as: Option<Frozen>,
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

    fn is_sealed(&self, _view: &View<'_>) -> Result<bool> {
        Ok(self.sealed_on.is_some())
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

/// 党员大会 in all its shapes: what was deliberated, who was admitted or elected, was a members' meeting too.
const MEMBERS_MEETINGS: [&str; 4] = ["members", "deliberation", "admission", "election"];

impl Meeting {
    /// Whether it counts towards what is due of that kind.
    pub fn counts_as(&self, kind: &str) -> bool {
        let own = self.meeting_kind.code();
        own == kind || (kind == "members" && MEMBERS_MEETINGS.contains(&own))
    }

    /// Whether a household is expected: it stands on that day, somebody lives there, and its group is called.
    pub fn calls(&self, household: &Household) -> bool {
        let called = self.groups.as_ref().filter(|groups| !groups.0.is_empty());
        let of_group = called.is_none_or(|groups| household.group.is_some_and(|group| groups.0.contains(&group)));
        household.stands_on(self.on) && household.vacant != Some(true) && of_group
    }
}

impl View<'_> {
    pub fn is_sealed(&self, meeting: MeetingId) -> Result<bool> {
        Ok(self.get::<Meeting>(meeting.0)?.is_some_and(|m| m.sealed_on.is_some()))
    }

    /// The grades of a meeting: those it was counted under; the village's own while nothing is counted. Where neither is
    /// known, no ballot may fall between the grades that are shown.
    pub fn grades_of(&self, meeting: &Meeting) -> Result<Grades> {
        let own = self.all::<Village>()?.into_iter().next().and_then(|v| v.grades).unwrap_or_default();
        let tallies: Vec<_> = self.rounds(meeting.id)?.into_iter().filter_map(|r| r.tally).collect();
        if tallies.is_empty() {
            return Ok(own);
        }
        let shows_all = own.0.len() > 3 || tallies.iter().all(|tally| tally.fair == 0);
        Ok(meeting.grades.clone().unwrap_or(if shows_all { own } else { Grades::default() }))
    }

    /// Meetings held from one day to another, both included.
    pub fn meetings(&self, from: Date, to: Date) -> Result<Vec<Meeting>> {
        self.select("\"on\" BETWEEN ?1 AND ?2 ORDER BY \"on\", id", (from.to_string(), to.to_string()))
    }
}
