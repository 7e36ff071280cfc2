//! 一村的一个月 — every figure of a village's month as its own window shows it, and the records behind each.

use lianhu_ledger::dates::{Date, Month};
use lianhu_ledger::record::Record;
use lianhu_ledger::records::{MonthPlan, ReportAnswer, ReportAnswerId};
use lianhu_ledger::{BatchRef, Change, Ledger, Result};
use lianhu_report::behind::{MonthRecords, behind};
use lianhu_report::figures;
use lianhu_report::lines::{self, Numbers, Row};
use serde::Serialize;
use uuid::Uuid;

use super::Reader;
use super::summary::{Handed, Stage, handed};
use crate::town::Village;

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct VillageMonth {
    pub code: String,
    pub name: String,
    pub month: Month,
    pub as_of: Date,
    pub report: Handed,
    pub stars: Option<Stage>,
    pub rows: Vec<Row>,
    pub rules: Numbers,
    /// 存在问题与下月安排, as the village wrote it.
    pub plans: Vec<String>,
    /// The ledger holds the fictional sample.
    pub sample: bool,
}

pub fn look(reader: Reader<'_>, village: &Village, id: Uuid, month: Month) -> Result<VillageMonth> {
    reader.ask(id, |ledger| {
        let view = ledger.view();
        let now = figures::figures(view, month, view.today)?;
        let plan = view.select::<MonthPlan>("month = ?1", [month.to_string()])?.pop();
        let stars = now.stars.cycle.clone().map(|cycle| Stage { cycle, stage: now.stars.stage.clone() });
        Ok(VillageMonth {
            code: village.code.clone(),
            name: village.name.clone(),
            month,
            as_of: now.as_of,
            report: handed(view, month)?,
            stars,
            rows: lines::rows(view, &now)?,
            rules: lines::numbers(&now)?,
            plans: plan.map(|plan| plan.items.0).unwrap_or_default(),
            sample: now.sample,
        })
    })
}

/// The records behind a figure; `None` when the month has no such figure.
pub fn records(reader: Reader<'_>, village: Uuid, month: Month, figure: &str) -> Result<Option<MonthRecords>> {
    reader.ask(village, |ledger| {
        let view = ledger.view();
        let figures = figures::figures(view, month, view.today)?;
        behind(view, &figures, figure)
    })
}

/// What the township says to a closing.
pub struct Word {
    pub month: Month,
    /// Which closing it has seen: another one is not answered unseen.
    pub check_code: String,
    /// Why it goes back; none accepts it.
    pub reason: Option<String>,
}

/// The change by which the township's chain says so; `None` when this closing does not stand any more.
pub fn answering(reader: Reader<'_>, village: Uuid, word: &Word) -> Result<Option<Change>> {
    reader.ask(village, |ledger| {
        let report = ledger.view().report(word.month)?;
        if report.is_none_or(|report| report.check_code != word.check_code) {
            return Ok(None);
        }
        let id = ledger.only_one(ReportAnswer::KIND, &[&word.month, &word.check_code]);
        let answer = ReportAnswer {
            id: ReportAnswerId(id),
            month: word.month,
            check_code: word.check_code.clone(),
            accepted: word.reason.is_none(),
            reason: word.reason.clone(),
            on: ledger.today(),
            note: None,
            gone: None,
        };
        Ok(Some(answer.change(&said_before(reader, ledger, id)?)))
    })
}

/// Where the township spoke of this closing last: what it says now stands on that.
fn said_before(reader: Reader<'_>, ledger: &Ledger, answer: Uuid) -> Result<Vec<BatchRef>> {
    let root = reader.town.root().device;
    let mut last = None;
    for (chain, head) in ledger.heads()?.into_iter().filter(|(chain, _)| chain.device == root) {
        let own = ledger.span(chain, 1, head.seq)?;
        last = own.iter().rev().find(|b| b.changes.iter().any(|c| c.id == answer)).map(|b| b.at).or(last);
    }
    Ok(last.into_iter().collect())
}
