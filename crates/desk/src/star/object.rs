//! 异议 — received, answered, and where it is found right, the household's stars decided anew. The change of a posted
//! rating is a correction, and the objection is its reason.

use lianhu_ledger::dates::Date;
use lianhu_ledger::records::{Objection, Rating, StarCycleId};
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
pub struct SaveObjection {
    pub cycle: Uuid,
    #[serde(default)]
    #[ts(optional)]
    pub household: Option<Uuid>,
    pub on: Date,
    #[serde(default)]
    pub by: String,
    pub text: String,
}

pub fn object(desk: &Desk, ask: SaveObjection) -> Result<Done<Uuid>> {
    desk.edit("objection", |draft| {
        standing(draft.view(), StarCycleId(ask.cycle))?;
        let fields = [
            ("cycle", json!(ask.cycle)),
            ("household", json!(ask.household)),
            ("on", json!(ask.on)),
            ("by", json!(ask.by)),
            ("text", json!(ask.text)),
        ];
        draft.create(Objection::KIND, fields.into_iter().map(|(k, v)| (k.to_owned(), v)).collect())
    })
}

#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct AnswerObjection {
    pub id: Uuid,
    pub answer: String,
    pub on: Date,
    /// 成立.
    pub upheld: bool,
    /// What the household gets now, where it was found right.
    #[serde(default)]
    #[ts(optional)]
    pub stars: Option<[bool; 5]>,
}

pub fn answer(desk: &Desk, ask: AnswerObjection) -> Result<Done<Uuid>> {
    desk.edit("objection_answer", |draft| {
        let found = draft.view().get::<Objection>(ask.id)?.filter(|o| o.gone.is_none());
        let missing = || Refusal::new(Code::NoSuchRecord).with("kind", Objection::KIND).with("id", ask.id);
        let objection = found.ok_or_else(missing)?;
        let fields = [("answer", json!(ask.answer)), ("answered_on", json!(ask.on)), ("upheld", json!(ask.upheld))];
        let fields: Fields = fields.into_iter().map(|(k, v)| (k.to_owned(), v)).collect();
        draft.patch(Objection::KIND, ask.id, fields)?;
        if let (true, Some(household), Some(stars)) = (ask.upheld, objection.household, ask.stars) {
            draft.correct(&ask.answer)?;
            let mut fields = decided(Some(stars));
            fields.insert("cycle".to_owned(), json!(objection.cycle.0));
            fields.insert("household".to_owned(), json!(household.0));
            draft.create(Rating::KIND, fields)?;
        }
        Ok(ask.id)
    })
}
