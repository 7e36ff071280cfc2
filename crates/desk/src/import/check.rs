//! 查错 — the import as it would be if it were done now: what would change, record by record, and every cell a person
//! should look at. Nothing is kept of it.

use std::collections::BTreeMap;

use lianhu_import::grid::column_of;
use lianhu_import::{Finding, Grade, Manner, Patch, Plan, import};
use lianhu_ledger::records::kind;
use lianhu_ledger::{Code, Error, Saved, Touched, View};
use lianhu_report::mask;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use ts_rs::TS;
use uuid::Uuid;

use super::tray::{Opened, open};
use super::{ChosenTable, look};
use crate::desk::Desk;
use crate::jobs::JobNo;
use crate::naming::Namer;
use crate::problem::{Problem, Result};

#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct CheckTables {
    pub files: Vec<ChosenTable>,
    /// What stands in the ledger is left as it is.
    pub only_new: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct ImportCheck {
    pub lines: Vec<ImportLine>,
    /// Cells that need a person.
    pub doubts: Vec<ImportDoubt>,
    /// Cells that had one reading and were brought into form.
    pub repairs: Vec<ImportDoubt>,
    /// Good to know.
    pub notices: Vec<ImportDoubt>,
    /// The first records that would be changed, with what stands there now.
    pub changes: Vec<ImportChange>,
    /// How many records would be changed in all.
    pub changed: usize,
    /// Books that would not be taken in, and why.
    pub left_out: Vec<Problem>,
    /// A closed month that would be changed: a reason is needed.
    pub closed: Option<String>,
}

/// How many records of a kind would be made, changed, or are there just as they stand in the books.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ImportLine {
    #[ts(type = "Kind")]
    pub kind: &'static str,
    pub new: usize,
    pub changed: usize,
    pub same: usize,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct ImportDoubt {
    /// None when it is about no file in particular.
    pub path: Option<String>,
    pub file: String,
    pub sheet: String,
    /// As Excel shows it; 0 when it is about the whole sheet.
    pub row: u32,
    /// Letters, as Excel shows them.
    pub column: String,
    /// Counted from 0; none when it is about the whole row: there is no cell to type over.
    pub at: Option<u32>,
    pub header: String,
    pub as_typed: String,
    /// What is wrong (`doubt.…`).
    pub what: &'static str,
    /// What was done (`done.…`), and what its sentence names.
    pub did: &'static str,
    #[ts(type = "Record<string, string>")]
    pub details: BTreeMap<String, String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct ImportChange {
    #[ts(type = "Kind")]
    pub kind: &'static str,
    pub id: Uuid,
    pub name: String,
    pub fields: Vec<ImportField>,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct ImportField {
    pub field: String,
    pub before: Option<String>,
    pub after: Option<String>,
}

/// How many changed records are shown one by one.
const SHOWN: usize = 200;

/// Works the import out beside the window; `import_checked` has what came of it.
pub fn check(desk: &Desk, ask: CheckTables) -> Result<JobNo> {
    Ok(desk.begin(move |desk, job| {
        job.at("reading", 0, 2)?;
        look::remember(desk, &ask.files)?;
        let opened = open(desk, &ask.files);
        job.at("planning", 1, 2)?;
        let (plan, closed) = planned(desk, &opened, ask.only_new)?;
        desk.read(|ledger| told(ledger.view(), opened, &plan, closed))
    }))
}

pub fn checked(desk: &Desk, job: JobNo) -> Result<ImportCheck> {
    desk.result(job)
}

/// The plan, and the closed month that it would change.
pub(super) fn planned(desk: &Desk, opened: &Opened, only_new: bool) -> Result<(Plan, Option<String>)> {
    let plan = |correction: Option<&str>| {
        let manner = Manner { dry_run: true, only_new, correction, ..Manner::default() };
        let done = desk.write(|ledger, author| {
            let plan = import(ledger, &opened.parsed, author, manner)?.plan;
            Ok(Saved { value: plan, batch: None, touched: Touched::default() })
        });
        done.map(|done| done.value)
    };
    match plan(None) {
        Ok(plan) => Ok((plan, None)),
        Err(Error::Refusal(refusal)) if matches!(refusal.code, Code::MonthClosed | Code::SealedRecord) => {
            let month = refusal.details.get("month").cloned().unwrap_or_default();
            Ok((plan(Some("—"))?, Some(month)))
        }
        Err(error) => Err(error),
    }
}

fn told(view: View<'_>, opened: Opened, plan: &Plan, closed: Option<String>) -> Result<ImportCheck> {
    let of = |grade: Grade| {
        let findings = plan.findings.iter().filter(|finding| finding.grade == grade);
        findings.map(|finding| doubt(finding, &opened.places)).collect()
    };
    let changed: Vec<&Patch> = plan.patches.iter().filter(|patch| !patch.new).collect();
    let mut namer = Namer::new(view);
    Ok(ImportCheck {
        lines: lines(plan),
        doubts: of(Grade::Doubt),
        repairs: of(Grade::Repaired),
        notices: of(Grade::Notice),
        changes: changed.iter().take(SHOWN).map(|patch| change(patch, &mut namer)).collect::<Result<_>>()?,
        changed: changed.len(),
        left_out: opened.left_out,
        closed,
    })
}

pub(super) fn lines(plan: &Plan) -> Vec<ImportLine> {
    let line = |(kind, counts): (&&'static str, &lianhu_import::plan::Counts)| ImportLine {
        kind,
        new: counts.new,
        changed: counts.changed,
        same: counts.same,
    };
    plan.summary.iter().map(line).collect()
}

fn doubt(finding: &Finding, places: &BTreeMap<String, String>) -> ImportDoubt {
    ImportDoubt {
        path: places.get(&finding.file).cloned(),
        file: finding.file.clone(),
        sheet: finding.sheet.clone(),
        row: finding.row,
        at: column_of(&finding.column).filter(|_| finding.row > 0),
        column: finding.column.clone(),
        header: finding.header.clone(),
        as_typed: finding.as_typed.clone(),
        what: finding.what.code(),
        did: finding.done.did.code(),
        details: finding.done.details.clone(),
    }
}

fn change(patch: &Patch, namer: &mut Namer<'_>) -> Result<ImportChange> {
    let mut fields = Vec::new();
    for (field, after) in &patch.fields {
        let before = patch.before.get(field).unwrap_or(&Json::Null);
        let (before, after) = (shown(patch.kind, field, before, namer)?, shown(patch.kind, field, after, namer)?);
        fields.push(ImportField { field: field.clone(), before, after });
    }
    Ok(ImportChange { kind: patch.kind, id: patch.id, name: namer.name(patch.kind, patch.id)?, fields })
}

/// A value as a person reads it: names for ids, numbers masked as everywhere.
fn shown(kind_name: &str, field: &str, value: &Json, namer: &mut Namer<'_>) -> Result<Option<String>> {
    let text = match value {
        Json::Null => return Ok(None),
        Json::String(text) => text.clone(),
        other => return Ok(Some(other.to_string())),
    };
    let kind = kind(kind_name)?;
    let refers = kind.field(field).and_then(|at| kind.fields[at].refers);
    if let (Some(target), Ok(id)) = (refers, Uuid::parse_str(&text)) {
        return namer.name(target, id).map(Some);
    }
    Ok(Some(match field {
        "id_number" | "id_15" => mask::id(&text).as_str().to_owned(),
        "phone" => mask::phone(&text).as_str().to_owned(),
        _ => text,
    }))
}
