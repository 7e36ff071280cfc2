//! 数据行 — which rows under the header are records. Merged cells are carried down; totals, signatures, notes, repeated
//! headers and blank rows are set aside, each with its reason.

use super::header::{Header, bare};
use super::{Column, Field};
use crate::clean::folded;
use crate::finding::Did;
use crate::grid::{Cell, Row, Sheet};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One record row.
#[derive(Debug, Clone, PartialEq)]
pub struct TableRow {
    /// 1-based, as Excel shows it.
    pub number: u32,
    cells: BTreeMap<u32, Placed>,
}

#[derive(Debug, Clone, PartialEq)]
struct Placed {
    cell: Cell,
    carried: bool,
}

static EMPTY: Cell = Cell::Empty;

impl TableRow {
    pub fn cell(&self, column: &Column) -> &Cell {
        self.cells.get(&column.index).map_or(&EMPTY, |p| &p.cell)
    }

    /// The cell's own content, not what a merge carried into it.
    pub fn own(&self, column: &Column) -> Option<&Cell> {
        let placed = self.cells.get(&column.index)?;
        (!placed.carried && !placed.cell.is_blank()).then_some(&placed.cell)
    }
}

/// A row under the header that is no record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skipped {
    pub row: u32,
    pub text: String,
    pub why: Why,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    Total,
    Signature,
    Note,
    HeaderAgain,
    /// Only a running number, or a group's name as a divider.
    Divider,
}

impl Why {
    pub fn did(self) -> Did {
        match self {
            Why::Total => Did::IsTotal,
            Why::Signature => Did::IsSignature,
            Why::Note => Did::IsNote,
            Why::HeaderAgain => Did::IsHeader,
            Why::Divider => Did::IsDivider,
        }
    }
}

pub fn read(sheet: &Sheet, header: &Header) -> (Vec<TableRow>, Vec<Skipped>) {
    let carried = carried(sheet, header);
    let mut rows = Vec::new();
    let mut skipped = Vec::new();
    for row in sheet.rows.iter().filter(|r| r.number > header.last) {
        if row.cells.iter().all(|(_, c)| c.is_blank()) {
            continue;
        }
        match why_not(row, header) {
            Some(why) => skipped.push(Skipped { row: row.number, text: line(row), why }),
            None => rows.push(placed(row, &carried)),
        }
    }
    (rows, skipped)
}

/// For every covered cell of a vertical merge below the header: (row, column) → the value it shows.
/// Only rows that have cells of their own matter, so a merge over everything costs nothing.
fn carried(sheet: &Sheet, header: &Header) -> BTreeMap<(u32, u32), Cell> {
    let mut out = BTreeMap::new();
    let known: Vec<u32> = header.columns.iter().map(|c| c.index).collect();
    for area in sheet.merges.iter().filter(|m| m.top > header.last && m.bottom > m.top) {
        let from = sheet.rows.partition_point(|r| r.number < area.top);
        let Some(top) = sheet.rows.get(from).filter(|r| r.number == area.top) else {
            continue;
        };
        let value = top.cell(area.left);
        if value.is_blank() || !known.contains(&area.left) {
            continue;
        }
        for row in sheet.rows[from + 1..].iter().take_while(|r| r.number <= area.bottom) {
            out.insert((row.number, area.left), value.clone());
        }
    }
    out
}

fn placed(row: &Row, carried: &BTreeMap<(u32, u32), Cell>) -> TableRow {
    let mut cells: BTreeMap<u32, Placed> = carried
        .range((row.number, 0)..=(row.number, u32::MAX))
        .map(|((_, column), cell)| (*column, Placed { cell: cell.clone(), carried: true }))
        .collect();
    let own = row.cells.iter().filter(|(_, c)| !c.is_blank());
    cells.extend(own.map(|(column, cell)| (*column, Placed { cell: cell.clone(), carried: false })));
    TableRow { number: row.number, cells }
}

const TOTALS: &[&str] = &["合计", "总计", "小计", "共计", "本页合计", "本组合计", "累计"];
const SIGNATURES: &[&str] = &[
    "审核人",
    "审核:",
    "填表人",
    "填报人",
    "填报单位",
    "制表",
    "负责人",
    "单位负责人",
    "经办人",
    "村主任",
    "签字",
    "盖章",
    "日期:",
];
const NOTES: &[&str] = &["注:", "注1", "说明:", "备注:", "填表说明", "注意", "※"];

fn why_not(row: &Row, header: &Header) -> Option<Why> {
    let filled: Vec<&(u32, Cell)> = row.cells.iter().filter(|(_, c)| !c.is_blank()).collect();
    if filled.iter().any(|(_, cell)| TOTALS.contains(&bare(&cell.as_typed()).as_str())) {
        return Some(Why::Total);
    }
    if is_header_again(&filled, header) {
        return Some(Why::HeaderAgain);
    }
    if filled.len() > 3 {
        return None;
    }
    let first = filled.first().map(|(_, cell)| folded(&cell.as_typed())).unwrap_or_default();
    let starts = |words: &[&str]| words.iter().any(|w| first.starts_with(w));
    match () {
        () if starts(SIGNATURES) => Some(Why::Signature),
        () if starts(NOTES) => Some(Why::Note),
        () => is_divider(&filled, header).then_some(Why::Divider),
    }
}

fn is_header_again(filled: &[&(u32, Cell)], header: &Header) -> bool {
    let over = |column: u32| header.columns.iter().find(|c| c.index == column);
    let same =
        |(column, cell): &&&(u32, Cell)| over(*column).is_some_and(|h| folded(&h.header) == folded(&cell.as_typed()));
    filled.len() >= 2 && filled.iter().filter(same).count() * 2 > filled.len()
}

/// A single cell under the running number or the group says where we are, not who.
fn is_divider(filled: &[&(u32, Cell)], header: &Header) -> bool {
    let [(column, _)] = filled else { return false };
    let field = header.columns.iter().find(|c| c.index == *column).and_then(|c| c.field);
    matches!(field, Some(Field::Seq | Field::Group))
}

fn line(row: &Row) -> String {
    row.cells.iter().map(|(_, c)| c.as_typed()).collect::<Vec<_>>().join(" ")
}
