//! 人 — a person: a member of a household, or a cadre from outside who visits and helps (then without a household).
//! No ID number is normal: newborns, people from 港澳台, foreign spouses. A number that could not be read for certain
//! stays as it was typed, in `as_typed`, and is not a number of this person until someone has looked.

use std::collections::HashMap;

use crate::dates::{Date, PartialDate};
use crate::query::View;
use crate::record::{AsTyped, Coded, Finding, Life, Record, record};
use crate::records::{Education, Ethnic, Health, HelperRole, HouseholdId, Political, Relation, Sex};
use crate::refusal::{Code, Refusal, Result};
use crate::resident_id::ResidentId;

record! { Person(PersonId) in "person" index(household, id_number) {
    name: String,
    household: Option<HouseholdId>,
    relation: Option<Coded<Relation>>,
    sex: Option<Coded<Sex>>,
    ethnic: Option<Coded<Ethnic>>,
    /// 公民身份号码, 18 characters, checked.
    id_number: Option<String>,
    /// The 15-digit number it was upgraded from.
    id_15: Option<String>,
    born: Option<PartialDate>,
    education: Option<Coded<Education>>,
    political: Option<Coded<Political>>,
    health: Option<Coded<Health>>,
    phone: Option<String>,
    /// 常年外出.
    away: Option<bool>,
    away_since: Option<PartialDate>,
    away_where: Option<String>,
    died_on: Option<PartialDate>,
    /// 迁出、嫁出…: from this day no longer of the village.
    left_on: Option<PartialDate>,
    left_why: Option<String>,
    /// 工作单位, for cadres.
    unit: Option<String>,
    /// 类别 of a helping cadre.
    post: Option<Coded<HelperRole>>,
    as_typed: Option<AsTyped>,
} }

impl Life for Person {
    fn check(&self, view: &View<'_>) -> Result<()> {
        let Some(number) = &self.id_number else { return Ok(()) };
        if ResidentId::parse(number, view.today).is_ok_and(|parsed| parsed.id.as_str() == number) {
            return self.not_taken(number, view);
        }
        Err(Refusal::new(Code::BadResidentId).with("name", &self.name).with("typed", number).into())
    }

    /// Two computers may each have entered the same person.
    fn findings(view: &View<'_>) -> Result<Vec<Finding>> {
        let twice = view.select::<Person>(
            "id_number IN (SELECT id_number FROM person WHERE gone IS NULL AND id_number IS NOT NULL GROUP BY id_number HAVING count(*) > 1)",
            [],
        )?;
        Ok(twice.into_iter().map(|p| Finding::new::<Person>(p.id.0, "same_resident_id").with("name", p.name)).collect())
    }
}

impl Person {
    fn not_taken(&self, number: &str, view: &View<'_>) -> Result<()> {
        let others = view.select::<Person>("id_number = ?1 AND id <> ?2", (number, self.id.0.as_bytes()))?;
        match others.first() {
            Some(other) => Err(Refusal::new(Code::Duplicate)
                .with("kind", Person::KIND)
                .with("what", &other.name)
                .with("id", other.id.0)
                .into()),
            None => Ok(()),
        }
    }

    /// On the village's roll that day: of a household here, alive and not moved away.
    pub fn on_roll(&self, day: Date) -> bool {
        let gone_by = |date: &Option<PartialDate>| date.as_ref().is_some_and(|d| d.earliest() <= day);
        self.household.is_some() && !gone_by(&self.died_on) && !gone_by(&self.left_on)
    }
}

/// A person of the roll, as far as counting needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OnRoll {
    pub person: PersonId,
    pub household: HouseholdId,
}

impl View<'_> {
    /// 在册: who is of a household here, alive and not moved away on that day. Dates known in part count from their
    /// first possible day; text order is date order for them.
    pub fn roll(&self, day: Date) -> Result<Vec<OnRoll>> {
        let sql = "SELECT id, household FROM person WHERE gone IS NULL AND household IS NOT NULL AND name IS NOT NULL
                   AND (died_on IS NULL OR died_on > ?1) AND (left_on IS NULL OR left_on > ?1) ORDER BY id";
        let pairs = self.id_pairs(sql, [day.to_string()])?;
        Ok(pairs.into_iter().map(|(p, h)| OnRoll { person: PersonId(p), household: HouseholdId(h) }).collect())
    }

    /// What everyone is called.
    pub fn names(&self) -> Result<HashMap<PersonId, String>> {
        let named = self.id_texts("SELECT id, name FROM person WHERE gone IS NULL", [])?;
        Ok(named.into_iter().map(|(id, name)| (PersonId(id), name)).collect())
    }

    /// Everybody of a household, those who died or left included, in the order in which they were entered.
    pub fn people_of(&self, household: HouseholdId) -> Result<Vec<Person>> {
        self.select("household = ?1 ORDER BY id", [household.0.as_bytes()])
    }

    pub fn people_named(&self, name: &str) -> Result<Vec<Person>> {
        self.select("name = ?1 ORDER BY id", [name])
    }

    /// Whoever has that number, 18 characters.
    pub fn person_numbered(&self, id_number: &str) -> Result<Option<Person>> {
        Ok(self.select::<Person>("id_number = ?1 ORDER BY id", [id_number])?.into_iter().next())
    }
}
