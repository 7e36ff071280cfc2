//! 一、基本情况 — households, people, groups, members and classes on the roll of a day.

use std::collections::{HashMap, HashSet};

use lianhu_ledger::Result;
use lianhu_ledger::codes;
use lianhu_ledger::records::{Group, Household, HouseholdClass, HouseholdId, PartyMember};
use serde::{Deserialize, Serialize};

use super::{Figure, Look, frozen};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Roll {
    pub households: Figure,
    pub people: Figure,
    pub groups: Figure,
    pub members: Figure,
    pub probationary: Figure,
    /// 本月转入、转出、发展.
    pub came: Figure,
    pub left: Figure,
    pub admitted: Figure,
    /// 脱贫户 and the people in them.
    pub lifted: Figure,
    pub lifted_people: Figure,
    /// 监测户, and those whose risk is not cleared.
    pub monitored: Figure,
    pub monitored_open: Figure,
    /// The same figures of the last month, when that month was closed.
    pub before: Option<Before>,
}

/// Last month's frozen counts, for 比上月.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Before {
    pub households: Option<i64>,
    pub people: Option<i64>,
    pub members: Option<i64>,
    pub probationary: Option<i64>,
    pub lifted: Option<i64>,
    pub lifted_people: Option<i64>,
    pub monitored: Option<i64>,
    pub monitored_open: Option<i64>,
}

pub(super) fn read(look: &Look<'_>) -> Result<Roll> {
    let households = look.view.all::<Household>()?;
    let standing: HashSet<HouseholdId> = households.iter().filter(|h| h.stands_on(look.as_of)).map(|h| h.id).collect();
    let people: Vec<_> = look.view.roll(look.as_of)?.into_iter().filter(|p| standing.contains(&p.household)).collect();
    let any_people = !people.is_empty();
    let groups = look.view.all::<Group>()?;
    let classes = Classes::read(look, &standing)?;
    let of_lifted = people.iter().filter(|p| classes.lifted.contains(&p.household));
    let members = Members::read(look)?;
    Ok(Roll {
        households: Figure::of_register(
            !households.is_empty(),
            households.iter().map(|h| h.id).filter(|id| standing.contains(id)),
        ),
        lifted_people: Figure::of_register(classes.any, of_lifted.map(|p| p.person)),
        people: Figure::of_register(any_people, people.iter().map(|p| p.person)),
        groups: Figure::of_register(!groups.is_empty(), groups.iter().map(|g| g.id)),
        members: members.of(look, |_| true),
        probationary: members.of(look, |m| m.is_probationary_on(look.as_of)),
        came: members.in_month(look, |m| m.came_on),
        left: members.in_month(look, |m| m.left_on.filter(|_| m.was_transferred())),
        admitted: members.in_month(look, |m| m.joined_on.as_ref().and_then(|d| d.date())),
        lifted: Figure::of_register(classes.any, sorted(&classes.lifted)),
        monitored: Figure::of_register(classes.any, sorted(&classes.monitored)),
        monitored_open: Figure::of_register(classes.any, sorted(&classes.monitored_open)),
        before: before(look)?,
    })
}

impl Roll {
    pub(super) fn unknown(&self) -> Vec<&'static str> {
        let named = [
            (&self.households, "农户"),
            (&self.people, "人口"),
            (&self.groups, "村民小组"),
            (&self.members, "党员"),
            (&self.lifted, "户类型"),
        ];
        named.into_iter().filter(|(figure, _)| figure.is_unknown()).map(|(_, name)| name).collect()
    }

    /// The lists behind head counts run to thousands of names.
    pub(super) fn forget_records(&mut self) {
        for figure in [&mut self.households, &mut self.people, &mut self.lifted, &mut self.lifted_people] {
            figure.records.clear();
        }
    }
}

struct Classes {
    any: bool,
    lifted: HashSet<HouseholdId>,
    monitored: HashSet<HouseholdId>,
    monitored_open: HashSet<HouseholdId>,
}

impl Classes {
    fn read(look: &Look<'_>, standing: &HashSet<HouseholdId>) -> Result<Classes> {
        let mut classes =
            Classes { any: false, lifted: HashSet::new(), monitored: HashSet::new(), monitored_open: HashSet::new() };
        let monitored: HashMap<&str, bool> = codes::set("household_class")
            .into_iter()
            .flat_map(|s| &s.codes)
            .map(|c| (c.code.as_str(), c.monitored))
            .collect();
        for class in look.view.all::<HouseholdClass>()? {
            classes.any = true;
            if !class.holds_on(look.as_of) || !standing.contains(&class.household) {
                continue;
            }
            if class.class.code() == "lifted" {
                classes.lifted.insert(class.household);
            }
            if monitored.get(class.class.code()).copied().unwrap_or_default() {
                classes.monitored.insert(class.household);
                if class.risk_cleared_on.is_none_or(|cleared| cleared > look.as_of) {
                    classes.monitored_open.insert(class.household);
                }
            }
        }
        Ok(classes)
    }
}

struct Members(Vec<PartyMember>);

impl Members {
    fn read(look: &Look<'_>) -> Result<Members> {
        look.view.all::<PartyMember>().map(Members)
    }

    fn of(&self, look: &Look<'_>, which: impl Fn(&PartyMember) -> bool) -> Figure {
        Figure::of_register(
            !self.0.is_empty(),
            self.0.iter().filter(|m| m.stands_on(look.as_of) && which(m)).map(|m| m.id),
        )
    }

    fn in_month(&self, look: &Look<'_>, day: impl Fn(&PartyMember) -> Option<chrono::NaiveDate>) -> Figure {
        let here = self.0.iter().filter(|m| day(m).is_some_and(|d| look.month.contains(d) && d <= look.as_of));
        Figure::of_register(!self.0.is_empty(), here.map(|m| m.id))
    }
}

fn sorted(ids: &HashSet<HouseholdId>) -> Vec<HouseholdId> {
    let mut ids: Vec<_> = ids.iter().copied().collect();
    ids.sort();
    ids
}

fn before(look: &Look<'_>) -> Result<Option<Before>> {
    let last = look.view.report(look.month.previous())?;
    Ok(last.as_ref().and_then(frozen).map(|f| Before {
        households: f.roll.households.known(),
        people: f.roll.people.known(),
        members: f.roll.members.known(),
        probationary: f.roll.probationary.known(),
        lifted: f.roll.lifted.known(),
        lifted_people: f.roll.lifted_people.known(),
        monitored: f.roll.monitored.known(),
        monitored_open: f.roll.monitored_open.known(),
    }))
}
