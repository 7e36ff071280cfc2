//! Writes a sheet from top to bottom.

use std::collections::HashMap;

use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, IgnoreError, Worksheet};

use super::plan::{Plan, PlanRow, Typed, lines_in};
use crate::fault::PaperFault;
use crate::grid::{HeadCell, head_lines};
use crate::table::{Align, Column};

const HAN: &str = "宋体";
const POINTS_PER_MM: f64 = 72.0 / 25.4;
const LINE_POINTS: f64 = 15.0;
/// Excel's own limit.
const TALLEST_ROW: f64 = 409.0;
const TITLE_MM: f64 = 9.0;

/// Every cell's format, made once.
#[derive(Default)]
pub struct Inks(HashMap<(u8, String, bool), Format>);

impl Inks {
    fn cell(&mut self, align: Align, shown: &str, quoted: bool) -> &Format {
        self.0.entry((align as u8, shown.to_string(), quoted)).or_insert_with(|| {
            let format = plain_ink().set_num_format(shown).set_align(side(align));
            if quoted { format.set_quote_prefix() } else { format }
        })
    }
}

fn side(align: Align) -> FormatAlign {
    match align {
        Align::Left => FormatAlign::Left,
        Align::Center => FormatAlign::Center,
        Align::Right => FormatAlign::Right,
    }
}

fn plain_ink() -> Format {
    Format::new()
        .set_font_name(HAN)
        .set_font_size(11)
        .set_border(FormatBorder::Thin)
        .set_text_wrap()
        .set_align(FormatAlign::VerticalCenter)
}

fn head_ink() -> Format {
    plain_ink().set_bold().set_align(FormatAlign::Center).set_background_color(0xED_ED_ED)
}

fn title_ink() -> Format {
    let format = Format::new().set_font_name(HAN).set_font_size(14).set_bold();
    format.set_align(FormatAlign::Center).set_align(FormatAlign::VerticalCenter).set_text_wrap()
}

fn note_ink() -> Format {
    let format = Format::new().set_font_name(HAN).set_font_size(10).set_text_wrap();
    format.set_align(FormatAlign::Left).set_align(FormatAlign::VerticalCenter)
}

pub struct Pen<'s> {
    sheet: &'s mut Worksheet,
    inks: &'s mut Inks,
    plan: &'s Plan,
    at: u32,
}

impl<'s> Pen<'s> {
    pub fn new(sheet: &'s mut Worksheet, inks: &'s mut Inks, plan: &'s Plan) -> Self {
        Self { sheet, inks, plan, at: 0 }
    }

    /// Writes the table under the paper's title; gives back the rows of its body, first and
    /// one past the last.
    pub fn write(mut self, paper: &str) -> Result<(u32, u32), PaperFault> {
        for text in [paper, &self.plan.title] {
            self.title(text)?;
        }
        self.head()?;
        let first = self.at;
        for row in &self.plan.rows {
            self.row(row)?;
        }
        let end = self.at;
        self.hush(first)?;
        for note in &self.plan.notes {
            self.note(note)?;
        }
        for (at, width) in (0..).zip(&self.plan.widths) {
            self.sheet.set_column_width(at, *width)?;
        }
        Ok((first, end))
    }

    fn last_column(&self) -> u16 {
        (self.plan.columns.len() as u16).saturating_sub(1)
    }

    fn title(&mut self, text: &str) -> Result<(), PaperFault> {
        if !text.is_empty() {
            self.across(text, &title_ink())?;
            self.sheet.set_row_height(self.at, TITLE_MM * POINTS_PER_MM)?;
            self.at += 1;
        }
        Ok(())
    }

    fn note(&mut self, text: &str) -> Result<(), PaperFault> {
        let lines = lines_in(text, self.plan.widths.iter().sum());
        self.across(text, &note_ink())?;
        self.sheet.set_row_height(self.at, lines * LINE_POINTS)?;
        self.at += 1;
        Ok(())
    }

