//! A table measured: widths in millimetres, merged headings, the size of its letters.

use serde::Serialize;

use crate::print::{char_ems, ems, one_line};
use crate::table::{Align, Chart, Column, Row, Table, TableCell};

const MM_PER_POINT: f64 = 25.4 / 72.0;
/// Left and right of a cell's text together, with a little slack: no two programs measure
/// letters alike, and a figure that breaks over two lines is misread.
const CELL_PADDING_MM: f64 = 3.0;
/// 小四, 五号, 小五, 六号. The first at which every word fits its column is taken.
const SIZES: [f64; 4] = [12.0, 10.5, 9.0, 7.5];
/// From three lines of figures on, bars would be slivers.
const MOST_BARS: usize = 2;
/// In characters: 欧阳春花 reads as one word; a longer text should not run down the page in a
/// ribbon; 未开展 may have its reason below it.
const LONGEST_NAME: f64 = 4.2;
const SHORTEST_LINE: f64 = 6.5;
const NOT_HELD: f64 = 3.2;
const BAR_SHARE: u16 = 34;

#[derive(Debug, Serialize)]
pub(crate) struct Grid {
    pub title: String,
    pub widths_mm: Vec<f64>,
    pub size_pt: f64,
    pub row_mm: Option<u8>,
    pub head: Vec<Vec<HeadCell>>,
    pub rows: Vec<GridRow>,
    pub notes: Vec<String>,
}

/// `held` marks the lower half of a heading that reaches over both lines.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct HeadCell {
    pub text: String,
    pub at: usize,
    pub span: usize,
    pub lines: usize,
    pub held: bool,
}

#[derive(Debug, Serialize)]
pub(crate) struct GridRow {
    pub band: bool,
    pub cells: Vec<GridCell>,
}

/// `bar` is a length from 0 to 1.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct GridCell {
    pub text: String,
    pub align: &'static str,
    pub bar: Option<f64>,
    /// Characters that had better stand on one line.
    #[serde(skip)]
    comfort: f64,
}

pub(crate) fn table_grid(table: &Table, width_mm: f64, official: bool) -> Grid {
    let rows: Vec<GridRow> = table.rows.iter().map(|row| grid_row(row, &table.columns)).collect();
    let (size_pt, widths_mm) = measure(&table.columns, &rows, width_mm, official);
    Grid {
        title: one_line(&table.title),
        widths_mm,
        size_pt,
        row_mm: table.row_mm,
        head: head_lines(&table.columns),
        rows,
        notes: table.notes.iter().map(|n| one_line(n)).collect(),
    }
}

/// A chart's figures, each with a bar to its right that holds no words.
pub(crate) fn chart_grid(chart: &Chart, width_mm: f64, official: bool) -> Grid {
    let mut table = chart.table();
    if chart.series.len() > MOST_BARS {
        return table_grid(&table, width_mm, official);
    }
    let most = longest(chart);
    table.columns = with_bar_columns(table.columns);
    for row in &mut table.rows {
        if let Row::Cells(cells) = row {
            *cells = with_bar_cells(std::mem::take(cells));
        }
    }
    let mut grid = table_grid(&table, width_mm, official);
    for (at, row) in grid.rows.iter_mut().enumerate() {
        for (nth, series) in chart.series.iter().enumerate() {
            let value = series.values.get(at).and_then(TableCell::value);
            row.cells[2 + 2 * nth].bar = value.map(|v| (v / most).clamp(0.0, 1.0));
        }
    }
    join_bar_headings(&mut grid.head);
    grid
}

/// A rate's bar is measured against the whole, a count's against the largest.
fn longest(chart: &Chart) -> f64 {
    let cells = || chart.series.iter().flat_map(|s| &s.values);
    let rates = cells().any(|c| matches!(c, TableCell::Rate { .. }));
    let largest = cells().filter_map(TableCell::value).fold(0.0, f64::max);
    if rates || largest <= 0.0 { largest.max(1.0) } else { largest }
}

fn with_bar_columns(columns: Vec<Column>) -> Vec<Column> {
    let mut out = Vec::new();
    for (at, column) in columns.into_iter().enumerate() {
        out.push(column);
        if at > 0 {
            out.push(Column::new("", BAR_SHARE).left());
        }
    }
    out
}

fn with_bar_cells(cells: Vec<TableCell>) -> Vec<TableCell> {
    let mut out = Vec::new();
    for (at, cell) in cells.into_iter().enumerate() {
        out.push(cell);
        if at > 0 {
            out.push(TableCell::Blank);
        }
    }
    out
}

