//! 党员花名册入账 — a member is a person the households' ledger knows. Where the two ledgers differ about the person, the
//! households' ledger stands and the difference is listed.

use super::people::{births_agree, ids_agree};
use super::{Desk, Fields, Filled, text, uuid};
use crate::book::Section;
use crate::book::members::MemberRow;
use crate::finding::{Did, Remark, What};
use crate::layout::Field;
use std::collections::{BTreeMap, HashSet};
use uuid::Uuid;

pub fn settle(desk: &mut Desk<'_>, section: &Section, rows: &[MemberRow]) {
    let mut taken = HashSet::new();
    for row in rows {
        let Some(person) = person(desk, section, row) else {
            continue;
        };
        if !taken.insert(person) {
            let remark = Remark::doubt(What::RowTwice, Did::FirstRow);
            desk.say(section, row.row, Field::Name, &row.name, remark);
            continue;
        }
        membership(desk, row, person);
    }
}

fn person(desk: &mut Desk<'_>, section: &Section, row: &MemberRow) -> Option<Uuid> {
    let by_id = row.id.as_ref().and_then(|id| desk.folk.by_id(&id.id18));
    if let Some(person) = by_id {
        if text(desk.ground.get("person", person), "name") != Some(&row.name) {
            let remark = Remark::doubt(What::IdNameClash, Did::RowCheck);
            desk.say(section, row.row, Field::Name, &row.name, remark);
            return None;
        }
        return Some(known(desk, section, row, person));
    }
    match by_name(desk, row).as_slice() {
        [] => Some(alone(desk, section, row)),
        [only] => {
            if let Some(id) = &row.id {
                let done = Did::PersonByName.with("name", &row.name);
                let place = (row.row, Field::Id, id.id18.as_str());
                desk.say_once(section, *only, place, Remark::doubt(What::MatchedByName, done));
            }
            Some(known(desk, section, row, *only))
        }
        _ => {
            let remark = Remark::doubt(What::PersonAmbiguous, Did::RowAddId);
            desk.say(section, row.row, Field::Name, &row.name, remark);
            None
        }
    }
}

fn by_name(desk: &Desk<'_>, row: &MemberRow) -> Vec<Uuid> {
    let number = row.id.as_ref().map(|id| id.id18.as_str());
    let fits = |id: &Uuid| {
        let p = desk.ground.get("person", *id);
        let same = ids_agree(number, text(p, "id_number")) && births_agree(text(p, "born"), row.born.as_deref());
        same && !desk.folk.is_helper(*id)
    };
    desk.folk.named(&desk.ground, &row.name).into_iter().filter(fits).collect()
}

/// Somebody who lives elsewhere, or whose household has not been imported yet.
fn alone(desk: &mut Desk<'_>, section: &Section, row: &MemberRow) -> Uuid {
    let remark = Remark::doubt(What::PersonAlone, Did::Alone);
    desk.say(section, row.row, Field::Name, &row.name, remark);
    let fields = about(row).with("name", Some(row.name.clone()));
    let fields = fields.with("id_number", row.id.as_ref().map(|id| id.id18.clone()));
    let fields = fields.with("id_15", row.id.as_ref().and_then(|id| id.upgraded_from15.clone()));
    desk.put_person(None, fields.0, &row.as_typed.clone().into_iter().filter(|(n, _)| is_persons(n)).collect())
}

fn about(row: &MemberRow) -> Filled {
    Filled::default()
        .with("sex", row.sex.clone())
        .with("ethnic", row.ethnic.clone())
        .with("born", row.born.clone())
        .with("education", row.education.clone())
        .with("phone", row.phone.clone())
        .with("unit", row.unit.clone())
}

/// The roster fills what the households' ledger leaves blank, and says where they differ.
fn known(desk: &mut Desk<'_>, section: &Section, row: &MemberRow, person: Uuid) -> Uuid {
    let fields = about(row).0;
    let at_home = uuid(desk.ground.get("person", person), "household").is_some();
    let mut new = Fields::new();
    for (name, value) in fields {
        let stands = desk.ground.get("person", person).get(&name).filter(|v| !v.is_null()).cloned();
        match stands {
            None => drop(new.insert(name, value)),
            Some(stands) if desk.ground.same("person", &name, &stands, &value) => {}
            Some(stands) if name == "born" && births_agree(stands.as_str(), value.as_str()) => {}
            Some(_) if !at_home => drop(new.insert(name, value)),
            Some(stands) => {
                let done = Did::LedgerStands.with("value", stands.as_str().unwrap_or_default());
                let typed = value.as_str().unwrap_or_default().to_owned();
                desk.say(section, row.row, field(&name), &typed, Remark::doubt(What::LedgerDiffers, done));
            }
        }
    }
    desk.put_person(Some(person), new, &BTreeMap::new())
}

fn field(name: &str) -> Field {
    match name {
        "sex" => Field::Sex,
        "ethnic" => Field::Ethnic,
        "born" => Field::Born,
        "education" => Field::Education,
        "phone" => Field::Phone,
        _ => Field::Unit,
    }
}

fn is_persons(name: &str) -> bool {
    !matches!(name, "joined_on" | "full_on" | "class" | "floating")
}

fn membership(desk: &mut Desk<'_>, row: &MemberRow, person: Uuid) {
    let found = desk.ground.all("party_member").find(|(_, m)| uuid(m, "person") == Some(person)).map(|(id, _)| id);
    let fields = Filled::default()
        .id("person", person)
        .with("joined_on", row.joined_on.clone())
        .with("full_on", row.full_on.clone())
        .with("class", row.class.clone())
        .with("cell", row.cell.clone())
        .with("floating", row.floating)
        .with("note", row.note.clone());
    let typed = row.as_typed.clone().into_iter().filter(|(name, _)| !is_persons(name)).collect();
    desk.ground.put("party_member", found, fields.0, &typed);
}
