//! 六、组织生活 — the branch's regular meetings of the month against the cadence that the rule table asks for.

use std::collections::HashSet;

use lianhu_ledger::Result;
use lianhu_ledger::dates::Month;
use lianhu_ledger::records::{Meeting, PartyMember};
use lianhu_ledger::rules::Period;
use serde::{Deserialize, Serialize};

use super::{Figure, Look};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Branch {
    pub cadences: Vec<Cadence>,
}

/// One line of table 5.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cadence {
    /// Code of the meeting kind, and its name.
    pub kind: String,
    pub name: String,
    /// 应开 within the period that ends with this month (or is under way).
    pub due: i64,
    pub period: String,
    /// 已开 in that period.
    pub held: Figure,
    /// 应到 and 实到 summed over those meetings, where both were entered.
    pub expected: Option<i64>,
    pub present: Option<i64>,
}

/// 三会一课 and 主题党日.
const KINDS: [&str; 5] = ["members", "committee", "cell", "lecture", "theme_day"];

pub(super) fn read(look: &Look<'_>) -> Result<Branch> {
    let cadences = KINDS.iter().map(|kind| cadence(look, kind)).collect::<Result<_>>()?;
    Ok(Branch { cadences })
}

fn cadence(look: &Look<'_>, kind: &str) -> Result<Cadence> {
    let rule = look.rules.cadence(&format!("cadence_{kind}"), look.as_of)?;
    let (from, name) = period(look.month, rule.per);
    let meetings = look.view.meetings(from.first(), look.month.last())?;
    let held: Vec<&Meeting> = meetings.iter().filter(|m| m.meeting_kind.code() == kind).collect();
    let times = i64::from(rule.times) * if kind == "cell" { cells(look)?.max(1) } else { 1 };
    let sum = |count: fn(&Meeting) -> Option<u32>| {
        let all: Option<i64> = held.iter().map(|m| count(m).map(i64::from)).sum();
        all.filter(|_| !held.is_empty())
    };
    let label = lianhu_ledger::codes::label("meeting_kind", kind, lianhu_ledger::text::Lang::ZhCn).to_owned();
    Ok(Cadence {
        kind: kind.to_owned(),
        name: label,
        due: times,
        period: name.to_owned(),
        expected: sum(|m| m.expected),
        present: sum(|m| m.present),
        held: Figure::entered(held.iter().map(|m| m.id), look.not_held(kind)?.as_ref()),
    })
}

/// The first month of the period that this month lies in.
fn period(month: Month, per: Period) -> (Month, &'static str) {
    let back = match per {
        Period::Month => 0,
        Period::Quarter => (month.number() - 1) % 3,
        Period::Year => month.number() - 1,
    };
    let name = match per {
        Period::Month => "本月",
        Period::Quarter => "本季度",
        Period::Year => "本年",
    };
    (month.plus(-(back as i32)), name)
}

/// 党小组: as many as the roll names.
fn cells(look: &Look<'_>) -> Result<i64> {
    let members = look.view.all::<PartyMember>()?;
    let cells: HashSet<String> =
        members.into_iter().filter(|m| m.stands_on(look.as_of)).filter_map(|m| m.cell).collect();
    Ok(cells.len() as i64)
}

impl Branch {
    pub(super) fn unknown(&self) -> Vec<&'static str> {
        let any = self.cadences.iter().any(|c| c.held.is_unknown());
        any.then_some("组织生活").into_iter().collect()
    }
}
