//! 亮岗位、亮承诺 — the post a member without an office has taken, what was promised, by when, and whether it was kept.

use crate::dates::Date;
use crate::query::View;
use crate::record::{Life, record};
use crate::records::PartyMemberId;
use crate::refusal::{Code, Refusal, Result};

record! { Pledge(PledgeId) in "pledge" index(member) {
    member: PartyMemberId,
    /// 岗位, e.g. 环境卫生岗.
    position: Option<String>,
    /// 承诺内容.
    text: String,
    on: Date,
    due: Option<Date>,
    /// 兑现: the day, and on what evidence.
    done_on: Option<Date>,
    outcome: Option<String>,
} }

impl Life for Pledge {
    fn check(&self, view: &View<'_>) -> Result<()> {
        for day in [Some(self.on), self.done_on].into_iter().flatten() {
            if day > view.today {
                return Err(Refusal::new(Code::FutureDate).with("on", day).into());
            }
        }
        for end in [self.due, self.done_on].into_iter().flatten() {
            if end < self.on {
                return Err(Refusal::new(Code::DatesReversed).with("from", self.on).with("until", end).into());
            }
        }
        Ok(())
    }
}

impl View<'_> {
    pub fn pledges_of(&self, member: PartyMemberId) -> Result<Vec<Pledge>> {
        self.select("member = ?1 ORDER BY \"on\", id", [member.0.as_bytes()])
    }
}
