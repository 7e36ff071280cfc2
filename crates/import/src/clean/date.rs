//! 日期 — clerks write 2020.5, 2020年5月, 20200501, or let Excel turn it into a day number. All of these have one reading.
//! 2020.10 typed as a number has none (it is stored as 2020.1), nor has 2026.2.30: those keep what is sure and are listed.

use super::id::ResidentId;
use super::{Clean, folded, says_nothing};
use crate::finding::{Did, Remark, What};
use crate::grid::{Cell, day};
use chrono::{Datelike, NaiveDate};
use std::fmt;

/// As much of a date as was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Partial {
    Year(i32),
    Month(i32, u32),
    Day(NaiveDate),
}

impl fmt::Display for Partial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Partial::Year(year) => write!(f, "{year:04}"),
            Partial::Month(year, month) => write!(f, "{year:04}-{month:02}"),
            Partial::Day(date) => write!(f, "{date}"),
        }
    }
}

impl Partial {
    /// Whether the whole date can be what was meant.
    pub fn agrees(self, whole: NaiveDate) -> bool {
        match self {
            Partial::Year(year) => year == whole.year(),
            Partial::Month(year, month) => (year, month) == (whole.year(), whole.month()),
            Partial::Day(date) => date == whole,
        }
    }
}

/// How it was written, where that matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Plain,
    Chinese,
    Serial,
    Number,
}

enum Reading {
    Date(Partial, Form),
    /// A number like 2020.1: January or October.
    Tenth(i32),
    Impossible,
    Unclear,
}

/// A date column that is not a birth.
pub fn clean(cell: &Cell, from_1904: bool) -> Clean<Partial> {
    let typed = cell.as_typed();
    let Some(reading) = read(cell, from_1904) else {
        return nothing(cell);
    };
    match reading {
        Reading::Date(when, form) if form == Form::Number || is_bare_serial(cell, form) => {
            Clean::sure(when).with(Remark::repaired(What::DateNumber, &when.to_string()))
        }
        Reading::Date(when, _) => Clean::sure(when),
        Reading::Tenth(year) => tenth(year, &typed),
        Reading::Impossible => Clean::doubtful(&typed, What::DateImpossible),
        Reading::Unclear => Clean::doubtful(&typed, What::DateUnclear),
    }
}

/// A birth column beside an ID: a valid ID knows the whole date, and tells when the column is wrong.
pub fn birth(cell: &Cell, from_1904: bool, id: Option<&ResidentId>) -> Clean<Partial> {
    let typed = cell.as_typed();
    let known = id.map(|id| id.born);
    let Some(reading) = read(cell, from_1904) else {
        return Clean { value: known.map(Partial::Day), ..nothing(cell) };
    };
    match reading {
        Reading::Date(when, _) if known.is_some_and(|born| !when.agrees(born)) => {
            against_id(&typed, What::BirthClash, known)
        }
        Reading::Date(when, form) => in_form(known.map_or(when, Partial::Day), form),
        Reading::Tenth(year) => match known.filter(|b| b.year() == year && matches!(b.month(), 1 | 10)) {
            Some(born) => Clean::sure(Partial::Day(born)).with(Remark::repaired(What::MonthUnclear, &born.to_string())),
            None if known.is_some() => against_id(&typed, What::BirthClash, known),
            None => tenth(year, &typed),
        },
        Reading::Impossible => against_id(&typed, What::BirthImpossible, known),
        Reading::Unclear => against_id(&typed, What::DateUnclear, known),
    }
}

fn nothing(cell: &Cell) -> Clean<Partial> {
    super::error_remark(cell).map_or_else(Clean::blank, |remark| Clean::blank().with(remark))
}

fn in_form(when: Partial, form: Form) -> Clean<Partial> {
    let what = match form {
        Form::Plain => return Clean::sure(when),
        Form::Chinese => What::BirthCn,
        Form::Serial => What::BirthSerial,
        Form::Number => What::DateNumber,
    };
    Clean::sure(when).with(Remark::repaired(what, &when.to_string()))
}

fn against_id(typed: &str, what: What, known: Option<NaiveDate>) -> Clean<Partial> {
    let Some(born) = known else {
        return Clean::doubtful(typed, what);
    };
    let done = Did::BornFromId.with("born", born);
    Clean { value: Some(Partial::Day(born)), kept: Some(typed.to_owned()), remarks: vec![Remark::doubt(what, done)] }
}

fn tenth(year: i32, typed: &str) -> Clean<Partial> {
    let done = Did::YearOnly.with("year", year);
    Clean {
        value: Some(Partial::Year(year)),
        kept: Some(typed.to_owned()),
        remarks: vec![Remark::doubt(What::MonthUnclear, done)],
    }
}

