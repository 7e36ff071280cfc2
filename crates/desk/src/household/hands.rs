//! 换结对人 — a change of hands ends one pairing and begins another on the same day; none is written over.

use lianhu_ledger::dates::Date;
use lianhu_ledger::records::Pairing;
use lianhu_ledger::{Cell, Code, Refusal};
use serde::Deserialize;
use serde_json::json;
use ts_rs::TS;
use uuid::Uuid;

use super::ends::not_ahead;
use super::new::set;
use crate::desk::{Desk, Done};
use crate::problem::Result;

#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct HandOver {
    pub pairing: Uuid,
    pub helper: Uuid,
    pub on: Date,
    #[serde(default)]
    #[ts(optional)]
    pub why: Option<String>,
}

pub fn hand_over(desk: &Desk, ask: HandOver) -> Result<Done<Uuid>> {
    desk.edit("pairing_hand", |draft| {
        not_ahead(draft, ask.on)?;
        let missing = || Refusal::new(Code::NoSuchRecord).with("kind", "pairing").with("id", ask.pairing);
        let old = draft.get::<Pairing>(ask.pairing)?.filter(|p| p.gone.is_none() && p.until.is_none());
        let old = old.ok_or_else(missing)?;
        if old.helper.0 == ask.helper {
            return Err(Refusal::new(Code::NothingToDo).into());
        }
        set(draft, "pairing", ask.pairing, [("until", json!(ask.on)), ("ended_why", json!(ask.why))])?;
        let post = draft.get::<lianhu_ledger::records::Person>(ask.helper)?.and_then(|person| person.post);
        let fields = [
            ("bond", old.bond.write().to_json()),
            ("household", json!(old.household)),
            ("helper", json!(ask.helper)),
            ("role", json!(post.as_ref().map(|post| post.code()))),
            ("from", json!(ask.on)),
            ("team", json!(old.team)),
        ];
        draft.create("pairing", fields.into_iter().map(|(k, v)| (k.to_owned(), v)).collect())
    })
}
