//! 党费的纸面 — 收缴登记表 of a year with a column to sign in, and receipts (收据).
//!
//! They carry names, Party groups, sums, days and who collected. What a sum was reckoned from (income, class of payer,
//! why somebody was let off) has no place in these structs, so it cannot be printed.

use chrono::{NaiveDate, NaiveDateTime};
use serde::{Deserialize, Serialize};

use crate::document::{Block, Document, Orientation, date_text};
use crate::money::{capitals, yuan};
use crate::table::{Column, Table, TableCell};

/// Room for a hand that signs.
const ROW_MM: u8 = 8;
const MONTHS: u32 = 12;

/// One month of one member, as it is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Cell {
    /// Not of the branch.
    NotAsked,
    /// 免交, and nothing was paid.
    LetOff,
    /// Nothing yet: a place to write in.
    Open,
    /// 实交, in fen.
    Paid(u32),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payer {
    pub name: String,
    /// 党小组.
    pub cell: Option<String>,
    /// 月应交, where it is one and the same sum.
    pub monthly: Option<u32>,
    /// January to December.
    pub months: Vec<Cell>,
}

impl Payer {
    fn total(&self) -> u64 {
        self.months.iter().map(|cell| if let Cell::Paid(fen) = cell { u64::from(*fen) } else { 0 }).sum()
    }
}

/// 党费收缴登记表.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Collection {
    pub village: String,
    pub year: i32,
    pub payers: Vec<Payer>,
    pub watermark: Option<String>,
    pub made_at: NaiveDateTime,
}

impl Collection {
    pub fn document(&self) -> Document {
        let title = format!("{}党组织{}年党费收缴登记表", self.village, self.year);
        let mut paper = Document::sheet(title, Orientation::Landscape, self.made_at);
        paper.author.clone_from(&self.village);
        paper.watermark.clone_from(&self.watermark);
        let head = [format!("党员：{}人", self.payers.len()), "单位：元".to_owned()];
        paper.head.push(head.to_vec());
        paper.table(self.table());
        paper.note("“—”是当月组织关系不在本支部，“免”是经研究免交；空格是还没有交。");
        let places = ["党费收缴人（签字）：", "党组织书记（签字）：", "（盖章）"].map(String::from);
        paper.blocks.push(Block::SignatureRow(places.to_vec()));
        paper
    }

    fn table(&self) -> Table {
        let mut columns = vec![Column::new("序号", 10), Column::new("姓名", 18), Column::new("月应交", 15)];
        columns.extend((1..=MONTHS).map(|month| Column::new(format!("{month}月"), 13).under("实交")));
        columns.extend([Column::new("合计", 17), Column::new("本人签名", 24)]);
        let mut table = Table::new("", columns);
        table.row_mm = Some(ROW_MM);
        let mut group = None;
        for (i, payer) in self.payers.iter().enumerate() {
            if group != Some(&payer.cell) && self.payers.iter().any(|p| p.cell.is_some()) {
                let name = payer.cell.as_deref().unwrap_or("未编党小组");
                let size = self.payers.iter().filter(|p| p.cell == payer.cell).count();
                table.band(format!("{name}（{size}人）"));
                group = Some(&payer.cell);
            }
            let mut cells = vec![TableCell::Count(i as i64 + 1), TableCell::text(&payer.name)];
            cells.push(payer.monthly.map_or(TableCell::Blank, money));
            cells.extend(payer.months.iter().map(|cell| cell.print()));
            let total = payer.total();
            cells.extend([if total == 0 { TableCell::Blank } else { sum(total) }, TableCell::Blank]);
            table.row(cells);
        }
        table.row(self.totals());
        table
    }

