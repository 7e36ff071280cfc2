//! 年度工作总结 — the year on paper, made from what was typed once.

use lianhu_ledger::records::Village;
use lianhu_ledger::text::{Lang, say};
use lianhu_report::document::Document;
use lianhu_report::year::{YearPaper, year_figures};
use serde::Deserialize;
use ts_rs::TS;

use crate::desk::Desk;
use crate::files;
use crate::jobs::JobNo;
use crate::member::WhichYear;
use crate::papers::put_down;
use crate::preview::Preview;
use crate::problem::Result;

#[derive(Clone, Copy, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct YearSummary {
    #[serde(default)]
    #[ts(optional)]
    pub year: Option<i32>,
    /// As Word; else as PDF. Of no matter to a preview.
    #[serde(default)]
    pub word: bool,
}

pub fn pages(desk: &Desk, ask: YearSummary) -> Result<Preview> {
    let (_, document) = make(desk, ask)?;
    desk.preview(&document)
}

/// Begins; `paper_written` tells where the file lies.
pub fn print(desk: &Desk, ask: YearSummary) -> Result<JobNo> {
    Ok(desk.begin(move |desk, job| put_down(desk, job, ask.word, || make(desk, ask))))
}

fn make(desk: &Desk, ask: YearSummary) -> Result<(String, Document)> {
    let made_at = desk.machine().china_time();
    desk.read(|ledger| {
        let view = ledger.view();
        let year = WhichYear { year: ask.year }.or_this(view.today);
        let village = view.all::<Village>()?.into_iter().next();
        let paper = YearPaper {
            village: village.as_ref().map(|v| v.name.clone()).unwrap_or_default(),
            township: village.and_then(|v| v.township),
            figures: year_figures(view, year, view.today)?,
            watermark: lianhu_report::papers::watermark_of(view)?,
            made_at,
        };
        let name = format!("{}{year}{}", paper.village, say(Lang::ZhCn, "paper.year", &[]));
        Ok((files::safe_name(&name), paper.document()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    /// The sample's own counts (truth.json), and no name of anybody.
    #[test]
    fn the_sample_year_says_what_is_in_the_ledgers_and_names_nobody() {
        let (desk, _dir) = testing::sample();
        let (_, document) = make(&desk, YearSummary { year: None, word: false }).unwrap();
        let said = serde_json::to_string(&document).unwrap();
        for words in ["党员46名", "五星37户、四星290户、三星435户、二星31户、一星9户，未评24户", "民主评议党员：未填报"]
        {
            assert!(said.contains(words), "{words}: {said}");
        }
        let names = desk.read(|l| l.view().names()).unwrap();
        let named: Vec<&String> =
            names.values().filter(|n| n.chars().count() > 2 && said.contains(n.as_str())).collect();
        assert!(named.is_empty(), "{named:?}");
    }
}
