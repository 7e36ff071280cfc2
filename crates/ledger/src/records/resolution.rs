//! 决议 — what a meeting voted on. Whether it passed follows from the votes and from the rule of the meeting's kind: members
//! count against everyone who should have come, villagers against who did. A 群众大会 passes nothing.

use crate::dates::Month;
use crate::query::View;
use crate::record::{Life, record};
use crate::records::step::Ballot;
use crate::records::{Meeting, MeetingId};
use crate::refusal::{Code, Refusal, Result};
use crate::rules::Rules;
use crate::rules::quorum::{Decision, Roll};

record! { Resolution(ResolutionId) in "resolution" index(meeting) {
    meeting: MeetingId,
    text: String,
    /// 票数; unknown where it was not voted on one by one.
    votes: Option<Ballot>,
    /// 无记名投票.
    secret: Option<bool>,
} }

impl Life for Resolution {
    fn check(&self, view: &View<'_>) -> Result<()> {
        let Some(meeting) = view.get::<Meeting>(self.meeting.0)? else { return Ok(()) };
        let quorum = Rules::shipped().quorum(meeting.meeting_kind.code(), meeting.on, &Roll::default(), None)?;
        if quorum.decision == Decision::Never {
            return Err(Refusal::new(Code::DecidesNothing).with("kind", meeting.meeting_kind.code()).into());
        }
        let cast = self.votes.map_or(0, |v| v.yes.saturating_add(v.no).saturating_add(v.abstained));
        match meeting.present.filter(|present| cast > *present) {
            Some(present) => Err(Refusal::new(Code::CountsReversed)
                .with("field", "votes")
                .with("part", cast)
                .with("all", present)
                .into()),
            None => Ok(()),
        }
    }

    fn month(&self, view: &View<'_>) -> Result<Option<Month>> {
        Ok(view.get::<Meeting>(self.meeting.0)?.map(|m| Month::of(m.on)))
    }

    /// Sealed with its meeting.
    fn is_sealed(&self, view: &View<'_>) -> Result<bool> {
        view.is_sealed(self.meeting)
    }
}

impl View<'_> {
    pub fn resolutions(&self, meeting: MeetingId) -> Result<Vec<Resolution>> {
        self.select("meeting = ?1 ORDER BY id", [meeting.0.as_bytes()])
    }
}
