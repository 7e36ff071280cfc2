//! 事项 — what somebody raised, who sees to it by when, and what they were answered.

use std::collections::HashMap;

use lianhu_ledger::dates::Date;
use lianhu_ledger::records::matter::Raised;
use lianhu_ledger::records::{HouseholdId, Matter, Meeting, MeetingId, Visit};
use lianhu_ledger::{Code, Draft, Fields, Record, Refusal, View};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use ts_rs::TS;
use uuid::Uuid;

use crate::desk::{Desk, Done};
use crate::home::Lamp;
use crate::problem::Result;
use crate::records::unchanged_since;
use crate::search::Finder;

/// Which matters a list shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Which {
    /// Not answered yet.
    #[default]
    Open,
    /// Not answered, and late or near their day.
    Due,
    /// Not answered, and nobody has said by when.
    Undated,
    All,
}

#[derive(Clone, Copy, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ListMatters {
    pub which: Which,
    #[serde(default)]
    #[ts(optional)]
    pub household: Option<Uuid>,
}

#[derive(Clone, Copy, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct WhichMatter {
    pub id: Uuid,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum MatterState {
    Open,
    /// 已答复.
    Answered,
    /// 已办结.
    Closed,
}

/// Where it came up, with the day it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "at", rename_all = "snake_case")]
pub enum RaisedIn {
    Meeting { id: Uuid, on: Date, meeting_kind: String },
    Visit { id: Uuid, on: Date, visitor: String },
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct MatterRow {
    pub id: Uuid,
    pub text: String,
    pub on: Date,
    #[ts(type = "'meeting' | 'visit' | 'link' | 'mend' | 'other'")]
    pub raised_at: Raised,
    pub raised_in: Option<RaisedIn>,
    pub household: Option<Uuid>,
    pub head: Option<String>,
    pub group: Option<String>,
    pub group_number: Option<u32>,
    /// Who raised it, where it was not the household as such.
    pub person: Option<String>,
    pub owner: Option<String>,
    pub due: Option<Date>,
    pub answer: Option<String>,
    pub answered_on: Option<Date>,
    pub closed_on: Option<Date>,
    pub note: Option<String>,
    pub state: MatterState,
    /// Late or near, while it is open.
    pub lamp: Lamp,
    pub days_left: Option<i64>,
    /// Why it was voided; only a matter that is looked at by itself can be.
    pub voided: Option<String>,
}

/// A list of matters, and how many of the whole village wait for an answer.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct MatterList {
    pub rows: Vec<MatterRow>,
    pub open: i64,
    pub late: i64,
}

/// Open ones by the day they fall due, those without a day last; then settled ones, newest first.
pub fn list(desk: &Desk, ask: ListMatters) -> Result<MatterList> {
    let finder = desk.finder()?;
    desk.read(|ledger| {
        let view = ledger.view();
        let matters = match (ask.household, ask.which) {
            (Some(household), _) => view.matters_of(HouseholdId(household))?,
            (None, Which::All) => view.all::<Matter>()?,
            (None, _) => view.matters_open()?,
        };
        let came_up = CameUp { meetings: meetings_of(view, &matters)?, visit: None };
        let rows = matters.iter().map(|matter| row(matter, &came_up, &finder, view.today));
        let mut rows: Vec<MatterRow> = rows.filter(|row| ask.which.shows(row)).collect();
        rows.sort_by_key(|r| {
            let settled = r.state != MatterState::Open;
            let newest = settled.then(|| std::cmp::Reverse(r.answered_on.or(r.closed_on)));
            (settled, newest, r.due.is_none() && !settled, r.due.filter(|_| !settled), r.on)
        });
        let (open, late) = view.matters_waiting()?;
        Ok(MatterList { rows, open, late })
    })
}

impl Which {
    fn shows(self, row: &MatterRow) -> bool {
        let open = row.state == MatterState::Open;
        match self {
            Which::All => true,
            Which::Open => open,
            Which::Due => open && row.lamp != Lamp::None,
            Which::Undated => open && row.due.is_none(),
        }
    }
}

pub fn look(desk: &Desk, ask: WhichMatter) -> Result<MatterRow> {
    let finder = desk.finder()?;
    desk.read(|ledger| {
        let view = ledger.view();
        let matter = view.get::<Matter>(ask.id)?.ok_or_else(|| no_such(ask.id))?;
        let meetings = meetings_of(view, std::slice::from_ref(&matter))?;
        let visit = matter.visit.map(|visit| view.get::<Visit>(visit.0)).transpose()?.flatten();
        let came_up = CameUp { meetings, visit };
        Ok(row(&matter, &came_up, &finder, view.today))
    })
}

fn no_such(id: Uuid) -> Refusal {
    Refusal::new(Code::NoSuchRecord).with("kind", Matter::KIND).with("id", id)
}

/// Where matters came up. Visits are many: only the page of one matter asks for its own.
struct CameUp {
    meetings: HashMap<MeetingId, Meeting>,
    visit: Option<Visit>,
}

