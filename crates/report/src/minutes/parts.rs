//! 段落 — the minutes in words, paragraph by paragraph. Each has a name that stays the same however often they are made
//! anew, so that what the clerk has worded by hand finds its place again.

use lianhu_ledger::records::meeting::Edit;

use super::{Item, Minutes, Opinion, Round, UNKNOWN};
use crate::document::{Level, date_text};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    Heading {
        level: Level,
        text: String,
    },
    Paragraph(Paragraph),
    /// The table of ballots under that item of the agenda.
    Tallies {
        item: usize,
    },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paragraph {
    pub key: String,
    /// What the entries make of it now.
    pub base: String,
    /// What is printed; nothing where it was struck out.
    pub text: String,
    /// Somebody has worded it by hand.
    pub edited: bool,
    /// The entries behind it have changed since it was worded by hand.
    pub moved: bool,
    pub numbered: bool,
}

impl Minutes {
    /// Everything the paper says, in its order.
    pub fn parts(&self) -> Vec<Part> {
        let mut parts = vec![heading(Level::One, "一、基本情况")];
        self.opening(&mut parts);
        for (at, item) in self.agenda.iter().enumerate() {
            parts.push(heading(Level::One, format!("{}、{}", chinese(at + 2), item.heading)));
            self.item(at, item, &mut parts);
        }
        self.opinions(&mut parts);
        parts.push(self.paragraph("more", String::new()));
        parts
    }

    fn opening(&self, parts: &mut Vec<Part>) {
        let time = self.time.as_deref().unwrap_or_default();
        let lines = [
            ("time", format!("时间：{}{time}", date_text(self.held_on))),
            ("place", format!("地点：{}", or_unknown(&self.place))),
            ("host", format!("主持人：{}", or_unknown(&self.host))),
            ("recorder", format!("记录人：{}", or_unknown(&self.recorder))),
            ("present", self.attendance()),
        ];
        parts.extend(lines.map(|(key, text)| self.paragraph(key, text)));
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

    fn item(&self, at: usize, item: &Item, parts: &mut Vec<Part>) {
        if let Some(said) = &item.said {
            parts.push(self.paragraph(&format!("item.{at}"), said.clone()));
        }
        for (n, round) in item.rounds.iter().enumerate() {
            parts.push(heading(Level::Two, format!("（{}）{}", chinese(n + 1), round.subject)));
            self.round(round, parts);
        }
        if !item.rounds.is_empty() {
            parts.push(Part::Tallies { item: at });
        }
        if item.said.is_none() && item.rounds.is_empty() {
            parts.push(self.paragraph(&format!("item.{at}"), UNKNOWN.to_owned()));
        }
    }

    fn round(&self, round: &Round, parts: &mut Vec<Part>) {
        let key = |what: &str| format!("round.{}.{what}", round.pair);
        parts.push(self.paragraph(&key("speaker"), format!("述评人：{}", or_unknown(&round.speaker))));
        parts.push(self.paragraph(&key("said"), format!("主要内容：{}", or_unknown(&round.said))));
    }

    fn opinions(&self, parts: &mut Vec<Part>) {
        parts.push(heading(Level::One, format!("{}、群众意见", chinese(self.agenda.len() + 2))));
        let unwritten = self.opinions_noted.unwrap_or(0).saturating_sub(self.opinions.len() as u32);
        let sentence = match (self.opinions.is_empty(), unwritten) {
            (true, 0) => "没有记录到意见。".to_owned(),
            (true, n) => format!("群众意见{n}条，没有逐条录入。"),
            (false, 0) => String::new(),
            (false, n) => format!("另有{n}条没有逐条录入。"),
        };
        parts.push(self.paragraph("opinions", sentence));
        for opinion in &self.opinions {
            let Part::Paragraph(paragraph) = self.paragraph(&format!("opinion.{}", opinion.key), opinion.line()) else {
                continue;
            };
            parts.push(Part::Paragraph(Paragraph { numbered: true, ..paragraph }));
        }
    }

    /// Made from the entries, unless somebody has worded it by hand.
    fn paragraph(&self, key: &str, base: String) -> Part {
        let edit = self.edits.0.get(key);
        Part::Paragraph(Paragraph {
            key: key.to_owned(),
            text: edit.map_or_else(|| base.clone(), |Edit { text, .. }| text.clone()),
            edited: edit.is_some(),
            moved: edit.is_some_and(|edit| edit.base != base),
            numbered: false,
            base,
        })
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

fn heading(level: Level, text: impl Into<String>) -> Part {
    Part::Heading { level, text: text.into() }
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

    fn paragraph(minutes: &Minutes, key: &str) -> Paragraph {
        let parts = minutes.parts().into_iter();
        let mut found = parts.filter_map(|part| match part {
            Part::Paragraph(paragraph) if paragraph.key == key => Some(paragraph),
            _ => None,
        });
        found.next().expect(key)
    }

    #[test]
    fn headings_are_numbered_on_through_the_tens() {
        let numbers: Vec<String> = [1, 10, 11, 20, 34].into_iter().map(chinese).collect();
        assert_eq!(numbers, ["一", "十", "十一", "二十", "三十四"]);
    }

    #[test]
    fn the_clerks_words_stand_however_often_the_minutes_are_made_anew() {
        let mut minutes = sample::minutes();
        let base = paragraph(&minutes, "place").base;
        let edit = Edit { base, text: "地点：村委会院坝，雨后改在会议室".into() };
        minutes.edits.0.insert("place".into(), edit);
        let told = paragraph(&minutes, "place");
        assert_eq!((told.edited, told.moved, told.text.as_str()), (true, false, "地点：村委会院坝，雨后改在会议室"));
        minutes.place = Some("学校".into());
        let told = paragraph(&minutes, "place");
        assert_eq!(
            (told.moved, told.base.as_str(), told.text.as_str()),
            (true, "地点：学校", "地点：村委会院坝，雨后改在会议室")
        );
    }

    #[test]
    fn a_struck_paragraph_is_not_printed_and_the_list_counts_on() {
        let mut minutes = sample::minutes();
        let key = format!("opinion.{}", minutes.opinions[0].key);
        minutes.edits.0.insert(key, Edit { base: String::new(), text: String::new() });
        let printed = serde_json::to_string(&minutes.document()).expect("serialises");
        assert!(!printed.contains("水管坏了") && printed.contains("路灯不亮"));
    }
}
