//! 走访登记表 — blank, one row for each household, its columns in the order of the entry screen,
//! so that what is written under a tree is keyed in without hunting.

use chrono::NaiveDateTime;
use serde::{Deserialize, Serialize};

use crate::document::{Document, Orientation};
use crate::table::{Column, Table, TableCell};

const ROW_MM: u8 = 12;
const TICK: &str = "□";

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct VisitSheet {
    pub village: String,
    /// 2026年11月
    pub period: String,
    /// Printed in the head when one person walks the whole list.
    pub visitor: Option<String>,
    pub households: Vec<Household>,
    /// Empty rows at the end, for households met on the way.
    pub spare_rows: usize,
    pub watermark: Option<String>,
    pub made_at: NaiveDateTime,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Household {
    pub head: String,
    pub group: String,
}

impl VisitSheet {
    pub fn document(&self) -> Document {
        let title = format!("{}走访登记表", self.village);
        let mut paper = Document::sheet(title, Orientation::Landscape, self.made_at);
        paper.author.clone_from(&self.village);
        paper.watermark.clone_from(&self.watermark);
        let visitor = self.visitor.as_deref().unwrap_or_default();
        let households = format!("共{}户", self.households.len());
        paper.head.push(vec![format!("走访人：{visitor}"), self.period.clone(), households]);
        paper.table(self.table());
        paper
    }

    fn table(&self) -> Table {
        let mut table = Table::new("", columns());
        table.row_mm = Some(ROW_MM);
        for household in &self.households {
            table.row(row(&household.head, &household.group));
        }
        for _ in 0..self.spare_rows {
            table.row(row("", ""));
        }
        table.note("填写说明：做到的在方框里打√，没做到的打×，没有问到的不填；同吃一餐饭由走访人自费。");
        table
    }
}

fn columns() -> Vec<Column> {
    vec![
        Column::new("户主", 20),
        Column::new("组", 14),
        Column::new("日期", 18),
        Column::new("走访人", 20),
        Column::new("①同吃一餐饭（自费）", 19).under("三到家"),
        Column::new("②做一次家务", 19).under("三到家"),
        Column::new("③明确一条发展门路", 19).under("三到家"),
        Column::new("门路内容", 46).left(),
        Column::new("困难诉求", 54).left(),
        Column::new("备注", 34).left(),
    ]
}

fn row(head: &str, group: &str) -> Vec<TableCell> {
    let mut cells = vec![TableCell::text(head), TableCell::text(group)];
    cells.extend([TableCell::Blank, TableCell::Blank]);
    cells.extend([TICK, TICK, TICK].map(TableCell::from));
    cells.extend([TableCell::Blank, TableCell::Blank, TableCell::Blank]);
    cells
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;
    use crate::table::Row;

    #[test]
    fn the_columns_follow_the_entry_screen() {
        let titles: Vec<String> = columns().into_iter().map(|c| c.title).collect();
        assert_eq!(
            titles.concat(),
            "户主组日期走访人①同吃一餐饭（自费）②做一次家务③明确一条发展门路门路内容困难诉求备注"
        );
    }

    #[test]
    fn every_household_has_one_row_of_as_many_cells_as_columns() {
        let sheet = sample::visit_sheet();
        let table = sheet.table();
        assert_eq!(table.rows.len(), sheet.households.len() + sheet.spare_rows);
        let whole = |row: &Row| matches!(row, Row::Cells(cells) if cells.len() == columns().len());
        assert!(table.rows.iter().all(whole));
    }
}
