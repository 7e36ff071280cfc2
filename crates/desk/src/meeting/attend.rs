//! 到会 — which families came, and who for them. The number of people follows what is ticked off for as long as nobody
//! writes another; a village that only counted heads leaves the list alone and writes the number.

use std::collections::HashMap;

use lianhu_ledger::records::meeting::Meeting;
use lianhu_ledger::records::{Attendance, Group, Household, HouseholdId, MeetingId, PartyMember, Person, PersonId};
use lianhu_ledger::text::{Lang, say};
use lianhu_ledger::{Draft, Record};
use serde::{Deserialize, Serialize};
use serde_json::json;
use ts_rs::TS;
use uuid::Uuid;

use super::{WhichMeeting, standing};
use crate::desk::{Desk, Done};
use crate::problem::Result;

/// A household that is called.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct RollLine {
    pub household: Uuid,
    pub head: String,
    pub group: Option<Uuid>,
    pub group_name: Option<String>,
    pub number: Option<u32>,
    /// On the roll that day.
    pub people: u32,
}

/// Everyone who is called, in the order of the sign-in sheet.
pub fn roll(desk: &Desk, ask: WhichMeeting) -> Result<Vec<RollLine>> {
    desk.read(|ledger| {
        let view = ledger.view();
        let meeting = standing(view, ask.id)?;
        let names: HashMap<PersonId, String> = view.all::<Person>()?.into_iter().map(|p| (p.id, p.name)).collect();
        let groups: HashMap<_, Group> = view.all::<Group>()?.into_iter().map(|g| (g.id, g)).collect();
        let mut people: HashMap<HouseholdId, u32> = HashMap::new();
        view.roll(meeting.on)?.iter().for_each(|p| *people.entry(p.household).or_default() += 1);
        let mut called: Vec<Household> = view.all::<Household>()?.into_iter().filter(|h| meeting.calls(h)).collect();
        called.sort_by_key(|h| {
            let group = h.group.and_then(|g| groups.get(&g));
            (group.is_none(), group.map(|g| (g.number, g.name.clone())), h.number, h.id)
        });
        let line = |h: Household| RollLine {
            household: h.id.0,
            head: h.head.and_then(|p| names.get(&p).cloned()).unwrap_or_default(),
            group: h.group.map(|g| g.0),
            group_name: h.group.and_then(|g| groups.get(&g)).map(|g| g.name.clone()),
            number: h.number,
            people: people.get(&h.id).copied().unwrap_or(0),
        };
        Ok(called.into_iter().map(line).collect())
    })
}

/// A family that came.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct CameFamily {
    pub household: Uuid,
    pub people: Option<u32>,
    /// Who came for them, where that was kept.
    pub person: Option<Uuid>,
    pub name: Option<String>,
}

pub fn came(desk: &Desk, ask: WhichMeeting) -> Result<Vec<CameFamily>> {
    desk.read(|ledger| {
        let view = ledger.view();
        let mut families = Vec::new();
        for entry in view.attendance(MeetingId(ask.id))?.into_iter().filter(|a| a.absent_why.is_none()) {
            let Some(household) = entry.household else { continue };
            let person = entry.person.map(|p| view.get::<Person>(p.0)).transpose()?.flatten();
            families.push(CameFamily {
                household: household.0,
                people: entry.people,
                person: entry.person.map(|p| p.0),
                name: person.map(|p| p.name),
            });
        }
        Ok(families)
    })
}

#[derive(Clone, Copy, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct WhichFamily {
    pub meeting: Uuid,
    pub household: Uuid,
}

/// Someone of the household who may have come for it.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct FamilyMember {
    pub person: Uuid,
    pub name: String,
    pub head: bool,
    pub woman: bool,
    pub party_member: bool,
}

pub fn family(desk: &Desk, ask: WhichFamily) -> Result<Vec<FamilyMember>> {
    desk.read(|ledger| {
        let view = ledger.view();
        let meeting = standing(view, ask.meeting)?;
        let head = view.get::<Household>(ask.household)?.and_then(|h| h.head);
        let members: Vec<PersonId> =
            view.all::<PartyMember>()?.into_iter().filter(|m| m.stands_on(meeting.on)).map(|m| m.person).collect();
        let mut people = view.select::<Person>("household = ?1 ORDER BY id", [ask.household.as_bytes()])?;
        people.retain(|p| p.on_roll(meeting.on));
        people.sort_by_key(|p| Some(p.id) != head);
        let told = |p: Person| FamilyMember {
            person: p.id.0,
            head: Some(p.id) == head,
            woman: p.sex.as_ref().is_some_and(|sex| sex.code() == "2"),
            party_member: members.contains(&p.id),
            name: p.name,
        };
        Ok(people.into_iter().map(told).collect())
    })
}

/// What is known of one family now.
#[derive(Clone, Copy, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct FamilyCame {
    pub household: Uuid,
    pub came: bool,
    /// How many; one came for them where nothing else is said.
    #[serde(default)]
    #[ts(optional)]
    pub people: Option<u32>,
    #[serde(default)]
    #[ts(optional)]
    pub person: Option<Uuid>,
}

#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SaveAttendance {
    pub meeting: Uuid,
    pub families: Vec<FamilyCame>,
    #[serde(default)]
    #[ts(optional)]
    pub correct: Option<String>,
}

pub fn save_attendance(desk: &Desk, ask: SaveAttendance) -> Result<Done<u32>> {
    desk.correct("attendance", ask.correct.as_deref(), |draft| {
        let meeting = standing(draft.view(), ask.meeting)?;
        let before = heads(draft, &meeting)?;
        let mut now = before.clone();
        for family in &ask.families {
            write(draft, &meeting, family)?;
            now.remove(&family.household);
            if family.came {
                now.insert(family.household, family.people.unwrap_or(1));
            }
        }
        let (was, total) = (before.values().sum::<u32>(), now.values().sum::<u32>());
        let follows = meeting.present.unwrap_or(0) == was;
        if follows && meeting.present != Some(total) {
            let present = (total > 0).then_some(total);
            draft.patch(Meeting::KIND, ask.meeting, [("present".to_owned(), json!(present))].into())?;
        }
        Ok(now.len() as u32)
    })
}

/// How many came of each family; one where only the family was ticked off.
fn heads(draft: &Draft<'_>, meeting: &Meeting) -> Result<HashMap<Uuid, u32>> {
    let entries = draft.view().attendance(meeting.id)?;
    let came = entries.into_iter().filter(|a| a.absent_why.is_none());
    Ok(came.filter_map(|a| Some((a.household?.0, a.people.unwrap_or(1)))).collect())
}

/// Whoever came for the family is told beside the entry and is no part of its id: two computers mean the same family.
fn write(draft: &mut Draft<'_>, meeting: &Meeting, family: &FamilyCame) -> Result<()> {
    let id = draft.only_one(Attendance::KIND, &[&meeting.id.0, &family.household, &""]);
    let standing = draft.get::<Attendance>(id)?;
    if !family.came {
        if standing.is_some_and(|a| a.gone.is_none()) {
            draft.void(Attendance::KIND, id, &say(Lang::ZhCn, "reason.not_come", &[]))?;
        }
        return Ok(());
    }
    if standing.is_some_and(|a| a.gone.is_some()) {
        draft.restore(Attendance::KIND, id)?;
    }
    let fields = [
        ("meeting", json!(meeting.id)),
        ("household", json!(family.household)),
        ("people", json!(family.people.unwrap_or(1))),
        ("person", json!(family.person)),
    ];
    draft.patch(Attendance::KIND, id, fields.into_iter().map(|(k, v)| (k.to_owned(), v)).collect())
}
