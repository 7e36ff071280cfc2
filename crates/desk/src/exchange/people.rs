//! 等着同意的电脑 — the secretary sees which computers wait to come into the village, and says yes to the one whose screen
//! shows the same six digits.

use std::time::Duration;

use lianhu_sync::client::{Failed, Line, Trouble, World, belonging, consent};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

use super::talk::{Hand, pause};
use crate::desk::Desk;
use crate::jobs::{Job, JobNo};
use crate::problem::Result;

#[derive(Clone, Copy, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct AskPeople {
    /// The one that may come in; none only asks who waits.
    #[serde(default)]
    #[ts(optional)]
    pub yes: Option<Uuid>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, TS)]
pub struct WaitingPeople {
    /// A word of the catalogue (`trouble.…`).
    pub trouble: Option<String>,
    pub people: Vec<WaitingPerson>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct WaitingPerson {
    pub device: Uuid,
    pub who: String,
    pub role: String,
    /// The six digits that its own screen shows too.
    pub short: String,
}

pub fn ask(desk: &Desk, ask: AskPeople) -> Result<JobNo> {
    Ok(desk.begin(move |desk, job| match asked(desk, job, ask.yes) {
        Ok(people) => Ok(WaitingPeople { trouble: None, people }),
        Err(Failed::Ledger(error)) => Err(error),
        Err(Failed::Trouble(trouble)) => {
            Ok(WaitingPeople { trouble: Some(trouble.name().to_owned()), people: Vec::new() })
        }
    }))
}

fn asked(desk: &Desk, job: &Job, yes: Option<Uuid>) -> Result<Vec<WaitingPerson>, Failed> {
    job.at("connecting", 0, 0)?;
    let about = desk.read(belonging)?.ok_or(Trouble::NotEnrolled)?;
    let line = Line::of(&about)?;
    let stop = std::cell::Cell::new(false);
    let mut hand = Hand::of(desk, &stop)?;
    let mut machine = desk.machine();
    let mut wait = |wait: Duration| pause(wait, || job.is_stopped());
    let waiting = consent(&mut hand, &line, yes, &mut World { edge: &mut machine, pause: &mut wait })?;
    if yes.is_some() {
        // What the newcomer may write is in the roster now: it is fetched at once.
        desk.exchange().wake();
    }
    let told = waiting.into_iter().map(|one| WaitingPerson {
        device: one.device,
        who: one.who,
        role: one.role,
        short: one.short,
    });
    Ok(told.collect())
}

pub fn waiting(desk: &Desk, job: JobNo) -> Result<WaitingPeople> {
    desk.result(job)
}
