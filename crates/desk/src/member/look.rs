//! 年度记实 — one member: their year as it is computed, what changed since they are on the roll, their offices and households.

use lianhu_ledger::View;
use lianhu_ledger::dates::Date;
use lianhu_ledger::records::pairing::Bond;
use lianhu_ledger::records::{Household, Office, PartyMember, Person};
use lianhu_report::year::{MemberYear, YearBook};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

use super::list::{Lookup, MemberLine, WhichYear, last_day};
use super::standing;
use crate::desk::Desk;
use crate::problem::Result;

#[derive(Clone, Copy, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct WhichMember {
    pub id: Uuid,
    #[serde(default)]
    #[ts(optional)]
    pub year: Option<i32>,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct MemberPage {
    pub today: Date,
    pub line: MemberLine,
    pub year: MemberYear,
    /// Newest first.
    pub changes: Vec<ChangeLine>,
    pub offices: Vec<OfficeOfMember>,
    pub households: Vec<LinkedHousehold>,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct ChangeLine {
    pub id: Uuid,
    pub event: String,
    pub on: Date,
    pub place: Option<String>,
    pub until: Option<Date>,
    pub evidence: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct OfficeOfMember {
    pub id: Uuid,
    pub organ: String,
    pub position: String,
    pub from: Option<Date>,
    pub until: Option<Date>,
    pub term_until: Option<Date>,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct LinkedHousehold {
    pub household: Uuid,
    pub head: String,
    /// By this member, in the year.
    pub visits: u32,
    pub last: Option<Date>,
}

pub fn look(desk: &Desk, ask: WhichMember) -> Result<MemberPage> {
    desk.read(|ledger| {
        let view = ledger.view();
        let member = standing(view, ask.id)?;
        let year = WhichYear { year: ask.year }.or_this(view.today);
        let told = YearBook::read(view, year, view.today)?.of(&member)?;
        Ok(MemberPage {
            today: view.today,
            line: Lookup::read(view)?.line(view, &member, &told)?,
            changes: changes(view, &member)?,
            offices: offices(view, &member)?,
            households: households(view, &member, year)?,
            year: told,
        })
    })
}

fn changes(view: View<'_>, member: &PartyMember) -> Result<Vec<ChangeLine>> {
    let changes = view.changes_of(member.id)?.into_iter();
    let line = |c: lianhu_ledger::records::MemberChange| ChangeLine {
        id: c.id.0,
        event: c.event.code().to_owned(),
        on: c.on,
        place: c.place,
        until: c.until,
        evidence: c.evidence,
    };
    Ok(changes.map(line).collect())
}

fn offices(view: View<'_>, member: &PartyMember) -> Result<Vec<OfficeOfMember>> {
    let mut offices = view.select::<Office>("person = ?1", [member.person.0.as_bytes()])?;
    offices.sort_by_key(|o| (o.until.is_some(), std::cmp::Reverse(o.from), o.id));
    let line = |o: Office| OfficeOfMember {
        id: o.id.0,
        organ: o.organ.code().to_owned(),
        position: o.position,
        from: o.from,
        until: o.until,
        term_until: o.term_until,
    };
    Ok(offices.into_iter().map(line).collect())
}

/// 联系户 of the year's last day, those visited least first.
fn households(view: View<'_>, member: &PartyMember, year: i32) -> Result<Vec<LinkedHousehold>> {
    let day = last_day(year, view.today);
    let mut lines = Vec::new();
    let links = view.pairings_with(member.person)?.into_iter().filter(|p| p.bond == Bond::Link && p.holds_on(day));
    for link in links {
        let visits = view.visits_of(link.household)?;
        let mine: Vec<Date> = visits
            .iter()
            .filter(|v| v.visitor == member.person && chrono::Datelike::year(&v.on) == year)
            .map(|v| v.on)
            .collect();
        let head = view.get::<Household>(link.household.0)?.and_then(|h| h.head);
        let head = head.map(|p| view.get::<Person>(p.0)).transpose()?.flatten();
        lines.push(LinkedHousehold {
            household: link.household.0,
            head: head.map(|p| p.name).unwrap_or_default(),
            visits: mine.len() as u32,
            last: mine.first().copied(),
        });
    }
    lines.sort_by_key(|line| (line.visits, line.last));
    Ok(lines)
}
