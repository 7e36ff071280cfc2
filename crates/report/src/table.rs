//! 表 — tables and charts of a paper, with cells that keep their kind.
//!
//! A cell says what it knows (a count, a rate, “not entered”), so that the spreadsheet gets a
//! number where the paper gets words; the words come from [`TableCell::print`] alone.

use serde::{Deserialize, Serialize};

/// Below this many, a percentage says more than is known: only the counts are printed.
pub const FEWEST_FOR_PERCENT: u32 = 10;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TableCell {
    Text(String),
    Count(i64),
    /// `units` of 10^-`places`: 136 with 1 place prints 13.6.
    Decimal {
        units: i64,
        places: u8,
    },
    /// Against last time, always with its sign: +3, -2, 0.
    Change {
        units: i64,
        places: u8,
    },
    Rate {
        num: u32,
        den: u32,
    },
    /// Nobody entered it. Never printed as 0.
    Unknown,
    /// It was not done, and why.
    NotHeld(String),
    /// Empty on purpose: to be filled by pen, or not applicable.
    Blank,
}

impl TableCell {
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// The one wording of a cell, on paper and in Word alike.
    pub fn print(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Count(n) => n.to_string(),
            Self::Decimal { units, places } => decimal_text(*units, *places),
            Self::Change { units, places } => change_text(*units, *places),
            Self::Rate { num, den } => rate_text(*num, *den),
            Self::Unknown => "未填报".into(),
            Self::NotHeld(why) if why.trim().is_empty() => "未开展".into(),
            Self::NotHeld(why) => format!("未开展（{why}）"),
            Self::Blank => String::new(),
        }
    }

    /// Its size for a bar or a chart; `None` where there is nothing to draw.
    pub(crate) fn value(&self) -> Option<f64> {
        match self {
            Self::Count(n) => Some(*n as f64),
            Self::Decimal { units, places } | Self::Change { units, places } => {
                Some(*units as f64 / 10f64.powi(i32::from(*places)))
            }
            Self::Rate { den: 0, .. } => None,
            Self::Rate { num, den } => Some(f64::from(*num) / f64::from(*den)),
            Self::Text(_) | Self::Unknown | Self::NotHeld(_) | Self::Blank => None,
        }
    }
}

impl From<&str> for TableCell {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

impl From<String> for TableCell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for TableCell {
    fn from(n: i64) -> Self {
        Self::Count(n)
    }
}

/// What was not counted is 未填报, not 0.
impl From<Option<i64>> for TableCell {
    fn from(n: Option<i64>) -> Self {
        n.map_or(Self::Unknown, Self::Count)
    }
}

/// 91.3%（137/150）; 7/9 where nine are too few for a percentage; — where there was nobody.
pub fn rate_text(num: u32, den: u32) -> String {
    match den {
        0 => "—".into(),
        den if den < FEWEST_FOR_PERCENT => format!("{num}/{den}"),
        den => format!("{}（{num}/{den}）", percent_text(num, den)),
    }
}

/// One decimal, halves up, by whole numbers only: no two computers may differ in it.
pub(crate) fn percent_text(num: u32, den: u32) -> String {
    let tenths = (u64::from(num) * 2000 + u64::from(den)) / (u64::from(den) * 2);
    format!("{}.{}%", tenths / 10, tenths % 10)
}

fn decimal_text(units: i64, places: u8) -> String {
    if places == 0 {
        return units.to_string();
    }
    let scale = 10u64.pow(u32::from(places.min(9)));
    let sign = if units < 0 { "-" } else { "" };
    let size = units.unsigned_abs();
    let width = usize::from(places.min(9));
    format!("{sign}{}.{:0width$}", size / scale, size % scale)
}

fn change_text(units: i64, places: u8) -> String {
    let plus = if units > 0 { "+" } else { "" };
    format!("{plus}{}", decimal_text(units, places))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Align {
    Left,
    Center,
    Right,
}

/// 栏目. Neighbours with the same `group` stand under one heading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    pub title: String,
    pub group: Option<String>,
    /// Its part of the table's width, against the other columns' shares.
    pub share: u16,
    pub align: Align,
}

impl Column {
    pub fn new(title: impl Into<String>, share: u16) -> Self {
        let title = title.into();
        Self { title, group: None, share, align: Align::Center }
    }

