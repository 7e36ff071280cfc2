//! The tree, from the top down, with what each unit comes to: members, groups and households it covers.

use std::collections::HashMap;

use lianhu_ledger::View;
use lianhu_ledger::dates::Date;
use lianhu_ledger::records::party_member::by_number;
use lianhu_ledger::records::{Group, GroupId, Household, OrgUnit, OrgUnitId, PartyMember};
use lianhu_ledger::{Code, Record, Refusal};
use serde::{Deserialize, Serialize};
use serde_json::json;
use ts_rs::TS;
use uuid::Uuid;

use crate::desk::{Desk, Done};
use crate::problem::Result;

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct UnitLine {
    pub id: Uuid,
    pub name: String,
    pub kind: String,
    pub parent: Option<Uuid>,
    /// How far down it stands.
    pub depth: u32,
    pub from: Option<Date>,
    pub until: Option<Date>,
    pub groups: Vec<Uuid>,
    /// On the roll: of a 党小组 its own, of a branch everybody's.
    pub members: Option<u32>,
    /// In the groups that it covers.
    pub households: Option<u32>,
    pub note: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct GroupLine {
    pub id: Uuid,
    pub name: String,
    pub households: u32,
    /// Members who live in it: a group without one is told.
    pub members: u32,
}

pub(super) fn lines(view: View<'_>) -> Result<Vec<UnitLine>> {
    let mut units = view.all::<OrgUnit>()?;
    units.sort_by_key(|u| (u.until.is_some(), by_number(&u.name), u.id));
    let counts = Counts::read(view)?;
    let mut lines = Vec::new();
    below(&units, None, 0, &counts, &mut lines);
    // Whatever goes round hangs from nothing; it is shown all the same, so that it can be put right.
    let shown: Vec<Uuid> = lines.iter().map(|line| line.id).collect();
    let lost = units.iter().filter(|u| !shown.contains(&u.id.0));
    lines.extend(lost.map(|u| counts.line(u, 0)));
    Ok(lines)
}

fn below(units: &[OrgUnit], parent: Option<OrgUnitId>, depth: u32, counts: &Counts, lines: &mut Vec<UnitLine>) {
    let known = |id: OrgUnitId| units.iter().any(|u| u.id == id);
    for unit in units.iter().filter(|u| u.parent.filter(|id| known(*id)) == parent) {
        lines.push(counts.line(unit, depth));
        below(units, Some(unit.id), depth + 1, counts, lines);
    }
}

struct Counts {
    of_cell: HashMap<String, u32>,
    members: u32,
    households: HashMap<GroupId, u32>,
}

impl Counts {
    fn read(view: View<'_>) -> Result<Counts> {
        let members: Vec<PartyMember> =
            view.all::<PartyMember>()?.into_iter().filter(|m| m.stands_on(view.today)).collect();
        let mut of_cell: HashMap<String, u32> = HashMap::new();
        members.iter().filter_map(|m| m.cell.clone()).for_each(|cell| *of_cell.entry(cell).or_default() += 1);
        let mut households: HashMap<GroupId, u32> = HashMap::new();
        let standing = view.all::<Household>()?.into_iter().filter(|h| h.stands_on(view.today));
        standing.filter_map(|h| h.group).for_each(|group| *households.entry(group).or_default() += 1);
        Ok(Counts { of_cell, members: members.len() as u32, households })
    }

    fn line(&self, unit: &OrgUnit, depth: u32) -> UnitLine {
        let groups = unit.groups.as_ref().map(|g| g.0.clone()).unwrap_or_default();
        let households = groups.iter().map(|group| self.households.get(group).copied().unwrap_or(0)).sum();
        UnitLine {
            id: unit.id.0,
            name: unit.name.clone(),
            kind: unit.unit_kind.code().to_owned(),
            parent: unit.parent.map(|id| id.0),
            depth,
            from: unit.from,
            until: unit.until,
            members: match unit.unit_kind.code() {
                "cell" => Some(self.of_cell.get(&unit.name).copied().unwrap_or(0)),
                "branch" | "general" => Some(self.members),
                _ => None,
            },
            households: (!groups.is_empty()).then_some(households),
            groups: groups.into_iter().map(|id| id.0).collect(),
            note: unit.note.clone(),
        }
    }
}

pub(super) fn groups(view: View<'_>) -> Result<Vec<GroupLine>> {
    let counts = Counts::read(view)?;
    let homes: HashMap<_, _> = view.all::<Household>()?.into_iter().map(|h| (h.id, h.group)).collect();
    let mut members: HashMap<GroupId, u32> = HashMap::new();
    for member in view.all::<PartyMember>()?.into_iter().filter(|m| m.stands_on(view.today)) {
        let person = view.get::<lianhu_ledger::records::Person>(member.person.0)?;
        let group = person.and_then(|p| p.household).and_then(|h| homes.get(&h).copied().flatten());
        group.into_iter().for_each(|group| *members.entry(group).or_default() += 1);
    }
    let mut groups = view.all::<Group>()?;
    groups.sort_by_key(|g| (g.number.is_none(), g.number, g.name.clone()));
    let line = |g: Group| GroupLine {
        households: counts.households.get(&g.id).copied().unwrap_or(0),
        members: members.get(&g.id).copied().unwrap_or(0),
        id: g.id.0,
        name: g.name,
    };
    Ok(groups.into_iter().map(line).collect())
}

pub(super) fn only_on_roll(view: View<'_>) -> Result<Vec<String>> {
    let units = view.all::<OrgUnit>()?;
    let in_tree = |name: &String| units.iter().any(|u| u.unit_kind.code() == "cell" && u.name == *name);
    Ok(view.cells(view.today)?.into_iter().filter(|name| !in_tree(name)).collect())
}

/// 照名册登记: the 党小组 that the roll names, put under a branch in one step.
#[derive(Clone, Copy, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct UnitsOfRoll {
    #[serde(default)]
    #[ts(optional)]
    pub parent: Option<Uuid>,
}

pub fn take_from_roll(desk: &Desk, ask: UnitsOfRoll) -> Result<Done<usize>> {
    desk.edit("save", |draft| {
        let names = only_on_roll(draft.view())?;
        if names.is_empty() {
            return Err(Refusal::new(Code::NothingToDo).into());
        }
        for name in &names {
            let fields = [("name", json!(name)), ("unit_kind", json!("cell")), ("parent", json!(ask.parent))];
            draft.create(OrgUnit::KIND, fields.into_iter().map(|(k, v)| (k.to_owned(), v)).collect())?;
        }
        Ok(names.len())
    })
}
