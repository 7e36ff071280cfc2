//! 打勾 — 是, 否, or not filled in. A blank is “not filled in”, never “no”.

use super::{Clean, folded};
use crate::finding::What;
use crate::grid::Cell;

const YES: [&str; 12] = ["√", "✓", "✔", "☑", "是", "有", "1", "Y", "YES", "TRUE", "对", "V"];
const NO: [&str; 12] = ["×", "✗", "✘", "☒", "否", "无", "0", "N", "NO", "FALSE", "没有", "X"];
const NOTHING: [&str; 5] = ["", "/", "-", "—", "——"];

pub fn clean(cell: &Cell) -> Clean<bool> {
    if let Some(remark) = super::error_remark(cell) {
        return Clean::blank().with(remark);
    }
    let typed = cell.as_typed();
    let mark = folded(&typed).to_uppercase();
    let is = |list: &[&str]| list.contains(&mark.as_str());
    match () {
        () if is(&YES) => Clean::sure(true),
        () if is(&NO) => Clean::sure(false),
        () if is(&NOTHING) => Clean::blank(),
        () => Clean::doubtful(&typed, What::TickUnclear),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(typed: &str, tick: Option<bool>, odd: bool) {
        let cleaned = clean(&Cell::Text(typed.into()));
        assert_eq!((cleaned.value, !cleaned.remarks.is_empty()), (tick, odd), "{typed:?}");
    }

    #[test]
    fn yes_no_and_not_filled_in_are_three_things() {
        for yes in ["√", "✓", "是", "Ｙ", "1", " √ "] {
            check(yes, Some(true), false);
        }
        for no in ["×", "否", "n", "0"] {
            check(no, Some(false), false);
        }
        check(" ", None, false);
        check("/", None, false);
    }

    #[test]
    fn any_other_word_is_doubted() {
        check("有时候", None, true);
    }
}