    fn totals(&self) -> Vec<TableCell> {
        let of_month = |at: usize| {
            let paid = self.payers.iter().filter_map(|payer| payer.months.get(at));
            paid.map(|cell| if let Cell::Paid(fen) = cell { u64::from(*fen) } else { 0 }).sum::<u64>()
        };
        let shown = |fen: u64| if fen == 0 { TableCell::Blank } else { sum(fen) };
        let mut cells = vec![TableCell::Blank, TableCell::text("合计"), TableCell::Blank];
        cells.extend((0..MONTHS as usize).map(|at| shown(of_month(at))));
        cells.extend([shown(self.payers.iter().map(Payer::total).sum()), TableCell::Blank]);
        cells
    }
}

impl Cell {
    fn print(self) -> TableCell {
        match self {
            Cell::NotAsked => TableCell::text("—"),
            Cell::LetOff => TableCell::text("免"),
            Cell::Open => TableCell::Blank,
            Cell::Paid(fen) => money(fen),
        }
    }
}

fn money(fen: u32) -> TableCell {
    sum(u64::from(fen))
}

fn sum(fen: u64) -> TableCell {
    TableCell::Decimal { units: i64::try_from(fen).unwrap_or(i64::MAX), places: 2 }
}

/// One line of a receipt: a month, what was paid for it and on which day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaidMonth {
    pub year: i32,
    pub month: u32,
    pub fen: u32,
    pub paid_on: NaiveDate,
}

/// 党费收据: of one payment, or of all that a member paid for a year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    pub village: String,
    pub member: String,
    /// 收据号; none leaves a place to write it in.
    pub number: Option<String>,
    pub collected_by: Option<String>,
    /// In the order of months. Of one payment all are of one day.
    pub months: Vec<PaidMonth>,
    /// 其中自愿多交.
    pub extra: u64,
    /// The year it sums up; `None` is the receipt of one payment.
    pub whole_year: Option<i32>,
    pub watermark: Option<String>,
    pub made_at: NaiveDateTime,
}

impl Receipt {
    pub fn document(&self) -> Document {
        let title = match self.whole_year {
            Some(year) => format!("{year}年党费收据"),
            None => "党费收据".to_owned(),
        };
        let mut paper = Document::sheet(title, Orientation::Portrait, self.made_at);
        paper.author.clone_from(&self.village);
        paper.watermark.clone_from(&self.watermark);
        match self.whole_year {
            Some(_) => self.part(&mut paper, "交费人留存"),
            None => {
                self.part(&mut paper, "交费人留存");
                paper.note("…………………………………………（沿此线裁开）…………………………………………");
                self.part(&mut paper, "党支部存根");
            }
        }
        paper
    }

    fn part(&self, paper: &mut Document, kept_by: &str) {
        let number = self.number.as_deref().unwrap_or("\u{3000}\u{3000}\u{3000}\u{3000}");
        let mut table =
            Table::new("", vec![Column::new(kept_by, 34), Column::new(format!("收据号：{number}"), 126).left()]);
        table.row_mm = Some(ROW_MM);
        let total: u64 = self.months.iter().map(|month| u64::from(month.fen)).sum();
        let mut line = |name: &str, text: String| table.row(vec![TableCell::text(name), TableCell::text(text)]);
        line("交费人", self.member.clone());
        line("所交月份", format!("{}（共{}个月）", months_text(&self.months), self.months.len()));
        line("金额", format!("人民币{}（{}元）", capitals(total), yuan(total)));
        if self.extra > 0 {
            line("其中自愿多交", format!("{}元", yuan(self.extra)));
        }
        line("交费日期", days_text(&self.months));
        line("收款单位", format!("{}党组织（盖章）", self.village));
        paper.table(table);
        let by = self.collected_by.as_deref().unwrap_or("\u{3000}\u{3000}\u{3000}\u{3000}");
        let places = [format!("收款人：{by}（签字）"), "交费人（签字）：".to_owned()];
        paper.blocks.push(Block::SignatureRow(places.to_vec()));
    }
}

