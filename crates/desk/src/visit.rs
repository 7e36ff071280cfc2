//! 走访录入 — one visit at a time, or a whole evening's sheet. A box nobody ticked is not known to be a no, so it is left
//! empty. One visit has one visitor: who went along is written into the note, and each one's own sheet counts once.

mod save;
mod sheet;

pub use save::{Need, SaveVisit, SavedVisit, save};
pub use sheet::{LookAtSheet, SaveSheet, SheetRow, SheetVisit, VisitSheet, save as save_sheet, sheet};

use lianhu_ledger::dates::{Date, Month};
use lianhu_ledger::records::{HouseholdId, Person, PersonId, Visit};
use lianhu_ledger::rules::Rules;
use lianhu_ledger::{Code, Refusal, View};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

use crate::desk::Desk;
use crate::problem::Result;
use crate::search::Finder;
use crate::session::Nothing;

/// As many as a person looks through below the form.
const RECENT: usize = 40;

/// A visit as a list shows it.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct VisitRow {
    pub id: Uuid,
    pub household: Uuid,
    pub head: Option<String>,
    pub group: Option<String>,
    pub visitor: Uuid,
    pub visitor_name: String,
    pub on: Date,
    pub meal: Option<bool>,
    pub chore: Option<bool>,
    pub way: Option<bool>,
    /// 补录.
    pub late: bool,
    /// When it was entered, in the order of entering: newest first in a list.
    pub typed_on: Option<Date>,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct RecentVisits {
    /// Who sits here, when it is somebody of the ledger.
    pub me: Option<VisitorName>,
    /// Whose visit was entered last this month.
    pub last: Option<VisitorName>,
    /// Visits of this month and those entered in it, the last entered first.
    pub rows: Vec<VisitRow>,
    /// How many there are.
    pub count: usize,
    /// Days after which a visit is marked 补录.
    pub late_days: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct VisitorName {
    pub id: Uuid,
    pub name: String,
}

pub fn recent(desk: &Desk, _: Nothing) -> Result<RecentVisits> {
    let (finder, author) = (desk.finder()?, desk.author()?);
    desk.read(|ledger| {
        let view = ledger.view();
        let month = Month::of(view.today);
        let mut visits = view.visits(month.first(), month.last())?;
        visits.extend(view.visits_typed(month.first(), view.today)?.into_iter().filter(|v| !month.contains(v.on)));
        let count = visits.len();
        // An id is made in the order of time: the last entered has the greatest.
        visits.sort_by_key(|visit| std::cmp::Reverse(visit.id));
        let late_days = late_days(view.today)?;
        let last = visits.first().map(|v| view.get::<Person>(v.visitor.0)).transpose()?.flatten();
        let named = |person: Person| VisitorName { id: person.id.0, name: person.name };
        Ok(RecentVisits {
            me: view.people_named(&author)?.into_iter().next().map(named),
            last: last.map(named),
            rows: visits.iter().take(RECENT).map(|visit| row(visit, &finder, late_days)).collect(),
            count,
            late_days,
        })
    })
}

fn late_days(on: Date) -> Result<u32> {
    Ok(Rules::shipped().days("late_entry_days", on)?)
}

fn row(visit: &Visit, finder: &Finder, late_days: u32) -> VisitRow {
    let home = finder.household(visit.household);
    VisitRow {
        id: visit.id.0,
        household: visit.household.0,
        head: home.map(|found| found.head_name.clone().unwrap_or_else(|| found.name.clone())),
        group: home.and_then(|found| found.group.clone()),
        visitor: visit.visitor.0,
        visitor_name: finder.person(visit.visitor).map(|found| found.name.clone()).unwrap_or_default(),
        on: visit.on,
        meal: visit.shared_meal,
        chore: visit.did_chore,
        way: visit.opportunity_given,
        late: visit.is_late(i64::from(late_days)),
        typed_on: visit.typed_on,
    }
}

#[derive(Clone, Copy, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct WhichVisit {
    pub id: Uuid,
}

/// A visit as its form holds it.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct VisitLook {
    pub row: VisitRow,
    pub self_paid: Option<bool>,
    pub chore_what: Option<String>,
    pub opportunity: Option<String>,
    pub note: Option<String>,
    pub late_why: Option<String>,
    /// Its month is closed: a change is a 更正 with a reason.
    pub closed: bool,
    pub voided: Option<String>,
}

pub fn look(desk: &Desk, ask: WhichVisit) -> Result<VisitLook> {
    let finder = desk.finder()?;
    desk.read(|ledger| {
        let view = ledger.view();
        let missing = || Refusal::new(Code::NoSuchRecord).with("kind", "visit").with("id", ask.id);
        let visit = view.get::<Visit>(ask.id)?.ok_or_else(missing)?;
        Ok(VisitLook {
            row: row(&visit, &finder, late_days(view.today)?),
            self_paid: visit.self_paid,
            chore_what: visit.chore,
            opportunity: visit.opportunity,
            note: visit.note,
            late_why: visit.late_why,
            closed: view.report(Month::of(visit.on))?.is_some(),
            voided: visit.gone.map(|gone| gone.reason),
        })
    })
}

#[derive(Clone, Copy, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct VisitDay {
    pub household: Uuid,
    pub on: Date,
}

/// What a form should say about the day that was chosen, before it is saved.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct DayNote {
    /// The household was visited that day already.
    pub same_day: Option<VisitRow>,
    /// It will be marked 补录.
    pub late: bool,
    /// Its month is closed; the visit is told in the next report as 补录.
    pub closed: bool,
    pub future: bool,
}

pub fn day(desk: &Desk, ask: VisitDay) -> Result<DayNote> {
    let finder = desk.finder()?;
    desk.read(|ledger| {
        let view = ledger.view();
        let late_days = late_days(view.today)?;
        let same = same_day(view, HouseholdId(ask.household), ask.on)?;
        Ok(DayNote {
            same_day: same.map(|visit| row(&visit, &finder, late_days)),
            late: (view.today - ask.on).num_days() > i64::from(late_days),
            closed: view.report(Month::of(ask.on))?.is_some(),
            future: ask.on > view.today,
        })
    })
}

fn same_day(view: View<'_>, household: HouseholdId, on: Date) -> Result<Option<Visit>> {
    Ok(view.visits_of(household)?.into_iter().find(|visit| visit.on == on))
}

/// Whoever is to be the visitor must be somebody of the ledger.
fn visitor(view: View<'_>, id: Uuid) -> Result<PersonId> {
    let known = view.get::<Person>(id)?.is_some_and(|person| person.gone.is_none());
    let unknown = || Refusal::new(Code::Missing).with("kind", "visit").with("field", "visitor");
    known.then_some(PersonId(id)).ok_or_else(|| unknown().into())
}
