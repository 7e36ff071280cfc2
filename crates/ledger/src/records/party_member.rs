//! 党员 — a member of the branch; who they are is the person's business, this is their standing in the Party.

use crate::dates::{Date, PartialDate};
use crate::query::View;
use crate::record::{AsTyped, Coded, Finding, Life, Record, record};
use crate::records::{PersonId, Political};
use crate::refusal::{Code, Refusal, Result};

/// 中共预备党员, GB/T 4762.
const PROBATIONARY: &str = "02";

record! { PartyMember(PartyMemberId) in "party_member" {
    person: PersonId,
    /// 正式党员 or 预备党员.
    class: Option<Coded<Political>>,
    /// 入党时间.
    joined_on: Option<PartialDate>,
    /// 转正时间.
    full_on: Option<PartialDate>,
    /// 所在党小组.
    cell: Option<String>,
    /// 党内职务.
    duty: Option<String>,
    /// 有职 or 无职党员.
    has_post: Option<bool>,
    /// 流动党员.
    floating: Option<bool>,
    /// 组织关系转入、转出.
    came_on: Option<Date>,
    came_from: Option<String>,
    left_on: Option<Date>,
    left_to: Option<String>,
    as_typed: Option<AsTyped>,
} }

impl Life for PartyMember {
    fn check(&self, view: &View<'_>) -> Result<()> {
        if let (Some(joined), Some(full)) = (&self.joined_on, &self.full_on)
            && joined.earliest() > full.latest()
        {
            return Err(Refusal::new(Code::DatesReversed).with("from", joined).with("until", full).into());
        }
        let others = view.select::<PartyMember>(
            "person = ?1 AND left_on IS NULL AND id <> ?2",
            (self.person.0.as_bytes(), self.id.0.as_bytes()),
        )?;
        match others.first() {
            Some(other) if self.left_on.is_none() => Err(Refusal::new(Code::Duplicate)
                .with("kind", PartyMember::KIND)
                .with("what", "person")
                .with("id", other.id.0)
                .into()),
            _ => Ok(()),
        }
    }

    fn findings(view: &View<'_>) -> Result<Vec<Finding>> {
        let twice = view.select::<PartyMember>(
            "left_on IS NULL AND person IN (SELECT person FROM party_member WHERE gone IS NULL AND left_on IS NULL GROUP BY person HAVING count(*) > 1)", [])?;
        Ok(twice.into_iter().map(|m| Finding::new::<PartyMember>(m.id.0, "member_twice")).collect())
    }
}

impl PartyMember {
    pub fn stands_on(&self, day: Date) -> bool {
        let begun = self.joined_on.as_ref().is_none_or(|d| d.earliest() <= day);
        begun && self.came_on.is_none_or(|d| d <= day) && self.left_on.is_none_or(|d| d > day)
    }

    pub fn is_probationary_on(&self, day: Date) -> bool {
        let turned_full = self.full_on.as_ref().is_some_and(|d| d.earliest() <= day);
        !turned_full && self.class.as_ref().is_some_and(|c| c.code() == PROBATIONARY)
    }
}
