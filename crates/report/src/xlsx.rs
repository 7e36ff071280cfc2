//! Excel 表格: one sheet for each table of the paper, numbers as numbers.
//!
//! No text can turn into a formula here. A formula in .xlsx is a cell of another type; text is
//! written as a typed string, which Excel and WPS show and never compute, also after a
//! double click, because the cell's format carries Excel's own quote mark (`quotePrefix`). So
//! nothing is put in front of the text itself, and “+86…” comes back as it was. (A .csv has no
//! types: there the apostrophe must go into the text.)

use std::collections::HashSet;

use chrono::{Datelike, NaiveDateTime, Timelike};
use rust_xlsxwriter as xl;
use rust_xlsxwriter::{Workbook, Worksheet};

use crate::document::{Block, Document};
use crate::fault::PaperFault;
use crate::print::one_line;
use crate::table::{Chart, ChartKind, Column, Table, TableCell};
use crate::tidy::clean;
use pen::{Inks, Pen};
use plan::{Plan, Scrub};

mod pen;
mod plan;

const A4: u8 = 9;
/// Excel's own limit, in UTF-16 units.
const LONGEST_SHEET_NAME: usize = 31;
/// The tables of the document, then `extra` ones (原始明细), as an .xlsx file. The same input
/// gives the same bytes.
pub fn xlsx(document: &Document, extra: &[Table]) -> Result<Vec<u8>, PaperFault> {
    let mut book = Book::new(document)?;
    for block in &document.blocks {
        match block {
            Block::Table(table) => {
                book.table(table, one_line)?;
            }
            Block::Chart(chart) => book.chart(chart)?,
            _ => {}
        }
    }
    for table in extra {
        // Records are handed over as they were typed; only what cannot be seen is dropped.
        book.table(table, clean)?;
    }
    book.finish()
}

struct Book<'a> {
    file: Workbook,
    document: &'a Document,
    names: HashSet<String>,
    inks: Inks,
}

impl<'a> Book<'a> {
    fn new(document: &'a Document) -> Result<Self, PaperFault> {
        let mut file = Workbook::new();
        let properties = xl::DocProperties::new()
            .set_title(one_line(&document.title.concat()))
            .set_author(one_line(&document.author))
            .set_creation_datetime(&sheet_time(document.made_at)?);
        file.set_properties(&properties);
        Ok(Self { file, document, names: HashSet::new(), inks: Inks::default() })
    }

    fn finish(mut self) -> Result<Vec<u8>, PaperFault> {
        if self.names.is_empty() {
            // A workbook without a sheet does not open.
            let title = self.document.title.concat();
            self.table(&Table::new(title, vec![Column::new("本文没有表格", 1)]), one_line)?;
        }
        Ok(self.file.save_to_buffer()?)
    }

    fn table(&mut self, table: &Table, scrub: Scrub) -> Result<Laid, PaperFault> {
        let titles = [table.title.clone(), self.document.title.concat()];
        let name = titles.into_iter().find(|t| !t.trim().is_empty()).unwrap_or_default();
        let name = self.sheet_name(&name);
        let plan = Plan::new(table, scrub);
        let mut sheet = Worksheet::new();
        sheet.set_name(&name)?;
        let paper = one_line(&self.document.title.concat());
        let (first, end) = Pen::new(&mut sheet, &mut self.inks, &plan).write(&paper)?;
        let laid = Laid { name, first, end };
        self.page(&mut sheet, &laid)?;
        self.file.push_worksheet(sheet);
        Ok(laid)
    }

    fn page(&self, sheet: &mut Worksheet, laid: &Laid) -> Result<(), PaperFault> {
        sheet.set_landscape();
        sheet.set_paper_size(A4);
        sheet.set_print_fit_to_pages(1, 0);
        sheet.set_print_center_horizontally(true);
        sheet.set_margins(0.5, 0.5, 0.6, 0.6, 0.3, 0.3);
        sheet.set_footer(self.footer());
        if let Some(words) = &self.document.watermark {
            sheet.set_header(format!("&R{}", one_line(words).replace('&', "&&")));
        }
        sheet.set_freeze_panes(laid.first, 0)?;
        if let Some(last) = laid.first.checked_sub(1) {
            sheet.set_repeat_rows(0, last)?;
        }
        Ok(())
    }

    fn footer(&self) -> String {
        let code = self.document.check_code.as_deref().map(|code| format!("校验码：{}", one_line(code)));
        let receipt = self.document.receipt.as_deref().map(one_line);
        let left: Vec<_> = code.into_iter().chain(receipt).map(|line| line.replace('&', "&&")).collect();
        let pages = "第 &P 页 共 &N 页";
        match left.as_slice() {
            [] => format!("&C{pages}"),
            [one] => format!("&L{one}&C{pages}"),
            // The middle is taken by the longer line.
            _ => format!("&L{}&R{pages}", left.join("　")),
        }
    }

