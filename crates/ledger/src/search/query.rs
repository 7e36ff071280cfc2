//! What a clerk typed, taken apart: 3组 is a group, 5983 the end of a number, the rest is a name.

use std::ops::Range;

use super::spelling::{is_letter, toneless};

/// One bit per letter of a query and one for its end.
const LONGEST: usize = 60;
/// Fewer digits than this are part of a name (张建国2), not the end of a number.
const SHORTEST_TAIL: usize = 4;

#[derive(Debug, Default, PartialEq)]
pub(super) struct Query {
    pub group: Option<u16>,
    pub tails: Vec<Tail>,
    /// The name part: characters and letters without blanks.
    pub units: Vec<char>,
    /// Bit i: something stood between unit i-1 and unit i, so no syllable spans them.
    pub breaks: u64,
}

/// The end of a phone number or an ID: up to sixteen characters, four bits each, the last one lowest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tail(u64);

impl Query {
    /// `None` where nothing is asked, or more than any name has.
    pub fn read(text: &str) -> Option<Query> {
        let text: Vec<char> = toneless(&text.replace("u:", "ü").replace("U:", "ü")).chars().collect();
        let mut query = Query::default();
        let mut rest = text.as_slice();
        if let Some((group, span)) = find_group(&text) {
            query.group = Some(group);
            query.read_name(&text[..span.start]);
            rest = &text[span.end..];
        }
        query.read_name(rest);
        let asks = query.group.is_some() || !query.tails.is_empty() || !query.units.is_empty();
        (asks && query.units.len() <= LONGEST).then_some(query)
    }

    fn read_name(&mut self, text: &[char]) {
        let mut at = 0;
        self.note_break();
        while at < text.len() {
            let digits = tail_length(&text[at..]);
            if digits >= SHORTEST_TAIL {
                self.tails.push(text[at..at + digits].iter().collect());
                self.note_break();
                at += digits;
                continue;
            }
            match is_letter(text[at]) {
                true => self.units.push(text[at]),
                false => self.note_break(),
            }
            at += 1;
        }
    }

    fn note_break(&mut self) {
        if self.units.len() <= LONGEST {
            self.breaks |= 1 << self.units.len();
        }
    }
}

/// Digits, and an x where it can only be the last character of an ID.
fn tail_length(text: &[char]) -> usize {
    let digits = text.iter().take_while(|c| c.is_ascii_digit()).count();
    let ends_in_x = text.get(digits) == Some(&'x');
    let letters_follow = text.get(digits + 1).is_some_and(|c| is_letter(*c));
    if digits > 0 && ends_in_x && !letters_follow { digits + 1 } else { digits }
}

/// 3组, 三组, 第十二村民小组: the first number that stands before 组.
fn find_group(text: &[char]) -> Option<(u16, Range<usize>)> {
    let ends = text.iter().enumerate().filter(|(_, c)| **c == '组').map(|(at, _)| at);
    ends.filter_map(|end| group_before(text, end)).next()
}

fn group_before(text: &[char], end: usize) -> Option<(u16, Range<usize>)> {
    let mut head = &text[..end];
    for word in [['小'].as_slice(), &['村', '民']] {
        head = head.strip_suffix(word).unwrap_or(head);
    }
    while let Some((' ', before)) = head.split_last().map(|(c, before)| (*c, before)) {
        head = before;
    }
    let numerals = head.iter().rev().take_while(|c| numeral(**c).is_some()).count();
    let start = head.len() - numerals;
    let number = group_number(&head[start..])?;
    let start = if text[..start].ends_with(&['第']) { start - 1 } else { start };
    Some((number, start..end + 1))
}

fn numeral(c: char) -> Option<u16> {
    let han = "〇一二三四五六七八九十".chars().position(|n| n == c);
    let digit = c.to_digit(10).map(|d| d as usize);
    han.or(digit).or((c == '零').then_some(0)).or((c == '两').then_some(2)).map(|n| n as u16)
}

