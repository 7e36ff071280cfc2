//! 会议记录 — minutes of a 群众大会 or 院坝会, made from what was entered and nothing else.
//!
//! What nobody entered is printed as 未填报. There is no phrase here that says a meeting agreed
//! to something: a mass meeting evaluates, it does not resolve.

use chrono::{NaiveDate, NaiveDateTime};
use serde::{Deserialize, Serialize};

use crate::document::{Block, Document, Level, Signature, date_text};
use crate::table::{Column, Table, TableCell};

const UNKNOWN: &str = "未填报";

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Minutes {
    pub village: String,
    /// 群众大会, 院坝会 …
    pub kind: String,
    pub held_on: NaiveDate,
    /// 上午9时 — as typed.
    pub time: Option<String>,
    pub place: Option<String>,
    pub host: Option<String>,
    pub recorder: Option<String>,
    pub expected: Option<u32>,
    /// 应到 is counted in households (a mass meeting calls families, not persons).
    pub by_households: bool,
    pub present: Option<u32>,
    pub women: Option<u32>,
    pub party_members: Option<u32>,
    pub agenda: Vec<Item>,
    pub opinions: Vec<Opinion>,
    /// 群众意见（条）, where paper kept only their number.
    pub opinions_noted: Option<u32>,
    pub watermark: Option<String>,
    pub made_at: NaiveDateTime,
}

/// 议程: a matter of the agenda, with the rounds of 述评 held under it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    pub heading: String,
    pub said: Option<String>,
    pub rounds: Vec<Round>,
}

/// 一轮述评: somebody reports, the others evaluate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Round {
    /// 驻村干部述帮扶措施
    pub subject: String,
    pub speaker: Option<String>,
    pub said: Option<String>,
    pub tally: Option<Tally>,
}

/// 计票: counts only, no names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Not counted on paper is not zero.
    pub issued: Option<u32>,
    pub returned: Option<u32>,
    pub valid: u32,
    /// 好
    pub best: u32,
    /// 较好
    pub good: u32,
    /// 一般
    pub fair: u32,
    /// 差
    pub poor: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opinion {
    pub who: Option<String>,
    pub said: String,
    pub answer: Option<String>,
}

impl Minutes {
    pub fn document(&self) -> Document {
        let title = format!("{}{}会议记录", self.village, self.kind);
        let mut paper = Document::official(title, self.made_at);
        paper.author.clone_from(&self.village);
        paper.watermark.clone_from(&self.watermark);
        self.opening(&mut paper);
        for (at, item) in self.agenda.iter().enumerate() {
            paper.heading(Level::One, format!("{}、{}", chinese(at + 2), item.heading));
            item.write(&mut paper);
        }
        self.opinions(&mut paper);
        paper.signature = Some(Signature {
            places: vec!["主持人（签字）：".into(), "记录人（签字）：".into()],
            organ: None,
            date: Some(self.held_on),
        });
        paper
    }

    fn opening(&self, paper: &mut Document) {
        paper.heading(Level::One, "一、基本情况");
        let time = self.time.as_deref().unwrap_or_default();
        paper.para(format!("时间：{}{time}", date_text(self.held_on)));
        paper.para(format!("地点：{}", or_unknown(&self.place)));
        paper.para(format!("主持人：{}", or_unknown(&self.host)));
        paper.para(format!("记录人：{}", or_unknown(&self.recorder)));
        paper.para(self.attendance());
    }

    fn attendance(&self) -> String {
        let expected = match self.expected.filter(|_| self.by_households) {
            Some(households) => format!("{households}户"),
            None => people(self.expected),
        };
        let mut text = format!("应到：{expected}；实到：{}", people(self.present));
        let parts: Vec<String> = [("妇女", self.women), ("党员", self.party_members)]
            .into_iter()
            .filter_map(|(who, n)| n.map(|n| format!("{who}{n}人")))
            .collect();
        if !parts.is_empty() {
            text += &format!("（其中{}）", parts.join("、"));
        }
        text + "。"
    }

    fn opinions(&self, paper: &mut Document) {
        let number = chinese(self.agenda.len() + 2);
        paper.heading(Level::One, format!("{number}、群众意见"));
        let unwritten = self.opinions_noted.unwrap_or(0).saturating_sub(self.opinions.len() as u32);
        match (self.opinions.is_empty(), unwritten) {
            (true, 0) => return paper.para("没有记录到意见。"),
            (true, n) => return paper.para(format!("群众意见{n}条，没有逐条录入。")),
            (false, 0) => {}
            (false, n) => paper.para(format!("另有{n}条没有逐条录入。")),
        }
        let lines = self.opinions.iter().map(Opinion::line).collect();
        paper.blocks.push(Block::List(lines));
    }
}

