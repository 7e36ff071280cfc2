//! 到会 — who is called to a meeting, how many came, and whether that is enough for its kind to open and to decide. What
//! the ledger does not know (who the representatives are) is taken from 应到 as it was written.

use std::collections::HashSet;

use crate::dates::PartialDate;
use crate::query::View;
use crate::records::{Household, Meeting, PartyMember, Person, PersonId};
use crate::refusal::Result;
use crate::rules::Rules;
use crate::rules::quorum::{Basis, Quorum, Roll, Votes};

impl View<'_> {
    /// 应到, as the roll of that day makes it: households, or the persons who are called; `None` where the ledger does not
    /// know the body.
    pub fn expected_of(self, meeting: &Meeting) -> Result<Option<u32>> {
        Ok(match meeting.meeting_kind.code() {
            "mass" | "yard" | "villagers" | "group" => Some(self.households(meeting)?),
            _ => self.persons_called(meeting)?.map(|persons| persons.len() as u32),
        })
    }

    fn households(self, meeting: &Meeting) -> Result<u32> {
        Ok(self.all::<Household>()?.iter().filter(|h| meeting.calls(h)).count() as u32)
    }

    /// 有表决权的: full members of the branch that day.
    fn voters(self, meeting: &Meeting) -> Result<HashSet<PersonId>> {
        let day = meeting.on;
        let votes = |m: &PartyMember| m.stands_on(day) && !m.is_probationary_on(day);
        Ok(self.all::<PartyMember>()?.iter().filter(|m| votes(m)).map(|m| m.person).collect())
    }

    /// How many of those who came may vote. Where only heads were counted, everyone who came is taken for a voter: as many as
    /// there are at most.
    fn voters_came(self, meeting: &Meeting, voters: &HashSet<PersonId>, present: u32) -> Result<u32> {
        let named: Vec<_> = self.attendance(meeting.id)?.into_iter().filter(|a| a.household.is_none()).collect();
        if named.is_empty() {
            return Ok(present.min(voters.len() as u32));
        }
        let came = named.iter().filter(|a| a.absent_why.is_none()).filter_map(|a| a.person);
        Ok(came.filter(|person| voters.contains(person)).count() as u32)
    }

    /// What the rule of its kind says of this meeting, and of a vote in it.
    pub fn judged(self, meeting: &Meeting, votes: Option<Votes>) -> Result<Quorum> {
        let (rules, kind, on) = (Rules::shipped(), meeting.meeting_kind.code(), meeting.on);
        let families = self.families_came(meeting.id)?;
        let mut roll = Roll::default();
        for basis in rules.bases(kind, on)? {
            if let Some((due, present)) = self.turnout(meeting, families, basis)? {
                roll = roll.and(basis, due, present);
            }
        }
        Ok(rules.quorum(kind, on, &roll, votes)?)
    }

    /// Households that were ticked off count as having come; none ticked is not known.
    fn turnout(self, meeting: &Meeting, families: u32, basis: Basis) -> Result<Option<(u32, u32)>> {
        let Some(present) = meeting.present.or((families > 0).then_some(families)) else { return Ok(None) };
        Ok(match basis {
            Basis::Households => (families > 0).then_some((self.households(meeting)?, families)),
            Basis::Adults => Some((self.adults(meeting)?, present)),
            Basis::Voters => {
                let voters = self.voters(meeting)?;
                Some((voters.len() as u32, self.voters_came(meeting, &voters, present)?))
            }
            Basis::Representatives | Basis::Committee | Basis::Collective => meeting.expected.map(|due| (due, present)),
        })
    }

    /// 十八周岁以上, of the groups that are called. Whose birth is not known is not counted.
    fn adults(self, meeting: &Meeting) -> Result<u32> {
        let age = Rules::shipped().int("adult_age", meeting.on)?;
        let born_by = meeting.on - chrono::Months::new(u32::try_from(age).unwrap_or(0) * 12);
        let called: std::collections::HashSet<_> =
            self.all::<Household>()?.into_iter().filter(|h| meeting.calls(h)).map(|h| h.id).collect();
        let is_adult = |born: &PartialDate| born.latest() <= born_by;
        let counts = |p: &Person| {
            p.on_roll(meeting.on)
                && p.household.is_some_and(|h| called.contains(&h))
                && p.born.as_ref().is_some_and(is_adult)
        };
        Ok(self.all::<Person>()?.iter().filter(|p| counts(p)).count() as u32)
    }
}
