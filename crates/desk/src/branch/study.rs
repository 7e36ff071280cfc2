//! 培训 and 谈心谈话 of a year: courses with who took part, and who has been talked with.

use std::collections::BTreeSet;

use chrono::Datelike;
use lianhu_ledger::dates::Date;
use lianhu_ledger::records::party_member::by_number;
use lianhu_ledger::records::{PartyMember, PartyMemberId, Talk, Trained, Training};
use lianhu_ledger::text::{Lang, say};
use lianhu_ledger::{Code, Draft, Record, Refusal, View};
use serde::{Deserialize, Serialize};
use serde_json::json;
use ts_rs::TS;
use uuid::Uuid;

use crate::desk::{Desk, Done};
use crate::member::WhichYear;
use crate::problem::Result;

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct CoursePage {
    pub today: Date,
    /// The latest first.
    pub courses: Vec<TrainingLine>,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct TrainingLine {
    pub id: Uuid,
    pub course: String,
    pub on: Date,
    pub until: Option<Date>,
    pub hours: u32,
    pub organiser: Option<String>,
    pub central: bool,
    pub members: Vec<Uuid>,
}

pub fn courses(desk: &Desk, ask: WhichYear) -> Result<CoursePage> {
    desk.read(|ledger| {
        let view = ledger.view();
        let year = ask.or_this(view.today);
        let mut all = view.all::<Training>()?;
        all.retain(|t| t.on.year() == year);
        all.sort_by_key(|t| (std::cmp::Reverse(t.on), t.id));
        let line = |t: Training| -> Result<TrainingLine> {
            Ok(TrainingLine {
                members: view.trained(t.id)?.into_iter().map(|entry| entry.member.0).collect(),
                id: t.id.0,
                course: t.course,
                on: t.on,
                until: t.until,
                hours: t.hours,
                organiser: t.organiser,
                central: t.central == Some(true),
            })
        };
        Ok(CoursePage { today: view.today, courses: all.into_iter().map(line).collect::<Result<_>>()? })
    })
}

/// A course and who took part, in one step.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SaveCourse {
    #[serde(default)]
    #[ts(optional)]
    pub id: Option<Uuid>,
    pub course: String,
    pub on: Date,
    #[serde(default)]
    #[ts(optional)]
    pub until: Option<Date>,
    pub hours: u32,
    #[serde(default)]
    pub organiser: String,
    #[serde(default)]
    pub central: bool,
    pub members: Vec<Uuid>,
    /// Who took part when the form was opened: what another computer added since is left as it is.
    #[serde(default)]
    pub before: Vec<Uuid>,
}

pub fn save_course(desk: &Desk, ask: SaveCourse) -> Result<Done<Uuid>> {
    if ask.members.is_empty() {
        return Err(Refusal::new(Code::Missing).with("kind", Trained::KIND).with("field", "member").into());
    }
    desk.edit("training", |draft| {
        let fields = [
            ("course", json!(ask.course)),
            ("on", json!(ask.on)),
            ("until", json!(ask.until)),
            ("hours", json!(ask.hours)),
            ("organiser", json!(ask.organiser)),
            ("central", json!(ask.central)),
        ];
        let fields = fields.into_iter().map(|(k, v)| (k.to_owned(), v)).collect();
        let id = match ask.id {
            Some(id) => draft.patch(Training::KIND, id, fields).map(|()| id)?,
            None => draft.create(Training::KIND, fields)?,
        };
        let (now, before): (BTreeSet<Uuid>, BTreeSet<Uuid>) =
            (ask.members.iter().copied().collect(), ask.before.iter().copied().collect());
        for member in now.difference(&before) {
            take_part(draft, id, *member)?;
        }
        for member in before.difference(&now) {
            let entry = draft.only_one(Trained::KIND, &[&id, member]);
            if draft.get::<Trained>(entry)?.is_some_and(|t| t.gone.is_none()) {
                draft.void(Trained::KIND, entry, &say(Lang::ZhCn, "reason.not_come", &[]))?;
            }
        }
        Ok(id)
    })
}

fn take_part(draft: &mut Draft<'_>, training: Uuid, member: Uuid) -> Result<()> {
    let entry = draft.only_one(Trained::KIND, &[&training, &member]);
    if draft.get::<Trained>(entry)?.is_some_and(|t| t.gone.is_some()) {
        draft.restore(Trained::KIND, entry)?;
    }
    let fields = [("training", json!(training)), ("member", json!(PartyMemberId(member).0))];
    draft.patch(Trained::KIND, entry, fields.into_iter().map(|(k, v)| (k.to_owned(), v)).collect())
}

/// One member and the talks of the year with them.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct TalkLine {
    pub member: Uuid,
    pub name: String,
    pub cell: Option<String>,
    pub talks: Vec<TalkOf>,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct TalkOf {
    pub id: Uuid,
    pub on: Date,
    pub by: String,
    pub gist: Option<String>,
}

/// Who has not been talked with comes first.
pub fn talks(desk: &Desk, ask: WhichYear) -> Result<Vec<TalkLine>> {
    desk.read(|ledger| {
        let view = ledger.view();
        let year = ask.or_this(view.today);
        let day = |month, day| Date::from_ymd_opt(year, month, day).unwrap_or(view.today);
        let talks = view.talks(day(1, 1), day(12, 31))?;
        lines(view, &talks)
    })
}

fn lines(view: View<'_>, talks: &[Talk]) -> Result<Vec<TalkLine>> {
    let names = view.names()?;
    let mut members: Vec<PartyMember> = view.all::<PartyMember>()?;
    members.retain(|m| m.stands_on(view.today) || talks.iter().any(|t| t.member == m.id));
    members.sort_by_key(|m| (m.cell.is_none(), m.cell.as_deref().map(by_number), m.id));
    let of = |t: &Talk| TalkOf { id: t.id.0, on: t.on, by: t.by.clone(), gist: t.gist.clone() };
    let line = |m: PartyMember| TalkLine {
        member: m.id.0,
        name: names.get(&m.person).cloned().unwrap_or_default(),
        cell: m.cell,
        talks: talks.iter().filter(|t| t.member == m.id).map(of).collect(),
    };
    let mut lines: Vec<TalkLine> = members.into_iter().map(line).collect();
    lines.sort_by_key(|line| !line.talks.is_empty());
    Ok(lines)
}
