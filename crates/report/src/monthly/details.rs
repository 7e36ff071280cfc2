//! 原始明细 — the records behind the figures, as further sheets of the spreadsheet. Resident IDs and phones are masked
//! unless the clerk asks for them in full.

use std::collections::HashMap;

use lianhu_ledger::records::{Group, GroupId, Household, HouseholdId, Matter, Person, PersonId, Visit};
use lianhu_ledger::{Result, View};

use crate::figures::Figures;
use crate::mask;
use crate::table::{Column, Table, TableCell};

/// Which details go with the spreadsheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Details {
    None,
    Masked,
    /// Resident IDs in full: for the village's own use, with a reason.
    Full,
}

/// The month's visits and matters, one sheet each.
pub fn details(view: View<'_>, figures: &Figures, which: Details) -> Result<Vec<Table>> {
    if which == Details::None {
        return Ok(Vec::new());
    }
    let names = Names::read(view)?;
    let (from, to) = (figures.month.first(), figures.month.last());
    Ok(vec![visits(&names, &view.visits(from, to)?, which), matters(&names, &view.matters(from, to)?)])
}

struct Names {
    people: HashMap<PersonId, Person>,
    households: HashMap<HouseholdId, Household>,
    groups: HashMap<GroupId, String>,
}

impl Names {
    fn read(view: View<'_>) -> Result<Names> {
        Ok(Names {
            people: view.all::<Person>()?.into_iter().map(|p| (p.id, p)).collect(),
            households: view.all::<Household>()?.into_iter().map(|h| (h.id, h)).collect(),
            groups: view.all::<Group>()?.into_iter().map(|g| (g.id, g.name)).collect(),
        })
    }

    fn head(&self, household: HouseholdId) -> Option<&Person> {
        self.households.get(&household).and_then(|h| h.head).and_then(|p| self.people.get(&p))
    }

    fn group(&self, household: HouseholdId) -> &str {
        let group = self.households.get(&household).and_then(|h| h.group).and_then(|g| self.groups.get(&g));
        group.map_or("", String::as_str)
    }
}

fn visits(names: &Names, visits: &[Visit], which: Details) -> Table {
    let columns = [
        "走访日期",
        "走访人",
        "户主",
        "身份证号",
        "村民组",
        "同吃一餐饭",
        "做一次家务",
        "明确发展门路",
        "门路内容",
        "备注",
    ];
    let mut table = Table::new("走访明细", columns.into_iter().map(|c| Column::new(c, 10)).collect());
    for visit in visits {
        let head = names.head(visit.household);
        let number = head.and_then(|p| p.id_number.as_deref());
        let number = match which {
            Details::Full => number.map(str::to_owned),
            _ => number.map(|n| mask::id(n).as_str().to_owned()),
        };
        table.row(vec![
            TableCell::text(visit.on.to_string()),
            TableCell::text(names.people.get(&visit.visitor).map_or("", |p| p.name.as_str())),
            TableCell::text(head.map_or("", |p| p.name.as_str())),
            number.map_or(TableCell::Blank, TableCell::Text),
            TableCell::text(names.group(visit.household)),
            tick(visit.shared_meal),
            tick(visit.did_chore),
            tick(visit.opportunity_given),
            said(&visit.opportunity),
            said(&visit.note),
        ]);
    }
    table
}

fn matters(names: &Names, matters: &[Matter]) -> Table {
    let columns = ["日期", "户主", "村民组", "内容", "责任人", "期限", "答复", "办结日期"];
    let mut table = Table::new("事项明细", columns.into_iter().map(|c| Column::new(c, 12)).collect());
    for matter in matters {
        let date = |on: Option<chrono::NaiveDate>| on.map_or(TableCell::Blank, |on| TableCell::text(on.to_string()));
        let head = matter.household.and_then(|h| names.head(h));
        table.row(vec![
            TableCell::text(matter.on.to_string()),
            TableCell::text(head.map_or("", |p| p.name.as_str())),
            TableCell::text(matter.household.map_or("", |h| names.group(h))),
            TableCell::text(&matter.text),
            said(&matter.owner),
            date(matter.due),
            said(&matter.answer),
            date(matter.closed_on),
        ]);
    }
    table
}

fn said(text: &Option<String>) -> TableCell {
    text.as_ref().map_or(TableCell::Blank, TableCell::text)
}

/// √ done, × not done, blank where nobody said.
fn tick(done: Option<bool>) -> TableCell {
    match done {
        Some(true) => TableCell::text("√"),
        Some(false) => TableCell::text("×"),
        None => TableCell::Blank,
    }
}
