//! What a log says, worked out a second time and in another way: from the definition, slowly, without the ledger's code.
//!
//! Two promises are stated here and not copied from the fold. *Who saw a value wins over it*: what stands was built
//! upon by nobody. *No edit is lost in silence*: every write that nobody built upon stands, says what whoever wrote the
//! standing value (or what that built upon) had seen as well, or is an open question.

use std::collections::{BTreeMap, BTreeSet};

use lianhu_ledger::{Batch, BatchRef, Ledger, Stamp, Value};
use serde_json::Value as Json;
use uuid::Uuid;

/// One cell of the village: kind, record, field.
pub type Place = (String, Uuid, String);

/// One write of a cell, as its batch carries it.
#[derive(Clone, Copy, Debug)]
pub struct Write<'a> {
    pub at: BatchRef,
    pub stamp: Stamp,
    pub value: &'a Value,
    pub bases: &'a [BatchRef],
}

/// What ought to stand in a cell, and which writes ought to be shown beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    pub at: BatchRef,
    pub value: Json,
    pub questions: BTreeSet<(String, String)>,
}

/// Every write of every cell, in the order of the batches given.
pub fn writes<'a>(batches: impl IntoIterator<Item = &'a Batch>) -> BTreeMap<Place, Vec<Write<'a>>> {
    let mut cells: BTreeMap<Place, Vec<Write<'a>>> = BTreeMap::new();
    for batch in batches {
        for change in &batch.changes {
            for cell in &change.cells {
                let place = (change.kind.to_string(), change.id, cell.field.to_string());
                let write = Write { at: batch.at, stamp: batch.stamp, value: &cell.value, bases: &cell.bases };
                cells.entry(place).or_default().push(write);
            }
        }
    }
    cells
}

/// The effective time of each write: its stamp, but always after what it replaced. Rounds until nothing moves.
fn effective(writes: &[Write<'_>]) -> BTreeMap<BatchRef, Stamp> {
    let mut times: BTreeMap<BatchRef, Stamp> = writes.iter().map(|w| (w.at, w.stamp)).collect();
    loop {
        let mut moved = false;
        for write in writes {
            let after = write.bases.iter().filter_map(|base| times.get(base)).map(|t| t.just_after()).max();
            if let Some(after) = after.filter(|after| *after > times[&write.at]) {
                times.insert(write.at, after);
                moved = true;
            }
        }
        if !moved {
            return times;
        }
    }
}

/// A write and everything it was built upon.
fn beneath(writes: &[Write<'_>], at: BatchRef) -> BTreeSet<BatchRef> {
    let mut found = BTreeSet::from([at]);
    loop {
        let reached = writes.iter().filter(|w| found.contains(&w.at)).flat_map(|w| w.bases.iter().copied());
        let more: BTreeSet<BatchRef> = reached.filter(|base| !found.contains(base)).collect();
        if more.is_empty() {
            return found;
        }
        found.extend(more);
    }
}

/// What stands among these writes of one cell.
pub fn standing(writes: &[Write<'_>]) -> Option<Standing> {
    let replaced: BTreeSet<BatchRef> = writes.iter().flat_map(|w| w.bases.iter().copied()).collect();
    let times = effective(writes);
    let tips: Vec<&Write<'_>> = writes.iter().filter(|w| !replaced.contains(&w.at)).collect();
    let newest = tips.iter().max_by_key(|w| (times[&w.at], w.at))?;
    let line = beneath(writes, newest.at);
    let unseen = |tip: &&&Write<'_>| {
        let own = beneath(writes, tip.at);
        !writes.iter().any(|w| w.value == tip.value && line.contains(&w.at) && !own.contains(&w.at))
    };
    let questions = tips
        .iter()
        .filter(|tip| tip.at != newest.at)
        .filter(unseen)
        .map(|w| (w.at.to_string(), w.value.to_json().to_string()))
        .collect();
    Some(Standing { at: newest.at, value: newest.value.to_json(), questions })
}

/// Where the ledger's tables say something else than its log. Empty is the good answer.
pub fn disagreements(ledger: &Ledger, known: &[&Batch]) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut questions = BTreeSet::new();
    for ((kind, id, field), writes) in writes(known.iter().copied()) {
        let Some(standing) = standing(&writes) else { continue };
        let shown = ledger.view().record(&kind, id).expect("the record is read").unwrap_or_default();
        let shown = shown.get(&field).cloned().unwrap_or_default();
        if shown != standing.value {
            wrong.push(format!(
                "{kind} {id} {field}: {shown} is shown, {} was written by {}",
                standing.value, standing.at
            ));
        }
        let asked = |(batch, value)| (kind.clone(), id, field.clone(), batch, value);
        questions.extend(standing.questions.into_iter().map(asked));
    }
    let open = ledger.overtaken().expect("open questions are read");
    let open: BTreeSet<_> = open.into_iter().map(|o| (o.kind, o.id, o.field, o.batch, o.other.to_string())).collect();
    wrong.extend(questions.difference(&open).map(|lost| format!("lost in silence: {lost:?}")));
    wrong.extend(open.difference(&questions).map(|idle| format!("asked without need: {idle:?}")));
    wrong
}
