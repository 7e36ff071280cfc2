//! 一个人结对的户 — whom one person looks after and has looked after, from when until when.

use lianhu_ledger::dates::Date;
use lianhu_ledger::records::pairing::Bond;
use lianhu_ledger::records::{Pairing, Person, PersonId};
use lianhu_ledger::{Code, Refusal};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

use crate::desk::Desk;
use crate::problem::Result;

#[derive(Clone, Copy, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct WhichHelper {
    pub id: Uuid,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct HelperLook {
    pub today: Date,
    pub id: Uuid,
    pub name: String,
    pub unit: Option<String>,
    /// Those that hold first, in the order of groups and numbers; then those that have ended, the latest first.
    pub lines: Vec<HelperLine>,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct HelperLine {
    /// The pairing.
    pub id: Uuid,
    #[ts(type = "'aid' | 'link' | 'team'")]
    pub bond: Bond,
    pub household: Uuid,
    pub head: String,
    pub number: Option<u32>,
    pub group: Option<String>,
    pub from: Option<String>,
    pub until: Option<Date>,
    pub ended_why: Option<String>,
    pub holds: bool,
    /// The household's last visit, whoever made it.
    pub last_visit: Option<Date>,
}

pub fn look(desk: &Desk, ask: WhichHelper) -> Result<HelperLook> {
    let finder = desk.finder()?;
    desk.read(|ledger| {
        let view = ledger.view();
        let missing = || Refusal::new(Code::NoSuchRecord).with("kind", "person").with("id", ask.id);
        let person = view.get::<Person>(ask.id)?.ok_or_else(missing)?;
        let last_visits = view.last_visits(view.today)?;
        let line = |pairing: Pairing| {
            let found = finder.household(pairing.household);
            let group = found.and_then(|f| f.group_number).unwrap_or(u32::MAX);
            let number = found.and_then(|f| f.number);
            let line = HelperLine {
                holds: pairing.holds_on(view.today),
                id: pairing.id.0,
                bond: pairing.bond,
                household: pairing.household.0,
                head: finder.head_of(pairing.household).map(|f| f.name.clone()).unwrap_or_default(),
                number,
                group: found.and_then(|f| f.group.clone()),
                from: pairing.from.map(String::from),
                until: pairing.until,
                ended_why: pairing.ended_why,
                last_visit: last_visits.get(&pairing.household).copied(),
            };
            let latest_first = line.until.map(std::cmp::Reverse).filter(|_| !line.holds);
            ((!line.holds, latest_first, line.bond, group, number), line)
        };
        let mut lines: Vec<_> = view.pairings_with(PersonId(ask.id))?.into_iter().map(line).collect();
        lines.sort_by_key(|(order, _)| *order);
        Ok(HelperLook {
            today: view.today,
            id: person.id.0,
            name: person.name,
            unit: person.unit,
            lines: lines.into_iter().map(|(_, line)| line).collect(),
        })
    })
}
