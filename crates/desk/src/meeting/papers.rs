//! 打印 — minutes and sign-in sheet as the real pages, and as files in the papers folder. What still lacks something
//! is printed all the same, and says 草稿 on every page.

use lianhu_ledger::View;
use lianhu_ledger::dates::Month;
use lianhu_ledger::records::Meeting;
use lianhu_ledger::text::{Lang, say};
use lianhu_report::document::Document;
use lianhu_report::papers;
use serde::Deserialize;
use ts_rs::TS;
use uuid::Uuid;

use super::{minutes, standing};
use crate::desk::Desk;
use crate::files;
use crate::jobs::JobNo;
use crate::papers::put_down;
use crate::preview::Preview;
use crate::problem::Result;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum MeetingPaper {
    Minutes,
    SignIn,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum MeetingFormat {
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
    pub format: Option<MeetingFormat>,
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

/// Begins; `paper_written` tells where the file lies.
pub fn print(desk: &Desk, ask: WhichPaper) -> Result<JobNo> {
    let word = ask.format == Some(MeetingFormat::Docx);
    Ok(desk.begin(move |desk, job| put_down(desk, job, word, || paper(desk, ask))))
}
