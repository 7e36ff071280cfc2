//! 定星 — what is decided for one household: its stars, a veto with its reason, why it is left out; and what became of
//! its stars later (动态管理).

use lianhu_ledger::dates::Date;
use lianhu_ledger::records::{Rating, StarCycleId, StarMove};
use lianhu_ledger::{Code, Fields, Record, Refusal};
use serde::Deserialize;
use serde_json::json;
use ts_rs::TS;
use uuid::Uuid;

use crate::desk::{Desk, Done};
use crate::problem::Result;

use super::page::standing;
use super::score::decided;

#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct RateHousehold {
    pub cycle: Uuid,
    pub household: Uuid,
    /// Which stars; none with a veto or a reason to leave it out.
    pub stars: Option<[bool; 5]>,
    #[serde(default)]
    #[ts(optional)]
    pub veto: Option<String>,
    #[serde(default)]
    #[ts(optional)]
    pub veto_why: Option<String>,
    /// 申诉 against a veto.
    #[serde(default)]
    #[ts(optional)]
    pub appeal: Option<String>,
    #[serde(default)]
    #[ts(optional)]
    pub unrated_reason: Option<String>,
    #[serde(default)]
    #[ts(optional)]
    pub correct: Option<String>,
}

pub fn rate(desk: &Desk, ask: RateHousehold) -> Result<Done<Uuid>> {
    let blank = |text: &Option<String>| text.as_ref().is_none_or(|text| text.trim().is_empty());
    if !blank(&ask.veto) && blank(&ask.veto_why) {
        return Err(Refusal::new(Code::Missing).with("kind", Rating::KIND).with("field", "veto_why").into());
    }
    desk.correct("rating", ask.correct.as_deref(), |draft| {
        standing(draft.view(), StarCycleId(ask.cycle))?;
        let out = !blank(&ask.veto) || !blank(&ask.unrated_reason);
        let mut fields = if out { none_granted() } else { decided(ask.stars) };
        fields.extend(
            [
                ("cycle", json!(ask.cycle)),
                ("household", json!(ask.household)),
                ("veto", json!(ask.veto)),
                ("veto_why", json!(ask.veto_why)),
                ("appeal", json!(ask.appeal)),
                ("unrated_reason", json!(ask.unrated_reason)),
            ]
            .map(|(name, value)| (name.to_owned(), value)),
        );
        draft.create(Rating::KIND, fields)
    })
}

fn none_granted() -> Fields {
    let mut fields = decided(None);
    fields.insert("stars".to_owned(), json!(0));
    fields
}

/// 季查、降星、摘牌、恢复.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct MoveStars {
    pub cycle: Uuid,
    pub household: Uuid,
    pub on: Date,
    pub stars: u32,
    pub why: String,
    #[serde(default)]
    pub by: String,
}

pub fn move_stars(desk: &Desk, ask: MoveStars) -> Result<Done<Uuid>> {
    desk.edit("star_move", |draft| {
        standing(draft.view(), StarCycleId(ask.cycle))?;
        let fields = [
            ("cycle", json!(ask.cycle)),
            ("household", json!(ask.household)),
            ("on", json!(ask.on)),
            ("stars", json!(ask.stars)),
            ("why", json!(ask.why)),
            ("by", json!(ask.by)),
        ];
        draft.create(StarMove::KIND, fields.into_iter().map(|(k, v)| (k.to_owned(), v)).collect())
    })
}
