//! What stands in the cell: width, blanks and look-alikes, put right where the meaning stays the same.

use unicode_normalization::UnicodeNormalization;

use super::LENGTH;

/// What stood in the cell and was put right without changing which number is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Repair {
    FullWidth,
    LowerX,
    Blank,
    Apostrophe,
    Invisible,
    /// A Cyrillic Х, a ×, O for 0, l for 1: taken only where the check character confirms it.
    Lookalike,
}

/// `1.10105E+17`: what a spreadsheet leaves of a number that it took for an amount.
pub(super) fn rounded(text: &str) -> Option<String> {
    let text: String = text.nfkc().filter(|c| !c.is_whitespace()).collect();
    let (mantissa, exponent) = text.split_once(['E', 'e'])?;
    let number = |part: &str| part.chars().all(|c| c.is_ascii_digit() || c == '.') && !part.is_empty();
    let exponent = exponent.strip_prefix('+').unwrap_or(exponent);
    (number(mantissa) && number(exponent)).then_some(text)
}

/// Width, blanks, apostrophes and invisible characters: differences no clerk can see or means.
pub(super) fn normalise(text: &str) -> (Vec<char>, Vec<Repair>) {
    let mut repairs = Vec::new();
    let mut chars = Vec::new();
    for original in text.chars() {
        for c in std::iter::once(original).nfkc() {
            let (kept, repair) = normalise_one(c, original);
            repairs.extend(repair);
            chars.extend(kept);
        }
    }
    (chars, repairs)
}

fn normalise_one(c: char, original: char) -> (Option<char>, Option<Repair>) {
    match c {
        '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{feff}' | '\u{ad}' => {
            (None, Some(Repair::Invisible))
        }
        '\'' | '`' | '\u{2018}' | '\u{2019}' => (None, Some(Repair::Apostrophe)),
        _ if c.is_whitespace() || c.is_control() => (None, Some(Repair::Blank)),
        'x' => (Some('X'), Some(Repair::LowerX)),
        _ if c != original => (Some(c), Some(Repair::FullWidth)),
        _ => (Some(c), None),
    }
}

pub(super) fn read_lookalikes(chars: &[char]) -> (Vec<char>, bool) {
    let read = |(at, c): (usize, &char)| match c {
        'Х' | 'х' | '×' if at == LENGTH - 1 => 'X',
        'O' | 'o' => '0',
        'l' | 'I' => '1',
        _ => *c,
    };
    let id: Vec<char> = chars.iter().enumerate().map(read).collect();
    let changed = id != chars;
    (id, changed)
}
