//! The table of groups and people, what it comes to, and the households behind its last column.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use lianhu_ledger::View;
use lianhu_ledger::dates::Date;
use lianhu_ledger::records::pairing::Bond;
use lianhu_ledger::records::{Group, GroupId, Household, HouseholdId, Pairing, Person, PersonId};
use lianhu_ledger::rules::Rules;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

use super::obliged;
use crate::desk::Desk;
use crate::problem::Result;

#[derive(Clone, Copy, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct WhichBond {
    #[ts(type = "'aid' | 'link' | 'team'")]
    pub bond: Bond,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct PairingCover {
    #[ts(type = "'aid' | 'link' | 'team'")]
    pub bond: Bond,
    pub as_of: Date,
    /// In the village's order; households of no group stand last.
    pub groups: Vec<CoverGroup>,
    /// In the order of the pairing ledger.
    pub helpers: Vec<CoverHelper>,
    pub cells: Vec<CoverCell>,
    /// Households that are paired.
    pub paired: usize,
    /// 应当结对的户, and how many of them are. None where nobody must be paired, or while no household is classed.
    pub obliged: Option<usize>,
    pub obliged_paired: usize,
    /// The fewest and the most that one person should look after, where a rule says so.
    pub least: Option<i64>,
    pub most: Option<i64>,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct CoverGroup {
    pub id: Option<Uuid>,
    pub name: Option<String>,
    /// 没结对: households here that must be paired and are not.
    pub without: usize,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct CoverHelper {
    pub id: Uuid,
    pub name: String,
    pub unit: Option<String>,
    pub households: usize,
    pub load: Load,
}

/// Against the numbers of the rule table: a warning, never a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Load {
    Fine,
    TooFew,
    TooMany,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct CoverCell {
    pub group: Option<Uuid>,
    pub helper: Uuid,
    pub households: usize,
}

pub fn cover(desk: &Desk, ask: WhichBond) -> Result<PairingCover> {
    desk.read(|ledger| {
        let view = ledger.view();
        let village = Standing::read(view, ask.bond)?;
        let rules = Rules::shipped();
        let (least, most) = sizes(&rules, ask.bond, view.today)?;
        let obliged = village.obliged(view, &rules)?;
        let (helpers, cells) = village.table(view, least, most)?;
        let is_paired = |household: &&HouseholdId| village.paired.contains(household);
        Ok(PairingCover {
            bond: ask.bond,
            as_of: view.today,
            groups: village.groups(view, obliged.as_ref())?,
            helpers,
            cells,
            paired: village.paired.len(),
            obliged_paired: obliged.iter().flatten().filter(is_paired).count(),
            obliged: obliged.map(|households| households.len()),
            least,
            most,
        })
    })
}

/// 党员联户 has numbers; the other bonds have none.
fn sizes(rules: &Rules, bond: Bond, day: Date) -> Result<(Option<i64>, Option<i64>)> {
    if bond != Bond::Link {
        return Ok((None, None));
    }
    Ok((Some(rules.int("links_per_member_min", day)?), Some(rules.int("links_per_member_max", day)?)))
}

/// Households that stand today and the pairings of one kind that hold.
struct Standing {
    bond: Bond,
    households: HashMap<HouseholdId, Household>,
    pairings: Vec<Pairing>,
    paired: HashSet<HouseholdId>,
}

impl Standing {
    fn read(view: View<'_>, bond: Bond) -> Result<Standing> {
        let standing = view.all::<Household>()?.into_iter().filter(|h| h.stands_on(view.today));
        let households: HashMap<_, _> = standing.map(|h| (h.id, h)).collect();
        let mut pairings = view.pairings(bond, view.today)?;
        pairings.retain(|pairing| households.contains_key(&pairing.household));
        Ok(Standing { paired: pairings.iter().map(|p| p.household).collect(), bond, households, pairings })
    }

    /// Only 结对帮扶 obliges.
    fn obliged(&self, view: View<'_>, rules: &Rules) -> Result<Option<HashSet<HouseholdId>>> {
        if self.bond != Bond::Aid {
            return Ok(None);
        }
        let obliged = obliged(view, rules, view.today)?;
        Ok(obliged.map(|all| all.into_iter().filter(|id| self.households.contains_key(id)).collect()))
    }

    fn group_of(&self, household: HouseholdId) -> Option<GroupId> {
        self.households.get(&household).and_then(|h| h.group)
    }

    fn table(
        &self,
        view: View<'_>,
        least: Option<i64>,
        most: Option<i64>,
    ) -> Result<(Vec<CoverHelper>, Vec<CoverCell>)> {
        let mut order: Vec<PersonId> = Vec::new();
        let mut of: HashMap<PersonId, BTreeMap<Option<GroupId>, BTreeSet<HouseholdId>>> = HashMap::new();
        for pairing in &self.pairings {
            let groups = of.entry(pairing.helper).or_insert_with(|| {
                order.push(pairing.helper);
                BTreeMap::new()
            });
            groups.entry(self.group_of(pairing.household)).or_default().insert(pairing.household);
        }
        let (mut helpers, mut cells) = (Vec::new(), Vec::new());
        for helper in order {
            let groups = &of[&helper];
            let households = groups.values().map(BTreeSet::len).sum();
            let person = view.get::<Person>(helper.0)?;
            helpers.push(CoverHelper {
                id: helper.0,
                name: person.as_ref().map(|p| p.name.clone()).unwrap_or_default(),
                unit: person.and_then(|p| p.unit),
                households,
                load: load(households as i64, least, most),
            });
            cells.extend(groups.iter().map(|(group, households)| CoverCell {
                group: group.map(|g| g.0),
                helper: helper.0,
                households: households.len(),
            }));
        }
        Ok((helpers, cells))
    }

    fn groups(&self, view: View<'_>, obliged: Option<&HashSet<HouseholdId>>) -> Result<Vec<CoverGroup>> {
        let mut without: HashMap<Option<GroupId>, usize> = HashMap::new();
        for household in obliged.into_iter().flatten().filter(|h| !self.paired.contains(h)) {
            *without.entry(self.group_of(*household)).or_default() += 1;
        }
        let mut groups: Vec<Group> = view.all()?;
        groups.sort_by_key(|group| (group.number.is_none(), group.number));
        let ungrouped = self.paired.iter().any(|h| self.group_of(*h).is_none()) || without.contains_key(&None);
        let named = groups.into_iter().map(|group| (Some(group.id), Some(group.name)));
        let all = named.chain(ungrouped.then_some((None, None)));
        let row = |(id, name): (Option<GroupId>, Option<String>)| CoverGroup {
            without: without.get(&id).copied().unwrap_or_default(),
            id: id.map(|id| id.0),
            name,
        };
        Ok(all.map(row).collect())
    }
}

fn load(households: i64, least: Option<i64>, most: Option<i64>) -> Load {
    match (least, most) {
        (Some(least), _) if households < least => Load::TooFew,
        (_, Some(most)) if households > most => Load::TooMany,
        _ => Load::Fine,
    }
}

#[derive(Clone, Copy, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct LookForFree {
    #[ts(type = "'aid' | 'link' | 'team'")]
    pub bond: Bond,
    /// Every household that is lived in, not only those that must be paired.
    pub all: bool,
}

/// Households that nobody is paired with.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct FreeHouseholds {
    pub today: Date,
    /// In the order of groups and numbers.
    pub rows: Vec<FreeHousehold>,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct FreeHousehold {
    pub id: Uuid,
    pub head: String,
    pub number: Option<u32>,
    pub group: Option<Uuid>,
    pub group_name: Option<String>,
    /// Codes of the classes that hold today.
    pub classes: Vec<String>,
    /// Who looked after it last.
    pub former: Option<String>,
}

pub fn free(desk: &Desk, ask: LookForFree) -> Result<FreeHouseholds> {
    let finder = desk.finder()?;
    desk.read(|ledger| {
        let view = ledger.view();
        let village = Standing::read(view, ask.bond)?;
        let obliged = if ask.all { None } else { village.obliged(view, &Rules::shipped())? };
        let wanted = |h: &&Household| match &obliged {
            Some(obliged) => obliged.contains(&h.id),
            None => h.vacant != Some(true),
        };
        let (classes, former) = (classes(view)?, former(view, ask.bond)?);
        let row = |h: &Household| {
            let found = finder.household(h.id);
            let order = (found.and_then(|f| f.group_number).unwrap_or(u32::MAX), h.number.unwrap_or(u32::MAX), h.id);
            let row = FreeHousehold {
                id: h.id.0,
                head: finder.head_of(h.id).map(|f| f.name.clone()).unwrap_or_default(),
                number: h.number,
                group: h.group.map(|group| group.0),
                group_name: found.and_then(|f| f.group.clone()),
                classes: classes.get(&h.id).cloned().unwrap_or_default(),
                former: former.get(&h.id).cloned(),
            };
            (order, row)
        };
        let free = village.households.values().filter(|h| !village.paired.contains(&h.id)).filter(wanted);
        let mut rows: Vec<_> = free.map(row).collect();
        rows.sort_by_key(|(order, _)| *order);
        Ok(FreeHouseholds { today: view.today, rows: rows.into_iter().map(|(_, row)| row).collect() })
    })
}

fn classes(view: View<'_>) -> Result<HashMap<HouseholdId, Vec<String>>> {
    let mut classes: HashMap<HouseholdId, Vec<String>> = HashMap::new();
    let all = view.all::<lianhu_ledger::records::HouseholdClass>()?;
    for class in all.into_iter().filter(|class| class.holds_on(view.today)) {
        classes.entry(class.household).or_default().push(class.class.code().to_owned());
    }
    Ok(classes)
}

/// Whoever a household was paired with last, by name.
fn former(view: View<'_>, bond: Bond) -> Result<HashMap<HouseholdId, String>> {
    let names = view.names()?;
    let mut ended: Vec<Pairing> = view.all::<Pairing>()?;
    ended.retain(|pairing| pairing.bond == bond && pairing.until.is_some());
    ended.sort_by_key(|pairing| pairing.until);
    Ok(ended.into_iter().filter_map(|p| Some((p.household, names.get(&p.helper)?.clone()))).collect())
}
