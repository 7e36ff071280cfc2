//! 三、结对帮扶与“三到家” — paired households and the visits they had.

use std::collections::{BTreeMap, HashMap, HashSet};

use lianhu_ledger::Result;
use lianhu_ledger::records::matter::Raised;
use lianhu_ledger::records::pairing::Bond;
use lianhu_ledger::records::{Household, HouseholdId, Pairing, Person, PersonId, Visit};
use serde::{Deserialize, Serialize};

use super::{Amount, Figure, Look};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Aid {
    /// 结对户.
    pub households: Figure,
    /// 已走访户, 走访次数.
    pub visited: Figure,
    pub visits: Figure,
    pub meals: Figure,
    pub self_paid: Figure,
    pub chores: Figure,
    /// 明确发展门路（条）, 其中落实.
    pub ways: Figure,
    pub ways_done: Figure,
    /// 三项齐备（户）.
    pub all_three: Figure,
    /// 未到户, and those not visited for several months running.
    pub unvisited: Figure,
    pub unvisited_long: Figure,
    /// 走访中反映的困难诉求（件）.
    pub needs: Figure,
    pub helpers: Vec<HelperRow>,
    /// Names behind `unvisited`, for annex 3 (镇内).
    pub unvisited_names: Vec<UnvisitedRow>,
}

/// 未到户清单: one line of annex 3.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnvisitedRow {
    pub household: HouseholdId,
    pub head: String,
    pub group: String,
    pub helpers: String,
    /// The day of the last visit before, when there was one.
    pub last: Option<chrono::NaiveDate>,
}

/// One line of table 3, in the order of the pairing ledger: cadres are not ranked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HelperRow {
    pub person: PersonId,
    pub name: String,
    pub unit: Option<String>,
    pub households: i64,
    pub visited: i64,
    pub meals: i64,
    pub chores: i64,
    pub ways: i64,
    pub unvisited: i64,
}

pub(super) fn read(look: &Look<'_>) -> Result<Aid> {
    let (from, to) = look.of_month();
    let pairings = look.view.pairings(Bond::Aid, look.as_of)?;
    let paired: HashSet<HouseholdId> = pairings.iter().map(|p| p.household).collect();
    let visits: Vec<Visit> =
        look.view.visits(from, to)?.into_iter().filter(|v| paired.contains(&v.household)).collect();
    let visited: HashSet<HouseholdId> = visits.iter().map(|v| v.household).collect();
    let entered = Entered { any: !visits.is_empty(), not_held: look.not_held("visits")? };
    let unvisited: Vec<HouseholdId> = in_order(&paired).into_iter().filter(|h| !visited.contains(h)).collect();
    let where_done = |done: fn(&Visit) -> bool| visits.iter().filter(move |v| done(v)).map(|v| v.id);
    let all_three: HashSet<HouseholdId> = visits.iter().filter(|v| v.all_three()).map(|v| v.household).collect();
    Ok(Aid {
        households: Figure::of_register(!paired.is_empty(), in_order(&paired)),
        visited: entered.state(Figure::count(in_order(&visited))),
        visits: entered.state(Figure::count(visits.iter().map(|v| v.id))),
        meals: entered.state(Figure::count(where_done(|v| v.shared_meal == Some(true)))),
        self_paid: where_said(&visits, |v| v.self_paid),
        chores: entered.state(Figure::count(where_done(|v| v.did_chore == Some(true)))),
        ways: entered.state(Figure::count(where_done(|v| v.opportunity_given == Some(true)))),
        ways_done: where_said(&visits, |v| v.opportunity_done),
        all_three: entered.state(Figure::count(in_order(&all_three))),
        unvisited_long: entered.state(long_unvisited(look, &pairings, &unvisited)?),
        unvisited_names: if entered.any { names(look, &pairings, &unvisited)? } else { Vec::new() },
        unvisited: entered.state(Figure::count(unvisited)),
        needs: needs(look, &visits)?,
        helpers: helpers(look, &pairings, &visits)?,
    })
}

/// Whether the month's visits were entered at all.
struct Entered {
    any: bool,
    not_held: Option<String>,
}

impl Entered {
    fn state(&self, figure: Figure) -> Figure {
        match (self.any, &self.not_held) {
            (true, _) => figure,
            (false, Some(reason)) => Figure { amount: Amount::NotHeld(reason.clone()), ..Figure::default() },
            (false, None) => Figure::unknown(),
        }
    }
}

