//! 最近操作 — what was done, by whom, when; and taking a step back.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use ts_rs::TS;
use uuid::Uuid;

use crate::desk::{Desk, Done};
use crate::naming::Namer;
use crate::problem::Result;

/// One step, as a person reads it.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct Step {
    pub batch: String,
    /// What it did, as a word of the catalogue (`op.…`).
    pub op: String,
    pub author: String,
    /// Milliseconds since 1970.
    pub at_ms: u64,
    /// How many records it touched, by kind.
    #[ts(type = "Record<string, number>")]
    pub records: BTreeMap<String, usize>,
    /// What it changed, where it changed few records.
    pub changes: Vec<StepChange>,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct StepChange {
    #[ts(type = "Kind")]
    pub kind: String,
    pub id: Uuid,
    /// What a person recognises the record by.
    pub name: String,
    #[ts(type = "Record<string, unknown>")]
    pub fields: BTreeMap<String, Json>,
}

#[derive(Clone, Copy, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct WhichHistory {
    /// The steps that touched this record; all steps when none is named.
    #[serde(default)]
    #[ts(optional)]
    pub of: Option<Uuid>,
    pub limit: u32,
}

/// A step that touched more records than this is told in numbers alone.
const FEW: usize = 12;

/// Newest first.
pub fn list(desk: &Desk, ask: WhichHistory) -> Result<Vec<Step>> {
    desk.read(|ledger| {
        let mut namer = Namer::new(ledger.view());
        ledger.history(ask.of)?.into_iter().take(ask.limit as usize).map(|entry| step(entry, &mut namer)).collect()
    })
}

fn step(entry: lianhu_ledger::Entry, namer: &mut Namer<'_>) -> Result<Step> {
    let mut records: BTreeMap<String, usize> = BTreeMap::new();
    entry.changes.iter().for_each(|change| *records.entry(change.kind.clone()).or_default() += 1);
    let few = entry.changes.len() <= FEW;
    let change = |c: lianhu_ledger::EntryChange| {
        Ok(StepChange { name: namer.name(&c.kind, c.id)?, kind: c.kind, id: c.id, fields: c.fields })
    };
    let changes = if few { entry.changes.into_iter().map(change).collect::<Result<_>>()? } else { Vec::new() };
    Ok(Step { batch: entry.batch, op: entry.op, author: entry.author, at_ms: entry.at_ms, records, changes })
}

#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct UndoStep {
    pub batch: String,
    /// Why, when the step changed facts of a month that is closed by now.
    #[serde(default)]
    #[ts(optional)]
    pub correct: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct UndoneStep {
    pub restored: usize,
    /// Records that have been changed since and were left as they are.
    pub kept: usize,
}

pub fn undo(desk: &Desk, ask: UndoStep) -> Result<Done<UndoneStep>> {
    let done = desk.write(|ledger, author| {
        let at = ledger.batch_named(&ask.batch)?;
        ledger.undo(at, author, ask.correct.as_deref())
    })?;
    Ok(done.map(|undone| UndoneStep { restored: undone.restored, kept: undone.kept.len() }))
}
