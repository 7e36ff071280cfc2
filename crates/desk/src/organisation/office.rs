//! 任职 — offices by body, those held now first; a change of hands ends one and begins another in one step.

use std::collections::HashMap;

use lianhu_ledger::codes;
use lianhu_ledger::dates::Date;
use lianhu_ledger::records::{Group, GroupId, Office, OrgUnit, OrgUnitId, Person, PersonId};
use lianhu_ledger::{Code, Draft, Record, Refusal, View};
use serde::{Deserialize, Serialize};
use serde_json::json;
use ts_rs::TS;
use uuid::Uuid;

use super::checks::{self, BodyCheck};
use crate::desk::{Desk, Done};
use crate::problem::Result;

/// One body and who is in it.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct BodyOffices {
    pub organ: String,
    pub now: Vec<OfficeLine>,
    pub before: Vec<OfficeLine>,
    /// The earliest end of a term that runs: 换届.
    pub term_until: Option<Date>,
    pub checks: Vec<BodyCheck>,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct OfficeLine {
    pub id: Uuid,
    pub person: Uuid,
    pub name: String,
    pub position: String,
    pub woman: Option<bool>,
    pub age: Option<i32>,
    pub unit: Option<String>,
    pub group: Option<String>,
    pub from: Option<Date>,
    pub until: Option<Date>,
    pub term_until: Option<Date>,
    pub vetted_on: Option<Date>,
    pub filed_on: Option<Date>,
    pub ended_why: Option<String>,
}

/// Every body that there may be, in the order of the code set.
pub(super) fn bodies(view: View<'_>) -> Result<Vec<BodyOffices>> {
    let offices = view.all::<Office>()?;
    let people: HashMap<PersonId, Person> = people_of(view, &offices)?;
    let units: HashMap<OrgUnitId, String> = view.all::<OrgUnit>()?.into_iter().map(|u| (u.id, u.name)).collect();
    let groups: HashMap<GroupId, Group> = view.all::<Group>()?.into_iter().map(|g| (g.id, g)).collect();
    let number = |o: &Office| o.group.and_then(|id| groups.get(&id)).and_then(|g| g.number);
    let line = |o: &Office| {
        let person = people.get(&o.person);
        OfficeLine {
            id: o.id.0,
            person: o.person.0,
            name: person.map(|p| p.name.clone()).unwrap_or_default(),
            position: o.position.clone(),
            woman: person.and_then(|p| p.sex.as_ref()).map(|sex| sex.code() == "2"),
            age: person.and_then(|p| p.born.as_ref()).and_then(|born| lianhu_ledger::dates::age_on(born, view.today)),
            unit: o.org_unit.and_then(|id| units.get(&id).cloned()),
            group: o.group.and_then(|id| groups.get(&id)).map(|g| g.name.clone()),
            from: o.from,
            until: o.until,
            term_until: o.term_until,
            vetted_on: o.vetted_on,
            filed_on: o.filed_on,
            ended_why: o.ended_why.clone(),
        }
    };
    let set = codes::set("office_body").into_iter().flat_map(|set| &set.codes);
    let mut bodies = Vec::new();
    for organ in set.map(|code| code.code.as_str()) {
        let mut of: Vec<&Office> = offices.iter().filter(|o| o.organ.code() == organ).collect();
        of.sort_by_key(|o| (rank(&o.position), number(o), o.id));
        let now: Vec<OfficeLine> = of.iter().filter(|o| o.stands_on(view.today)).map(|o| line(o)).collect();
        let mut before: Vec<OfficeLine> = of.iter().filter(|o| !o.stands_on(view.today)).map(|o| line(o)).collect();
        before.sort_by_key(|o| std::cmp::Reverse(o.until));
        bodies.push(BodyOffices {
            organ: organ.to_owned(),
            term_until: now.iter().filter_map(|o| o.term_until).min(),
            checks: checks::of(view, organ, &offices, &people)?,
            now,
            before,
        });
    }
    Ok(bodies)
}

fn people_of(view: View<'_>, offices: &[Office]) -> Result<HashMap<PersonId, Person>> {
    let mut people = HashMap::new();
    for id in offices.iter().map(|o| o.person) {
        if let Some(person) = view.get::<Person>(id.0)?.filter(|_| !people.contains_key(&id)) {
            people.insert(id, person);
        }
    }
    Ok(people)
}

