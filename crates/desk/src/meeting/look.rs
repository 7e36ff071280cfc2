//! 一场会 — everything a meeting's steps show, asked for at once.

use lianhu_ledger::View;
use lianhu_ledger::dates::{Date, Month};
use lianhu_ledger::records::matter::Raised;
use lianhu_ledger::records::{Group, Household, Matter, Meeting, Village};
use serde::Serialize;
use ts_rs::TS;
use uuid::Uuid;

use super::meter::{self, QuorumMeter};
use super::resolutions::{self, ResolutionLine};
use super::rounds::{self, RoundView};
use super::{WhichMeeting, same_evening, standing};
use crate::desk::Desk;
use crate::problem::Result;

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct MeetingPage {
    pub id: Uuid,
    pub kind: String,
    pub on: Date,
    pub time: Option<String>,
    pub place: Option<String>,
    pub host: Option<String>,
    pub recorder: Option<String>,
    pub topic: Option<String>,
    pub minutes: Option<String>,
    pub expected: Option<u32>,
    /// 应到 by the roll of that day.
    pub called: Option<u32>,
    pub present: Option<u32>,
    pub present_women: Option<u32>,
    pub present_members: Option<u32>,
    /// Called groups; none means all.
    pub groups: Vec<Uuid>,
    /// Which 党小组 met, and the ones there are.
    pub cell: Option<String>,
    pub cells: Vec<String>,
    /// 学时.
    pub hours: Option<u32>,
    /// It calls persons, not households.
    pub of_persons: bool,
    pub resolutions: Vec<ResolutionLine>,
    pub all_groups: Vec<MeetingGroup>,
    /// Opinions of which only the number was kept.
    pub opinions_noted: Option<u32>,
    pub opinions: u32,
    pub photos: u32,
    pub families: u32,
    pub meter: QuorumMeter,
    pub grades: Vec<String>,
    /// Which of a tally's four counts each grade stands for.
    pub counts: Vec<usize>,
    pub rounds: Vec<RoundView>,
    pub sealed_on: Option<Date>,
    pub version: u32,
    /// Its month is closed: a change to what stands is a correction.
    pub month_closed: bool,
    /// Others of its kind on the same day.
    pub same_day: Vec<Uuid>,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct MeetingGroup {
    pub id: Uuid,
    pub name: String,
    pub households: u32,
}

pub fn look(desk: &Desk, ask: WhichMeeting) -> Result<MeetingPage> {
    desk.read(|ledger| {
        let view = ledger.view();
        let meeting = standing(view, ask.id)?;
        page(view, meeting)
    })
}

fn page(view: View<'_>, m: Meeting) -> Result<MeetingPage> {
    let village = view.all::<Village>()?.into_iter().next();
    let families = view.families_came(m.id)?;
    let matters = view.select::<Matter>("meeting = ?1", [m.id.0.as_bytes()])?;
    let grades = view.grades_of(&m)?;
    let same = same_evening(view, m.meeting_kind.code(), m.on, Some(m.id.0))?;
    Ok(MeetingPage {
        id: m.id.0,
        kind: m.meeting_kind.code().to_owned(),
        called: view.expected_of(&m)?,
        all_groups: groups(view, &m)?,
        opinions: matters.iter().filter(|matter| matter.raised_at == Raised::Meeting).count() as u32,
        photos: view.photos_of_meeting(m.id)?.len() as u32,
        meter: meter::meter(view, &m)?,
        counts: grades.counts().to_vec(),
        grades: grades.0,
        rounds: village.map(|village| rounds::views(view, &m, &village)).transpose()?.unwrap_or_default(),
        month_closed: view.report(Month::of(m.on))?.is_some(),
        same_day: same.into_iter().map(|other| other.id.0).collect(),
        cells: view.cells(m.on)?,
        of_persons: !matches!(m.meeting_kind.code(), "mass" | "yard" | "villagers" | "group" | "collective" | "other"),
        resolutions: resolutions::lines(view, &m)?,
        families,
        on: m.on,
        cell: m.cell,
        hours: m.hours,
        groups: m.groups.map(|g| g.0.into_iter().map(|id| id.0).collect()).unwrap_or_default(),
        time: m.time,
        place: m.place,
        host: m.host,
        recorder: m.recorder,
        topic: m.topic,
        minutes: m.minutes,
        expected: m.expected,
        present: m.present,
        present_women: m.present_women,
        present_members: m.present_members,
        opinions_noted: m.opinions,
        sealed_on: m.sealed_on,
        version: m.version.unwrap_or(0),
    })
}

/// Groups in the village's order with their households of that day.
fn groups(view: View<'_>, meeting: &Meeting) -> Result<Vec<MeetingGroup>> {
    let everyone = Meeting { groups: None, ..meeting.clone() };
    let households: Vec<Household> = view.all::<Household>()?.into_iter().filter(|h| everyone.calls(h)).collect();
    let mut groups = view.all::<Group>()?;
    groups.sort_by_key(|g| (g.number.is_none(), g.number, g.name.clone()));
    let line = |g: Group| MeetingGroup {
        id: g.id.0,
        households: households.iter().filter(|h| h.group == Some(g.id)).count() as u32,
        name: g.name,
    };
    Ok(groups.into_iter().map(line).collect())
}