/// The name of a series stands over its figures and its bars.
fn join_bar_headings(head: &mut [Vec<HeadCell>]) {
    for line in head {
        line.retain(|cell| cell.at == 0 || cell.at % 2 == 1);
        for cell in line.iter_mut().filter(|cell| cell.at > 0) {
            cell.span = 2;
        }
    }
}

fn grid_row(row: &Row, columns: &[Column]) -> GridRow {
    match row {
        Row::Band(text) => {
            let cell = GridCell { text: one_line(text), align: "left", bar: None, comfort: 0.0 };
            GridRow { band: true, cells: vec![cell] }
        }
        Row::Cells(cells) => {
            let cell =
                |(at, column): (usize, &Column)| grid_cell(cells.get(at).unwrap_or(&TableCell::Blank), column.align);
            GridRow { band: false, cells: columns.iter().enumerate().map(cell).collect() }
        }
    }
}

fn grid_cell(cell: &TableCell, align: Align) -> GridCell {
    let text = one_line(&cell.print());
    let whole = ems(&text);
    let comfort = match cell {
        TableCell::Text(_) if whole > LONGEST_NAME => whole.min(SHORTEST_LINE),
        TableCell::NotHeld(_) => whole.min(NOT_HELD),
        _ => whole,
    };
    GridCell { text, align: align_word(align), bar: None, comfort }
}

fn align_word(align: Align) -> &'static str {
    match align {
        Align::Left => "left",
        Align::Center => "center",
        Align::Right => "right",
    }
}

/// One line of headings, or two where columns are grouped.
pub(crate) fn head_lines(columns: &[Column]) -> Vec<Vec<HeadCell>> {
    let title = |at: usize| one_line(&columns[at].title);
    if columns.iter().all(|c| c.group.is_none()) {
        let cell = |at| HeadCell { text: title(at), at, span: 1, lines: 1, held: false };
        return vec![(0..columns.len()).map(cell).collect()];
    }
    let (mut upper, mut lower) = (Vec::<HeadCell>::new(), Vec::new());
    for (at, column) in columns.iter().enumerate() {
        let Some(group) = column.group.as_deref().map(one_line) else {
            upper.push(HeadCell { text: title(at), at, span: 1, lines: 2, held: false });
            lower.push(HeadCell { text: String::new(), at, span: 1, lines: 1, held: true });
            continue;
        };
        match upper.last_mut() {
            Some(last) if last.lines == 1 && last.text == group => last.span += 1,
            _ => upper.push(HeadCell { text: group, at, span: 1, lines: 1, held: false }),
        }
        lower.push(HeadCell { text: title(at), at, span: 1, lines: 1, held: false });
    }
    vec![upper, lower]
}

/// Shares decide, but no column is narrower than its longest figure or word: first the largest
/// letters in which every name and figure stays on one line, else the largest in which at
/// least nothing that cannot be broken runs out of its cell.
fn measure(columns: &[Column], rows: &[GridRow], width_mm: f64, official: bool) -> (f64, Vec<f64>) {
    let first = usize::from(!official || columns.len() > 6);
    let sizes = &SIZES[first..];
    let whole = needs(columns, rows, |cell| cell.comfort);
    let parts = needs(columns, rows, |_| 0.0);
    let tries = sizes.iter().map(|s| (&whole, *s)).chain(sizes.iter().map(|s| (&parts, *s)));
    let smallest = (&parts, SIZES[SIZES.len() - 1]);
    let fits = |(needs, size): &(&Vec<f64>, f64)| needs_mm(needs, *size).iter().sum::<f64>() <= width_mm;
    let (needs, size) = tries.clone().find(fits).unwrap_or(smallest);
    (size, share_out(columns, &needs_mm(needs, size), width_mm))
}

fn needs_mm(needs: &[f64], size: f64) -> Vec<f64> {
    needs.iter().map(|em| em * size * MM_PER_POINT + CELL_PADDING_MM).collect()
}

/// Each column's need in characters: its widest unbreakable part, or more where `wish` says so.
fn needs(columns: &[Column], rows: &[GridRow], wish: impl Fn(&GridCell) -> f64) -> Vec<f64> {
    let column_need = |(at, column): (usize, &Column)| {
        let cells = rows.iter().filter(|r| !r.band).filter_map(|r| r.cells.get(at));
        let body = cells.map(|c| widest_part(&c.text).max(wish(c))).fold(1.0, f64::max);
        body.max(widest_part(&one_line(&column.title)))
    };
    columns.iter().enumerate().map(column_need).collect()
}

/// The longest run that no program breaks: figures and letters together, a Chinese character
/// with the mark that follows it.
fn widest_part(text: &str) -> f64 {
    let (mut widest, mut run) = (0.0f64, 0.0);
    for c in text.chars() {
        let sticks = c.is_ascii() && c != ' ' || "，。；：？！）》”、〕】%".contains(c);
        run = if sticks { run + char_ems(c) } else { char_ems(c) };
        widest = widest.max(run);
    }
    widest
}

