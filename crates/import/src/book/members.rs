//! 党员花名册 — one row per Party member.

use super::households;
use super::line::{AsTyped, Line};
use crate::clean::id::ResidentId;
use crate::clean::label;
use crate::finding::{Finding, What};
use crate::layout::{Field, Table};

#[derive(Debug, Clone, PartialEq, Default)]
pub struct MemberRow {
    pub row: u32,
    pub name: String,
    pub id: Option<ResidentId>,
    pub sex: Option<String>,
    pub ethnic: Option<String>,
    pub born: Option<String>,
    pub education: Option<String>,
    pub phone: Option<String>,
    pub unit: Option<String>,
    pub group: Option<String>,
    pub joined_on: Option<String>,
    pub full_on: Option<String>,
    pub class: Option<String>,
    pub cell: Option<String>,
    pub floating: Option<bool>,
    pub note: Option<String>,
    /// What is kept about the person, and about the membership.
    pub as_typed: AsTyped,
}

pub fn read(table: &Table, findings: &mut Vec<Finding>) -> Vec<MemberRow> {
    let mut rows = Vec::new();
    for row in &table.rows {
        let mut line = Line::new(table, row, findings);
        match line.name(Field::Name) {
            Some(name) => rows.push(member(&mut line, name)),
            None => line.set_aside(Field::Name, What::RowWithoutName),
        }
    }
    rows
}

fn member(line: &mut Line<'_>, name: String) -> MemberRow {
    let id = line.id(Field::Id);
    let sex = households::sex(line, id.as_ref());
    let mut member = MemberRow {
        row: line.number(),
        name,
        sex,
        born: line.birth(Field::Born, id.as_ref()),
        id,
        ethnic: line.label(Field::Ethnic, &label::ETHNIC),
        education: line.label(Field::Education, &label::EDUCATION),
        phone: line.phone(Field::Phone),
        unit: line.text(Field::Unit),
        group: line.group(),
        joined_on: line.date(Field::JoinedOn),
        full_on: line.date(Field::FullOn),
        class: line.label(Field::MemberClass, &label::MEMBER_CLASS),
        cell: line.text(Field::Cell),
        floating: line.tick(Field::Floating),
        note: line.note(&[]),
        as_typed: AsTyped::new(),
    };
    member.as_typed = line.as_typed();
    member
}
