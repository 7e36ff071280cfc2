//! 农户台账 — one row per person, household columns merged or filled on the first row only. A household begins where its
//! head's name (or number) changes; a merged cell never begins one.

use super::line::{AsTyped, Line};
use crate::clean::id::ResidentId;
use crate::clean::{folded, label, name};
use crate::finding::{Did, Finding, Remark, What};
use crate::layout::{Field, Table, TableRow};
use std::collections::BTreeSet;

/// One household with its people.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct HouseholdRow {
    pub row: u32,
    /// The running number: where it stands in this sheet, not who it is.
    pub seq: Option<i64>,
    pub number: Option<String>,
    pub group: Option<String>,
    /// The head's name.
    pub head: Option<String>,
    pub address: Option<String>,
    pub phone: Option<String>,
    pub vacant: Option<bool>,
    pub classes: Vec<String>,
    pub as_typed: AsTyped,
    pub members: Vec<PersonRow>,
}

/// One person of a household.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PersonRow {
    pub row: u32,
    pub name: String,
    pub relation: Option<String>,
    pub sex: Option<String>,
    pub ethnic: Option<String>,
    pub id: Option<ResidentId>,
    pub born: Option<String>,
    pub education: Option<String>,
    pub political: Option<String>,
    pub health: Option<String>,
    pub phone: Option<String>,
    pub away: Option<bool>,
    pub unit: Option<String>,
    pub note: Option<String>,
    pub as_typed: AsTyped,
}

/// The relation of the head to itself.
pub const HEAD: &str = "户主";

pub fn read(table: &Table, findings: &mut Vec<Finding>) -> Vec<HouseholdRow> {
    let mut homes: Vec<Open> = Vec::new();
    let mut ids = BTreeSet::new();
    for row in &table.rows {
        let mut line = Line::new(table, row, findings);
        let Some(person) = person(&mut line, &mut ids) else {
            line.set_aside(Field::Name, What::RowWithoutName);
            continue;
        };
        match homes.last_mut() {
            Some(home) if !begins(table, row, &person, home) => home.row.members.push(person),
            _ => homes.push(open(&mut line, person)),
        }
    }
    homes.into_iter().map(|home| close(table, home, findings)).collect()
}

/// A household whose rows are still coming.
struct Open {
    row: HouseholdRow,
    anchor: Option<String>,
    size: Option<i64>,
}

fn anchor(table: &Table, row: &TableRow) -> (Option<String>, bool) {
    let fields = [Field::HouseholdNumber, Field::Head];
    let Some(column) = fields.iter().find_map(|f| table.column(*f)) else {
        return (None, false);
    };
    let group = table.column(Field::Group).map(|c| folded(&row.cell(c).as_typed())).unwrap_or_default();
    let text = name::clean(row.cell(column)).value;
    let is_own = row.own(column).is_some();
    (text.map(|t| format!("{group}\n{t}")), is_own)
}

fn begins(table: &Table, row: &TableRow, person: &PersonRow, home: &Open) -> bool {
    let is_head = person.relation.as_deref() == Some(HEAD);
    let has_head = home.row.members.iter().any(|m| m.relation.as_deref() == Some(HEAD));
    let has_anchor = table.has(Field::HouseholdNumber) || table.has(Field::Head);
    let own_seq = table.column(Field::Seq).is_some_and(|c| row.own(c).is_some());
    match anchor(table, row) {
        (Some(_), false) => false,
        (Some(anchor), true) => home.anchor.as_ref() != Some(&anchor) || (is_head && has_head),
        (None, _) if has_anchor => is_head && has_head && own_seq,
        (None, _) => is_head,
    }
}

