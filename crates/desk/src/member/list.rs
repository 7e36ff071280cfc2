//! The roll with what a secretary looks for in it: who lacks study hours, who looks after too few or too many households,
//! who has missed meetings.

use std::collections::HashMap;

use chrono::{Datelike, NaiveDate};
use lianhu_ledger::dates::Date;
use lianhu_ledger::records::party_member::by_number;
use lianhu_ledger::records::{MemberChange, Office, PartyMember, PartyMemberId, Person, PersonId};
use lianhu_ledger::rules::Rules;
use lianhu_ledger::{Error, View};
use lianhu_report::year::{MemberYear, Structure, YearBook, structure};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

use crate::desk::Desk;
use crate::problem::Result;

#[derive(Clone, Copy, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct WhichYear {
    /// This year when none is named.
    #[serde(default)]
    #[ts(optional)]
    pub year: Option<i32>,
}

impl WhichYear {
    pub(crate) fn or_this(self, today: Date) -> i32 {
        self.year.unwrap_or_else(|| today.year())
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct MemberList {
    pub year: i32,
    pub today: Date,
    /// On the roll, by 党小组; then those who have left it, the latest first.
    pub members: Vec<MemberLine>,
    pub cells: Vec<String>,
    pub structure: Structure,
    /// 联系户 a member usually has.
    #[ts(type = "number")]
    pub links_min: i64,
    #[ts(type = "number")]
    pub links_max: i64,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct MemberLine {
    pub id: Uuid,
    pub person: Uuid,
    pub name: String,
    pub household: Option<Uuid>,
    pub cell: Option<String>,
    pub probationary: bool,
    #[ts(type = "string | null")]
    pub joined_on: Option<String>,
    /// 预备期满.
    pub probation_ends: Option<Date>,
    pub floating: bool,
    /// Where a floating member is.
    pub place: Option<String>,
    /// 党内职务 as the roll says it, and the offices entered here.
    pub duty: Option<String>,
    pub offices: Vec<OfficeName>,
    /// Pledges not yet kept.
    pub pledges_open: u32,
    pub households: u32,
    /// Of the year.
    pub hours: u32,
    #[ts(type = "number")]
    pub hours_needed: i64,
    pub missed: u32,
    pub not_made_up: u32,
    pub grade: Option<String>,
    /// 停止党籍.
    pub suspended_on: Option<Date>,
    pub left_on: Option<Date>,
    pub left_how: Option<String>,
    pub left_to: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct OfficeName {
    pub organ: String,
    pub position: String,
}

pub fn list(desk: &Desk, ask: WhichYear) -> Result<MemberList> {
    desk.read(|ledger| {
        let view = ledger.view();
        let year = ask.or_this(view.today);
        let rules = Rules::shipped();
        let book = YearBook::read(view, year, view.today)?;
        let lookup = Lookup::read(view)?;
        let mut members = view.all::<PartyMember>()?;
        members.sort_by_key(|m| {
            let cell = m.cell.as_deref().map(by_number);
            (m.left_on.is_some(), m.left_on.map(std::cmp::Reverse), m.cell.is_none(), cell, m.id)
        });
        let lines = members.iter().map(|m| lookup.line(view, m, &book.of(m)?)).collect::<Result<_>>()?;
        let day = last_day(year, view.today);
        Ok(MemberList {
            year,
            today: view.today,
            members: lines,
            cells: view.cells(view.today)?,
            structure: structure(view, day)?,
            links_min: rules.int("links_per_member_min", day).map_err(Error::from)?,
            links_max: rules.int("links_per_member_max", day).map_err(Error::from)?,
        })
    })
}

/// The year's end, or today while it runs.
pub(crate) fn last_day(year: i32, today: Date) -> Date {
    NaiveDate::from_ymd_opt(year, 12, 31).map_or(today, |end| end.min(today))
}

/// What the lines need of everybody, read once.
pub(super) struct Lookup {
    people: HashMap<PersonId, Person>,
    offices: Vec<Office>,
    /// The last 外出流动 of each.
    places: HashMap<PartyMemberId, String>,
}

impl Lookup {
    pub(super) fn read(view: View<'_>) -> Result<Lookup> {
        let mut changes = view.all::<MemberChange>()?;
        changes.sort_by_key(|change| (change.on, change.id));
        let floated = changes.into_iter().filter(|change| change.event.code() == "floated");
        Ok(Lookup {
            people: view.all::<Person>()?.into_iter().map(|p| (p.id, p)).collect(),
            offices: view.offices_on(view.today)?,
            places: floated.filter_map(|change| Some((change.member, change.place?))).collect(),
        })
    }

    pub(super) fn line(&self, view: View<'_>, m: &PartyMember, year: &MemberYear) -> Result<MemberLine> {
        let person = self.people.get(&m.person);
        let rules = Rules::shipped();
        let months = chrono::Months::new(rules.months("probation_months", view.today).map_err(Error::from)?);
        let probationary = m.is_probationary_on(view.today);
        let absences = || year.meetings.iter().flat_map(|kind| &kind.absent);
        let offices = self.offices.iter().filter(|o| o.person == m.person);
        Ok(MemberLine {
            id: m.id.0,
            person: m.person.0,
            name: year.name.clone(),
            household: person.and_then(|p| p.household).map(|h| h.0),
            cell: m.cell.clone(),
            probationary,
            joined_on: m.joined_on.as_ref().map(|d| d.as_str().to_owned()),
            probation_ends: if probationary { m.probation_ends(months) } else { None },
            floating: m.floating == Some(true),
            place: self.places.get(&m.id).cloned().filter(|_| m.floating == Some(true)),
            duty: m.duty.clone(),
            offices: offices
                .map(|o| OfficeName { organ: o.organ.code().to_owned(), position: o.position.clone() })
                .collect(),
            pledges_open: year.pledges.iter().filter(|p| p.done_on.is_none()).count() as u32,
            households: year.households,
            hours: year.study.total(),
            hours_needed: year.study.needed,
            missed: absences().count() as u32,
            not_made_up: absences().filter(|a| a.made_up_on.is_none()).count() as u32,
            grade: year.grade.clone(),
            suspended_on: m.suspended_on,
            left_on: m.left_on,
            left_how: m.left_how.as_ref().map(|how| how.code().to_owned()),
            left_to: m.left_to.clone(),
        })
    }
}
