//! 公示 — a paper for the notice board. It can only be filled with [`Masked`] texts, words of
//! the program and figures, so what must be hidden is hidden by construction.

use chrono::NaiveDateTime;

use crate::document::{Block, Document, Level, Signature};
use crate::mask::{self, Masked};
use crate::table::{Column, Table, TableCell};

/// One cell of a public table.
#[derive(Debug, Clone)]
pub enum PublicCell {
    Masked(Masked),
    /// A word of the program: 五星, 一组 …
    Word(&'static str),
    Count(i64),
    Rate {
        num: u32,
        den: u32,
    },
    Unknown,
    Blank,
}

impl From<PublicCell> for TableCell {
    fn from(cell: PublicCell) -> Self {
        match cell {
            PublicCell::Masked(masked) => masked.into(),
            PublicCell::Word(word) => Self::text(word),
            PublicCell::Count(n) => Self::Count(n),
            PublicCell::Rate { num, den } => Self::Rate { num, den },
            PublicCell::Unknown => Self::Unknown,
            PublicCell::Blank => Self::Blank,
        }
    }
}

#[derive(Debug)]
pub struct PublicTable(Table);

impl PublicTable {
    pub fn new(title: &Masked, columns: &[(&'static str, u16)]) -> Self {
        let columns = columns.iter().map(|(title, share)| Column::new(*title, *share)).collect();
        Self(Table::new(title.as_str(), columns))
    }

    pub fn row(&mut self, cells: Vec<PublicCell>) {
        self.0.row(cells.into_iter().map(TableCell::from).collect());
    }
}

/// 公示件.
#[derive(Debug)]
pub struct Notice(Document);

impl Notice {
    pub fn new(title: &Masked, made_at: NaiveDateTime) -> Self {
        Self(Document::official(title.as_str(), made_at))
    }

    pub fn heading(&mut self, level: Level, text: &Masked) {
        self.0.heading(level, text.as_str());
    }

    pub fn para(&mut self, text: &Masked) {
        self.0.para(text.as_str());
    }

    pub fn table(&mut self, table: PublicTable) {
        self.0.blocks.push(Block::Table(table.0));
    }

    pub fn watermark(&mut self, words: &'static str) {
        self.0.watermark = Some(words.into());
    }

    /// Signed by the body that publishes it; signatures of persons do not hang on a wall.
    pub fn finish(mut self, organ: &str, on: Option<chrono::NaiveDate>) -> Document {
        let organ = mask::text(organ).as_str().to_string();
        self.0.author.clone_from(&organ);
        self.0.signature = Some(Signature { places: Vec::new(), organ: Some(organ), date: on });
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn a_household_that_typed_its_numbers_everywhere_is_still_hidden() {
        let typed = "张建国13800000001，99010119680315001X";
        let mut notice = Notice::new(&mask::text(typed), sample::made_at());
        notice.heading(Level::One, &mask::text(typed));
        notice.para(&mask::text(typed));
        let mut table = PublicTable::new(&mask::text(typed), &[("户主", 1), ("电话", 1)]);
        let head = mask::name_in_full(typed, mask::Basis::LawfulNotice);
        table.row(vec![PublicCell::Masked(head), PublicCell::Masked(mask::phone("13800000001"))]);
        notice.table(table);
        let paper = notice.finish(typed, None);
        let said = serde_json::to_string(&paper).expect("serialises");
        assert!(!said.contains("13800000001") && !said.contains("19680315"), "{said}");
        assert!(said.contains("138****0001"));
    }
}
