//! 组织 — a unit of the branch's tree: 党总支, 支部, 党小组, 网格. The villagers' groups (村民小组) are records of their own;
//! a unit says which of them it covers. A unit that was dissolved ends on a day, it is never deleted.
//!
//! A 党小组 is known by its name: the members' roll (党员花名册) names it, and the roll is there before the tree is.

use crate::dates::Date;
use crate::query::View;
use crate::record::{Coded, Finding, Life, Record, record};
use crate::records::UnitKind;
use crate::records::meeting::Groups;
use crate::refusal::{Code, Refusal, Result, in_order};

record! { OrgUnit(OrgUnitId) in "org_unit" {
    name: String,
    unit_kind: Coded<UnitKind>,
    /// 上级组织 within this ledger.
    parent: Option<OrgUnitId>,
    /// 成立、撤销.
    from: Option<Date>,
    until: Option<Date>,
    /// 覆盖的村民小组.
    groups: Option<Groups>,
} }

/// Deeper than any tree there is: a chain this long goes round.
const DEEPEST: usize = 8;

impl Life for OrgUnit {
    fn check(&self, view: &View<'_>) -> Result<()> {
        in_order(self.from, self.until)?;
        if self.goes_round(view)? {
            return Err(Refusal::new(Code::InItself).with("name", &self.name).into());
        }
        let same = view.select::<OrgUnit>(
            "name = ?1 AND unit_kind = ?2 AND until IS NULL AND id <> ?3",
            (&self.name, self.unit_kind.code(), self.id.0.as_bytes()),
        )?;
        match same.first().filter(|_| self.until.is_none()) {
            Some(other) => Err(Refusal::new(Code::Duplicate)
                .with("kind", OrgUnit::KIND)
                .with("what", &self.name)
                .with("id", other.id.0)
                .into()),
            None => Ok(()),
        }
    }

    /// Two computers may each have put one unit under the other.
    fn findings(view: &View<'_>) -> Result<Vec<Finding>> {
        let mut found = Vec::new();
        for unit in view.all::<OrgUnit>()? {
            if unit.goes_round(view)? {
                found.push(Finding::new::<OrgUnit>(unit.id.0, "unit_in_itself").with("name", &unit.name));
            }
        }
        Ok(found)
    }
}

impl OrgUnit {
    pub fn stands_on(&self, day: Date) -> bool {
        self.from.is_none_or(|d| d <= day) && self.until.is_none_or(|d| d > day)
    }

    fn goes_round(&self, view: &View<'_>) -> Result<bool> {
        let mut above = self.parent;
        for _ in 0..DEEPEST {
            match above {
                None => return Ok(false),
                Some(id) if id == self.id => return Ok(true),
                Some(id) => above = view.get::<OrgUnit>(id.0)?.and_then(|unit| unit.parent),
            }
        }
        Ok(true)
    }
}
