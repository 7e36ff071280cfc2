//! 找人找户 — everyone and every household by name, pinyin, number or group, a few milliseconds a keystroke.

use std::collections::HashMap;

use lianhu_ledger::records::pairing::Bond;
use lianhu_ledger::records::{Group, Household, HouseholdId, Person, PersonId};
use lianhu_ledger::search::{Entry, Index};
use lianhu_ledger::{Result as LedgerResult, View};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

use crate::desk::Desk;
use crate::problem::Result;

/// A household or a person that was found.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct Found {
    pub person: Uuid,
    pub name: String,
    /// None for cadres from outside.
    pub household: Option<Uuid>,
    pub head: bool,
    pub head_name: Option<String>,
    pub group: Option<String>,
    pub group_number: Option<u32>,
    pub number: Option<u32>,
    pub born: Option<String>,
    pub unit: Option<String>,
}

/// Whom to look for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Among {
    #[default]
    Everyone,
    /// One line a household: its head, found by any of its people.
    Households,
    /// 帮扶干部、党员、村干部: whoever visits.
    Visitors,
}

#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Find {
    pub text: String,
    #[serde(default)]
    pub among: Among,
    pub limit: u32,
}

/// As [`Find`], for the filter of a list: all there are, by their ids.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct FindAll {
    pub text: String,
    #[serde(default)]
    pub among: Among,
}

/// The names of the village with what a list shows beside them.
pub struct Finder {
    people: Vec<Found>,
    index: Index<usize>,
    heads: HashMap<Uuid, usize>,
    visitors: Vec<bool>,
}

impl Finder {
    pub(crate) fn of(view: View<'_>) -> LedgerResult<Finder> {
        let households: HashMap<HouseholdId, Household> =
            view.all::<Household>()?.into_iter().map(|h| (h.id, h)).collect();
        let groups: HashMap<_, Group> = view.all::<Group>()?.into_iter().map(|g| (g.id, g)).collect();
        let people = view.all::<Person>()?;
        let names: HashMap<PersonId, String> = people.iter().map(|p| (p.id, p.name.clone())).collect();
        let found = |p: &Person| {
            let household = p.household.and_then(|h| households.get(&h));
            let group = household.and_then(|h| h.group).and_then(|g| groups.get(&g));
            Found {
                person: p.id.0,
                name: p.name.clone(),
                household: p.household.map(|h| h.0),
                head: household.is_some_and(|h| h.head == Some(p.id)),
                head_name: household.and_then(|h| names.get(&h.head?).cloned()),
                group: group.map(|g| g.name.clone()),
                group_number: group.and_then(|g| g.number),
                number: household.and_then(|h| h.number),
                born: p.born.as_ref().map(|b| b.as_str().to_owned()),
                unit: p.unit.clone(),
            }
        };
        let shown: Vec<Found> = people.iter().map(found).collect();
        let entries: Vec<(usize, &Person)> = people.iter().enumerate().collect();
        let index = Index::build(entries.iter().map(|(at, person)| Entry {
            handle: *at,
            name: &person.name,
            group: shown[*at].group_number.unwrap_or(0) as u16,
            phone: person.phone.as_deref().unwrap_or_default(),
            id: person.id_number.as_deref().unwrap_or_default(),
            head: shown[*at].head,
            weight: 0,
        }));
        let heads = shown.iter().enumerate().filter(|(_, f)| f.head);
        let heads = heads.filter_map(|(at, f)| Some((f.household?, at))).collect();
        let visitors = visitors(view, &people)?;
        Ok(Finder { index, heads, visitors, people: shown })
    }

    pub fn find(&self, ask: &Find) -> Vec<Found> {
        let limit = ask.limit.min(200) as usize;
        // A household is found by any of its people, so more people are asked for than households are wanted.
        let hits = self.index.find(&ask.text, if ask.among == Among::Everyone { limit } else { 400 });
        let numbered = self.numbered(&ask.text).filter(|_| ask.among == Among::Households);
        let mut seen = std::collections::HashSet::new();
        let mut found = Vec::new();
        for at in numbered.into_iter().flatten().chain(hits.into_iter().map(|hit| hit.handle)) {
            let shown = match ask.among {
                Among::Everyone => Some(at),
                Among::Visitors => Some(at).filter(|at| self.visitors[*at]),
                Among::Households => {
                    let household = self.people[at].household;
                    household.filter(|h| seen.insert(*h)).map(|h| self.heads.get(&h).copied().unwrap_or(at))
                }
            };
            found.extend(shown.map(|at| self.people[at].clone()));
            if found.len() == limit {
                break;
            }
        }
        found
    }