impl Item {
    fn write(&self, paper: &mut Document) {
        if let Some(said) = &self.said {
            paper.para(said.as_str());
        }
        for (at, round) in self.rounds.iter().enumerate() {
            paper.heading(Level::Two, format!("（{}）{}", chinese(at + 1), round.subject));
            paper.para(format!("述评人：{}", or_unknown(&round.speaker)));
            paper.para(format!("主要内容：{}", or_unknown(&round.said)));
        }
        if !self.rounds.is_empty() {
            paper.table(tally_table(&self.rounds));
        }
        if self.said.is_none() && self.rounds.is_empty() {
            paper.para(UNKNOWN);
        }
    }
}

impl Opinion {
    fn line(&self) -> String {
        let who = self.who.as_ref().map(|w| format!("{w}：")).unwrap_or_default();
        let answer = match &self.answer {
            Some(answer) => format!("答复：{answer}"),
            None => "尚未答复。".into(),
        };
        let said = self.said.trim_end_matches(['。', '.', ' ']);
        format!("{who}{said}。{answer}")
    }
}

fn tally_table(rounds: &[Round]) -> Table {
    let mut columns = vec![Column::new("述评内容", 34).left()];
    columns.extend(["发出", "收回", "有效"].map(|t| Column::new(t, 9).under("评议票")));
    columns.extend(["好", "较好", "一般", "差"].map(|t| Column::new(t, 9).under("评议结果")));
    columns.push(Column::new("满意率", 24));
    let mut table = Table::new("评议票统计表", columns);
    for round in rounds {
        table.row(tally_row(round));
    }
    table.note("注：满意率＝（好＋较好）÷有效票。");
    table
}

fn tally_row(round: &Round) -> Vec<TableCell> {
    let mut cells = vec![TableCell::text(&round.subject)];
    match round.tally {
        None => cells.extend(vec![TableCell::Unknown; 8]),
        Some(t) => {
            let counts = [Some(t.valid), Some(t.best), Some(t.good), Some(t.fair), Some(t.poor)];
            let counts = [t.issued, t.returned].into_iter().chain(counts);
            cells.extend(counts.map(|n| TableCell::from(n.map(i64::from))));
            cells.push(TableCell::Rate { num: t.best + t.good, den: t.valid });
        }
    }
    cells
}

fn or_unknown(text: &Option<String>) -> &str {
    text.as_deref().filter(|t| !t.trim().is_empty()).unwrap_or(UNKNOWN)
}

fn people(n: Option<u32>) -> String {
    n.map_or_else(|| UNKNOWN.into(), |n| format!("{n}人"))
}

/// 一 … 九十九, as headings are numbered.
fn chinese(n: usize) -> String {
    const ONES: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    match n {
        1..=9 => ONES[n].into(),
        10..=19 => format!("十{}", ONES[n % 10]),
        20..=99 => format!("{}十{}", ONES[n / 10], ONES[n % 10]),
        _ => n.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    fn said(minutes: &Minutes) -> String {
        serde_json::to_string(&minutes.document()).expect("serialises")
    }

    #[test]
    fn what_was_not_entered_is_not_invented() {
        let said = said(&sample::bare_minutes());
        assert!(said.contains("地点：未填报") && said.contains("应到：未填报；实到：未填报。"));
        assert!(!said.contains("\"count\":0") && !said.contains("妇女"));
    }

    #[test]
    fn a_mass_meeting_never_resolves_anything() {
        for minutes in [sample::minutes(), sample::bare_minutes()] {
            for word in ["决议", "通过", "一致同意", "表决"] {
                assert!(!said(&minutes).contains(word), "{word}");
            }
        }
    }

    #[test]
    fn every_entered_word_and_count_is_printed() {
        let said = said(&sample::minutes());
        for word in ["村委会院坝", "李书记", "应到：551户；实到：148人（其中妇女61人、党员21人）", "水管", "尚未答复"]
        {
            assert!(said.contains(word), "{word}");
        }
        assert!(said.contains(r#""rate":{"num":137,"den":150}"#));
    }

    #[test]
    fn headings_are_numbered_on_through_the_tens() {
        let numbers: Vec<String> = [1, 10, 11, 20, 34].into_iter().map(chinese).collect();
        assert_eq!(numbers, ["一", "十", "十一", "二十", "三十四"]);
    }
}
