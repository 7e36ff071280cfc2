//! 参训 — one member at one course ([`crate::records::Training`]). There is one entry, whoever makes it.

use crate::record::{Count, Life, record};
use crate::records::{PartyMemberId, TrainingId};

record! { Trained(TrainedId) in "trained" only_one(training, member) index(training, member) {
    training: TrainingId,
    member: PartyMemberId,
    /// 学时, where it was not the whole course.
    hours: Option<Count>,
    /// 结业情况.
    outcome: Option<String>,
} }

impl Life for Trained {}
