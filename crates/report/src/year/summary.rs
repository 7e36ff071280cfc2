//! 党组织年度工作总结 — the year's counts, read from what is in the ledger. Counts are sums over the year, never means of monthly
//! percentages; households and members are not named.

use std::collections::{BTreeMap, HashSet};

use chrono::NaiveDate;
use lianhu_ledger::dates::Month;
use lianhu_ledger::records::pairing::Bond;
use lianhu_ledger::records::step::Case;
use lianhu_ledger::records::{
    Appraisal, Decision, Matter, Meeting, MemberChange, PartyMember, StarCycle, Trained, Training, Village,
};
use lianhu_ledger::{Result, View};

use super::{Board, MemberYear, Structure, YearBook, board, days_of, structure};

#[derive(Clone, Debug, PartialEq)]
pub struct YearFigures {
    pub year: i32,
    pub as_of: NaiveDate,
    pub structure: Structure,
    /// 转入、转出、接收、转正… by event code.
    pub changes: BTreeMap<String, u32>,
    pub board: Board,
    pub absent: u32,
    pub made_up: u32,
    /// 民主评议 by grade code; none where it was not done here.
    pub grades: Option<BTreeMap<String, u32>>,
    pub talked_with: u32,
    pub courses: u32,
    pub trained: u32,
    /// Members who have the study hours they need, of all on the roll.
    pub studied: u32,
    pub pledges: (u32, u32),
    /// 党费: months that members had to pay for up to the day, and those paid; none where it is not kept here.
    pub dues: Option<(u32, u32)>,
    pub links: Links,
    pub aid: Aid,
    pub assemblies: Assemblies,
    pub matters: (u32, u32),
    pub stars: Option<Stars>,
    /// By procedure: raised in the year, and of them carried to the end.
    pub decisions: BTreeMap<String, (u32, u32)>,
}

/// 党员联户.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Links {
    pub members: u32,
    pub households: u32,
    pub visits: u32,
}

/// 结对帮扶 and 三到家.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Aid {
    pub households: u32,
    pub visited: u32,
    pub visits: u32,
    pub meals: u32,
    pub chores: u32,
    pub ways: u32,
}

/// 群众大会: held, present in all, votes by pair.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Assemblies {
    pub mass: u32,
    pub yard: u32,
    pub present: u32,
    /// Of how many of them nobody counted who came.
    pub uncounted: u32,
    /// (述评项目, satisfied, valid).
    pub pairs: Vec<(String, u32, u32)>,
}

/// The cycle that was decided in the year, or the last one before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stars {
    pub cycle: String,
    /// 未评 first, then one to five.
    pub levels: [u32; 6],
}

pub fn year_figures(view: View<'_>, year: i32, today: NaiveDate) -> Result<YearFigures> {
    let (first, last) = days_of(year);
    let as_of = last.min(today);
    let book = YearBook::read(view, year, today)?;
    let on_roll: Vec<PartyMember> = view.all::<PartyMember>()?.into_iter().filter(|m| m.stands_on(as_of)).collect();
    let years: Vec<MemberYear> = on_roll.iter().map(|m| book.of(m)).collect::<Result<_>>()?;
    let absences = || years.iter().flat_map(|y| &y.meetings).flat_map(|kind| &kind.absent);
    let pledges = || years.iter().flat_map(|y| &y.pledges);
    let talks: HashSet<_> = view.talks(first, last)?.into_iter().map(|t| t.member).collect();
    let courses: Vec<Training> =
        view.all::<Training>()?.into_iter().filter(|t| (first..=last).contains(&t.on)).collect();
    let trained: Vec<Trained> =
        courses.iter().map(|t| view.trained(t.id)).collect::<Result<Vec<_>>>()?.into_iter().flatten().collect();
    let matters: Vec<Matter> = view.all::<Matter>()?;
    let raised: Vec<&Matter> = matters.iter().filter(|m| (first..=last).contains(&m.on)).collect();
    Ok(YearFigures {
        year,
        as_of,
        structure: structure(view, as_of)?,
        changes: changes(view, first, last)?,
        board: board(view, year, today)?,
        absent: absences().count() as u32,
        made_up: absences().filter(|a| a.made_up_on.is_some()).count() as u32,
        grades: grades(view, year)?,
        talked_with: on_roll.iter().filter(|m| talks.contains(&m.id)).count() as u32,
        courses: courses.len() as u32,
        trained: trained.len() as u32,
        studied: years.iter().filter(|y| i64::from(y.study.total()) >= y.study.needed).count() as u32,
        pledges: (pledges().count() as u32, pledges().filter(|p| p.done_on.is_some()).count() as u32),
        dues: dues(view, year, as_of)?,
        links: Links {
            members: years.iter().filter(|y| y.households > 0).count() as u32,
            households: years.iter().map(|y| y.households).sum(),
            visits: years.iter().map(|y| y.visits).sum(),
        },
        aid: aid(view, first, last, as_of)?,
        assemblies: assemblies(view, first, last)?,
        matters: (raised.len() as u32, raised.iter().filter(|m| m.closed_on.is_some()).count() as u32),
        stars: stars(view, year)?,
        decisions: decisions(view, first, last)?,
    })
}

