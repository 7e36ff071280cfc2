//! 会议 — a meeting from the first entry to the sealed minutes. Each field is written as soon as it is left; what a
//! meeting of its kind needs to open is asked of the rule table, and a mass meeting (群众大会) never decides anything.

mod attend;
mod list;
mod look;
mod members;
mod meter;
mod minutes;
mod papers;
mod resolutions;
mod rounds;
mod slip;
#[cfg(test)]
mod tests;

pub use attend::{
    CameFamily, FamilyCame, FamilyMember, RollLine, SaveAttendance, WhichFamily, came, family, roll, save_attendance,
};
pub use list::{LastMeeting, ListMeetings, MeetingLine, OfKind, last, list};
pub use look::{MeetingPage, look};
pub use members::{AbsentPerson, CalledPerson, MakeUp, RollCall, cells, make_up, persons, roll_call};
pub use minutes::{EditMinutes, MinutesPage, ReopenMinutes, edit_minutes, look_at_minutes, reopen, seal};
pub use papers::{MeetingPaper, WhichPaper, preview, print};
pub use rounds::{SaveMend, SaveRounds, save_mend, save_rounds};
pub use slip::{MeetingOpinion, MeetingOpinions, opinions};

use lianhu_ledger::dates::Date;
use lianhu_ledger::records::meeting::Groups;
use lianhu_ledger::records::{Attendance, GroupId, Matter, Meeting, MeetingId, Photo, Resolution, Round};
use lianhu_ledger::{Code, Draft, Fields, Record, Refusal, View};
use serde::Deserialize;
use serde_json::json;
use ts_rs::TS;
use uuid::Uuid;

use crate::desk::{Desk, Done};
use crate::problem::Result;
use crate::records::unchanged_since;

/// 群众大会: the kind that has pairs of report and evaluation.
const MASS: &str = "mass";

#[derive(Clone, Copy, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct WhichMeeting {
    pub id: Uuid,
}

pub(crate) fn standing(view: View<'_>, id: Uuid) -> Result<Meeting> {
    let found = view.get::<Meeting>(id)?.filter(|m| m.gone.is_none());
    found.ok_or_else(|| Refusal::new(Code::NoSuchRecord).with("kind", "meeting").with("id", id).into())
}

/// 开始记录: what is known before anybody has come.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct NewMeeting {
    pub kind: String,
    pub on: Date,
    #[serde(default)]
    pub time: String,
    #[serde(default)]
    pub place: String,
    #[serde(default)]
    pub host: String,
    #[serde(default)]
    pub recorder: String,
    /// Groups that are called; none means all of them.
    #[serde(default)]
    pub groups: Vec<Uuid>,
    /// Which 党小组 met.
    #[serde(default)]
    pub cell: String,
    /// Another one of this kind on the same day is meant.
    #[serde(default)]
    pub again: bool,
}

pub fn new(desk: &Desk, ask: NewMeeting) -> Result<Done<Uuid>> {
    desk.edit("meeting", |draft| {
        let cell = Some(&ask.cell).filter(|cell| !cell.is_empty());
        let mut same = same_evening(draft.view(), &ask.kind, ask.on, None)?;
        same.retain(|meeting| meeting.cell.as_ref() == cell);
        if let Some(same) = same.first().filter(|_| !ask.again) {
            let refusal = Refusal::new(Code::Duplicate).with("kind", "meeting");
            return Err(refusal.with("what", same.on).with("id", same.id.0).into());
        }
        let id = draft.create("meeting", fields_of(&ask))?;
        keep_expected(draft, id, None)?;
        Ok(id)
    })
}

