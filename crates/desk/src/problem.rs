//! What a screen is told when a command did not do what was asked: a refusal that the clerk can act on, or the number
//! under which our own fault stands in the log.

use std::collections::BTreeMap;

use lianhu_ledger::{Error, Refusal};
use serde::Serialize;
use ts_rs::TS;
use uuid::Uuid;

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
        let log = Uuid::new_v4().simple().to_string()[..6].to_uppercase();
        tracing::error!(log, what, "fault");
        Problem::Fault { log }
    }
}
