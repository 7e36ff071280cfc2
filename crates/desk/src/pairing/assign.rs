//! 派人, 换人接手 — many households at once. Each evening's work is one step that can be taken back whole.

use std::collections::HashSet;

use lianhu_ledger::dates::Date;
use lianhu_ledger::records::pairing::Bond;
use lianhu_ledger::records::{HouseholdId, Pairing, Person, PersonId};
use lianhu_ledger::{Cell, Code, Draft, Refusal};
use serde::{Deserialize, Serialize};
use serde_json::json;
use ts_rs::TS;
use uuid::Uuid;

use crate::desk::{Desk, Done};
use crate::household::{not_ahead, set};
use crate::problem::Result;

#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct AssignPairings {
    #[ts(type = "'aid' | 'link' | 'team'")]
    pub bond: Bond,
    pub households: Vec<Uuid>,
    pub helper: Uuid,
    pub from: Date,
    /// The word that pairings of one 3+X team share.
    #[serde(default)]
    #[ts(optional)]
    pub team: Option<String>,
}

/// How many pairings were begun; a household that this person looks after already is left as it is.
pub fn assign(desk: &Desk, ask: AssignPairings) -> Result<Done<usize>> {
    desk.edit("pairing_assign", |draft| {
        not_ahead(draft, ask.from)?;
        if ask.households.is_empty() {
            return Err(Refusal::new(Code::NothingToDo).into());
        }
        let mut hands = Hands::of(draft, PersonId(ask.helper))?;
        let mut begun = 0;
        for household in &ask.households {
            let new =
                New { bond: ask.bond, household: HouseholdId(*household), from: ask.from, team: ask.team.clone() };
            begun += usize::from(hands.take(draft, new)?);
        }
        Ok(begun)
    })
}

#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Reassign {
    pub pairings: Vec<Uuid>,
    /// Who takes over; nobody yet when none is named.
    #[serde(default)]
    #[ts(optional)]
    pub helper: Option<Uuid>,
    pub on: Date,
    pub why: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
pub struct Reassigned {
    pub ended: usize,
    pub begun: usize,
}

/// A cadre leaves: what was is ended with its day and reason and stays in the ledger, what follows begins that day.
pub fn reassign(desk: &Desk, ask: Reassign) -> Result<Done<Reassigned>> {
    desk.edit("pairing_reassign", |draft| {
        not_ahead(draft, ask.on)?;
        if ask.why.trim().is_empty() {
            return Err(Refusal::new(Code::ReasonMissing).into());
        }
        if ask.pairings.is_empty() {
            return Err(Refusal::new(Code::NothingToDo).into());
        }
        let mut hands = ask.helper.map(|helper| Hands::of(draft, PersonId(helper))).transpose()?;
        let mut begun = 0;
        for id in &ask.pairings {
            let old = standing(draft, *id)?;
            if ask.helper == Some(old.helper.0) {
                return Err(Refusal::new(Code::NothingToDo).into());
            }
            set(draft, "pairing", *id, [("until", json!(ask.on)), ("ended_why", json!(ask.why.trim()))])?;
            let new = New { bond: old.bond, household: old.household, from: ask.on, team: old.team };
            begun += usize::from(hands.as_mut().map_or(Ok(false), |hands| hands.take(draft, new))?);
        }
        Ok(Reassigned { ended: ask.pairings.len(), begun })
    })
}

/// A pairing that has not ended yet.
fn standing(draft: &Draft<'_>, id: Uuid) -> Result<Pairing> {
    let missing = || Refusal::new(Code::NoSuchRecord).with("kind", "pairing").with("id", id);
    let found = draft.get::<Pairing>(id)?.filter(|p| p.gone.is_none() && p.until.is_none());
    Ok(found.ok_or_else(missing)?)
}

/// Whoever takes households on, and those this person has.
struct Hands {
    helper: PersonId,
    role: Option<String>,
    has: HashSet<(Bond, HouseholdId)>,
}

struct New {
    bond: Bond,
    household: HouseholdId,
    from: Date,
    team: Option<String>,
}

impl Hands {
    fn of(draft: &Draft<'_>, helper: PersonId) -> Result<Hands> {
        let own = draft.view().pairings_with(helper)?.into_iter().filter(|p| p.until.is_none());
        let post = draft.get::<Person>(helper.0)?.and_then(|person| person.post);
        Ok(Hands {
            helper,
            role: post.map(|post| post.code().to_owned()),
            has: own.map(|p| (p.bond, p.household)).collect(),
        })
    }

    /// Whether a pairing was begun.
    fn take(&mut self, draft: &mut Draft<'_>, new: New) -> Result<bool> {
        if !self.has.insert((new.bond, new.household)) {
            return Ok(false);
        }
        let fields = [
            ("bond", new.bond.write().to_json()),
            ("household", json!(new.household)),
            ("helper", json!(self.helper)),
            ("role", json!(self.role)),
            ("from", json!(new.from)),
            ("team", json!(new.team)),
        ];
        draft.create("pairing", fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())?;
        Ok(true)
    }
}
