//! Days and months as the branch writes them. A fact carries its own date; nothing here reads a clock.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

/// A calendar day.
pub type Date = NaiveDate;

/// Facts of a village lie within living memory and a plan's horizon; anything else is a slip of the finger.
const YEARS: std::ops::RangeInclusive<i32> = 1850..=2200;

pub(crate) fn parse_date(text: &str) -> Option<Date> {
    let well_formed = text.len() == 10 && text.as_bytes()[4] == b'-' && text.as_bytes()[7] == b'-';
    let date = Date::parse_from_str(text, "%Y-%m-%d").ok()?;
    (well_formed && YEARS.contains(&date.year())).then_some(date)
}

/// A month of the work, `2026-10`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Month {
    year: i32,
    month: u32,
}

impl Month {
    pub fn new(year: i32, month: u32) -> Option<Month> {
        (YEARS.contains(&year) && (1..=12).contains(&month)).then_some(Month { year, month })
    }

    pub fn of(date: Date) -> Month {
        Month { year: date.year(), month: date.month() }
    }

    pub fn year(self) -> i32 {
        self.year
    }

    /// 1 to 12.
    pub fn number(self) -> u32 {
        self.month
    }

    pub fn first(self) -> Date {
        Date::from_ymd_opt(self.year, self.month, 1).expect("a Month is made only of valid numbers")
    }

    pub fn last(self) -> Date {
        self.next().first().pred_opt().expect("years are far from chrono's limits")
    }

    pub fn next(self) -> Month {
        self.plus(1)
    }

    pub fn previous(self) -> Month {
        self.plus(-1)
    }

    pub fn plus(self, months: i32) -> Month {
        let n = self.year * 12 + self.month as i32 - 1 + months;
        Month { year: n.div_euclid(12), month: n.rem_euclid(12) as u32 + 1 }
    }

    pub fn contains(self, date: Date) -> bool {
        Month::of(date) == self
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

impl FromStr for Month {
    type Err = String;
    fn from_str(text: &str) -> Result<Month, String> {
        let parsed = || {
            let (year, month) = text.split_once('-')?;
            let shaped = year.len() == 4 && month.len() == 2 && text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
            Month::new(year.parse().ok()?, month.parse().ok()?).filter(|_| shaped)
        };
        parsed().ok_or_else(|| format!("{text:?} is no month like 2026-10"))
    }
}

impl TryFrom<String> for Month {
    type Error = String;
    fn try_from(text: String) -> Result<Month, String> {
        text.parse()
    }
}

impl From<Month> for String {
    fn from(month: Month) -> String {
        month.to_string()
    }
}

/// A date as far as it is known: `1991`, `1991-02` or `1991-02-11`. What is unknown is not made up.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PartialDate(String);

impl PartialDate {
    pub fn year(&self) -> i32 {
        self.0[..4].parse().expect("parsed when it was made")
    }

    /// The whole day, when it is known.
    pub fn date(&self) -> Option<Date> {
        parse_date(&self.0)
    }

    /// The earliest day it can mean.
    pub fn earliest(&self) -> Date {
        let padded = format!("{}{}", self.0, &"-01-01"[self.0.len().saturating_sub(4).min(6)..]);
        parse_date(&padded).expect("padded with the first day")
    }

    /// The latest day it can mean.
    pub fn latest(&self) -> Date {
        match self.0.len() {
            4 => Date::from_ymd_opt(self.year(), 12, 31).expect("every year has a 31 December"),
            7 => self.0.parse::<Month>().expect("parsed when it was made").last(),
            _ => self.earliest(),
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<Date> for PartialDate {
    fn from(date: Date) -> PartialDate {
        PartialDate(date.to_string())
    }
}

impl TryFrom<String> for PartialDate {
    type Error = String;
    fn try_from(text: String) -> Result<PartialDate, String> {
        let known = match text.len() {
            4 => text.bytes().all(|b| b.is_ascii_digit()) && text.parse().is_ok_and(|y: i32| YEARS.contains(&y)),
            7 => text.parse::<Month>().is_ok(),
            _ => parse_date(&text).is_some(),
        };
        if known { Ok(PartialDate(text)) } else { Err(format!("{text:?} is no date")) }
    }
}

impl From<PartialDate> for String {
    fn from(date: PartialDate) -> String {
        date.0
    }
}

impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Full years between a birth and a day, when the birth is known well enough to say.
pub fn age_on(born: &PartialDate, day: Date) -> Option<i32> {
    let full_years =
        |birth: Date| day.year() - birth.year() - i32::from((day.month(), day.day()) < (birth.month(), birth.day()));
    let (youngest, oldest) = (full_years(born.latest()), full_years(born.earliest()));
    (youngest == oldest).then_some(oldest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, span: Option<(&str, &str)>) {
        let known = PartialDate::try_from(text.to_owned()).ok();
        let got = known.map(|d| (d.earliest().to_string(), d.latest().to_string()));
        assert_eq!(got, span.map(|(a, b)| (a.to_owned(), b.to_owned())), "{text}");
    }

    #[test]
    fn a_partial_date_spans_what_it_can_mean() {
        check("1991", Some(("1991-01-01", "1991-12-31")));
        check("1991-02", Some(("1991-02-01", "1991-02-28")));
        check("2024-02-29", Some(("2024-02-29", "2024-02-29")));
        check("2026-02-30", None);
        check("2026-13", None);
        check("0230-01-01", None);
        check("2026-1-01", None);
        check("年月日", None);
    }

    #[test]
    fn december_is_followed_by_january() {
        let december: Month = "2026-12".parse().unwrap();
        assert_eq!(december.next().to_string(), "2027-01");
        assert_eq!(december.last().to_string(), "2026-12-31");
        assert_eq!(december.next().previous(), december);
    }

    #[test]
    fn an_age_is_unknown_while_the_birthday_is() {
        let day = parse_date("2026-06-15").unwrap();
        let age = |born: &str| age_on(&PartialDate::try_from(born.to_owned()).unwrap(), day);
        assert_eq!(age("2000-06-15"), Some(26));
        assert_eq!(age("2000-06-16"), Some(25));
        assert_eq!(age("2000-06"), None);
        assert_eq!(age("2000-01"), Some(26));
    }
}