fn meetings_of(view: View<'_>, matters: &[Matter]) -> Result<HashMap<MeetingId, Meeting>> {
    let mut found = HashMap::new();
    for id in matters.iter().filter_map(|matter| matter.meeting) {
        if !found.contains_key(&id) {
            found.extend(view.get::<Meeting>(id.0)?.map(|meeting| (id, meeting)));
        }
    }
    Ok(found)
}

impl CameUp {
    fn place(&self, matter: &Matter, finder: &Finder) -> Option<RaisedIn> {
        if let Some(meeting) = matter.meeting.and_then(|id| self.meetings.get(&id)) {
            let meeting_kind = meeting.meeting_kind.code().to_owned();
            return Some(RaisedIn::Meeting { id: meeting.id.0, on: meeting.on, meeting_kind });
        }
        let visit = self.visit.as_ref()?;
        let visitor = finder.person(visit.visitor).map(|p| p.name.clone()).unwrap_or_default();
        Some(RaisedIn::Visit { id: visit.id.0, on: visit.on, visitor })
    }
}

fn row(matter: &Matter, came_up: &CameUp, finder: &Finder, today: Date) -> MatterRow {
    let head = matter.household.and_then(|h| finder.head_of(h));
    let state = match (matter.closed_on, matter.answered_on) {
        (Some(_), _) => MatterState::Closed,
        (None, Some(_)) => MatterState::Answered,
        (None, None) => MatterState::Open,
    };
    let due = matter.due.filter(|_| state == MatterState::Open);
    MatterRow {
        id: matter.id.0,
        text: matter.text.clone(),
        on: matter.on,
        raised_at: matter.raised_at,
        raised_in: came_up.place(matter, finder),
        household: matter.household.map(|h| h.0),
        head: head.map(|h| h.name.clone()),
        group: head.and_then(|h| h.group.clone()),
        group_number: head.and_then(|h| h.group_number),
        person: matter.person.and_then(|p| finder.person(p)).map(|p| p.name.clone()),
        owner: matter.owner.clone(),
        due: matter.due,
        answer: matter.answer.clone(),
        answered_on: matter.answered_on,
        closed_on: matter.closed_on,
        note: matter.note.clone(),
        state,
        lamp: Lamp::of(due, today),
        days_left: due.map(|due| (due - today).num_days()),
        voided: matter.gone.as_ref().map(|gone| gone.reason.clone()),
    }
}

/// What the form holds; an empty text or none means: not known.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SaveMatter {
    #[serde(default)]
    #[ts(optional)]
    pub id: Option<Uuid>,
    pub text: String,
    pub on: String,
    /// Where it came up; what stands is kept when it is left out.
    #[serde(default)]
    #[ts(type = "'meeting' | 'visit' | 'link' | 'mend' | 'other'", optional)]
    pub raised_at: Option<String>,
    #[serde(default)]
    pub household: Option<Uuid>,
    #[serde(default)]
    pub owner: Option<String>,
    #[serde(default)]
    pub due: Option<String>,
    /// What the form had shown: a value changed elsewhere since is not written over unseen.
    #[serde(default)]
    #[ts(type = "Record<string, unknown>", optional)]
    pub seen: Option<Fields>,
}

pub fn save(desk: &Desk, ask: SaveMatter) -> Result<Done<Uuid>> {
    desk.edit("matter", |draft| {
        not_ahead(draft, &ask.on)?;
        let mut fields = vec![
            ("text", json!(ask.text)),
            ("on", json!(ask.on)),
            ("household", json!(ask.household)),
            ("owner", json!(ask.owner)),
            ("due", json!(ask.due)),
        ];
        let raised = ask.raised_at.or_else(|| ask.id.is_none().then(|| "other".to_owned()));
        fields.extend(raised.map(|raised| ("raised_at", json!(raised))));
        let fields = named(fields);
        let Some(id) = ask.id else { return draft.create(Matter::KIND, fields) };
        standing(draft, id)?;
        unchanged_since(draft, Matter::KIND, id, ask.seen.as_ref())?;
        draft.patch(Matter::KIND, id, fields)?;
        Ok(id)
    })
}

/// 答复: what they were told, and when. With `close` nothing more is to be done about it.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct AnswerMatter {
    pub id: Uuid,
    pub answer: String,
    pub on: String,
    pub close: bool,
}

pub fn answer(desk: &Desk, ask: AnswerMatter) -> Result<Done<Uuid>> {
    if ask.answer.trim().is_empty() {
        return Err(Refusal::new(Code::Missing).with("kind", Matter::KIND).with("field", "answer").into());
    }
    desk.edit("answer", |draft| {
        standing(draft, ask.id)?;
        not_ahead(draft, &ask.on)?;
        let mut fields = vec![("answer", json!(ask.answer)), ("answered_on", json!(ask.on))];
        if ask.close {
            fields.push(("closed_on", json!(ask.on)));
        }
        draft.patch(Matter::KIND, ask.id, named(fields))?;
        Ok(ask.id)
    })
}

#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct CloseMatter {
    pub id: Uuid,
    pub on: String,
}

