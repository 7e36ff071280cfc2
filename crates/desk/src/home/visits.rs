//! 三到家 — which paired households were visited, which not, and which not for long.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashSet};

use lianhu_ledger::dates::Date;
use lianhu_ledger::records::pairing::Bond;
use lianhu_ledger::records::{Household, HouseholdId, Pairing};
use serde::Serialize;
use ts_rs::TS;
use uuid::Uuid;

use super::duty::{DoneDuty, Goto, Lamp, New, Unknown, What};
use super::{Found, Look};
use crate::pairing::obliged;
use crate::problem::Result;
use crate::search::Found as Name;

/// As many as the side of the page holds.
const LONGEST: usize = 6;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
pub struct AidProgress {
    /// Paired households visited this month.
    pub visited: usize,
    pub paired: usize,
    /// 结对覆盖: of the households that are to be paired, those that are.
    pub covered: usize,
    /// None while no household is classed: who is to be paired is not known.
    pub to_cover: Option<usize>,
}

/// A household as a line of a list.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct Family {
    pub household: Uuid,
    /// '' while nobody is named head.
    pub head: String,
    pub number: Option<u32>,
    pub group: Option<String>,
    pub last_visit: Option<Date>,
    /// Since then; none when nobody has ever come.
    pub days: Option<i64>,
}

impl Family {
    pub(super) fn of(household: &Household, head: Option<&Name>, last: Option<Date>, today: Date) -> Family {
        Family {
            household: household.id.0,
            head: head.map(|h| h.name.clone()).unwrap_or_default(),
            number: household.number,
            group: head.and_then(|h| h.group.clone()),
            last_visit: last,
            days: last.map(|day| (today - day).num_days()),
        }
    }
}

/// Paired households that stand, and those of them reached.
pub(super) struct Aid {
    pairings: Vec<Pairing>,
    paired: BTreeSet<HouseholdId>,
    visited: HashSet<HouseholdId>,
}

pub(super) fn read(look: &Look<'_>) -> Result<Aid> {
    let mut pairings = look.view.pairings(Bond::Aid, look.as_of())?;
    pairings.retain(|p| look.households.contains_key(&p.household));
    let visits = look.view.visits(look.month.first(), look.month.last())?;
    Ok(Aid {
        paired: pairings.iter().map(|p| p.household).collect(),
        visited: visits.into_iter().map(|v| v.household).collect(),
        pairings,
    })
}

pub(super) fn progress(look: &Look<'_>, aid: &Aid) -> Result<AidProgress> {
    let mut to_cover = obliged(look.view, &look.rules, look.as_of())?;
    to_cover.iter_mut().for_each(|all| all.retain(|household| look.households.contains_key(household)));
    let visited = aid.paired.iter().filter(|h| aid.visited.contains(h)).count();
    let covered = to_cover.as_ref().map(|all| all.iter().filter(|h| aid.paired.contains(h)).count());
    Ok(AidProgress {
        visited,
        paired: aid.paired.len(),
        covered: covered.unwrap_or(aid.paired.len()),
        to_cover: to_cover.map(|all| all.len()),
    })
}

pub(super) fn duties(found: &mut Found<'_>, aid: &Aid) -> Result<()> {
    let look = found.look;
    if aid.paired.is_empty() {
        if look.is_current() {
            found.unknown.push(Unknown::NoPairings);
        }
        return Ok(());
    }
    let every = look.rules.months("home_visit_months", look.as_of())?.max(1);
    let unseen = unseen_since(look, aid, look.month.plus(1 - every as i32).first());
    let what = What::Visits { left: unseen.len(), paired: aid.paired.len() };
    let (key, month) = ("visits".to_owned(), look.month);
    if unseen.is_empty() {
        found.done.push(DoneDuty { key, month, what, on: None, goto: None, reason: None });
    } else {
        let goto = Goto::Unvisited { long: false };
        found.due(New { key, month, what, due: Some(month.last()), goto }.duty(look.today));
    }
    if look.month.first() <= look.today {
        long_unvisited(found, aid)?;
    }
    Ok(())
}

/// Paired households without a visit from this day to the end of the month looked at.
fn unseen_since(look: &Look<'_>, aid: &Aid, since: Date) -> Vec<HouseholdId> {
    let seen = |h: &HouseholdId| aid.visited.contains(h) || look.last_visits.get(h).is_some_and(|last| *last >= since);
    aid.paired.iter().copied().filter(|h| !seen(h)).collect()
}

/// As the monthly report and the list of households count them: paired all that time, and nobody came. In a ledger without
/// visits from before, nobody has entered them yet and nothing is told.
fn long_unvisited(found: &mut Found<'_>, aid: &Aid) -> Result<()> {
    let look = found.look;
    let months = look.rules.months("home_unvisited_months", look.as_of())?.max(1);
    let since = look.month.plus(1 - months as i32).first();
    if !look.in_use_by(look.month.plus(-(months as i32)))? {
        return Ok(());
    }
    let begun: BTreeSet<HouseholdId> = aid.pairings.iter().filter(|p| p.holds_on(since)).map(|p| p.household).collect();
    let mut long: Vec<_> = unseen_since(look, aid, since).into_iter().filter(|h| begun.contains(h)).collect();
    long.sort_by_key(|h| look.last_visits.get(h).copied());
    let Some(family) = long.first().and_then(|h| look.family(*h)) else { return Ok(()) };
    let what = What::Unvisited { households: long.len(), months, head: family.head, days: family.days };
    let new =
        New { key: "unvisited".to_owned(), month: look.month, what, due: None, goto: Goto::Unvisited { long: true } };
    found.due(super::Duty { lamp: Lamp::Late, ..new.duty(look.today) });
    Ok(())
}

/// 最久没走访的户: paired ones first, those never visited before those visited long ago. Nobody lives in 空挂户.
pub(super) fn longest(look: &Look<'_>, aid: &Aid) -> Vec<Family> {
    let lived_in = look.households.values().filter(|h| h.vacant != Some(true));
    let mut unseen: Vec<&Household> = lived_in.filter(|h| !aid.visited.contains(&h.id)).collect();
    let order =
        |h: &&Household| (Reverse(aid.paired.contains(&h.id)), look.last_visits.get(&h.id).copied(), h.number, h.id);
    unseen.sort_by_key(order);
    unseen.into_iter().take(LONGEST).filter_map(|h| look.family(h.id)).collect()
}
