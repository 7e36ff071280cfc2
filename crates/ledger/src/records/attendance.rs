//! 到会 — who of a household came: one entry for a family. Its id is made of meeting and household, so that two
//! computers that tick the same family off mean the same entry.
//!
//! At a branch meeting it is persons who are called; an entry says of one that they came, or why not (缺席原因) and when
//! the meeting was made up for (补课).

use std::collections::BTreeSet;

use crate::dates::{Date, Month};
use crate::query::View;
use crate::record::{Count, Life, record};
use crate::records::{HouseholdId, Meeting, MeetingId, PartyMember, PersonId};
use crate::refusal::Result;

record! { Attendance(AttendanceId) in "attendance" only_one(meeting, household, person) index(meeting) {
    meeting: MeetingId,
    household: Option<HouseholdId>,
    /// For meetings of persons (branch meetings) and where it is known who came.
    person: Option<PersonId>,
    /// How many came; unknown where only the family was ticked off.
    people: Option<Count>,
    /// 缺席原因, when it is an absence that is kept.
    absent_why: Option<String>,
    /// 补课: when and how an absent member caught up.
    made_up_on: Option<Date>,
    made_up_how: Option<String>,
} }

impl Life for Attendance {
    fn month(&self, view: &View<'_>) -> Result<Option<Month>> {
        Ok(view.get::<Meeting>(self.meeting.0)?.map(|m| Month::of(m.on)))
    }

    /// Sealed with its meeting.
    fn is_sealed(&self, view: &View<'_>) -> Result<bool> {
        view.is_sealed(self.meeting)
    }
}

/// Bodies whose members are called to a meeting of a kind.
const BODIES: [(&str, &[&str]); 4] = [
    ("committee", &["branch_committee"]),
    ("both_committees", &["branch_committee", "village_committee"]),
    ("supervision", &["supervision"]),
    ("representatives", &["representatives", "village_committee"]),
];
/// 党员大会 in all its shapes, and what every member is called to besides.
const OF_ALL_MEMBERS: [&str; 8] =
    ["members", "deliberation", "admission", "election", "lecture", "theme_day", "life", "appraisal"];

impl View<'_> {
    pub fn attendance(&self, meeting: MeetingId) -> Result<Vec<Attendance>> {
        self.select("meeting = ?1 ORDER BY id", [meeting.0.as_bytes()])
    }

    /// How many families were ticked off.
    pub fn families_came(&self, meeting: MeetingId) -> Result<u32> {
        let sql = "SELECT count(*) FROM attendance WHERE meeting = ?1 AND household IS NOT NULL
                   AND absent_why IS NULL AND gone IS NULL";
        Ok(u32::try_from(self.count(sql, [meeting.0.as_bytes()])?).unwrap_or(u32::MAX))
    }

    /// 应到的人, where a meeting calls persons: members of the branch, of a 党小组, or of a body. `None` where it calls
    /// households, and where nobody has entered who the body's members are: that is not known, it is not nobody.
    pub fn persons_called(&self, meeting: &Meeting) -> Result<Option<Vec<PersonId>>> {
        let kind = meeting.meeting_kind.code();
        let called: BTreeSet<PersonId> = match BODIES.iter().find(|(of, _)| *of == kind) {
            Some((_, organs)) => {
                let offices = self.offices_on(meeting.on)?;
                offices.iter().filter(|o| organs.contains(&o.organ.code())).map(|o| o.person).collect()
            }
            None if kind == "cell" => self.members_called(meeting, |m| m.cell.is_some() && m.cell == meeting.cell)?,
            None if OF_ALL_MEMBERS.contains(&kind) => self.members_called(meeting, |_| true)?,
            None => return Ok(None),
        };
        Ok((!called.is_empty()).then(|| called.into_iter().collect()))
    }

    fn members_called(&self, meeting: &Meeting, which: impl Fn(&PartyMember) -> bool) -> Result<BTreeSet<PersonId>> {
        let members = self.all::<PartyMember>()?;
        Ok(members.iter().filter(|m| m.stands_on(meeting.on) && which(m)).map(|m| m.person).collect())
    }
}
