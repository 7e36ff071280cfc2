//! 导入 — the last step: planned anew and written as one action, which one undo takes back. And the papers of an import:
//! copies of the books with their doubts marked, and empty ledgers to fill in.

use std::path::Path;

use chrono::Datelike;
use lianhu_import::{Grade, Manner, blank, doubts, import};
use lianhu_ledger::{Fault, Saved};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::ChosenTable;
use super::check::{CheckTables, ImportLine, lines, planned};
use super::tray::open;
use crate::desk::{Desk, Done};
use crate::files;
use crate::jobs::JobNo;
use crate::papers::{Papers, Sheaf};
use crate::problem::Result;
use crate::session::Nothing;

#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct WriteTables {
    pub files: Vec<ChosenTable>,
    pub only_new: bool,
    /// Why facts of a closed month are changed.
    #[serde(default)]
    #[ts(optional)]
    pub correct: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ImportDone {
    pub lines: Vec<ImportLine>,
}

/// Writes beside the window; `import_written` has what came of it. Stopped, it leaves nothing.
pub fn write(desk: &Desk, ask: WriteTables) -> Result<JobNo> {
    Ok(desk.begin(move |desk, job| {
        job.at("reading", 0, 1)?;
        let opened = open(desk, &ask.files);
        job.at("planning", 0, 1)?;
        let watch = |done: usize, of: usize| job.at("writing", done as u32, of as u32);
        let manner = Manner {
            only_new: ask.only_new,
            correction: ask.correct.as_deref(),
            watch: Some(&watch),
            ..Manner::default()
        };
        desk.write(|ledger, author| {
            let imported = import(ledger, &opened.parsed, author, manner)?;
            let value = ImportDone { lines: lines(&imported.plan) };
            Ok(Saved { value, batch: imported.batch, touched: imported.touched })
        })
    }))
}

pub fn written(desk: &Desk, job: JobNo) -> Result<Done<ImportDone>> {
    desk.result(job)
}

/// 标疑副本: of every book with doubts a copy in which they are yellow and say what is wrong. `paper_written` tells where.
pub fn copies(desk: &Desk, ask: CheckTables) -> Result<JobNo> {
    Ok(desk.begin(move |desk, job| {
        job.at("reading", 0, 2)?;
        let opened = open(desk, &ask.files);
        let (plan, _) = planned(desk, &opened, ask.only_new)?;
        job.at("writing", 1, 2)?;
        let mut sheaf = Sheaf::default();
        for book in &opened.books {
            let own: Vec<_> = plan.findings.iter().filter(|f| f.file == book.name).cloned().collect();
            if own.iter().any(|finding| finding.grade == Grade::Doubt) {
                let stem = Path::new(&book.name).file_stem().unwrap_or_default().to_string_lossy().into_owned();
                sheaf.add(&free(desk, &format!("{stem}（标疑）")), "xlsx", doubts::marked(book, &own).map_err(fault)?);
            }
        }
        sheaf.write(&desk.papers())
    }))
}

/// 样表: the seven ledgers, empty.
pub fn forms(desk: &Desk, _: Nothing) -> Result<Papers> {
    let year = desk.today().year();
    let mut sheaf = Sheaf::default();
    for kind in blank::KINDS {
        let stem = free(desk, &format!("样表 {}", kind.title()));
        sheaf.add(&stem, "xlsx", blank::blank(kind, year).map_err(fault)?);
    }
    sheaf.write(&desk.papers())
}

/// A sheet that a clerk has filled in since is not written over.
fn free(desk: &Desk, stem: &str) -> String {
    let name = files::free_name(&desk.papers(), stem, "xlsx");
    name.trim_end_matches(".xlsx").to_owned()
}

fn fault(error: impl std::fmt::Display) -> Fault {
    Fault::Asset { name: "workbook", what: error.to_string() }
}
