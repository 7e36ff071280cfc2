//! 打分 — scores of three stages: a row at a time, a whole group carried over, and what passing a stage brings about.

use std::collections::HashMap;

use lianhu_ledger::dates::Date;
use lianhu_ledger::records::star_score::{Aspects, Stage};
use lianhu_ledger::records::{HouseholdId, Rating, StarCycleId, StarScore};
use lianhu_ledger::{Draft, Fields, Record, View};
use serde::Deserialize;
use serde_json::{Value as Json, json};
use ts_rs::TS;
use uuid::Uuid;

use crate::desk::{Desk, Done};
use crate::problem::Result;
use crate::records::unchanged_since;

use super::page::{last_ratings, standing};

/// 致富、守法、美德、卫生、诚信.
pub(super) const STARS: [&str; 5] = ["wealth", "law", "virtue", "clean", "honest"];

/// What one household got.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct HouseholdScore {
    pub household: Uuid,
    /// 致富、守法、美德、卫生、诚信; none takes the score back.
    pub stars: Option<[bool; 5]>,
    /// Why it differs from the stage before.
    #[serde(default)]
    #[ts(optional)]
    pub why: Option<String>,
    /// What the grid had shown.
    pub seen: Option<[bool; 5]>,
}

#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SaveScores {
    pub cycle: Uuid,
    #[ts(type = "'self' | 'peer' | 'panel'")]
    pub stage: Stage,
    pub scores: Vec<HouseholdScore>,
    #[serde(default)]
    #[ts(optional)]
    pub correct: Option<String>,
}

pub fn save(desk: &Desk, ask: SaveScores) -> Result<Done<u32>> {
    desk.correct("star_score", ask.correct.as_deref(), |draft| {
        standing(draft.view(), StarCycleId(ask.cycle))?;
        for score in &ask.scores {
            let id = score_id(draft, ask.cycle, score.household, ask.stage);
            let seen = Fields::from([("stars".to_owned(), cell(score.seen))]);
            unchanged_since(draft, StarScore::KIND, id, Some(&seen))?;
            put(draft, ask.cycle, score.household, ask.stage, score.stars, Some(score.why.as_deref()))?;
        }
        Ok(ask.scores.len() as u32)
    })
}

/// What unscored households are filled from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Whence {
    /// What they had in the cycle before.
    LastCycle,
    /// What the stage before gave them.
    StageBefore,
}

#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct CarryScores {
    pub cycle: Uuid,
    #[ts(type = "'self' | 'peer' | 'panel'")]
    pub stage: Stage,
    pub from: Whence,
    /// One group only.
    #[serde(default)]
    #[ts(optional)]
    pub group: Option<Uuid>,
}

/// 其余照…: every household that has no score yet gets what it had before; none is written over.
pub fn carry(desk: &Desk, ask: CarryScores) -> Result<Done<u32>> {
    desk.edit("star_carry", |draft| {
        let (view, cycle) = (draft.view(), StarCycleId(ask.cycle));
        let source = source(view, cycle, ask.stage, ask.from)?;
        let scores = by_stage(view, cycle, ask.stage)?;
        let households: HashMap<HouseholdId, Option<Uuid>> = view
            .all::<lianhu_ledger::records::Household>()?
            .into_iter()
            .map(|household| (household.id, household.group.map(|group| group.0)))
            .collect();
        let mut filled = 0;
        for household in view.in_rating(cycle)? {
            let elsewhere = ask.group.is_some() && households.get(&household).copied().flatten() != ask.group;
            let Some(stars) = source.get(&household).copied().filter(|_| !elsewhere) else { continue };
            if scores.contains_key(&household) {
                continue;
            }
            put(draft, ask.cycle, household.0, ask.stage, Some(stars), None)?;
            filled += 1;
        }
        Ok(filled)
    })
}

fn source(view: View<'_>, cycle: StarCycleId, stage: Stage, from: Whence) -> Result<HashMap<HouseholdId, [bool; 5]>> {
    match (from, stage.before()) {
        (Whence::LastCycle, _) => last_ratings(view, &standing(view, cycle)?),
        (Whence::StageBefore, Some(before)) => by_stage(view, cycle, before),
        (Whence::StageBefore, None) => Ok(HashMap::new()),
    }
}

fn by_stage(view: View<'_>, cycle: StarCycleId, stage: Stage) -> Result<HashMap<HouseholdId, [bool; 5]>> {
    let scores = view.star_scores(cycle)?.into_iter().filter(|score| score.stage == stage);
    Ok(scores.filter_map(|score| Some((score.household, score.stars?.each()))).collect())
}

/// What follows from passing a step: 村评议会记票 makes the first decision (村级初定) of what the panel gave; 审定 dates the
/// cycle.
pub(crate) fn passed(draft: &mut Draft<'_>, cycle: StarCycleId, step: &str, on: Date) -> Result<()> {
    let view = draft.view();
    match step {
        "panel" => {
            let standing: HashMap<HouseholdId, Rating> =
                view.ratings(cycle)?.into_iter().map(|r| (r.household, r)).collect();
            let out = |r: &Rating| r.unrated_reason.is_some() || r.veto.is_some();
            for (household, stars) in by_stage(view, cycle, Stage::Panel)? {
                if !standing.get(&household).is_some_and(out) {
                    let mut fields = decided(Some(stars));
                    fields.insert("cycle".to_owned(), json!(cycle.0));
                    fields.insert("household".to_owned(), json!(household.0));
                    draft.create(Rating::KIND, fields)?;
                }
            }
            Ok(())
        }
        "approval" => draft.patch("star_cycle", cycle.0, [("decided_on".to_owned(), json!(on))].into()),
        _ => Ok(()),
    }
}

/// The fields of a rating that say which stars were granted.
pub(super) fn decided(stars: Option<[bool; 5]>) -> Fields {
    let each = STARS.iter().enumerate().map(|(i, name)| {
        let star = stars.map(|stars| json!({ "granted": stars[i] }));
        ((*name).to_owned(), json!(star))
    });
    let count = stars.map(|stars| stars.iter().filter(|is| **is).count());
    each.chain([("stars".to_owned(), json!(count))]).collect()
}

fn score_id(draft: &Draft<'_>, cycle: Uuid, household: Uuid, stage: Stage) -> Uuid {
    draft.only_one(StarScore::KIND, &[&cycle, &household, &stage.code()])
}

fn put(
    draft: &mut Draft<'_>,
    cycle: Uuid,
    household: Uuid,
    stage: Stage,
    stars: Option<[bool; 5]>,
    why: Option<Option<&str>>,
) -> Result<()> {
    let mut fields = Fields::from([
        ("cycle".to_owned(), json!(cycle)),
        ("household".to_owned(), json!(household)),
        ("stage".to_owned(), json!(stage.code())),
        ("stars".to_owned(), cell(stars)),
    ]);
    if let Some(why) = why {
        fields.insert("why".to_owned(), json!(why.filter(|_| stars.is_some())));
    }
    draft.create(StarScore::KIND, fields)?;
    Ok(())
}

fn cell(stars: Option<[bool; 5]>) -> Json {
    let aspects = |[wealth, law, virtue, clean, honest]: [bool; 5]| Aspects { wealth, law, virtue, clean, honest };
    json!(stars.map(aspects))
}
