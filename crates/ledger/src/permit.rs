//! 权限 — what may be typed in on this computer: its role in the roster, as the exchange has heard it last. What lies
//! beyond it is refused at once, with a sentence, and not weeks later by the township.
//!
//! A ledger that belongs to nobody may write everything.

use std::collections::BTreeSet;

use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use crate::exchange::{Exchange, setting};
use crate::ledger::Ledger;
use crate::log::Change;
use crate::refusal::{Code, Fault, Refusal, Result};

const KEPT: &str = "permit";

/// What a role may write.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Permit {
    #[default]
    Everything,
    Kinds {
        role: String,
        kinds: BTreeSet<String>,
    },
    /// Struck off the roster: the ledger is for reading.
    Nothing,
}

fn kept(conn: &Connection) -> Result<Permit> {
    let Some(bytes) = setting(conn, KEPT)? else { return Ok(Permit::Everything) };
    let damaged = |_| Fault::Log { at: "exchange".into(), what: "what may be written here cannot be read".into() };
    Ok(serde_json::from_slice(&bytes).map_err(damaged)?)
}

impl Ledger {
    /// What may be typed in here.
    pub fn permit(&self) -> Result<Permit> {
        kept(&self.conn)
    }
}

impl Exchange<'_> {
    pub fn permit(&mut self, permit: &Permit) -> Result<()> {
        self.set(KEPT, &serde_json::to_vec(permit).expect("a permit is plain data"))
    }
}

/// Refuses what the own role may not write: by what has changed, whatever a form has brought along.
pub(crate) fn guard(conn: &Connection, changes: &[Change]) -> Result<()> {
    match kept(conn)? {
        Permit::Everything => Ok(()),
        Permit::Nothing => Err(Refusal::new(Code::Revoked).into()),
        Permit::Kinds { role, kinds } => {
            let beyond = changes.iter().find(|change| !kinds.contains(change.kind.as_str()));
            let refused =
                |change: &Change| Refusal::new(Code::BeyondRole).with("role", &role).with("kind", &change.kind).into();
            beyond.map_or(Ok(()), |change| Err(refused(change)))
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::edge::FixedEdge;
    use crate::ledger::Founding;

    fn ledger(permit: &Permit) -> (tempfile::TempDir, Ledger) {
        let folder = tempfile::TempDir::new().unwrap();
        let founding =
            Founding { village: "禾坪村", code: "990101102207", township: "松河镇", clerk: "王文书" };
        let edge = Box::new(FixedEdge { ms: 1_793_840_400_000, seed: 1, counter: 0 });
        let mut ledger = Ledger::create(&folder.path().join("a"), None, &founding, edge).unwrap();
        ledger.exchange(|x| x.permit(permit)).unwrap();
        (folder, ledger)
    }

    fn put(ledger: &mut Ledger, kind: &str, fields: serde_json::Value) -> Result<()> {
        let fields = serde_json::from_value(fields).unwrap();
        ledger.edit("put", "陆永平", |draft| draft.create(kind, fields)).map(|_| ())
    }

    #[test]
    fn a_role_is_refused_what_is_not_named_for_it_and_nothing_is_kept() {
        let permit = Permit::Kinds { role: "cadre".into(), kinds: ["group".to_owned()].into() };
        let (_folder, mut ledger) = ledger(&permit);
        put(&mut ledger, "group", json!({"name": "一组", "number": 1})).unwrap();
        let refused = put(&mut ledger, "household", json!({"number": 1})).unwrap_err();
        assert_eq!(refused.code(), Some(Code::BeyondRole));
        assert!(!refused.to_string().contains('{'), "{refused}");
        assert_eq!(ledger.view().list("household").unwrap().len(), 0);
        assert_eq!(ledger.permit().unwrap(), permit);
    }

    #[test]
    fn who_was_struck_off_reads_and_writes_nothing() {
        let (_folder, mut ledger) = ledger(&Permit::Nothing);
        let refused = put(&mut ledger, "group", json!({"name": "一组", "number": 1})).unwrap_err();
        assert_eq!(refused.code(), Some(Code::Revoked));
        assert_eq!(ledger.view().list("village").unwrap().len(), 1);
        ledger.exchange(|x| x.permit(&Permit::Everything)).unwrap();
        put(&mut ledger, "group", json!({"name": "一组", "number": 1})).unwrap();
    }
}
