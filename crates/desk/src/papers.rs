//! 打印空白表 — papers to be filled by hand: the visit sheet, the sign-in sheet. And what all papers share: they are made
//! first and written together, under names a person can read.

use std::path::{Path, PathBuf};

use lianhu_ledger::dates::{Date, Month};
use lianhu_ledger::records::PersonId;
use lianhu_report::document::Document;
use lianhu_report::{PdfOptions, docx, papers, pdf};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

use crate::desk::Desk;
use crate::files;
use crate::jobs::{Job, JobNo};
use crate::preview::{Preview, paper_fault};
use crate::problem::Result;

/// A paper to be filled by hand.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum BlankPaper {
    /// 走访登记表: the households paired with one visitor, or all paired ones.
    Visits {
        #[ts(type = "string")]
        month: Month,
        #[serde(default)]
        #[ts(optional)]
        visitor: Option<Uuid>,
    },
    /// 签到表 for a mass meeting on a day.
    SignIn {
        on: Date,
        #[serde(default)]
        #[ts(optional)]
        place: Option<String>,
    },
}

/// Files that were written, in the order in which they were asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct Papers {
    pub folder: String,
    pub files: Vec<PaperFile>,
    /// Characters that no font here has; the PDF shows 〓 in their place.
    pub missing: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct PaperFile {
    pub name: String,
    pub path: String,
}

/// Makes the PDF and puts it with the other papers; `paper_written` tells where.
pub fn write(desk: &Desk, ask: BlankPaper) -> Result<JobNo> {
    Ok(desk.begin(move |desk, job| {
        job.at("reading", 0, 3)?;
        let (stem, document) = make(desk, &ask)?;
        job.at("pdf", 1, 3)?;
        let mut sheaf = Sheaf::default();
        let bytes = pdf_bytes(&document, &mut sheaf)?;
        sheaf.add(&stem, "pdf", bytes);
        job.at("writing", 2, 3)?;
        sheaf.write(&desk.papers())
    }))
}

/// Makes one paper and puts it with the others: as a PDF, or as a Word file under a name that is free, since a copy that
/// somebody has already written into is not written over.
pub(crate) fn put_down(
    desk: &Desk,
    job: &Job,
    word: bool,
    make: impl FnOnce() -> Result<(String, Document)>,
) -> Result<Papers> {
    job.at("laying_out", 0, 2)?;
    let (stem, document) = make()?;
    let folder = desk.papers();
    let mut sheaf = Sheaf::default();
    if word {
        let name = files::free_name(&folder, &stem, "docx");
        sheaf.add(name.trim_end_matches(".docx"), "docx", docx(&document).map_err(paper_fault)?);
    } else {
        let bytes = pdf_bytes(&document, &mut sheaf)?;
        sheaf.add(&stem, "pdf", bytes);
    }
    job.at("writing", 1, 2)?;
    sheaf.write(&folder)
}

/// The files of a job that wrote some, once.
pub fn written(desk: &Desk, job: JobNo) -> Result<Papers> {
    desk.result(job)
}

pub fn pages(desk: &Desk, ask: BlankPaper) -> Result<Preview> {
    let (_, document) = make(desk, &ask)?;
    desk.preview(&document)
}

fn make(desk: &Desk, ask: &BlankPaper) -> Result<(String, Document)> {
    let made_at = desk.machine().china_time();
    desk.read(|ledger| {
        let view = ledger.view();
        Ok(match ask {
            BlankPaper::Visits { month, visitor } => {
                let sheet = papers::visit_sheet(view, *month, visitor.map(PersonId), made_at)?;
                let whose = sheet.visitor.as_ref().map(|name| format!("（{name}）")).unwrap_or_default();
                (files::safe_name(&format!("{month}走访登记表{whose}")), sheet.document())
            }
            BlankPaper::SignIn { on, place } => {
                let place = place.as_deref().map(str::trim).filter(|place| !place.is_empty()).map(str::to_owned);
                let sheet = papers::sign_in_for(view, *on, place, made_at)?;
                (files::safe_name(&format!("{on}{}签到表", sheet.meeting)), sheet.document())
            }
        })
    })
}

/// Papers that are made and not yet written.
#[derive(Default)]
pub(crate) struct Sheaf {
    files: Vec<(String, Vec<u8>)>,
    missing: Vec<char>,
}

impl Sheaf {
    pub fn add(&mut self, stem: &str, ending: &str, bytes: Vec<u8>) {
        self.files.push((format!("{stem}.{ending}"), bytes));
    }

    pub fn write(self, folder: &Path) -> Result<Papers> {
        let mut written = Vec::new();
        for (name, bytes) in self.files {
            let path: PathBuf = files::write(folder, &name, &bytes)?;
            written.push(PaperFile { name, path: path.display().to_string() });
        }
        let missing = self.missing.into_iter().collect();
        Ok(Papers { folder: folder.display().to_string(), files: written, missing })
    }
}

pub(crate) fn pdf_bytes(document: &Document, sheaf: &mut Sheaf) -> Result<Vec<u8>> {
    let made = pdf(document, &PdfOptions::default()).map_err(paper_fault)?;
    sheaf.missing.extend(made.missing);
    Ok(made.bytes)
}
