//! 记一笔 — payments as they are typed down the grid: one month or many, of one member or many, in one action.

use lianhu_ledger::dates::{Date, Month};
use lianhu_ledger::records::Dues;
use lianhu_ledger::{Fields, Record};
use serde::Deserialize;
use serde_json::{Value as Json, json};
use ts_rs::TS;
use uuid::Uuid;

use crate::desk::{Desk, Done};
use crate::problem::Result;
use crate::records::unchanged_since;

#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Payment {
    pub member: Uuid,
    #[ts(type = "string")]
    pub month: Month,
    pub fen: u32,
    pub paid_on: Date,
    #[serde(default)]
    pub collected_by: String,
    #[serde(default)]
    pub receipt: String,
    /// What the grid had shown as paid; a sum written elsewhere since is not written over unseen.
    pub seen: Option<u32>,
}

#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SavePayments {
    pub payments: Vec<Payment>,
}

/// Answers how many months were written.
pub fn pay(desk: &Desk, ask: SavePayments) -> Result<Done<u32>> {
    desk.edit("dues", |draft| {
        for payment in &ask.payments {
            let id = draft.only_one(Dues::KIND, &[&payment.member, &payment.month]);
            let standing = draft.get::<Dues>(id)?.filter(|dues| dues.gone.is_some());
            if standing.is_none() {
                let seen = Fields::from([("fen".to_owned(), json!(payment.seen))]);
                unchanged_since(draft, Dues::KIND, id, Some(&seen))?;
            }
            let fields = [
                ("member", json!(payment.member)),
                ("month", json!(payment.month)),
                ("fen", json!(payment.fen)),
                ("paid_on", json!(payment.paid_on)),
                ("collected_by", json!(payment.collected_by)),
                ("receipt", json!(payment.receipt)),
                // One that was voided and is paid after all is the same record.
                ("gone", Json::Null),
            ];
            draft.create(Dues::KIND, fields.into_iter().map(|(k, v)| (k.to_owned(), v)).collect())?;
        }
        Ok(ask.payments.len() as u32)
    })
}

#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct VoidPayment {
    pub member: Uuid,
    #[ts(type = "string")]
    pub month: Month,
    pub reason: String,
}

pub fn void(desk: &Desk, ask: VoidPayment) -> Result<Done<Uuid>> {
    desk.edit("dues_void", |draft| {
        let id = draft.only_one(Dues::KIND, &[&ask.member, &ask.month]);
        draft.void(Dues::KIND, id, &ask.reason)?;
        Ok(id)
    })
}
