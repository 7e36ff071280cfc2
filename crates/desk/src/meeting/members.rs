//! 到会党员 — who of those called came, who did not and why, and who made up for it later. Mostly all came: one ticks off who
//! was missing, and everybody else is entered as having come, in one step.

use std::collections::{HashMap, HashSet};

use lianhu_ledger::dates::Date;
use lianhu_ledger::records::party_member::by_number;
use lianhu_ledger::records::{Attendance, Meeting, MeetingId, PartyMember, PersonId};
use lianhu_ledger::{Code, Draft, Record, Refusal, View};
use serde::{Deserialize, Serialize};
use serde_json::json;
use ts_rs::TS;
use uuid::Uuid;

use super::{WhichMeeting, standing};
use crate::desk::{Desk, Done};
use crate::problem::Result;
use crate::session::Nothing;

/// Somebody who is called. Whether they came is known only once somebody has said so.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct CalledPerson {
    pub person: Uuid,
    pub name: String,
    pub cell: Option<String>,
    pub member: bool,
    pub probationary: bool,
    pub floating: bool,
    pub came: Option<bool>,
    pub absent_why: Option<String>,
    pub made_up_on: Option<Date>,
    pub made_up_how: Option<String>,
}

/// In the order of the roll: by 党小组, then as they were entered. Nobody where it is not known who is called.
pub fn persons(desk: &Desk, ask: WhichMeeting) -> Result<Vec<CalledPerson>> {
    desk.read(|ledger| {
        let view = ledger.view();
        let meeting = standing(view, ask.id)?;
        called(view, &meeting)
    })
}

/// 党小组 there are.
pub fn cells(desk: &Desk, _: Nothing) -> Result<Vec<String>> {
    desk.read(|ledger| {
        let view = ledger.view();
        view.cells(view.today)
    })
}

pub(crate) fn called(view: View<'_>, meeting: &Meeting) -> Result<Vec<CalledPerson>> {
    let entries: HashMap<PersonId, Attendance> = named(view, meeting.id)?;
    let members: HashMap<PersonId, PartyMember> =
        view.all::<PartyMember>()?.into_iter().filter(|m| m.stands_on(meeting.on)).map(|m| (m.person, m)).collect();
    let mut persons: HashSet<PersonId> = view.persons_called(meeting)?.unwrap_or_default().into_iter().collect();
    persons.extend(entries.keys());
    let names = view.names()?;
    let mut lines: Vec<CalledPerson> = persons
        .into_iter()
        .map(|person| {
            let member = members.get(&person);
            let entry = entries.get(&person);
            CalledPerson {
                person: person.0,
                name: names.get(&person).cloned().unwrap_or_default(),
                cell: member.and_then(|m| m.cell.clone()),
                member: member.is_some(),
                probationary: member.is_some_and(|m| m.is_probationary_on(meeting.on)),
                floating: member.is_some_and(|m| m.floating == Some(true)),
                came: entry.map(|e| e.absent_why.is_none()),
                absent_why: entry.and_then(|e| e.absent_why.clone()),
                made_up_on: entry.and_then(|e| e.made_up_on),
                made_up_how: entry.and_then(|e| e.made_up_how.clone()),
            }
        })
        .collect();
    lines.sort_by_key(|line| (line.cell.is_none(), line.cell.as_deref().map(by_number), line.person));
    Ok(lines)
}

fn named(view: View<'_>, meeting: MeetingId) -> Result<HashMap<PersonId, Attendance>> {
    let entries = view.attendance(meeting)?.into_iter().filter(|a| a.household.is_none());
    Ok(entries.filter_map(|a| Some((a.person?, a))).collect())
}

/// Somebody who did not come.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct AbsentPerson {
    pub person: Uuid,
    pub why: String,
}

/// 点名: everybody called is entered, who is missing with the reason.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct RollCall {
    pub meeting: Uuid,
    pub absent: Vec<AbsentPerson>,
    #[serde(default)]
    #[ts(optional)]
    pub correct: Option<String>,
}

