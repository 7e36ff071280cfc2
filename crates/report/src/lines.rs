//! The figures of the month one by one, in the order of the paper: what each is called, how it stands, and which
//! records it was counted from. The village's window and the township's page show the same lines.

use std::borrow::Cow;
use std::collections::HashMap;

use lianhu_ledger::rules::Rules;
use lianhu_ledger::{Result, View};
use serde::{Deserialize, Serialize};

use crate::figures::{self, Aid, Amount, Assembly, Branch, Entry, Figure, Figures, Links, PairRow, Roll, Stars};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum State {
    Known { n: i64 },
    NotHeld { reason: String },
    Unknown,
}

/// So many of so many. Kept as its two counts and never averaged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Rate {
    pub num: i64,
    pub den: i64,
}

/// One figure of the paper.
#[derive(Clone, Debug)]
pub struct Line<'a> {
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

/// All of them.
pub fn lines(figures: &Figures) -> Vec<Line<'_>> {
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

/// One figure as a page shows it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Row {
    /// Its name among all of them, as `month_records` takes it.
    pub figure: String,
    pub section: Section,
    /// The name of its words.
    pub code: String,
    pub part: Option<String>,
    pub called: Option<String>,
    pub state: State,
    pub rate: Option<Rate>,
    /// The same figure of the month before, where that is known.
    pub before: Option<i64>,
    pub before_rate: Option<Rate>,
    /// What a reason may be given for when nothing of it was done.
    pub duty: Option<String>,
}

/// Numbers of the rule table that 怎么算的 quotes, as they were in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Numbers {
    pub satisfaction_percent: u32,
    pub least_denominator: i64,
    pub unvisited_months: u32,
    pub links_min: i64,
    pub links_max: i64,
    pub late_days: u32,
}

/// The lines as a page shows them, each beside the month before.
pub fn rows(view: View<'_>, now: &Figures) -> Result<Vec<Row>> {
    let before = figures::figures(view, now.month.previous(), view.today)?;
    let before: HashMap<String, (Option<i64>, Option<Rate>)> = lines(&before)
        .iter()
        .filter(|line| line.section != Section::Roll || before.closed_on.is_some())
        .map(|line| (line.key(), (line.figure.known(), line.rate())))
        .collect();
    Ok(lines(now).iter().map(|line| Row::of(line, before.get(&line.key()).copied())).collect())
}

impl Row {
    /// `before`: the same figure of the month before.
    pub fn of(line: &Line<'_>, before: Option<(Option<i64>, Option<Rate>)>) -> Row {
        let (before, before_rate) = before.unwrap_or_default();
        Row {
            figure: line.key(),
            section: line.section,
            code: line.code.to_owned(),
            part: line.part.clone(),
            called: line.called.clone(),
            state: line.state(),
            rate: line.rate(),
            before,
            before_rate,
            duty: line.duty.map(str::to_owned),
        }
    }
}

/// What 怎么算的 of these figures quotes.
pub fn numbers(figures: &Figures) -> Result<Numbers> {
    let rules = &figures.rules;
    let (part, whole) = rules.satisfaction_percent;
    Ok(Numbers {
        satisfaction_percent: part * 100 / whole.max(1),
        least_denominator: rules.least_denominator,
        unvisited_months: rules.unvisited_months,
        links_min: rules.links_min,
        links_max: rules.links_max,
        late_days: Rules::shipped().days("late_entry_days", figures.as_of)?,
    })
}
