//! The generic verbs: a record is read, saved, voided and restored by its kind and id. What a screen does beyond
//! that has a command of its own.

use lianhu_ledger::records::kind;
use lianhu_ledger::{Code, Draft, Fields, Refusal};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use ts_rs::TS;
use uuid::Uuid;

use crate::desk::{Desk, Done};
use crate::problem::Result;

#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct WhichRecord {
    #[ts(type = "Kind")]
    pub kind: String,
    pub id: Uuid,
}

#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct WhichKind {
    #[ts(type = "Kind")]
    pub kind: String,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct RecordFields(#[ts(type = "{ id: string } & Record<string, unknown>")] pub Json);

/// Changes the named fields of a record, or makes a new one.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SaveRecord {
    #[ts(type = "Kind")]
    pub kind: String,
    #[serde(default)]
    #[ts(optional)]
    pub id: Option<Uuid>,
    #[ts(type = "Record<string, unknown>")]
    pub fields: Fields,
    /// What the form had shown in these fields: a value that was changed elsewhere since is not written over unseen.
    #[serde(default)]
    #[ts(type = "Record<string, unknown>", optional)]
    pub seen: Option<Fields>,
    /// Why a fact of a closed month is changed.
    #[serde(default)]
    #[ts(optional)]
    pub correct: Option<String>,
}

#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct VoidRecord {
    #[ts(type = "Kind")]
    pub kind: String,
    pub id: Uuid,
    pub reason: String,
    #[serde(default)]
    #[ts(optional)]
    pub correct: Option<String>,
}

pub fn get(desk: &Desk, ask: WhichRecord) -> Result<RecordFields> {
    let missing = || Refusal::new(Code::NoSuchRecord).with("kind", &ask.kind).with("id", ask.id);
    let record = desk.read(|ledger| ledger.view().record(&ask.kind, ask.id))?;
    Ok(RecordFields(record.ok_or_else(missing)?))
}

/// All live records of a kind, in the order in which they were made.
pub fn list(desk: &Desk, ask: WhichKind) -> Result<Vec<RecordFields>> {
    let records = desk.read(|ledger| ledger.view().list(&ask.kind))?;
    Ok(records.into_iter().map(RecordFields).collect())
}

pub fn voided(desk: &Desk, ask: WhichKind) -> Result<Vec<RecordFields>> {
    let records = desk.read(|ledger| ledger.view().voided(&ask.kind))?;
    Ok(records.into_iter().map(RecordFields).collect())
}

pub fn save(desk: &Desk, ask: SaveRecord) -> Result<Done<Uuid>> {
    desk.correct("save", ask.correct.as_deref(), |draft| {
        let Some(id) = ask.id else { return draft.create(&ask.kind, ask.fields) };
        unchanged_since(draft, &ask.kind, id, ask.seen.as_ref())?;
        draft.patch(&ask.kind, id, ask.fields)?;
        Ok(id)
    })
}

/// Refuses when a field no longer holds what the form had shown.
pub fn unchanged_since(draft: &Draft<'_>, kind_name: &str, id: Uuid, seen: Option<&Fields>) -> Result<()> {
    let Some(seen) = seen else { return Ok(()) };
    let standing = draft.view().record(kind_name, id)?.unwrap_or_default();
    for (field, shown) in seen {
        let now = standing.get(field).cloned().unwrap_or_default();
        if !lianhu_ledger::means_the_same(kind_name, field, &now, shown) {
            let told = now.as_str().map_or_else(|| now.to_string(), str::to_owned);
            let refusal = Refusal::new(Code::ChangedMeanwhile).with("kind", kind_name).with("field", field);
            // The words for whoever reads, the value itself for a form that saves again knowing it.
            return Err(refusal.with("now", told).with("held", now.to_string()).into());
        }
    }
    Ok(())
}

pub fn void(desk: &Desk, ask: VoidRecord) -> Result<Done<Uuid>> {
    desk.correct("void", ask.correct.as_deref(), |draft| {
        draft.void(&ask.kind, ask.id, &ask.reason)?;
        Ok(ask.id)
    })
}

pub fn restore(desk: &Desk, ask: WhichRecord) -> Result<Done<Uuid>> {
    kind(&ask.kind)?;
    desk.edit("restore", |draft| draft.restore(&ask.kind, ask.id).map(|()| ask.id))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing;

    fn fields(value: Json) -> Fields {
        serde_json::from_value(value).unwrap()
    }

    fn saved(desk: &Desk, id: Option<Uuid>, value: Json, seen: Option<Json>) -> Result<Done<Uuid>> {
        let ask = SaveRecord { kind: "group".into(), id, fields: fields(value), seen: seen.map(fields), correct: None };
        save(desk, ask)
    }

    #[test]
    fn a_value_changed_while_the_form_was_open_is_not_written_over_unseen() {
        let (desk, _dir) = testing::empty();
        let id = saved(&desk, None, json!({"name": "一组"}), None).unwrap().value;
        saved(&desk, Some(id), json!({"name": "东岭组"}), Some(json!({"name": "一组"}))).unwrap();
        let refused = saved(&desk, Some(id), json!({"name": "第一组"}), Some(json!({"name": "一组"})));
        assert_eq!(refused.unwrap_err().code(), Some(Code::ChangedMeanwhile));
        let kept = get(&desk, WhichRecord { kind: "group".into(), id }).unwrap();
        assert_eq!(kept.0["name"], "东岭组");
    }

    #[test]
    fn a_voided_record_can_be_restored() {
        let (desk, _dir) = testing::empty();
        let id = saved(&desk, None, json!({"name": "一组"}), None).unwrap().value;
        void(&desk, VoidRecord { kind: "group".into(), id, reason: "重复".into(), correct: None }).unwrap();
        assert_eq!(list(&desk, WhichKind { kind: "group".into() }).unwrap().len(), 0);
        restore(&desk, WhichRecord { kind: "group".into(), id }).unwrap();
        assert_eq!(list(&desk, WhichKind { kind: "group".into() }).unwrap().len(), 1);
    }
}
