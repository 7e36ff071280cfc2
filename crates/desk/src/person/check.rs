//! 填写时的核对 — while a person is being typed in: is the ID number one, whose is it, who has the same name.

use std::collections::HashMap;

use lianhu_ledger::View;
use lianhu_ledger::dates::Date;
use lianhu_ledger::records::{Group, Household, HouseholdId, Person};
use lianhu_ledger::resident_id::{IdProblem, ResidentId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

use crate::desk::Desk;
use crate::problem::Result;

#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct CheckPerson {
    pub name: String,
    pub id_number: String,
    /// The person being changed, who is no namesake of their own.
    #[serde(default)]
    #[ts(optional)]
    pub but: Option<Uuid>,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct PersonCheck {
    /// None while nothing is typed.
    pub id: Option<IdCheck>,
    pub namesakes: Vec<Namesake>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, TS)]
pub struct IdCheck {
    /// What is wrong with it: `length`, `character`, `rounded`, `date`, `not_yet_born`, `too_old`, `checksum`.
    pub problem: Option<&'static str>,
    pub born: Option<Date>,
    pub sex: Option<&'static str>,
    /// Who has this number already.
    pub taken_by: Option<Namesake>,
}

/// Enough to tell two of the same name apart.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct Namesake {
    pub id: Uuid,
    pub name: String,
    pub household: Option<Uuid>,
    pub head: Option<String>,
    pub group: Option<String>,
    pub born: Option<String>,
    pub unit: Option<String>,
}

pub fn check(desk: &Desk, ask: CheckPerson) -> Result<PersonCheck> {
    desk.read(|ledger| {
        let view = ledger.view();
        let others = |people: Vec<Person>| people.into_iter().filter(|p| ask.but != Some(p.id.0)).collect::<Vec<_>>();
        let namesakes = others(view.people_named(ask.name.trim())?);
        let typed = ask.id_number.trim();
        let id = if typed.is_empty() { None } else { Some(check_number(view, typed, &others)?) };
        Ok(PersonCheck { id, namesakes: told(view, namesakes)? })
    })
}

fn check_number(view: View<'_>, typed: &str, others: &impl Fn(Vec<Person>) -> Vec<Person>) -> Result<IdCheck> {
    match ResidentId::parse(typed, view.today) {
        Ok(parsed) => {
            let taken = others(view.person_numbered(parsed.id.as_str())?.into_iter().collect());
            Ok(IdCheck {
                problem: None,
                born: Some(parsed.born),
                sex: Some(parsed.sex.code()),
                taken_by: told(view, taken)?.into_iter().next(),
            })
        }
        Err(problem) => Ok(IdCheck { problem: Some(name_of(&problem)), ..IdCheck::default() }),
    }
}

pub(super) fn name_of(problem: &IdProblem) -> &'static str {
    match problem {
        IdProblem::Empty => "empty",
        IdProblem::Length { .. } => "length",
        IdProblem::Character { .. } => "character",
        IdProblem::Rounded { .. } => "rounded",
        IdProblem::Date { .. } => "date",
        IdProblem::NotYetBorn { .. } => "not_yet_born",
        IdProblem::TooOld { .. } => "too_old",
        IdProblem::Checksum { .. } => "checksum",
    }
}

fn told(view: View<'_>, people: Vec<Person>) -> Result<Vec<Namesake>> {
    let mut homes: HashMap<HouseholdId, (Option<String>, Option<String>)> = HashMap::new();
    for id in people.iter().filter_map(|person| person.household) {
        let Some(household) = view.get::<Household>(id.0)? else { continue };
        let head = household.head.map(|head| view.get::<Person>(head.0)).transpose()?.flatten();
        let group = household.group.map(|group| view.get::<Group>(group.0)).transpose()?.flatten();
        homes.insert(id, (head.map(|head| head.name), group.map(|group| group.name)));
    }
    let namesake = |person: Person| {
        let (head, group) = person.household.and_then(|id| homes.get(&id).cloned()).unwrap_or_default();
        Namesake {
            id: person.id.0,
            name: person.name,
            household: person.household.map(|household| household.0),
            head,
            group,
            born: person.born.map(String::from),
            unit: person.unit,
        }
    };
    Ok(people.into_iter().map(namesake).collect())
}
