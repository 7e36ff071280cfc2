//! 电话 — kept as digits. A cell with two numbers gives the first and keeps the whole text; a number Excel turned into a
//! number is whole, because eleven digits fit.

use super::{Clean, folded, says_nothing};
use crate::finding::{Did, Remark, What};
use crate::grid::Cell;

pub fn clean(cell: &Cell) -> Clean<String> {
    if let Some(remark) = super::error_remark(cell) {
        return Clean::blank().with(remark);
    }
    let typed = cell.as_typed();
    match cell {
        _ if says_nothing(&typed) => Clean::blank(),
        Cell::Number(_) => from_number(&typed),
        _ => from_text(&typed),
    }
}

fn from_number(typed: &str) -> Clean<String> {
    match is_phone(typed) {
        true => Clean::sure(typed.to_owned())
            .with(Remark::repaired_as(What::PhoneNumber, Did::IntoText.with("into", typed))),
        false => Clean::doubtful(typed, What::PhoneBad),
    }
}

fn from_text(typed: &str) -> Clean<String> {
    let folded = folded(typed);
    let bare = folded.trim_start_matches('\'');
    let split = |c: char| matches!(c, '/' | '、' | ',' | ';' | '，' | '；' | '(' | ')' | '或');
    let parts: Vec<&str> = bare.split(split).filter(|p| !p.is_empty()).collect();
    let numbers: Vec<String> = parts.iter().map(|p| digits(p)).filter(|p| is_phone(p)).collect();
    match (numbers.as_slice(), parts.len()) {
        ([only], 1) if *only == bare => Clean::sure(only.clone()).with_if(bare != folded, What::Apostrophe, only),
        ([only], 1) => Clean::sure(only.clone()).with(Remark::repaired(What::PhoneForm, only)),
        ([first, ..], _) => Clean {
            value: Some(first.clone()),
            kept: Some(typed.to_owned()),
            remarks: vec![Remark::doubt(What::PhoneTwo, Did::PhoneFirst.with("first", first))],
        },
        _ => Clean::doubtful(typed, What::PhoneBad),
    }
}

impl Clean<String> {
    fn with_if(self, is: bool, what: What, into: &str) -> Self {
        if is { self.with(Remark::repaired(what, into)) } else { self }
    }
}

fn digits(part: &str) -> String {
    let part = part.strip_prefix("+86").unwrap_or(part);
    let part = part.strip_suffix(".0").unwrap_or(part);
    if part.chars().any(|c| !c.is_ascii_digit() && c != '-') {
        return String::new();
    }
    part.chars().filter(char::is_ascii_digit).collect()
}

/// Mobile numbers have eleven digits, fixed lines seven to twelve with their area code.
fn is_phone(digits: &str) -> bool {
    (7..=12).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(cell: Cell, phone: Option<&str>, kept: bool, whats: &[What]) {
        let cleaned = clean(&cell);
        assert_eq!(cleaned.value.as_deref(), phone, "{cell:?}");
        assert_eq!(cleaned.kept.is_some(), kept, "{cell:?}");
        assert_eq!(cleaned.remarks.iter().map(|r| r.what).collect::<Vec<_>>(), whats, "{cell:?}");
    }

    #[test]
    fn a_plain_number_passes_without_a_word() {
        check(Cell::Text("10056453983".into()), Some("10056453983"), false, &[]);
        check(Cell::Text("/".into()), None, false, &[]);
    }

    #[test]
    fn a_number_cell_becomes_text() {
        check(Cell::Number(10020246318.0), Some("10020246318"), false, &[What::PhoneNumber]);
    }

    #[test]
    fn of_two_phones_the_first_is_taken_and_all_is_kept() {
        check(Cell::Text("10030995075/10030995070".into()), Some("10030995075"), true, &[What::PhoneTwo]);
        check(Cell::Text("10030995075(儿子)".into()), Some("10030995075"), true, &[What::PhoneTwo]);
    }

    #[test]
    fn dashes_and_the_country_are_taken_off_and_told() {
        check(Cell::Text("+86 100-3099-5075".into()), Some("10030995075"), false, &[What::PhoneForm]);
        check(Cell::Text("0851-2345678".into()), Some("08512345678"), false, &[What::PhoneForm]);
    }

    #[test]
    fn what_is_no_phone_is_kept_as_typed() {
        check(Cell::Text("问村长".into()), None, true, &[What::PhoneBad]);
        check(Cell::Number(12.0), None, true, &[What::PhoneBad]);
    }
}
