//! The report as a paper: for the township with the list of households nobody visited, or for the village without a
//! household's name.

use chrono::Datelike;
use lianhu_ledger::Ledger;
use lianhu_ledger::dates::Month;
use lianhu_report::document::Document;
use lianhu_report::figures::{self, Figures};
use lianhu_report::monthly::{self, Receipted};
use lianhu_report::papers;
use serde::Deserialize;
use ts_rs::TS;

use crate::desk::Desk;
use crate::files;
use crate::preview::Preview;
use crate::problem::Result;

/// Who will read it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Readers {
    /// 报镇: annex 3 names households.
    Township,
    /// 村内公开: no household is named.
    #[default]
    Village,
}

#[derive(Clone, Copy, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct MonthPaper {
    #[ts(type = "string")]
    pub month: Month,
    #[serde(default)]
    pub readers: Readers,
}

/// The pages as they will be printed.
pub fn pages(desk: &Desk, ask: MonthPaper) -> Result<Preview> {
    let author = desk.author()?;
    let (_, document) = desk.read(|ledger| make(desk, ledger, &author, ask))?;
    desk.preview(&document)
}

pub(super) fn make(desk: &Desk, ledger: &Ledger, author: &str, ask: MonthPaper) -> Result<(Figures, Document)> {
    let view = ledger.view();
    let figures = figures::figures(view, ask.month, view.today)?;
    let for_township = ask.readers == Readers::Township;
    let mut edition = papers::edition(view, &figures, author, for_township, desk.machine().china_time())?;
    edition.receipt = receipted(ledger)?;
    let document = monthly::document(&figures, &edition);
    Ok((figures, document))
}

/// The township's newest word about this ledger, to be printed under the report.
pub fn receipted(ledger: &Ledger) -> Result<Option<Receipted>> {
    let head = lianhu_sync::signed_head(ledger)?;
    Ok(head.map(|head| Receipted { no: head.no, check: head.check() }))
}

/// 禾坪村2026年10月工作月报, as a file is called.
pub fn file_stem(figures: &Figures) -> String {
    let month = figures.month.first();
    files::safe_name(&format!("{}{}年{:02}月工作月报", figures.village, month.year(), month.month()))
}
