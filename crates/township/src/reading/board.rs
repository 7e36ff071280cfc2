//! 看板 — which village needs a call: the villages of one month, worst first.

use lianhu_ledger::dates::{Date, Month};
use lianhu_ledger::rules::Rules;
use lianhu_ledger::{Result, china_day};
use lianhu_report::lines::{Rate, State};
use serde::Serialize;

use super::measure::{Count, MEASURES};
use super::replay::Place;
use super::summary::{Handed, Stage, Summary};
use super::{Reader, measure};
use crate::town::Village;

/// A village that was not heard for longer than this is marked.
pub const STALE_DAYS: i64 = 7;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Lamp {
    Late,
    Soon,
    Done,
    /// No computer of the village has enrolled.
    None,
}

/// Why a lamp is not green. Each has its word, `township.why.<name>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    NotEnrolled,
    /// Nothing has come yet.
    Empty,
    /// 月报逾期.
    ReportLate,
    /// 月报被退回, not closed anew.
    Returned,
    /// 大会没开: the month is over, and nobody said why.
    NoMeeting,
    /// Not heard for more than a week.
    Stale,
    /// A report lies here and waits for an answer: it is the township's turn.
    Unanswered,
}

impl Why {
    fn lamp(self) -> Lamp {
        match self {
            Why::NotEnrolled => Lamp::None,
            Why::Empty | Why::ReportLate | Why::NoMeeting => Lamp::Late,
            Why::Returned | Why::Stale | Why::Unanswered => Lamp::Soon,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Board {
    pub month: Month,
    pub today: Date,
    pub rows: Vec<Row>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    pub code: String,
    pub name: String,
    pub lamp: Lamp,
    pub why: Vec<Why>,
    /// In the order of [`MEASURES`].
    pub measures: Vec<Measured>,
    pub mass: State,
    pub stars: Option<Stage>,
    pub report: Handed,
    /// When the village was heard last, and how many days ago.
    pub heard: Option<Date>,
    pub silent_days: Option<i64>,
    /// It could not be read just now.
    pub broken: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Measured {
    pub state: State,
    pub rate: Option<Rate>,
}

impl From<&Count> for Measured {
    fn from(count: &Count) -> Measured {
        Measured { state: count.state.clone(), rate: count.rate() }
    }
}

fn unknown() -> Measured {
    Measured { state: State::Unknown, rate: None }
}

/// All villages in one month, the one that most needs a call first.
pub fn board(reader: Reader<'_>, month: Month) -> Result<Board> {
    let villages = reader.town.villages()?;
    let ids: Vec<_> = villages.iter().filter_map(|village| village.id).collect();
    let mut told = reader.each(&ids, |id| reader.month(id, month)).into_iter();
    let today = reader.today();
    let mut rows = Vec::with_capacity(villages.len());
    for village in &villages {
        let read = village.id.and_then(|_| told.next());
        rows.push(match read {
            None => blank(village, Why::NotEnrolled, false),
            Some(Ok((place, summary))) => row(village, place, &summary, today)?,
            Some(Err(error)) => {
                tracing::error!(village = village.code, what = %error, "a village cannot be read");
                blank(village, Why::Stale, true)
            }
        });
    }
    rows.sort_by(|a, b| order(a).cmp(&order(b)));
    Ok(Board { month, today, rows })
}

/// By lamp; then the smaller share of households visited, those that said nothing first; then the longer silence.
fn order(row: &Row) -> (Lamp, i64, std::cmp::Reverse<i64>, &str) {
    let permille = row.measures.first().and_then(|m| m.rate).map_or(-1, |rate| rate.num * 1000 / rate.den.max(1));
    (row.lamp, permille, std::cmp::Reverse(row.silent_days.unwrap_or(i64::MAX)), &row.code)
}

fn blank(village: &Village, why: Why, broken: bool) -> Row {
    Row {
        code: village.code.clone(),
        name: village.name.clone(),
        lamp: why.lamp(),
        why: vec![why],
        measures: MEASURES.iter().map(|_| unknown()).collect(),
        mass: State::Unknown,
        stars: None,
        report: Handed::Missing,
        heard: None,
        silent_days: None,
        broken,
    }
}

fn row(village: &Village, place: Place, summary: &Summary, today: Date) -> Result<Row> {
    let heard = (place.heard_ms > 0).then(|| china_day(place.heard_ms));
    let silent_days = heard.map(|on| (today - on).num_days().max(0));
    let why = reasons(summary, silent_days, today)?;
    Ok(Row {
        lamp: why.iter().map(|why| why.lamp()).min().unwrap_or(Lamp::Done),
        why,
        measures: MEASURES.iter().map(|name| summary.count(name).map_or_else(unknown, Measured::from)).collect(),
        mass: summary.count("assembly.mass").map_or(State::Unknown, |count| count.state.clone()),
        stars: summary.stars.clone(),
        report: summary.report.clone(),
        heard,
        silent_days,
        broken: false,
        code: village.code.clone(),
        name: village.name.clone(),
    })
}

fn reasons(summary: &Summary, silent_days: Option<i64>, today: Date) -> Result<Vec<Why>> {
    if summary.empty {
        return Ok(vec![Why::Empty]);
    }
    let over = summary.month.last() < today;
    let meeting = summary.count("assembly.mass").map(|count| &count.state);
    let held = !matches!(meeting, None | Some(State::Unknown));
    let found = [
        (summary.report == Handed::Missing && today > due(summary.month)?, Why::ReportLate),
        (over && !held, Why::NoMeeting),
        (matches!(summary.report, Handed::Returned { .. } | Handed::Mending { .. }), Why::Returned),
        (silent_days.is_none_or(|days| days > STALE_DAYS), Why::Stale),
        (matches!(summary.report, Handed::Waiting { .. }), Why::Unanswered),
    ];
    Ok(found.into_iter().filter(|(is_so, _)| *is_so).map(|(_, why)| why).collect())
}

/// The day by which a month's report is to be here.
fn due(month: Month) -> Result<Date> {
    let day = Rules::shipped().int("month_close_day", month.last()).map_err(lianhu_ledger::Error::from)?.clamp(1, 28);
    Ok(month.next().first() + chrono::Days::new(day as u64 - 1))
}

/// The months that can be looked at, newest first: two years of them.
pub fn months(today: Date) -> Vec<Month> {
    let now = Month::of(today);
    std::iter::successors(Some(now), |month| Some(month.previous())).take(24).collect()
}

/// The month in hand: the last one until its report is due, then this one.
pub fn in_hand(today: Date) -> Result<Month> {
    let now = Month::of(today);
    Ok(if today <= due(now.previous())? { now.previous() } else { now })
}

/// The place of a measure among [`MEASURES`], by its name.
pub fn measured(name: &str) -> Option<usize> {
    MEASURES.iter().position(|measure| *measure == name).filter(|_| measure::place(name).is_some())
}
