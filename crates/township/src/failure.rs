//! What a person is told: a sentence of the catalogue where they can act, a fault where we must.

use lianhu_ledger::text::{self, Lang};
use lianhu_ledger::{Error, Fault};

/// A step that was not done.
#[derive(Debug)]
pub enum Failure {
    /// The person can do something about it: a sentence of the catalogue and what it names.
    Said(&'static str, Vec<(&'static str, String)>),
    Ledger(Error),
}

pub type Outcome<T = ()> = Result<T, Failure>;

impl Failure {
    pub fn said<const N: usize>(key: &'static str, details: [(&'static str, &str); N]) -> Failure {
        Failure::Said(key, details.into_iter().map(|(name, value)| (name, value.to_owned())).collect())
    }

    /// The sentence.
    pub fn sentence(&self, lang: Lang) -> String {
        match self {
            Failure::Said(key, details) => {
                let details: Vec<(&str, &str)> = details.iter().map(|(name, value)| (*name, value.as_str())).collect();
                text::say(lang, key, &details)
            }
            Failure::Ledger(Error::Refusal(refusal)) => text::refusal(refusal, lang),
            Failure::Ledger(Error::Fault(fault)) => text::say(lang, "township.fault", &[("what", &fault.to_string())]),
        }
    }

    /// Whether we must see to it and not the person.
    pub fn is_fault(&self) -> bool {
        matches!(self, Failure::Ledger(Error::Fault(_)))
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        Failure::Ledger(error)
    }
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Failure {
        Failure::Ledger(fault.into())
    }
}

/// A file of the machine that could not be read or written.
pub fn io(path: &std::path::Path) -> impl FnOnce(std::io::Error) -> Fault + '_ {
    move |source| Fault::Io { path: path.display().to_string(), source }
}
