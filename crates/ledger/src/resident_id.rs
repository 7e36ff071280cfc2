//! 公民身份号码 — the resident ID number (GB 11643): read as a clerk typed it, checked, never guessed.
//!
//! A number is six digits of division, eight of birth date, three of order (odd for men) and one
//! check character (ISO 7064 MOD 11-2). The fifteen-digit numbers of before 1999 have no check and a
//! two-digit year; they are lengthened and the original is kept.
//! What was repaired on the way is told, so that an import can show it.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::OnceLock;

use chrono::{Datelike, NaiveDate};
use serde::Deserialize;

mod typed;

pub use typed::Repair;
use typed::{normalise, read_lookalikes, rounded};

const LENGTH: usize = 18;
const OLD_LENGTH: usize = 15;
/// Nobody alive was born before it; the earliest numbers were given out in 1984.
const EARLIEST_YEAR: i32 = 1880;
/// The standard gives these per place; 2^(17-i) mod 11 says the same less readably.
const WEIGHTS: [u32; LENGTH - 1] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECKS: [char; 11] = ['1', '0', 'X', '9', '8', '7', '6', '5', '4', '3', '2'];

/// Eighteen characters that passed every check. Its `Debug` shows nothing: numbers end up in logs that way.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ResidentId(String);

#[derive(Clone, PartialEq, Eq)]
pub struct Parsed {
    pub id: ResidentId,
    /// The fifteen digits as they stood, when the number had to be lengthened.
    pub upgraded_from: Option<String>,
    pub born: NaiveDate,
    pub sex: Sex,
    pub repairs: Vec<Repair>,
    pub warning: Option<UnknownDivision>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sex {
    Male,
    Female,
}

/// A prefix no province has. The number may still be right (the sample village lives in 99).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownDivision {
    pub prefix: String,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdProblem {
    #[error("没有填写身份证号码")]
    Empty,
    #[error("身份证号码应是18位，这里是{found}位")]
    Length { found: usize },
    #[error("身份证号码第{position}位“{found}”不是数字")]
    Character { position: usize, found: char },
    #[error("身份证号码被表格软件改成了“{found}”这样的数，后几位已经丢失，请照证件补录")]
    Rounded { found: String },
    #[error("身份证号码里的出生日期{year}年{month}月{day}日不存在")]
    Date { year: i32, month: u32, day: u32 },
    #[error("身份证号码里的出生日期{born}比今天还晚")]
    NotYetBorn { born: NaiveDate },
    #[error("身份证号码里的出生年份{year}太早")]
    TooOld { year: i32 },
    #[error("身份证号码最后一位应是{expected}，这里是{found}，请核对整个号码")]
    Checksum { expected: char, found: char },
}

impl ResidentId {
    /// Reads a number as typed. `today` decides who is not born yet.
    pub fn parse(text: &str, today: NaiveDate) -> Result<Parsed, IdProblem> {
        if let Some(found) = rounded(text) {
            return Err(IdProblem::Rounded { found });
        }
        let (chars, repairs) = normalise(text);
        match chars.len() {
            0 => Err(IdProblem::Empty),
            LENGTH => parse_new(&chars, repairs, today),
            OLD_LENGTH => parse_old(&chars, repairs, today),
            found => Err(IdProblem::Length { found }),
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn into_string(self) -> String {
        self.0
    }
}

impl fmt::Debug for ResidentId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("ResidentId(not shown)")
    }
}

impl fmt::Debug for Parsed {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let upgraded = self.upgraded_from.is_some();
        out.debug_struct("Parsed")
            .field("upgraded", &upgraded)
            .field("repairs", &self.repairs)
            .field("warning", &self.warning)
            .finish_non_exhaustive()
    }
}

impl Sex {
    /// The code of GB/T 2261.1.
    pub fn code(self) -> &'static str {
        match self {
            Sex::Male => "1",
            Sex::Female => "2",
        }
    }
}

/// The check character that belongs to the first seventeen digits; `None` where they are not digits.
pub fn check_character(number: &str) -> Option<char> {
    let mut digits = number.chars().map(|c| c.to_digit(10));
    let mut sum = 0;
    for weight in WEIGHTS {
        sum += weight * digits.next()??;
    }
    Some(CHECKS[(sum % 11) as usize])
}

/// The province of a two-digit prefix, where there is one.
pub fn province(prefix: &str) -> Option<&'static str> {
    divisions().get(prefix).map(String::as_str)
}

