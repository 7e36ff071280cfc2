//! 五星文明户评定表 — one row per household: five stars, a level, or the reason why it was not rated.

use super::line::{AsTyped, Line};
use super::ties::{Home, each, home};
use crate::finding::{Finding, Remark, What};
use crate::layout::{Field, Table};
use crate::unreadable::{Code, Unreadable};

/// The sheet's year and its rows.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct StarPage {
    pub year: i32,
    pub rows: Vec<StarRow>,
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct StarRow {
    pub row: u32,
    pub home: Home,
    pub stars: Option<i64>,
    /// 致富 守法 美德 卫生 诚信.
    pub aspects: [Option<bool>; 5],
    pub unrated_reason: Option<String>,
    pub as_typed: AsTyped,
}

pub const ASPECTS: [Field; 5] = [Field::Wealth, Field::Law, Field::Virtue, Field::Clean, Field::Honest];

pub fn read(table: &Table, findings: &mut Vec<Finding>) -> Result<StarPage, Unreadable> {
    let places = [&table.title, &table.sheet, &table.file];
    let year =
        places.iter().find_map(|text| year_in(text)).ok_or_else(|| Code::YearMissing.with("sheet", &table.sheet))?;
    Ok(StarPage { year, rows: each(table, findings, star) })
}

/// The first “20xx年”.
fn year_in(text: &str) -> Option<i32> {
    let text = crate::clean::folded(text);
    let before = text.match_indices('年').map(|(at, _)| &text[..at]);
    before
        .filter_map(|head| head.get(head.len().checked_sub(4)?..))
        .filter_map(|digits| digits.parse().ok())
        .find(|year| (1990..=2200).contains(year))
}

fn star(line: &mut Line<'_>) -> Option<StarRow> {
    let home = home(line)?;
    let aspects = ASPECTS.map(|field| line.tick(field));
    let unrated = ["未评", "不评", "未参评"].contains(&line.typed(Field::Stars).trim());
    let stars = if unrated { None } else { line.count(Field::Stars).filter(|n| (0..=5).contains(n)) };
    let reason = line.text(Field::UnratedReason);
    let granted = aspects.iter().filter(|a| **a == Some(true)).count() as i64;
    let aspects = match stars {
        // The level says how many there are, so a blank beside it is “not granted”, not “not filled in”.
        Some(stars) if stars == granted => aspects.map(|a| Some(a == Some(true))),
        Some(_) => {
            line.remark(Some(Field::Stars), Remark::kept(What::StarsMismatch));
            aspects
        }
        None => aspects,
    };
    Some(StarRow { row: line.number(), home, stars, aspects, unrated_reason: reason, as_typed: line.as_typed() })
}
