//! 事项 that are due — what villagers raised and nobody has answered.

use lianhu_ledger::records::Matter;

use super::duty::{DoneDuty, Duty, Goto, New, Unknown, What};
use super::{Found, Look};
use crate::problem::Result;

/// So many stand on the list by themselves; more are told in one line.
const ONE_BY_ONE: usize = 5;

pub(super) fn duties(found: &mut Found<'_>) -> Result<()> {
    let look = found.look;
    let undated = if look.is_current() { look.view.matters_undated()? } else { 0 };
    if undated > 0 {
        found.unknown.push(Unknown::UndatedMatters { n: undated });
    }
    let open = look.view.matters_due(look.since(), look.horizon())?;
    // What was put off this month leaves its place on the list to the next one.
    let (put_off, due): (Vec<&Matter>, Vec<&Matter>) =
        open.iter().partition(|m| look.said.contains_key(&(look.month, key(m))));
    put_off.into_iter().for_each(|matter| found.due(duty(look, matter)));
    due.iter().take(ONE_BY_ONE).for_each(|matter| found.due(duty(look, matter)));
    if let [_, ..] = &due[ONE_BY_ONE.min(due.len())..] {
        found.due(rest(look, &due[ONE_BY_ONE..]));
    }
    let answered = look.view.matters_settled(look.month.first(), look.month.last())?.len();
    if answered > 0 {
        let (what, goto) = (What::Answered { n: answered }, Some(Goto::Matters));
        found.done.push(DoneDuty { key: "answered".to_owned(), month: look.month, what, on: None, goto, reason: None });
    }
    Ok(())
}

fn key(matter: &Matter) -> String {
    format!("matter:{}", matter.id.0)
}

fn duty(look: &Look<'_>, matter: &Matter) -> Duty {
    let head = matter.household.and_then(|h| look.finder.head_of(h));
    let new = New {
        key: key(matter),
        month: look.month,
        what: What::Matter {
            text: matter.text.clone(),
            head: head.map(|h| h.name.clone()),
            owner: matter.owner.clone(),
        },
        due: matter.due,
        goto: Goto::Matter { id: matter.id.0 },
    };
    Duty {
        group: head.and_then(|h| h.group.clone()),
        group_number: head.and_then(|h| h.group_number),
        ..new.duty(look.today)
    }
}

/// They come in the order of their days: the first of the rest says how pressing the rest is.
fn rest(look: &Look<'_>, rest: &[&Matter]) -> Duty {
    let due = rest.first().and_then(|m| m.due);
    let what = What::Matters { n: rest.len() };
    let new = New { key: "matters".to_owned(), month: look.month, what, due, goto: Goto::Matters };
    Duty { dismissible: false, ..new.duty(look.today) }
}
