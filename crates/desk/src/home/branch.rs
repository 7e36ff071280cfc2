//! The branch's own duties: meetings that are still due this month (三会一课), terms that end (换届), the quarter's look at
//! the stars (季查). A branch that has never written down a meeting here is not told of any.

use std::collections::BTreeMap;

use chrono::{Datelike, Months};
use lianhu_ledger::dates::{Date, Month};
use lianhu_ledger::records::StarCycle;
use lianhu_ledger::records::step::Case;
use lianhu_ledger::rules::Period;
use lianhu_report::year::{Pace, board};

use super::Found;
use super::duty::{Goto, New, What};
use crate::problem::Result;

/// So many months before its end a term is told: an election takes that long to prepare.
const TERM_AHEAD: Months = Months::new(3);

pub(super) fn meetings(found: &mut Found<'_>) -> Result<()> {
    let look = found.look;
    if !look.is_current() {
        return Ok(());
    }
    let board = board(look.view, look.today.year(), look.today)?;
    let mut kinds: Vec<String> = Vec::new();
    let mut late = 0;
    for row in &board.rows {
        let now = row.months.iter().find(|m| m.month == look.month.number());
        if now.is_some_and(|m| m.pace == Pace::Due) && !kinds.contains(&row.kind) && due_by(row.per.as_str(), look) {
            kinds.push(row.kind.clone());
        }
        late += row.lacking;
    }
    if kinds.is_empty() {
        return Ok(());
    }
    let new = New {
        key: "branch".into(),
        month: look.month,
        what: What::Branch { kinds, late },
        due: Some(look.month.last()),
        goto: Goto::Branch,
    };
    found.due(new.duty(look.today));
    Ok(())
}

/// A quarter's meeting is told in the quarter's last month, a year's in the year's.
fn due_by(per: &str, look: &super::Look<'_>) -> bool {
    match per {
        "quarter" => look.month.number().is_multiple_of(3),
        "year" => look.month.number() == 12,
        _ => true,
    }
}

/// 换届: one duty for a body, however many hold its offices.
pub(super) fn terms(found: &mut Found<'_>) -> Result<()> {
    let look = found.look;
    if !look.is_current() {
        return Ok(());
    }
    let mut bodies: BTreeMap<String, Date> = BTreeMap::new();
    for office in look.view.offices_on(look.today)? {
        if let Some(until) = office.term_until {
            bodies.entry(office.organ.code().to_owned()).and_modify(|day| *day = (*day).min(until)).or_insert(until);
        }
    }
    for (organ, until) in bodies.into_iter().filter(|(_, until)| *until <= look.today + TERM_AHEAD) {
        let new = New {
            key: format!("term:{organ}"),
            month: look.month,
            what: What::Term { organ },
            due: Some(until),
            goto: Goto::Organisation,
        };
        found.due(new.duty(look.today));
    }
    Ok(())
}

/// 季查: of a cycle whose plaques hang, once a quarter, until a newer one hangs.
pub(super) fn star_checks(found: &mut Found<'_>) -> Result<()> {
    let look = found.look;
    if !look.is_current() {
        return Ok(());
    }
    let mut hanging: Vec<(Date, StarCycle)> = Vec::new();
    for cycle in look.view.all::<StarCycle>()? {
        let steps = look.view.steps(Case::Cycle(cycle.id))?;
        let hung = steps.iter().find(|step| step.step == "plaque").and_then(|step| step.on);
        hanging.extend(hung.map(|on| (on, cycle)));
    }
    let Some((hung, cycle)) = hanging.into_iter().max_by_key(|(on, cycle)| (*on, cycle.id)) else { return Ok(()) };
    let rule = look.rules.cadence("star_review", look.today).map_err(lianhu_ledger::Error::from)?;
    let months = match rule.per {
        Period::Month => 1,
        Period::Quarter => 3,
        Period::Year => 12,
    };
    let begun = look.month.plus(-(((look.month.number() - 1) % months) as i32));
    let looked = look.view.star_checks(cycle.id)?.iter().any(|check| check.on >= begun.first());
    if looked || hung >= begun.first() {
        return Ok(());
    }
    let last: Month = begun.plus(months as i32 - 1);
    let new = New {
        key: format!("star_check:{}", cycle.id.0),
        month: look.month,
        what: What::StarCheck { cycle: cycle.name },
        due: Some(last.last()),
        goto: Goto::Stars { id: cycle.id.0 },
    };
    found.due(new.duty(look.today));
    Ok(())
}