    /// Every id that is meant, best first: of households, or of people.
    pub fn find_all(&self, ask: &FindAll) -> Vec<Uuid> {
        let mut seen = std::collections::HashSet::new();
        let numbered = self.numbered(&ask.text).filter(|_| ask.among == Among::Households);
        let hits = self.index.find(&ask.text, self.people.len()).into_iter().map(|hit| hit.handle);
        let hits = hits.filter(|at| ask.among != Among::Visitors || self.visitors[*at]);
        let id = |at: usize| match ask.among {
            Among::Households => self.people[at].household,
            _ => Some(self.people[at].person),
        };
        numbered.into_iter().flatten().chain(hits).filter_map(id).filter(|id| seen.insert(*id)).collect()
    }

    /// 户号: heads of the households with that number, one a group.
    fn numbered(&self, text: &str) -> Option<impl Iterator<Item = usize>> {
        let number: u32 = text.trim().trim_end_matches('号').parse().ok()?;
        Some(self.people.iter().enumerate().filter(move |(_, f)| f.head && f.number == Some(number)).map(|(at, _)| at))
    }

    /// The head of a household, with its group and number.
    pub fn head_of(&self, household: HouseholdId) -> Option<&Found> {
        self.heads.get(&household.0).map(|at| &self.people[*at])
    }

    /// A household by its head, or by anyone of it where no head is known.
    pub fn household(&self, id: HouseholdId) -> Option<&Found> {
        let at = self.heads.get(&id.0).copied();
        at.map(|at| &self.people[at]).or_else(|| self.people.iter().find(|found| found.household == Some(id.0)))
    }

    pub fn person(&self, id: PersonId) -> Option<&Found> {
        self.people.iter().find(|found| found.person == id.0)
    }
}

/// Whoever is paired with a household, has visited one, is a Party member, or is a cadre from outside.
fn visitors(view: View<'_>, people: &[Person]) -> LedgerResult<Vec<bool>> {
    let today = view.today;
    let mut who: std::collections::HashSet<PersonId> = std::collections::HashSet::new();
    for bond in [Bond::Aid, Bond::Link, Bond::Team] {
        who.extend(view.pairings(bond, today)?.into_iter().map(|p| p.helper));
    }
    who.extend(view.all::<lianhu_ledger::records::PartyMember>()?.into_iter().map(|m| m.person));
    let visits_here = |p: &Person| p.household.is_none() || p.post.is_some() || who.contains(&p.id);
    Ok(people.iter().map(visits_here).collect())
}

pub fn find(desk: &Desk, ask: Find) -> Result<Vec<Found>> {
    Ok(desk.finder()?.find(&ask))
}

pub fn find_all(desk: &Desk, ask: FindAll) -> Result<Vec<Uuid>> {
    Ok(desk.finder()?.find_all(&ask))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    fn check(finder: &Finder, text: &str, among: Among, expect: impl Fn(&[Found]) -> bool) {
        let found = finder.find(&Find { text: text.into(), among, limit: 10 });
        assert!(expect(&found), "{text} {among:?}: {found:?}");
    }

    #[test]
    fn a_household_is_found_by_any_of_its_people_and_listed_once() {
        let (desk, _dir) = testing::sample();
        let finder = desk.finder().unwrap();
        let head = finder.people.iter().find(|f| f.head).unwrap().clone();
        check(&finder, &head.name, Among::Households, |found| {
            let mut homes: Vec<_> = found.iter().map(|f| f.household).collect();
            homes.dedup();
            homes.len() == found.len() && found.iter().any(|f| f.household == head.household)
        });
        check(&finder, "zjg", Among::Everyone, |found| found.len() <= 10);
        check(&finder, "%_\"NEAR(", Among::Everyone, <[Found]>::is_empty);
    }
}
