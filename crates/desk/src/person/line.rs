//! 人 as a page shows one: everything but the numbers, which are masked.

use std::collections::HashMap;

use lianhu_ledger::records::{Household, PartyMember, Person, PersonId};
use lianhu_ledger::{Code, Refusal, View};
use lianhu_report::mask;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

use crate::desk::Desk;
use crate::problem::Result;

/// How sure we are of an ID number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum IdState {
    /// Checked and right.
    Sound,
    /// 号码可能有误: kept as it was typed.
    Doubtful,
    /// 待补, or there is none.
    Missing,
}

pub(super) fn id_state(person: &Person) -> IdState {
    match (&person.id_number, typed_number(person)) {
        (Some(_), _) => IdState::Sound,
        (None, Some(_)) => IdState::Doubtful,
        (None, None) => IdState::Missing,
    }
}

pub(super) fn typed_number(person: &Person) -> Option<&str> {
    person.as_typed.as_ref()?.0.get("id_number").map(String::as_str)
}

pub(crate) fn masked_phone(phone: &str) -> String {
    mask::phone(phone).as_str().to_owned()
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct PersonLine {
    pub id: Uuid,
    pub name: String,
    pub household: Option<Uuid>,
    pub head: bool,
    pub relation: Option<String>,
    pub sex: Option<String>,
    pub ethnic: Option<String>,
    /// As far as it is known: a year, a month or a day.
    pub born: Option<String>,
    /// Masked; where the number is doubtful, what was typed, masked.
    pub id_number: Option<String>,
    pub id_state: IdState,
    /// Masked.
    pub phone: Option<String>,
    pub education: Option<String>,
    pub political: Option<String>,
    /// 党员 of this branch: the code of the standing.
    pub member: Option<String>,
    pub away: bool,
    pub away_since: Option<String>,
    pub away_where: Option<String>,
    pub died_on: Option<String>,
    pub left_on: Option<String>,
    pub left_why: Option<String>,
    pub unit: Option<String>,
    pub post: Option<String>,
    pub note: Option<String>,
    pub on_roll: bool,
    /// 作废: why.
    pub gone: Option<String>,
}

/// Members of the branch today, with the code of their standing.
pub(super) fn members(view: View<'_>) -> Result<HashMap<PersonId, String>> {
    let members = view.all::<PartyMember>()?.into_iter().filter(|member| member.stands_on(view.today));
    let standing = |member: &PartyMember| member.class.as_ref().map_or("01", |class| class.code()).to_owned();
    Ok(members.map(|member| (member.person, standing(&member))).collect())
}

/// The head first, then those on the roll as they were entered, then those who died or left.
pub(crate) fn lines(view: View<'_>, people: Vec<Person>, head: Option<PersonId>) -> Result<Vec<PersonLine>> {
    let members = members(view)?;
    let mut lines: Vec<PersonLine> = people.into_iter().map(|person| line(view, person, head, &members)).collect();
    lines.sort_by_key(|line| (!line.head, !line.on_roll));
    Ok(lines)
}

fn line(view: View<'_>, person: Person, head: Option<PersonId>, members: &HashMap<PersonId, String>) -> PersonLine {
    let number = person.id_number.as_deref().or_else(|| typed_number(&person));
    PersonLine {
        on_roll: person.on_roll(view.today),
        id_state: id_state(&person),
        id_number: number.map(|number| mask::id(number).as_str().to_owned()),
        id: person.id.0,
        head: head == Some(person.id),
        member: members.get(&person.id).cloned(),
        name: person.name,
        household: person.household.map(|household| household.0),
        relation: person.relation.map(|code| code.code().to_owned()),
        sex: person.sex.map(|code| code.code().to_owned()),
        ethnic: person.ethnic.map(|code| code.code().to_owned()),
        born: person.born.map(String::from),
        phone: person.phone.as_deref().map(masked_phone),
        education: person.education.map(|code| code.code().to_owned()),
        political: person.political.map(|code| code.code().to_owned()),
        away: person.away == Some(true),
        away_since: person.away_since.map(String::from),
        away_where: person.away_where,
        died_on: person.died_on.map(String::from),
        left_on: person.left_on.map(String::from),
        left_why: person.left_why,
        unit: person.unit,
        post: person.post.map(|code| code.code().to_owned()),
        note: person.note,
        gone: person.gone.map(|gone| gone.reason),
    }
}

#[derive(Clone, Copy, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct WhichPerson {
    pub id: Uuid,
}

pub fn look(desk: &Desk, ask: WhichPerson) -> Result<PersonLine> {
    desk.read(|ledger| {
        let view = ledger.view();
        let missing = || Refusal::new(Code::NoSuchRecord).with("kind", "person").with("id", ask.id);
        let person: Person = view.get(ask.id)?.ok_or_else(missing)?;
        let household = person.household.map(|id| view.get::<Household>(id.0)).transpose()?.flatten();
        let members = members(view)?;
        Ok(line(view, person, household.and_then(|h| h.head), &members))
    })
}
