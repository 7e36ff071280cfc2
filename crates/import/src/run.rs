//! 写入 — a plan carried out: one import is one action of one person, so it is one batch and one undo.

use lianhu_ledger::{BatchRef, Ledger, Result, View, means_the_same};
use serde_json::Value;
use uuid::Uuid;

use crate::book::Parsed;
use crate::plan::{Fields, Ids, Plan, Standing, plan};
use crate::today::set_aside_the_future;

/// What an import did, or would do.
#[derive(Debug)]
pub struct Imported {
    pub plan: Plan,
    /// The batch it was written as; `None` when nothing differed, or when it was only looked at.
    pub batch: Option<BatchRef>,
}

/// How an import is carried out.
#[derive(Clone, Copy, Debug, Default)]
pub struct Manner<'a> {
    /// Judge everything, keep nothing.
    pub dry_run: bool,
    /// Why facts of closed months are changed, when they may be.
    pub correction: Option<&'a str>,
}

/// Plans and writes in one transaction: what was shown is what is written, whoever else is writing.
pub fn import(ledger: &mut Ledger, books: &[Parsed], author: &str, manner: Manner<'_>) -> Result<Imported> {
    let saved = ledger.try_edit(
        "import",
        author,
        |draft| {
            draft.from_older_ledger();
            if let Some(reason) = manner.correction {
                draft.correct(reason)?;
            }
            let village = draft.village();
            let derived = move |kind: &str, parts: &[String]| {
                let parts: Vec<&dyn std::fmt::Display> = parts.iter().map(|p| p as &dyn std::fmt::Display).collect();
                lianhu_ledger::only_one(village, kind, &parts)
            };
            let standing = Ledgered { view: draft.view() };
            let books = set_aside_the_future(books, draft.today());
            let plan = plan(&standing, &books, Ids { new: &mut || draft.new_id(), derived: &derived });
            for patch in &plan.patches {
                draft.patch(patch.kind, patch.id, patch.fields.clone())?;
            }
            Ok(plan)
        },
        |_| !manner.dry_run,
    )?;
    Ok(Imported { plan: saved.value, batch: saved.batch.filter(|_| !manner.dry_run) })
}

/// The ledger as the planner sees it.
struct Ledgered<'a> {
    view: View<'a>,
}

impl Standing for Ledgered<'_> {
    fn list(&self, kind: &str) -> Vec<(Uuid, Fields)> {
        let records = self.view.list(kind).unwrap_or_default();
        records.into_iter().filter_map(split).collect()
    }

    fn same(&self, kind: &str, field: &str, standing: &Value, new: &Value) -> bool {
        means_the_same(kind, field, standing, new)
    }
}

fn split(record: Value) -> Option<(Uuid, Fields)> {
    let Value::Object(mut fields) = record else { return None };
    let id = Uuid::parse_str(fields.remove("id")?.as_str()?).ok()?;
    Some((id, fields.into_iter().collect()))
}
