//! Saving one visit: a new one, a change of one, or what is added to one of the same day.

use lianhu_ledger::dates::Date;
use lianhu_ledger::{Draft, Fields};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use ts_rs::TS;
use uuid::Uuid;

use crate::desk::{Desk, Done};
use crate::problem::Result;
use crate::records::unchanged_since;

#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields)]
pub struct SaveVisit {
    /// The visit that is changed; a new one when none is named.
    #[serde(default)]
    pub id: Option<Uuid>,
    /// 补到那一次: what is filled in is added to the visit that is named, nothing of it is taken away.
    #[serde(default)]
    #[ts(as = "Option<bool>", optional)]
    pub add: bool,
    pub household: Uuid,
    pub visitor: Uuid,
    pub on: Date,
    #[serde(default)]
    pub meal: bool,
    #[serde(default)]
    pub self_paid: bool,
    #[serde(default)]
    pub chore: bool,
    #[serde(default)]
    pub way: bool,
    #[serde(default)]
    pub chore_what: Option<String>,
    #[serde(default)]
    pub opportunity: Option<String>,
    #[serde(default)]
    pub note: Option<String>,
    /// Why it is entered late.
    #[serde(default)]
    pub late_why: Option<String>,
    /// What they asked for.
    #[serde(default)]
    pub need: Option<Need>,
    /// What the form had shown, where a visit is changed.
    #[serde(default)]
    #[ts(type = "Record<string, unknown>", optional)]
    pub seen: Option<Fields>,
    #[serde(default)]
    pub correct: Option<String>,
}