    pub fn left(self) -> Self {
        Self { align: Align::Left, ..self }
    }

    pub fn right(self) -> Self {
        Self { align: Align::Right, ..self }
    }

    pub fn under(self, group: impl Into<String>) -> Self {
        Self { group: Some(group.into()), ..self }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Row {
    Cells(Vec<TableCell>),
    /// A heading over the whole width: 第三组（104户）.
    Band(String),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    pub title: String,
    pub columns: Vec<Column>,
    pub rows: Vec<Row>,
    pub notes: Vec<String>,
    /// At least this high, so that there is room for a pen.
    pub row_mm: Option<u8>,
}

impl Table {
    pub fn new(title: impl Into<String>, columns: Vec<Column>) -> Self {
        Self { title: title.into(), columns, rows: Vec::new(), notes: Vec::new(), row_mm: None }
    }

    pub fn row(&mut self, cells: Vec<TableCell>) {
        self.rows.push(Row::Cells(cells));
    }

    pub fn band(&mut self, text: impl Into<String>) {
        self.rows.push(Row::Band(text.into()));
    }

    pub fn note(&mut self, text: impl Into<String>) {
        self.notes.push(text.into());
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChartKind {
    Columns,
    Line,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Series {
    pub name: String,
    pub values: Vec<TableCell>,
}

/// 图. On paper a small table of its figures with a bar beside each, so that Word and PDF carry
/// the same words; in the spreadsheet a native chart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chart {
    pub title: String,
    pub kind: ChartKind,
    /// What the labels are: 月份, 村民组.
    pub over: String,
    pub labels: Vec<String>,
    pub series: Vec<Series>,
}

impl Chart {
    /// Its figures, one label a row.
    pub fn table(&self) -> Table {
        let mut columns = vec![Column::new(&self.over, 20)];
        columns.extend(self.series.iter().map(|s| Column::new(&s.name, 28)));
        let mut table = Table::new(&self.title, columns);
        for (at, label) in self.labels.iter().enumerate() {
            let mut cells = vec![TableCell::text(label)];
            let value = |s: &Series| s.values.get(at).cloned().unwrap_or(TableCell::Unknown);
            cells.extend(self.series.iter().map(value));
            table.row(cells);
        }
        table
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(cell: TableCell, wanted: &str) {
        assert_eq!(cell.print(), wanted);
    }

    #[test]
    fn every_percentage_is_followed_by_its_counts() {
        check(TableCell::Rate { num: 137, den: 150 }, "91.3%（137/150）");
        check(TableCell::Rate { num: 10, den: 10 }, "100.0%（10/10）");
        check(TableCell::Rate { num: 1, den: 2000 }, "0.1%（1/2000）");
    }

    #[test]
    fn too_few_for_a_percentage_print_as_counts() {
        check(TableCell::Rate { num: 7, den: 9 }, "7/9");
        check(TableCell::Rate { num: 0, den: 0 }, "—");
    }

    #[test]
    fn unknown_not_held_and_none_are_three_different_things() {
        check(TableCell::from(None), "未填报");
        check(TableCell::NotHeld("农忙".into()), "未开展（农忙）");
        check(TableCell::Count(0), "0");
        check(TableCell::Blank, "");
    }

    #[test]
    fn a_change_always_shows_its_direction() {
        check(TableCell::Change { units: 3, places: 0 }, "+3");
        check(TableCell::Change { units: -21, places: 1 }, "-2.1");
        check(TableCell::Change { units: 0, places: 0 }, "0");
    }

    #[test]
    fn decimals_are_exact() {
        check(TableCell::Decimal { units: 136, places: 1 }, "13.6");
        check(TableCell::Decimal { units: -5, places: 2 }, "-0.05");
        check(TableCell::Decimal { units: i64::MIN, places: 0 }, "-9223372036854775808");
    }

    #[test]
    fn a_chart_with_a_missing_figure_says_so() {
        let chart = Chart {
            title: "图".into(),
            kind: ChartKind::Line,
            over: "月份".into(),
            labels: vec!["9月".into(), "10月".into()],
            series: vec![Series { name: "场次".into(), values: vec![TableCell::Count(2)] }],
        };
        let rows = chart.table().rows;
        assert_eq!(rows[1], Row::Cells(vec!["10月".into(), TableCell::Unknown]));
    }
}
