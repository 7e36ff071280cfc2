//! 户 — one household: who lives there, who looks after it, what has been done with it.

use std::collections::HashMap;

use lianhu_ledger::dates::Date;
use lianhu_ledger::records::matter::Raised;
use lianhu_ledger::records::pairing::Bond;
use lianhu_ledger::records::{
    Group, Household, HouseholdClass, HouseholdId, Matter, Pairing, PersonId, Rating, StarCycle, StarCycleId, Visit,
};
use lianhu_ledger::{Code, Ledger, Refusal, View};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

use crate::desk::Desk;
use crate::person::{PersonLine, lines};
use crate::problem::Result;

#[derive(Clone, Copy, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct WhichHousehold {
    pub id: Uuid,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct HouseholdLook {
    pub id: Uuid,
    pub number: Option<u32>,
    pub group: Option<Uuid>,
    pub group_name: Option<String>,
    pub head: Option<Uuid>,
    pub head_name: Option<String>,
    pub address: Option<String>,
    /// Masked.
    pub phone: Option<String>,
    pub vacant: bool,
    pub note: Option<String>,
    pub ended_on: Option<Date>,
    pub ended_why: Option<String>,
    pub moved_to: Option<String>,
    pub split_from: Option<Named>,
    pub merged_into: Option<Named>,
    /// Households that were split from this one, and those merged into it.
    pub split_off: Vec<Named>,
    pub merged_here: Vec<Named>,
    /// 作废: why.
    pub gone: Option<String>,
    pub on_roll: u32,
    pub people: Vec<PersonLine>,
    pub pairings: Vec<PairingLine>,
    pub classes: Vec<ClassLine>,
    pub visits: Vec<VisitLine>,
    pub matters: Vec<MatterLine>,
    pub stars: Vec<StarLine>,
    /// Places of this family that two computers changed, and that wait for somebody to choose.
    pub questions: usize,
    pub today: Date,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct Named {
    pub id: Uuid,
    pub name: Option<String>,
    /// Why it ended, where it has: a household that was merged has no head to be called by.
    pub ended_why: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct PairingLine {
    pub id: Uuid,
    #[ts(type = "'aid' | 'link' | 'team'")]
    pub bond: Bond,
    pub helper: Uuid,
    pub name: String,
    pub role: Option<String>,
    /// As far as it is known: a year, a month or a day.
    pub from: Option<String>,
    pub until: Option<Date>,
    pub ended_why: Option<String>,
    pub measures: Option<String>,
    pub holds: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct ClassLine {
    pub id: Uuid,
    pub class: String,
    pub from: Option<String>,
    pub until: Option<Date>,
    pub risk_cleared_on: Option<Date>,
    pub why: Option<String>,
    pub holds: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct VisitLine {
    pub id: Uuid,
    pub on: Date,
    pub visitor: String,
    pub shared_meal: Option<bool>,
    pub did_chore: Option<bool>,
    pub way_forward: Option<bool>,
    pub opportunity: Option<String>,
    pub note: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct MatterLine {
    pub id: Uuid,
    pub text: String,
    pub on: Date,
    #[ts(type = "'meeting' | 'visit' | 'link' | 'mend' | 'other'")]
    pub raised_at: Raised,
    pub owner: Option<String>,
    pub due: Option<Date>,
    pub answer: Option<String>,
    pub open: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct StarLine {
    pub id: Uuid,
    pub cycle: String,
    pub stars: Option<u32>,
    /// 致富、守法、美德、卫生、诚信; none where it was not judged.
    pub granted: [Option<bool>; 5],
    pub veto: Option<String>,
    pub unrated_reason: Option<String>,
}

pub fn look(desk: &Desk, ask: WhichHousehold) -> Result<HouseholdLook> {
    desk.read(|ledger| {
        let view = ledger.view();
        let missing = || Refusal::new(Code::NoSuchRecord).with("kind", "household").with("id", ask.id);
        let household: Household = view.get(ask.id)?.ok_or_else(missing)?;
        of(ledger, view, household)
    })
}

fn of(ledger: &Ledger, view: View<'_>, household: Household) -> Result<HouseholdLook> {
    let names = view.names()?;
    let named = |h: &Household| Named {
        id: h.id.0,
        name: h.head.and_then(|head| names.get(&head).cloned()),
        ended_why: h.ended_why.clone(),
    };
    let other = |id: Option<HouseholdId>| -> Result<Option<Named>> {
        let Some(id) = id else { return Ok(None) };
        Ok(view.get::<Household>(id.0)?.map(|h| named(&h)))
    };
    let (id, today) = (household.id, view.today);
    let (split, merged): (Vec<_>, Vec<_>) =
        view.households_from(id)?.into_iter().partition(|h| h.split_from == Some(id) && h.merged_into != Some(id));
    let group = household.group.map(|group| view.get::<Group>(group.0)).transpose()?.flatten();
    let people = view.people_of(id)?;
    Ok(HouseholdLook {
        id: id.0,
        number: household.number,
        group: household.group.map(|group| group.0),
        group_name: group.map(|group| group.name),
        head: household.head.map(|head| head.0),
        head_name: household.head.and_then(|head| names.get(&head).cloned()),
        split_from: other(household.split_from)?,
        merged_into: other(household.merged_into)?,
        split_off: split.iter().map(named).collect(),
        merged_here: merged.iter().map(named).collect(),
        on_roll: people.iter().filter(|person| person.on_roll(today)).count() as u32,
        people: lines(view, people, household.head)?,
        pairings: pairings(view, id, &names)?,
        classes: classes(view, id)?,
        visits: view.visits_of(id)?.into_iter().map(|visit| visit_line(visit, &names)).collect(),
        matters: matters(view, id)?,
        stars: stars(view, id)?,
        questions: waiting(ledger, id)?,
        address: household.address,
        phone: household.phone.as_deref().map(crate::person::masked_phone),
        vacant: household.vacant == Some(true),
        note: household.note,
        ended_on: household.ended_on,
        ended_why: household.ended_why,
        moved_to: household.moved_to,
        gone: household.gone.map(|gone| gone.reason),
        today,
    })
}

/// A ledger that waits for nobody, the usual one, is not searched.
fn waiting(ledger: &Ledger, id: HouseholdId) -> Result<usize> {
    if ledger.open_questions()? == 0 {
        return Ok(0);
    }
    let ours = super::changes::records_of(ledger.view(), id)?;
    Ok(ledger.questioned()?.iter().filter(|(_, record)| ours.contains(record)).count())
}

/// Those that hold first, then the newest.
fn pairings(view: View<'_>, id: HouseholdId, names: &HashMap<PersonId, String>) -> Result<Vec<PairingLine>> {
    let line = |p: Pairing| PairingLine {
        holds: p.holds_on(view.today),
        id: p.id.0,
        bond: p.bond,
        helper: p.helper.0,
        name: names.get(&p.helper).cloned().unwrap_or_default(),
        role: p.role.map(|role| role.code().to_owned()),
        from: p.from.map(String::from),
        until: p.until,
        ended_why: p.ended_why,
        measures: p.measures,
    };
    let mut lines: Vec<PairingLine> = view.pairings_of(id)?.into_iter().map(line).collect();
    lines.sort_by_key(|line| (!line.holds, line.bond, std::cmp::Reverse(line.from.clone())));
    Ok(lines)
}

fn classes(view: View<'_>, id: HouseholdId) -> Result<Vec<ClassLine>> {
    let line = |c: HouseholdClass| ClassLine {
        holds: c.holds_on(view.today),
        id: c.id.0,
        class: c.class.code().to_owned(),
        from: c.from.map(String::from),
        until: c.until,
        risk_cleared_on: c.risk_cleared_on,
        why: c.why,
    };
    let mut lines: Vec<ClassLine> = view.classes_of(id)?.into_iter().map(line).collect();
    lines.sort_by_key(|line| (!line.holds, std::cmp::Reverse(line.from.clone())));
    Ok(lines)
}

fn visit_line(visit: Visit, names: &HashMap<PersonId, String>) -> VisitLine {
    VisitLine {
        id: visit.id.0,
        on: visit.on,
        visitor: names.get(&visit.visitor).cloned().unwrap_or_default(),
        shared_meal: visit.shared_meal,
        did_chore: visit.did_chore,
        way_forward: visit.opportunity_given,
        opportunity: visit.opportunity,
        note: visit.note,
    }
}

/// Open ones first.
fn matters(view: View<'_>, id: HouseholdId) -> Result<Vec<MatterLine>> {
    let line = |m: Matter| MatterLine {
        open: !m.is_answered_by(view.today),
        id: m.id.0,
        text: m.text,
        on: m.on,
        raised_at: m.raised_at,
        owner: m.owner,
        due: m.due,
        answer: m.answer,
    };
    let mut lines: Vec<MatterLine> = view.matters_of(id)?.into_iter().map(line).collect();
    lines.sort_by_key(|line| !line.open);
    Ok(lines)
}

/// The latest cycle first.
fn stars(view: View<'_>, id: HouseholdId) -> Result<Vec<StarLine>> {
    let cycles: HashMap<StarCycleId, StarCycle> = view.all::<StarCycle>()?.into_iter().map(|c| (c.id, c)).collect();
    let mut ratings: Vec<(&StarCycle, Rating)> =
        view.ratings_of(id)?.into_iter().filter_map(|r| Some((cycles.get(&r.cycle)?, r))).collect();
    ratings.sort_by_key(|(cycle, _)| std::cmp::Reverse((cycle.year, cycle.decided_on, cycle.id)));
    let line = |(cycle, rating): (&StarCycle, Rating)| StarLine {
        id: rating.id.0,
        cycle: cycle.name.clone(),
        stars: rating.stars,
        granted: rating.aspects().map(|star| star.as_ref().map(|star| star.granted)),
        veto: rating.veto,
        unrated_reason: rating.unrated_reason,
    };
    Ok(ratings.into_iter().map(line).collect())
}
