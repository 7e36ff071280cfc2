//! 到会计 — how many came, and whether that is enough for a meeting of its kind.

use lianhu_ledger::View;
use lianhu_ledger::records::Meeting;
use lianhu_ledger::rules::Rules;
use lianhu_ledger::rules::quorum::{Basis, Decision, Gate, Roll};
use serde::Serialize;
use ts_rs::TS;

use crate::problem::Result;

/// 够不够开会.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct QuorumMeter {
    /// 不设法定人数: it may always be held.
    pub free: bool,
    pub opens: bool,
    /// It may decide: a mass meeting never does.
    pub decides: bool,
    pub gates: Vec<QuorumGate>,
    /// Rolls that the rule asks for and nobody has counted.
    #[ts(type = "string[]")]
    pub uncounted: Vec<Basis>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct QuorumGate {
    #[ts(type = "string")]
    pub basis: Basis,
    pub due: u32,
    pub present: u32,
    pub needed: u32,
    pub met: bool,
}

pub fn meter(view: View<'_>, meeting: &Meeting) -> Result<QuorumMeter> {
    let wanted = Rules::shipped().quorum(meeting.meeting_kind.code(), meeting.on, &Roll::default(), None)?;
    let quorum = view.judged(meeting, None)?;
    Ok(QuorumMeter {
        free: wanted.gates.is_empty() && wanted.uncounted.is_empty(),
        opens: quorum.opens,
        decides: quorum.decision != Decision::Never,
        gates: quorum.gates.iter().map(told).collect(),
        uncounted: quorum.uncounted,
    })
}

fn told(gate: &Gate) -> QuorumGate {
    QuorumGate {
        basis: gate.basis,
        due: gate.turnout.due,
        present: gate.turnout.present,
        needed: gate.needed,
        met: gate.is_met(),
    }
}