fn is_bare_serial(cell: &Cell, form: Form) -> bool {
    form == Form::Serial && !matches!(cell, Cell::Date(_))
}

/// `None` when the cell says nothing.
fn read(cell: &Cell, from_1904: bool) -> Option<Reading> {
    match cell {
        Cell::Empty | Cell::Error(_) => None,
        Cell::Date(date) => Some(Reading::Date(Partial::Day(*date), Form::Serial)),
        Cell::Number(n) => Some(read_number(*n, from_1904)),
        Cell::Bool(_) => Some(Reading::Unclear),
        Cell::Text(text) if says_nothing(text) => None,
        Cell::Text(text) => Some(read_text(text, from_1904)),
    }
}

fn read_number(n: f64, from_1904: bool) -> Reading {
    if (10_000.0..60_000.0).contains(&n) {
        return day(n, from_1904).map_or(Reading::Impossible, |d| Reading::Date(Partial::Day(d), Form::Serial));
    }
    let text = format!("{n}");
    match text.split_once('.') {
        Some((year, "1")) => year_of(year).map_or(Reading::Unclear, Reading::Tenth),
        Some((year, month)) if month.len() <= 2 => as_number(from_parts(&[year, month])),
        Some(_) => Reading::Unclear,
        None => as_number(from_digits(&text)),
    }
}

/// A bare year is how a year is written; anything longer lost its dots to Excel.
fn as_number(reading: Reading) -> Reading {
    match reading {
        Reading::Date(when @ (Partial::Month(..) | Partial::Day(_)), _) => Reading::Date(when, Form::Number),
        other => other,
    }
}

fn read_text(text: &str, from_1904: bool) -> Reading {
    let folded = folded(without_time(text));
    let plain = if folded.contains('年') { chinese_digits(&folded) } else { folded.clone() };
    let parts: Vec<&str> = plain.split(['.', '-', '/', '年', '月', '日', '号']).filter(|p| !p.is_empty()).collect();
    if parts.iter().any(|p| !p.bytes().all(|b| b.is_ascii_digit())) {
        return Reading::Unclear;
    }
    let reading = match parts.as_slice() {
        [one] if one.len() == 5 => one.parse().map_or(Reading::Unclear, |n| read_number(n, from_1904)),
        [one] => from_digits(one),
        parts => from_parts(parts),
    };
    match reading {
        Reading::Date(when, Form::Plain) if folded.contains('年') => Reading::Date(when, Form::Chinese),
        other => other,
    }
}

fn without_time(text: &str) -> &str {
    let trimmed = text.trim_matches(super::is_blank);
    match trimmed.split_once([' ', 'T']) {
        Some((date, time)) if time.contains(':') => date,
        _ => trimmed,
    }
}

fn from_digits(digits: &str) -> Reading {
    match digits.len() {
        4 => from_parts(&[digits]),
        6 => from_parts(&[&digits[..4], &digits[4..]]),
        8 => from_parts(&[&digits[..4], &digits[4..6], &digits[6..]]),
        _ => Reading::Unclear,
    }
}

fn from_parts(parts: &[&str]) -> Reading {
    let Some(year) = parts.first().and_then(|y| year_of(y)) else {
        return Reading::Unclear;
    };
    let rest: Option<Vec<u32>> = parts[1..].iter().map(|p| p.parse().ok()).collect();
    let when = match rest.as_deref() {
        Some([]) => Some(Partial::Year(year)),
        Some([month]) => (1..=12).contains(month).then_some(Partial::Month(year, *month)),
        Some([month, day]) => NaiveDate::from_ymd_opt(year, *month, *day).map(Partial::Day),
        _ => return Reading::Unclear,
    };
    when.map_or(Reading::Impossible, |when| Reading::Date(when, Form::Plain))
}

/// Two-digit years have two readings.
fn year_of(text: &str) -> Option<i32> {
    let year = text.parse().ok()?;
    (text.len() == 4 && (1880..=2200).contains(&year)).then_some(year)
}

