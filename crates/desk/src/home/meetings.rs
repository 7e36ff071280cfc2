//! 群众大会 and 复评 — the meeting of the month, and what the last tallies ask to be tested again.

use std::collections::{BTreeMap, HashMap};

use chrono::Days;
use lianhu_ledger::dates::{Date, Month};
use lianhu_ledger::records::round::Tally;
use lianhu_ledger::records::{Meeting, MeetingId, Round, Village};
use lianhu_ledger::rules::{Period, Ratio};

use super::duty::{DoneDuty, Goto, New, What};
use super::{Found, Look};
use crate::problem::Result;

const MASS: &str = "mass";

/// The month's own meeting, and while the month runs the last one's: it is owed until it is entered or 未开展 is said.
pub(super) fn mass(found: &mut Found<'_>) -> Result<()> {
    let look = found.look;
    let cadence = look.rules.cadence("mass_meetings", look.as_of())?;
    let (first, last) = period(look.month, cadence.per);
    mass_of(found, first, last, cadence.times)?;
    let before = first.previous();
    if look.is_current() && look.in_use_by(before)? && look.view.report(before)?.is_none() {
        let (first, last) = period(before, cadence.per);
        mass_of(found, first, last, cadence.times)?;
    }
    Ok(())
}

fn mass_of(found: &mut Found<'_>, first: Month, last: Month, times: u32) -> Result<()> {
    let look = found.look;
    let held = look.view.meetings(first.first(), last.last())?;
    let held: Vec<&Meeting> = held.iter().filter(|m| m.meeting_kind.code() == MASS).collect();
    let what = What::Mass { held: held.len(), times };
    if held.len() < times as usize {
        let due = Some(last.last());
        found.due(New { key: MASS.to_owned(), month: last, what, due, goto: Goto::NewMeeting }.duty(look.today));
    } else if last >= look.month {
        let newest = held.last().map(|m| (m.on, Goto::Meeting { id: m.id.0 }));
        let (on, goto) = newest.unzip();
        found.done.push(DoneDuty { key: MASS.to_owned(), month: last, what, on, goto, reason: None });
    }
    Ok(())
}

/// The months of the period that a month lies in.
fn period(month: Month, per: Period) -> (Month, Month) {
    let months = match per {
        Period::Month => 1,
        Period::Quarter => 3,
        Period::Year => 12,
    };
    let first = month.plus(-(((month.number() - 1) % months) as i32));
    (first, first.plus(months as i32 - 1))
}

/// One pair's tally at one meeting.
struct Counted<'a> {
    on: Date,
    round: &'a Round,
    tally: &'a Tally,
}

/// Of every pair the newest tally counts: a later one, whoever called it 复评, has tested the earlier again.
pub(super) fn retests(found: &mut Found<'_>) -> Result<()> {
    let look = found.look;
    let threshold = look.rules.ratio("satisfaction_threshold", look.as_of())?;
    let within = look.rules.days("retest_days", look.as_of())?;
    let pairs = look.view.all::<Village>()?.into_iter().next().and_then(|v| v.pairs).unwrap_or_default();
    let of_households = |pair: u32| pairs.0.get((pair as usize).wrapping_sub(1)).is_some_and(|p| p.of_households);
    let rounds = look.view.all::<Round>()?;
    for (pair, mut tallies) in by_pair(look, &rounds)? {
        tallies.sort_by_key(|t| (t.on, t.round.id));
        let Some(newest) = tallies.last().filter(|_| !of_households(pair)) else { continue };
        let due = newest.round.retest_due.or_else(|| newest.on.checked_add_days(Days::new(within.into())));
        if undercut(threshold, newest) {
            if due.is_some_and(|due| (look.since()..=look.horizon()).contains(&due)) {
                found.due(retest(look, newest, due));
            }
        } else if look.month.contains(newest.on) && tallies.iter().rev().nth(1).is_some_and(|t| undercut(threshold, t))
        {
            let New { key, month, what, .. } = new_retest(look, newest, due);
            let goto = Some(Goto::Meeting { id: newest.round.meeting.0 });
            found.done.push(DoneDuty { key, month, what, on: Some(newest.on), goto, reason: None });
        }
    }
    Ok(())
}

fn by_pair<'a>(look: &Look<'_>, rounds: &'a [Round]) -> Result<BTreeMap<u32, Vec<Counted<'a>>>> {
    let meetings = look.view.meetings(Date::MIN, look.month.last())?;
    let held: HashMap<MeetingId, Date> = meetings.into_iter().map(|m| (m.id, m.on)).collect();
    let mut pairs: BTreeMap<u32, Vec<Counted<'a>>> = BTreeMap::new();
    for round in rounds {
        let Some((on, tally)) = held.get(&round.meeting).copied().zip(round.tally.as_ref()) else { continue };
        if tally.valid() > 0 {
            pairs.entry(round.pair).or_default().push(Counted { on, round, tally });
        }
    }
    Ok(pairs)
}

fn undercut(threshold: Ratio, of: &Counted<'_>) -> bool {
    threshold.undercut_by(of.tally.satisfied() as u32, of.tally.valid() as u32)
}

fn retest(look: &Look<'_>, of: &Counted<'_>, due: Option<Date>) -> super::Duty {
    new_retest(look, of, due).duty(look.today)
}

fn new_retest(look: &Look<'_>, of: &Counted<'_>, due: Option<Date>) -> New {
    let (satisfied, valid) = (of.tally.satisfied(), of.tally.valid());
    New {
        key: format!("retest:{}", of.round.id.0),
        month: look.month,
        what: What::Retest { who: of.round.who.clone(), satisfied, valid, on: of.on },
        due,
        goto: Goto::Meeting { id: of.round.meeting.0 },
    }
}
