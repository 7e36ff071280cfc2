//! 角色 — what a role may write, as the township gives it (`assets/roles.json`): the secretary (支部书记) everything, a
//! resident cadre (驻村干部) visits, matters, opinions, the facts of households and persons, a meeting's typing and the
//! scores of a rating before it is decided; not the closing of months, not what the branch decides, not the roster.
//!
//! A roster names the kinds themselves, not the role: a later change of this table changes nobody's permission by itself.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

use crate::roster::May;

pub const SECRETARY: &str = "secretary";
pub const CADRE: &str = "cadre";

#[derive(Deserialize)]
#[serde(untagged)]
enum Said {
    All(String),
    Kinds(Vec<String>),
}

fn roles() -> &'static BTreeMap<String, May> {
    static ROLES: OnceLock<BTreeMap<String, May>> = OnceLock::new();
    ROLES.get_or_init(|| {
        let said: BTreeMap<String, Said> = serde_json::from_str(include_str!("../../../assets/roles.json"))
            .expect("the shipped table of roles is read");
        let may = |said| match said {
            Said::All(word) if word == "*" => May::Everything,
            Said::All(_) => May::Nothing,
            Said::Kinds(kinds) => May::Kinds(kinds.into_iter().collect()),
        };
        said.into_iter().map(|(role, said)| (role, may(said))).collect()
    })
}

/// What that role may write; `None` where there is no such role.
pub fn may(role: &str) -> Option<&'static May> {
    roles().get(role)
}

/// Every role there is.
pub fn names() -> impl Iterator<Item = &'static str> {
    roles().keys().map(String::as_str)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use lianhu_ledger::records::KINDS;

    use super::*;

    #[test]
    fn the_secretary_writes_everything_and_a_cadre_nothing_that_is_decided() {
        assert_eq!(may(SECRETARY), Some(&May::Everything));
        let Some(May::Kinds(kinds)) = may(CADRE) else { panic!("a cadre writes named kinds") };
        for kind in ["visit", "matter", "household", "person", "attendance", "star_score"] {
            assert!(kinds.contains(kind), "{kind}");
        }
        for kind in ["report", "rating", "resolution", "decision", "month_plan", "dues", "roster", "village"] {
            assert!(!kinds.contains(kind), "{kind}");
        }
    }

    #[test]
    fn every_kind_that_a_role_names_is_one_of_the_ledgers() {
        for role in names() {
            let Some(May::Kinds(kinds)) = may(role) else { continue };
            for kind in kinds {
                assert!(KINDS.iter().any(|known| known.name == kind), "{role}: {kind}");
            }
        }
    }
}
