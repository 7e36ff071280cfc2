//! 二、四述四评与群众大会 — meetings of the month, their tallies, and what villagers raised there.

use std::collections::HashSet;

use lianhu_ledger::Result;
use lianhu_ledger::dates::Month;
use lianhu_ledger::records::matter::Raised;
use lianhu_ledger::records::round::Tally;
use lianhu_ledger::records::village::{Grades, Pairs};
use lianhu_ledger::records::{GroupId, Household, Matter, Meeting, Round, Village};
use serde::{Deserialize, Serialize};

use super::{Amount, Figure, Look, Roll};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assembly {
    /// 群众大会（场）. None held and no reason given is 未填报.
    pub mass: Figure,
    /// 院坝会（场）.
    pub yard: Figure,
    /// 参与（人次）.
    pub attended: Figure,
    /// 覆盖（组）.
    pub groups: Figure,
    pub rounds: Vec<PairRow>,
    /// 评议等次, where the village has its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grades: Option<Grades>,
    /// 群众意见（条）, answered, open.
    pub opinions: Figure,
    pub answered: Figure,
    pub open: Figure,
    /// 整改 set this month; last month's, and how many of them are done.
    pub mend: Figure,
    pub mend_due: Option<chrono::NaiveDate>,
    pub mend_before: Figure,
    pub mend_before_done: Figure,
}

/// One pair over all meetings of the month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PairRow {
    pub pair: u32,
    pub who: String,
    pub what: Option<String>,
    /// A household is evaluated: no threshold, no name.
    pub of_households: bool,
    /// 主述人次.
    pub times: Figure,
    pub issued: Option<i64>,
    pub returned: Option<i64>,
    pub tally: Option<Counts>,
    /// The same pair's rate last month, when it was evaluated then.
    pub before: Option<Satisfaction>,
    pub below_threshold: bool,
}

/// 好、较好、一般、差.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    pub best: i64,
    pub good: i64,
    pub fair: i64,
    pub poor: i64,
}

/// 满意率 as its two counts: (好 + 较好) of the valid ballots.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Satisfaction {
    pub satisfied: i64,
    pub valid: i64,
}

impl Counts {
    pub fn by_grade(self) -> [i64; 4] {
        [self.best, self.good, self.fair, self.poor]
    }

    pub fn satisfaction(self) -> Satisfaction {
        Satisfaction { satisfied: self.best + self.good, valid: self.best + self.good + self.fair + self.poor }
    }
}

pub(super) fn read(look: &Look<'_>, village: Option<&Village>, roll: &Roll) -> Result<Assembly> {
    let (from, to) = look.of_month();
    let meetings = look.view.meetings(from, to)?;
    let of = |kind: &str| meetings.iter().filter(|m| m.meeting_kind.code() == kind).collect::<Vec<_>>();
    let (mass, yard) = (of("mass"), of("yard"));
    let both: Vec<&Meeting> = mass.iter().chain(&yard).copied().collect();
    let pairs = village.and_then(|v| v.pairs.clone()).unwrap_or_default();
    let opinions = Opinions::read(look, &both)?;
    let mends = mends_of(look, look.month)?;
    let mends_before = mends_of(look, look.month.previous())?;
    Ok(Assembly {
        mass: Figure::entered(mass.iter().map(|m| m.id), look.not_held("mass")?.as_ref()),
        yard: yard_figure(look, &yard, &mass)?,
        attended: attended(&both),
        groups: groups(look, &both, roll)?,
        rounds: rounds(look, &pairs, &mass)?,
        grades: grades(look, &mass)?,
        opinions: opinions.raised,
        answered: opinions.answered,
        open: opinions.open,
        mend_due: mends.iter().filter_map(|m| m.due).max(),
        mend: Figure::count(mends.iter().map(|m| m.id)),
        mend_before_done: Figure::count(mends_before.iter().filter(|m| m.is_answered_by(look.as_of)).map(|m| m.id)),
        mend_before: Figure::count(mends_before.iter().map(|m| m.id)),
    })
}