    fn across(&mut self, text: &str, ink: &Format) -> Result<(), PaperFault> {
        self.span(self.at, 0, self.at, self.last_column(), text, ink)
    }

    /// Writes over several places at once; a single place must not be “merged”.
    fn span(
        &mut self,
        top: u32,
        left: u16,
        bottom: u32,
        right: u16,
        text: &str,
        ink: &Format,
    ) -> Result<(), PaperFault> {
        let ink = if is_risky(text) { ink.clone().set_quote_prefix() } else { ink.clone() };
        if (top, left) != (bottom, right) {
            self.sheet.merge_range(top, left, bottom, right, "", &ink)?;
        }
        self.sheet.write_string_with_format(top, left, text, &ink)?;
        Ok(())
    }

    fn head(&mut self) -> Result<(), PaperFault> {
        let lines = head_lines(&self.plan.columns);
        for (down, line) in (0..).zip(&lines) {
            let top = self.at + down;
            for cell in line.iter().filter(|c| !c.held) {
                let (bottom, right) = (top + cell.lines as u32 - 1, cell.at + cell.span - 1);
                let ink = head_ink();
                self.span(top, cell.at as u16, bottom, right as u16, &cell.text, &ink)?;
            }
            let most = line.iter().map(|c| self.head_lines(c)).fold(1.0, f64::max);
            self.sheet.set_row_height(top, most * LINE_POINTS + 4.0)?;
        }
        self.at += lines.len() as u32;
        Ok(())
    }

    fn head_lines(&self, cell: &HeadCell) -> f64 {
        let width = self.plan.widths[cell.at..cell.at + cell.span].iter().sum();
        lines_in(&cell.text, width) / cell.lines as f64
    }

    fn row(&mut self, row: &PlanRow) -> Result<(), PaperFault> {
        match row {
            PlanRow::Band(text) => self.across(text, &head_ink().set_align(FormatAlign::Left))?,
            PlanRow::Cells(cells) => self.cells(cells)?,
        }
        self.at += 1;
        Ok(())
    }

    fn cells(&mut self, cells: &[Typed]) -> Result<(), PaperFault> {
        let mut most = 1.0f64;
        let plan = self.plan;
        let places = plan.columns.iter().zip(&plan.widths);
        for ((at, cell), (Column { align, .. }, width)) in (0..).zip(cells).zip(places) {
            self.cell(at, cell, *align)?;
            if let Typed::Text(text) = cell {
                most = most.max(lines_in(text, *width));
            }
        }
        // A row without a height is fitted by Excel itself, also when the clerk edits it.
        let least = plan.row_mm.map_or(0.0, |mm| f64::from(mm) * POINTS_PER_MM);
        if most > 1.0 || least > 0.0 {
            let height = least.max(most * LINE_POINTS).min(TALLEST_ROW);
            self.sheet.set_row_height(self.at, height)?;
        }
        Ok(())
    }

    /// ID numbers are text on purpose: no green corners.
    fn hush(&mut self, first: u32) -> Result<(), PaperFault> {
        if self.at > first {
            let (last, right) = (self.at - 1, self.last_column());
            self.sheet.ignore_error_range(first, 0, last, right, IgnoreError::NumberStoredAsText)?;
        }
        Ok(())
    }

    fn cell(&mut self, at: u16, cell: &Typed, align: Align) -> Result<(), PaperFault> {
        match cell {
            Typed::Text(text) => {
                let ink = self.inks.cell(align, "@", is_risky(text));
                self.sheet.write_string_with_format(self.at, at, text, ink)?;
            }
            Typed::Number { value, shown } => {
                let ink = self.inks.cell(align, shown, false);
                self.sheet.write_number_with_format(self.at, at, *value, ink)?;
            }
        }
        Ok(())
    }
}

/// Signs by which a spreadsheet program knows a formula, half-width and full-width.
fn is_risky(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r', '\0', '＝', '＋', '－', '＠'])
}
