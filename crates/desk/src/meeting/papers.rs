//! 打印 — minutes and sign-in sheet as the real pages, and as files in the papers folder. What still lacks something
//! is printed all the same, and says 草稿 on every page.

use lianhu_ledger::View;
use lianhu_ledger::dates::Month;
use lianhu_ledger::records::Meeting;
use lianhu_ledger::text::{Lang, say};
use lianhu_report::document::Document;
use lianhu_report::{PdfOptions, docx, papers, pdf};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

use super::{minutes, standing};
use crate::desk::Desk;
use crate::files;
use crate::jobs::{Job, JobNo};
use crate::preview::{Preview, paper_fault};
use crate::problem::Result;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum MeetingPaper {
    Minutes,
    SignIn,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PaperFormat {
    Pdf,
    Docx,
}

#[derive(Clone, Copy, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct WhichPaper {
    pub id: Uuid,
    pub paper: MeetingPaper,
    /// What it is written as; of no matter to a preview.
    #[serde(default)]
    #[ts(optional)]
    pub format: Option<PaperFormat>,
}

/// A paper that was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct PaperFile {
    pub path: String,
    /// Characters that no font here has; each is printed as 〓.
    pub missing: String,
}

pub(super) fn month_is_closed(view: View<'_>, meeting: &Meeting) -> Result<bool> {
    Ok(view.report(Month::of(meeting.on))?.is_some())
}

/// The paper, and what its file is called.
fn paper(desk: &Desk, ask: WhichPaper) -> Result<(String, Document)> {
    let made_at = desk.machine().china_time();
    desk.read(|ledger| {
        let view = ledger.view();
        let meeting = standing(view, ask.id)?;
        let (word, mut document) = match ask.paper {
            MeetingPaper::Minutes => ("paper.minutes", papers::minutes(view, &meeting, made_at)?.document()),
            MeetingPaper::SignIn => ("paper.sign_in", papers::sign_in(view, &meeting, made_at)?.document()),
        };
        let unfinished = ask.paper == MeetingPaper::Minutes && meeting.sealed_on.is_none();
        if unfinished && !minutes::lacks(view, &meeting)?.is_empty() {
            let draft = say(Lang::ZhCn, "paper.draft", &[]);
            document.watermark =
                Some(document.watermark.map_or_else(|| draft.clone(), |mark| format!("{mark} {draft}")));
        }
        let word = say(Lang::ZhCn, word, &[]);
        Ok((files::safe_name(&format!("{}{}{word}", meeting.on, meeting.meeting_kind.label())), document))
    })
}

pub fn preview(desk: &Desk, ask: WhichPaper) -> Result<Preview> {
    let (_, document) = paper(desk, ask)?;
    desk.preview(&document)
}

pub fn print(desk: &Desk, ask: WhichPaper) -> Result<JobNo> {
    Ok(desk.begin(move |desk: &Desk, job: &Job| write(desk, job, ask)))
}

fn write(desk: &Desk, job: &Job, ask: WhichPaper) -> Result<PaperFile> {
    job.at("laying_out", 0, 2)?;
    let (stem, document) = paper(desk, ask)?;
    let (ending, bytes, missing) = match ask.format.unwrap_or(PaperFormat::Pdf) {
        PaperFormat::Docx => ("docx", docx(&document).map_err(paper_fault)?, String::new()),
        PaperFormat::Pdf => {
            let made = pdf(&document, &PdfOptions::default()).map_err(paper_fault)?;
            ("pdf", made.bytes, made.missing.into_iter().collect())
        }
    };
    job.at("writing", 1, 2)?;
    let folder = desk.papers();
    // A copy that somebody has already written into is not written over.
    let path = files::write(&folder, &files::free_name(&folder, &stem, ending), &bytes)?;
    Ok(PaperFile { path: path.display().to_string(), missing })
}

pub fn printed(desk: &Desk, job: JobNo) -> Result<PaperFile> {
    desk.result(job)
}
