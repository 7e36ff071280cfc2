//! 没有联成的原因 — why a conversation with the township did not come about, as far as a clerk can do something about
//! it. Each has its sentence, `trouble.<name>`, in plain words; what the machine said goes nowhere.

use lianhu_ledger::text::{Lang, say};

use crate::enrolment::Refused;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Nobody answers: no network, the township is off, the line was cut.
    NoConnection,
    /// Somebody answers who is not the township of the enrolment code: a login page, another server.
    NotOurTownship,
    /// It answers too slowly.
    TimedOut,
    /// It asks to come again later.
    Busy { after_s: Option<u64> },
    /// One step is larger than it takes.
    TooLarge,
    /// This computer is struck off the roster.
    Revoked,
    /// The township knows nothing of this computer.
    Stranger,
    /// Enrolled, and not yet confirmed.
    Waits,
    /// It speaks a newer language.
    Newer,
    /// It speaks an older language.
    Older,
    /// Something went wrong over there.
    Broken,
    /// What was typed is no enrolment code.
    BadCode,
    /// The code was read and the township said no.
    Refused(Refused),
    /// This ledger belongs to no township.
    NotEnrolled,
    /// A person stopped it.
    Stopped,
}

impl Trouble {
    /// One of each, for whoever must have something for all of them.
    pub const ALL: [Trouble; 15] = [
        Trouble::NoConnection,
        Trouble::NotOurTownship,
        Trouble::TimedOut,
        Trouble::Busy { after_s: None },
        Trouble::TooLarge,
        Trouble::Revoked,
        Trouble::Stranger,
        Trouble::Waits,
        Trouble::Newer,
        Trouble::Older,
        Trouble::Broken,
        Trouble::BadCode,
        Trouble::Refused(Refused::Unknown),
        Trouble::NotEnrolled,
        Trouble::Stopped,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Trouble::NoConnection => "no_connection",
            Trouble::NotOurTownship => "not_our_township",
            Trouble::TimedOut => "timed_out",
            Trouble::Busy { .. } => "busy",
            Trouble::TooLarge => "too_large",
            Trouble::Revoked => "revoked",
            Trouble::Stranger => "stranger",
            Trouble::Waits => "waits",
            Trouble::Newer => "newer",
            Trouble::Older => "older",
            Trouble::Broken => "broken",
            Trouble::BadCode => "bad_code",
            Trouble::Refused(refused) => refused.name(),
            Trouble::NotEnrolled => "not_enrolled",
            Trouble::Stopped => "stopped",
        }
    }

    /// Where its sentence stands in the catalogue.
    pub fn key(self) -> String {
        match self {
            Trouble::Refused(refused) => format!("enrolment.{}", refused.name()),
            other => format!("trouble.{}", other.name()),
        }
    }

    pub fn sentence(self, lang: Lang) -> String {
        say(lang, &self.key(), &[])
    }

    /// Whether it may be over in a moment, without anybody doing something.
    pub fn passes(self) -> bool {
        matches!(self, Trouble::NoConnection | Trouble::TimedOut | Trouble::Busy { .. } | Trouble::Broken)
    }
}

/// How a conversation ends other than well.
#[derive(Debug, thiserror::Error)]
pub enum Failed {
    #[error("{}", .0.name())]
    Trouble(Trouble),
    #[error(transparent)]
    Ledger(#[from] lianhu_ledger::Error),
}

impl From<Trouble> for Failed {
    fn from(trouble: Trouble) -> Failed {
        Failed::Trouble(trouble)
    }
}

impl From<lianhu_ledger::Fault> for Failed {
    fn from(fault: lianhu_ledger::Fault) -> Failed {
        Failed::Ledger(fault.into())
    }
}

impl From<std::io::Error> for Failed {
    fn from(source: std::io::Error) -> Failed {
        lianhu_ledger::Fault::Io { path: String::new(), source }.into()
    }
}

impl Failed {
    pub fn trouble(&self) -> Option<Trouble> {
        match self {
            Failed::Trouble(trouble) => Some(*trouble),
            Failed::Ledger(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_trouble_and_every_refusal_has_its_sentence_in_both_languages() {
        let refused = Refused::ALL.into_iter().map(Trouble::Refused);
        for trouble in Trouble::ALL.into_iter().chain(refused) {
            for lang in [Lang::ZhCn, Lang::En] {
                assert_ne!(trouble.sentence(lang), trouble.key(), "{lang:?}");
            }
        }
    }
}