fn fields_of(ask: &NewMeeting) -> Fields {
    let groups = (!ask.groups.is_empty()).then(|| Groups(ask.groups.iter().map(|id| GroupId(*id)).collect()));
    let fields = [
        ("meeting_kind", json!(ask.kind)),
        ("on", json!(ask.on)),
        ("time", json!(ask.time)),
        ("place", json!(ask.place)),
        ("host", json!(ask.host)),
        ("recorder", json!(ask.recorder)),
        ("groups", json!(groups)),
        ("cell", json!(ask.cell)),
    ];
    fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// The same evening entered before: one of that kind on that day.
pub(crate) fn same_evening(view: View<'_>, kind: &str, on: Date, but: Option<Uuid>) -> Result<Vec<Meeting>> {
    let same = view.meetings(on, on)?;
    Ok(same.into_iter().filter(|m| m.meeting_kind.code() == kind && Some(m.id.0) != but).collect())
}

/// One field, or a few, of what the meeting itself says.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SaveMeeting {
    pub id: Uuid,
    #[ts(type = "Record<string, unknown>")]
    pub fields: Fields,
    /// What the screen had shown in them.
    #[serde(default)]
    #[ts(type = "Record<string, unknown>", optional)]
    pub seen: Option<Fields>,
    #[serde(default)]
    #[ts(optional)]
    pub correct: Option<String>,
}

/// What a person fills in; the rest of a meeting is written by what else is done with it.
const OPEN_FIELDS: [&str; 16] = [
    "meeting_kind",
    "on",
    "time",
    "place",
    "host",
    "recorder",
    "topic",
    "minutes",
    "expected",
    "present",
    "present_women",
    "present_members",
    "groups",
    "opinions",
    "cell",
    "hours",
];

pub fn save(desk: &Desk, ask: SaveMeeting) -> Result<Done<Uuid>> {
    if let Some(name) = ask.fields.keys().find(|name| !OPEN_FIELDS.contains(&name.as_str())) {
        return Err(Refusal::new(Code::MalformedAsk).with("what", name).into());
    }
    desk.correct("meeting", ask.correct.as_deref(), |draft| {
        let before = standing(draft.view(), ask.id)?;
        unchanged_since(draft, Meeting::KIND, ask.id, ask.seen.as_ref())?;
        let typed = ask.fields.contains_key("expected");
        draft.patch(Meeting::KIND, ask.id, ask.fields)?;
        if !typed {
            keep_expected(draft, ask.id, Some(&before))?;
        }
        Ok(ask.id)
    })
}

/// 应到 follows day and groups as long as nobody has written another number.
fn keep_expected(draft: &mut Draft<'_>, id: Uuid, before: Option<&Meeting>) -> Result<()> {
    let Some(now) = draft.get::<Meeting>(id)? else { return Ok(()) };
    let called = before.map(|meeting| draft.view().expected_of(meeting)).transpose()?.flatten();
    let by_hand = before.is_some_and(|meeting| meeting.expected.is_some() && meeting.expected != called);
    let expected = draft.view().expected_of(&now)?.filter(|n| *n > 0);
    if by_hand || expected == now.expected {
        return Ok(());
    }
    draft.patch(Meeting::KIND, id, [("expected".to_owned(), json!(expected))].into())
}

#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct VoidMeeting {
    pub id: Uuid,
    pub reason: String,
    #[serde(default)]
    #[ts(optional)]
    pub correct: Option<String>,
}

/// 作废, with everything that belongs to it: it comes back whole by one undo.
pub fn void(desk: &Desk, ask: VoidMeeting) -> Result<Done<Uuid>> {
    desk.correct("void", ask.correct.as_deref(), |draft| {
        let view = draft.view();
        let id = MeetingId(ask.id);
        standing(view, ask.id)?;
        let matters = view.select::<Matter>("meeting = ?1", [ask.id.as_bytes()])?;
        let parts = std::iter::empty()
            .chain(view.rounds(id)?.iter().map(|r| (Round::KIND, r.id.0)))
            .chain(view.attendance(id)?.iter().map(|a| (Attendance::KIND, a.id.0)))
            .chain(matters.iter().map(|m| (Matter::KIND, m.id.0)))
            .chain(view.photos_of_meeting(id)?.iter().map(|p| (Photo::KIND, p.id.0)))
            .chain(view.resolutions(id)?.iter().map(|r| (Resolution::KIND, r.id.0)))
            .collect::<Vec<_>>();
        for (kind, part) in parts {
            draft.void(kind, part, &ask.reason)?;
        }
        draft.void(Meeting::KIND, ask.id, &ask.reason)?;
        Ok(ask.id)
    })
}
