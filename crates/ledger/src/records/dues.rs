//! 党费 — what a member has paid for a month. There is one record for a member and a month: two who enter the same month
//! mean the same payment, and where they differ both sums are kept to be chosen from. Several months paid at one go are
//! as many records of one day under one receipt. More than is due is a voluntary extra (自愿多交). A payment is a fact of
//! the day it was made, not of the month it is for: a closed month takes it without a correction.

use std::collections::HashMap;

use crate::dates::{Date, Month};
use crate::query::View;
use crate::record::{Life, Record, record};
use crate::records::dues_base::{Bases, Fen};
use crate::records::party_member::by_number;
use crate::records::{PartyMember, PartyMemberId, Person, PersonId};
use crate::refusal::{Code, Refusal, Result};
use crate::rules::Rules;

record! { Dues(DuesId) in "dues" only_one(member, month) index(member, month) {
    member: PartyMemberId,
    /// The month it is for.
    month: Month,
    /// 实交, in fen.
    fen: Fen,
    paid_on: Date,
    /// 收款人.
    collected_by: Option<String>,
    /// 收据号.
    receipt: Option<String>,
} }

impl Life for Dues {
    fn check(&self, view: &View<'_>) -> Result<()> {
        if self.paid_on > view.today {
            return Err(Refusal::new(Code::FutureDate).with("on", self.paid_on).into());
        }
        let unfit = |field: &str, typed: String| {
            Refusal::new(Code::Unfit).with("kind", Dues::KIND).with("field", field).with("typed", typed)
        };
        if self.fen == 0 {
            return Err(unfit("fen", "0".to_owned()).into());
        }
        let Some(member) = view.get::<PartyMember>(self.member.0)? else { return Ok(()) };
        let person = view.get::<Person>(member.person.0)?;
        // Who left within a month may have paid it before going.
        let stood =
            stands(&member, person.as_ref(), self.month.last()) || stands(&member, person.as_ref(), self.month.first());
        if stood { Ok(()) } else { Err(unfit("month", self.month.to_string()).into()) }
    }
}

/// A member of the branch and alive. Moving away from the village does not end a membership.
fn stands(member: &PartyMember, person: Option<&Person>, day: Date) -> bool {
    let died = person.and_then(|p| p.died_on.as_ref());
    member.stands_on(day) && died.is_none_or(|died| died.earliest() > day)
}

/// What a month asks of a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// Not of the branch at the end of the month: a transfer is asked for its month once, where it has come to.
    NotAsked,
    /// 应交 is not known: no base, nothing chosen, or the day of admission not known.
    Unknown,
    /// 0 is 免交.
    Fen(Fen),
}

impl Due {
    pub fn fen(self) -> Option<Fen> {
        match self {
            Due::Fen(fen) => Some(fen),
            Due::NotAsked | Due::Unknown => None,
        }
    }

    /// Has to pay, whether it is known how much or not.
    pub fn is_asked(self) -> bool {
        self != Due::NotAsked && self != Due::Fen(0)
    }
}

/// One cell of the grid.
#[derive(Clone, Debug, PartialEq)]
pub struct MonthDues {
    pub month: Month,
    pub due: Due,
    pub paid: Option<Dues>,
}

impl MonthDues {
    fn paid_fen(&self) -> Fen {
        self.paid.as_ref().map_or(0, |paid| paid.fen)
    }

    /// Paid in full; where it is not known what is due, whatever was paid.
    pub fn is_paid(&self) -> bool {
        self.paid.is_some() && self.due.fen().is_none_or(|due| self.paid_fen() >= due)
    }

    /// 欠交: known to be due, and not paid in full. What is unknown is asked about, not owed.
    pub fn is_owed(&self) -> bool {
        self.due.is_asked() && self.due != Due::Unknown && !self.is_paid()
    }

    /// 自愿多交.
    pub fn extra(&self) -> Fen {
        self.due.fen().map_or(0, |due| self.paid_fen().saturating_sub(due))
    }
}

/// A member's year.
#[derive(Clone, Debug, PartialEq)]
pub struct MemberYear {
    pub member: PartyMember,
    pub name: String,
    /// January to December.
    pub months: Vec<MonthDues>,
}

impl MemberYear {
    /// Months that are over and owed; the month of `today` can still be paid in time.
    pub fn owed(&self, today: Date) -> impl Iterator<Item = &MonthDues> {
        let now = Month::of(today);
        self.months.iter().filter(move |cell| cell.month < now && cell.is_owed())
    }

    /// 一次自愿多交 that goes up to the centre: what was paid at once above what was due, where the rule of that day
    /// says so. The first cell of each such payment, and the extra in fen.
    pub fn to_forward(&self, rules: &Rules) -> Vec<(&Dues, Fen)> {
        let mut at_once: Vec<(&Dues, Fen)> = Vec::new();
        for (cell, paid) in self.months.iter().filter_map(|cell| Some((cell, cell.paid.as_ref()?))) {
            match at_once.iter_mut().find(|(first, _)| first.is_one_with(paid)) {
                Some((_, extra)) => *extra = extra.saturating_add(cell.extra()),
                None => at_once.push((paid, cell.extra())),
            }
        }
        let above = |paid: &Dues, extra: Fen| {
            let yuan = rules.int("dues_forward_above_yuan", paid.paid_on);
            yuan.is_ok_and(|yuan| i64::from(extra) > yuan * 100)
        };
        at_once.into_iter().filter(|(paid, extra)| above(paid, *extra)).collect()
    }
}

impl Dues {
    /// Paid together: by one member on one day, under one receipt.
    pub fn is_one_with(&self, other: &Dues) -> bool {
        (self.member, self.paid_on, &self.receipt) == (other.member, other.paid_on, &other.receipt)
    }
}

