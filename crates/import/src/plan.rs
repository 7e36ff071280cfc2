//! 打算 — what an import would change, worked out before anything changes. Rows are matched with what stands in the
//! ledger; what is the same is left alone, so that importing the same books again plans nothing.
//!
//! Households come first, whatever order the files were given in, because every other ledger only names them. A blank
//! cell never erases a standing value; a row whose household or person cannot be told for certain is listed, not placed.

mod ground;
mod homes;
mod households;
mod meetings;
mod members;
mod people;
mod ties;

use crate::book::{Parsed, Rows, Section};
use crate::finding::{Finding, Grade, Remark};
use crate::layout::Field;
use ground::Ground;
use people::Folk;
use serde::Serialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// A record's fields by name, as the ledger's contract has them: words for codes, text for dates and ids.
pub type Fields = BTreeMap<String, Value>;

/// What stands in the ledger now.
pub trait Standing {
    /// The live records of one kind.
    fn list(&self, kind: &str) -> Vec<(Uuid, Fields)>;

    /// Whether two values of a field mean the same. A ledger that keeps codes for words answers by code.
    fn same(&self, _kind: &str, _field: &str, standing: &Value, new: &Value) -> bool {
        standing == new
    }
}

/// Where ids come from; both are the caller's, so that a plan is a pure function.
pub struct Ids<'a> {
    pub new: &'a mut dyn FnMut() -> Uuid,
    /// One id for what can exist only once: a rating per cycle and household, a round per meeting and pair.
    pub derived: &'a dyn Fn(&str, &[String]) -> Uuid,
}

/// One record to be made or changed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Patch {
    pub kind: &'static str,
    pub id: Uuid,
    pub new: bool,
    /// Only what is new or differs.
    pub fields: Fields,
    /// What stood there, for the fields that differ.
    pub before: Fields,
}

/// How many records of a kind would be made, changed, or are in the books just as they stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Counts {
    pub new: usize,
    pub changed: usize,
    pub same: usize,
}

/// The whole of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    pub patches: Vec<Patch>,
    /// Of reading and of matching, in the order of files, sheets and rows.
    pub findings: Vec<Finding>,
    pub summary: BTreeMap<&'static str, Counts>,
}

impl Plan {
    pub fn doubts(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|f| f.grade == Grade::Doubt)
    }

    pub fn repairs(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|f| f.grade == Grade::Repaired)
    }

    pub fn notices(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|f| f.grade == Grade::Notice)
    }
}

/// Plans the import of these books over this ledger.
pub fn plan<'a>(standing: &'a dyn Standing, books: &[Parsed], ids: Ids<'a>) -> Plan {
    let mut desk = Desk::new(standing, ids);
    let sections: Vec<&Section> = books.iter().flat_map(|b| &b.sections).collect();
    for turn in TURNS {
        for section in &sections {
            turn(&mut desk, section);
        }
    }
    let (patches, summary) = desk.ground.finish();
    let mut findings: Vec<Finding> = books.iter().flat_map(|b| b.findings.clone()).collect();
    findings.extend(desk.findings);
    let place = |file: &str| books.iter().position(|b| b.file == file);
    findings.sort_by(|a, b| (place(&a.file), &a.sheet, a.row).cmp(&(place(&b.file), &b.sheet, b.row)));
    Plan { patches, findings, summary }
}

type Turn = fn(&mut Desk<'_>, &Section);

/// Who is known first: households and their people, then members, then all that ties people to households.
const TURNS: [Turn; 5] = [
    |desk, section| {
        if let Rows::Households(rows) = &section.rows {
            households::settle(desk, section, rows);
        }
    },
    |desk, section| {
        if let Rows::Members(rows) = &section.rows {
            members::settle(desk, section, rows);
        }
    },
    |desk, section| match &section.rows {
        Rows::Pairings(rows) => ties::pairings(desk, section, rows),
        Rows::MemberLinks(rows) => ties::links(desk, section, rows),
        _ => {}
    },
    |desk, section| {
        if let Rows::Visits(rows) = &section.rows {
            ties::visits(desk, section, rows);
        }
    },
    |desk, section| match &section.rows {
        Rows::Meetings(rows) => meetings::settle(desk, section, rows),
        Rows::Stars(page) => meetings::stars(desk, section, page),
        _ => {}
    },
];

/// Everything one planning holds in its hands.
struct Desk<'a> {
    ground: Ground<'a>,
    folk: Folk,
    findings: Vec<Finding>,
    /// Said once per file and household, not once per row.
    said: BTreeSet<(String, &'static str, Uuid)>,
    derived: &'a dyn Fn(&str, &[String]) -> Uuid,
}

impl<'a> Desk<'a> {
    fn new(standing: &'a dyn Standing, ids: Ids<'a>) -> Self {
        let ground = Ground::new(standing, ids.new);
        let folk = Folk::of(&ground);
        Desk { ground, folk, findings: Vec::new(), said: BTreeSet::new(), derived: ids.derived }
    }

    fn say(&mut self, section: &Section, row: u32, field: Field, as_typed: &str, remark: Remark) {
        self.findings.push(section.finding(row, Some(field), as_typed, remark));
    }

    fn say_once(&mut self, section: &Section, about: Uuid, (row, field, as_typed): (u32, Field, &str), remark: Remark) {
        if self.said.insert((section.file.clone(), remark.what.code(), about)) {
            self.say(section, row, field, as_typed, remark);
        }
    }

    /// A person's record, with the lookup kept in step.
    fn put_person(&mut self, id: Option<Uuid>, fields: Fields, typed: &BTreeMap<&'static str, String>) -> Uuid {
        let id = self.ground.put("person", id, fields, typed);
        self.folk.learn(id, self.ground.get("person", id));
        id
    }
}

/// Only what was filled in.
#[derive(Default)]
struct Filled(Fields);

impl Filled {
    fn with<T: Into<Value>>(mut self, name: &str, value: Option<T>) -> Self {
        if let Some(value) = value {
            self.0.insert(name.to_owned(), value.into());
        }
        self
    }

    fn id(self, name: &str, id: Uuid) -> Self {
        self.with(name, Some(id.to_string()))
    }
}

fn text<'f>(fields: &'f Fields, name: &str) -> Option<&'f str> {
    fields.get(name).and_then(Value::as_str)
}

fn uuid(fields: &Fields, name: &str) -> Option<Uuid> {
    text(fields, name)?.parse().ok()
}

#[cfg(test)]
mod tests;
