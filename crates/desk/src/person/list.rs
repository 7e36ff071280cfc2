//! 人员名册: everyone in one answer. What a row shows of its household stands once a household.

use std::collections::HashMap;

use lianhu_ledger::records::{Group, GroupId, Household, HouseholdId, Person};
use serde::Serialize;
use ts_rs::TS;
use uuid::Uuid;

use super::line::{IdState, id_state, masked_phone, members};
use crate::desk::Desk;
use crate::household::GroupName;
use crate::problem::Result;
use crate::session::Nothing;

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct PersonList {
    #[ts(type = "string")]
    pub today: lianhu_ledger::dates::Date,
    pub groups: Vec<GroupName>,
    pub households: Vec<HouseholdPlace>,
    /// By group, household and place in it; cadres from outside last.
    pub people: Vec<PersonRow>,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct HouseholdPlace {
    pub id: Uuid,
    pub head: Option<String>,
    /// Place in `groups`.
    pub group: Option<usize>,
    pub number: Option<u32>,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct PersonRow {
    pub id: Uuid,
    pub name: String,
    /// Place in `households`; none for cadres from outside.
    pub household: Option<usize>,
    pub head: bool,
    pub relation: Option<String>,
    pub sex: Option<String>,
    pub born: Option<String>,
    /// Masked.
    pub phone: Option<String>,
    pub id_state: IdState,
    pub member: Option<String>,
    pub away: bool,
    pub unit: Option<String>,
    pub post: Option<String>,
    pub on_roll: bool,
    pub died: bool,
    pub left: bool,
}

pub fn list(desk: &Desk, _: Nothing) -> Result<PersonList> {
    desk.read(|ledger| {
        let view = ledger.view();
        let people: Vec<Person> = view.all()?;
        let members = members(view)?;
        let mut groups: Vec<Group> = view.all()?;
        groups.sort_by_key(|group| (group.number.is_none(), group.number));
        let group_at: HashMap<GroupId, usize> = groups.iter().enumerate().map(|(at, g)| (g.id, at)).collect();
        let mut households: Vec<Household> = view.all()?;
        households.sort_by_key(|h| {
            let group = h.group.and_then(|id| group_at.get(&id)).copied().unwrap_or(usize::MAX);
            (group, h.number.unwrap_or(u32::MAX), h.id)
        });
        let household_at: HashMap<HouseholdId, usize> =
            households.iter().enumerate().map(|(at, h)| (h.id, at)).collect();
        let names: HashMap<_, &str> = people.iter().map(|p| (p.id, p.name.as_str())).collect();
        let place = |h: &Household| HouseholdPlace {
            id: h.id.0,
            head: h.head.and_then(|head| names.get(&head)).map(|name| (*name).to_owned()),
            group: h.group.and_then(|group| group_at.get(&group)).copied(),
            number: h.number,
        };
        let row = |p: &Person| {
            let household = p.household.and_then(|id| household_at.get(&id)).copied();
            PersonRow {
                id: p.id.0,
                name: p.name.clone(),
                household,
                head: household.is_some_and(|at| households[at].head == Some(p.id)),
                relation: p.relation.as_ref().map(|code| code.code().to_owned()),
                sex: p.sex.as_ref().map(|code| code.code().to_owned()),
                born: p.born.clone().map(String::from),
                phone: p.phone.as_deref().map(masked_phone),
                id_state: id_state(p),
                member: members.get(&p.id).cloned(),
                away: p.away == Some(true),
                unit: p.unit.clone(),
                post: p.post.as_ref().map(|code| code.code().to_owned()),
                on_roll: p.on_roll(view.today),
                died: p.died_on.is_some(),
                left: p.left_on.is_some(),
            }
        };
        let mut rows: Vec<PersonRow> = people.iter().map(row).collect();
        rows.sort_by_key(|row| (row.household.unwrap_or(usize::MAX), !row.head));
        Ok(PersonList {
            today: view.today,
            households: households.iter().map(place).collect(),
            groups: groups.into_iter().map(|g| GroupName { id: g.id.0, name: g.name, number: g.number }).collect(),
            people: rows,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    #[test]
    fn everyone_is_one_row_and_no_number_is_whole() {
        let (desk, _dir) = testing::sample();
        let list = list(&desk, Nothing {}).unwrap();
        assert_eq!(list.people.iter().filter(|row| row.on_roll).count(), 3548);
        let whole = |phone: &str| phone.bytes().filter(u8::is_ascii_digit).count() > 8;
        assert!(list.people.iter().filter_map(|row| row.phone.as_deref()).all(|phone| !whole(phone)));
        assert!(list.people.iter().any(|row| row.household.is_none() && row.unit.is_some()));
    }
}