/// A box that nobody has ticked or crossed is unknown, not zero.
fn where_said(visits: &[Visit], said: fn(&Visit) -> Option<bool>) -> Figure {
    if visits.iter().all(|v| said(v).is_none()) {
        return Figure::unknown();
    }
    Figure::count(visits.iter().filter(|v| said(v) == Some(true)).map(|v| v.id))
}

fn long_unvisited(look: &Look<'_>, pairings: &[Pairing], unvisited: &[HouseholdId]) -> Result<Figure> {
    let months = look.rules.months("home_unvisited_months", look.as_of)?.max(1);
    let since = look.month.plus(1 - months as i32).first();
    let seen: HashSet<HouseholdId> = look.view.visits(since, look.month.last())?.iter().map(|v| v.household).collect();
    let begun: HashSet<HouseholdId> = pairings.iter().filter(|p| p.holds_on(since)).map(|p| p.household).collect();
    let long = unvisited.iter().copied().filter(|h| !seen.contains(h) && begun.contains(h));
    Ok(Figure::count(long))
}

fn needs(look: &Look<'_>, visits: &[Visit]) -> Result<Figure> {
    let (from, to) = look.of_month();
    let of: HashSet<_> = visits.iter().map(|v| v.id).collect();
    let raised = look.view.matters(from, to)?;
    let raised =
        raised.into_iter().filter(|m| m.raised_at == Raised::Visit && m.visit.is_some_and(|v| of.contains(&v)));
    Ok(Figure::entered(raised.map(|m| m.id), None))
}

fn helpers(look: &Look<'_>, pairings: &[Pairing], visits: &[Visit]) -> Result<Vec<HelperRow>> {
    let mut of: BTreeMap<PersonId, HashSet<HouseholdId>> = BTreeMap::new();
    pairings.iter().for_each(|p| {
        of.entry(p.helper).or_default().insert(p.household);
    });
    let mut rows = Vec::new();
    for (person, households) in of {
        let own: Vec<&Visit> =
            visits.iter().filter(|v| v.visitor == person && households.contains(&v.household)).collect();
        let visited: HashSet<HouseholdId> = own.iter().map(|v| v.household).collect();
        let count = |done: fn(&Visit) -> bool| own.iter().filter(|v| done(v)).count() as i64;
        let who = look.view.get::<Person>(person.0)?;
        rows.push(HelperRow {
            person,
            name: who.as_ref().map(|p| p.name.clone()).unwrap_or_default(),
            unit: who.and_then(|p| p.unit),
            households: households.len() as i64,
            visited: visited.len() as i64,
            meals: count(|v| v.shared_meal == Some(true)),
            chores: count(|v| v.did_chore == Some(true)),
            ways: count(|v| v.opportunity_given == Some(true)),
            unvisited: (households.len() - visited.len()) as i64,
        });
    }
    Ok(rows)
}

fn names(look: &Look<'_>, pairings: &[Pairing], unvisited: &[HouseholdId]) -> Result<Vec<UnvisitedRow>> {
    let groups: HashMap<_, _> =
        look.view.all::<lianhu_ledger::records::Group>()?.into_iter().map(|g| (g.id, (g.number, g.name))).collect();
    let mut rows = Vec::new();
    for household in unvisited {
        let Some(found) = look.view.get::<Household>(household.0)? else { continue };
        let head = found.head.map(|h| look.view.get::<Person>(h.0)).transpose()?.flatten();
        let mut helpers = Vec::new();
        for pairing in pairings.iter().filter(|p| p.household == *household) {
            helpers.extend(look.view.get::<Person>(pairing.helper.0)?.map(|p| p.name));
        }
        let group = found.group.and_then(|g| groups.get(&g));
        let last = look.view.last_visit(*household, look.month.first())?;
        rows.push((
            group.and_then(|g| g.0),
            found.number,
            UnvisitedRow {
                household: *household,
                head: head.map(|p| p.name).unwrap_or_default(),
                group: group.map(|g| g.1.clone()).unwrap_or_default(),
                helpers: helpers.join("、"),
                last,
            },
        ));
    }
    rows.sort_by_key(|(group, number, _)| (*group, *number));
    Ok(rows.into_iter().map(|(_, _, row)| row).collect())
}

fn in_order(households: &HashSet<HouseholdId>) -> Vec<HouseholdId> {
    let mut ids: Vec<_> = households.iter().copied().collect();
    ids.sort();
    ids
}

impl Aid {
    pub(super) fn unknown(&self) -> Vec<&'static str> {
        let named = [(&self.visits, "三到家走访"), (&self.self_paid, "同餐自费"), (&self.ways_done, "发展门路落实")];
        named.into_iter().filter(|(figure, _)| figure.is_unknown()).map(|(_, name)| name).collect()
    }
}
