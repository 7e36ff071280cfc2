//! 写入 — a plan carried out: one import is one action of one person, so it is one batch and one undo.

use lianhu_ledger::text::{Lang, say};
use lianhu_ledger::{BatchRef, Ledger, Result, Touched, View, admits, means_the_same};
use serde_json::Value;
use uuid::Uuid;

use crate::book::Parsed;
use crate::finding::{Finding, Remark, What};
use crate::plan::{Fields, Ids, Patch, Plan, Standing, plan};
use crate::today::set_aside_the_future;

/// What an import did, or would do.
#[derive(Debug)]
pub struct Imported {
    pub plan: Plan,
    /// The batch it was written as; `None` when nothing differed, or when it was only looked at.
    pub batch: Option<BatchRef>,
    pub touched: Touched,
}

/// How an import is carried out.
#[derive(Clone, Copy, Default)]
pub struct Manner<'a> {
    /// Judge everything, keep nothing.
    pub dry_run: bool,
    /// What stands in the ledger is left as it is; only new records are made.
    pub only_new: bool,
    /// Told how many of how many records are written; a refusal from it puts everything back.
    pub watch: Option<&'a dyn Fn(usize, usize) -> Result<()>>,
    /// Why facts of closed months are changed, when they may be.
    pub correction: Option<&'a str>,
}

/// How many records are written between two looks at the clerk.
const WATCHED: usize = 50;

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
            let mut plan = keep_what_no_field_takes(plan);
            plan.patches.retain(|patch| patch.new || !manner.only_new);
            for (n, patch) in plan.patches.iter().enumerate() {
                if let Some(watch) = manner.watch.filter(|_| n % WATCHED == 0) {
                    watch(n, plan.patches.len())?;
                }
                draft.patch(patch.kind, patch.id, patch.fields.clone())?;
            }
            Ok(plan)
        },
        |_| !manner.dry_run,
    )?;
    Ok(Imported { plan: saved.value, batch: saved.batch.filter(|_| !manner.dry_run), touched: saved.touched })
}

/// A word that the ledger's lists do not know (a 类别 of this township's own) is kept beside the record as it was typed,
/// and told; it must not make the ledger refuse the other thousand rows.
fn keep_what_no_field_takes(mut plan: Plan) -> Plan {
    for patch in &mut plan.patches {
        let strange: Vec<(String, Value)> = patch
            .fields
            .iter()
            .filter(|(field, value)| !admits(patch.kind, field, value))
            .map(|(field, value)| (field.clone(), value.clone()))
            .collect();
        for (field, value) in strange {
            let typed = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            patch.fields.remove(&field);
            set_beside(patch, &field, &typed);
            plan.findings.push(unknown_word(&field, typed));
        }
    }
    plan
}

/// In `as_typed` where the record has it, else in its note.
fn set_beside(patch: &mut Patch, field: &str, typed: &str) {
    let kept = patch.fields.get("as_typed").and_then(Value::as_object).cloned().unwrap_or_default();
    let mut kept: serde_json::Map<String, Value> = kept;
    kept.insert(field.to_owned(), Value::from(typed));
    if admits(patch.kind, "as_typed", &Value::Object(kept.clone())) {
        patch.fields.insert("as_typed".to_owned(), Value::Object(kept));
        return;
    }
    let word = say(Lang::ZhCn, &format!("word.{field}"), &[]);
    let note = patch.fields.get("note").and_then(Value::as_str).map(|n| format!("{n}；")).unwrap_or_default();
    patch.fields.insert("note".to_owned(), Value::from(format!("{note}{word}：{typed}")));
}

fn unknown_word(field: &str, typed: String) -> Finding {
    let Remark { grade, what, done } = Remark::kept(What::LabelUnknown);
    Finding {
        grade,
        file: String::new(),
        sheet: String::new(),
        row: 0,
        column: String::new(),
        header: say(Lang::ZhCn, &format!("word.{field}"), &[]),
        as_typed: typed,
        what,
        done,
    }
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
