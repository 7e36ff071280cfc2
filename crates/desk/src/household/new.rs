//! 新增一户 — a household and its head, in one step.

use lianhu_ledger::{Draft, Fields};
use serde::Deserialize;
use serde_json::json;
use ts_rs::TS;
use uuid::Uuid;

use crate::desk::{Desk, Done};
use crate::person::read_number;
use crate::problem::Result;

/// 户主本人, GB/T 4761.
pub(super) const HEAD: &str = "02";

#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct NewHousehold {
    /// Group, number, address, phone …
    #[ts(type = "Record<string, unknown>")]
    pub household: Fields,
    /// The head: name, ID number, sex …
    #[ts(type = "Record<string, unknown>")]
    pub head: Fields,
}

pub fn new(desk: &Desk, ask: NewHousehold) -> Result<Done<Uuid>> {
    desk.edit("household_new", |draft| {
        let household = draft.create("household", as_new(ask.household))?;
        let mut head = ask.head;
        head.insert("household".to_owned(), json!(household));
        head.insert("relation".to_owned(), json!(HEAD));
        read_number(draft, None, &mut head)?;
        let head = draft.create("person", head)?;
        set(draft, "household", household, [("head", json!(head))])?;
        Ok(household)
    })
}

/// A household about which nothing is known but its head is still a household.
fn as_new(mut fields: Fields) -> Fields {
    fields.entry("vacant".to_owned()).or_insert(serde_json::Value::Null);
    fields
}

pub(crate) fn set<const N: usize>(
    draft: &mut Draft<'_>,
    kind: &str,
    id: Uuid,
    fields: [(&str, serde_json::Value); N],
) -> Result<()> {
    draft.patch(kind, id, fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}
