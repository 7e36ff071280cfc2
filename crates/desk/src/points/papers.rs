//! 积分公示 as real pages and as a file.

use lianhu_ledger::dates::Date;
use lianhu_ledger::records::Village;
use lianhu_ledger::text::{Lang, say};
use lianhu_report::document::Document;
use lianhu_report::points_notice::{Household, PointsNotice};
use serde::Deserialize;
use ts_rs::TS;
use uuid::Uuid;

use crate::desk::Desk;
use crate::files;
use crate::jobs::JobNo;
use crate::papers::put_down;
use crate::preview::Preview;
use crate::problem::Result;

use super::page::rows;

#[derive(Clone, Copy, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct WhichPointsPaper {
    pub year: i32,
    /// One group only.
    #[serde(default)]
    #[ts(optional)]
    pub group: Option<Uuid>,
    /// Days on the board; a place to write them in while one is not known.
    #[serde(default)]
    #[ts(optional)]
    pub from: Option<Date>,
    #[serde(default)]
    #[ts(optional)]
    pub until: Option<Date>,
    /// As Word; else as PDF. Of no matter to a preview.
    #[serde(default)]
    pub word: bool,
}

pub fn pages(desk: &Desk, ask: WhichPointsPaper) -> Result<Preview> {
    let (_, document) = make(desk, ask)?;
    desk.preview(&document)
}

/// Begins; `paper_written` tells where the file lies.
pub fn print(desk: &Desk, ask: WhichPointsPaper) -> Result<JobNo> {
    Ok(desk.begin(move |desk, job| put_down(desk, job, ask.word, || make(desk, ask))))
}

pub(super) fn make(desk: &Desk, ask: WhichPointsPaper) -> Result<(String, Document)> {
    let made_at = desk.machine().china_time();
    desk.read(|ledger| {
        let view = ledger.view();
        let village = view.all::<Village>()?.into_iter().next().map(|v| v.name).unwrap_or_default();
        let rows = rows(view, &view.points_in(ask.year)?)?;
        let own = rows.into_iter().filter(|row| ask.group.is_none() || row.group == ask.group);
        let named = own.map(|row| Household {
            group: row.group_name.unwrap_or_default(),
            head: row.head.unwrap_or_default(),
            points: row.scored.into(),
        });
        let notice = PointsNotice {
            year: ask.year,
            households: named.collect(),
            posted: ask.from.zip(ask.until).filter(|(from, until)| from <= until),
            watermark: lianhu_report::papers::watermark_of(view)?,
            village,
            made_at,
        };
        let stem = format!("{}{}年度{}", notice.village, ask.year, say(Lang::ZhCn, "paper.points_notice", &[]));
        Ok((files::safe_name(&stem), notice.document()))
    })
}
