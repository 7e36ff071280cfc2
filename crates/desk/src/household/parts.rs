//! 换户主, 分户 — who heads a household, and part of one becoming a household of its own.

use std::collections::BTreeSet;

use lianhu_ledger::records::{Household, Person, PersonId};
use lianhu_ledger::{Code, Draft, Refusal};
use serde::Deserialize;
use serde_json::{Value as Json, json};
use ts_rs::TS;
use uuid::Uuid;

use super::new::{HEAD, set};
use crate::desk::{Desk, Done};
use crate::problem::Result;

#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ChangeHead {
    pub household: Uuid,
    pub head: Uuid,
    /// What the former head is to the new one.
    #[serde(default)]
    #[ts(optional)]
    pub former: Option<String>,
}

pub fn change_head(desk: &Desk, ask: ChangeHead) -> Result<Done<Uuid>> {
    desk.edit("household_head", |draft| {
        let household = standing(draft, ask.household)?;
        put_head(draft, &household, ask.head)?;
        if let Some(former) = household.head.filter(|former| former.0 != ask.head) {
            set(draft, "person", former.0, [("relation", ask.former.map_or(Json::Null, Json::from))])?;
        }
        Ok(ask.household)
    })
}

/// Whoever else is there was described by what they were to the former head. That is no longer known, unless husband
/// or wife follows: their children and grandchildren are the same.
pub(crate) fn put_head(draft: &mut Draft<'_>, household: &Household, head: Uuid) -> Result<()> {
    if household.head == Some(PersonId(head)) {
        return Ok(());
    }
    let people = draft.view().people_of(household.id)?;
    let relation = |person: &Person| person.relation.as_ref().map(|r| r.code().to_owned()).unwrap_or_default();
    let spouse_follows = people.iter().any(|person| person.id.0 == head && relation(person).starts_with('1'));
    for person in people.iter().filter(|person| person.id.0 != head && Some(person.id) != household.head) {
        let holds = spouse_follows && relation(person).starts_with(['2', '3', '4']);
        if !holds && person.relation.is_some() && person.on_roll(draft.today()) {
            set(draft, "person", person.id.0, [("relation", Json::Null)])?;
        }
    }
    set(draft, "person", head, [("relation", json!(HEAD))])?;
    set(draft, "household", household.id.0, [("head", json!(head))])
}

#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SplitHousehold {
    pub household: Uuid,
    /// Who goes.
    pub people: BTreeSet<Uuid>,
    /// Who heads the new household: one of them.
    pub head: Uuid,
    /// Who heads the one that stays, when its head goes.
    #[serde(default)]
    #[ts(optional)]
    pub left_head: Option<Uuid>,
    #[serde(default)]
    #[ts(optional)]
    pub number: Option<u32>,
    #[serde(default)]
    #[ts(optional)]
    pub group: Option<Uuid>,
    #[serde(default)]
    #[ts(optional)]
    pub address: Option<String>,
}

pub fn split(desk: &Desk, ask: SplitHousehold) -> Result<Done<Uuid>> {
    desk.edit("household_split", |draft| {
        let from = standing(draft, ask.household)?;
        if !ask.people.contains(&ask.head) {
            return Err(no_head().into());
        }
        let fields = [
            ("split_from", json!(from.id)),
            ("group", json!(ask.group.or(from.group.map(|g| g.0)))),
            ("number", json!(ask.number)),
            ("address", json!(ask.address)),
            ("head", json!(ask.head)),
        ];
        let fresh = draft.create("household", fields.into_iter().map(|(k, v)| (k.to_owned(), v)).collect())?;
        leave_with_a_head(draft, &from, &ask.people, ask.left_head)?;
        for person in &ask.people {
            let relation = if *person == ask.head { json!(HEAD) } else { Json::Null };
            set(draft, "person", *person, [("household", json!(fresh)), ("relation", relation)])?;
        }
        Ok(fresh)
    })
}

/// When its head goes, a household that goes on needs another.
pub(crate) fn leave_with_a_head(
    draft: &mut Draft<'_>,
    from: &Household,
    going: &BTreeSet<Uuid>,
    left_head: Option<Uuid>,
) -> Result<()> {
    let today = draft.today();
    let here = draft.view().people_of(from.id)?;
    if let Some(stranger) = going.iter().find(|id| !here.iter().any(|person| person.id.0 == **id)) {
        return Err(Refusal::new(Code::NoSuchRecord).with("kind", "person").with("id", stranger).into());
    }
    let somebody_stays = here.iter().any(|person| person.on_roll(today) && !going.contains(&person.id.0));
    if !somebody_stays {
        return Err(no_head().into());
    }
    if !from.head.is_some_and(|head| going.contains(&head.0)) {
        return Ok(());
    }
    let stays = |id: &Uuid| !going.contains(id) && here.iter().any(|person| person.id.0 == *id);
    let head = left_head.filter(stays).ok_or_else(no_head)?;
    put_head(draft, from, head)
}

fn no_head() -> Refusal {
    Refusal::new(Code::Missing).with("kind", "household").with("field", "head")
}

/// A household that has neither ended nor been voided.
pub(crate) fn standing(draft: &Draft<'_>, id: Uuid) -> Result<Household> {
    let household = draft.get::<Household>(id)?.filter(|h| h.gone.is_none() && h.ended_on.is_none());
    let missing = || Refusal::new(Code::NoSuchTarget).with("kind", "household").with("field", "household");
    Ok(household.ok_or_else(|| missing().with("target", "household").with("id", id))?)
}
