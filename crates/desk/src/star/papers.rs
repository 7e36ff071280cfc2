//! 纸面 — the papers of a cycle as real pages and as files.

use std::collections::HashMap;

use lianhu_ledger::View;
use lianhu_ledger::records::star_cycle::StarCriteria;
use lianhu_ledger::records::step::Case;
use lianhu_ledger::records::{Group, GroupId, Household, HouseholdId, StarCycleId, Village};
use lianhu_ledger::text::{Lang, say};
use lianhu_report::document::Document;
use lianhu_report::star_papers::{Criterion, Household as Named, Stars};
use serde::Deserialize;
use ts_rs::TS;
use uuid::Uuid;

use crate::desk::Desk;
use crate::files;
use crate::jobs::JobNo;
use crate::papers::put_down;
use crate::preview::Preview;
use crate::problem::Result;

use super::page::{shipped_criteria, standing};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum StarPaper {
    /// 申报表.
    Application,
    /// 评议记票表.
    Tally,
    /// 公示表.
    Notice,
    /// 挂牌名单.
    Plaques,
    /// 五星户证书.
    Certificates,
}

#[derive(Clone, Copy, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct WhichStarPaper {
    pub id: Uuid,
    pub paper: StarPaper,
    /// One group only.
    #[serde(default)]
    #[ts(optional)]
    pub group: Option<Uuid>,
    /// As Word; else as PDF. Of no matter to a preview.
    #[serde(default)]
    pub word: bool,
}

/// What a certificate is given for.
const FIVE: u32 = 5;

pub fn pages(desk: &Desk, ask: WhichStarPaper) -> Result<Preview> {
    let (_, document) = make(desk, ask)?;
    desk.preview(&document)
}

/// Begins; `paper_written` tells where the file lies.
pub fn print(desk: &Desk, ask: WhichStarPaper) -> Result<JobNo> {
    Ok(desk.begin(move |desk, job| put_down(desk, job, ask.word, || make(desk, ask))))
}

fn make(desk: &Desk, ask: WhichStarPaper) -> Result<(String, Document)> {
    let made_at = desk.machine().china_time();
    let stars = desk.read(|ledger| gather(ledger.view(), ask, made_at))?;
    let (word, document) = match ask.paper {
        StarPaper::Application => ("paper.star_application", stars.application()),
        StarPaper::Tally => ("paper.star_tally", stars.tally_sheet()),
        StarPaper::Notice => ("paper.star_notice", stars.notice()),
        StarPaper::Plaques => ("paper.star_plaques", stars.plaques()),
        StarPaper::Certificates => ("paper.star_certificates", stars.certificates(FIVE)),
    };
    let word = say(Lang::ZhCn, word, &[]);
    Ok((files::safe_name(&format!("{}{}五星文明户{word}", stars.village, stars.cycle)), document))
}

fn gather(view: View<'_>, ask: WhichStarPaper, made_at: chrono::NaiveDateTime) -> Result<Stars> {
    let id = StarCycleId(ask.id);
    let cycle = standing(view, id)?;
    let village = view.all::<Village>()?.into_iter().next();
    let notice = view.steps(Case::Cycle(id))?.into_iter().find(|step| step.step == "notice");
    let posted = notice.and_then(|step| step.posted_from.zip(step.posted_until));
    let criteria = cycle.criteria.clone().unwrap_or_else(shipped_criteria);
    Ok(Stars {
        village: village.as_ref().map(|v| v.name.clone()).unwrap_or_default(),
        households: households(view, id, ask.group)?,
        criteria: criterion_names(&criteria),
        vetoes: criteria.vetoes,
        posted: posted.or(cycle.notice_from.zip(cycle.notice_until)),
        decided_on: cycle.decided_on,
        watermark: lianhu_report::papers::watermark_of(view)?,
        cycle: cycle.name,
        made_at,
    })
}

fn criterion_names(criteria: &StarCriteria) -> Vec<Criterion> {
    let named = |star: &str| {
        let text = lianhu_ledger::procedure::star_text().criteria.iter().find(|c| c.star == star);
        text.map_or_else(|| star.to_owned(), |c| c.zh.clone())
    };
    criteria.stars.iter().map(|c| Criterion { name: named(&c.star), asks: c.asks.clone() }).collect()
}

fn households(view: View<'_>, id: StarCycleId, group: Option<Uuid>) -> Result<Vec<Named>> {
    let names = view.names()?;
    let stars: HashMap<HouseholdId, u32> =
        view.ratings(id)?.into_iter().filter_map(|r| Some((r.household, r.stars?))).collect();
    let groups: HashMap<GroupId, Group> = view.all::<Group>()?.into_iter().map(|g| (g.id, g)).collect();
    let mut households: Vec<Household> = view.all()?;
    households.retain(|h| h.stands_on(view.today) && group.is_none_or(|group| h.group == Some(GroupId(group))));
    households.sort_by_key(|h| {
        let group = h.group.and_then(|g| groups.get(&g)).and_then(|g| g.number);
        (group.unwrap_or(u32::MAX), h.number.unwrap_or(u32::MAX), h.id)
    });
    let named = households.into_iter().map(|h| Named {
        group: h.group.and_then(|g| groups.get(&g)).map(|g| g.name.clone()).unwrap_or_default(),
        head: h.head.and_then(|person| names.get(&person).cloned()).unwrap_or_default(),
        stars: stars.get(&h.id).copied().unwrap_or(0),
    });
    Ok(named.collect())
}
