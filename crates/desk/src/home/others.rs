//! What else has a day: the stars' public notice, probations, and what two computers left to be looked at.

use chrono::Months;
use lianhu_ledger::dates::Month;
use lianhu_ledger::records::step::Case;
use lianhu_ledger::records::{Decision, PartyMember, Recruit, StarCycle};

use uuid::Uuid;

use super::Found;
use super::duty::{Duty, Goto, Lamp, New, Unknown, What};
use crate::problem::Result;

/// 公示: of the newest cycle, until it is decided.
pub(super) fn notice(found: &mut Found<'_>) -> Result<()> {
    let look = found.look;
    let mut cycles = look.view.all::<StarCycle>()?;
    cycles.sort_by_key(|c| (c.year, c.name.clone()));
    let Some(cycle) = cycles.pop().filter(|c| c.decided_on.is_none()) else { return Ok(()) };
    let Some(standing) = look.view.standing_of(&cycle, look.today)? else { return Ok(()) };
    let Some(until) = standing.posted_until.filter(|on| (look.since()..=look.horizon()).contains(on)) else {
        return Ok(());
    };
    let objections = standing.objections.unwrap_or(0).saturating_sub(standing.objections_settled.unwrap_or(0));
    let new = New {
        key: format!("notice:{}", cycle.id.0),
        month: look.month,
        what: What::Notice { cycle: cycle.name, objections },
        due: Some(until),
        goto: Goto::Cycle { id: cycle.id.0 },
    };
    found.due(new.duty(look.today));
    Ok(())
}

/// Steps of decisions and of applicants that have a day: a term, or the end of a notice.
pub(super) fn steps(found: &mut Found<'_>) -> Result<()> {
    let view = found.look.view;
    for decision in view.all::<Decision>()? {
        let id = decision.id.0;
        step(found, Case::Decision(decision.id), (id, &decision.title), Goto::Decision { id })?;
    }
    for recruit in view.all::<Recruit>()?.into_iter().filter(|recruit| recruit.ended_on.is_none()) {
        let name = found.look.finder.person(recruit.person).map(|p| p.name.clone()).unwrap_or_default();
        let id = recruit.id.0;
        step(found, Case::Recruit(recruit.id), (id, &name), Goto::Recruit { id })?;
    }
    Ok(())
}

fn step(found: &mut Found<'_>, case: Case, (id, title): (Uuid, &str), goto: Goto) -> Result<()> {
    let look = found.look;
    let Some(procedure) = look.view.procedure_of(case)? else { return Ok(()) };
    let steps = look.view.steps(case)?;
    let Some(plan) = procedure.steps.get(procedure.reached(&steps)) else { return Ok(()) };
    let hangs = steps.iter().find(|step| step.step == plan.id).and_then(|step| step.posted_until);
    let Some(due) = procedure.due(&plan.id, &steps, &look.rules)?.or(hangs) else { return Ok(()) };
    if (look.since()..=look.horizon()).contains(&due) {
        let new = New {
            key: format!("step:{id}"),
            month: look.month,
            what: What::Step { title: title.to_owned(), step: plan.id.clone() },
            due: Some(due),
            goto,
        };
        found.due(Duty { dismissible: false, ..new.duty(look.today) });
    }
    Ok(())
}

/// 预备期满.
pub(super) fn probations(found: &mut Found<'_>) -> Result<()> {
    let look = found.look;
    let months = Months::new(look.rules.months("probation_months", look.as_of())?);
    let members = look.view.all::<PartyMember>()?.into_iter();
    for member in members.filter(|m| m.is_probationary_on(look.today) && m.stands_on(look.today)) {
        let person = look.finder.person(member.person);
        let name = person.map(|p| p.name.clone()).unwrap_or_default();
        let household = person.and_then(|p| p.household);
        let Some(end) = member.probation_ends(months) else {
            if look.is_current() {
                found.unknown.push(Unknown::JoinedUnknown { name, household });
            }
            continue;
        };
        if (look.since()..=look.horizon()).contains(&end) {
            let new = New {
                key: format!("probation:{}", member.id.0),
                month: look.month,
                what: What::Probation { name: name.clone() },
                due: Some(end),
                goto: Goto::Person { household, name },
            };
            found.due(new.duty(look.today));
        }
    }
    Ok(())
}

/// They have no day and belong to no month: they are told until somebody has looked. What one computer does is judged as
/// it is saved, so a ledger that only one has written is not searched.
pub(super) fn questions(found: &mut Found<'_>) -> Result<()> {
    let look = found.look;
    if !look.is_current() || look.view.count("SELECT count(*) FROM device", [])? < 2 {
        return Ok(());
    }
    let (overtaken, doubtful) = (look.ledger.open_questions()?, look.ledger.findings()?.len());
    if overtaken > 0 {
        question(found, "questions", What::Questions { n: overtaken }, Goto::Questions);
    }
    if doubtful > 0 {
        question(found, "findings", What::Findings { n: doubtful }, Goto::Findings);
    }
    Ok(())
}

fn question(found: &mut Found<'_>, key: &str, what: What, goto: Goto) {
    let today = found.look.today;
    let new = New { key: key.to_owned(), month: Month::of(today), what, due: None, goto };
    found.due(Duty { lamp: Lamp::Soon, dismissible: false, ..new.duty(today) });
}
