//! 签到表 — filled with the households that are expected, so that people only sign.

use chrono::{NaiveDate, NaiveDateTime};
use serde::{Deserialize, Serialize};

use crate::document::{Block, Document, Orientation, date_text};
use crate::table::{Column, Table, TableCell};

/// Ideographic blanks: half-width ones would be tidied away.
const NO_DAY: &str = "\u{3000}\u{3000}\u{3000}\u{3000}年\u{3000}\u{3000}月\u{3000}\u{3000}日";
const NO_PLACE: &str = "\u{3000}\u{3000}\u{3000}\u{3000}\u{3000}\u{3000}\u{3000}\u{3000}";
/// Room for a farmer's hand.
const ROW_MM: u8 = 9;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SignIn {
    pub village: String,
    /// 群众大会, 院坝会 …
    pub meeting: String,
    /// Blank places are printed where these are not known yet.
    pub held_on: Option<NaiveDate>,
    pub place: Option<String>,
    pub groups: Vec<Group>,
    /// Persons are called, not households: a branch meeting.
    #[serde(default)]
    pub of_persons: bool,
    /// Two of them on a line: half the paper.
    pub side_by_side: bool,
    pub watermark: Option<String>,
    pub made_at: NaiveDateTime,
}

/// 村民小组.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    pub name: String,
    pub households: Vec<Household>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Household {
    pub head: String,
    pub people: Option<u32>,
}

impl SignIn {
    pub fn document(&self) -> Document {
        let title = format!("{}{}签到表", self.village, self.meeting);
        let mut paper = Document::sheet(title, Orientation::Portrait, self.made_at);
        paper.author.clone_from(&self.village);
        paper.watermark.clone_from(&self.watermark);
        let day = self.held_on.map_or_else(|| NO_DAY.into(), date_text);
        let place = self.place.as_deref().unwrap_or(NO_PLACE);
        let households: usize = self.groups.iter().map(|g| g.households.len()).sum();
        let line = [
            format!("时间：{day}"),
            format!("地点：{place}"),
            if self.of_persons { format!("应到：{households}人") } else { format!("应到：{households}户") },
        ];
        paper.head.push(line.to_vec());
        paper.table(self.table());
        let first = if self.of_persons { "缺席人数：" } else { "实到户数：" };
        let places = [first, "实到人数：", "主持人：", "记录人："].map(String::from);
        paper.blocks.push(Block::SignatureRow(places.to_vec()));
        paper
    }

    fn table(&self) -> Table {
        let across = if self.side_by_side { 2 } else { 1 };
        let columns = std::iter::repeat_with(|| columns(self.side_by_side, self.of_persons)).take(across).flatten();
        let mut table = Table::new("", columns.collect());
        table.row_mm = Some(ROW_MM);
        let mut number = 0;
        for group in &self.groups {
            table.band(group.band(self.of_persons));
            for line in group.households.chunks(across) {
                let mut cells: Vec<TableCell> =
                    line.iter().flat_map(|h| h.cells(&mut number, self.of_persons)).collect();
                cells.resize(table.columns.len(), TableCell::Blank);
                table.row(cells);
            }
        }
        table
    }
}

fn columns(narrow: bool, of_persons: bool) -> Vec<Column> {
    let signature = if narrow { 28 } else { 60 };
    let note = if narrow { 16 } else { 40 };
    let who = if of_persons { "姓名" } else { "户主" };
    let mut columns = vec![Column::new("序号", 11), Column::new(who, 22)];
    columns.extend((!of_persons).then(|| Column::new("人数", 11)));
    columns.extend([Column::new("签名", signature), Column::new("备注", note)]);
    columns
}

impl Group {
    /// 一组（118户 482人); people only where every household's number is known.
    fn band(&self, of_persons: bool) -> String {
        if of_persons {
            return format!("{}（{}人）", self.name, self.households.len());
        }
        let people: Option<u32> = self.households.iter().map(|h| h.people).sum();
        let people = people.map(|n| format!("，{n}人")).unwrap_or_default();
        format!("{}（{}户{people}）", self.name, self.households.len())
    }
}

impl Household {
    fn cells(&self, number: &mut i64, of_persons: bool) -> Vec<TableCell> {
        *number += 1;
        let people = self.people.map_or(TableCell::Blank, |n| TableCell::Count(i64::from(n)));
        let mut cells = vec![TableCell::Count(*number), TableCell::text(&self.head)];
        cells.extend((!of_persons).then_some(people));
        cells.extend([TableCell::Blank, TableCell::Blank]);
        cells
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;
    use crate::table::Row;

    fn rows(sheet: &SignIn) -> Vec<Row> {
        sheet.table().rows
    }

    #[test]
    fn every_household_is_there_once_and_numbered_on() {
        for side_by_side in [true, false] {
            let sheet = SignIn { side_by_side, ..sample::signin() };
            let cells = rows(&sheet).into_iter().filter_map(|row| match row {
                Row::Cells(cells) => Some(cells),
                Row::Band(_) => None,
            });
            let numbers: Vec<i64> = cells
                .flat_map(|cells| [cells.first().cloned(), cells.get(5).cloned()])
                .filter_map(|cell| if let Some(TableCell::Count(n)) = cell { Some(n) } else { None })
                .collect();
            assert_eq!(numbers, (1..=7).collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_group_starts_under_its_own_heading_even_beside_an_empty_place() {
        let rows = rows(&sample::signin());
        assert_eq!(rows[0], Row::Band("一组（3户，12人）".into()));
        assert_eq!(rows[3], Row::Band("二组（4户）".into()), "one household's people are unknown");
        let Row::Cells(last_of_first) = &rows[2] else { panic!("a row") };
        assert!(last_of_first[5..].iter().all(|c| *c == TableCell::Blank));
    }
}
