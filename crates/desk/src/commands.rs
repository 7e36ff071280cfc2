//! Every command a screen can give, once: its name, what it asks and answers, the function, and the kinds of record
//! that its answer is made of (a write that touches one of them makes the screen ask again).

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use lianhu_ledger::{Code, Refusal};

use crate::desk::Desk;
use crate::problem::{Problem, Result};

/// `name(Ask) -> Answer = function, reads [kind …];` — `reads [all]` is asked again after any write, `reads []` never.
macro_rules! with_commands {
    ($then:ident) => {
        $then! {
            session_look(crate::session::Nothing) -> crate::session::Session = crate::session::look, reads [village];
            session_new(crate::session::NewVillage) -> () = crate::session::new, reads [];
            session_open(crate::session::OpenPath) -> () = crate::session::open, reads [];
            session_sample(crate::session::Nothing) -> crate::jobs::JobNo = crate::session::sample, reads [];

            settings_save(crate::settings::SetSettings) -> crate::settings::Settings = crate::settings::save, reads [];

            draft_put(crate::drafts::PutDraft) -> () = crate::drafts::put, reads [];
            draft_get(crate::drafts::DraftKey) -> Option<crate::drafts::FormDraft> = crate::drafts::get, reads [];
            draft_list(crate::session::Nothing) -> Vec<crate::drafts::FormDraft> = crate::drafts::list, reads [];
            draft_drop(crate::drafts::DraftKey) -> () = crate::drafts::drop, reads [];

            job_look(crate::jobs::JobNo) -> crate::jobs::Progress = crate::jobs::look, reads [];
            job_stop(crate::jobs::JobNo) -> () = crate::jobs::stop, reads [];

            month_list(crate::session::Nothing) -> crate::month::Months = crate::month::months, reads [visit meeting report];
            month_look(crate::month::WhichMonth) -> crate::month::MonthLook = crate::month::look, reads [all];
            month_records(crate::month::WhichFigure) -> crate::month::MonthRecords = crate::month::records, reads [all];
            month_pages(crate::month::MonthPaper) -> crate::preview::Preview = crate::month::pages, reads [all];
            month_export(crate::month::ExportMonth) -> crate::jobs::JobNo = crate::month::export, reads [];
            month_plan_save(crate::month::SavePlan) -> crate::desk::Done<()> = crate::month::save_plan, reads [];
            month_close(crate::month::CloseMonth) -> crate::desk::Done<String> = crate::month::close, reads [];

            paper_pages(crate::papers::BlankPaper) -> crate::preview::Preview = crate::papers::pages, reads [all];
            paper_write(crate::papers::BlankPaper) -> crate::jobs::JobNo = crate::papers::write, reads [];
            paper_written(crate::jobs::JobNo) -> crate::papers::Papers = crate::papers::written, reads [];

            page_image(crate::preview::WhichPage) -> crate::preview::PageImage = crate::preview::page, reads [];

            record_get(crate::records::WhichRecord) -> crate::records::RecordFields = crate::records::get, reads [all];
            record_list(crate::records::WhichKind) -> Vec<crate::records::RecordFields> = crate::records::list, reads [all];
            record_voided(crate::records::WhichKind) -> Vec<crate::records::RecordFields> = crate::records::voided, reads [all];
            record_save(crate::records::SaveRecord) -> crate::desk::Done<uuid::Uuid> = crate::records::save, reads [];
            record_void(crate::records::VoidRecord) -> crate::desk::Done<uuid::Uuid> = crate::records::void, reads [];
            record_restore(crate::records::WhichRecord) -> crate::desk::Done<uuid::Uuid> = crate::records::restore, reads [];

            history_list(crate::history::WhichHistory) -> Vec<crate::history::Step> = crate::history::list, reads [all];
            history_undo(crate::history::UndoStep) -> crate::desk::Done<crate::history::UndoneStep> = crate::history::undo, reads [];
            question_list(crate::session::Nothing) -> Vec<crate::history::OpenQuestion> = crate::history::questions, reads [all];
            question_settle(crate::history::SettleQuestion) -> crate::desk::Done<()> = crate::history::settle, reads [];

            find(crate::search::Find) -> Vec<crate::search::Found> = crate::search::find, reads [person household group];
        }
    };
}
pub(crate) use with_commands;

macro_rules! dispatch {
    ($($name:ident($Ask:ty) -> $Answer:ty = $f:path, reads [$($kind:ident)*];)*) => {
        fn dispatch(desk: &Desk, name: &str, ask: Json) -> Result<Json> {
            match name {
                $(stringify!($name) => answer::<$Answer>(&$f(desk, parse::<$Ask>(name, ask)?)?),)*
                unknown => Err(Refusal::new(Code::MalformedAsk).with("what", unknown).into()),
            }
        }
    };
}
with_commands!(dispatch);

fn parse<A: DeserializeOwned>(name: &str, ask: Json) -> Result<A, Refusal> {
    let malformed = |e: serde_json::Error| {
        tracing::warn!(name, line = e.line(), "a question that no screen asks");
        Refusal::new(Code::MalformedAsk).with("what", name)
    };
    serde_json::from_value(ask).map_err(malformed)
}

fn answer<A: Serialize>(answer: &A) -> Result<Json> {
    Ok(serde_json::to_value(answer).expect("answers are plain data"))
}

impl Desk {
    /// Does what a screen asks. A panic inside rolls its transaction back and is told under the number of its log line.
    pub fn call(&self, name: &str, ask: Json) -> Result<Json, Problem> {
        let worked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| dispatch(self, name, ask)));
        match worked {
            Ok(answered) => answered.map_err(Problem::from),
            Err(_) => Err(Problem::logged(&format!("{name} panicked"))),
        }
    }
}
