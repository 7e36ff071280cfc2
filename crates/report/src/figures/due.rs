//! 下月到期 — what falls due next month, from what is already in the ledger.

use chrono::{Months, NaiveDate};
use lianhu_ledger::records::{Matter, PartyMember, Person, StarCycle};
use lianhu_ledger::{Result, View};
use serde::{Deserialize, Serialize};

use super::Look;
use crate::mask;

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct DueSoon {
    pub on: NaiveDate,
    pub what: String,
}

pub(super) fn read(look: &Look<'_>) -> Result<Vec<DueSoon>> {
    let (from, to) = (look.month.next().first(), look.month.next().last());
    let mut due = Vec::new();
    for matter in look.view.matters_due(from, to)? {
        let text = mask::without_names(&matter.text, &names_of(look.view, &matter)?);
        due.extend(matter.due.map(|on| DueSoon { on, what: format!("事项办理期限：{text}") }));
    }
    for cycle in look.view.all::<StarCycle>()? {
        let until = cycle.notice_until.filter(|on| (from..=to).contains(on));
        due.extend(until.map(|on| DueSoon { on, what: format!("{}五星文明户公示截止", cycle.name) }));
    }
    due.extend(probations(look, from, to)?);
    due.sort();
    Ok(due)
}

/// Whoever raised it and their family: the report's text names no household.
pub(crate) fn names_of(view: View<'_>, matter: &Matter) -> Result<Vec<String>> {
    let mut names = Vec::new();
    if let Some(household) = matter.household {
        let family = view.select::<Person>("household = ?1", [household.0.as_bytes()])?;
        names.extend(family.into_iter().map(|p| p.name));
    }
    names.extend(matter.person.map(|p| view.get::<Person>(p.0)).transpose()?.flatten().map(|p| p.name));
    Ok(names)
}

fn probations(look: &Look<'_>, from: NaiveDate, to: NaiveDate) -> Result<Vec<DueSoon>> {
    let months = Months::new(look.rules.months("probation_months", look.as_of)?);
    let mut due = Vec::new();
    for member in look.view.all::<PartyMember>()?.into_iter().filter(|m| m.is_probationary_on(look.as_of)) {
        let Some(on) = member.probation_ends(months).filter(|on| (from..=to).contains(on)) else { continue };
        let name = look.view.get::<Person>(member.person.0)?.map(|p| p.name).unwrap_or_default();
        due.push(DueSoon { on, what: format!("{name}预备期满") });
    }
    Ok(due)
}
