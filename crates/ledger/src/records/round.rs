//! 述评 — one report/evaluate pair of a meeting, with its anonymous tally. The tally is one cell: its counts only make
//! sense together, and no ballot carries a name.

use serde::{Deserialize, Serialize};

use crate::dates::{Date, Month};
use crate::query::View;
use crate::record::{AsTyped, Count, Finding, Life, composite, record};
use crate::records::{Meeting, MeetingId};
use crate::refusal::{Code, Refusal, Result};

/// 评议票. A count that was not written down is unknown, not zero.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tally {
    /// 发出.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issued: Option<Count>,
    /// 收回.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub returned: Option<Count>,
    /// 废票.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spoilt: Option<Count>,
    /// 好.
    pub best: Count,
    /// 较好.
    pub good: Count,
    /// 一般.
    pub fair: Count,
    /// 差.
    pub poor: Count,
}
composite!(Tally);

impl Tally {
    /// 有效票, the denominator of every rate.
    pub fn valid(&self) -> u64 {
        [self.best, self.good, self.fair, self.poor].iter().map(|n| u64::from(*n)).sum()
    }

    /// 好 + 较好.
    pub fn satisfied(&self) -> u64 {
        u64::from(self.best) + u64::from(self.good)
    }

    /// Every ballot counted comes from one returned, every one returned from one issued.
    fn adds_up(&self) -> bool {
        let counted = self.valid() + u64::from(self.spoilt.unwrap_or(0));
        let within = |limit: Option<Count>, n: u64| limit.is_none_or(|limit| n <= u64::from(limit));
        let returned = self.returned.map_or(counted, u64::from);
        let exact = self.returned.is_none() || self.spoilt.is_none() || returned == counted;
        exact && within(self.returned, counted) && within(self.issued, returned)
    }
}

record! { Round(RoundId) in "round" only_one(meeting, pair) index(meeting) {
    meeting: MeetingId,
    /// Which pair of the village's template, from 1.
    pair: Count,
    /// 述评对象.
    who: String,
    /// 述的内容.
    said: Option<String>,
    /// 评议内容.
    what: Option<String>,
    /// 主述人.
    speaker: Option<String>,
    /// 述职要点.
    summary: Option<String>,
    tally: Option<Tally>,
    /// 整改复评: the round of an earlier meeting that this one tests again.
    retest_of: Option<RoundId>,
    /// 应于何日复评, where the first result was below the threshold.
    retest_due: Option<Date>,
    as_typed: Option<AsTyped>,
} }

impl Life for Round {
    fn check(&self, _view: &View<'_>) -> Result<()> {
        match &self.tally {
            Some(tally) if !tally.adds_up() => Err(Refusal::new(Code::TallyDoesNotAdd)
                .with("who", &self.who)
                .with("issued", tally.issued.map_or_else(|| "—".to_owned(), |n| n.to_string()))
                .with("valid", tally.valid())
                .into()),
            _ => Ok(()),
        }
    }

    fn month(&self, view: &View<'_>) -> Result<Option<Month>> {
        Ok(view.get::<Meeting>(self.meeting.0)?.map(|m| Month::of(m.on)))
    }

    /// Sealed with its meeting.
    fn is_sealed(&self, view: &View<'_>) -> Result<bool> {
        view.is_sealed(self.meeting)
    }

    fn findings(view: &View<'_>) -> Result<Vec<Finding>> {
        let rounds = view.all::<Round>()?;
        let wrong = rounds.into_iter().filter(|r| r.tally.as_ref().is_some_and(|t| !t.adds_up()));
        Ok(wrong.map(|r| Finding::new::<Round>(r.id.0, "tally_does_not_add").with("who", r.who)).collect())
    }
}

impl View<'_> {
    pub fn rounds(&self, meeting: MeetingId) -> Result<Vec<Round>> {
        self.select("meeting = ?1 ORDER BY pair, id", [meeting.0.as_bytes()])
    }
}

#[cfg(test)]
mod tests {
    use super::Tally;

    fn check(issued: Option<u32>, returned: Option<u32>, spoilt: Option<u32>, counts: [u32; 4], adds_up: bool) {
        let [best, good, fair, poor] = counts;
        let tally = Tally { issued, returned, spoilt, best, good, fair, poor };
        assert_eq!(tally.adds_up(), adds_up, "{tally:?}");
    }

    #[test]
    fn no_more_ballots_are_counted_than_were_handed_out() {
        check(Some(118), None, None, [76, 34, 6, 2], true);
        check(Some(117), None, None, [76, 34, 6, 2], false);
        check(Some(120), Some(119), Some(1), [76, 34, 6, 2], true);
        check(Some(120), Some(119), Some(2), [76, 34, 6, 2], false);
        check(Some(120), Some(121), None, [76, 34, 6, 2], false);
        check(None, None, None, [0, 0, 0, 0], true);
        check(Some(u32::MAX), None, None, [u32::MAX, u32::MAX, 0, 0], false);
    }
}