    /// The figures, and beside them a chart that Excel draws from them.
    fn chart(&mut self, chart: &Chart) -> Result<(), PaperFault> {
        let table = chart.table();
        let plan = Plan::new(&table, one_line);
        let laid = self.table(&table, one_line)?;
        if laid.first == laid.end {
            return Ok(());
        }
        let drawing = draw(chart, &plan, &laid);
        let beside = plan.columns.len() as u16 + 1;
        let sheet = self.file.worksheet_from_name(&laid.name)?;
        sheet.set_print_fit_to_pages(1, 1);
        sheet.insert_chart(laid.first - 1, beside, &drawing)?;
        Ok(())
    }

    /// ≤ 31 units, none of Excel's forbidden signs, no name twice (Excel ignores case).
    fn sheet_name(&mut self, title: &str) -> String {
        let forbidden = ['*', '?', ':', '[', ']', '\\', '/', '\''];
        let plain = one_line(title).replace(forbidden, " ");
        let plain = plain.trim();
        // “History” is a name that Excel keeps for itself.
        let plain = if plain.is_empty() || plain.eq_ignore_ascii_case("history") { "表" } else { plain };
        let mut name = cut(plain, "");
        for nth in 2.. {
            if self.names.insert(name.to_lowercase()) {
                break;
            }
            name = cut(plain, &format!("({nth})"));
        }
        name
    }
}

fn cut(text: &str, tail: &str) -> String {
    let room = LONGEST_SHEET_NAME - tail.len();
    let mut used = 0;
    let fits = |c: &char| {
        used += c.len_utf16();
        used <= room
    };
    let head: String = text.chars().take_while(fits).collect();
    format!("{}{tail}", head.trim_end())
}

fn sheet_time(at: NaiveDateTime) -> Result<xl::ExcelDateTime, PaperFault> {
    let year = u16::try_from(at.year()).map_err(|_| PaperFault::Date(at))?;
    let day = xl::ExcelDateTime::from_ymd(year, at.month() as u8, at.day() as u8)?;
    Ok(day.and_hms(at.hour() as u16, at.minute() as u8, at.second() as f64)?)
}

/// Where a table's rows lie on its sheet: `first` up to but not including `end`.
struct Laid {
    name: String,
    first: u32,
    end: u32,
}

fn draw(chart: &Chart, plan: &Plan, laid: &Laid) -> xl::Chart {
    let kind = match chart.kind {
        ChartKind::Columns => xl::ChartType::Column,
        ChartKind::Line => xl::ChartType::Line,
    };
    let name = laid.name.as_str();
    let last = laid.end - 1;
    let mut drawing = xl::Chart::new(kind);
    // Names are taken from cells: a name given as text would be read as a formula if it began
    // with an equals sign.
    let title_row = laid.first.saturating_sub(2);
    drawing.title().set_name((name, title_row, 0));
    for at in value_columns(chart, plan) {
        drawing
            .add_series()
            .set_name((name, laid.first - 1, at))
            .set_categories((name, laid.first, 0, last, 0))
            .set_values((name, laid.first, at, last, at));
    }
    // Columns that do not start at nothing make small differences look large.
    drawing.y_axis().set_min(0);
    if rated(chart) {
        drawing.y_axis().set_max(1).set_num_format("0%");
    }
    if chart.series.len() == 1 {
        drawing.legend().set_hidden();
    }
    drawing.set_width(640).set_height(360);
    drawing
}

fn rated(chart: &Chart) -> bool {
    let mut cells = chart.series.iter().flat_map(|s| &s.values);
    cells.any(|v| matches!(v, TableCell::Rate { .. }))
}

