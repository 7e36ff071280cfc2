//! The figures of the month one by one, in the order of the paper: what each is called, how it stands, and which
//! records it was counted from.

use std::borrow::Cow;

use lianhu_report::figures::{Aid, Amount, Assembly, Branch, Entry, Figure, Figures, Links, PairRow, Roll, Stars};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Section {
    Roll,
    Assembly,
    Aid,
    Links,
    Stars,
    Branch,
    Entry,
}

/// A number; 未开展 and why; 未填报. Zero is a number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum State {
    Known { n: i64 },
    NotHeld { reason: String },
    Unknown,
}

/// So many of so many. Kept as its two counts and never averaged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Rate {
    pub num: i64,
    pub den: i64,
}

/// One figure of the paper.
#[derive(Clone, Debug)]
pub(super) struct Line<'a> {
    pub section: Section,
    /// The name of its words.
    pub code: &'static str,
    /// Which one, where there are several under one name: a pair's number, a meeting kind.
    pub part: Option<String>,
    /// How the village calls that one.
    pub called: Option<String>,
    pub figure: Cow<'a, Figure>,
    pub of: Option<i64>,
    /// What a reason may be given for when nothing of it was done.
    pub duty: Option<&'a str>,
}

impl Line<'_> {
    /// Names the line among all of them: `aid.visits`, `assembly.satisfaction.1`.
    pub fn key(&self) -> String {
        let section = serde_json::to_value(self.section).ok().and_then(|s| s.as_str().map(str::to_owned));
        let parts = section.into_iter().chain([self.code.to_owned()]).chain(self.part.clone());
        parts.collect::<Vec<_>>().join(".")
    }

    pub fn state(&self) -> State {
        match &self.figure.amount {
            Amount::Known(n) => State::Known { n: *n },
            Amount::NotHeld(reason) => State::NotHeld { reason: reason.clone() },
            Amount::Unknown => State::Unknown,
        }
    }

    pub fn rate(&self) -> Option<Rate> {
        Some(Rate { num: self.figure.known()?, den: self.of.filter(|den| *den > 0)? })
    }
}

pub(super) fn lines(figures: &Figures) -> Vec<Line<'_>> {
    let mut lines = Vec::new();
    roll(&mut lines, &figures.roll);
    assembly(&mut lines, &figures.assembly, &figures.roll);
    aid(&mut lines, &figures.aid);
    links(&mut lines, &figures.links);
    stars(&mut lines, &figures.stars);
    branch(&mut lines, &figures.branch);
    entry(&mut lines, &figures.entry);
    lines
}

fn line<'a>(section: Section, code: &'static str, figure: &'a Figure) -> Line<'a> {
    Line { section, code, part: None, called: None, figure: Cow::Borrowed(figure), of: None, duty: None }
}

fn roll<'a>(lines: &mut Vec<Line<'a>>, roll: &'a Roll) {
    let of = |code, figure| line(Section::Roll, code, figure);
    lines.extend([
        of("households", &roll.households),
        of("people", &roll.people),
        of("groups", &roll.groups),
        of("members", &roll.members),
        of("probationary", &roll.probationary),
        of("came", &roll.came),
        of("left", &roll.left),
        of("admitted", &roll.admitted),
        of("lifted", &roll.lifted),
        of("lifted_people", &roll.lifted_people),
        of("monitored", &roll.monitored),
        of("monitored_open", &roll.monitored_open),
    ]);
}

fn assembly<'a>(lines: &mut Vec<Line<'a>>, assembly: &'a Assembly, roll: &Roll) {
    let of = |code, figure| line(Section::Assembly, code, figure);
    lines.extend([
        Line { duty: Some("mass"), ..of("mass", &assembly.mass) },
        Line { duty: Some("yard"), ..of("yard", &assembly.yard) },
        of("attended", &assembly.attended),
        Line { of: roll.groups.known(), ..of("covered", &assembly.groups) },
    ]);
    lines.extend(assembly.rounds.iter().map(satisfaction));
    lines.extend([
        of("opinions", &assembly.opinions),
        Line { of: assembly.opinions.known(), ..of("answered", &assembly.answered) },
        of("mend", &assembly.mend),
        Line { of: assembly.mend_before.known(), ..of("mend_before_done", &assembly.mend_before_done) },
    ]);
}

/// The satisfied ballots of one pair, over its valid ones; not known while no ballot was counted.
fn satisfaction(row: &PairRow) -> Line<'_> {
    let rate = row.tally.map(|tally| tally.satisfaction());
    let amount = rate.map_or(Amount::Unknown, |rate| Amount::Known(rate.satisfied));
    Line {
        section: Section::Assembly,
        code: "satisfaction",
        part: Some(row.pair.to_string()),
        called: Some(row.who.clone()),
        figure: Cow::Owned(Figure { amount, ..row.times.clone() }),
        of: rate.map(|rate| rate.valid),
        duty: None,
    }
}

fn aid<'a>(lines: &mut Vec<Line<'a>>, aid: &'a Aid) {
    let of = |code, figure| line(Section::Aid, code, figure);
    let paired = aid.households.known();
    lines.extend([
        of("households", &aid.households),
        Line { of: paired, duty: Some("visits"), ..of("visited", &aid.visited) },
        Line { duty: Some("visits"), ..of("visits", &aid.visits) },
        of("meals", &aid.meals),
        of("self_paid", &aid.self_paid),
        of("chores", &aid.chores),
        of("ways", &aid.ways),
        of("ways_done", &aid.ways_done),
        Line { of: paired, ..of("all_three", &aid.all_three) },
        of("unvisited", &aid.unvisited),
        of("unvisited_long", &aid.unvisited_long),
        of("needs", &aid.needs),
    ]);
}

fn links<'a>(lines: &mut Vec<Line<'a>>, links: &'a Links) {
    let of = |code, figure| line(Section::Links, code, figure);
    lines.extend([
        of("members", &links.members),
        of("households", &links.households),
        of("below", &links.below),
        of("above", &links.above),
        Line { of: links.households.known(), duty: Some("link_visits"), ..of("visited", &links.visited) },
        of("matters", &links.matters),
        Line { of: links.matters.known(), ..of("matters_done", &links.matters_done) },
    ]);
}

/// 五星 down to 未评; nothing while there is no cycle.
fn stars<'a>(lines: &mut Vec<Line<'a>>, stars: &'a Stars) {
    if stars.cycle.is_none() {
        return;
    }
    let of = |code, figure| line(Section::Stars, code, figure);
    let level = |n: usize| Line {
        part: Some(n.to_string()),
        figure: stars.levels.get(n).map_or(Cow::Owned(Figure::default()), Cow::Borrowed),
        ..line(Section::Stars, "level", &stars.up)
    };
    lines.extend((0..stars.levels.len()).rev().map(level));
    lines.extend([of("up", &stars.up), of("down", &stars.down), of("withdrawn", &stars.withdrawn)]);
}

fn branch<'a>(lines: &mut Vec<Line<'a>>, branch: &'a Branch) {
    lines.extend(branch.cadences.iter().map(|cadence| Line {
        part: Some(cadence.kind.clone()),
        of: Some(cadence.due),
        duty: Some(&cadence.kind),
        ..line(Section::Branch, "held", &cadence.held)
    }));
}

fn entry<'a>(lines: &mut Vec<Line<'a>>, entry: &'a Entry) {
    lines.extend([line(Section::Entry, "late", &entry.late), line(Section::Entry, "corrected", &entry.corrected)]);
}
