//! What the month still lacks, each with where it is entered. None of it but one keeps the month from being closed: the
//! report says 未填报 where nobody has entered anything.

use std::collections::HashSet;

use lianhu_ledger::View;
use lianhu_ledger::dates::Date;
use lianhu_ledger::records::Meeting;
use lianhu_report::figures::{Amount, Figure, Figures};
use serde::Serialize;
use ts_rs::TS;
use uuid::Uuid;

use crate::problem::Result;

#[derive(Clone, Debug, Default, PartialEq, Serialize, TS)]
pub struct Lack {
    /// The name of its sentence.
    pub code: &'static str,
    /// Which kind of meeting, or which pair by its name.
    pub part: Option<String>,
    pub n: Option<i64>,
    /// The meeting it is about.
    pub meeting: Option<Uuid>,
    pub on: Option<Date>,
    /// A reason may be given instead (未开展), under this name.
    pub duty: Option<String>,
    /// The month cannot be closed without it.
    pub blocks: bool,
}

pub(super) fn read(view: View<'_>, figures: &Figures) -> Result<Vec<Lack>> {
    let mut lacks = Vec::new();
    assembly(&mut lacks, view, figures)?;
    aid(&mut lacks, figures);
    branch(&mut lacks, figures);
    roll(&mut lacks, figures);
    if figures.plans.is_empty() {
        lacks.push(lack("plan"));
    }
    Ok(lacks)
}

fn lack(code: &'static str) -> Lack {
    Lack { code, ..Lack::default() }
}

fn not_done(code: &'static str, duty: &str) -> Lack {
    Lack { duty: Some(duty.to_owned()), ..lack(code) }
}

fn roll(lacks: &mut Vec<Lack>, figures: &Figures) {
    let roll = &figures.roll;
    let unknown = [
        (&roll.households, "households"),
        (&roll.groups, "groups"),
        (&roll.members, "members"),
        (&roll.lifted, "classes"),
    ];
    lacks.extend(unknown.into_iter().filter(|(figure, _)| figure.is_unknown()).map(|(_, code)| lack(code)));
}

fn assembly(lacks: &mut Vec<Lack>, view: View<'_>, figures: &Figures) -> Result<()> {
    let assembly = &figures.assembly;
    if assembly.mass.is_unknown() {
        lacks.push(Lack { blocks: true, ..not_done("mass", "mass") });
    }
    let meetings = view.meetings(figures.month.first(), figures.month.last())?;
    for meeting in meetings.iter().filter(|m| matches!(m.meeting_kind.code(), "mass" | "yard")) {
        of_meeting(lacks, view, figures, meeting)?;
    }
    let written = assembly.opinions.records.len() as i64;
    let noted_only = assembly.opinions.known().unwrap_or(0) - written;
    if noted_only > 0 {
        lacks.push(Lack { n: Some(noted_only), ..lack("opinions_noted") });
    }
    if let Some(open) = assembly.open.known().filter(|open| *open > 0) {
        lacks.push(Lack { n: Some(open), ..lack("opinions_open") });
    }
    if assembly.mend.known() == Some(0) {
        let below = assembly.rounds.iter().filter(|round| round.below_threshold);
        lacks.extend(below.map(|round| Lack { part: Some(round.who.clone()), ..lack("mend") }));
    }
    Ok(())
}

fn of_meeting(lacks: &mut Vec<Lack>, view: View<'_>, figures: &Figures, meeting: &Meeting) -> Result<()> {
    let about = |code| Lack { meeting: Some(meeting.id.0), on: Some(meeting.on), ..lack(code) };
    if meeting.present.is_none() {
        lacks.push(about("present"));
    }
    if figures.assembly.groups.is_unknown() {
        lacks.push(about("covered"));
    }
    if figures.assembly.opinions.is_unknown() {
        lacks.push(about("opinions"));
    }
    if meeting.meeting_kind.code() != "mass" {
        return Ok(());
    }
    let rounds = view.rounds(meeting.id)?;
    let counted: HashSet<u32> = rounds.iter().filter(|r| r.tally.is_some()).map(|r| r.pair).collect();
    if rounds.is_empty() {
        lacks.push(about("rounds"));
    } else if counted.len() < rounds.len() {
        lacks.push(Lack { n: Some((rounds.len() - counted.len()) as i64), ..about("tally") });
    }
    Ok(())
}

fn aid(lacks: &mut Vec<Lack>, figures: &Figures) {
    let aid = &figures.aid;
    if aid.households.is_unknown() {
        return lacks.push(lack("pairings"));
    }
    if aid.visits.is_unknown() {
        lacks.push(not_done("visits", "visits"));
    }
    let ticked = |figure: &Figure| figure.known().is_some_and(|n| n > 0);
    if aid.self_paid.is_unknown() && ticked(&aid.meals) {
        lacks.push(lack("self_paid"));
    }
    if aid.ways_done.is_unknown() && ticked(&aid.ways) {
        lacks.push(lack("ways_done"));
    }
    if figures.links.visited.is_unknown() && !figures.links.households.is_unknown() {
        lacks.push(not_done("link_visits", "link_visits"));
    }
}

fn branch(lacks: &mut Vec<Lack>, figures: &Figures) {
    let unknown = figures.branch.cadences.iter().filter(|cadence| cadence.held.amount == Amount::Unknown);
    lacks.extend(unknown.map(|cadence| Lack { part: Some(cadence.kind.clone()), ..not_done("held", &cadence.kind) }));
}
