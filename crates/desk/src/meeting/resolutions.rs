//! 决议 — what was voted on, and whether it passed: the votes against the rule of the meeting's kind, with the denominator
//! that the rule counts over told beside them.

use lianhu_ledger::View;
use lianhu_ledger::records::{Meeting, Resolution};
use lianhu_ledger::rules::quorum::{Count, Counted, Decision};
use serde::Serialize;
use ts_rs::TS;
use uuid::Uuid;

use crate::problem::Result;

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct ResolutionLine {
    pub id: Uuid,
    pub text: String,
    pub yes: Option<u32>,
    pub no: Option<u32>,
    pub abstained: Option<u32>,
    pub secret: bool,
    pub verdict: Verdict,
}

/// 通过没有, and against what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Verdict {
    /// Nobody has written votes.
    NotVoted,
    /// Not enough came, or it is not known how many should have.
    NotOpen,
    TooManyVotes {
        votes: u32,
        present: u32,
    },
    Counted {
        passed: bool,
        yes: u32,
        needed: u32,
        of_due: bool,
        whole: u32,
    },
}

pub(super) fn lines(view: View<'_>, meeting: &Meeting) -> Result<Vec<ResolutionLine>> {
    let resolutions = view.resolutions(meeting.id)?;
    resolutions.into_iter().map(|resolution| line(view, meeting, resolution)).collect()
}

fn line(view: View<'_>, meeting: &Meeting, resolution: Resolution) -> Result<ResolutionLine> {
    let quorum = view.judged(meeting, resolution.votes.map(Into::into))?;
    let counted = |passed: bool, count: Count| Verdict::Counted {
        passed,
        yes: count.yes,
        needed: count.needed,
        of_due: count.counted == Counted::Due,
        whole: count.whole,
    };
    Ok(ResolutionLine {
        id: resolution.id.0,
        text: resolution.text,
        yes: resolution.votes.map(|v| v.yes),
        no: resolution.votes.map(|v| v.no),
        abstained: resolution.votes.map(|v| v.abstained),
        secret: resolution.secret == Some(true),
        verdict: match quorum.decision {
            Decision::Never | Decision::NotVoted => Verdict::NotVoted,
            Decision::NotOpen if resolution.votes.is_none() => Verdict::NotVoted,
            Decision::NotOpen => Verdict::NotOpen,
            Decision::TooManyVotes { votes, present } => Verdict::TooManyVotes { votes, present },
            Decision::Passed(count) => counted(true, count),
            Decision::Failed(count) => counted(false, count),
        },
    })
}
