//! 改动记录 of one household: every change to it, its people, pairings, classes, visits, stars and matters, with who and
//! when, the value before and the value after. Numbers stay masked here too.

use std::collections::{HashMap, HashSet};

use lianhu_ledger::records::HouseholdId;
use lianhu_ledger::{EntryChange, Ledger, View};
use serde::Serialize;
use serde_json::Value as Json;
use ts_rs::TS;
use uuid::Uuid;

use super::look::WhichHousehold;
use crate::desk::Desk;
use crate::problem::Result;
use crate::telling::Names;

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
        let told = |change: EntryChange| told(&names, change, &mut stands, &mut known);
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

pub(super) fn records_of(view: View<'_>, id: HouseholdId) -> Result<HashSet<Uuid>> {
    let mut records = HashSet::from([id.0]);
    records.extend(view.people_of(id)?.into_iter().map(|r| r.id.0));
    records.extend(view.pairings_of(id)?.into_iter().map(|r| r.id.0));
    records.extend(view.classes_of(id)?.into_iter().map(|r| r.id.0));
    records.extend(view.visits_of(id)?.into_iter().map(|r| r.id.0));
    records.extend(view.matters_of(id)?.into_iter().map(|r| r.id.0));
    records.extend(view.ratings_of(id)?.into_iter().map(|r| r.id.0));
    Ok(records)
}

fn told(
    names: &Names,
    change: EntryChange,
    stands: &mut HashMap<(Uuid, String), Json>,
    known: &mut HashSet<Uuid>,
) -> HistoryChange {
    let made = known.insert(change.id);
    let mut fields = Vec::new();
    for (field, after) in change.fields {
        let before = stands.insert((change.id, field.clone()), after.clone()).unwrap_or_default();
        let (before, after) = (names.told(&change.kind, &field, &before), names.told(&change.kind, &field, &after));
        if before != after {
            fields.push(HistoryField { field, before, after });
        }
    }
    let name = names.person(change.id).map(str::to_owned);
    HistoryChange { kind: change.kind, id: change.id, name, made, fields }
}
