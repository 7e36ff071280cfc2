//! Records of every kind that a figure counts, in words' order: by day, else by group and number.

use std::collections::HashMap;

use lianhu_ledger::dates::Date;
use lianhu_ledger::record::Record;
use lianhu_ledger::records::{Correction, HouseholdId, Matter, Meeting, PartyMember, PersonId, Rating, Round, Visit};
use lianhu_ledger::{Result, View};
use uuid::Uuid;

use super::names::Names;
use super::{Behind, Link};
use crate::figures::Figures;
use crate::lines::Rate;

/// Tells records of one month, its names read once.
pub struct Tell<'a> {
    view: View<'a>,
    as_of: Date,
    names: Names,
    helpers: HashMap<HouseholdId, Vec<String>>,
}

impl<'a> Tell<'a> {
    pub fn new(view: View<'a>, figures: &Figures) -> Result<Tell<'a>> {
        let names = Names::read(view)?;
        Ok(Tell { helpers: names.helpers(view, figures.as_of)?, names, view, as_of: figures.as_of })
    }

    /// `figure` is the name of the figure they are told for.
    pub fn all(&self, kind: &str, ids: &[Uuid], figure: &str) -> Result<Vec<Behind>> {
        let mut told = Vec::new();
        for id in ids {
            let one = match kind {
                "household" => Some(self.household(HouseholdId(*id))),
                "person" => Some(self.person(PersonId(*id))),
                "group" => self.group(*id),
                "visit" => self.record(*id, |visit| self.visit(visit))?,
                "meeting" => self.record(*id, |meeting| meeting_told(meeting, figure))?,
                "matter" => self.record(*id, |matter| self.matter(matter))?,
                "party_member" => self.record(*id, |member| self.member(member))?,
                "rating" => self.record(*id, |rating| self.rating(rating))?,
                "round" => self.record(*id, |round| self.round(round))?,
                "correction" => self.record(*id, |correction| self.correction(correction))?,
                _ => None,
            };
            told.extend(one.map(|one| Behind { kind: kind.to_owned(), id: *id, ..one }));
        }
        told.sort_by_key(|one| (one.on, one.household.as_ref().map(|home| (home.group_number, home.number))));
        Ok(told)
    }

    /// A voided record is told too: a closed month counted it.
    fn record<R: Record>(&self, id: Uuid, tell: impl FnOnce(R) -> Behind) -> Result<Option<Behind>> {
        Ok(self.view.get::<R>(id)?.map(tell))
    }

    fn household(&self, id: HouseholdId) -> Behind {
        let people = self.helpers.get(&id).cloned().unwrap_or_default();
        Behind { people, link: Some(Link::Household { id: id.0 }), ..self.at(Some(id)) }
    }

    fn at(&self, household: Option<HouseholdId>) -> Behind {
        Behind { household: household.and_then(|id| self.names.home(id)), n: 1, ..Behind::default() }
    }

    fn person(&self, id: PersonId) -> Behind {
        let household = self.names.household_of(id);
        let link = household.map(|household| Link::Household { id: household.0 });
        Behind { people: self.named(id), link, ..self.at(household) }
    }

    fn named(&self, id: PersonId) -> Vec<String> {
        self.names.person(id).map(str::to_owned).into_iter().collect()
    }

    fn group(&self, id: Uuid) -> Option<Behind> {
        let group = self.names.group(lianhu_ledger::records::GroupId(id))?;
        Some(Behind { text: Some(group.name.clone()), n: 1, ..Behind::default() })
    }

    fn visit(&self, visit: Visit) -> Behind {
        Behind {
            on: Some(visit.on),
            people: self.named(visit.visitor),
            text: visit.opportunity,
            link: Some(Link::Visit { id: visit.id.0 }),
            gone: visit.gone.is_some(),
            ..self.at(Some(visit.household))
        }
    }

    fn matter(&self, matter: Matter) -> Behind {
        let stands = if matter.is_answered_by(self.as_of) { "answered" } else { "open" };
        Behind {
            on: Some(matter.on),
            people: matter.owner.into_iter().collect(),
            text: Some(matter.text),
            code: Some(stands.to_owned()),
            link: Some(Link::Matter { id: matter.id.0 }),
            gone: matter.gone.is_some(),
            ..self.at(matter.household)
        }
    }

    fn member(&self, member: PartyMember) -> Behind {
        Behind { text: member.cell, gone: member.gone.is_some(), ..self.person(member.person) }
    }

    fn rating(&self, rating: Rating) -> Behind {
        let why = rating.veto.or(rating.unrated_reason);
        let link = Some(Link::Household { id: rating.household.0 });
        Behind { text: why, link, gone: rating.gone.is_some(), ..self.at(Some(rating.household)) }
    }

    fn round(&self, round: Round) -> Behind {
        let rate = round.tally.as_ref().map(|tally| Rate { num: tally.satisfied() as i64, den: tally.valid() as i64 });
        Behind {
            people: round.speaker.into_iter().collect(),
            text: Some(round.who),
            n: rate.map_or(0, |rate| rate.num),
            rate,
            link: Some(Link::Meeting { id: round.meeting.0 }),
            gone: round.gone.is_some(),
            ..Behind::default()
        }
    }

    /// The correction leads to what was corrected, where that has a page.
    fn correction(&self, correction: Correction) -> Behind {
        let of: Option<Uuid> = correction.of.parse().ok();
        let about = of.map(|id| self.about(&correction.of_kind, id)).unwrap_or_default();
        Behind {
            on: Some(correction.on),
            text: Some(correction.reason),
            code: Some(correction.of_kind),
            n: 1,
            household: about.household,
            people: about.people,
            link: about.link,
            ..Behind::default()
        }
    }

    fn about(&self, kind: &str, id: Uuid) -> Behind {
        let found = self.all_of_few(kind, id).unwrap_or_default();
        found.into_iter().next().unwrap_or_default()
    }

    fn all_of_few(&self, kind: &str, id: Uuid) -> Result<Vec<Behind>> {
        if kind == "correction" { Ok(Vec::new()) } else { self.all(kind, &[id], "") }
    }
}

fn meeting_told(meeting: Meeting, figure: &str) -> Behind {
    Behind {
        on: Some(meeting.on),
        text: meeting.place,
        code: Some(meeting.meeting_kind.code().to_owned()),
        // 人次 adds up who was there; every other figure counts the meeting once.
        n: if figure == "attended" { i64::from(meeting.present.unwrap_or(0)) } else { 1 },
        link: Some(Link::Meeting { id: meeting.id.0 }),
        gone: meeting.gone.is_some(),
        ..Behind::default()
    }
}
