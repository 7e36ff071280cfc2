//! 记一笔、申诉、答复.

use lianhu_ledger::dates::Date;
use lianhu_ledger::records::{PointEntry, PointItem};
use lianhu_ledger::{Code, Draft, Fields, Record, Refusal};
use serde::Deserialize;
use serde_json::json;
use ts_rs::TS;
use uuid::Uuid;

use crate::desk::{Desk, Done};
use crate::problem::Result;

#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SavePoint {
    pub household: Uuid,
    pub item: Uuid,
    pub on: Date,
    /// Without a sign; as the item says when it is left out.
    #[serde(default)]
    pub points: Option<u32>,
    pub grounds: String,
    pub raters: Vec<String>,
    #[serde(default)]
    pub note: String,
}

pub fn save(desk: &Desk, ask: SavePoint) -> Result<Done<Uuid>> {
    desk.edit("point", |draft| {
        let item = draft.view().get::<PointItem>(ask.item)?.filter(|item| item.gone.is_none());
        let missing = || Refusal::new(Code::NoSuchRecord).with("kind", PointItem::KIND).with("id", ask.item);
        let item = item.ok_or_else(missing)?;
        let points = item.sort.signed(ask.points.unwrap_or(item.points));
        let raters: Vec<&str> = ask.raters.iter().map(|name| name.trim()).filter(|name| !name.is_empty()).collect();
        let fields = [
            ("household", json!(ask.household)),
            ("item", json!(ask.item)),
            ("on", json!(ask.on)),
            ("points", json!(points)),
            ("grounds", json!(ask.grounds)),
            ("raters", json!(raters)),
            ("note", json!(ask.note)),
        ];
        draft.create(PointEntry::KIND, fields.into_iter().map(|(k, v)| (k.to_owned(), v)).collect())
    })
}

#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct AppealPoint {
    pub id: Uuid,
    pub on: Date,
    #[serde(default)]
    pub by: String,
    pub why: String,
}

pub fn appeal(desk: &Desk, ask: AppealPoint) -> Result<Done<Uuid>> {
    desk.edit("point_appeal", |draft| {
        standing(draft, ask.id)?;
        let mut said = json!({ "on": ask.on, "why": ask.why.trim() });
        if !ask.by.trim().is_empty() {
            said["by"] = json!(ask.by.trim());
        }
        draft.patch(PointEntry::KIND, ask.id, Fields::from([("appealed".to_owned(), said)]))?;
        Ok(ask.id)
    })
}

#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct AnswerAppeal {
    pub id: Uuid,
    pub on: Date,
    pub answer: String,
    /// 成立: the entry counts no more.
    pub upheld: bool,
}

pub fn answer(desk: &Desk, ask: AnswerAppeal) -> Result<Done<Uuid>> {
    desk.edit("point_answer", |draft| {
        standing(draft, ask.id)?;
        let said = json!({ "on": ask.on, "answer": ask.answer.trim(), "upheld": ask.upheld });
        draft.patch(PointEntry::KIND, ask.id, Fields::from([("answered".to_owned(), said)]))?;
        Ok(ask.id)
    })
}

fn standing(draft: &Draft<'_>, id: Uuid) -> Result<()> {
    let found = draft.get::<PointEntry>(id)?.filter(|entry| entry.gone.is_none());
    let missing = || Refusal::new(Code::NoSuchRecord).with("kind", PointEntry::KIND).with("id", id);
    found.map(|_| ()).ok_or_else(|| missing().into())
}