/// Columns below their need are given it; the rest is shared among the others.
fn share_out(columns: &[Column], needs: &[f64], width_mm: f64) -> Vec<f64> {
    let total: f64 = needs.iter().sum();
    if total >= width_mm {
        return needs.iter().map(|n| n * width_mm / total).collect();
    }
    let shares: Vec<f64> = columns.iter().map(|c| f64::from(c.share.max(1))).collect();
    let mut held = vec![false; columns.len()];
    loop {
        let taken: f64 = pick(needs, &held, true);
        let unit = (width_mm - taken) / pick(&shares, &held, false).max(f64::EPSILON);
        let short = (0..columns.len()).find(|&at| !held[at] && shares[at] * unit < needs[at]);
        match short {
            Some(at) => held[at] = true,
            None => {
                let width = |at: usize| {
                    if held[at] { needs[at] } else { shares[at] * unit }
                };
                return (0..columns.len()).map(width).collect();
            }
        }
    }
}

fn pick(values: &[f64], held: &[bool], wanted: bool) -> f64 {
    values.iter().zip(held).filter(|(_, h)| **h == wanted).map(|(v, _)| v).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(shares: &[u16]) -> Table {
        let columns = shares.iter().map(|s| Column::new("栏", *s)).collect();
        Table::new("表", columns)
    }

    fn widths(table: &Table) -> Vec<i64> {
        let grid = table_grid(table, 156.0, true);
        grid.widths_mm.iter().map(|w| w.round() as i64).collect()
    }

    #[test]
    fn shares_divide_the_width() {
        assert_eq!(widths(&plain(&[1, 2, 3])), [26, 52, 78]);
    }

    #[test]
    fn a_narrow_column_still_holds_its_longest_figure() {
        let mut table = plain(&[1, 40]);
        table.row(vec!["100.0%（123456/123456）".into(), TableCell::Blank]);
        let grid = table_grid(&table, 156.0, true);
        assert!(grid.widths_mm[0] > 30.0, "{:?}", grid.widths_mm);
        assert!((grid.widths_mm.iter().sum::<f64>() - 156.0).abs() < 0.01);
    }

    #[test]
    fn a_crowded_table_gets_smaller_letters_not_a_wider_page() {
        let mut table = plain(&[1; 14]);
        table.row(vec![TableCell::text("1234567"); 14]);
        let grid = table_grid(&table, 156.0, true);
        assert!(grid.size_pt < 10.5);
        assert!((grid.widths_mm.iter().sum::<f64>() - 156.0).abs() < 0.01);
    }

    #[test]
    fn names_and_figures_stay_on_one_line_where_there_is_room() {
        let mut table = plain(&[1, 1, 60]);
        table.row(vec!["欧阳春花".into(), TableCell::Rate { num: 137, den: 150 }, TableCell::Blank]);
        let grid = table_grid(&table, 156.0, true);
        let line = |em: f64| em * grid.size_pt * MM_PER_POINT;
        assert!(grid.widths_mm[0] > line(4.0) && grid.widths_mm[1] > line(8.0), "{grid:?}");
    }

    #[test]
    fn grouped_columns_share_a_heading_and_lone_ones_reach_over_both_lines() {
        let columns = vec![
            Column::new("户主", 1),
            Column::new("同餐", 1).under("三到家"),
            Column::new("家务", 1).under("三到家"),
            Column::new("备注", 1),
        ];
        let lines = head_lines(&columns);
        let upper: Vec<_> = lines[0].iter().map(|c| (c.text.as_str(), c.span, c.lines)).collect();
        assert_eq!(upper, [("户主", 1, 2), ("三到家", 2, 1), ("备注", 1, 2)]);
        assert_eq!(lines[1].iter().filter(|c| c.held).count(), 2);
    }

    #[test]
    fn a_row_too_short_is_filled_with_blanks() {
        let mut table = plain(&[1, 1, 1]);
        table.row(vec!["甲".into()]);
        assert_eq!(table_grid(&table, 156.0, true).rows[0].cells.len(), 3);
    }

    #[test]
    fn the_longest_bar_of_counts_is_full_and_of_rates_is_the_whole() {
        let mut chart = crate::sample::chart();
        chart.series[0].values = vec![TableCell::Count(5), TableCell::Count(10)];
        assert_eq!(chart_grid(&chart, 156.0, true).rows[0].cells[2].bar, Some(0.5));
        chart.series[0].values = vec![TableCell::Rate { num: 8, den: 16 }];
        assert_eq!(chart_grid(&chart, 156.0, true).rows[0].cells[2].bar, Some(0.5));
    }
}
