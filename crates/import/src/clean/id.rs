//! 公民身份号码 — GB 11643, as clerks type it. The number itself is the ledger's business ([`parse`] asks it).
//! A number stored as an Excel number has lost its last digits for good: it is never turned into text again.

use super::{Clean, folded, says_nothing};
use crate::finding::{Did, Remark, What};
use crate::grid::Cell;
use chrono::NaiveDate;
use lianhu_ledger::resident_id::{self, IdProblem, Repair, Sex};

/// A number that holds together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResidentId {
    pub id18: String,
    pub born: NaiveDate,
    /// 男 or 女.
    pub sex: &'static str,
    /// The 15 digits it was typed as.
    pub upgraded_from15: Option<String>,
}

/// Why a number does not hold together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Broken {
    Length,
    Form,
    Date,
    Checksum,
}

/// 15 or 18 characters, already free of layout. The ledger knows the number; here no letter is taken for a look-alike
/// digit, because a clerk must see that.
pub fn parse(text: &str) -> Result<ResidentId, Broken> {
    let end_of_time = NaiveDate::from_ymd_opt(2200, 12, 31).expect("a day of the calendar");
    let parsed = resident_id::ResidentId::parse(text, end_of_time).map_err(broken)?;
    if parsed.repairs.contains(&Repair::Lookalike) {
        return Err(Broken::Form);
    }
    let sex = if parsed.sex == Sex::Male { "男" } else { "女" };
    Ok(ResidentId { id18: parsed.id.into_string(), born: parsed.born, sex, upgraded_from15: parsed.upgraded_from })
}

fn broken(problem: IdProblem) -> Broken {
    match problem {
        IdProblem::Empty | IdProblem::Length { .. } => Broken::Length,
        IdProblem::Character { .. } | IdProblem::Rounded { .. } => Broken::Form,
        IdProblem::Date { .. } | IdProblem::NotYetBorn { .. } | IdProblem::TooOld { .. } => Broken::Date,
        IdProblem::Checksum { .. } => Broken::Checksum,
    }
}

/// A cell of an ID column.
pub fn clean(cell: &Cell) -> Clean<ResidentId> {
    if let Some(remark) = super::error_remark(cell) {
        return Clean::blank().with(remark);
    }
    let typed = cell.as_typed();
    match cell {
        Cell::Number(n) if n.abs() >= 1e15 => Clean::doubtful(&typed, What::IdNumber),
        _ if says_nothing(&typed) => Clean::blank(),
        _ if is_scientific(&typed) => Clean::doubtful(&typed, What::IdNumber),
        _ => from_text(&typed),
    }
}

/// `9.90101E+17` typed or exported as text has lost its digits just the same.
fn is_scientific(text: &str) -> bool {
    let folded = folded(text).to_uppercase();
    folded.split_once("E+").is_some_and(|(digits, power)| digits.parse::<f64>().is_ok() && power.parse::<u32>().is_ok())
}

fn from_text(typed: &str) -> Clean<ResidentId> {
    let bare = strip_apostrophe(&folded(typed));
    let upper = bare.to_uppercase();
    match parse(&upper) {
        Ok(id) => {
            let remarks = remarks(typed, &bare, &id);
            Clean { value: Some(id), kept: None, remarks }
        }
        Err(broken) => Clean::doubtful(typed, what(broken, &upper)),
    }
}

fn strip_apostrophe(text: &str) -> String {
    text.trim_start_matches(['\'', '\u{2018}', '\u{2019}', '`']).to_owned()
}

fn remarks(typed: &str, bare: &str, id: &ResidentId) -> Vec<Remark> {
    let trimmed = typed.trim_matches(super::is_blank);
    let starts = trimmed.starts_with(['\'', '\u{2018}', '\u{2019}', '`']) || folded(typed).starts_with('\'');
    let wide = trimmed.chars().any(|c| matches!(c, '\u{FF01}'..='\u{FF5E}'));
    let odd = [
        (starts, What::Apostrophe),
        (trimmed.chars().any(super::is_blank) || typed.len() != trimmed.len(), What::IdSpace),
        (wide, What::IdFullwidth),
        (bare.ends_with('x') && !wide, What::IdLower),
        (id.upgraded_from15.is_some(), What::Id15),
    ];
    odd.into_iter().filter(|(is, _)| *is).map(|(_, what)| repaired(what, id)).collect()
}