/// 办结.
pub fn close(desk: &Desk, ask: CloseMatter) -> Result<Done<Uuid>> {
    desk.edit("close_matter", |draft| {
        standing(draft, ask.id)?;
        not_ahead(draft, &ask.on)?;
        draft.patch(Matter::KIND, ask.id, named(vec![("closed_on", json!(ask.on))]))?;
        Ok(ask.id)
    })
}

/// It was not over after all: what was answered stays to be read, its days are taken off.
pub fn reopen(desk: &Desk, ask: WhichMatter) -> Result<Done<Uuid>> {
    desk.edit("reopen_matter", |draft| {
        standing(draft, ask.id)?;
        let fields = vec![("answered_on", Json::Null), ("closed_on", Json::Null)];
        draft.patch(Matter::KIND, ask.id, named(fields))?;
        Ok(ask.id)
    })
}

fn standing(draft: &Draft<'_>, id: Uuid) -> Result<()> {
    draft.get::<Matter>(id)?.filter(|m| m.gone.is_none()).map(|_| ()).ok_or_else(|| no_such(id).into())
}

/// What has not come yet has not been said or done.
fn not_ahead(draft: &Draft<'_>, on: &str) -> Result<()> {
    match on.parse::<Date>() {
        Ok(day) if day > draft.today() => Err(Refusal::new(Code::FutureDate).with("on", on).into()),
        _ => Ok(()),
    }
}

fn named(fields: Vec<(&str, Json)>) -> Fields {
    fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    fn told(text: &str, due: Option<&str>) -> SaveMatter {
        SaveMatter {
            id: None,
            text: text.to_owned(),
            on: "2026-11-01".to_owned(),
            raised_at: None,
            household: None,
            owner: None,
            due: due.map(str::to_owned),
            seen: None,
        }
    }

    fn texts(desk: &Desk, which: Which) -> Vec<String> {
        list(desk, ListMatters { which, household: None }).unwrap().rows.into_iter().map(|row| row.text).collect()
    }

    #[test]
    fn what_falls_due_first_stands_first_and_what_has_no_day_last() {
        let (desk, _dir) = testing::empty();
        for (text, due) in
            [("路灯", None), ("水管", Some("2026-11-22")), ("低保", Some("2026-11-05")), ("路面", Some("2027-03-01"))]
        {
            save(&desk, told(text, due)).unwrap();
        }
        assert_eq!(texts(&desk, Which::Open), ["低保", "水管", "路面", "路灯"]);
        assert_eq!(texts(&desk, Which::Due), ["低保", "水管"]);
        assert_eq!(texts(&desk, Which::Undated), ["路灯"]);
        let list = list(&desk, ListMatters { which: Which::Due, household: None }).unwrap();
        assert_eq!((list.open, list.late), (4, 1));
    }

    #[test]
    fn an_answered_matter_leaves_the_open_list_and_comes_back_when_it_is_not_over() {
        let (desk, _dir) = testing::empty();
        let id = save(&desk, told("水管", None)).unwrap().value;
        answer(&desk, AnswerMatter { id, answer: "周五来修".into(), on: "2026-11-18".into(), close: false }).unwrap();
        assert_eq!(look(&desk, WhichMatter { id }).unwrap().state, MatterState::Answered);
        close(&desk, CloseMatter { id, on: "2026-11-20".into() }).unwrap();
        assert_eq!(look(&desk, WhichMatter { id }).unwrap().state, MatterState::Closed);
        assert!(texts(&desk, Which::Open).is_empty());
        reopen(&desk, WhichMatter { id }).unwrap();
        let open = look(&desk, WhichMatter { id }).unwrap();
        assert_eq!((open.state, open.answer.as_deref()), (MatterState::Open, Some("周五来修")));
    }

    #[test]
    fn nothing_is_answered_tomorrow_or_before_it_was_raised() {
        let (desk, _dir) = testing::empty();
        let id = save(&desk, told("水管", None)).unwrap().value;
        let check = |on: &str, code: Code| {
            let ask = AnswerMatter { id, answer: "周五来修".into(), on: on.into(), close: false };
            assert_eq!(answer(&desk, ask).unwrap_err().code(), Some(code), "{on}");
        };
        check("2026-11-21", Code::FutureDate);
        check("2026-10-30", Code::DatesReversed);
        check("11月18日", Code::Unfit);
    }

    #[test]
    fn a_matter_shows_the_household_and_its_group() {
        let (desk, _dir) = testing::sample();
        let home = desk.finder().unwrap().find(&crate::search::Find {
            text: "一组".into(),
            among: crate::search::Among::Households,
            limit: 1,
        });
        let household = home.first().and_then(|h| h.household).unwrap();
        save(&desk, SaveMatter { household: Some(household), ..told("水管", None) }).unwrap();
        let rows = list(&desk, ListMatters { which: Which::All, household: Some(household) }).unwrap().rows;
        let row = rows.iter().find(|r| r.text == "水管").unwrap();
        assert_eq!((row.head.clone(), row.group.clone()), (home[0].head_name.clone(), home[0].group.clone()));
    }
}
