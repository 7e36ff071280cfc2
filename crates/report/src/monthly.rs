//! 工作月报 — the report's words and tables, from the month's figures and from nothing else.
//!
//! A sentence whose figure nobody entered says 未填报; one that was not done says why; nothing is padded. Households are
//! named in annex 3 alone, which goes to the township and is left out of any other copy.

use chrono::{Datelike, NaiveDateTime};

use crate::document::{Document, Level, Signature};
use crate::figures::{Amount, Figure, Figures};
use crate::mask;
use crate::table::{TableCell, rate_text};

mod annex;
mod details;
mod meetings;
mod people;
mod rest;

pub use annex::Opinion;
pub use details::{Details, details};
pub use meetings::History;

/// What the report needs beside the figures.
#[derive(Clone, Debug)]
pub struct Edition {
    /// It goes to the township: annex 3 names the households nobody visited.
    pub for_township: bool,
    pub author: String,
    /// 审核人, when the month was closed with one; else left to the pen.
    pub reviewer: Option<String>,
    /// China standard time.
    pub made_at: NaiveDateTime,
    /// 群众意见清单, as they were raised; masked before they are printed.
    pub opinions: Vec<Opinion>,
    /// Satisfaction of the months up to this one, oldest first.
    pub history: Vec<History>,
    /// The township's newest word about the village's log, where there is one.
    pub receipt: Option<Receipted>,
}

/// 镇里回执: its number, and the digits that stand for the log up to there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipted {
    pub no: u64,
    pub check: String,
}

/// The monthly report as one document, for all three writers.
pub fn document(figures: &Figures, edition: &Edition) -> Document {
    let month = figures.month;
    let village = &figures.village;
    let mut paper =
        Document::official(format!("{village}党组织{}年{}月工作月报", month.year(), month.number()), edition.made_at);
    let state = if figures.closed_on.is_some() { "已锁定" } else { "草稿" };
    let to = figures.township.as_ref().map_or_else(|| "报送：镇党委".to_owned(), |t| format!("报送：{t}党委"));
    paper.head = vec![vec![to, format!("期号：{month}"), format!("状态：{state}")]];
    paper.watermark = figures.sample.then(|| "样例数据".to_owned());
    paper.author = edition.author.clone();
    people::basics(&mut paper, figures);
    meetings::assembly(&mut paper, figures, edition);
    people::aid(&mut paper, figures);
    people::links(&mut paper, figures);
    rest::stars(&mut paper, figures);
    rest::branch(&mut paper, figures);
    rest::stationed(&mut paper);
    rest::plans(&mut paper, figures);
    annex::annexes(&mut paper, figures, edition);
    let organ = format!("中共{village}支部委员会");
    paper.signature = Some(Signature {
        places: vec![
            format!("填报人：{}", edition.author),
            format!("审核人：{}", edition.reviewer.as_deref().unwrap_or_default()),
            "党组织书记（签字）：".into(),
            "（盖章）".into(),
        ],
        organ: Some(organ),
        date: figures.closed_on,
    });
    paper.check_code = Some(figures.check_code());
    paper.receipt = edition.receipt.as_ref().map(|of| format!("镇里回执：第 {} 号 · 校验 {}", of.no, of.check));
    paper
}

pub(crate) fn heading(paper: &mut Document, text: &str) {
    paper.heading(Level::One, text);
}

/// A count with its measure word: 12场; 未填报; 未开展（原因）.
pub(crate) fn said(figure: &Figure, unit: &str) -> String {
    match &figure.amount {
        Amount::Known(n) => format!("{n}{unit}"),
        Amount::NotHeld(why) => format!("未开展（{}）", mask::text(why).as_str()),
        Amount::Unknown => "未填报".to_owned(),
    }
}

pub(crate) fn cell(figure: &Figure) -> TableCell {
    match &figure.amount {
        Amount::Known(n) => TableCell::Count(*n),
        Amount::NotHeld(why) => TableCell::NotHeld(mask::text(why).as_str().to_owned()),
        Amount::Unknown => TableCell::Unknown,
    }
}

/// A rate in words, as its counts alone where there are too few for a percentage.
pub(crate) fn rate(part: Option<i64>, whole: Option<i64>) -> String {
    match (part, whole) {
        (Some(part), Some(whole)) => rate_text(count(part), count(whole)),
        _ => "未填报".to_owned(),
    }
}

pub(crate) fn rate_cell(part: Option<i64>, whole: Option<i64>) -> TableCell {
    match (part, whole) {
        (Some(part), Some(whole)) => TableCell::Rate { num: count(part), den: count(whole) },
        _ => TableCell::Unknown,
    }
}

pub(crate) fn count(n: i64) -> u32 {
    u32::try_from(n).unwrap_or(0)
}

/// 10月18日.
pub(crate) fn day(on: chrono::NaiveDate) -> String {
    format!("{}月{}日", on.month(), on.day())
}