/// 12, 十二, 二十 and 一二 all count; ten stands for a place, not for a digit.
fn group_number(numerals: &[char]) -> Option<u16> {
    let mut number: u16 = 0;
    for (at, c) in numerals.iter().enumerate() {
        let last = at + 1 == numerals.len();
        number = match (*c, at) {
            ('十', 0) => 1,
            ('十', _) => number,
            _ => number.checked_mul(10)?.checked_add(numeral(*c)?)?,
        };
        if *c == '十' && last {
            number = number.checked_mul(10)?;
        }
    }
    (number > 0).then_some(number)
}

impl<'a> FromIterator<&'a char> for Tail {
    fn from_iter<I: IntoIterator<Item = &'a char>>(chars: I) -> Tail {
        let nibble = |c: &char| match c {
            'x' | 'X' => Some(11),
            _ => c.to_digit(10).map(|d| u64::from(d) + 1),
        };
        Tail(chars.into_iter().filter_map(nibble).fold(0, |tail, n| tail << 4 | n))
    }
}

impl Tail {
    pub fn of(number: &str) -> Tail {
        let chars: Vec<char> = number.chars().collect();
        chars.iter().collect()
    }

    fn len(self) -> usize {
        16 - self.0.leading_zeros() as usize / 4
    }

    /// Whether a number kept (perhaps only its tail) ends as typed (perhaps all of it).
    pub fn ends_with(self, typed: Tail) -> bool {
        let common = self.len().min(typed.len());
        let mask = if common == 16 { u64::MAX } else { (1 << (4 * common)) - 1 };
        common >= SHORTEST_TAIL && (self.0 ^ typed.0) & mask == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, group: Option<u16>, tails: &[&str], units: &str) {
        let query = Query::read(text).expect(text);
        let tails: Vec<Tail> = tails.iter().map(|tail| Tail::of(tail)).collect();
        let read: String = query.units.iter().collect();
        assert_eq!((query.group, query.tails, read.as_str()), (group, tails, units), "{text}");
    }

    #[test]
    fn a_query_is_taken_apart() {
        check("ZJG", None, &[], "zjg");
        check("ｚ ｊｇ", None, &[], "zjg");
        check("3组张", Some(3), &[], "张");
        check("张 三组", Some(3), &[], "张");
        check("第十二村民小组 zj", Some(12), &[], "zj");
        check("二十组", Some(20), &[], "");
        check("二十一组", Some(21), &[], "");
        check("十组", Some(10), &[], "");
        check("12 组", Some(12), &[], "");
        check("5983", None, &["5983"], "");
        check("001x", None, &["001x"], "");
        check("001Xzhang", None, &[], "001xzhang");
        check("张5983 2组", Some(2), &["5983"], "张");
        check("张建国2", None, &[], "张建国2");
        check("lü", None, &[], "lv");
        check("lu:", None, &[], "lv");
    }

    #[test]
    fn a_query_that_says_nothing_is_none() {
        for text in ["", "   ", "、。", "组长".trim_end_matches("组长")] {
            assert_eq!(Query::read(text), None, "{text:?}");
        }
        assert_eq!(Query::read(&"a".repeat(61)), None);
        assert!(Query::read(&"a".repeat(60)).is_some());
    }

    #[test]
    fn the_word_group_without_a_number_is_a_name() {
        check("组", None, &[], "组");
    }

    #[test]
    fn a_blank_keeps_syllables_apart() {
        let breaks = |text: &str| Query::read(text).map(|query| query.breaks);
        assert_eq!((breaks("zjg"), breaks("z jg"), breaks("xi'an")), (Some(1), Some(0b11), Some(0b101)));
    }

    #[test]
    fn numbers_are_compared_from_their_end() {
        let check = |kept: &str, typed: &str, same: bool| {
            assert_eq!(Tail::of(kept).ends_with(Tail::of(typed)), same, "{kept} {typed}");
        };
        check("10056453983", "3983", true);
        check("10056453983", "10056453983", true);
        check("3983", "10056453983", true);
        check("10056453983", "0056", false);
        check("99010119680315001X", "001x", true);
        check("99010119680315001X", "99010119680315001X", true);
        check("", "3983", false);
        check("983", "3983", false);
        check("0000", "000", false);
    }
}
