//! A year of points: what each household has, in the order of groups and numbers, and the entries behind it.

use std::collections::HashMap;

use chrono::Days;
use lianhu_ledger::View;
use lianhu_ledger::dates::Date;
use lianhu_ledger::records::point_entry::Points;
use lianhu_ledger::records::point_item::PointSort;
use lianhu_ledger::records::{Group, GroupId, Household, HouseholdId, PointEntry, PointItem};
use lianhu_ledger::rules::Rules;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

use crate::desk::Desk;
use crate::problem::Result;

use super::items::{PointItemLine, lines};

#[derive(Clone, Copy, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct WhichPoints {
    pub year: i32,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct PointsPage {
    pub year: i32,
    pub today: Date,
    pub items: Vec<PointItemLine>,
    /// Households with an entry in the year, by group and number: never by who has least.
    pub rows: Vec<PointsRow>,
    /// 申诉 that wait for an answer.
    pub open_appeals: u32,
    /// 至少几人评分.
    pub raters_min: u32,
    /// Days a notice usually hangs.
    pub notice_until: Date,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct PointsRow {
    pub household: Uuid,
    pub head: Option<String>,
    pub number: Option<u32>,
    pub group: Option<Uuid>,
    pub group_name: Option<String>,
    /// 得分.
    pub scored: i32,
    /// 已兑换.
    pub spent: i32,
    /// 结余.
    pub left: i32,
    pub entries: u32,
}

#[derive(Clone, Copy, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct AskEntries {
    /// Of one year; all of them when it is left out.
    #[serde(default)]
    #[ts(optional)]
    pub year: Option<i32>,
    #[serde(default)]
    #[ts(optional)]
    pub household: Option<Uuid>,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct PointLine {
    pub id: Uuid,
    pub household: Uuid,
    pub head: Option<String>,
    pub group_name: Option<String>,
    pub item: Uuid,
    pub item_name: String,
    #[ts(type = "'gain' | 'loss' | 'spend'")]
    pub sort: PointSort,
    pub on: Date,
    /// With its sign.
    pub points: i32,
    pub grounds: String,
    pub raters: Vec<String>,
    pub note: Option<String>,
    pub appealed_on: Option<Date>,
    pub appealed_by: Option<String>,
    pub appealed_why: Option<String>,
    pub answered_on: Option<Date>,
    pub answer: Option<String>,
    /// 成立: it does not count.
    pub upheld: Option<bool>,
}

pub fn look(desk: &Desk, ask: WhichPoints) -> Result<PointsPage> {
    desk.read(|ledger| {
        let view = ledger.view();
        let entries = view.points_in(ask.year)?;
        let rules = Rules::shipped();
        let min = rules.int("star_scorers_min", view.today).map_err(lianhu_ledger::Error::from)?;
        let days = rules.days("publicity_days", view.today).map_err(lianhu_ledger::Error::from)?;
        Ok(PointsPage {
            year: ask.year,
            today: view.today,
            items: lines(view)?,
            rows: rows(view, &entries)?,
            open_appeals: entries.iter().filter(|entry| entry.waits_for_an_answer()).count() as u32,
            raters_min: u32::try_from(min).unwrap_or(0),
            notice_until: view.today.checked_add_days(Days::new(days.into())).unwrap_or(view.today),
        })
    })
}

/// Points of a year fit a screen's number; what a broken file may hold is shown as the largest there is.
fn shown(points: i64) -> i32 {
    i32::try_from(points).unwrap_or(if points < 0 { i32::MIN } else { i32::MAX })
}

pub(super) fn rows(view: View<'_>, entries: &[PointEntry]) -> Result<Vec<PointsRow>> {
    let (names, sorts) = (view.names()?, view.point_sorts()?);
    let groups: HashMap<GroupId, Group> = view.all::<Group>()?.into_iter().map(|g| (g.id, g)).collect();
    let mut own: HashMap<HouseholdId, Vec<&PointEntry>> = HashMap::new();
    entries.iter().for_each(|entry| own.entry(entry.household).or_default().push(entry));
    let mut households: Vec<Household> =
        view.all::<Household>()?.into_iter().filter(|h| own.contains_key(&h.id)).collect();
    households.sort_by_key(|h| {
        let group = h.group.and_then(|g| groups.get(&g)).and_then(|g| g.number);
        (group.unwrap_or(u32::MAX), h.number.unwrap_or(u32::MAX), h.id)
    });
    let row = |h: Household| {
        let entries = own.get(&h.id).map(Vec::as_slice).unwrap_or_default();
        let points = Points::of(entries.iter().copied(), &sorts);
        PointsRow {
            household: h.id.0,
            head: h.head.and_then(|person| names.get(&person).cloned()),
            number: h.number,
            group: h.group.map(|g| g.0),
            group_name: h.group.and_then(|g| groups.get(&g)).map(|g| g.name.clone()),
            scored: shown(points.scored),
            spent: shown(points.spent),
            left: shown(points.left()),
            entries: entries.len() as u32,
        }
    };
    Ok(households.into_iter().map(row).collect())
}

/// The newest first.
pub fn entries(desk: &Desk, ask: AskEntries) -> Result<Vec<PointLine>> {
    desk.read(|ledger| {
        let view = ledger.view();
        let mut found = match (ask.household, ask.year) {
            (Some(household), _) => view.points_of(HouseholdId(household))?,
            (None, Some(year)) => view.points_in(year)?,
            (None, None) => view.all::<PointEntry>()?,
        };
        if let Some(year) = ask.year {
            found.retain(|entry| chrono::Datelike::year(&entry.on) == year);
        }
        found.reverse();
        let names = view.names()?;
        let groups: HashMap<GroupId, String> = view.all::<Group>()?.into_iter().map(|g| (g.id, g.name)).collect();
        let mut lines = Vec::new();
        for entry in found {
            let item = view.get::<PointItem>(entry.item.0)?;
            let household = view.get::<Household>(entry.household.0)?;
            let head = household.as_ref().and_then(|h| h.head).and_then(|person| names.get(&person).cloned());
            let group_name = household.and_then(|h| h.group).and_then(|group| groups.get(&group).cloned());
            lines.push(line(entry, item, head, group_name));
        }
        Ok(lines)
    })
}

fn line(entry: PointEntry, item: Option<PointItem>, head: Option<String>, group_name: Option<String>) -> PointLine {
    let (appealed, answered) = (entry.appealed, entry.answered);
    PointLine {
        id: entry.id.0,
        household: entry.household.0,
        head,
        group_name,
        item: entry.item.0,
        sort: item.as_ref().map_or(PointSort::Gain, |item| item.sort),
        item_name: item.map(|item| item.name).unwrap_or_default(),
        on: entry.on,
        points: shown(entry.points),
        grounds: entry.grounds,
        raters: entry.raters.0,
        note: entry.note,
        appealed_on: appealed.as_ref().map(|a| a.on),
        appealed_by: appealed.as_ref().and_then(|a| a.by.clone()),
        appealed_why: appealed.map(|a| a.why),
        answered_on: answered.as_ref().map(|a| a.on),
        upheld: answered.as_ref().map(|a| a.upheld),
        answer: answered.map(|a| a.answer),
    }
}