pub fn roll_call(desk: &Desk, ask: RollCall) -> Result<Done<u32>> {
    if let Some(absent) = ask.absent.iter().find(|absent| absent.why.trim().is_empty()) {
        let refusal = Refusal::new(Code::Missing).with("kind", Attendance::KIND).with("field", "absent_why");
        return Err(refusal.with("id", absent.person).into());
    }
    desk.correct("roll_call", ask.correct.as_deref(), |draft| {
        let meeting = standing(draft.view(), ask.meeting)?;
        let before = came(draft.view(), meeting.id)?;
        let absent: HashMap<Uuid, &str> = ask.absent.iter().map(|a| (a.person, a.why.trim())).collect();
        let persons = called(draft.view(), &meeting)?;
        for person in &persons {
            enter(draft, &meeting, person, absent.get(&person.person).copied())?;
        }
        let now = persons.iter().filter(|p| !absent.contains_key(&p.person)).count() as u32;
        count(draft, &meeting, before, now, &persons)?;
        Ok(now)
    })
}

fn enter(draft: &mut Draft<'_>, meeting: &Meeting, person: &CalledPerson, why: Option<&str>) -> Result<()> {
    let id = draft.only_one(Attendance::KIND, &[&meeting.id.0, &"", &person.person]);
    if draft.get::<Attendance>(id)?.is_some_and(|a| a.gone.is_some()) {
        draft.restore(Attendance::KIND, id)?;
    }
    let mut fields = vec![("meeting", json!(meeting.id)), ("person", json!(person.person)), ("absent_why", json!(why))];
    if why.is_none() {
        fields.extend([("made_up_on", json!(null)), ("made_up_how", json!(null))]);
    }
    draft.patch(Attendance::KIND, id, fields.into_iter().map(|(k, v)| (k.to_owned(), v)).collect())
}

fn came(view: View<'_>, meeting: MeetingId) -> Result<Option<u32>> {
    let entries = named(view, meeting)?;
    let came = entries.values().filter(|a| a.absent_why.is_none()).count() as u32;
    Ok((!entries.is_empty()).then_some(came))
}

/// 实到 follows the roll call as long as nobody has written another number.
fn count(
    draft: &mut Draft<'_>,
    meeting: &Meeting,
    before: Option<u32>,
    now: u32,
    persons: &[CalledPerson],
) -> Result<()> {
    let mut fields = Vec::new();
    if meeting.present.is_none() || meeting.present == before {
        fields.push(("present", json!(now)));
    }
    if meeting.expected.is_none() {
        fields.push(("expected", json!(persons.len())));
    }
    let fields = fields.into_iter().map(|(k, v)| (k.to_owned(), v)).collect();
    draft.patch(Meeting::KIND, meeting.id.0, fields)
}

/// 补课: how an absent member caught up.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct MakeUp {
    pub meeting: Uuid,
    pub person: Uuid,
    pub on: Date,
    #[serde(default)]
    pub how: String,
    #[serde(default)]
    #[ts(optional)]
    pub correct: Option<String>,
}

pub fn make_up(desk: &Desk, ask: MakeUp) -> Result<Done<Uuid>> {
    desk.correct("absence", ask.correct.as_deref(), |draft| {
        let view = draft.view();
        let meeting = standing(view, ask.meeting)?;
        if ask.on < meeting.on || ask.on > view.today {
            let refusal = Refusal::new(if ask.on > view.today { Code::FutureDate } else { Code::DatesReversed });
            return Err(refusal.with("on", ask.on).with("from", meeting.on).with("until", ask.on).into());
        }
        let entry = named(view, meeting.id)?.remove(&PersonId(ask.person)).filter(|a| a.absent_why.is_some());
        let missing = || Refusal::new(Code::NoSuchRecord).with("kind", Attendance::KIND).with("id", ask.person);
        let entry = entry.ok_or_else(missing)?;
        let fields = [("made_up_on", json!(ask.on)), ("made_up_how", json!(ask.how))];
        draft.patch(Attendance::KIND, entry.id.0, fields.into_iter().map(|(k, v)| (k.to_owned(), v)).collect())?;
        Ok(ask.person)
    })
}
