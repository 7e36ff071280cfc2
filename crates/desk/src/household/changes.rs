//! 改动记录 of one household: every change to it, its people, pairings, classes, visits, stars and matters, with who and
//! when, the value before and the value after. Numbers stay masked here too.

use std::collections::{HashMap, HashSet};

use lianhu_ledger::records::{Group, Household, HouseholdId, PersonId, StarCycle, kind};
use lianhu_ledger::{EntryChange, Ledger, View};
use lianhu_report::mask;
use serde::Serialize;
use serde_json::Value as Json;
use ts_rs::TS;
use uuid::Uuid;

use super::look::WhichHousehold;
use crate::desk::Desk;
use crate::problem::Result;

/// One step, as far as it touched this household.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct HistoryStep {
    pub batch: String,
    pub op: String,
    pub author: String,
    /// Milliseconds since 1970.
    pub at_ms: u64,
    /// How many records it touched in the whole village: an import is not taken back from one household's page.
    pub records: usize,
    pub changes: Vec<HistoryChange>,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct HistoryChange {
    #[ts(type = "Kind")]
    pub kind: String,
    pub id: Uuid,
    /// The person it is about.
    pub name: Option<String>,
    /// Entered with this step.
    pub made: bool,
    pub fields: Vec<HistoryField>,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct HistoryField {
    pub field: String,
    pub before: Option<String>,
    pub after: Option<String>,
}

/// Newest first.
pub fn history_of(desk: &Desk, ask: WhichHousehold) -> Result<Vec<HistoryStep>> {
    desk.read(|ledger| steps(ledger, HouseholdId(ask.id)))
}

fn steps(ledger: &Ledger, household: HouseholdId) -> Result<Vec<HistoryStep>> {
    let view = ledger.view();
    let records = records_of(view, household)?;
    let names = Names::of(view)?;
    let mut stands: HashMap<(Uuid, String), Json> = HashMap::new();
    let mut known: HashSet<Uuid> = HashSet::new();
    let mut steps = Vec::new();
    for (entry, records) in ledger.history_of(&records)? {
        let told = |change: EntryChange| names.change(change, &mut stands, &mut known);
        let changes = entry.changes.into_iter().map(told).filter(|change| !change.fields.is_empty()).collect();
        steps.push(HistoryStep {
            batch: entry.batch,
            op: entry.op,
            author: entry.author,
            at_ms: entry.at_ms,
            records,
            changes,
        });
    }
    steps.reverse();
    Ok(steps)
}

fn records_of(view: View<'_>, id: HouseholdId) -> Result<HashSet<Uuid>> {
    let mut records = HashSet::from([id.0]);
    records.extend(view.people_of(id)?.into_iter().map(|r| r.id.0));
    records.extend(view.pairings_of(id)?.into_iter().map(|r| r.id.0));
    records.extend(view.classes_of(id)?.into_iter().map(|r| r.id.0));
    records.extend(view.visits_of(id)?.into_iter().map(|r| r.id.0));
    records.extend(view.matters_of(id)?.into_iter().map(|r| r.id.0));
    records.extend(view.ratings_of(id)?.into_iter().map(|r| r.id.0));
    Ok(records)
}

/// What ids are called.
struct Names {
    people: HashMap<PersonId, String>,
    others: HashMap<Uuid, String>,
}

impl Names {
    fn of(view: View<'_>) -> Result<Names> {
        let people = view.names()?;
        let head = |h: Household| Some((h.id.0, people.get(&h.head?)?.clone()));
        let mut others: HashMap<Uuid, String> = view.all::<Household>()?.into_iter().filter_map(head).collect();
        others.extend(view.all::<Group>()?.into_iter().map(|group| (group.id.0, group.name)));
        others.extend(view.all::<StarCycle>()?.into_iter().map(|cycle| (cycle.id.0, cycle.name)));
        Ok(Names { people, others })
    }

    fn change(
        &self,
        change: EntryChange,
        stands: &mut HashMap<(Uuid, String), Json>,
        known: &mut HashSet<Uuid>,
    ) -> HistoryChange {
        let made = known.insert(change.id);
        let mut fields = Vec::new();
        for (field, after) in change.fields {
            let before = stands.insert((change.id, field.clone()), after.clone()).unwrap_or_default();
            let (before, after) = (self.told(&change.kind, &field, &before), self.told(&change.kind, &field, &after));
            if before != after {
                fields.push(HistoryField { field, before, after });
            }
        }
        let name = self.people.get(&PersonId(change.id)).cloned();
        HistoryChange { kind: change.kind, id: change.id, name, made, fields }
    }

    fn told(&self, kind_name: &str, field: &str, value: &Json) -> Option<String> {
        let text = match value {
            Json::Null => return None,
            Json::String(text) => text.clone(),
            Json::Object(parts) => return told_whole(field, parts),
            other => return Some(other.to_string()),
        };
        let refers = kind(kind_name).ok().and_then(|kind| kind.fields[kind.field(field)?].refers).is_some();
        if refers {
            let id = text.parse::<Uuid>().ok();
            let name = id.and_then(|id| self.people.get(&PersonId(id)).or_else(|| self.others.get(&id)));
            return Some(name.cloned().unwrap_or_default());
        }
        Some(match field {
            "id_number" | "id_15" => mask::id(&text).as_str().to_owned(),
            "phone" => mask::phone(&text).as_str().to_owned(),
            _ => mask::text(&text).as_str().to_owned(),
        })
    }
}

/// A cell of several parts: a star, why a record was voided, what stood on the paper.
fn told_whole(field: &str, parts: &serde_json::Map<String, Json>) -> Option<String> {
    match (field, parts.get("granted"), parts.get("reason")) {
        (_, Some(granted), _) => Some(granted.to_string()),
        ("gone", _, Some(reason)) => reason.as_str().map(str::to_owned),
        _ => {
            let texts: Vec<&str> = parts.values().filter_map(Json::as_str).collect();
            Some(mask::text(&texts.join(" ")).as_str().to_owned())
        }
    }
}
