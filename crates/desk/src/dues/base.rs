//! 定基数 — by what members' dues are reckoned: of one, or of all who have none yet.

use lianhu_ledger::Record;
use lianhu_ledger::dates::Month;
use lianhu_ledger::records::DuesBase;
use lianhu_ledger::records::dues_base::Payer;
use serde::Deserialize;
use serde_json::{Value as Json, json};
use ts_rs::TS;
use uuid::Uuid;

use crate::desk::{Desk, Done};
use crate::problem::Result;

/// 减免.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ReliefTyped {
    /// What is left to pay in a month; 0 is 免交.
    pub to_fen: u32,
    pub decided_by: String,
    #[serde(default)]
    pub why: String,
    #[serde(default)]
    #[ts(type = "string | null")]
    pub until: Option<Month>,
}

#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SaveBase {
    pub members: Vec<Uuid>,
    /// From this month on.
    #[ts(type = "string")]
    pub from: Month,
    #[ts(type = "'salaried' | 'retired' | 'farmer' | 'low_income' | 'self_employed'")]
    pub payer: Payer,
    #[serde(default)]
    pub income_fen: Option<u32>,
    #[serde(default)]
    pub fixed_fen: Option<u32>,
    #[serde(default)]
    pub relief: Option<ReliefTyped>,
}

/// Answers for how many members.
pub fn save_base(desk: &Desk, ask: SaveBase) -> Result<Done<u32>> {
    desk.edit("dues_base", |draft| {
        let relief = ask.relief.as_ref().map(|relief| {
            let why = Some(relief.why.trim()).filter(|why| !why.is_empty());
            let mut said = json!({ "to_fen": relief.to_fen, "decided_by": relief.decided_by.trim() });
            // What is not said is left out of the cell, as the record writes it.
            let more = [("why", why.map(|why| json!(why))), ("until", relief.until.map(|until| json!(until)))];
            for (name, value) in more {
                if let Some(value) = value {
                    said[name] = value;
                }
            }
            said
        });
        for member in &ask.members {
            let fields = [
                ("member", json!(member)),
                ("from", json!(ask.from)),
                ("payer", json!(ask.payer)),
                ("income_fen", json!(ask.income_fen)),
                ("fixed_fen", json!(ask.fixed_fen)),
                ("relief", relief.clone().unwrap_or(Json::Null)),
                ("gone", Json::Null),
            ];
            draft.create(DuesBase::KIND, fields.into_iter().map(|(k, v)| (k.to_owned(), v)).collect())?;
        }
        Ok(ask.members.len() as u32)
    })
}
