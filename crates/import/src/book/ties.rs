//! 结对、联户、走访 — rows that tie a person to a household which another ledger describes.

use super::line::{AsTyped, Line};
use crate::clean::id::ResidentId;
use crate::finding::{Finding, What};
use crate::layout::{Field, Table};

/// How a row names the household it means.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Home {
    pub head: String,
    pub id: Option<ResidentId>,
    /// The ID as it was typed, when it was typed but does not hold together.
    pub id_typed: Option<String>,
    pub group: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct PairRow {
    pub row: u32,
    pub helper: String,
    pub unit: Option<String>,
    pub phone: Option<String>,
    pub phone_typed: Option<String>,
    pub role: Option<String>,
    pub home: Home,
    pub from: Option<String>,
    pub until: Option<String>,
    pub note: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct LinkRow {
    pub row: u32,
    pub member: String,
    pub member_id: Option<ResidentId>,
    pub cell: Option<String>,
    pub home: Home,
    pub from: Option<String>,
    pub until: Option<String>,
    pub note: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct VisitRow {
    pub row: u32,
    pub on: String,
    pub visitor: String,
    pub unit: Option<String>,
    pub phone: Option<String>,
    pub home: Home,
    pub shared_meal: Option<bool>,
    pub did_chore: Option<bool>,
    pub opportunity_given: Option<bool>,
    pub opportunity: Option<String>,
    pub need: Option<String>,
    pub note: Option<String>,
    pub as_typed: AsTyped,
}

pub fn pairings(table: &Table, findings: &mut Vec<Finding>) -> Vec<PairRow> {
    each(table, findings, |line| {
        let helper = needed(line, Field::Helper)?;
        let home = home(line)?;
        let phone = line.phone(Field::Phone);
        let mut pair = PairRow {
            row: line.number(),
            helper,
            home,
            unit: line.text(Field::Unit),
            phone,
            phone_typed: line.kept.get(&Field::Phone).cloned(),
            role: line.text(Field::Role),
            from: line.date(Field::From),
            until: line.date(Field::Until),
            note: None,
        };
        pair.note = line.note(&[Field::From, Field::Until]);
        Some(pair)
    })
}

pub fn links(table: &Table, findings: &mut Vec<Finding>) -> Vec<LinkRow> {
    each(table, findings, |line| {
        let member = needed(line, Field::Member)?;
        let home = home(line)?;
        let mut link = LinkRow {
            row: line.number(),
            member,
            home,
            member_id: line.id(Field::Id),
            cell: line.text(Field::Cell),
            from: line.date(Field::From),
            until: line.date(Field::Until),
            note: None,
        };
        link.note = line.note(&[Field::From, Field::Until]);
        Some(link)
    })
}

pub fn visits(table: &Table, findings: &mut Vec<Finding>) -> Vec<VisitRow> {
    each(table, findings, |line| {
        let visitor = needed(line, Field::Visitor)?;
        let home = home(line)?;
        let blank = line.cell(Field::On).is_blank();
        let Some(on) = line.day(Field::On) else {
            if blank {
                line.set_aside(Field::On, What::RowIncomplete);
            }
            return None;
        };
        let mut visit = VisitRow {
            row: line.number(),
            on: on.to_string(),
            visitor,
            home,
            unit: line.text(Field::Unit),
            phone: line.phone(Field::Phone),
            shared_meal: line.tick(Field::SharedMeal),
            did_chore: line.tick(Field::DidChore),
            opportunity_given: line.tick(Field::OpportunityGiven),
            opportunity: line.text(Field::Opportunity),
            need: line.text(Field::Need),
            note: line.note(&[]),
            as_typed: AsTyped::new(),
        };
        visit.as_typed = line.as_typed();
        Some(visit)
    })
}

/// Reads every row; a row that gives nothing has said why.
pub fn each<T>(table: &Table, findings: &mut Vec<Finding>, mut read: impl FnMut(&mut Line<'_>) -> Option<T>) -> Vec<T> {
    table.rows.iter().filter_map(|row| read(&mut Line::new(table, row, findings))).collect()
}

fn needed(line: &mut Line<'_>, field: Field) -> Option<String> {
    let name = line.name(field);
    if name.is_none() {
        line.set_aside(field, What::RowIncomplete);
    }
    name
}

/// The household a row is about; without a head's name there is nobody to ask.
pub fn home(line: &mut Line<'_>) -> Option<Home> {
    let head = needed(line, Field::Head)?;
    let id = line.id(Field::HeadId);
    Some(Home { head, id, id_typed: line.kept.get(&Field::HeadId).cloned(), group: line.group() })
}
