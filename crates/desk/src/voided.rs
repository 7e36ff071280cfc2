//! 作废与待核对 — what was voided and can be restored, and what a merge left questionable.

use std::collections::BTreeMap;

use lianhu_ledger::records::KINDS;
use serde::Serialize;
use serde_json::Value as Json;
use ts_rs::TS;
use uuid::Uuid;

use crate::desk::Desk;
use crate::naming::Namer;
use crate::problem::Result;
use crate::session::Nothing;

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct VoidedRecord {
    #[ts(type = "Kind")]
    pub kind: String,
    pub id: Uuid,
    pub name: String,
    pub reason: String,
}

/// Everything voided, kind by kind.
pub fn list(desk: &Desk, _: Nothing) -> Result<Vec<VoidedRecord>> {
    desk.read(|ledger| {
        let view = ledger.view();
        let mut namer = Namer::new(view);
        let mut voided = Vec::new();
        for kind in KINDS {
            for record in view.voided(kind.name)? {
                voided.push(VoidedRecord {
                    kind: kind.name.to_owned(),
                    id: id_of(&record),
                    name: namer.of(kind.name, &record)?,
                    reason: record["gone"]["reason"].as_str().unwrap_or_default().to_owned(),
                });
            }
        }
        Ok(voided)
    })
}

fn id_of(record: &Json) -> Uuid {
    record["id"].as_str().and_then(|id| Uuid::parse_str(id).ok()).unwrap_or_default()
}

/// 待核对: a rule that single computers kept and that together they broke.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct OpenFinding {
    #[ts(type = "Kind")]
    pub kind: String,
    pub id: Uuid,
    pub name: String,
    /// A word of the catalogue (`finding.…`).
    pub rule: String,
    #[ts(type = "Record<string, string>")]
    pub details: BTreeMap<&'static str, String>,
}

pub fn findings(desk: &Desk, _: Nothing) -> Result<Vec<OpenFinding>> {
    desk.read(|ledger| {
        let mut namer = Namer::new(ledger.view());
        let open = |f: lianhu_ledger::Finding| {
            let name = namer.name(&f.kind, f.id)?;
            Ok(OpenFinding { name, kind: f.kind, id: f.id, rule: f.rule.to_owned(), details: f.details })
        };
        ledger.findings()?.into_iter().map(open).collect()
    })
}
