//! 村级事项登记表 — one decision with all its steps, as the paper form has them: who met, 应到 and 实到, the votes, how long
//! it hung. What is not known yet stays a place to write in.

use chrono::{NaiveDate, NaiveDateTime};
use serde::{Deserialize, Serialize};

use crate::document::{Block, Document, Level, Orientation, date_text};
use crate::table::{Column, Table, TableCell};

const NO_DAY: &str = "\u{3000}\u{3000}年\u{3000}月\u{3000}日";
/// Room for a hand.
const ROW_MM: u8 = 10;
/// 一、 二、 …
const NUMBERS: [&str; 10] = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十"];

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecisionForm {
    pub village: String,
    /// 四议两公开, 五民工作法.
    pub procedure: String,
    pub title: String,
    pub raised_on: NaiveDate,
    pub raised_by: Option<String>,
    pub plan: Option<String>,
    pub steps: Vec<StepForm>,
    pub watermark: Option<String>,
    pub made_at: NaiveDateTime,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepForm {
    pub name: String,
    pub on: Option<NaiveDate>,
    pub by: Option<String>,
    /// A body meets for it, and which.
    pub meets: bool,
    pub body: Option<String>,
    pub expected: Option<u32>,
    pub present: Option<u32>,
    /// 赞成、反对、弃权.
    pub votes: Option<[u32; 3]>,
    /// It hangs on the board, and from when until when.
    pub posts: bool,
    pub posted: Option<(NaiveDate, NaiveDate)>,
    pub evidence: Option<String>,
    pub incomplete_why: Option<String>,
}

impl DecisionForm {
    pub fn document(&self) -> Document {
        let mut paper =
            Document::sheet(format!("{}“{}”登记表", self.village, self.procedure), Orientation::Portrait, self.made_at);
        paper.author.clone_from(&self.village);
        paper.watermark.clone_from(&self.watermark);
        paper.head.push(vec![format!("事项：{}", self.title)]);
        let by = self.raised_by.as_deref().unwrap_or("\u{3000}\u{3000}\u{3000}\u{3000}");
        paper.head.push(vec![format!("提出人：{by}"), format!("提出日期：{}", date_text(self.raised_on))]);
        if let Some(plan) = &self.plan {
            paper.heading(Level::Two, "方案");
            paper.para(plan);
        }
        for (step, number) in self.steps.iter().zip(NUMBERS) {
            paper.heading(Level::One, format!("{number}、{}", step.name));
            paper.table(step.table());
        }
        let places = ["党组织书记（签字）：", "村委会主任（签字）：", "（盖章）"].map(String::from);
        paper.blocks.push(Block::SignatureRow(places.to_vec()));
        paper
    }
}

impl StepForm {
    fn table(&self) -> Table {
        let columns = [("项目", 20), ("内容", 60), ("项目", 20), ("内容", 60)];
        let mut table = Table::new("", columns.map(|(name, share)| Column::new(name, share)).into());
        table.row_mm = Some(ROW_MM);
        let day = self.on.map_or_else(|| NO_DAY.to_owned(), date_text);
        let mut cells = vec![("日期", TableCell::text(day)), ("由谁定的", known(self.by.as_deref()))];
        if self.meets {
            cells.push(("会议", known(self.body.as_deref())));
            cells.push(("应到", number(self.expected)));
            cells.push(("实到", number(self.present)));
            for (name, at) in [("赞成", 0), ("反对", 1), ("弃权", 2)] {
                cells.push((name, number(self.votes.map(|votes| votes[at]))));
            }
        }
        if self.posts {
            let (from, until) = match self.posted {
                Some((from, until)) => (date_text(from), date_text(until)),
                None => (NO_DAY.to_owned(), NO_DAY.to_owned()),
            };
            cells.push(("公开起", TableCell::text(from)));
            cells.push(("公开止", TableCell::text(until)));
        }
        cells.push(("依据", known(self.evidence.as_deref())));
        cells.extend(self.incomplete_why.as_deref().map(|why| ("没办齐的原因", TableCell::text(why))));
        for pair in cells.chunks(2) {
            let mut row: Vec<TableCell> =
                pair.iter().flat_map(|(name, cell)| [TableCell::text(*name), cell.clone()]).collect();
            row.resize(4, TableCell::Blank);
            table.row(row);
        }
        table
    }
}

fn known(text: Option<&str>) -> TableCell {
    text.map_or(TableCell::Blank, TableCell::text)
}

fn number(n: Option<u32>) -> TableCell {
    n.map_or(TableCell::Blank, |n| TableCell::Count(i64::from(n)))
}
