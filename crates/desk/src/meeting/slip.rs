//! 问题 — what people raised at the meeting, and what they raised before and is still open.

use std::collections::HashMap;

use lianhu_ledger::View;
use lianhu_ledger::dates::Date;
use lianhu_ledger::records::matter::Raised;
use lianhu_ledger::records::{Household, HouseholdId, Matter, Meeting, Person};
use serde::Serialize;
use ts_rs::TS;
use uuid::Uuid;

use super::{WhichMeeting, standing};
use crate::desk::Desk;
use crate::problem::Result;

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct MeetingOpinion {
    pub id: Uuid,
    pub text: String,
    pub on: Date,
    pub household: Option<Uuid>,
    pub head: Option<String>,
    pub owner: Option<String>,
    pub due: Option<Date>,
    pub answer: Option<String>,
    pub answered_on: Option<Date>,
    pub closed_on: Option<Date>,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct MeetingOpinions {
    pub own: Vec<MeetingOpinion>,
    /// Of earlier meetings, still open that day.
    pub earlier: Vec<MeetingOpinion>,
}

pub fn opinions(desk: &Desk, ask: WhichMeeting) -> Result<MeetingOpinions> {
    desk.read(|ledger| {
        let view = ledger.view();
        let meeting = standing(view, ask.id)?;
        let raised =
            view.select::<Matter>("raised_at = 'meeting' AND meeting = ?1 ORDER BY id", [ask.id.as_bytes()])?;
        let earlier = still_open(view, &meeting)?;
        let mut heads = HashMap::new();
        let mut told = |m: Matter| opinion(view, &mut heads, m);
        Ok(MeetingOpinions {
            own: raised.into_iter().map(&mut told).collect::<Result<_>>()?,
            earlier: earlier.into_iter().map(&mut told).collect::<Result<_>>()?,
        })
    })
}

fn still_open(view: View<'_>, meeting: &Meeting) -> Result<Vec<Matter>> {
    let before = "raised_at = ?1 AND \"on\" < ?2 AND closed_on IS NULL AND (answered_on IS NULL OR answered_on >= ?2)
                  ORDER BY due IS NULL, due, id LIMIT 200";
    let raised = serde_json::to_value(Raised::Meeting).expect("a name");
    view.select(before, [raised.as_str().unwrap_or_default(), &meeting.on.to_string()])
}

fn opinion(view: View<'_>, heads: &mut HashMap<HouseholdId, Option<String>>, m: Matter) -> Result<MeetingOpinion> {
    let head = match m.household {
        Some(household) if !heads.contains_key(&household) => {
            let name = head_of(view, household)?;
            heads.insert(household, name.clone());
            name
        }
        Some(household) => heads.get(&household).cloned().flatten(),
        None => None,
    };
    Ok(MeetingOpinion {
        id: m.id.0,
        text: m.text,
        on: m.on,
        household: m.household.map(|h| h.0),
        head,
        owner: m.owner,
        due: m.due,
        answer: m.answer,
        answered_on: m.answered_on,
        closed_on: m.closed_on,
    })
}

fn head_of(view: View<'_>, household: HouseholdId) -> Result<Option<String>> {
    let head = view.get::<Household>(household.0)?.and_then(|h| h.head);
    let person = head.map(|p| view.get::<Person>(p.0)).transpose()?.flatten();
    Ok(person.map(|p| p.name))
}
