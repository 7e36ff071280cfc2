//! 并户, 销户, 恢复 — a household ends: merged into another, moved away, or died out. Its past stays; whoever looked
//! after it, and what it was classed as, ends with it in the same step.

use lianhu_ledger::dates::Date;
use lianhu_ledger::records::{Household, HouseholdId};
use lianhu_ledger::{Code, Draft, Refusal};
use serde::Deserialize;
use serde_json::{Value as Json, json};
use ts_rs::TS;
use uuid::Uuid;

use super::new::set;
use super::parts::standing;
use crate::desk::{Desk, Done};
use crate::problem::Result;

#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct MergeHouseholds {
    pub household: Uuid,
    pub into: Uuid,
    pub on: Date,
    /// Whose household went into whose, in words: the one that has ended has no head any more to be called by.
    pub why: String,
}

/// All who are on the roll move over; those who died or left before stay with the household they were of.
pub fn merge(desk: &Desk, ask: MergeHouseholds) -> Result<Done<Uuid>> {
    desk.edit("household_merge", |draft| {
        not_ahead(draft, ask.on)?;
        let from = standing(draft, ask.household)?;
        let into = standing(draft, ask.into)?;
        if from.id == into.id {
            return Err(Refusal::new(Code::NothingToDo).into());
        }
        let today = draft.today();
        for person in draft.view().people_of(from.id)?.into_iter().filter(|person| person.on_roll(today)) {
            let fields = [("household", json!(into.id)), ("relation", Json::Null)];
            set(draft, "person", person.id.0, fields)?;
        }
        release(draft, from.id, ask.on, &ask.why)?;
        let ended = [("merged_into", json!(into.id)), ("ended_on", json!(ask.on)), ("ended_why", json!(ask.why))];
        set(draft, "household", from.id.0, ended)?;
        set(draft, "household", from.id.0, [("head", kept_head(draft, &from)?)])?;
        Ok(into.id.0)
    })
}

/// A head who moves over no longer heads the household that has ended.
fn kept_head(draft: &Draft<'_>, from: &Household) -> Result<Json> {
    let Some(head) = from.head else { return Ok(Json::Null) };
    let person = draft.get::<lianhu_ledger::records::Person>(head.0)?;
    Ok(if person.is_some_and(|p| p.household == Some(from.id)) { json!(head) } else { Json::Null })
}

#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct EndHousehold {
    pub household: Uuid,
    pub on: Date,
    pub why: String,
    #[serde(default)]
    #[ts(optional)]
    pub moved_to: Option<String>,
}

/// Whoever is still on the roll leaves the village with it.
pub fn end(desk: &Desk, ask: EndHousehold) -> Result<Done<Uuid>> {
    desk.edit("household_end", |draft| {
        not_ahead(draft, ask.on)?;
        if ask.why.trim().is_empty() {
            return Err(Refusal::new(Code::ReasonMissing).into());
        }
        let household = standing(draft, ask.household)?;
        let today = draft.today();
        for person in draft.view().people_of(household.id)?.into_iter().filter(|person| person.on_roll(today)) {
            set(draft, "person", person.id.0, [("left_on", json!(ask.on)), ("left_why", json!(ask.why))])?;
        }
        release(draft, household.id, ask.on, &ask.why)?;
        let ended = [("ended_on", json!(ask.on)), ("ended_why", json!(ask.why)), ("moved_to", json!(ask.moved_to))];
        set(draft, "household", household.id.0, ended)?;
        Ok(household.id.0)
    })
}

/// Ends what holds of the household. What was to begin only later never began: it ends on the day of its beginning.
fn release(draft: &mut Draft<'_>, household: HouseholdId, on: Date, why: &str) -> Result<()> {
    let view = draft.view();
    for pairing in view.pairings_of(household)?.into_iter().filter(|p| p.until.is_none()) {
        let until = pairing.from.map_or(on, |from| from.earliest().max(on));
        set(draft, "pairing", pairing.id.0, [("until", json!(until)), ("ended_why", json!(why))])?;
    }
    for class in view.classes_of(household)?.into_iter().filter(|c| c.until.is_none()) {
        let until = class.from.map_or(on, |from| from.earliest().max(on));
        set(draft, "household_class", class.id.0, [("until", json!(until))])?;
    }
    Ok(())
}

