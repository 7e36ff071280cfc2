//! Who is who, read once for a whole list.

use std::collections::HashMap;

use lianhu_ledger::records::pairing::Bond;
use lianhu_ledger::records::{Group, GroupId, Household, HouseholdId, Person, PersonId};
use lianhu_ledger::{Result, View};

use super::Home;

pub(super) struct Names {
    households: HashMap<HouseholdId, Household>,
    people: HashMap<PersonId, (String, Option<HouseholdId>)>,
    groups: HashMap<GroupId, Group>,
}

impl Names {
    pub fn read(view: View<'_>) -> Result<Names> {
        let person = |p: Person| (p.id, (p.name, p.household));
        Ok(Names {
            households: view.all::<Household>()?.into_iter().map(|h| (h.id, h)).collect(),
            people: view.all::<Person>()?.into_iter().map(person).collect(),
            groups: view.all::<Group>()?.into_iter().map(|g| (g.id, g)).collect(),
        })
    }

    pub fn person(&self, id: PersonId) -> Option<&str> {
        self.people.get(&id).map(|(name, _)| name.as_str())
    }

    pub fn household_of(&self, id: PersonId) -> Option<HouseholdId> {
        self.people.get(&id).and_then(|(_, household)| *household)
    }

    pub fn group(&self, id: GroupId) -> Option<&Group> {
        self.groups.get(&id)
    }

    pub fn home(&self, id: HouseholdId) -> Option<Home> {
        let household = self.households.get(&id)?;
        let group = household.group.and_then(|group| self.groups.get(&group));
        Some(Home {
            id: id.0,
            head: household.head.and_then(|head| self.person(head)).map(str::to_owned),
            group: group.map(|group| group.name.clone()),
            group_number: group.and_then(|group| group.number),
            number: household.number,
        })
    }

    /// Who looks after each household on a day.
    pub fn helpers(
        &self,
        view: View<'_>,
        day: lianhu_ledger::dates::Date,
    ) -> Result<HashMap<HouseholdId, Vec<String>>> {
        let mut helpers: HashMap<HouseholdId, Vec<String>> = HashMap::new();
        for pairing in view.pairings(Bond::Aid, day)? {
            let name = self.person(pairing.helper).map(str::to_owned);
            helpers.entry(pairing.household).or_default().extend(name);
        }
        Ok(helpers)
    }
}
