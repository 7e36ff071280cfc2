//! 家庭户 list: every household in one answer, with what a clerk looks for in a row.

use std::collections::HashMap;

use lianhu_ledger::View;
use lianhu_ledger::dates::{Date, Month};
use lianhu_ledger::records::pairing::Bond;
use lianhu_ledger::records::{
    Group, GroupId, Household, HouseholdClass, HouseholdId, Pairing, PersonId, Rating, StarCycle, Visit,
};
use lianhu_ledger::rules::Rules;
use serde::Serialize;
use ts_rs::TS;
use uuid::Uuid;

use crate::desk::Desk;
use crate::problem::Result;
use crate::session::Nothing;

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct HouseholdList {
    pub today: Date,
    /// The cycle whose stars the rows show.
    pub cycle: Option<String>,
    pub groups: Vec<GroupName>,
    /// In the order of groups and numbers.
    pub rows: Vec<HouseholdRow>,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct GroupName {
    pub id: Uuid,
    pub name: String,
    pub number: Option<u32>,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct HouseholdRow {
    pub id: Uuid,
    pub number: Option<u32>,
    pub head: Option<String>,
    pub group: Option<Uuid>,
    /// 在册 today.
    pub people: u32,
    /// Codes of the classes that hold today.
    pub classes: Vec<String>,
    /// Whoever is paired with it today.
    pub helpers: Vec<Helper>,
    pub stars: Option<u32>,
    /// 同吃、同干、同谋 this month; none where nobody has ticked or denied it.
    pub shared_meal: Option<bool>,
    pub did_chore: Option<bool>,
    pub way_forward: Option<bool>,
    pub last_visit: Option<Date>,
    /// Whether the visit that a 结对帮扶 obliges to has been made; none where nobody is obliged.
    pub visited: Option<Visited>,
    pub vacant: bool,
    pub ended_on: Option<Date>,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct Helper {
    pub id: Uuid,
    pub name: String,
    #[ts(type = "'aid' | 'link' | 'team'")]
    pub bond: Bond,
}

/// 三到家: how it stands with this month's visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Visited {
    ThisMonth,
    NotYet,
    /// For as many months as the rules list a household for.
    NotForLong,
}

pub fn list(desk: &Desk, _: Nothing) -> Result<HouseholdList> {
    desk.read(|ledger| of(ledger.view()))
}

pub(super) fn of(view: View<'_>) -> Result<HouseholdList> {
    let today = view.today;
    let beside = Beside::of(view, today)?;
    let mut groups: Vec<Group> = view.all()?;
    groups.sort_by_key(|group| (group.number.is_none(), group.number));
    let place: HashMap<GroupId, usize> = groups.iter().enumerate().map(|(at, group)| (group.id, at)).collect();
    let mut households: Vec<Household> = view.all()?;
    households.sort_by_key(|h| {
        let group = h.group.and_then(|id| place.get(&id)).copied().unwrap_or(usize::MAX);
        (group, h.number.unwrap_or(u32::MAX), h.id)
    });
    Ok(HouseholdList {
        today,
        cycle: beside.cycle.clone(),
        rows: households.iter().map(|household| beside.row(household)).collect(),
        groups: groups.into_iter().map(|g| GroupName { id: g.id.0, name: g.name, number: g.number }).collect(),
    })
}

/// What stands beside households elsewhere in the ledger, each read once for the whole village.
struct Beside {
    today: Date,
    names: HashMap<PersonId, String>,
    people: HashMap<HouseholdId, u32>,
    classes: HashMap<HouseholdId, Vec<String>>,
    helpers: HashMap<HouseholdId, Vec<Helper>>,
    cycle: Option<String>,
    stars: HashMap<HouseholdId, u32>,
    month: HashMap<HouseholdId, Vec<Visit>>,
    /// A household without a visit since this day is listed as not visited for long.
    long_since: Date,
    last_visit: HashMap<HouseholdId, Date>,
}

impl Beside {
    fn of(view: View<'_>, today: Date) -> Result<Beside> {
        let names = view.names()?;
        let mut people: HashMap<HouseholdId, u32> = HashMap::new();
        view.roll(today)?.into_iter().for_each(|p| *people.entry(p.household).or_default() += 1);
        let mut classes: HashMap<HouseholdId, Vec<String>> = HashMap::new();
        for class in view.all::<HouseholdClass>()?.into_iter().filter(|c| c.holds_on(today)) {
            classes.entry(class.household).or_default().push(class.class.code().to_owned());
        }
        let mut helpers: HashMap<HouseholdId, Vec<Helper>> = HashMap::new();
        for pairing in view.all::<Pairing>()?.into_iter().filter(|p| p.holds_on(today)) {
            let name = names.get(&pairing.helper).cloned().unwrap_or_default();
            let helper = Helper { id: pairing.helper.0, name, bond: pairing.bond };
            helpers.entry(pairing.household).or_default().push(helper);
        }
        helpers.values_mut().for_each(|paired| paired.sort_by_key(|helper| helper.bond));
        let month = Month::of(today);
        let mut visited: HashMap<HouseholdId, Vec<Visit>> = HashMap::new();
        for visit in view.visits(month.first(), month.last())? {
            visited.entry(visit.household).or_default().push(visit);
        }
        let (cycle, stars) = latest_stars(view)?;
        let last_visit = view.last_visits(today)?;
        let months = Rules::shipped().months("home_unvisited_months", today)?.max(1);
        let long_since = month.plus(1 - months as i32).first();
        Ok(Beside { today, names, people, classes, helpers, cycle, stars, month: visited, long_since, last_visit })
    }

    fn row(&self, household: &Household) -> HouseholdRow {
        let id = household.id;
        let visits = self.month.get(&id).map(Vec::as_slice).unwrap_or_default();
        HouseholdRow {
            id: id.0,
            number: household.number,
            head: household.head.and_then(|head| self.names.get(&head).cloned()),
            group: household.group.map(|group| group.0),
            people: self.people.get(&id).copied().unwrap_or_default(),
            classes: self.classes.get(&id).cloned().unwrap_or_default(),
            helpers: self.helpers.get(&id).cloned().unwrap_or_default(),
            stars: self.stars.get(&id).copied(),
            shared_meal: any(visits, |visit| visit.shared_meal),
            did_chore: any(visits, |visit| visit.did_chore),
            way_forward: any(visits, |visit| visit.opportunity_given),
            last_visit: self.last_visit.get(&id).copied(),
            visited: self.visited(household),
            vacant: household.vacant == Some(true),
            ended_on: household.ended_on.filter(|_| !household.stands_on(self.today)),
        }
    }
}

impl Beside {
    fn visited(&self, household: &Household) -> Option<Visited> {
        let helpers = self.helpers.get(&household.id)?;
        if !household.stands_on(self.today) || !helpers.iter().any(|helper| helper.bond == Bond::Aid) {
            return None;
        }
        let last = self.last_visit.get(&household.id).copied();
        Some(match last {
            Some(day) if day >= Month::of(self.today).first() => Visited::ThisMonth,
            Some(day) if day >= self.long_since => Visited::NotYet,
            _ => Visited::NotForLong,
        })
    }
}

/// One yes is a yes; a no is known only where somebody said no; a box nobody ticked says nothing.
fn any(visits: &[Visit], ticked: impl Fn(&Visit) -> Option<bool>) -> Option<bool> {
    visits.iter().filter_map(ticked).reduce(|one, other| one || other)
}

/// The latest cycle that has been decided, with what became of its stars since.
fn latest_stars(view: View<'_>) -> Result<(Option<String>, HashMap<HouseholdId, u32>)> {
    let mut cycles: Vec<StarCycle> = view.all()?;
    cycles.sort_by_key(|cycle| std::cmp::Reverse((cycle.year, cycle.decided_on, cycle.id)));
    for cycle in cycles {
        // What is still being decided shows nowhere but on its own page.
        if !view.standing_of(&cycle, view.today)?.is_some_and(|standing| standing.decided) {
            continue;
        }
        let starred = |rating: Rating| Some((rating.household, rating.stars?));
        let mut stars: HashMap<HouseholdId, u32> = view.ratings(cycle.id)?.into_iter().filter_map(starred).collect();
        stars.extend(view.star_moves(cycle.id)?.into_iter().map(|change| (change.household, change.stars)));
        if !stars.is_empty() {
            return Ok((Some(cycle.name), stars));
        }
    }
    Ok((None, HashMap::new()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    #[test]
    fn every_household_is_one_row_with_its_head_and_people() {
        let (desk, _dir) = testing::sample();
        let list = list(&desk, Nothing {}).unwrap();
        assert_eq!(list.groups.len(), 8);
        let standing: Vec<_> = list.rows.iter().filter(|row| row.ended_on.is_none()).collect();
        let people: u32 = standing.iter().map(|row| row.people).sum();
        assert_eq!((standing.len(), people), (826, 3548));
        assert!(standing.iter().all(|row| row.head.is_some()));
        assert!(standing.iter().any(|row| !row.helpers.is_empty() && row.stars.is_some()));
    }

    #[test]
    fn a_box_nobody_ticked_is_not_known_to_be_a_no() {
        let visit = |meal: Option<bool>| Visit {
            id: lianhu_ledger::records::VisitId(Uuid::nil()),
            household: HouseholdId(Uuid::nil()),
            visitor: PersonId(Uuid::nil()),
            on: "2026-11-03".parse().unwrap(),
            shared_meal: meal,
            self_paid: None,
            did_chore: None,
            chore: None,
            opportunity_given: None,
            opportunity: None,
            opportunity_done: None,
            day_note: None,
            typed_on: None,
            late_why: None,
            as_typed: None,
            note: None,
            gone: None,
        };
        let check = |meals: &[Option<bool>], expect: Option<bool>| {
            let visits: Vec<Visit> = meals.iter().map(|meal| visit(*meal)).collect();
            assert_eq!(any(&visits, |v| v.shared_meal), expect, "{meals:?}");
        };
        check(&[], None);
        check(&[None, None], None);
        check(&[None, Some(false)], Some(false));
        check(&[Some(true), Some(false)], Some(true));
    }
}