fn dues(view: View<'_>, year: i32, as_of: NaiveDate) -> Result<Option<(u32, u32)>> {
    let mut sum = (0, 0, 0);
    for month in (1..=12).filter_map(|month| Month::new(year, month)).filter(|m| m.first() <= as_of) {
        let count = view.dues_of(month)?;
        sum = (sum.0 + count.due, sum.1 + count.paid, sum.2 + count.unknown);
    }
    let (due, paid, unknown) = sum;
    Ok((unknown < due || paid > 0).then_some((due, paid)))
}

fn changes(view: View<'_>, first: NaiveDate, last: NaiveDate) -> Result<BTreeMap<String, u32>> {
    let mut by_event = BTreeMap::new();
    for change in view.all::<MemberChange>()?.into_iter().filter(|c| (first..=last).contains(&c.on)) {
        *by_event.entry(change.event.code().to_owned()).or_default() += 1;
    }
    Ok(by_event)
}

fn grades(view: View<'_>, year: i32) -> Result<Option<BTreeMap<String, u32>>> {
    let appraisal = view.all::<Appraisal>()?.into_iter().find(|a| i64::from(a.year) == i64::from(year));
    let Some(appraisal) = appraisal else { return Ok(None) };
    let mut by_grade = BTreeMap::new();
    for graded in view.appraised(appraisal.id)? {
        *by_grade.entry(graded.grade.code().to_owned()).or_default() += 1;
    }
    Ok((!by_grade.is_empty()).then_some(by_grade))
}

fn aid(view: View<'_>, first: NaiveDate, last: NaiveDate, as_of: NaiveDate) -> Result<Aid> {
    let paired: HashSet<_> = view.pairings(Bond::Aid, as_of)?.into_iter().map(|p| p.household).collect();
    let visits = view.visits(first, last)?;
    let of_paired: Vec<_> = visits.iter().filter(|v| paired.contains(&v.household)).collect();
    let visited: HashSet<_> = of_paired.iter().map(|v| v.household).collect();
    let count = |done: fn(&lianhu_ledger::records::Visit) -> Option<bool>| {
        of_paired.iter().filter(|v| done(v) == Some(true)).count() as u32
    };
    Ok(Aid {
        households: paired.len() as u32,
        visited: visited.len() as u32,
        visits: of_paired.len() as u32,
        meals: count(|v| v.shared_meal),
        chores: count(|v| v.did_chore),
        ways: count(|v| v.opportunity_given),
    })
}

fn assemblies(view: View<'_>, first: NaiveDate, last: NaiveDate) -> Result<Assemblies> {
    let of_masses = |m: &Meeting| matches!(m.meeting_kind.code(), "mass" | "yard");
    let meetings: Vec<Meeting> = view.meetings(first, last)?.into_iter().filter(of_masses).collect();
    let is_mass = |m: &&Meeting| m.meeting_kind.code() == "mass";
    let template = view.all::<Village>()?.into_iter().next().map(|v| v.pairs.unwrap_or_default()).unwrap_or_default();
    let mut pairs: Vec<(String, u32, u32)> = Vec::new();
    for meeting in meetings.iter().filter(is_mass) {
        for round in view.rounds(meeting.id)? {
            let Some(tally) = round.tally else { continue };
            let known = template.0.get((round.pair as usize).saturating_sub(1));
            let name = known.map_or_else(|| round.pair.to_string(), |pair| pair.who.clone());
            let at = pairs.iter().position(|(known, ..)| *known == name).unwrap_or_else(|| {
                pairs.push((name, 0, 0));
                pairs.len() - 1
            });
            pairs[at].1 += tally.best + tally.good;
            pairs[at].2 += tally.best + tally.good + tally.fair + tally.poor;
        }
    }
    Ok(Assemblies {
        mass: meetings.iter().filter(is_mass).count() as u32,
        yard: meetings.iter().filter(|m| !is_mass(m)).count() as u32,
        present: meetings.iter().filter_map(|m| m.present).sum(),
        uncounted: meetings.iter().filter(|m| m.present.is_none()).count() as u32,
        pairs,
    })
}

fn stars(view: View<'_>, year: i32) -> Result<Option<Stars>> {
    let mut cycles = view.all::<StarCycle>()?;
    cycles.retain(|c| c.year.is_none_or(|y| i64::from(y) <= i64::from(year)));
    cycles.sort_by_key(|c| (c.year, c.id));
    for cycle in cycles.into_iter().rev() {
        let (_, last) = days_of(year);
        if view.standing_of(&cycle, last)?.is_none_or(|standing| !standing.decided) {
            continue;
        }
        let mut levels = [0; 6];
        for rating in view.ratings(cycle.id)? {
            levels[rating.stars.unwrap_or(0).min(5) as usize] += 1;
        }
        return Ok(Some(Stars { cycle: cycle.name, levels }));
    }
    Ok(None)
}

fn decisions(view: View<'_>, first: NaiveDate, last: NaiveDate) -> Result<BTreeMap<String, (u32, u32)>> {
    let mut by_procedure: BTreeMap<String, (u32, u32)> = BTreeMap::new();
    for decision in view.all::<Decision>()?.into_iter().filter(|d| (first..=last).contains(&d.raised_on)) {
        let case = Case::Decision(decision.id);
        let steps = view.steps(case)?;
        let over = view.procedure_of(case)?.is_some_and(|p| p.reached(&steps) == p.steps.len());
        let counts = by_procedure.entry(decision.procedure).or_default();
        counts.0 += 1;
        counts.1 += u32::from(over);
    }
    Ok(by_procedure)
}
