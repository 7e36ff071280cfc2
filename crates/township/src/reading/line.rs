//! 十二个月 — one measure over the twelve months up to one: a village's, or the whole township's as sums of counts.

use lianhu_ledger::Result;
use lianhu_ledger::dates::Month;
use lianhu_report::lines::Rate;
use serde::Serialize;
use uuid::Uuid;

use super::Reader;
use super::measure::Sum;

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Line {
    pub measure: String,
    pub points: Vec<Point>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Point {
    pub month: Month,
    /// None where nobody has said anything: a gap, and no zero.
    pub rate: Option<Rate>,
    /// Villages that are in it, and all there are.
    pub villages: usize,
    pub of: usize,
}

fn twelve(until: Month) -> Vec<Month> {
    (0..12).map(|back| until.plus(back - 11)).collect()
}

/// One village's line, or all villages' together.
pub fn line(reader: Reader<'_>, measure: &str, until: Month, village: Option<Uuid>) -> Result<Line> {
    let months = twelve(until);
    let listed = reader.town.villages()?;
    let ids: Vec<Uuid> = match village {
        Some(id) => vec![id],
        None => listed.iter().filter_map(|village| village.id).collect(),
    };
    let mut sums: Vec<Sum> = months.iter().map(|_| Sum::default()).collect();
    for read in reader.each(&ids, |id| reader.months(id, &months).map(|(_, months)| months)) {
        for (sum, summary) in sums.iter_mut().zip(read?) {
            sum.add("", summary.count(measure), true);
        }
    }
    let point = |(month, sum): (Month, Sum)| Point {
        month,
        rate: sum.rate(),
        villages: ids.len() - sum.without.len(),
        of: ids.len(),
    };
    Ok(Line { measure: measure.to_owned(), points: months.into_iter().zip(sums).map(point).collect() })
}
