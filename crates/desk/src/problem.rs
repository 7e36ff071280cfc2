//! What a screen is told when a command did not do what was asked: a refusal that the clerk can act on, or the number
//! under which our own fault stands in the log.

use std::collections::BTreeMap;

use lianhu_ledger::{Edge, Error, Refusal};
use serde::Serialize;
use ts_rs::TS;

use crate::machine::Machine;

pub type Result<T, E = Error> = lianhu_ledger::Result<T, E>;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Problem {
    /// The clerk can act: a code with a sentence of its own, and what the sentence needs.
    Refusal {
        #[ts(type = "Code")]
        code: &'static str,
        #[ts(type = "Record<string, string>")]
        details: BTreeMap<&'static str, String>,
    },
    /// We must act: what happened stands in the log under this number.
    Fault { log: String },
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Problem {
        Problem::Refusal { code: refusal.code.name(), details: refusal.details }
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Problem {
        match error {
            Error::Refusal(refusal) => refusal.into(),
            Error::Fault(fault) => Problem::logged(&fault.to_string()),
        }
    }
}

impl Problem {
    /// Writes what happened to the log. It names tables, fields and files, never what a person typed.
    pub fn logged(what: &str) -> Problem {
        let chance = Machine::default().random();
        let log = format!("{:02X}{:02X}{:02X}", chance[0], chance[1], chance[2]);
        tracing::error!(log, what, "fault");
        Problem::Fault { log }
    }
}
