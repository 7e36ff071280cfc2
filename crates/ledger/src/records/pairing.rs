//! 结对 — who looks after which household, from when until when: 结对帮扶 (aid), 党员联系户 (link), 3+X 帮带 (team).
//! Many to many. A change of hands ends one pairing and begins another; none is ever overwritten.

use serde::{Deserialize, Serialize};

use crate::dates::{Date, PartialDate};
use crate::query::View;
use crate::record::{Cell, Coded, Finding, Life, record};
use crate::records::{HelperRole, HouseholdId, PersonId};
use crate::refusal::{Code, Refusal, Result};
use crate::value::{Shape, Value};

/// What kind of pairing it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Bond {
    /// 结对帮扶.
    Aid,
    /// 党员联系户.
    Link,
    /// 3+X 帮带.
    Team,
}

impl Cell for Bond {
    const SHAPE: Shape = Shape::Text;
    fn read(value: &Value) -> Option<Self> {
        match value.as_text()? {
            "aid" => Some(Bond::Aid),
            "link" => Some(Bond::Link),
            "team" => Some(Bond::Team),
            _ => None,
        }
    }
    fn write(&self) -> Value {
        Value::text(match self {
            Bond::Aid => "aid",
            Bond::Link => "link",
            Bond::Team => "team",
        })
    }
    fn admit(value: Value) -> Option<Value> {
        let code = match value.as_text()? {
            "结对帮扶" => "aid",
            "党员联系户" | "党员联户" => "link",
            "3+X" | "3+X帮带" => "team",
            other => other,
        };
        Self::read(&Value::text(code)).map(|bond| bond.write())
    }
}

record! { Pairing(PairingId) in "pairing" index(household, helper) {
    bond: Bond,
    household: HouseholdId,
    /// 责任人.
    helper: PersonId,
    role: Option<Coded<HelperRole>>,
    from: Option<PartialDate>,
    until: Option<Date>,
    ended_why: Option<String>,
    /// Pairings of one 3+X team share this word.
    team: Option<String>,
    /// 帮扶措施.
    measures: Option<String>,
} }

impl Life for Pairing {
    fn check(&self, view: &View<'_>) -> Result<()> {
        if let (Some(from), Some(until)) = (&self.from, self.until)
            && from.earliest() > until
        {
            return Err(Refusal::new(Code::DatesReversed).with("from", from).with("until", until).into());
        }
        match self.twins(view)?.first() {
            Some(twin) if self.until.is_none() => Err(Refusal::new(Code::Duplicate)
                .with("kind", "pairing")
                .with("what", "household + helper")
                .with("id", twin.id.0)
                .into()),
            _ => Ok(()),
        }
    }

    fn findings(view: &View<'_>) -> Result<Vec<Finding>> {
        let twice = view.select::<Pairing>(
            "until IS NULL AND EXISTS (SELECT 1 FROM pairing b WHERE b.gone IS NULL AND b.until IS NULL AND b.id <> pairing.id
             AND b.bond = pairing.bond AND b.household = pairing.household AND b.helper = pairing.helper)", [])?;
        Ok(twice.into_iter().map(|p| Finding::new::<Pairing>(p.id.0, "paired_twice")).collect())
    }
}

impl Pairing {
    fn twins(&self, view: &View<'_>) -> Result<Vec<Pairing>> {
        view.select(
            "bond = ?1 AND household = ?2 AND helper = ?3 AND until IS NULL AND id <> ?4",
            (
                self.bond.write().as_text().unwrap_or_default(),
                self.household.0.as_bytes(),
                self.helper.0.as_bytes(),
                self.id.0.as_bytes(),
            ),
        )
    }

    pub fn holds_on(&self, day: Date) -> bool {
        let begun = self.from.as_ref().is_none_or(|from| from.earliest() <= day);
        begun && self.until.is_none_or(|until| until > day)
    }
}

impl View<'_> {
    /// Pairings of a kind that held on a day, in the order in which they were entered.
    pub fn pairings(&self, bond: Bond, day: Date) -> Result<Vec<Pairing>> {
        let all = self.select::<Pairing>("bond = ?1 ORDER BY id", [bond.write().as_text().unwrap_or_default()])?;
        Ok(all.into_iter().filter(|p| p.holds_on(day)).collect())
    }

    /// All pairings of a person who helps, those that have ended included.
    pub fn pairings_with(&self, helper: PersonId) -> Result<Vec<Pairing>> {
        self.select("helper = ?1 ORDER BY id", [helper.0.as_bytes()])
    }

    /// All pairings of a household, those that have ended included.
    pub fn pairings_of(&self, household: HouseholdId) -> Result<Vec<Pairing>> {
        self.select("household = ?1 ORDER BY id", [household.0.as_bytes()])
    }
}
