//! 数目 — heads, ballots, opinions. “2人” is two; “约3000” and “3.2万” are not a count.

use super::{Clean, folded, says_nothing};
use crate::finding::{Remark, What};
use crate::grid::Cell;

const UNITS: [char; 12] = ['人', '户', '条', '票', '张', '个', '次', '份', '名', '场', '口', '星'];

pub fn clean(cell: &Cell) -> Clean<i64> {
    if let Some(remark) = super::error_remark(cell) {
        return Clean::blank().with(remark);
    }
    let typed = cell.as_typed();
    if says_nothing(&typed) {
        return Clean::blank();
    }
    let bare = folded(&typed).replace(',', "");
    let bare = bare.strip_suffix(".0").unwrap_or(&bare);
    let digits = bare.trim_end_matches(UNITS);
    match digits.parse::<u32>() {
        Ok(n) if digits == typed.trim() => Clean::sure(i64::from(n)),
        Ok(n) => Clean::sure(i64::from(n)).with(Remark::repaired(What::CountText, &n.to_string())),
        Err(_) => Clean::doubtful(&typed, What::CountUnclear),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(cell: Cell, count: Option<i64>, whats: &[What]) {
        let cleaned = clean(&cell);
        assert_eq!(cleaned.value, count, "{cell:?}");
        assert_eq!(cleaned.remarks.iter().map(|r| r.what).collect::<Vec<_>>(), whats, "{cell:?}");
    }

    #[test]
    fn a_count_is_a_count_with_or_without_its_unit() {
        check(Cell::Number(826.0), Some(826), &[]);
        check(Cell::Text("826".into()), Some(826), &[]);
        check(Cell::Text("２人".into()), Some(2), &[What::CountText]);
        check(Cell::Text("1,234".into()), Some(1234), &[What::CountText]);
        check(Cell::Text("—".into()), None, &[]);
    }

    #[test]
    fn about_three_thousand_is_not_a_count() {
        check(Cell::Text("约3000".into()), None, &[What::CountUnclear]);
        check(Cell::Text("3.2万".into()), None, &[What::CountUnclear]);
        check(Cell::Number(-3.0), None, &[What::CountUnclear]);
        check(Cell::Number(2.5), None, &[What::CountUnclear]);
    }
}