/// 书记、主任、组长 stand before 副职, those before 委员 and everybody else.
fn rank(position: &str) -> usize {
    let heads = ["书记", "主任", "队长", "组长"];
    match (position.contains('副'), heads.iter().any(|head| position.contains(head))) {
        (false, true) => 0,
        (true, _) => 1,
        (false, false) => 2,
    }
}

/// One or several people take up an office of one body: 58 representatives are entered group by group.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct NewOffice {
    pub organ: String,
    pub position: String,
    pub persons: Vec<Uuid>,
    #[serde(default)]
    #[ts(optional)]
    pub unit: Option<Uuid>,
    #[serde(default)]
    #[ts(optional)]
    pub group: Option<Uuid>,
    #[serde(default)]
    #[ts(optional)]
    pub from: Option<Date>,
    #[serde(default)]
    #[ts(optional)]
    pub term_until: Option<Date>,
    #[serde(default)]
    #[ts(optional)]
    pub vetted_on: Option<Date>,
    #[serde(default)]
    #[ts(optional)]
    pub filed_on: Option<Date>,
}

pub fn new(desk: &Desk, ask: NewOffice) -> Result<Done<usize>> {
    if ask.persons.is_empty() {
        return Err(Refusal::new(Code::Missing).with("kind", Office::KIND).with("field", "person").into());
    }
    desk.edit("office", |draft| {
        for person in &ask.persons {
            create(draft, &ask, *person)?;
        }
        Ok(ask.persons.len())
    })
}

fn create(draft: &mut Draft<'_>, ask: &NewOffice, person: Uuid) -> Result<Uuid> {
    let fields = [
        ("organ", json!(ask.organ)),
        ("position", json!(ask.position)),
        ("person", json!(person)),
        ("org_unit", json!(ask.unit)),
        ("group", json!(ask.group)),
        ("from", json!(ask.from)),
        ("term_until", json!(ask.term_until)),
        ("vetted_on", json!(ask.vetted_on)),
        ("filed_on", json!(ask.filed_on)),
    ];
    draft.create(Office::KIND, fields.into_iter().map(|(k, v)| (k.to_owned(), v)).collect())
}

fn standing(view: View<'_>, id: Uuid) -> Result<Office> {
    let found = view.get::<Office>(id)?.filter(|o| o.gone.is_none());
    found.ok_or_else(|| Refusal::new(Code::NoSuchRecord).with("kind", Office::KIND).with("id", id).into())
}

/// 免职、届满离任.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct EndOffice {
    pub id: Uuid,
    pub on: Date,
    #[serde(default)]
    pub why: String,
}

pub fn end(desk: &Desk, ask: EndOffice) -> Result<Done<Uuid>> {
    desk.edit("office", |draft| {
        standing(draft.view(), ask.id)?;
        finish(draft, &ask)?;
        Ok(ask.id)
    })
}

fn finish(draft: &mut Draft<'_>, ask: &EndOffice) -> Result<()> {
    let fields = [("until", json!(ask.on)), ("ended_why", json!(ask.why))];
    draft.patch(Office::KIND, ask.id, fields.into_iter().map(|(k, v)| (k.to_owned(), v)).collect())
}

/// 换人: the same office goes to somebody else from that day.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct HandOffice {
    pub id: Uuid,
    pub to: Uuid,
    pub on: Date,
    #[serde(default)]
    pub why: String,
}

pub fn hand(desk: &Desk, ask: HandOffice) -> Result<Done<Uuid>> {
    desk.edit("office", |draft| {
        let office = standing(draft.view(), ask.id)?;
        finish(draft, &EndOffice { id: ask.id, on: ask.on, why: ask.why.clone() })?;
        let new = NewOffice {
            organ: office.organ.code().to_owned(),
            position: office.position,
            persons: Vec::new(),
            unit: office.org_unit.map(|u| u.0),
            group: office.group.map(|g| g.0),
            from: Some(ask.on),
            term_until: office.term_until,
            vetted_on: None,
            filed_on: None,
        };
        create(draft, &new, ask.to)
    })
}
