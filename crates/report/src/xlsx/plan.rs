//! What goes where on a sheet, before anything is written.

use crate::print::{ems, one_line};
use crate::table::{Column, FEWEST_FOR_PERCENT, Row, Table, TableCell};

/// Widths in half-width characters: no column so narrow that a heading is unreadable, none so
/// wide that the table runs off the screen.
const WIDTHS: std::ops::RangeInclusive<f64> = 7.0..=46.0;

/// What A4 on its side holds at the usual size.
const PAPER_WIDTH: f64 = 110.0;

/// How a text is made fit before it is written.
pub type Scrub = fn(&str) -> String;

/// What is written in one place of the sheet.
pub enum Typed {
    Text(String),
    Number { value: f64, shown: String },
}

pub enum PlanRow {
    Cells(Vec<Typed>),
    Band(String),
}

/// A table as the sheet has it: a rate takes two columns, its percentage and its counts.
pub struct Plan {
    pub title: String,
    pub columns: Vec<Column>,
    pub rows: Vec<PlanRow>,
    pub notes: Vec<String>,
    pub widths: Vec<f64>,
    pub row_mm: Option<u8>,
}

impl Plan {
    pub fn new(table: &Table, scrub: Scrub) -> Self {
        let rated: Vec<bool> = (0..table.columns.len()).map(|at| is_rated(table, at)).collect();
        let columns = split_columns(&table.columns, &rated);
        let rows: Vec<PlanRow> = table.rows.iter().map(|row| plan_row(row, &rated, scrub)).collect();
        let widths = (0..columns.len()).map(|at| column_width(at, &columns, &rows)).collect();
        let notes = table.notes.iter().map(|n| one_line(n)).collect();
        Self { title: one_line(&table.title), columns, rows, notes, widths, row_mm: table.row_mm }
    }
}

fn is_rated(table: &Table, at: usize) -> bool {
    table.rows.iter().any(|row| match row {
        Row::Cells(cells) => matches!(cells.get(at), Some(TableCell::Rate { .. })),
        Row::Band(_) => false,
    })
}

fn split_columns(columns: &[Column], rated: &[bool]) -> Vec<Column> {
    let mut out = Vec::new();
    for (column, rated) in columns.iter().zip(rated) {
        out.push(column.clone());
        if *rated {
            let title = format!("{}（分子/分母）", column.title);
            out.push(Column { title, ..column.clone() });
        }
    }
    out
}

fn plan_row(row: &Row, rated: &[bool], scrub: Scrub) -> PlanRow {
    let cells = match row {
        Row::Cells(cells) => cells,
        Row::Band(text) => return PlanRow::Band(one_line(text)),
    };
    let mut out = Vec::new();
    for (at, rated) in rated.iter().enumerate() {
        let cell = cells.get(at).unwrap_or(&TableCell::Blank);
        out.push(typed(cell, scrub));
        if *rated {
            out.push(Typed::Text(counts(cell)));
        }
    }
    PlanRow::Cells(out)
}

fn counts(cell: &TableCell) -> String {
    match cell {
        TableCell::Rate { num, den } => format!("{num}/{den}"),
        _ => String::new(),
    }
}

fn typed(cell: &TableCell, scrub: Scrub) -> Typed {
    let shown = match cell {
        TableCell::Count(_) => "0".to_string(),
        TableCell::Decimal { places, .. } => zeros(*places),
        TableCell::Change { places, .. } => {
            let zeros = zeros(*places);
            format!("+{zeros};-{zeros};{zeros}")
        }
        TableCell::Rate { den, .. } if *den >= FEWEST_FOR_PERCENT => "0.0%".to_string(),
        other => return Typed::Text(scrub(&other.print())),
    };
    match cell.value() {
        Some(value) => Typed::Number { value, shown },
        None => Typed::Text(cell.print()),
    }
}

fn zeros(places: u8) -> String {
    match places {
        0 => "0".into(),
        places => format!("0.{}", "0".repeat(usize::from(places))),
    }
}

/// Wide enough for its figures and for its share of the paper; long texts wrap.
fn column_width(at: usize, columns: &[Column], rows: &[PlanRow]) -> f64 {
    let shares: f64 = columns.iter().map(|c| f64::from(c.share)).sum();
    let share = f64::from(columns[at].share) / shares.max(1.0) * PAPER_WIDTH;
    let head = ems(&columns[at].title).min(8.0) * 2.0;
    let widest = rows.iter().map(|row| cell_width(at, row)).fold(head, f64::max);
    (widest + 2.0).max(share).clamp(*WIDTHS.start(), *WIDTHS.end())
}

fn cell_width(at: usize, row: &PlanRow) -> f64 {
    match row {
        PlanRow::Cells(cells) => match &cells[at] {
            Typed::Text(text) => text.lines().map(|l| ems(l) * 2.0).fold(0.0, f64::max),
            Typed::Number { value, .. } => format!("{value:.2}").len() as f64,
        },
        PlanRow::Band(_) => 0.0,
    }
}

/// Lines that a text takes in a column of that width. A Chinese character is a little wider
/// than two figures.
pub fn lines_in(text: &str, width: f64) -> f64 {
    let line = |l: &str| (ems(l) * 2.15 / (width - 1.0).max(1.0)).ceil().max(1.0);
    text.lines().map(line).sum::<f64>().max(1.0)
}