/// A yard meeting is held when there is cause: in a month in which meetings were entered, none of them is a known zero.
fn yard_figure(look: &Look<'_>, yard: &[&Meeting], mass: &[&Meeting]) -> Result<Figure> {
    let figure = Figure::entered(yard.iter().map(|m| m.id), look.not_held("yard")?.as_ref());
    let known = figure.is_unknown() && !mass.is_empty();
    Ok(if known { Figure { amount: Amount::Known(0), ..figure } } else { figure })
}

fn attended(meetings: &[&Meeting]) -> Figure {
    let present: Option<i64> = meetings.iter().map(|m| m.present.map(i64::from)).sum();
    match present {
        Some(sum) if !meetings.is_empty() => Figure::sum(sum, meetings.iter().map(|m| m.id)),
        _ => Figure::unknown(),
    }
}

/// A meeting covers the groups it names; one to which every household was called covers all.
fn groups(look: &Look<'_>, meetings: &[&Meeting], roll: &Roll) -> Result<Figure> {
    let mut covered: HashSet<GroupId> = HashSet::new();
    for meeting in meetings {
        let called_all =
            meeting.expected.map(i64::from).is_some_and(|n| roll.households.known().is_some_and(|all| n >= all));
        if called_all {
            return Ok(roll.groups.clone());
        }
        covered.extend(meeting.groups.iter().flat_map(|g| &g.0));
        for family in look.view.attendance(meeting.id)? {
            let Some(household) = family.household else { continue };
            let came = family.absent_why.is_none();
            covered.extend(look.view.get::<Household>(household.0)?.filter(|_| came).and_then(|h| h.group));
        }
    }
    let mut covered: Vec<GroupId> = covered.into_iter().collect();
    covered.sort();
    Ok(if covered.is_empty() { Figure::unknown() } else { Figure::count(covered) })
}

/// The grades of the month's ballots, where they are not the usual ones; meetings that do not agree are told in those.
fn grades(look: &Look<'_>, mass: &[&Meeting]) -> Result<Option<Grades>> {
    let mut used = mass.iter().map(|m| look.view.grades_of(m)).collect::<Result<Vec<Grades>>>()?;
    used.dedup();
    Ok(used.pop().filter(|grades| used.is_empty() && *grades != Grades::default()))
}

fn rounds(look: &Look<'_>, pairs: &Pairs, mass: &[&Meeting]) -> Result<Vec<PairRow>> {
    let held = rounds_of(look, mass)?;
    let (from, to) = (look.month.previous().first(), look.month.previous().last());
    let before = look.view.meetings(from, to)?;
    let before: Vec<&Meeting> = before.iter().filter(|m| m.meeting_kind.code() == "mass").collect();
    let before = rounds_of(look, &before)?;
    let threshold = look.rules.ratio("satisfaction_threshold", look.as_of)?;
    let mut numbers: Vec<u32> = held.iter().map(|r| r.pair).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let row = |pair: u32| {
        let same: Vec<&Round> = held.iter().filter(|r| r.pair == pair).collect();
        let counts = counted(&same);
        let last: Vec<&Round> = before.iter().filter(|r| r.pair == pair).collect();
        let of_households = pairs.0.get(pair as usize - 1).is_some_and(|p| p.of_households);
        let rate = counts.map(Counts::satisfaction);
        PairRow {
            pair,
            who: same.first().map(|r| r.who.clone()).unwrap_or_default(),
            what: same.first().and_then(|r| r.what.clone()),
            of_households,
            times: Figure::count(same.iter().map(|r| r.id)),
            issued: total(&same, |t| t.issued),
            returned: total(&same, |t| t.returned),
            tally: counts,
            before: counted(&last).map(Counts::satisfaction),
            below_threshold: !of_households
                && rate.is_some_and(|r| threshold.undercut_by(r.satisfied as u32, r.valid as u32)),
        }
    };
    Ok(numbers.into_iter().filter(|pair| *pair > 0).map(row).collect())
}

