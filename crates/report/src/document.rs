//! 公文 — one model of everything that is printed. The three writers ([`crate::docx()`],
//! [`crate::pdf()`], [`crate::xlsx()`]) say the same words because they read the same model.

use chrono::{NaiveDate, NaiveDateTime};
use serde::{Deserialize, Serialize};

use crate::table::{Chart, Table};

/// Which house style the paper follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Style {
    /// 公文, GB/T 9704-2012: 22 lines of 28 characters, page number at the outer side.
    Official,
    /// 表单: a large table to be filled by hand, small margins, “第几页 共几页”.
    Sheet,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Orientation {
    Portrait,
    Landscape,
}

/// 层次: 一、 (一) 1. (1). The number itself is part of the heading's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    One,
    Two,
    Three,
    Four,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Block {
    Heading {
        level: Level,
        text: String,
    },
    /// A paragraph; each line of it starts anew with two characters' indent.
    Para(String),
    /// 1. 2. 3. — numbered by the writer.
    List(Vec<String>),
    Table(Table),
    Chart(Chart),
    /// Small print: how figures were counted.
    Note(String),
    /// Places to sign within the text, e.g. 主持人： 记录人：
    SignatureRow(Vec<String>),
    PageBreak,
}

/// 落款: who signs, which body stands behind it, and the day.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Signature {
    /// 填报人： 审核人： 党组织书记（签字）： （盖章）
    pub places: Vec<String>,
    /// 署名, centred above the date.
    pub organ: Option<String>,
    /// 成文日期; `None` prints blanks to be filled by pen.
    pub date: Option<NaiveDate>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Document {
    pub style: Style,
    pub orientation: Orientation,
    /// Lines of the title, broken by whoever writes it so that no word is cut.
    pub title: Vec<String>,
    /// Lines under the title, each of one to four parts spread over its width
    /// (报送：… 期号：… 状态：…).
    pub head: Vec<Vec<String>>,
    pub blocks: Vec<Block>,
    pub signature: Option<Signature>,
    /// Grey words across every page, e.g. 样例数据.
    pub watermark: Option<String>,
    /// 校验码, printed last.
    pub check_code: Option<String>,
    /// 镇里回执, printed small behind it.
    pub receipt: Option<String>,
    /// Whose paper it is, for the file's properties.
    pub author: String,
    /// China standard time. The file carries this and no clock is read, so that the same
    /// document gives the same bytes.
    pub made_at: NaiveDateTime,
}

impl Document {
    pub fn official(title: impl Into<String>, made_at: NaiveDateTime) -> Self {
        Self {
            style: Style::Official,
            orientation: Orientation::Portrait,
            title: vec![title.into()],
            head: Vec::new(),
            blocks: Vec::new(),
            signature: None,
            watermark: None,
            check_code: None,
            receipt: None,
            author: String::new(),
            made_at,
        }
    }

    pub fn sheet(title: impl Into<String>, orientation: Orientation, made_at: NaiveDateTime) -> Self {
        Self { style: Style::Sheet, orientation, ..Self::official(title, made_at) }
    }

    pub fn heading(&mut self, level: Level, text: impl Into<String>) {
        let text = text.into();
        self.blocks.push(Block::Heading { level, text });
    }

    pub fn para(&mut self, text: impl Into<String>) {
        self.blocks.push(Block::Para(text.into()));
    }

    pub fn table(&mut self, table: Table) {
        self.blocks.push(Block::Table(table));
    }

    pub fn note(&mut self, text: impl Into<String>) {
        self.blocks.push(Block::Note(text.into()));
    }
}

/// 2026年11月22日: figures without a leading zero, as 成文日期 is written.
pub fn date_text(on: NaiveDate) -> String {
    use chrono::Datelike;
    format!("{}年{}月{}日", on.year(), on.month(), on.day())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_has_no_leading_zeros() {
        let day = NaiveDate::from_ymd_opt(2026, 3, 5).expect("a real day");
        assert_eq!(date_text(day), "2026年3月5日");
    }

    #[test]
    fn a_document_survives_json() {
        let paper = crate::sample::every_block();
        let text = serde_json::to_string(&paper).expect("serialises");
        let back: Document = serde_json::from_str(&text).expect("parses");
        assert_eq!(back, paper);
    }
}