/// 2026年1—3月、5月
fn months_text(months: &[PaidMonth]) -> String {
    let number = |m: &PaidMonth| i64::from(m.year) * i64::from(MONTHS) + i64::from(m.month);
    let mut said: Vec<String> = Vec::new();
    let mut year = None;
    for run in months.chunk_by(|a, b| number(a) + 1 == number(b) && a.year == b.year) {
        let (Some(first), Some(last)) = (run.first(), run.last()) else { continue };
        let in_year = if year == Some(first.year) { String::new() } else { format!("{}年", first.year) };
        year = Some(first.year);
        said.push(match first.month == last.month {
            true => format!("{in_year}{}月", first.month),
            false => format!("{in_year}{}—{}月", first.month, last.month),
        });
    }
    said.join("、")
}

fn days_text(months: &[PaidMonth]) -> String {
    let mut days: Vec<NaiveDate> = months.iter().map(|month| month.paid_on).collect();
    days.sort();
    days.dedup();
    days.into_iter().map(date_text).collect::<Vec<_>>().join("、")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;
    use crate::table::Row;

    fn paid(month: u32, fen: u32) -> PaidMonth {
        PaidMonth { year: 2026, month, fen, paid_on: NaiveDate::from_ymd_opt(2026, 11, 5).expect("a real day") }
    }

    fn receipt(months: Vec<PaidMonth>) -> Receipt {
        Receipt {
            village: "禾坪村".into(),
            member: "张文".into(),
            number: Some("2026-017".into()),
            collected_by: Some("王芳".into()),
            months,
            extra: 0,
            whole_year: None,
            watermark: None,
            made_at: sample::made_at(),
        }
    }

    fn said(paper: &Document) -> String {
        serde_json::to_string(paper).expect("a document is plain data")
    }

    #[test]
    fn a_receipt_says_the_months_and_the_sum_twice_and_is_cut_in_two() {
        let paper = said(&receipt((1..=12).map(|month| paid(month, 50)).collect()).document());
        for words in ["2026年1—12月（共12个月）", "人民币陆元整（6.00元）", "2026-017", "2026年11月5日", "王芳"]
        {
            assert_eq!(paper.matches(words).count(), 2, "{words}");
        }
        assert!(!paper.contains("自愿多交"), "{paper}");
    }

    #[test]
    fn months_with_a_gap_are_named_apart() {
        assert_eq!(months_text(&[paid(1, 50), paid(2, 50), paid(3, 50), paid(5, 50)]), "2026年1—3月、5月");
        let next = PaidMonth { year: 2027, ..paid(1, 50) };
        assert_eq!(months_text(&[paid(12, 50), next]), "2026年12月、2027年1月");
    }

    #[test]
    fn the_sheet_adds_up_each_member_each_month_and_all() {
        let payer = |name: &str, cell: &str, months: [Cell; 3]| Payer {
            name: name.into(),
            cell: Some(cell.into()),
            monthly: Some(50),
            months: months.into_iter().chain([Cell::NotAsked; 9]).collect(),
        };
        let sheet = Collection {
            village: "禾坪村".into(),
            year: 2026,
            payers: vec![
                payer("张文", "第一党小组", [Cell::Paid(50), Cell::Paid(70), Cell::Open]),
                payer("李文", "第二党小组", [Cell::LetOff, Cell::Paid(50), Cell::Open]),
            ],
            watermark: None,
            made_at: sample::made_at(),
        };
        let table = sheet.table();
        let printed = |row: &Row| match row {
            Row::Cells(cells) => cells.iter().map(TableCell::print).collect::<Vec<_>>().join("|"),
            Row::Band(text) => text.clone(),
        };
        let rows: Vec<String> = table.rows.iter().map(printed).collect();
        let none = "—|—|—|—|—|—|—|—|—";
        assert_eq!(rows[0], "第一党小组（1人）");
        assert_eq!(rows[1], format!("1|张文|0.50|0.50|0.70||{none}|1.20|"));
        assert_eq!(rows[3], format!("2|李文|0.50|免|0.50||{none}|0.50|"));
        assert_eq!(rows[4], "|合计||0.50|1.20|||||||||||1.70|");
    }
}
