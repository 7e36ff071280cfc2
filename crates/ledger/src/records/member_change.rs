//! 党员变动 — what became of a member, with its day: 转入, 转出, 转正, 延长预备期, 停止党籍, 恢复党籍, 除名, 开除, 去世, 外出流动,
//! 流动返回, 调整党小组. The member's standing is kept on [`PartyMember`]; a change is written together with it and is what a
//! person reads afterwards.

use crate::dates::Date;
use crate::query::View;
use crate::record::{Coded, Life, record};
use crate::records::{MemberEvent, PartyMemberId};
use crate::refusal::{Result, in_order};

record! { MemberChange(MemberChangeId) in "member_change" index(member) {
    member: PartyMemberId,
    event: Coded<MemberEvent>,
    on: Date,
    /// From where, to where, into which 党小组.
    place: Option<String>,
    /// 延长到哪一天, 流动预计到哪一天.
    until: Option<Date>,
    /// 依据: the meeting that decided, the letter that came.
    evidence: Option<String>,
} }

impl Life for MemberChange {
    fn check(&self, view: &View<'_>) -> Result<()> {
        view.not_ahead([self.on])?;
        in_order(Some(self.on), self.until)
    }
}

impl View<'_> {
    /// Newest first.
    pub fn changes_of(&self, member: PartyMemberId) -> Result<Vec<MemberChange>> {
        self.select("member = ?1 ORDER BY \"on\" DESC, id DESC", [member.0.as_bytes()])
    }
}