/// 困难诉求, which becomes a 事项.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields)]
pub struct Need {
    pub text: String,
    #[serde(default)]
    pub owner: Option<String>,
    #[serde(default)]
    pub due: Option<Date>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
pub struct SavedVisit {
    pub id: Uuid,
    /// 补录.
    pub late: bool,
}

pub fn save(desk: &Desk, ask: SaveVisit) -> Result<Done<SavedVisit>> {
    let late = i64::from(super::late_days(desk.today())?) < (desk.today() - ask.on).num_days();
    let done = desk.correct("visit", ask.correct.as_deref(), |draft| {
        super::visitor(draft.view(), ask.visitor)?;
        let id = write(draft, &ask)?;
        if let Some(need) = ask.need.as_ref().filter(|need| !need.text.trim().is_empty()) {
            raise(draft, Raised { visit: id, household: ask.household, on: ask.on }, need)?;
        }
        Ok(id)
    })?;
    Ok(done.map(|id| SavedVisit { id, late }))
}

fn write(draft: &mut Draft<'_>, ask: &SaveVisit) -> Result<Uuid> {
    let mut fields = boxes(ask);
    let Some(id) = ask.id else {
        fields.retain(|_, value| !value.is_null());
        return draft.create("visit", fields);
    };
    unchanged_since(draft, "visit", id, ask.seen.as_ref())?;
    if ask.add {
        fields.retain(|name, value| !value.is_null() && !["household", "on", "visitor"].contains(&name.as_str()));
        if fields.is_empty() {
            return Ok(id);
        }
    }
    draft.patch("visit", id, fields)?;
    Ok(id)
}

/// Ticked is yes; not ticked is not known.
fn boxes(ask: &SaveVisit) -> Fields {
    let ticked = |on: bool| if on { json!(true) } else { Json::Null };
    let text = |text: &Option<String>| json!(text.as_deref().map(str::trim).filter(|t| !t.is_empty()));
    let fields = [
        ("household", json!(ask.household)),
        ("visitor", json!(ask.visitor)),
        ("on", json!(ask.on)),
        ("shared_meal", ticked(ask.meal)),
        ("self_paid", ticked(ask.meal && ask.self_paid)),
        ("did_chore", ticked(ask.chore)),
        ("chore", text(&ask.chore_what)),
        ("opportunity_given", ticked(ask.way)),
        ("opportunity", text(&ask.opportunity)),
        ("note", text(&ask.note)),
        ("late_why", text(&ask.late_why)),
    ];
    fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// Where a need came up.
pub(super) struct Raised {
    pub visit: Uuid,
    pub household: Uuid,
    pub on: Date,
}

pub(super) fn raise(draft: &mut Draft<'_>, at: Raised, need: &Need) -> Result<Uuid> {
    let fields = [
        ("text", json!(need.text)),
        ("on", json!(at.on)),
        ("raised_at", json!("visit")),
        ("household", json!(at.household)),
        ("visit", json!(at.visit)),
        ("owner", json!(need.owner)),
        ("due", json!(need.due)),
    ];
    draft.create("matter", fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

#[cfg(test)]
mod tests {
    use lianhu_ledger::Code;
    use lianhu_ledger::records::{Household, Matter, Person, Visit};

    use super::*;
    use crate::testing;

    fn visit(desk: &Desk, on: &str) -> SaveVisit {
        let (household, visitor) = desk
            .read(|ledger| {
                let view = ledger.view();
                let visitor = view.select::<Person>("unit IS NOT NULL", [])?[0].id.0;
                Ok((view.all::<Household>()?[0].id.0, visitor))
            })
            .unwrap();
        serde_json::from_value(json!({"household": household, "visitor": visitor, "on": on})).unwrap()
    }

    fn stored(desk: &Desk, id: Uuid) -> Visit {
        desk.read(|ledger| ledger.view().get::<Visit>(id)).unwrap().unwrap()
    }

    fn check_late(on: &str, late: bool) {
        let (desk, _dir) = testing::sample();
        let saved = save(&desk, visit(&desk, on)).unwrap().value;
        assert_eq!(saved.late, late, "{on}");
        assert_eq!(
            super::super::look(&desk, super::super::WhichVisit { id: saved.id }).unwrap().row.late,
            late,
            "{on}"
        );
    }

    #[test]
    fn a_visit_typed_in_more_than_a_week_later_is_marked_late() {
        check_late("2026-11-13", false);
        check_late("2026-11-12", true);
    }

    #[test]
    fn a_box_nobody_ticked_is_unknown_and_a_need_becomes_a_matter() {
        let (desk, _dir) = testing::sample();
        let mut ask = visit(&desk, "2026-11-19");
        ask.meal = true;
        ask.need = Some(Need { text: "路灯不亮".into(), owner: None, due: None });
        let id = save(&desk, ask).unwrap().value.id;
        let visit = stored(&desk, id);
        assert_eq!((visit.shared_meal, visit.did_chore, visit.opportunity_given), (Some(true), None, None));
        let matters = desk.read(|l| l.view().matters_of(visit.household)).unwrap();
        assert!(matters.iter().any(|m: &Matter| m.text == "路灯不亮" && m.visit == Some(visit.id)));
    }

    #[test]
    fn what_is_added_to_a_visit_of_the_same_day_takes_nothing_away() {
        let (desk, _dir) = testing::sample();
        let mut first = visit(&desk, "2026-11-19");
        first.meal = true;
        let day = super::super::VisitDay { household: first.household, on: first.on };
        assert_eq!(super::super::day(&desk, day).unwrap().same_day, None);
        let id = save(&desk, first.clone()).unwrap().value.id;
        assert_eq!(super::super::day(&desk, day).unwrap().same_day.unwrap().id, id);
        let more = SaveVisit { id: Some(id), add: true, meal: false, chore: true, ..first };
        save(&desk, more).unwrap();
        let visit = stored(&desk, id);
        assert_eq!((visit.shared_meal, visit.did_chore), (Some(true), Some(true)));
    }

    #[test]
    fn why_it_is_late_is_kept_where_somebody_says_so() {
        let (desk, _dir) = testing::sample();
        let ask =
            SaveVisit { late_why: Some("下雨路断，才拿回登记表".into()), ..visit(&desk, "2026-10-30") };
        let saved = save(&desk, ask).unwrap().value;
        assert_eq!((saved.late, stored(&desk, saved.id).late_why.is_some()), (true, true));
        let recent = super::super::recent(&desk, crate::session::Nothing {}).unwrap();
        assert_eq!(recent.rows[0].id, saved.id, "what was just entered is seen, whichever month it belongs to");
    }

    #[test]
    fn a_visit_of_a_closed_month_is_welcome_and_a_change_of_it_wants_a_reason() {
        let (desk, _dir) = testing::sample();
        let standing = save(&desk, visit(&desk, "2026-10-20")).unwrap().value.id;
        let close = crate::month::CloseMonth { month: "2026-10".parse().unwrap(), reviewer: None };
        crate::month::close(&desk, close).unwrap();
        let ask = visit(&desk, "2026-10-21");
        let day = super::super::VisitDay { household: ask.household, on: ask.on };
        assert!(super::super::day(&desk, day).unwrap().closed);
        assert!(save(&desk, ask.clone()).unwrap().value.late);
        let change = SaveVisit { id: Some(standing), meal: true, ..visit(&desk, "2026-10-20") };
        assert_eq!(save(&desk, change.clone()).unwrap_err().code(), Some(Code::MonthClosed));
        save(&desk, SaveVisit { correct: Some("登记表上勾了".into()), ..change }).unwrap();
        assert_eq!(stored(&desk, standing).shared_meal, Some(true));
    }

    #[test]
    fn tomorrows_visit_is_refused_and_nothing_is_written() {
        let (desk, _dir) = testing::sample();
        let refused = save(&desk, visit(&desk, "2026-11-21")).unwrap_err();
        assert_eq!(refused.code(), Some(Code::FutureDate));
    }
}
