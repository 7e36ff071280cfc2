//! 民主评议党员 — a grade for each member, all of them saved in one step; more 优秀 than is usual takes a reason.

use std::collections::HashMap;

use lianhu_ledger::dates::Date;
use lianhu_ledger::records::party_member::by_number;
use lianhu_ledger::records::{Appraisal, AppraisalId, Appraised, Meeting, PartyMember, PartyMemberId};
use lianhu_ledger::{Draft, Record, View};
use serde::{Deserialize, Serialize};
use serde_json::json;
use ts_rs::TS;
use uuid::Uuid;

use crate::desk::{Desk, Done};
use crate::member::WhichYear;
use crate::problem::Result;

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct AppraisalPage {
    pub year: i32,
    pub today: Date,
    /// The meeting it was done at, and those of the year that may have been it.
    pub meeting: Option<Uuid>,
    pub meetings: Vec<AppraisalMeeting>,
    pub over_why: Option<String>,
    pub members: Vec<GradeLine>,
    /// So many 优秀 at most without a reason.
    pub most: usize,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct AppraisalMeeting {
    pub id: Uuid,
    pub kind: String,
    pub on: Date,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct GradeLine {
    pub member: Uuid,
    pub name: String,
    pub cell: Option<String>,
    pub grade: Option<String>,
    pub remark: Option<String>,
    /// Of the year before.
    pub before: Option<String>,
}

pub fn look(desk: &Desk, ask: WhichYear) -> Result<AppraisalPage> {
    desk.read(|ledger| {
        let view = ledger.view();
        let year = ask.or_this(view.today);
        let appraisal = of_year(view, year)?;
        let grades = match &appraisal {
            Some(appraisal) => view.appraised(appraisal.id)?,
            None => Vec::new(),
        };
        let counted = appraisal.clone().unwrap_or_else(|| unsaved(year));
        Ok(AppraisalPage {
            year,
            today: view.today,
            meeting: appraisal.as_ref().and_then(|a| a.meeting).map(|m| m.0),
            meetings: meetings(view, year)?,
            most: counted.excellent(&view, &grades)?.most,
            members: lines(view, year, counted.day(&view), &grades)?,
            over_why: appraisal.and_then(|a| a.over_why),
        })
    })
}

fn of_year(view: View<'_>, year: i32) -> Result<Option<Appraisal>> {
    Ok(view.all::<Appraisal>()?.into_iter().find(|a| i64::from(a.year) == i64::from(year)))
}

/// What the page counts with before anything is saved.
fn unsaved(year: i32) -> Appraisal {
    Appraisal {
        id: AppraisalId(Uuid::nil()),
        year: u32::try_from(year).unwrap_or_default(),
        meeting: None,
        over_why: None,
        note: None,
        gone: None,
    }
}

fn meetings(view: View<'_>, year: i32) -> Result<Vec<AppraisalMeeting>> {
    let day = |month, day| Date::from_ymd_opt(year, month, day).unwrap_or(view.today);
    let held = view.meetings(day(1, 1), day(12, 31))?.into_iter();
    let may_be = |m: &Meeting| ["appraisal", "life", "members"].contains(&m.meeting_kind.code());
    let line = |m: Meeting| AppraisalMeeting { id: m.id.0, kind: m.meeting_kind.code().to_owned(), on: m.on };
    Ok(held.filter(may_be).map(line).collect())
}

fn lines(view: View<'_>, year: i32, day: Date, grades: &[Appraised]) -> Result<Vec<GradeLine>> {
    let names = view.names()?;
    let mut members: Vec<PartyMember> = view.all::<PartyMember>()?;
    members.retain(|m| m.stands_on(day) || grades.iter().any(|g| g.member == m.id));
    members.sort_by_key(|m| (m.cell.is_none(), m.cell.as_deref().map(by_number), m.id));
    let last = match of_year(view, year - 1)? {
        Some(last) => view.appraised(last.id)?,
        None => Vec::new(),
    };
    let code = |all: &[Appraised], id| {
        all.iter().find(|g: &&Appraised| g.member == id).map(|g| (g.grade.code().to_owned(), g.remark.clone()))
    };
    let line = |m: PartyMember| {
        let (grade, remark) = code(grades, m.id).unzip();
        GradeLine {
            member: m.id.0,
            name: names.get(&m.person).cloned().unwrap_or_default(),
            cell: m.cell,
            grade,
            remark: remark.flatten(),
            before: code(&last, m.id).map(|(grade, _)| grade),
        }
    };
    Ok(members.into_iter().map(line).collect())
}

#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct GradeMember {
    pub member: Uuid,
    /// None takes the grade back.
    #[serde(default)]
    pub grade: Option<String>,
    #[serde(default)]
    pub remark: String,
}

#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SaveGrades {
    pub year: i32,
    #[serde(default)]
    #[ts(optional)]
    pub meeting: Option<Uuid>,
    #[serde(default)]
    pub over_why: String,
    /// What was changed; members not named keep what they have.
    pub members: Vec<GradeMember>,
}

pub fn save(desk: &Desk, ask: SaveGrades) -> Result<Done<usize>> {
    desk.edit("appraisal", |draft| {
        let id = draft.only_one(Appraisal::KIND, &[&ask.year]);
        let fields = [("year", json!(ask.year)), ("meeting", json!(ask.meeting)), ("over_why", json!(ask.over_why))];
        draft.patch(Appraisal::KIND, id, fields.into_iter().map(|(k, v)| (k.to_owned(), v)).collect())?;
        for member in &ask.members {
            grade(draft, id, member)?;
        }
        Ok(ask.members.len())
    })
}

fn grade(draft: &mut Draft<'_>, appraisal: Uuid, member: &GradeMember) -> Result<()> {
    let id = draft.only_one(Appraised::KIND, &[&appraisal, &PartyMemberId(member.member).0]);
    let standing = draft.get::<Appraised>(id)?;
    let Some(grade) = &member.grade else {
        if standing.is_some_and(|g| g.gone.is_none()) {
            let why = lianhu_ledger::text::say(lianhu_ledger::text::Lang::ZhCn, "reason.grade_taken_back", &[]);
            draft.void(Appraised::KIND, id, &why)?;
        }
        return Ok(());
    };
    if standing.is_some_and(|g| g.gone.is_some()) {
        draft.restore(Appraised::KIND, id)?;
    }
    let fields: HashMap<&str, serde_json::Value> = [
        ("appraisal", json!(appraisal)),
        ("member", json!(member.member)),
        ("grade", json!(grade)),
        ("remark", json!(member.remark)),
    ]
    .into();
    draft.patch(Appraised::KIND, id, fields.into_iter().map(|(k, v)| (k.to_owned(), v)).collect())
}