fn parse_new(chars: &[char], mut repairs: Vec<Repair>, today: NaiveDate) -> Result<Parsed, IdProblem> {
    let (id, lookalikes) = read_lookalikes(chars);
    if lookalikes {
        repairs.push(Repair::Lookalike);
    }
    only_digits(&id, LENGTH - 1)?;
    let found = id[LENGTH - 1];
    if found != 'X' && !found.is_ascii_digit() {
        return Err(IdProblem::Character { position: LENGTH, found });
    }
    let text: String = id.iter().collect();
    let born = birth_date(&text[6..14], today)?;
    match check_character(&text) {
        Some(expected) if expected != found => Err(IdProblem::Checksum { expected, found }),
        _ => Ok(parsed(text, None, born, repairs)),
    }
}

/// Without a check character nothing confirms a look-alike, so only true digits are taken.
fn parse_old(chars: &[char], repairs: Vec<Repair>, today: NaiveDate) -> Result<Parsed, IdProblem> {
    only_digits(chars, OLD_LENGTH)?;
    let original: String = chars.iter().collect();
    let mut text = format!("{}19{}", &original[..6], &original[6..]);
    let born = birth_date(&text[6..14], today)?;
    text.extend(check_character(&text));
    Ok(parsed(text, Some(original), born, repairs))
}

fn parsed(text: String, upgraded_from: Option<String>, born: NaiveDate, mut repairs: Vec<Repair>) -> Parsed {
    let odd = text.as_bytes()[LENGTH - 2] % 2 == 1;
    let prefix = text[..2].to_string();
    let warning = province(&prefix).is_none().then_some(UnknownDivision { prefix });
    repairs.sort_unstable();
    repairs.dedup();
    Parsed {
        id: ResidentId(text),
        upgraded_from,
        born,
        sex: if odd { Sex::Male } else { Sex::Female },
        repairs,
        warning,
    }
}

fn birth_date(digits: &str, today: NaiveDate) -> Result<NaiveDate, IdProblem> {
    let number = |part: &str| part.bytes().fold(0, |sum, b| sum * 10 + u32::from(b - b'0'));
    let (year, month, day) = (number(&digits[..4]) as i32, number(&digits[4..6]), number(&digits[6..]));
    let born = NaiveDate::from_ymd_opt(year, month, day).ok_or(IdProblem::Date { year, month, day })?;
    if born > today {
        return Err(IdProblem::NotYetBorn { born });
    }
    if born.year() < EARLIEST_YEAR {
        return Err(IdProblem::TooOld { year });
    }
    Ok(born)
}

fn only_digits(chars: &[char], count: usize) -> Result<(), IdProblem> {
    match chars.iter().take(count).position(|c| !c.is_ascii_digit()) {
        Some(at) => Err(IdProblem::Character { position: at + 1, found: chars[at] }),
        None => Ok(()),
    }
}

#[derive(Deserialize)]
struct Divisions {
    prefixes: BTreeMap<String, String>,
}