/// The month's tallies, when nothing else of the month is asked for.
pub(super) fn rounds_alone(look: &Look<'_>) -> Result<Vec<PairRow>> {
    let (from, to) = look.of_month();
    let meetings = look.view.meetings(from, to)?;
    let mass: Vec<&Meeting> = meetings.iter().filter(|m| m.meeting_kind.code() == "mass").collect();
    rounds(look, &Pairs::default(), &mass)
}

fn rounds_of(look: &Look<'_>, meetings: &[&Meeting]) -> Result<Vec<Round>> {
    let mut rounds = Vec::new();
    for meeting in meetings {
        rounds.extend(look.view.rounds(meeting.id)?);
    }
    Ok(rounds)
}

/// Sums of counts over meetings; unknown where no ballot was counted at all.
fn counted(rounds: &[&Round]) -> Option<Counts> {
    let tallies: Vec<&Tally> = rounds.iter().filter_map(|r| r.tally.as_ref()).collect();
    let sum = |count: fn(&Tally) -> u32| tallies.iter().map(|t| i64::from(count(t))).sum();
    let counts = Counts { best: sum(|t| t.best), good: sum(|t| t.good), fair: sum(|t| t.fair), poor: sum(|t| t.poor) };
    (counts.satisfaction().valid > 0).then_some(counts)
}

fn total(rounds: &[&Round], count: fn(&Tally) -> Option<u32>) -> Option<i64> {
    let tallies = rounds.iter().filter_map(|r| r.tally.as_ref());
    let counts: Option<Vec<i64>> = tallies.map(|t| count(t).map(i64::from)).collect();
    counts.filter(|c| !c.is_empty()).map(|c| c.iter().sum())
}

struct Opinions {
    raised: Figure,
    answered: Figure,
    open: Figure,
}

impl Opinions {
    /// Each meeting's opinions: the matters entered, or the number noted on paper when that is larger. What became of an
    /// opinion nobody wrote out is not known.
    fn read(look: &Look<'_>, meetings: &[&Meeting]) -> Result<Opinions> {
        let (from, to) = look.of_month();
        let matters = look.view.matters(from, to)?;
        let mut raised = 0;
        let mut noted_only = false;
        let mut written: Vec<&Matter> = Vec::new();
        for meeting in meetings {
            let own: Vec<&Matter> =
                matters.iter().filter(|m| m.meeting == Some(meeting.id) && m.raised_at == Raised::Meeting).collect();
            let noted = i64::from(meeting.opinions.unwrap_or(0));
            raised += noted.max(own.len() as i64);
            noted_only |= noted > own.len() as i64;
            written.extend(own);
        }
        let said = meetings.iter().any(|m| m.opinions.is_some()) || !written.is_empty();
        if !said {
            return Ok(Opinions { raised: Figure::unknown(), answered: Figure::unknown(), open: Figure::unknown() });
        }
        let (done, open): (Vec<&Matter>, Vec<&Matter>) = written.iter().partition(|m| m.is_answered_by(look.as_of));
        let known =
            |list: Vec<&Matter>| if noted_only { Figure::unknown() } else { Figure::count(list.iter().map(|m| m.id)) };
        Ok(Opinions {
            raised: Figure::sum(raised, written.iter().map(|m| m.id)),
            answered: known(done),
            open: known(open),
        })
    }
}

fn mends_of(look: &Look<'_>, month: Month) -> Result<Vec<Matter>> {
    let all = look.view.matters(month.first(), month.last())?;
    Ok(all.into_iter().filter(|m| m.raised_at == Raised::Mend).collect())
}

impl Assembly {
    pub(super) fn unknown(&self) -> Vec<&'static str> {
        let named = [
            (&self.mass, "群众大会场次"),
            (&self.attended, "参与人次"),
            (&self.groups, "覆盖村民小组"),
            (&self.opinions, "群众意见"),
            (&self.answered, "群众意见答复"),
        ];
        named.into_iter().filter(|(figure, _)| figure.is_unknown()).map(|(_, name)| name).collect()
    }
}
