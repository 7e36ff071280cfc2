//! 六、组织生活 — the branch's regular meetings of the month against the cadence that the rule table asks for.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use lianhu_ledger::Result;
use lianhu_ledger::dates::Month;
use lianhu_ledger::records::step::Case;
use lianhu_ledger::records::{Meeting, Recruit, Step};
use lianhu_ledger::rules::Period;
use serde::{Deserialize, Serialize};

use super::{Figure, Look};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Branch {
    pub cadences: Vec<Cadence>,
    /// 发展党员: how many have come to which stage; unknown where nobody keeps it here.
    #[serde(default)]
    pub recruits: Option<Vec<Stage>>,
    /// 党费: how many have to pay for the month and how many have; unknown where nobody keeps it here. No sum.
    #[serde(default)]
    pub dues: Option<Heads>,
    /// 缺席原因 of the meetings in the table, and how many were made up for.
    #[serde(default)]
    pub absences: Absences,
}

/// Applicants in one stage of the procedure, and how many of them came into it this month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stage {
    pub name: String,
    pub n: i64,
    pub entered: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heads {
    pub due: u32,
    pub paid: u32,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Absences {
    /// By reason, the commonest first.
    pub why: Vec<(String, i64)>,
    pub made_up: i64,
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
    Ok(Branch { cadences, recruits: recruits(look)?, dues: dues(look)?, absences: absences(look)? })
}

/// Where of nobody it is known what they pay, and nobody has paid, the register is not kept here.
fn dues(look: &Look<'_>) -> Result<Option<Heads>> {
    let count = look.view.dues_of(look.month)?;
    let kept = count.unknown < count.due || count.paid > 0;
    Ok(kept.then_some(Heads { due: count.due, paid: count.paid }))
}

/// Who of the called was missing this month, by the reasons that were given.
fn absences(look: &Look<'_>) -> Result<Absences> {
    let (from, to) = look.of_month();
    let mut why: BTreeMap<String, i64> = BTreeMap::new();
    let mut made_up = 0;
    let of_branch = |m: &Meeting| KINDS.iter().any(|kind| m.counts_as(kind));
    for meeting in look.view.meetings(from, to)?.into_iter().filter(of_branch) {
        for entry in look.view.attendance(meeting.id)?.into_iter().filter(|a| a.household.is_none()) {
            let Some(reason) = entry.absent_why else { continue };
            *why.entry(reason).or_default() += 1;
            made_up += i64::from(entry.made_up_on.is_some());
        }
    }
    let mut why: Vec<(String, i64)> = why.into_iter().collect();
    why.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    Ok(Absences { why, made_up })
}

/// Where the applicants stood at the month's end: steps that were passed later had not been passed then.
fn recruits(look: &Look<'_>) -> Result<Option<Vec<Stage>>> {
    let all = look.view.all::<Recruit>()?;
    let (from, to) = look.of_month();
    let mut stages: Vec<Stage> = Vec::new();
    let under_way = |r: &Recruit| r.applied_on.is_none_or(|on| on <= to) && r.ended_on.is_none_or(|on| on > look.as_of);
    for recruit in all.iter().filter(|r| under_way(r)) {
        let case = Case::Recruit(recruit.id);
        let Some(procedure) = look.view.procedure_of(case)? else { continue };
        let steps = look.view.steps(case)?;
        let at = |day: NaiveDate| {
            let by_then: Vec<Step> = steps.iter().filter(|s| s.on.is_some_and(|on| on <= day)).cloned().collect();
            procedure.steps.get(procedure.reached(&by_then)).and_then(|plan| plan.phase.clone())
        };
        let Some(now) = at(to) else { continue };
        let is_new = from.pred_opt().is_none_or(|before| at(before).as_ref() != Some(&now));
        let stage = match stages.iter().position(|stage| stage.name == now) {
            Some(at) => &mut stages[at],
            None => {
                stages.push(Stage { name: now, n: 0, entered: 0 });
                stages.last_mut().expect("one was just put there")
            }
        };
        stage.n += 1;
        stage.entered += i64::from(is_new);
    }
    Ok((!all.is_empty()).then_some(stages))
}

fn cadence(look: &Look<'_>, kind: &str) -> Result<Cadence> {
    let rule = look.rules.cadence(&format!("cadence_{kind}"), look.as_of)?;
    let (from, name) = period(look.month, rule.per);
    let meetings = look.view.meetings(from.first(), look.month.last())?;
    let held: Vec<&Meeting> = meetings.iter().filter(|m| m.counts_as(kind)).collect();
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

/// 党小组: as many as tree and roll name.
fn cells(look: &Look<'_>) -> Result<i64> {
    Ok(look.view.cells(look.as_of)?.len() as i64)
}

impl Branch {
    pub(super) fn unknown(&self) -> Vec<&'static str> {
        let any = self.cadences.iter().any(|c| c.held.is_unknown());
        any.then_some("组织生活").into_iter().collect()
    }
}
