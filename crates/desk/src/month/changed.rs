//! 从上次导出后有几处变化 — the figures as they stood on the paper that was exported last. Kept beside the drafts, on this
//! computer: it is about this computer's files and no fact of the village.

use std::collections::BTreeMap;
use std::path::PathBuf;

use lianhu_ledger::dates::{Date, Month};
use lianhu_report::figures::{self, Figures};
use lianhu_report::lines::{Line, Rate, Section, State, lines};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::desk::Desk;
use crate::files;
use crate::problem::Result;

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct Exported {
    pub on: Date,
    pub changes: Vec<Change>,
    /// No number differs, but a list or a text does.
    pub other: bool,
}

/// A figure that differs from the paper. None: it does not stand there.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct Change {
    pub figure: String,
    pub section: Section,
    pub code: String,
    pub part: Option<String>,
    pub called: Option<String>,
    pub was: Option<Stood>,
    pub now: Option<Stood>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Stood {
    pub state: State,
    pub rate: Option<Rate>,
}

/// What is kept of an export.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Last {
    on: Date,
    figures: BTreeMap<String, Printed>,
    whole: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Printed {
    section: Section,
    code: String,
    part: Option<String>,
    called: Option<String>,
    stood: Stood,
}

pub(super) fn last(desk: &Desk, month: Month) -> Result<Option<Last>> {
    let bytes = std::fs::read(folder(desk)?.join(name(month))).ok();
    // A damaged file, or one of another release: then nobody knows what was exported.
    Ok(bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()))
}

pub(super) fn keep(desk: &Desk, figures: &Figures) -> Result<()> {
    let last = Last { on: desk.today(), figures: printed(figures), whole: whole(figures) };
    let text = serde_json::to_vec(&last).expect("figures are plain data");
    files::write(&folder(desk)?, &name(figures.month), &text).map(|_| ())
}

fn folder(desk: &Desk) -> Result<PathBuf> {
    let village = desk.read(|ledger| Ok(ledger.village()))?;
    Ok(desk.place().dir.join("exports").join(village.simple().to_string()))
}

fn name(month: Month) -> String {
    format!("{month}.json")
}

fn printed(figures: &Figures) -> BTreeMap<String, Printed> {
    let printed = |line: &Line<'_>| Printed {
        section: line.section,
        code: line.code.to_owned(),
        part: line.part.clone(),
        called: line.called.clone(),
        stood: Stood { state: line.state(), rate: line.rate() },
    };
    lines(figures).iter().map(|line| (line.key(), printed(line))).collect()
}

/// Stands for everything that the figures say: closing a month changes none of it, nor does another day.
fn whole(figures: &Figures) -> String {
    let mut plain = figures::for_freezing(figures.clone(), figures.month.first());
    plain.closed_on = None;
    plain.as_of = figures.month.first();
    plain.check_code()
}

impl Last {
    pub fn against(self, now: &Figures) -> Exported {
        let mut standing = printed(now);
        let mut changes: Vec<Change> = Vec::new();
        for (figure, was) in self.figures {
            let stands = standing.remove(&figure);
            if stands.as_ref() != Some(&was) {
                changes.push(change(figure, Some(was), stands));
            }
        }
        changes.extend(standing.into_iter().map(|(figure, now)| change(figure, None, Some(now))));
        let order: Vec<String> = lines(now).iter().map(|line| line.key()).collect();
        changes.sort_by_key(|change| order.iter().position(|key| *key == change.figure).unwrap_or(usize::MAX));
        Exported { on: self.on, other: changes.is_empty() && self.whole != whole(now), changes }
    }
}

fn change(figure: String, was: Option<Printed>, now: Option<Printed>) -> Change {
    let named = now.clone().or_else(|| was.clone()).expect("a change has two sides, and one of them stands");
    let stood = |side: Option<Printed>| side.map(|printed| printed.stood);
    let Printed { section, code, part, called, .. } = named;
    Change { figure, section, code, part, called, was: stood(was), now: stood(now) }
}
