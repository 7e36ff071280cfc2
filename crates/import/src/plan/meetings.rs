//! 四述四评和星级入账 — meetings by day and place, rounds and ratings by ids that can exist only once.

use super::homes;
use super::{Desk, Filled, text};
use crate::book::Section;
use crate::book::meetings::{MeetingRow, RoundRow, Tally};
use crate::book::stars::{StarPage, StarRow};
use crate::finding::{Did, Remark, What};
use crate::layout::Field;
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashSet};
use uuid::Uuid;

const MASS: &str = "mass";
const STARS: [&str; 5] = ["wealth", "law", "virtue", "clean", "honest"];

pub fn settle(desk: &mut Desk<'_>, _section: &Section, rows: &[MeetingRow]) {
    for row in rows {
        let on_that_day = rows.iter().filter(|r| r.on == row.on).count();
        let found = find(desk, row, on_that_day);
        let fields = Filled::default()
            .with("meeting_kind", Some(MASS))
            .with("on", Some(row.on.clone()))
            .with("place", row.place.clone())
            .with("host", row.host.clone())
            .with("expected", row.expected)
            .with("present", row.present)
            .with("opinions", row.opinions);
        let meeting = desk.ground.put("meeting", found, fields.0, &row.as_typed);
        for r in &row.rounds {
            round(desk, meeting, r);
        }
    }
}

/// By day and place; a place that was corrected, by the day alone when that leaves one.
fn find(desk: &Desk<'_>, row: &MeetingRow, on_that_day: usize) -> Option<Uuid> {
    let mass = Value::from(MASS);
    let that_day: Vec<(Uuid, Option<&str>)> = desk
        .ground
        .all("meeting")
        .filter(|(_, m)| m.get("meeting_kind").is_some_and(|k| desk.ground.same("meeting", "meeting_kind", k, &mass)))
        .filter(|(_, m)| text(m, "on") == Some(&row.on))
        .map(|(id, m)| (id, text(m, "place")))
        .collect();
    let same_place = that_day.iter().find(|(_, place)| *place == row.place.as_deref());
    let only = || that_day.first().filter(|_| that_day.len() == 1 && on_that_day == 1);
    same_place.or_else(only).map(|(id, _)| *id)
}

fn round(desk: &mut Desk<'_>, meeting: Uuid, row: &RoundRow) {
    let id = (desk.derived)("round", &[meeting.to_string(), row.pair.to_string()]);
    let fields = Filled::default()
        .id("meeting", meeting)
        .with("pair", Some(i64::from(row.pair)))
        .with("who", Some(row.who.clone()))
        .with("said", row.said.clone())
        .with("what", row.what.clone())
        .with("tally", row.tally.map(|t| tally(t, desk.ground.get("round", id).get("tally"))));
    desk.ground.put("round", Some(id), fields.0, &BTreeMap::new());
}

/// What the ledger counts besides (收回, 废票) is not in the book and stays.
fn tally(tally: Tally, standing: Option<&Value>) -> Value {
    let mut counts = standing.and_then(Value::as_object).cloned().unwrap_or_default();
    let grades = [("best", tally.best), ("good", tally.good), ("fair", tally.fair), ("poor", tally.poor)];
    counts.extend(grades.map(|(name, n)| (name.to_owned(), n.into())));
    counts.extend(tally.issued.map(|n| ("issued".to_owned(), n.into())));
    Value::Object(counts)
}

pub fn stars(desk: &mut Desk<'_>, section: &Section, page: &StarPage) {
    let cycle = cycle(desk, page.year);
    let mut rated = HashSet::new();
    for row in &page.rows {
        let Some(home) = homes::find(desk, section, row.row, &row.home) else {
            continue;
        };
        if !rated.insert(home) {
            let remark = Remark::doubt(What::RatedTwice, Did::FirstRow);
            desk.say(section, row.row, Field::Head, &row.home.head, remark);
            continue;
        }
        rating(desk, cycle, home, row);
    }
}

fn cycle(desk: &mut Desk<'_>, year: i32) -> Uuid {
    let name = format!("{year}年度");
    let is_it = |cycle: &super::Fields| {
        cycle.get("year").and_then(Value::as_i64) == Some(i64::from(year)) || text(cycle, "name") == Some(&name)
    };
    let found = desk.ground.all("star_cycle").find(|(_, c)| is_it(c)).map(|(id, _)| id);
    // A cycle that stands keeps the name the village gave it.
    let fields = Filled::default().with("year", Some(year)).with("name", found.is_none().then(|| name.clone()));
    desk.ground.put("star_cycle", found, fields.0, &BTreeMap::new())
}

fn rating(desk: &mut Desk<'_>, cycle: Uuid, home: Uuid, row: &StarRow) {
    let id = (desk.derived)("rating", &[cycle.to_string(), home.to_string()]);
    let mut fields = Filled::default()
        .id("cycle", cycle)
        .id("household", home)
        .with("stars", row.stars)
        .with("unrated_reason", row.unrated_reason.clone());
    for (name, granted) in STARS.into_iter().zip(row.aspects) {
        let stands = desk.ground.get("rating", id).get(name);
        // The reason is not in the book: an unchanged star keeps the one the ledger has.
        let unchanged = stands.and_then(|s| s.get("granted")).and_then(Value::as_bool) == granted;
        let star = granted.filter(|_| !unchanged).map(|granted| json!({ "granted": granted, "reason": null }));
        fields = fields.with(name, star);
    }
    desk.ground.put("rating", Some(id), fields.0, &row.as_typed);
}