/// 应交、已交 of one month, by heads; no sum of money is in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DuesCount {
    /// Have to pay: stand at the end of the month and are not wholly let off. Those of `unknown` are among them.
    pub due: u32,
    /// Of those, have paid (in full, where it is known what is due).
    pub paid: u32,
    /// Of those, nobody knows how much is due.
    pub unknown: u32,
}

impl View<'_> {
    pub fn dues_paid(&self, from: Month, to: Month) -> Result<Vec<Dues>> {
        self.select("month BETWEEN ?1 AND ?2 ORDER BY month, id", (from.to_string(), to.to_string()))
    }

    /// 应交 n 人、已交 m 人, as the monthly report says it.
    pub fn dues_of(&self, month: Month) -> Result<DuesCount> {
        let mut count = DuesCount::default();
        for cell in self.members_dues(month, month)?.iter().flat_map(|member| &member.months) {
            if cell.due.is_asked() {
                count.due += 1;
                count.paid += u32::from(cell.is_paid());
                count.unknown += u32::from(cell.due == Due::Unknown);
            }
        }
        Ok(count)
    }

    /// 党费收缴: everyone who stood in that year, by cell and in the order of the roll.
    pub fn dues_year(&self, year: i32) -> Result<Vec<MemberYear>> {
        match (Month::new(year, 1), Month::new(year, 12)) {
            (Some(first), Some(last)) => self.members_dues(first, last),
            _ => Ok(Vec::new()),
        }
    }

    fn members_dues(&self, first: Month, last: Month) -> Result<Vec<MemberYear>> {
        let (bases, rules) = (self.dues_bases()?, Rules::shipped());
        let mut paid: HashMap<(PartyMemberId, Month), Dues> =
            self.dues_paid(first, last)?.into_iter().map(|dues| ((dues.member, dues.month), dues)).collect();
        let people: HashMap<PersonId, Person> = self.all::<Person>()?.into_iter().map(|p| (p.id, p)).collect();
        let mut members = self.all::<PartyMember>()?;
        members.sort_by_key(|m| (m.cell.is_none(), m.cell.as_deref().map(by_number), m.id));
        let months: Vec<Month> =
            std::iter::successors(Some(first), |month| Some(month.next())).take_while(|month| *month <= last).collect();
        let mut rows = Vec::new();
        for member in members {
            let person = people.get(&member.person);
            let cells: Vec<MonthDues> = months
                .iter()
                .map(|month| MonthDues {
                    month: *month,
                    due: due(&member, person, *month, &bases, &rules),
                    paid: paid.remove(&(member.id, *month)),
                })
                .collect();
            if cells.iter().any(|cell| cell.due != Due::NotAsked || cell.paid.is_some()) {
                let name = person.map(|p| p.name.clone()).unwrap_or_default();
                rows.push(MemberYear { member, name, months: cells });
            }
        }
        Ok(rows)
    }
}

fn due(member: &PartyMember, person: Option<&Person>, month: Month, bases: &Bases, rules: &Rules) -> Due {
    if !stands(member, person, month.last()) {
        return Due::NotAsked;
    }
    // From the day of the meeting that admitted them; when that day is known in part, its months are open.
    if member.joined_on.as_ref().is_some_and(|joined| joined.latest() > month.last()) {
        return Due::Unknown;
    }
    let known = bases.of(member.id, month).and_then(|base| base.due(month, rules));
    known.map_or(Due::Unknown, Due::Fen)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::DuesId;

    fn cell(due: Due, fen: Option<Fen>) -> MonthDues {
        let month: Month = "2026-03".parse().unwrap();
        let paid = fen.map(|fen| Dues {
            id: DuesId(uuid::Uuid::nil()),
            member: PartyMemberId(uuid::Uuid::nil()),
            month,
            fen,
            paid_on: month.first(),
            collected_by: None,
            receipt: None,
            note: None,
            gone: None,
        });
        MonthDues { month, due, paid }
    }

    #[test]
    fn owed_is_what_is_known_to_be_due_and_not_paid_in_full() {
        for (due, paid, owed) in [
            (Due::Fen(50), None, true),
            (Due::Fen(50), Some(49), true),
            (Due::Fen(50), Some(50), false),
            (Due::Fen(0), None, false),
            (Due::Unknown, None, false),
            (Due::NotAsked, None, false),
        ] {
            assert_eq!(cell(due, paid).is_owed(), owed, "{due:?} {paid:?}");
        }
    }

    #[test]
    fn more_than_is_due_is_an_extra_and_above_the_rule_it_goes_up() {
        let year = |fen: Fen| MemberYear {
            member: crate::records::PartyMember {
                id: PartyMemberId(uuid::Uuid::nil()),
                person: PersonId(uuid::Uuid::nil()),
                class: None,
                joined_on: None,
                full_on: None,
                cell: None,
                duty: None,
                has_post: None,
                floating: None,
                came_on: None,
                came_from: None,
                left_on: None,
                left_to: None,
                left_how: None,
                suspended_on: None,
                probation_until: None,
                as_typed: None,
                note: None,
                gone: None,
            },
            name: "张文".into(),
            months: vec![cell(Due::Fen(50), Some(fen)), cell(Due::Fen(50), Some(50))],
        };
        let rules = Rules::shipped();
        assert_eq!(year(100_050).months[0].extra(), 100_000);
        assert!(year(100_050).to_forward(&rules).is_empty(), "exactly the sum of the rule stays");
        assert_eq!(year(100_051).to_forward(&rules).len(), 1);
        assert_eq!(cell(Due::Unknown, Some(500)).extra(), 0, "what is due is not known");
    }
}
