//! 一行 — one row being read: each cell is cleaned, its remarks are written down with their place, and what has no single
//! reading is remembered as typed.

use crate::clean::id::ResidentId;
use crate::clean::label::Words;
use crate::clean::{self, Clean, date::Partial};
use crate::finding::{Did, Finding, Remark, What};
use crate::grid::Cell;
use crate::layout::{Field, Table, TableRow};
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// Ledger field → the text a clerk typed, where the value does not say it all.
pub type AsTyped = BTreeMap<&'static str, String>;

pub struct Line<'a> {
    pub table: &'a Table,
    pub row: &'a TableRow,
    findings: &'a mut Vec<Finding>,
    /// Texts that the values do not say.
    pub kept: BTreeMap<Field, String>,
}

impl<'a> Line<'a> {
    pub fn new(table: &'a Table, row: &'a TableRow, findings: &'a mut Vec<Finding>) -> Self {
        Line { table, row, findings, kept: BTreeMap::new() }
    }

    pub fn number(&self) -> u32 {
        self.row.number
    }

    pub fn cell(&self, field: Field) -> &'a Cell {
        static EMPTY: Cell = Cell::Empty;
        let column = self.table.column(field);
        column.map_or(&EMPTY, |c| self.row.cell(c))
    }

    /// The cell's own content, not what a merge carried into it.
    pub fn own(&self, field: Field) -> Option<&'a Cell> {
        self.table.column(field).and_then(|c| self.row.own(c))
    }

    pub fn typed(&self, field: Field) -> String {
        self.cell(field).as_typed()
    }

    pub fn remark(&mut self, field: Option<Field>, remark: Remark) {
        let column = field.and_then(|f| self.table.column(f));
        let typed = field.map(|f| self.typed(f)).unwrap_or_default();
        let table = self.table;
        self.findings.push(super::place(&table.file, &table.sheet, self.row.number, column, &typed, remark));
    }

    /// A value merged over several rows is remarked on once, where it stands.
    fn take<T>(&mut self, field: Field, cleaned: Clean<T>) -> Option<T> {
        if self.own(field).is_some() {
            for remark in cleaned.remarks {
                self.remark(Some(field), remark);
            }
        }
        if let Some(kept) = cleaned.kept {
            self.kept.insert(field, kept);
        }
        cleaned.value
    }

    pub fn text(&mut self, field: Field) -> Option<String> {
        self.take(field, clean::text(self.cell(field)))
    }

    pub fn name(&mut self, field: Field) -> Option<String> {
        self.take(field, clean::name::clean(self.cell(field)))
    }

    pub fn id(&mut self, field: Field) -> Option<ResidentId> {
        self.take(field, clean::id::clean(self.cell(field)))
    }

    pub fn phone(&mut self, field: Field) -> Option<String> {
        self.take(field, clean::phone::clean(self.cell(field)))
    }

    pub fn count(&mut self, field: Field) -> Option<i64> {
        self.take(field, clean::count::clean(self.cell(field)))
    }

    pub fn tick(&mut self, field: Field) -> Option<bool> {
        self.take(field, clean::tick::clean(self.cell(field)))
    }

    pub fn label(&mut self, field: Field, words: &Words) -> Option<String> {
        self.take(field, clean::label::clean(self.cell(field), words))
    }

    pub fn labels(&mut self, field: Field, words: &Words) -> Vec<String> {
        self.take(field, clean::label::several(self.cell(field), words)).unwrap_or_default()
    }

    pub fn date(&mut self, field: Field) -> Option<String> {
        let when = self.take(field, clean::date::clean(self.cell(field), self.table.from_1904));
        when.map(|w| w.to_string())
    }

    /// A whole day, for records that belong to one.
    pub fn day(&mut self, field: Field) -> Option<NaiveDate> {
        match self.take(field, clean::date::clean(self.cell(field), self.table.from_1904)) {
            Some(Partial::Day(date)) => Some(date),
            Some(_) => {
                self.remark(Some(field), Remark::doubt(What::DateUnclear, Did::NoDay));
                None
            }
            None => None,
        }
    }

    pub fn birth(&mut self, field: Field, id: Option<&ResidentId>) -> Option<String> {
        let when = self.take(field, clean::date::birth(self.cell(field), self.table.from_1904, id));
        when.map(|w| w.to_string())
    }

    /// The group by its name, or by the sheet's name when each group has its sheet.
    pub fn group(&mut self) -> Option<String> {
        let own = self.text(Field::Group).map(|g| clean::folded(&g));
        own.or_else(|| {
            let sheet = clean::folded(&self.table.sheet);
            (!self.table.has(Field::Group) && sheet.ends_with('组') && sheet.chars().count() <= 6).then_some(sheet)
        })
    }

    /// The clerk's own note, then what stands under headers nobody knows, then texts with no other home.
    pub fn note(&mut self, also: &[Field]) -> Option<String> {
        let mut parts: Vec<String> = self.text(Field::Note).into_iter().collect();
        for column in self.table.columns.iter().filter(|c| c.field.is_none()) {
            if let Some(cell) = self.row.own(column) {
                parts.push(format!("{}：{}", column.header, cell.as_typed().trim()));
            }
        }
        for field in also {
            if let (Some(text), Some(column)) = (self.kept.get(field), self.table.column(*field)) {
                parts.push(format!("{}：{}", column.header, text.trim()));
            }
        }
        (!parts.is_empty()).then(|| parts.join("；"))
    }

    /// Ledger field → the text that is kept beside it.
    pub fn as_typed(&self) -> AsTyped {
        self.kept.iter().filter_map(|(field, text)| Some((field.column()?, text.clone()))).collect()
    }

    /// A row that cannot be a record: listed, not imported.
    pub fn set_aside(&mut self, field: Field, what: What) {
        self.remark(Some(field), Remark::doubt(what, Did::RowFillIn));
    }
}