fn repaired(what: What, id: &ResidentId) -> Remark {
    match what {
        What::Id15 => Remark::repaired_as(what, Did::Raised.with("into", &id.id18)),
        _ => Remark::repaired(what, &id.id18),
    }
}

fn what(broken: Broken, text: &str) -> What {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    match broken {
        Broken::Checksum => What::IdBad,
        Broken::Date => What::IdDate,
        _ if digits < 6 => What::IdNone,
        Broken::Form => What::IdBad,
        Broken::Length => What::IdLength,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(cell: Cell, id: Option<&str>, whats: &[What]) {
        let cleaned = clean(&cell);
        assert_eq!(cleaned.value.as_ref().map(|v| v.id18.as_str()), id, "{cell:?}");
        assert_eq!(cleaned.remarks.iter().map(|r| r.what).collect::<Vec<_>>(), whats, "{cell:?}");
        let lost = cleaned.value.is_none() && !whats.is_empty();
        assert_eq!(cleaned.kept.is_some(), lost, "what has no value is kept as typed: {cell:?}");
    }

    fn text(text: &str) -> Cell {
        Cell::Text(text.into())
    }

    #[test]
    fn a_good_number_passes_without_a_word() {
        check(text("99010119531018871X"), Some("99010119531018871X"), &[]);
        check(Cell::Empty, None, &[]);
        check(text("待补"), None, &[]);
    }

    #[test]
    fn layout_is_taken_off_and_told() {
        check(text("'990101195804109401"), Some("990101195804109401"), &[What::Apostrophe]);
        check(text(" 990101 19850618 7923\n"), Some("990101198506187923"), &[What::IdSpace]);
        check(text("９９０１０１１９９１１０２７４８９Ｘ"), Some("99010119911027489X"), &[What::IdFullwidth]);
        check(text("99010119661018888x"), Some("99010119661018888X"), &[What::IdLower]);
        check(text("\u{FEFF}990101198506187923\u{A0}"), Some("990101198506187923"), &[What::IdSpace]);
    }

    #[test]
    fn fifteen_digits_are_upgraded_and_kept_beside() {
        check(text("990101580902685"), Some("990101195809026859"), &[What::Id15]);
        let id = clean(&text("990101580902685")).value.expect("an upgraded number");
        assert_eq!(id.upgraded_from15.as_deref(), Some("990101580902685"));
    }

    #[test]
    fn a_number_that_lost_its_digits_never_becomes_text_again() {
        check(Cell::Number(9.90101196204164e17), None, &[What::IdNumber]);
        check(text("9.90101E+17"), None, &[What::IdNumber]);
        assert_eq!(clean(&Cell::Number(9.90101196204164e17)).kept.as_deref(), Some("9.90101196204164E+17"));
    }

    #[test]
    fn a_fifteen_digit_number_cell_has_lost_nothing() {
        check(Cell::Number(990101580902685.0), Some("990101195809026859"), &[What::Id15]);
    }

    #[test]
    fn what_does_not_hold_together_is_kept_as_typed() {
        check(text("990101195505064460"), None, &[What::IdBad]);
        check(text("990101199913411234"), None, &[What::IdDate]);
        check(text("99010119550506446"), None, &[What::IdLength]);
        check(text("身份证号码无"), None, &[What::IdNone]);
        check(text("99010119550506446Ж"), None, &[What::IdBad]);
        check(text("9901011955O5064460"), None, &[What::IdBad]);
    }

    #[test]
    fn sex_and_birth_are_read_from_the_number() {
        let id = parse("99010119531018871X").expect("a valid number");
        assert_eq!((id.sex, id.born.to_string().as_str()), ("男", "1953-10-18"));
    }
}
