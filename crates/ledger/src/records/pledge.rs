//! 亮岗位、亮承诺 — the post a member without an office has taken, what was promised, by when, and whether it was kept.

use crate::dates::Date;
use crate::query::View;
use crate::record::{Life, record};
use crate::records::PartyMemberId;
use crate::refusal::{Result, in_order};

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
        view.not_ahead([Some(self.on), self.done_on].into_iter().flatten())?;
        in_order(Some(self.on), self.due)?;
        in_order(Some(self.on), self.done_on)
    }
}

impl View<'_> {
    pub fn pledges_of(&self, member: PartyMemberId) -> Result<Vec<Pledge>> {
        self.select("member = ?1 ORDER BY \"on\", id", [member.0.as_bytes()])
    }
}
