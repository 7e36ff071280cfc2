//! 党员 — a member of the branch; who they are is the person's business, this is their standing in the Party.

use std::collections::BTreeSet;

use chrono::Months;

use crate::dates::{Date, PartialDate};
use crate::query::View;
use crate::record::{AsTyped, Coded, Finding, Life, Record, record};
use crate::records::{MemberEvent, OrgUnit, PersonId, Political};
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
    /// How they left the roll: 转出, 除名, 开除党籍, 去世; unknown is taken as 转出.
    left_how: Option<Coded<MemberEvent>>,
    /// 停止党籍: from this day not counted until it is restored.
    suspended_on: Option<Date>,
    /// 延长后的预备期满日.
    probation_until: Option<Date>,
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
        let gone = [self.left_on, self.suspended_on].into_iter().flatten().any(|d| d <= day);
        begun && self.came_on.is_none_or(|d| d <= day) && !gone
    }

    /// 转出: the membership went on elsewhere.
    pub fn was_transferred(&self) -> bool {
        self.left_on.is_some() && self.left_how.as_ref().is_none_or(|how| how.code() == "left")
    }

    /// 预备期满: a year (or what the rule table says) after joining, later where it was extended.
    pub fn probation_ends(&self, months: Months) -> Option<Date> {
        let joined = self.joined_on.as_ref().and_then(PartialDate::date);
        self.probation_until.or_else(|| joined?.checked_add_months(months))
    }

    pub fn is_probationary_on(&self, day: Date) -> bool {
        let turned_full = self.full_on.as_ref().is_some_and(|d| d.earliest() <= day);
        !turned_full && self.class.as_ref().is_some_and(|c| c.code() == PROBATIONARY)
    }
}

impl View<'_> {
    /// 党小组 of that day: those of the tree, and those the roll names.
    pub fn cells(&self, day: Date) -> Result<Vec<String>> {
        let units = self.all::<OrgUnit>()?.into_iter();
        let units = units.filter(|u| u.unit_kind.code() == "cell" && u.stands_on(day)).map(|u| u.name);
        let named = self.all::<PartyMember>()?.into_iter().filter(|m| m.stands_on(day)).filter_map(|m| m.cell);
        let mut cells: Vec<String> = units.chain(named).collect::<BTreeSet<_>>().into_iter().collect();
        cells.sort_by_key(|name| by_number(name));
        Ok(cells)
    }
}

/// 第二党小组 stands before 第三: by the numeral in the name, then as written.
pub fn by_number(name: &str) -> (usize, String) {
    const NUMERALS: &str = "一二三四五六七八九十";
    let chinese = |c: char| NUMERALS.chars().position(|n| n == c).map(|at| at + 1);
    let number = name.chars().find_map(|c| chinese(c).or_else(|| c.to_digit(10).map(|d| d as usize)));
    (number.unwrap_or(usize::MAX), name.to_owned())
}