fn divisions() -> &'static BTreeMap<String, String> {
    static TABLE: OnceLock<BTreeMap<String, String>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let shipped = include_str!("../../../assets/divisions.json");
        let table: Divisions =
            serde_json::from_str(shipped).expect("the shipped table of divisions parses: a test reads it");
        table.prefixes
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    fn read(text: &str) -> Result<Parsed, IdProblem> {
        ResidentId::parse(text, day("2026-11-22"))
    }

    fn check(text: &str, id: &str, repairs: &[Repair]) {
        let parsed = read(text).expect(text);
        assert_eq!((parsed.id.as_str(), parsed.repairs.as_slice()), (id, repairs), "{text:?}");
    }

    fn check_refused(text: &str, problem: IdProblem) {
        assert_eq!(read(text), Err(problem), "{text:?}");
    }

    #[test]
    fn a_clean_number_passes_as_it_stands() {
        for id in ["99010119680315001X", "990101197511020023", "990101200805200032", "11010519491231002X"] {
            check(id, id, &[]);
        }
    }

    #[test]
    fn the_birth_date_and_sex_are_read() {
        let man = read("99010119680315001X").expect("valid");
        assert_eq!((man.born, man.sex, man.sex.code()), (day("1968-03-15"), Sex::Male, "1"));
        let woman = read("990101197511020023").expect("valid");
        assert_eq!((woman.born, woman.sex, woman.sex.code()), (day("1975-11-02"), Sex::Female, "2"));
    }

    #[test]
    fn what_no_clerk_means_is_repaired_and_told() {
        let id = "99010119680315001X";
        check("99010119680315001x", id, &[Repair::LowerX]);
        check("９９０１０１１９６８０３１５００１Ｘ", id, &[Repair::FullWidth]);
        check("'99010119680315001X", id, &[Repair::Apostrophe]);
        check(" 990101 19680315\u{a0}001X\u{3000}\r\n", id, &[Repair::Blank]);
        check("\u{feff}990101\u{200b}19680315001X", id, &[Repair::Invisible]);
        check("99O10119680315001X", id, &[Repair::Lookalike]);
        check("9901011968031500lХ", id, &[Repair::Lookalike]);
    }

    #[test]
    fn a_fifteen_digit_number_is_lengthened_and_kept() {
        let parsed = read("110105491231002").expect("old");
        assert_eq!(parsed.id.as_str(), "11010519491231002X");
        assert_eq!(parsed.upgraded_from.as_deref(), Some("110105491231002"));
        assert_eq!(parsed.born, day("1949-12-31"));
    }

    #[test]
    fn a_lookalike_in_an_old_number_is_not_guessed() {
        check_refused("11O105491231002", IdProblem::Character { position: 3, found: 'O' });
    }

    #[test]
    fn each_problem_says_where_it_lies() {
        check_refused("", IdProblem::Empty);
        check_refused("  \u{200b}", IdProblem::Empty);
        check_refused("待补", IdProblem::Length { found: 2 });
        check_refused("9901011968031500", IdProblem::Length { found: 16 });
        check_refused("身份证号码身份证号码身份证号码身份证", IdProblem::Character { position: 1, found: '身' });
        check_refused("990101196803150017", IdProblem::Checksum { expected: 'X', found: '7' });
        check_refused("990101198202300017", IdProblem::Date { year: 1982, month: 2, day: 30 });
        check_refused("990101190002290011", IdProblem::Date { year: 1900, month: 2, day: 29 });
        check_refused("990101187901010011", IdProblem::TooOld { year: 1879 });
        check_refused("990101202611230011", IdProblem::NotYetBorn { born: day("2026-11-23") });
        check_refused("9901011968031500Y1", IdProblem::Character { position: 17, found: 'Y' });
        check_refused("99010119680315001Y", IdProblem::Character { position: 18, found: 'Y' });
    }

    #[test]
    fn a_number_that_a_spreadsheet_rounded_is_never_read() {
        for text in ["1.10105E+17", "1.10105194912310E+17", "9.9e17"] {
            check_refused(text, IdProblem::Rounded { found: text.into() });
        }
    }

    #[test]
    fn a_child_born_today_has_a_number() {
        let text = format!("9901012026112200{}", 1);
        let full = format!("{text}{}", check_character(&text).expect("digits"));
        assert_eq!(read(&full).expect("today").born, day("2026-11-22"));
    }

    #[test]
    fn an_unknown_division_warns_and_a_known_one_does_not() {
        let warned = |id: &str| read(id).expect(id).warning.map(|w| w.prefix);
        assert_eq!(warned("99010119680315001X").as_deref(), Some("99"));
        assert_eq!(warned("11010519491231002X"), None);
        for prefix in ["65", "71", "81", "82", "83", "91"] {
            assert!(province(prefix).is_some(), "{prefix}");
        }
        assert_eq!((province("16"), province("84"), divisions().len()), (None, None, 36));
    }

    #[test]
    fn a_number_does_not_leak_through_debug() {
        let shown = format!("{:?}", read("110105491231002"));
        assert!(!shown.contains("491231"), "{shown}");
    }

    #[test]
    fn a_sentence_names_the_expected_character() {
        let problem = read("990101196803150017").expect_err("wrong");
        assert_eq!(problem.to_string(), "身份证号码最后一位应是X，这里是7，请核对整个号码");
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in any::<String>()) {
            let _ = read(&text);
        }

        #[test]
        fn no_text_of_the_right_length_makes_it_panic(text in "[0-9１Ｘx身ﬃ½]{15,18}") {
            let _ = read(&text);
        }

        #[test]
        fn one_wrong_digit_is_always_seen(at in 0usize..17, by in 1u8..10) {
            let mut digits = b"99010119680315001X".to_vec();
            digits[at] = b'0' + (digits[at] - b'0' + by) % 10;
            let text = String::from_utf8(digits).expect("ascii");
            prop_assert!(read(&text).is_err());
        }
    }
}
