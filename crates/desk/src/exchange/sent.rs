//! How far a record has come: for the rows and pages that show it. A ledger that has joined nothing says nothing.

use std::collections::HashMap;

use lianhu_ledger::{Ledger, Sent};
use lianhu_sync::client::belonging;
use lianhu_sync::protocol::wire::receipt_of;
use serde::Serialize;
use ts_rs::TS;
use uuid::Uuid;

use super::safe::SentState;
use crate::desk::Desk;
use crate::problem::Result;
use crate::records::{WhichKind, WhichRecord};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct RecordSent {
    pub id: Uuid,
    pub state: SentState,
    /// 回执号.
    pub no: Option<u64>,
    /// Why it was returned, as a word of the catalogue (`held.…`).
    pub why: Option<String>,
}

fn told(id: Uuid, sent: &Sent) -> RecordSent {
    let (no, why) = match sent {
        Sent::Received { no } => (Some(*no), None),
        Sent::Returned { why } => (None, Some(why.clone())),
        _ => (None, None),
    };
    RecordSent { id, state: SentState::of(sent), no, why }
}

/// Those of a kind that have no receipt yet, or were returned: what is not named here has arrived.
pub fn list(desk: &Desk, ask: WhichKind) -> Result<Vec<RecordSent>> {
    desk.read(|ledger| {
        if belonging(ledger)?.is_none() {
            return Ok(Vec::new());
        }
        let mut newest: HashMap<Uuid, Sent> = HashMap::new();
        for step in ledger.waiting()? {
            let ours = step.records.iter().filter(|(kind, _)| *kind == ask.kind);
            newest.extend(ours.map(|(_, id)| (*id, step.sent.clone())));
        }
        Ok(newest.iter().map(|(id, sent)| told(*id, sent)).collect())
    })
}

/// One record, with the number of its receipt.
pub fn look(desk: &Desk, ask: WhichRecord) -> Result<Option<RecordSent>> {
    desk.read(|ledger| {
        if belonging(ledger)?.is_none() {
            return Ok(None);
        }
        Ok(sent(ledger, ask.id)?.map(|sent| told(ask.id, &sent)))
    })
}

fn sent(ledger: &Ledger, id: Uuid) -> Result<Option<Sent>> {
    ledger.sent(id, |paper| receipt_of(paper).map(|receipt| receipt.no))
}