/// Columns of figures, without the counts beside percentages.
fn value_columns(chart: &Chart, plan: &Plan) -> Vec<u16> {
    let doubled = |series: &crate::table::Series| {
        1 + u16::from(series.values.iter().any(|v| matches!(v, TableCell::Rate { .. })))
    };
    let mut at = 1;
    let columns = chart.series.iter().map(|series| {
        let here = at;
        at += doubled(series);
        here
    });
    columns.filter(|at| usize::from(*at) < plan.columns.len()).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::io::{Cursor, Read};

    use super::*;
    use crate::sample;

    fn parts(document: &Document, extra: &[Table]) -> HashMap<String, String> {
        let bytes = xlsx(document, extra).expect("writes");
        let mut file = zip::ZipArchive::new(Cursor::new(bytes)).expect("is a zip");
        (0..file.len())
            .map(|at| {
                let mut entry = file.by_index(at).expect("entry");
                let mut text = String::new();
                entry.read_to_string(&mut text).expect("utf-8");
                (entry.name().expect("utf-8").to_string(), text)
            })
            .collect()
    }

    fn ids() -> Table {
        let mut table = Table::new("原始明细", vec![Column::new("证件号", 1), Column::new("电话", 1)]);
        table.row(vec!["990101********001X".into(), "+8610000000000".into()]);
        table.row(vec!["990101197511020023".into(), "10000000000".into()]);
        table
    }

    #[test]
    fn the_same_document_gives_the_same_bytes() {
        let document = sample::every_block();
        let write = || xlsx(&document, &[ids()]).expect("writes");
        assert!(write() == write());
    }

    #[test]
    fn the_townships_receipt_stands_in_the_foot_beside_the_check_code() {
        let mut document = sample::every_block();
        document.receipt = Some("镇里回执：第 12 号 · 校验 AB12-34CD".into());
        let parts = parts(&document, &[]);
        let foot = "&amp;L校验码：1f2e3d4c　镇里回执：第 12 号 · 校验 AB12-34CD&amp;R第";
        assert!(parts.values().any(|part| part.contains(foot)), "{parts:?}");
    }

    #[test]
    fn no_text_ever_turns_into_a_formula() {
        let mut table = Table::new("=A1", vec![Column::new("=B1", 1).under("+组")]);
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1", "＋1", "－1", "＠1"] {
            table.row(vec![text.into()]);
        }
        table.band("=HYPERLINK(\"x\")");
        table.note("=1");
        let mut document = sample::hostile();
        document.table(table.clone());
        let mut chart = sample::chart();
        (chart.title, chart.series[0].name) = ("=A1".into(), "=A2".into());
        document.blocks.push(Block::Chart(chart));
        let parts = parts(&document, &[table]);
        for (name, text) in parts.iter().filter(|(n, _)| n.starts_with("xl/worksheets/sheet")) {
            assert!(!text.contains("<f>") && !text.contains("<f "), "{name}");
        }
        assert!(parts["xl/styles.xml"].contains("quotePrefix=\"1\""));
        assert!(parts["xl/sharedStrings.xml"].contains(">=1+1<"), "the text itself is unchanged");
    }

    #[test]
    fn a_rate_is_a_number_with_its_counts_beside_it_and_the_unknown_is_words() {
        let parts = parts(&sample::every_block(), &[]);
        let sheet = &parts["xl/worksheets/sheet1.xml"];
        assert!(sheet.contains(&format!("<v>{}</v>", 137.0 / 150.0)), "{sheet}");
        let strings = &parts["xl/sharedStrings.xml"];
        for words in [">137/150<", ">满意率（分子/分母）<", ">未填报<", ">未开展（农忙）<"] {
            assert!(strings.contains(words), "{words}");
        }
        assert!(parts["xl/styles.xml"].contains("formatCode=\"+0.0;-0.0;0.0\""));
    }

    #[test]
    fn long_numbers_stay_text_without_a_warning() {
        let parts = parts(&sample::every_block(), &[ids()]);
        let sheet = &parts["xl/worksheets/sheet3.xml"];
        assert!(!sheet.contains("<v>9901"), "not a number");
        assert!(sheet.contains("numberStoredAsText=\"1\""));
        assert!(parts["xl/sharedStrings.xml"].contains(">990101197511020023<"));
        assert!(parts["xl/sharedStrings.xml"].contains(">+8610000000000<"));
    }

    #[test]
    fn heading_rows_stay_in_sight_and_repeat_on_paper() {
        let parts = parts(&sample::every_block(), &[]);
        assert!(parts["xl/worksheets/sheet1.xml"].contains("ySplit=\"4\""));
        assert!(parts["xl/workbook.xml"].contains("$1:$4</definedName>"));
        assert!(parts["xl/worksheets/sheet1.xml"].contains("第 &amp;P 页 共 &amp;N 页"));
    }

    #[test]
    fn a_chart_is_drawn_by_excel_from_the_figures_on_its_sheet() {
        let parts = parts(&sample::every_block(), &[]);
        let chart = &parts["xl/charts/chart1.xml"];
        assert!(chart.contains("<c:barChart>"));
        assert!(chart.contains("$B$4:$B$7"), "{chart}");
    }

    #[test]
    fn sheets_have_names_that_excel_accepts_and_no_name_twice() {
        let mut document = Document::official("月报", sample::made_at());
        for title in ["[表]/\\*?:", "", "", "history", "A".repeat(40).as_str(), "a".repeat(40).as_str(), "'引'"] {
            document.table(Table::new(title, vec![Column::new("栏", 1)]));
        }
        let book = &parts(&document, &[])["xl/workbook.xml"];
        for name in ["表", "月报", "月报(2)", "表(2)", &"A".repeat(31), &format!("{}(2)", "a".repeat(28)), "引"]
        {
            assert!(book.contains(&format!("name=\"{name}\"")), "{name}: {book}");
        }
    }

    #[test]
    fn a_paper_without_tables_still_opens() {
        let document = Document::official("", sample::made_at());
        assert!(parts(&document, &[]).contains_key("xl/worksheets/sheet1.xml"));
    }
}
