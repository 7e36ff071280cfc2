//! 去世、迁出、调到另一户 — a person leaves by a dated event; nobody is deleted.

use std::collections::BTreeSet;

use lianhu_ledger::dates::Date;
use lianhu_ledger::records::{Household, Person};
use lianhu_ledger::{Code, Draft, Refusal};
use serde::Deserialize;
use serde_json::{Value as Json, json};
use ts_rs::TS;
use uuid::Uuid;

use crate::desk::{Desk, Done};
use crate::household::{leave_with_a_head, not_ahead, put_head, set, standing};
use crate::problem::Result;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Leaving {
    Died,
    /// 迁出、嫁出; a cadre's post here has ended.
    Left,
}

#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct LeavePerson {
    pub person: Uuid,
    pub how: Leaving,
    pub on: Date,
    #[serde(default)]
    #[ts(optional)]
    pub why: Option<String>,
    /// Who heads the household from now on, when its head leaves; it may stay open for a while.
    #[serde(default)]
    #[ts(optional)]
    pub new_head: Option<Uuid>,
}

pub fn leave(desk: &Desk, ask: LeavePerson) -> Result<Done<Uuid>> {
    desk.edit("person_leave", |draft| {
        not_ahead(draft, ask.on)?;
        let person = whole(draft, ask.person)?;
        let household = person.household.map(|id| draft.get::<Household>(id.0)).transpose()?.flatten();
        if let (Some(household), Some(head)) = (household, ask.new_head) {
            put_head(draft, &household, head)?;
            if household.head == Some(person.id) && household.head.map(|h| h.0) != ask.new_head {
                set(draft, "person", ask.person, [("relation", Json::Null)])?;
            }
        }
        match ask.how {
            Leaving::Died => {
                set(draft, "person", ask.person, [("died_on", json!(ask.on))])?;
                crate::member::died(draft, ask.person, ask.on)?;
            }
            Leaving::Left => {
                set(draft, "person", ask.person, [("left_on", json!(ask.on)), ("left_why", json!(ask.why))])?;
            }
        }
        Ok(ask.person)
    })
}

#[derive(Clone, Copy, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ReturnPerson {
    pub person: Uuid,
}

/// 迁回, or entered by mistake.
pub fn returned(desk: &Desk, ask: ReturnPerson) -> Result<Done<Uuid>> {
    desk.edit("person_return", |draft| {
        whole(draft, ask.person)?;
        let names = ["died_on", "left_on", "left_why"];
        set(draft, "person", ask.person, names.map(|name| (name, Json::Null)))?;
        Ok(ask.person)
    })
}

#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct MovePerson {
    pub person: Uuid,
    pub into: Uuid,
    /// What they are to the head there.
    #[serde(default)]
    #[ts(optional)]
    pub relation: Option<String>,
    /// Who heads the household they leave, when they head it.
    #[serde(default)]
    #[ts(optional)]
    pub left_head: Option<Uuid>,
}

pub fn move_to(desk: &Desk, ask: MovePerson) -> Result<Done<Uuid>> {
    desk.edit("person_move", |draft| {
        let person = whole(draft, ask.person)?;
        let into = standing(draft, ask.into)?;
        if person.household == Some(into.id) {
            return Err(Refusal::new(Code::NothingToDo).into());
        }
        if let Some(from) = person.household.map(|id| draft.get::<Household>(id.0)).transpose()?.flatten() {
            leave_with_a_head(draft, &from, &BTreeSet::from([ask.person]), ask.left_head)?;
        }
        let relation = ask.relation.map_or(Json::Null, Json::from);
        set(draft, "person", ask.person, [("household", json!(into.id)), ("relation", relation)])?;
        Ok(ask.person)
    })
}

fn whole(draft: &Draft<'_>, id: Uuid) -> Result<Person> {
    let missing = || Refusal::new(Code::NoSuchRecord).with("kind", "person").with("id", id);
    Ok(draft.get::<Person>(id)?.filter(|person| person.gone.is_none()).ok_or_else(missing)?)
}
