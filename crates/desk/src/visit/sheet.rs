//! 一晚录完一张走访登记表 — the households of one visitor in the order of the printed sheet; one save is one step.

use std::collections::HashSet;

use lianhu_ledger::dates::{Date, Month};
use lianhu_ledger::records::pairing::Bond;
use lianhu_ledger::records::{HouseholdId, PersonId};
use lianhu_ledger::{Code, Refusal};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use ts_rs::TS;
use uuid::Uuid;

use super::save::{Need, Raised, raise};
use crate::desk::{Desk, Done};
use crate::problem::Result;

#[derive(Clone, Copy, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct LookAtSheet {
    pub visitor: Uuid,
    #[ts(type = "string")]
    pub month: Month,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct VisitSheet {
    pub rows: Vec<SheetRow>,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct SheetRow {
    pub household: Uuid,
    pub head: String,
    pub group: Option<String>,
    pub number: Option<u32>,
    /// Days of the month on which a visit is entered already.
    pub days: Vec<Date>,
}

/// The visitor's households, group by group and number by number, as the sheet is printed.
pub fn sheet(desk: &Desk, ask: LookAtSheet) -> Result<VisitSheet> {
    let finder = desk.finder()?;
    desk.read(|ledger| {
        let view = ledger.view();
        let day = ask.month.last().min(view.today);
        let mut paired: Vec<HouseholdId> = Vec::new();
        for bond in [Bond::Aid, Bond::Link, Bond::Team] {
            let own = view.pairings(bond, day)?.into_iter().filter(|p| p.helper == PersonId(ask.visitor));
            paired.extend(own.map(|p| p.household));
        }
        let mut seen = HashSet::new();
        paired.retain(|household| seen.insert(*household));
        let visits = view.visits(ask.month.first(), ask.month.last())?;
        let row = |household: HouseholdId| {
            let found = finder.household(household)?;
            Some((
                (found.group_number.is_none(), found.group_number, found.number),
                SheetRow {
                    household: household.0,
                    head: found.head_name.clone().unwrap_or_else(|| found.name.clone()),
                    group: found.group.clone(),
                    number: found.number,
                    days: visits.iter().filter(|v| v.household == household).map(|v| v.on).collect(),
                },
            ))
        };
        let mut rows: Vec<_> = paired.into_iter().filter_map(row).collect();
        rows.sort_by_key(|(order, _)| *order);
        Ok(VisitSheet { rows: rows.into_iter().map(|(_, row)| row).collect() })
    })
}

/// One line that was filled in.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields)]
pub struct SheetVisit {
    pub household: Uuid,
    pub on: Date,
    #[serde(default)]
    pub meal: bool,
    #[serde(default)]
    pub self_paid: bool,
    #[serde(default)]
    pub chore: bool,
    #[serde(default)]
    pub way: bool,
    #[serde(default)]
    pub opportunity: Option<String>,
    /// 困难诉求, which becomes a 事项.
    #[serde(default)]
    pub need: Option<String>,
    #[serde(default)]
    pub note: Option<String>,
}

#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SaveSheet {
    pub visitor: Uuid,
    pub visits: Vec<SheetVisit>,
}

/// All lines or none; a line that cannot stand is named by its number from 1.
pub fn save(desk: &Desk, ask: SaveSheet) -> Result<Done<usize>> {
    desk.edit("visit_sheet", |draft| {
        super::visitor(draft.view(), ask.visitor)?;
        if ask.visits.is_empty() {
            return Err(Refusal::new(Code::NothingToDo).into());
        }
        for (n, visit) in ask.visits.iter().enumerate() {
            if visit.on > draft.today() {
                return Err(Refusal::new(Code::FutureDate).with("on", visit.on).with("row", n + 1).into());
            }
            let id = draft.create("visit", fields(ask.visitor, visit))?;
            if let Some(text) = visit.need.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
                let need = Need { text: text.to_owned(), owner: None, due: None };
                raise(draft, Raised { visit: id, household: visit.household, on: visit.on }, &need)?;
            }
        }
        Ok(ask.visits.len())
    })
}

