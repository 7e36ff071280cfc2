//! 导出 — the filtered list of households as a workbook in the papers folder. Names are of use in the office; numbers of
//! people are not in it, and what was typed into free text is masked.

use std::collections::{HashMap, HashSet};

use lianhu_ledger::codes;
use lianhu_ledger::dates::Date;
use lianhu_ledger::text::{Lang, say};
use lianhu_report::document::{Document, Orientation};
use lianhu_report::table::{Column, Table, TableCell};
use lianhu_report::{mask, xlsx};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

use super::list::{HouseholdList, HouseholdRow, of};
use crate::desk::Desk;
use crate::files;
use crate::problem::Result;

#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ExportHouseholds {
    /// In the order in which they are to stand.
    pub ids: Vec<Uuid>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct HouseholdSheet {
    pub path: String,
}

pub fn export(desk: &Desk, ask: ExportHouseholds) -> Result<HouseholdSheet> {
    let list = desk.read(|ledger| of(ledger.view()))?;
    let (lang, made_at) = (desk.settings().language.lang(), desk.machine().china_time());
    let title = say(lang, "sheet.households", &[("day", &list.today.to_string())]);
    let mut document = Document::sheet(title.clone(), Orientation::Landscape, made_at);
    document.table(table(&list, &ask.ids, lang));
    let bytes =
        xlsx(&document, &[]).map_err(|fault| lianhu_ledger::Fault::Asset { name: "xlsx", what: fault.to_string() })?;
    let folder = desk.papers();
    let name = files::free_name(&folder, &files::safe_name(&title), "xlsx");
    let path = files::write(&folder, &name, &bytes)?;
    Ok(HouseholdSheet { path: path.display().to_string() })
}

/// Key of the column's head, and its share of the width.
const COLUMNS: [(&str, u16); 12] = [
    ("group", 10),
    ("number", 6),
    ("head", 10),
    ("on_roll", 6),
    ("household_class", 16),
    ("paired_with", 16),
    ("stars", 6),
    ("shared_meal", 8),
    ("did_chore", 8),
    ("way_forward", 8),
    ("last_visit", 12),
    ("ended_on", 10),
];

fn table(list: &HouseholdList, ids: &[Uuid], lang: Lang) -> Table {
    let head = |(key, share): &(&str, u16)| Column::new(say(lang, &format!("sheet.{key}"), &[]), *share);
    let mut table = Table::new(say(lang, "sheet.title", &[]), COLUMNS.iter().map(head).collect());
    let rows: HashMap<Uuid, &HouseholdRow> = list.rows.iter().map(|row| (row.id, row)).collect();
    let groups: HashMap<Uuid, &str> = list.groups.iter().map(|group| (group.id, group.name.as_str())).collect();
    let mut written = HashSet::new();
    for row in ids.iter().filter(|id| written.insert(**id)).filter_map(|id| rows.get(id)) {
        table.row(cells(row, row.group.and_then(|id| groups.get(&id)).copied(), lang));
    }
    table
}

fn cells(row: &HouseholdRow, group: Option<&str>, lang: Lang) -> Vec<TableCell> {
    let classes: Vec<&str> = row.classes.iter().map(|code| codes::label("household_class", code, lang)).collect();
    let mut helpers: Vec<&str> = row.helpers.iter().map(|helper| helper.name.as_str()).collect();
    helpers.dedup();
    let number = |n: Option<u32>| n.map_or(TableCell::Blank, |n| TableCell::Count(i64::from(n)));
    let day = |day: Option<Date>| day.map_or(TableCell::Blank, |day| TableCell::text(day.to_string()));
    let done = |done: Option<bool>| match done {
        Some(yes) => TableCell::text(say(lang, if yes { "sheet.yes" } else { "sheet.no" }, &[])),
        None => TableCell::Blank,
    };
    vec![
        plain(group.unwrap_or_default()),
        number(row.number),
        plain(row.head.as_deref().unwrap_or_default()),
        TableCell::Count(i64::from(row.people)),
        plain(&classes.join(" ")),
        plain(&helpers.join(" ")),
        number(row.stars),
        done(row.shared_meal),
        done(row.did_chore),
        done(row.way_forward),
        day(row.last_visit),
        day(row.ended_on),
    ]
}

/// A number that was typed into a name leaves the house no more than one in its own field.
fn plain(text: &str) -> TableCell {
    mask::text(text).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::Nothing;
    use crate::testing;

    #[test]
    fn the_chosen_households_stand_in_a_workbook_in_the_papers_folder() {
        let (desk, _dir) = testing::sample();
        let ids: Vec<Uuid> =
            super::super::list(&desk, Nothing {}).unwrap().rows.iter().take(40).map(|r| r.id).collect();
        let first = export(&desk, ExportHouseholds { ids: ids.clone() }).unwrap();
        let second = export(&desk, ExportHouseholds { ids }).unwrap();
        assert_ne!(first.path, second.path, "nothing is written over");
        assert_eq!(&files::read(first.path.as_ref()).unwrap()[..2], b"PK");
    }
}
