//! 组织生活看板 — for a year: which meetings were due in which month, which were held. What is due comes from the rule table;
//! a month that has not ended yet lacks nothing.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use lianhu_ledger::dates::Month;
use lianhu_ledger::records::{Meeting, NotHeld};
use lianhu_ledger::rules::{Period, Rules};
use lianhu_ledger::{Result, View};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::days_of;

/// What has a cadence, in the order of the board: 三会一课, 主题党日, 组织生活会, 民主评议; and the representatives.
const KINDS: [&str; 8] =
    ["members", "committee", "cell", "lecture", "theme_day", "life", "appraisal", "representatives"];

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Board {
    pub year: i32,
    pub rows: Vec<CadenceRow>,
}

/// One kind of meeting; a row for each 党小组.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct CadenceRow {
    pub kind: String,
    pub cell: Option<String>,
    /// So many times …
    pub times: u32,
    /// … in a `month`, `quarter` or `year`.
    pub per: String,
    pub months: Vec<MonthCell>,
    /// 应开 in the periods that have begun, 已开 in the year.
    pub due: u32,
    pub held: u32,
    /// 欠: periods that have ended with fewer than were due.
    pub lacking: u32,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct MonthCell {
    pub month: u32,
    pub held: Vec<HeldMeeting>,
    pub pace: Pace,
    /// 未开展: why, as somebody has said.
    pub not_held: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct HeldMeeting {
    pub id: Uuid,
    pub on: NaiveDate,
    pub expected: Option<u32>,
    pub present: Option<u32>,
}

/// How a month stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Pace {
    /// Something was held.
    Held,
    /// The period ends with this month, and less was held than was due.
    Lacking,
    /// The period runs and something is still due in it.
    Due,
    /// Nothing is due in this month, or the month is still to come.
    Free,
    /// Before anything of the branch's life was written down here: whether something was held is not known.
    Unknown,
}

pub fn board(view: View<'_>, year: i32, today: NaiveDate) -> Result<Board> {
    let (first, last) = days_of(year);
    let look = Look {
        rules: Rules::shipped(),
        meetings: view.meetings(first, last)?,
        reasons: reasons(view, year)?,
        since: since(view)?,
        year,
        today,
    };
    let cells = view.cells(last.min(today))?;
    let mut rows = Vec::new();
    for kind in KINDS {
        match (kind, cells.is_empty()) {
            ("cell", false) => {
                for cell in &cells {
                    rows.push(look.row(kind, Some(cell))?);
                }
            }
            _ => rows.push(look.row(kind, None)?),
        }
    }
    Ok(Board { year, rows })
}

/// The month of the first meeting of the branch that is in this ledger: what was held before it is not known here, and
/// what is not known is not lacking.
fn since(view: View<'_>) -> Result<Option<Month>> {
    let mut meetings = view.all::<Meeting>()?;
    meetings.retain(|m| KINDS.iter().any(|kind| m.counts_as(kind)));
    Ok(meetings.iter().map(|m| Month::of(m.on)).min())
}

/// 未开展 by duty and month.
fn reasons(view: View<'_>, year: i32) -> Result<BTreeMap<(String, u32), String>> {
    let said = view.all::<NotHeld>()?.into_iter().filter(|n| n.month.year() == year);
    Ok(said.map(|n| ((n.duty, n.month.number()), n.reason)).collect())
}

struct Look {
    rules: Rules,
    meetings: Vec<Meeting>,
    reasons: BTreeMap<(String, u32), String>,
    since: Option<Month>,
    year: i32,
    today: NaiveDate,
}

impl Look {
    fn row(&self, kind: &str, cell: Option<&String>) -> Result<CadenceRow> {
        let (_, last) = days_of(self.year);
        let rule = self.rules.cadence(&format!("cadence_{kind}"), last.min(self.today))?;
        let span = months_of(rule.per);
        let mut months: Vec<MonthCell> = (1..=12).map(|month| self.month(kind, cell, month)).collect();
        let (mut due, mut lacking) = (0, 0);
        for start in (1..=12).step_by(span as usize) {
            let period = start..=start + span - 1;
            let held: usize = months.iter().filter(|m| period.contains(&m.month)).map(|m| m.held.len()).sum();
            let excused = months.iter().any(|m| period.contains(&m.month) && m.not_held.is_some());
            let short = rule.times.saturating_sub(u32::try_from(held).unwrap_or(u32::MAX));
            if !self.is_known(start + span - 1) {
                let before = months.iter_mut().filter(|m| period.contains(&m.month) && self.has_ended(m.month));
                before.filter(|m| m.held.is_empty()).for_each(|m| m.pace = Pace::Unknown);
                continue;
            }
            if self.has_begun(start) {
                due += rule.times;
            }
            if short == 0 || excused {
                continue;
            }
            let end = &mut months[(start + span - 2) as usize];
            if self.has_ended(end.month) {
                end.pace = Pace::Lacking;
                lacking += short;
            } else if self.has_begun(start) {
                let now = self.today.month();
                months[(now - 1) as usize].pace = Pace::Due;
            }
        }
        let held = months.iter().map(|m| m.held.len() as u32).sum();
        let per = match rule.per {
            Period::Month => "month",
            Period::Quarter => "quarter",
            Period::Year => "year",
        };
        Ok(CadenceRow {
            kind: kind.to_owned(),
            cell: cell.cloned(),
            times: rule.times,
            per: per.to_owned(),
            months,
            due,
            held,
            lacking,
        })
    }

    fn month(&self, kind: &str, cell: Option<&String>, month: u32) -> MonthCell {
        let of_row =
            |m: &&Meeting| m.on.month() == month && m.counts_as(kind) && (cell.is_none() || m.cell.as_ref() == cell);
        let held: Vec<HeldMeeting> = self.meetings.iter().filter(of_row).map(HeldMeeting::of).collect();
        let pace = if held.is_empty() { Pace::Free } else { Pace::Held };
        MonthCell { month, held, pace, not_held: self.reasons.get(&(kind.to_owned(), month)).cloned() }
    }

    /// The branch's life has been written down here since before that month's end.
    fn is_known(&self, month: u32) -> bool {
        self.since.is_some_and(|since| (since.year(), since.number()) <= (self.year, month))
    }

    fn has_begun(&self, month: u32) -> bool {
        (self.year, month) <= (self.today.year(), self.today.month())
    }

    fn has_ended(&self, month: u32) -> bool {
        (self.year, month) < (self.today.year(), self.today.month())
    }
}

impl HeldMeeting {
    fn of(meeting: &Meeting) -> HeldMeeting {
        HeldMeeting { id: meeting.id.0, on: meeting.on, expected: meeting.expected, present: meeting.present }
    }
}

/// How many months a period has.
pub(crate) fn months_of(per: Period) -> u32 {
    match per {
        Period::Month => 1,
        Period::Quarter => 3,
        Period::Year => 12,
    }
}

impl Board {
    /// Held and due of a kind over all its rows.
    pub fn total(&self, kind: &str) -> (u32, u32) {
        let rows = self.rows.iter().filter(|row| row.kind == kind);
        rows.fold((0, 0), |(held, due), row| (held + row.held, due + row.due))
    }
}