fn fields(visitor: Uuid, visit: &SheetVisit) -> lianhu_ledger::Fields {
    let ticked = |on: bool| if on { json!(true) } else { Json::Null };
    let way = visit.way || visit.opportunity.as_deref().is_some_and(|text| !text.trim().is_empty());
    let fields = [
        ("household", json!(visit.household)),
        ("visitor", json!(visitor)),
        ("on", json!(visit.on)),
        ("shared_meal", ticked(visit.meal || visit.self_paid)),
        ("self_paid", ticked(visit.self_paid)),
        ("did_chore", ticked(visit.chore)),
        ("opportunity_given", ticked(way)),
        ("opportunity", json!(visit.opportunity)),
        ("note", json!(visit.note)),
    ];
    fields.into_iter().filter(|(_, v)| !v.is_null()).map(|(name, value)| (name.to_owned(), value)).collect()
}

#[cfg(test)]
mod tests {
    use lianhu_ledger::records::Visit;

    use super::*;
    use crate::history::{UndoStep, undo};
    use crate::testing;

    fn visits(desk: &Desk) -> usize {
        desk.read(|ledger| Ok(ledger.view().all::<Visit>()?.len())).unwrap()
    }

    fn filled(desk: &Desk, days: &[&str]) -> SaveSheet {
        let helper = desk.read(|l| Ok(l.view().pairings(Bond::Aid, l.today())?[0].helper.0)).unwrap();
        let rows = sheet(desk, LookAtSheet { visitor: helper, month: "2026-11".parse().unwrap() }).unwrap().rows;
        assert!(rows.is_sorted_by_key(|row| row.number), "numbers run on from group to group in the sample: {rows:?}");
        let line = |(row, on): (&SheetRow, &&str)| {
            serde_json::from_value(json!({"household": row.household, "on": on, "meal": true})).unwrap()
        };
        SaveSheet { visitor: helper, visits: rows.iter().cycle().zip(days).map(line).collect() }
    }

    #[test]
    fn an_evenings_sheet_is_one_step_and_one_undo() {
        let (desk, _dir) = testing::sample();
        let before = visits(&desk);
        let done = save(&desk, filled(&desk, &["2026-11-18"; 8])).unwrap();
        assert_eq!((done.value, visits(&desk)), (8, before + 8));
        undo(&desk, UndoStep { batch: done.batch.unwrap(), correct: None }).unwrap();
        assert_eq!(visits(&desk), before);
    }

    #[test]
    fn a_need_on_the_sheet_becomes_a_matter_of_its_household_and_the_day_is_told_next_time() {
        let (desk, _dir) = testing::sample();
        let mut ask = filled(&desk, &["2026-11-18"]);
        ask.visits[0].need = Some("屋顶漏雨".into());
        let (visitor, household) = (ask.visitor, ask.visits[0].household);
        save(&desk, ask).unwrap();
        let matters = desk.read(|ledger| ledger.view().matters_of(HouseholdId(household))).unwrap();
        assert!(matters.iter().any(|matter| matter.text == "屋顶漏雨" && matter.visit.is_some()));
        let rows = sheet(&desk, LookAtSheet { visitor, month: "2026-11".parse().unwrap() }).unwrap().rows;
        assert!(rows[0].days.contains(&"2026-11-18".parse().unwrap()));
    }

    #[test]
    fn one_line_that_cannot_stand_keeps_all_of_them_out() {
        let (desk, _dir) = testing::sample();
        let before = visits(&desk);
        let refused = save(&desk, filled(&desk, &["2026-11-18", "2026-11-30"])).unwrap_err();
        assert_eq!((refused.code(), visits(&desk)), (Some(Code::FutureDate), before));
    }
}
