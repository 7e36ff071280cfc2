//! 段落 — the minutes in words, paragraph by paragraph. Each has a name that stays the same however often they are made
//! anew, so that what the clerk has worded by hand finds its place again.

use lianhu_ledger::records::meeting::Edit;

use super::{Absent, Item, Minutes, Opinion, Resolved, Round, UNKNOWN};
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
        let after = self.resolved(&mut parts);
        self.opinions(after, &mut parts);
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
        if !self.absent.is_empty() {
            let absent: Vec<String> = self.absent.iter().map(Absent::words).collect();
            parts.push(self.paragraph("absent", format!("缺席：{}。", absent.join("、"))));
        }
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

    /// The number of the heading after it.
    fn resolved(&self, parts: &mut Vec<Part>) -> usize {
        let here = self.agenda.len() + 2;
        if self.resolutions.is_empty() {
            return here;
        }
        parts.push(heading(Level::One, format!("{}、决议", chinese(here))));
        for resolved in &self.resolutions {
            parts.push(self.listed(&format!("resolution.{}", resolved.key), resolved.line()));
        }
        here + 1
    }

    /// Nobody asks the families' opinion at a meeting of the branch, unless one was written down.
    fn opinions(&self, number: usize, parts: &mut Vec<Part>) {
        if !self.by_households && self.opinions.is_empty() && self.opinions_noted.is_none() {
            return;
        }
        parts.push(heading(Level::One, format!("{}、群众意见", chinese(number))));
        let unwritten = self.opinions_noted.unwrap_or(0).saturating_sub(self.opinions.len() as u32);
        let sentence = match (self.opinions.is_empty(), unwritten) {
            (true, 0) => "没有记录到意见。".to_owned(),
            (true, n) => format!("群众意见{n}条，没有逐条录入。"),
            (false, 0) => String::new(),
            (false, n) => format!("另有{n}条没有逐条录入。"),
        };
        parts.push(self.paragraph("opinions", sentence));
        for opinion in &self.opinions {
            parts.push(self.listed(&format!("opinion.{}", opinion.key), opinion.line()));
        }
    }

    fn listed(&self, key: &str, base: String) -> Part {
        match self.paragraph(key, base) {
            Part::Paragraph(paragraph) => Part::Paragraph(Paragraph { numbered: true, ..paragraph }),
            other => other,
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

impl Absent {
    fn words(&self) -> String {
        let made_up = self.made_up_on.map(|day| format!("，{}补课", date_text(day))).unwrap_or_default();
        format!("{}（{}{made_up}）", self.name, self.why)
    }
}

impl Resolved {
    fn line(&self) -> String {
        let text = self.text.trim_end_matches(['。', '.', ' ']);
        let how = if self.secret { "无记名投票，" } else { "" };
        let votes = self.votes.map(|[yes, no, abstained]| format!("{how}赞成{yes}票、反对{no}票、弃权{abstained}票"));
        let came = match self.passed {
            Some(true) => "，通过。",
            Some(false) => "，未通过。",
            None => "。",
        };
        format!("{text}。{}{came}", votes.unwrap_or_else(|| "票数未填报".into()))
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
    fn a_branch_meeting_tells_who_was_missing_and_what_was_decided() {
        let absent = |name: &str, made_up_on| Absent { name: name.into(), why: "住院".into(), made_up_on };
        let resolved = |votes, passed| Resolved {
            key: "a".into(),
            text: "接收罗德福为预备党员。".into(),
            votes,
            secret: true,
            passed,
        };
        let minutes = Minutes {
            absent: vec![absent("潘忠德", None), absent("黄秀英", chrono::NaiveDate::from_ymd_opt(2026, 11, 8))],
            resolutions: vec![resolved(Some([30, 1, 2]), Some(true))],
            ..sample::minutes()
        };
        assert_eq!(paragraph(&minutes, "absent").text, "缺席：潘忠德（住院）、黄秀英（住院，2026年11月8日补课）。");
        let told = paragraph(&minutes, "resolution.a");
        let words = "接收罗德福为预备党员。无记名投票，赞成30票、反对1票、弃权2票，通过。";
        assert_eq!((told.text.as_str(), told.numbered), (words, true));
        let headings: Vec<String> = minutes
            .parts()
            .into_iter()
            .filter_map(|part| match part {
                Part::Heading { level: Level::One, text } => Some(text),
                _ => None,
            })
            .collect();
        assert_eq!(headings[3..], ["四、决议", "五、群众意见"]);
        assert!(resolved(None, None).line().ends_with("票数未填报。"));
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
