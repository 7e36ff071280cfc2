//! 会议一览 — meetings, newest first, and what the last one of a kind can lend to the next.

use lianhu_ledger::View;
use lianhu_ledger::dates::{Date, Month};
use lianhu_ledger::records::matter::Raised;
use lianhu_ledger::records::{Matter, Meeting, Village};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

use super::rounds::{RoundRate, rate_of};
use crate::desk::Desk;
use crate::problem::Result;

#[derive(Clone, Copy, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ListMeetings {
    /// All there are; else those of the last twelve months.
    pub all: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct MeetingLine {
    pub id: Uuid,
    pub kind: String,
    pub on: Date,
    pub place: Option<String>,
    pub present: Option<u32>,
    pub families: u32,
    pub rates: Vec<RoundRate>,
    pub opinions: u32,
    pub sealed_on: Option<Date>,
}

pub fn list(desk: &Desk, ask: ListMeetings) -> Result<Vec<MeetingLine>> {
    desk.read(|ledger| {
        let view = ledger.view();
        let from = if ask.all { Date::MIN } else { Month::of(view.today).plus(-12).first() };
        let pairs = view.all::<Village>()?.into_iter().next().and_then(|v| v.pairs).unwrap_or_default();
        let mut meetings = view.meetings(from.max(Date::from_ymd_opt(1850, 1, 1).unwrap_or(from)), view.today)?;
        meetings.reverse();
        meetings.iter().map(|meeting| line(view, meeting, &pairs)).collect()
    })
}

fn line(view: View<'_>, meeting: &Meeting, pairs: &lianhu_ledger::records::village::Pairs) -> Result<MeetingLine> {
    let matters = view.select::<Matter>("meeting = ?1", [meeting.id.0.as_bytes()])?;
    let written = matters.iter().filter(|m| m.raised_at == Raised::Meeting).count() as u32;
    let rounds = view.rounds(meeting.id)?;
    let rates: Result<Vec<RoundRate>> =
        rounds.iter().filter(|r| r.tally.is_some()).map(|r| rate_of(r, meeting.on, pairs)).collect();
    Ok(MeetingLine {
        id: meeting.id.0,
        kind: meeting.meeting_kind.code().to_owned(),
        on: meeting.on,
        place: meeting.place.clone(),
        present: meeting.present,
        families: view.families_came(meeting.id)?,
        rates: rates?,
        opinions: written.max(meeting.opinions.unwrap_or(0)),
        sealed_on: meeting.sealed_on,
    })
}

#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct OfKind {
    pub kind: String,
}

/// What the last meeting of a kind can lend to the next.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct LastMeeting {
    pub id: Uuid,
    pub on: Date,
    pub time: Option<String>,
    pub place: Option<String>,
    pub host: Option<String>,
    pub recorder: Option<String>,
}

pub fn last(desk: &Desk, ask: OfKind) -> Result<Option<LastMeeting>> {
    desk.read(|ledger| {
        let newest = "meeting_kind = ?1 ORDER BY \"on\" DESC, id DESC LIMIT 1";
        let found = ledger.view().select::<Meeting>(newest, [&ask.kind])?.pop();
        Ok(found.map(|m| LastMeeting {
            id: m.id.0,
            on: m.on,
            time: m.time,
            place: m.place,
            host: m.host,
            recorder: m.recorder,
        }))
    })
}
