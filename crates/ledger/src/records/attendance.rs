//! 到会 — who of a household came: one entry for a family. Its id is made of meeting and household, so that two
//! computers that tick the same family off mean the same entry.

use crate::dates::Month;
use crate::query::View;
use crate::record::{Count, Life, record};
use crate::records::{HouseholdId, Meeting, MeetingId, PersonId};
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
}