pub(crate) fn not_ahead(draft: &Draft<'_>, on: Date) -> Result<()> {
    if on > draft.today() { Err(Refusal::new(Code::FutureDate).with("on", on).into()) } else { Ok(()) }
}

#[derive(Clone, Copy, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ReopenHousehold {
    pub household: Uuid,
}

/// The household goes on; whoever left with it is back. Pairings and classes are begun anew where they should be.
pub fn reopen(desk: &Desk, ask: ReopenHousehold) -> Result<Done<Uuid>> {
    desk.edit("household_reopen", |draft| {
        let missing = || Refusal::new(Code::NoSuchRecord).with("kind", "household").with("id", ask.household);
        let household: Household = draft.get(ask.household)?.ok_or_else(missing)?;
        let Some(ended) = household.ended_on else { return Err(Refusal::new(Code::NothingToDo).into()) };
        let went_with_it = |left: &lianhu_ledger::dates::PartialDate| left.date() == Some(ended);
        for person in draft.view().people_of(household.id)? {
            if person.left_on.as_ref().is_some_and(went_with_it) && person.left_why == household.ended_why {
                set(draft, "person", person.id.0, [("left_on", Json::Null), ("left_why", Json::Null)])?;
            }
        }
        let names = ["ended_on", "ended_why", "moved_to", "merged_into"];
        set(draft, "household", ask.household, names.map(|name| (name, Json::Null)))?;
        Ok(ask.household)
    })
}

#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct VoidHousehold {
    pub household: Uuid,
    pub reason: String,
}

/// 作废: a household that was entered by mistake, with its people. One that has lived through something is ended instead.
pub fn void(desk: &Desk, ask: VoidHousehold) -> Result<Done<Uuid>> {
    desk.edit("household_void", |draft| {
        let (view, id) = (draft.view(), HouseholdId(ask.household));
        let past = [view.visits_of(id)?.len(), view.matters_of(id)?.len(), view.ratings_of(id)?.len()];
        if past.iter().any(|records| *records > 0) {
            return Err(Refusal::new(Code::HasPast).into());
        }
        for pairing in view.pairings_of(id)? {
            draft.void("pairing", pairing.id.0, &ask.reason)?;
        }
        for class in view.classes_of(id)? {
            draft.void("household_class", class.id.0, &ask.reason)?;
        }
        for person in view.people_of(id)? {
            draft.void("person", person.id.0, &ask.reason)?;
        }
        draft.void("household", ask.household, &ask.reason)?;
        Ok(ask.household)
    })
}

#[derive(Clone, Copy, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct RestoreHousehold {
    pub household: Uuid,
}

/// Takes a 作废 back, with all that was voided in the same breath.
pub fn restore(desk: &Desk, ask: RestoreHousehold) -> Result<Done<Uuid>> {
    desk.edit("restore", |draft| {
        let view = draft.view();
        let gone = view.get::<Household>(ask.household)?.and_then(|household| household.gone);
        let Some(gone) = gone else { return Err(Refusal::new(Code::NothingToDo).into()) };
        draft.restore("household", ask.household)?;
        for kind in ["person", "pairing", "household_class"] {
            for record in view.voided(kind)? {
                let text = |field: &str| record.get(field).and_then(Json::as_str);
                let of_it = text("household") == Some(ask.household.to_string().as_str());
                let why = record.get("gone").and_then(|gone| gone.get("reason")).and_then(Json::as_str);
                let id = text("id").and_then(|id| id.parse().ok());
                if let Some(id) = id.filter(|_| of_it && why == Some(gone.reason.as_str())) {
                    draft.restore(kind, id)?;
                }
            }
        }
        Ok(ask.household)
    })
}
