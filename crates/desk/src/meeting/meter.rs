//! 到会计 — who is called to a meeting, how many came, and whether that is enough for its kind. What the ledger does
//! not know (who the representatives are) is taken from 应到 as it was written.

use std::collections::HashSet;

use lianhu_ledger::View;
use lianhu_ledger::dates::PartialDate;
use lianhu_ledger::records::{Household, Meeting, PartyMember, Person, PersonId};
use lianhu_ledger::rules::Rules;
use lianhu_ledger::rules::quorum::{Basis, Decision, Gate, Quorum, Roll, Votes};
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

/// 应到, as the roll of that day makes it: households, or the persons who are called; `None` where the ledger does not
/// know the body.
pub fn called(view: View<'_>, meeting: &Meeting) -> Result<Option<u32>> {
    Ok(match meeting.meeting_kind.code() {
        "mass" | "yard" | "villagers" | "group" => Some(households(view, meeting)?),
        _ => view.persons_called(meeting)?.map(|persons| persons.len() as u32),
    })
}

fn households(view: View<'_>, meeting: &Meeting) -> Result<u32> {
    Ok(view.all::<Household>()?.iter().filter(|h| meeting.calls(h)).count() as u32)
}

/// 有表决权的: full members of the branch that day.
fn voters(view: View<'_>, meeting: &Meeting) -> Result<HashSet<PersonId>> {
    let day = meeting.on;
    let votes = |m: &PartyMember| m.stands_on(day) && !m.is_probationary_on(day);
    Ok(view.all::<PartyMember>()?.iter().filter(|m| votes(m)).map(|m| m.person).collect())
}

/// How many of those who came may vote. Where only heads were counted, everyone who came is taken for a voter: as many as
/// there are at most.
fn voters_came(view: View<'_>, meeting: &Meeting, voters: &HashSet<PersonId>, present: u32) -> Result<u32> {
    let named: Vec<_> = view.attendance(meeting.id)?.into_iter().filter(|a| a.household.is_none()).collect();
    if named.is_empty() {
        return Ok(present.min(voters.len() as u32));
    }
    let came = named.iter().filter(|a| a.absent_why.is_none()).filter_map(|a| a.person);
    Ok(came.filter(|person| voters.contains(person)).count() as u32)
}

/// `families` is the number of households ticked off; none ticked is not known.
pub fn meter(view: View<'_>, meeting: &Meeting, families: u32) -> Result<QuorumMeter> {
    let wanted = Rules::shipped().quorum(meeting.meeting_kind.code(), meeting.on, &Roll::default(), None)?;
    let quorum = judge(view, meeting, families, None)?;
    Ok(QuorumMeter {
        free: wanted.gates.is_empty() && wanted.uncounted.is_empty(),
        opens: quorum.opens,
        decides: quorum.decision != Decision::Never,
        gates: quorum.gates.iter().map(told).collect(),
        uncounted: quorum.uncounted,
    })
}

/// What the rule of its kind says of this meeting, and of a vote in it.
pub fn judge(view: View<'_>, meeting: &Meeting, families: u32, votes: Option<Votes>) -> Result<Quorum> {
    let (rules, kind, on) = (Rules::shipped(), meeting.meeting_kind.code(), meeting.on);
    let mut roll = Roll::default();
    for basis in rules.bases(kind, on)? {
        if let Some((due, present)) = turnout(view, meeting, families, basis)? {
            roll = roll.and(basis, due, present);
        }
    }
    Ok(rules.quorum(kind, on, &roll, votes)?)
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

fn turnout(view: View<'_>, meeting: &Meeting, families: u32, basis: Basis) -> Result<Option<(u32, u32)>> {
    let Some(present) = meeting.present.or((families > 0).then_some(families)) else { return Ok(None) };
    Ok(match basis {
        Basis::Households => (families > 0).then_some((households(view, meeting)?, families)),
        Basis::Adults => Some((adults(view, meeting)?, present)),
        Basis::Voters => {
            let voters = voters(view, meeting)?;
            Some((voters.len() as u32, voters_came(view, meeting, &voters, present)?))
        }
        Basis::Representatives | Basis::Committee | Basis::Collective => meeting.expected.map(|due| (due, present)),
    })
}

/// 十八周岁以上, of the groups that are called. Whose birth is not known is not counted.
fn adults(view: View<'_>, meeting: &Meeting) -> Result<u32> {
    let age = Rules::shipped().int("adult_age", meeting.on)?;
    let born_by = meeting.on - chrono::Months::new(u32::try_from(age).unwrap_or(0) * 12);
    let called: std::collections::HashSet<_> =
        view.all::<Household>()?.into_iter().filter(|h| meeting.calls(h)).map(|h| h.id).collect();
    let is_adult = |born: &PartialDate| born.latest() <= born_by;
    let counts = |p: &Person| {
        p.on_roll(meeting.on)
            && p.household.is_some_and(|h| called.contains(&h))
            && p.born.as_ref().is_some_and(is_adult)
    };
    Ok(view.all::<Person>()?.iter().filter(|p| counts(p)).count() as u32)
}
