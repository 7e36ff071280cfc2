//! 党员结构表 — the members on the roll of a day by sex, people, age, education, years in the Party. Whose date or schooling
//! nobody has entered stands in a line of their own.

use std::collections::HashMap;

use chrono::NaiveDate;
use lianhu_ledger::dates::PartialDate;
use lianhu_ledger::records::{PartyMember, Person, PersonId};
use lianhu_ledger::{Result, View};
use serde::{Deserialize, Serialize};

/// Upper ends of the age bands that the yearly statistics of the Party use.
const AGES: [i32; 7] = [30, 35, 40, 45, 50, 55, 60];
/// And of years in the Party.
const YEARS: [i32; 5] = [5, 10, 20, 30, 50];
/// First digits of GB/T 4658, highest schooling first.
const SCHOOLING: [(&str, &str); 6] =
    [("1", "研究生"), ("2", "大学本科"), ("3", "大学专科"), ("45", "中专、中技"), ("6", "高中"), ("789", "初中及以下")];

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Structure {
    pub as_of: NaiveDate,
    pub members: u32,
    pub probationary: u32,
    pub women: u32,
    pub minority: u32,
    pub floating: u32,
    /// 年龄、学历、党龄.
    pub ages: Vec<Band>,
    pub schooling: Vec<Band>,
    pub years: Vec<Band>,
}

/// Ages and years have ends, schooling has a code; the line of those of whom it is not known has neither.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Band {
    pub from: Option<i32>,
    pub to: Option<i32>,
    /// First digits of GB/T 4658 that it gathers.
    pub schooling: Option<String>,
    pub n: u32,
}

impl Band {
    /// As it stands on paper.
    pub fn words(&self, unit: &str) -> String {
        match (self.from, self.to, &self.schooling) {
            (Some(from), Some(to), _) => format!("{from}—{to}{unit}"),
            (None, Some(to), _) => format!("{to}{unit}及以下"),
            (Some(from), None, _) => format!("{from}{unit}及以上"),
            (None, None, Some(digits)) => {
                let named = SCHOOLING.iter().find(|(known, _)| known == digits);
                named.map_or(digits.as_str(), |(_, name)| name).to_owned()
            }
            (None, None, None) => "未填报".to_owned(),
        }
    }
}

pub fn structure(view: View<'_>, as_of: NaiveDate) -> Result<Structure> {
    let members: Vec<PartyMember> = view.all::<PartyMember>()?.into_iter().filter(|m| m.stands_on(as_of)).collect();
    let people: HashMap<PersonId, Person> = view.all::<Person>()?.into_iter().map(|p| (p.id, p)).collect();
    let of = |m: &PartyMember| people.get(&m.person);
    let count = |which: &dyn Fn(&PartyMember) -> bool| members.iter().filter(|m| which(m)).count() as u32;
    let code = |cell: Option<String>, is: &dyn Fn(&str) -> bool| cell.is_some_and(|code| is(&code));
    Ok(Structure {
        as_of,
        members: members.len() as u32,
        probationary: count(&|m| m.is_probationary_on(as_of)),
        women: count(&|m| code(of(m).and_then(|p| Some(p.sex.as_ref()?.code().to_owned())), &|c| c == "2")),
        minority: count(&|m| code(of(m).and_then(|p| Some(p.ethnic.as_ref()?.code().to_owned())), &|c| c != "01")),
        floating: count(&|m| m.floating == Some(true)),
        ages: bands(&AGES, members.iter().map(|m| years(of(m).and_then(|p| p.born.as_ref()), as_of))),
        years: bands(&YEARS, members.iter().map(|m| years(m.joined_on.as_ref(), as_of))),
        schooling: schooling(members.iter().map(|m| of(m).and_then(|p| Some(p.education.as_ref()?.code().to_owned())))),
    })
}

/// Full years up to that day; a date known in part counts from its last possible day, so nobody is made older.
fn years(since: Option<&PartialDate>, as_of: NaiveDate) -> Option<i32> {
    let years = as_of.years_since(since?.latest().min(as_of))?;
    i32::try_from(years).ok()
}

fn bands(ends: &[i32], all: impl Iterator<Item = Option<i32>>) -> Vec<Band> {
    let mut counts = vec![0; ends.len() + 1];
    let mut unknown = 0;
    for years in all {
        match years {
            None => unknown += 1,
            Some(years) => counts[ends.iter().position(|end| years <= *end).unwrap_or(ends.len())] += 1,
        }
    }
    let after = |i: usize| i.checked_sub(1).and_then(|before| ends.get(before)).map(|end| end + 1);
    let band = |(i, n)| Band { from: after(i), to: ends.get(i).copied(), schooling: None, n };
    counts.into_iter().enumerate().map(band).chain(not_known(unknown)).collect()
}

fn schooling(all: impl Iterator<Item = Option<String>>) -> Vec<Band> {
    let empty = |(digits, _): &(&str, &str)| Band { from: None, to: None, schooling: Some((*digits).to_owned()), n: 0 };
    let mut bands: Vec<Band> = SCHOOLING.iter().map(empty).collect();
    let mut unknown = 0;
    for code in all {
        let first = code.as_deref().and_then(|code| code.chars().next());
        match first.and_then(|c| SCHOOLING.iter().position(|(digits, _)| digits.contains(c))) {
            Some(at) => bands[at].n += 1,
            None => unknown += 1,
        }
    }
    bands.extend(not_known(unknown));
    bands
}

fn not_known(n: u32) -> Option<Band> {
    (n > 0).then_some(Band { from: None, to: None, schooling: None, n })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whose_age_is_not_known_is_in_no_band_but_their_own() {
        let bands = bands(&[30, 60], [Some(30), Some(31), Some(61), None].into_iter());
        let told: Vec<(String, u32)> = bands.iter().map(|b| (b.words("岁"), b.n)).collect();
        let expected = [("30岁及以下", 1), ("31—60岁", 1), ("61岁及以上", 1), ("未填报", 1)];
        assert_eq!(told, expected.map(|(name, n)| (name.to_owned(), n)));
    }

    #[test]
    fn a_technical_school_counts_with_the_secondary_ones() {
        let bands = schooling(["50", "40", "70", "90"].map(|c| Some(c.to_owned())).into_iter());
        assert_eq!(bands.iter().map(|b| b.n).collect::<Vec<_>>(), [0, 0, 0, 2, 0, 2]);
    }
}
