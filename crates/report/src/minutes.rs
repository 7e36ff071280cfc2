//! 会议记录 — minutes of a 群众大会 or 院坝会, made from what was entered and nothing else.
//!
//! What nobody entered is printed as 未填报. There is no phrase here that says a meeting agreed
//! to something: a mass meeting evaluates, it does not resolve.

use chrono::{NaiveDate, NaiveDateTime};
use lianhu_ledger::records::meeting::Edits;
use lianhu_ledger::records::village::Grades;
use serde::{Deserialize, Serialize};

use crate::document::{Block, Document, Signature};

mod parts;
mod tally;

pub use parts::{Paragraph, Part};
pub(crate) use tally::satisfaction_words;

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
    /// 决议; a mass meeting has none.
    #[serde(default)]
    pub resolutions: Vec<Resolved>,
    /// Who was called and did not come, once somebody has called the roll.
    #[serde(default)]
    pub absent: Vec<Absent>,
    /// 评议等次 of the village.
    pub grades: Grades,
    /// Paragraphs in the clerk's own words.
    pub edits: Edits,
    /// Sealed again after a correction: which time, and why.
    pub corrected: Option<Corrected>,
    pub watermark: Option<String>,
    pub made_at: NaiveDateTime,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Corrected {
    pub version: u32,
    pub reason: String,
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
    /// Which pair of the template: its paragraphs go by this number.
    pub pair: u32,
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
    /// Its paragraph goes by this, whatever is raised before it.
    pub key: String,
    pub who: Option<String>,
    pub said: String,
    pub answer: Option<String>,
}

/// 决议 — what was voted on, and what came of it by the rule of the meeting's kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resolved {
    pub key: String,
    pub text: String,
    /// 赞成, 反对, 弃权; unknown where they were not counted.
    pub votes: Option<[u32; 3]>,
    pub secret: bool,
    /// Whether it passed, where that can be told.
    pub passed: Option<bool>,
}

/// 缺席 — with the reason, and when it was made up for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Absent {
    pub name: String,
    pub why: String,
    pub made_up_on: Option<NaiveDate>,
}

impl Minutes {
    pub fn document(&self) -> Document {
        let title = format!("{}{}会议记录", self.village, self.kind);
        let mut paper = Document::official(title, self.made_at);
        paper.author.clone_from(&self.village);
        paper.watermark.clone_from(&self.watermark);
        if let Some(Corrected { version, reason }) = &self.corrected {
            paper.head.push(vec![format!("第{version}稿（更正：{reason}）")]);
        }
        for part in self.parts() {
            self.write(part, &mut paper);
        }
        paper.signature = Some(Signature {
            places: vec!["主持人（签字）：".into(), "记录人（签字）：".into()],
            organ: None,
            date: Some(self.held_on),
        });
        paper
    }

    fn write(&self, part: Part, paper: &mut Document) {
        match part {
            Part::Heading { level, text } => paper.heading(level, text),
            Part::Paragraph(paragraph) if paragraph.text.trim().is_empty() => {}
            Part::Paragraph(paragraph) if paragraph.numbered => match paper.blocks.last_mut() {
                Some(Block::List(items)) => items.push(paragraph.text),
                _ => paper.blocks.push(Block::List(vec![paragraph.text])),
            },
            Part::Paragraph(paragraph) => paper.para(paragraph.text),
            Part::Tallies { item } => {
                let rounds = self.agenda.get(item).map(|item| item.rounds.as_slice()).unwrap_or_default();
                paper.table(tally::table(rounds, &self.grades));
            }
        }
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
}
