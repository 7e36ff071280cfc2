//! 打印年度记实 — of one member, or of everybody on the roll, a page each.

use lianhu_ledger::dates::Date;
use lianhu_ledger::records::{PartyMember, Village};
use lianhu_ledger::text::{Lang, say};
use lianhu_report::document::Document;
use lianhu_report::year::{MemberYearPaper, YearBook};
use serde::Deserialize;
use ts_rs::TS;
use uuid::Uuid;

use super::list::{WhichYear, last_day};
use super::standing;
use crate::desk::Desk;
use crate::files;
use crate::jobs::JobNo;
use crate::papers::put_down;
use crate::preview::Preview;
use crate::problem::Result;

#[derive(Clone, Copy, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct MemberPapers {
    #[serde(default)]
    #[ts(optional)]
    pub year: Option<i32>,
    /// Everybody, when nobody is named.
    #[serde(default)]
    #[ts(optional)]
    pub id: Option<Uuid>,
    /// As Word; else as PDF. Of no matter to a preview.
    #[serde(default)]
    pub word: bool,
}

pub fn pages(desk: &Desk, ask: MemberPapers) -> Result<Preview> {
    let (_, document) = make(desk, ask)?;
    desk.preview(&document)
}

/// Begins; `paper_written` tells where the file lies.
pub fn print(desk: &Desk, ask: MemberPapers) -> Result<JobNo> {
    Ok(desk.begin(move |desk, job| put_down(desk, job, ask.word, || make(desk, ask))))
}

fn make(desk: &Desk, ask: MemberPapers) -> Result<(String, Document)> {
    let made_at = desk.machine().china_time();
    desk.read(|ledger| {
        let view = ledger.view();
        let year = WhichYear { year: ask.year }.or_this(view.today);
        let book = YearBook::read(view, year, view.today)?;
        let members = match ask.id {
            Some(id) => vec![standing(view, id)?],
            None => on_roll(view.all()?, last_day(year, view.today)),
        };
        let village = view.all::<Village>()?.into_iter().next().map(|v| v.name).unwrap_or_default();
        let years = members.iter().map(|m| book.of(m)).collect::<Result<Vec<_>, _>>()?;
        let one = years.first().filter(|_| ask.id.is_some()).map(|y| y.name.clone()).unwrap_or_default();
        let paper = MemberYearPaper {
            village,
            year,
            members: years,
            watermark: lianhu_report::papers::watermark_of(view)?,
            made_at,
        };
        let word = say(Lang::ZhCn, "paper.member_year", &[]);
        Ok((files::safe_name(&format!("{year}{word}{one}")), paper.document()))
    })
}

fn on_roll(members: Vec<PartyMember>, day: Date) -> Vec<PartyMember> {
    use lianhu_ledger::records::party_member::by_number;
    let mut members: Vec<PartyMember> = members.into_iter().filter(|m| m.stands_on(day)).collect();
    members.sort_by_key(|m| (m.cell.is_none(), m.cell.as_deref().map(by_number), m.id));
    members
}