/// 二〇二〇年十一月 → 2020年11月.
fn chinese_digits(text: &str) -> String {
    let value = |c: char| "〇一二三四五六七八九".chars().position(|d| d == c).or((c == '零' || c == '○').then_some(0));
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::new();
    for (i, c) in chars.iter().enumerate() {
        let before = i.checked_sub(1).and_then(|b| value(chars[b]));
        let after = chars.get(i + 1).and_then(|a| value(*a));
        match (c, before, after) {
            ('十', Some(_), Some(_)) => {}
            ('十', None, Some(_)) => out.push('1'),
            ('十', Some(_), None) => out.push('0'),
            ('十', None, None) => out.push_str("10"),
            _ => match value(*c) {
                Some(digit) => out.push_str(&digit.to_string()),
                None => out.push(*c),
            },
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(cell: Cell, date: Option<&str>, whats: &[What]) {
        let cleaned = clean(&cell, false);
        assert_eq!(cleaned.value.map(|d| d.to_string()).as_deref(), date, "{cell:?}");
        assert_eq!(cleaned.remarks.iter().map(|r| r.what).collect::<Vec<_>>(), whats, "{cell:?}");
    }

    fn text(text: &str) -> Cell {
        Cell::Text(text.into())
    }

    fn check_birth(cell: Cell, id: &str, date: &str, whats: &[What]) {
        let id = super::super::id::parse(id).ok();
        let cleaned = birth(&cell, false, id.as_ref());
        assert_eq!(cleaned.value.map(|d| d.to_string()).unwrap_or_default(), date, "{cell:?}");
        assert_eq!(cleaned.remarks.iter().map(|r| r.what).collect::<Vec<_>>(), whats, "{cell:?}");
    }

    #[test]
    fn every_usual_way_of_writing_a_date_is_read() {
        check(text("2020.5.1"), Some("2020-05-01"), &[]);
        check(text("2020-05-01 00:00:00"), Some("2020-05-01"), &[]);
        check(text("2020年5月"), Some("2020-05"), &[]);
        check(text("2020/5"), Some("2020-05"), &[]);
        check(text("2020.10"), Some("2020-10"), &[]);
        check(text("２０２０．０５"), Some("2020-05"), &[]);
        check(text("20200501"), Some("2020-05-01"), &[]);
        check(text("202005"), Some("2020-05"), &[]);
        check(text("二〇二〇年十一月二十三日"), Some("2020-11-23"), &[]);
        check(text("二〇二〇年十月"), Some("2020-10"), &[]);
        check(Cell::Number(1991.0), Some("1991"), &[]);
        check(Cell::Empty, None, &[]);
    }

    #[test]
    fn numbers_are_read_and_told() {
        check(Cell::Number(43952.0), Some("2020-05-01"), &[What::DateNumber]);
        check(text("43952"), Some("2020-05-01"), &[What::DateNumber]);
        check(Cell::Number(2020.5), Some("2020-05"), &[What::DateNumber]);
        check(Cell::Number(2020.12), Some("2020-12"), &[What::DateNumber]);
        check(Cell::Number(20200501.0), Some("2020-05-01"), &[What::DateNumber]);
    }

    #[test]
    fn january_or_october_is_not_guessed() {
        check(Cell::Number(2020.1), Some("2020"), &[What::MonthUnclear]);
        check_birth(Cell::Number(1953.1), "99010119531018871X", "1953-10-18", &[What::MonthUnclear]);
    }

    #[test]
    fn a_mac_book_counts_from_1904() {
        let date = clean(&Cell::Number(42490.0), true).value.map(|d| d.to_string());
        assert_eq!(date.as_deref(), Some("2020-05-01"));
    }

    #[test]
    fn days_that_never_were_are_kept_as_typed() {
        check(text("2026.2.30"), None, &[What::DateImpossible]);
        check(text("1949-00-00"), None, &[What::DateImpossible]);
        check(text("20.5"), None, &[What::DateUnclear]);
        check(text("农历八月十五"), None, &[What::DateUnclear]);
        assert_eq!(clean(&text("2026.2.30"), false).kept.as_deref(), Some("2026.2.30"));
    }

    #[test]
    fn a_valid_id_knows_the_whole_birth_date() {
        let id = "99010119531018871X";
        check_birth(text("1953.10"), id, "1953-10-18", &[]);
        check_birth(Cell::Empty, id, "1953-10-18", &[]);
        check_birth(text("1953年10月"), id, "1953-10-18", &[What::BirthCn]);
        check_birth(text("1953.2.30"), id, "1953-10-18", &[What::BirthImpossible]);
        check_birth(text("1953.11"), id, "1953-10-18", &[What::BirthClash]);
    }

    #[test]
    fn without_an_id_the_column_stands_alone() {
        check_birth(text("1953.10"), "", "1953-10", &[]);
        check_birth(text("1953.2.30"), "", "", &[What::BirthImpossible]);
        check_birth(Cell::Number(23699.0), "", "1964-11-18", &[What::BirthSerial]);
    }
}
