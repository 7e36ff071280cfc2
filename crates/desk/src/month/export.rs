//! 导出 — the report as files. All of them are made before the first is written: stopping leaves nothing half done.

use lianhu_ledger::dates::Month;
use lianhu_report::document::Document;
use lianhu_report::figures::Figures;
use lianhu_report::monthly::{self, Details};
use lianhu_report::table::Table;
use lianhu_report::{docx, xlsx};
use serde::Deserialize;
use ts_rs::TS;

use super::changed;
use super::paper::{self, MonthPaper, Readers, file_stem};
use crate::desk::Desk;
use crate::jobs::{Job, JobNo};
use crate::papers::{Papers, Sheaf, pdf_bytes};
use crate::preview::paper_fault;
use crate::problem::Result;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    Docx,
    Xlsx,
    Pdf,
}

#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ExportMonth {
    #[ts(type = "string")]
    pub month: Month,
    #[serde(default)]
    pub readers: Readers,
    pub formats: Vec<Format>,
    /// 原始明细 in the spreadsheet, numbers masked. They name households: the township's copy alone can have them.
    #[serde(default)]
    pub details: bool,
}

/// Writes the files beside the other papers; `paper_written` tells which.
pub fn export(desk: &Desk, ask: ExportMonth) -> Result<JobNo> {
    Ok(desk.begin(move |desk, job| write(desk, job, &ask)))
}

pub(super) fn write(desk: &Desk, job: &Job, ask: &ExportMonth) -> Result<Papers> {
    let steps = ask.formats.len() as u32 + 1;
    job.at("reading", 0, steps)?;
    let content = gather(desk, ask)?;
    let mut sheaf = Sheaf::default();
    for (n, format) in ask.formats.iter().enumerate() {
        job.at(format.step(), n as u32, steps)?;
        content.add(&mut sheaf, *format)?;
    }
    job.at("writing", steps - 1, steps)?;
    let papers = sheaf.write(&desk.papers())?;
    changed::keep(desk, &content.figures)?;
    Ok(papers)
}

struct Content {
    stem: String,
    figures: Figures,
    document: Document,
    details: Vec<Table>,
}

fn gather(desk: &Desk, ask: &ExportMonth) -> Result<Content> {
    let author = desk.author()?;
    desk.read(|ledger| {
        let (figures, document) =
            paper::make(desk, ledger, &author, MonthPaper { month: ask.month, readers: ask.readers })?;
        let named = ask.details && ask.readers == Readers::Township;
        let details = monthly::details(ledger.view(), &figures, if named { Details::Masked } else { Details::None })?;
        let stem = match ask.readers {
            Readers::Township => file_stem(&figures),
            Readers::Village => format!("{}（村内公开）", file_stem(&figures)),
        };
        Ok(Content { stem, figures, document, details })
    })
}

impl Content {
    fn add(&self, sheaf: &mut Sheaf, format: Format) -> Result<()> {
        let bytes = match format {
            Format::Docx => docx(&self.document).map_err(paper_fault)?,
            Format::Xlsx => xlsx(&self.document, &self.details).map_err(paper_fault)?,
            Format::Pdf => pdf_bytes(&self.document, sheaf)?,
        };
        sheaf.add(&self.stem, format.step(), bytes);
        Ok(())
    }
}

impl Format {
    /// The ending of its file's name, and what a job says while it is made.
    fn step(self) -> &'static str {
        match self {
            Format::Docx => "docx",
            Format::Xlsx => "xlsx",
            Format::Pdf => "pdf",
        }
    }
}
