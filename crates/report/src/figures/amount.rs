//! A number with what it stands on, in one of three states.

use lianhu_ledger::records::{HouseholdId, MatterId, MeetingId, PersonId, VisitId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Known, 未开展, or 未填报. Zero is a known number.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Amount {
    Known(i64),
    /// 未开展, and why.
    NotHeld(String),
    /// 未填报.
    #[default]
    Unknown,
}

/// An amount and the records it was counted from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figure {
    pub amount: Amount,
    /// Kind of the records.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub of: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub records: Vec<Uuid>,
}

/// Ids that a figure can list.
pub(crate) trait Listed: Copy {
    const KIND: &'static str;
    fn uuid(self) -> Uuid;
}

macro_rules! listed {
    ($($Id:ty = $kind:literal),* $(,)?) => {
        $(impl Listed for $Id {
            const KIND: &'static str = $kind;
            fn uuid(self) -> Uuid { self.0 }
        })*
    };
}
listed! {
    HouseholdId = "household", PersonId = "person", VisitId = "visit", MeetingId = "meeting", MatterId = "matter",
    lianhu_ledger::records::PartyMemberId = "party_member", lianhu_ledger::records::GroupId = "group",
    lianhu_ledger::records::RatingId = "rating", lianhu_ledger::records::PairingId = "pairing",
    lianhu_ledger::records::CorrectionId = "correction", lianhu_ledger::records::RoundId = "round",
}

impl Figure {
    /// As many as there are records.
    pub(crate) fn count<I: Listed>(records: impl IntoIterator<Item = I>) -> Figure {
        let records: Vec<Uuid> = records.into_iter().map(Listed::uuid).collect();
        Figure { amount: Amount::Known(records.len() as i64), of: I::KIND.to_owned(), records }
    }

    /// A sum over records.
    pub(crate) fn sum<I: Listed>(sum: i64, records: impl IntoIterator<Item = I>) -> Figure {
        Figure { amount: Amount::Known(sum), ..Figure::count(records) }
    }

    pub(crate) fn unknown() -> Figure {
        Figure::default()
    }

    /// A count over a register: while nothing at all has been entered there, a count of it is not known.
    pub(crate) fn of_register<I: Listed>(any: bool, records: impl IntoIterator<Item = I>) -> Figure {
        if any { Figure::count(records) } else { Figure::unknown() }
    }

    /// A count of what was entered: nothing entered is 未开展 when somebody said why, else 未填报; never zero.
    pub(crate) fn entered<I: Listed>(records: impl IntoIterator<Item = I>, not_held: Option<&String>) -> Figure {
        let figure = Figure::count(records);
        match (&figure.amount, not_held) {
            (Amount::Known(0), Some(reason)) => Figure { amount: Amount::NotHeld(reason.clone()), ..figure },
            (Amount::Known(0), None) => Figure { amount: Amount::Unknown, ..figure },
            _ => figure,
        }
    }

    pub fn known(&self) -> Option<i64> {
        match self.amount {
            Amount::Known(n) => Some(n),
            _ => None,
        }
    }

    pub fn is_unknown(&self) -> bool {
        self.amount == Amount::Unknown
    }
}

impl Figure {
    /// A part of this figure: known, with its own records, exactly when the whole is.
    pub(crate) fn map_known<I: Listed>(self, part: impl IntoIterator<Item = I>) -> Figure {
        match self.amount {
            Amount::Known(_) => Figure::count(part),
            _ => self,
        }
    }
}