fn open(line: &mut Line<'_>, person: PersonRow) -> Open {
    // What was kept so far is the person's; from here on it is the household's.
    line.kept.clear();
    let mut row = HouseholdRow {
        row: line.number(),
        seq: line.count(Field::Seq),
        number: line.text(Field::HouseholdNumber),
        group: line.group(),
        head: line.name(Field::Head),
        address: line.text(Field::Address),
        phone: line.phone(Field::HouseholdPhone),
        vacant: line.tick(Field::Vacant),
        classes: line.labels(Field::Class, &label::CLASS),
        as_typed: AsTyped::new(),
        members: vec![person],
    };
    row.as_typed = line.as_typed();
    let size = line.count(Field::Size);
    Open { anchor: anchor(line.table, line.row).0, row, size }
}

fn close(table: &Table, mut home: Open, findings: &mut Vec<Finding>) -> HouseholdRow {
    let Some(row) = table.rows.iter().find(|r| r.number == home.row.row) else {
        return home.row;
    };
    let mut line = Line::new(table, row, findings);
    let heads: Vec<&PersonRow> = home.row.members.iter().filter(|m| m.relation.as_deref() == Some(HEAD)).collect();
    let named = home.row.head.clone();
    match (heads.as_slice(), &named) {
        ([], _) => line.remark(Some(Field::Relation), Remark::doubt(What::HeadMissing, Did::HeadByName)),
        ([one], Some(name)) if one.name != *name => {
            line.remark(Some(Field::Head), Remark::doubt(What::HeadDiffers, Did::HeadRow));
        }
        ([_], _) => {}
        (_, _) => line.remark(Some(Field::Relation), Remark::doubt(What::HeadTwice, Did::FirstOne)),
    }
    if home.size.is_some_and(|size| size != home.row.members.len() as i64) {
        let done = Did::Listed.with("n", home.row.members.len());
        line.remark(Some(Field::Size), Remark::doubt(What::SizeDiffers, done));
    }
    if home.row.group.is_none() {
        line.remark(Some(Field::Group), Remark::doubt(What::RowIncomplete, Did::NoGroup));
    }
    home.row.head = heads.first().map(|h| h.name.clone()).or(named);
    home.row
}

fn person(line: &mut Line<'_>, ids: &mut BTreeSet<String>) -> Option<PersonRow> {
    let name = line.name(Field::Name)?;
    let mut id = line.id(Field::Id);
    if let Some(twice) = id.take_if(|id| !ids.insert(id.id18.clone())) {
        line.kept.insert(Field::Id, line.typed(Field::Id));
        line.remark(Some(Field::Id), Remark::doubt(What::IdTwice, Did::KeptNoId));
        drop(twice);
    }
    if id.is_none() && !line.kept.contains_key(&Field::Id) {
        line.remark(Some(Field::Id), Remark::doubt(What::IdMissing, Did::NoId));
    }
    let sex = sex(line, id.as_ref());
    let mut person = PersonRow {
        row: line.number(),
        name,
        relation: line.label(Field::Relation, &label::RELATION),
        sex,
        ethnic: line.label(Field::Ethnic, &label::ETHNIC),
        born: line.birth(Field::Born, id.as_ref()),
        id,
        education: line.label(Field::Education, &label::EDUCATION),
        political: line.label(Field::Political, &label::POLITICAL),
        health: line.label(Field::Health, &label::HEALTH),
        phone: line.phone(Field::Phone),
        away: line.tick(Field::Away),
        unit: line.text(Field::Unit),
        note: line.note(&[]),
        as_typed: AsTyped::new(),
    };
    person.as_typed = line.as_typed();
    Some(person)
}

/// The column stands as typed; the number only says that one of the two is wrong.
pub fn sex(line: &mut Line<'_>, id: Option<&ResidentId>) -> Option<String> {
    let sex = line.label(Field::Sex, &label::SEX);
    match (&sex, id) {
        (Some(typed), Some(id)) if typed != id.sex => {
            line.remark(Some(Field::Sex), Remark::kept(What::SexClash));
            sex
        }
        (None, Some(id)) if !line.kept.contains_key(&Field::Sex) => Some(id.sex.to_owned()),
        _ => sex,
    }
}
