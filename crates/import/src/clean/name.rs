//! 姓名 — spaces that pad a two-character name to three are layout, not name. Everything else in a name is its owner's:
//! no folding of rare characters, no removal of the dot in a minority name or of “(大)” that tells two neighbours apart.

use super::{Clean, is_blank, is_hidden};
use crate::finding::{Remark, What};
use crate::grid::Cell;

pub fn clean(cell: &Cell) -> Clean<String> {
    if let Some(remark) = super::error_remark(cell) {
        return Clean::blank().with(remark);
    }
    let typed = cell.as_typed();
    let trimmed = typed.trim_matches(is_blank);
    if trimmed.is_empty() {
        return Clean::blank();
    }
    let name = squeezed(trimmed);
    let mut out = Clean::sure(name.clone());
    if trimmed.chars().any(is_hidden) {
        out = out.with(Remark::repaired(What::NameHidden, &name));
    }
    if trimmed.chars().filter(|c| c.is_whitespace() && !c.is_control()).count() > name.matches(' ').count() {
        out = out.with(Remark::repaired(What::NameSpace, &name));
    }
    with_doubts(out, &name)
}

fn with_doubts(mut out: Clean<String>, name: &str) -> Clean<String> {
    if name.chars().any(|c| matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{FFFD}' | '?' | '？')) {
        out = out.with(Remark::kept(What::NameGlyph));
    }
    if name.contains(['、', '，', ',', '/', ';', '；']) {
        out = out.with(Remark::kept(What::NameTwo));
    }
    out
}

/// A blank survives only between two Latin words.
fn squeezed(text: &str) -> String {
    let mut out = String::new();
    let mut gap = false;
    for c in text.chars() {
        if is_blank(c) {
            gap |= c.is_whitespace();
            continue;
        }
        let latin = out.ends_with(|l: char| l.is_ascii_alphabetic()) && c.is_ascii_alphabetic();
        if gap && latin {
            out.push(' ');
        }
        gap = false;
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(typed: &str, name: &str, whats: &[What]) {
        let cleaned = clean(&Cell::Text(typed.into()));
        assert_eq!(cleaned.value.as_deref(), Some(name).filter(|n| !n.is_empty()), "{typed:?}");
        assert_eq!(cleaned.remarks.iter().map(|r| r.what).collect::<Vec<_>>(), whats, "{typed:?}");
    }

    #[test]
    fn padding_is_taken_out_and_told() {
        check("班\u{3000}福", "班福", &[What::NameSpace]);
        check("张 \u{A0} 三", "张三", &[What::NameSpace]);
    }

    #[test]
    fn blanks_at_the_ends_are_nobodys_business() {
        check(" 张三\n", "张三", &[]);
        check(" \u{3000}", "", &[]);
    }

    #[test]
    fn unseen_characters_are_taken_out_and_told() {
        check("张\u{200B}三", "张三", &[What::NameHidden]);
        check("张\u{202E}三", "张三", &[What::NameHidden]);
    }

    #[test]
    fn what_belongs_to_a_name_stays() {
        check("阿依古丽·买买提", "阿依古丽·买买提", &[]);
        check("张建国(大)", "张建国(大)", &[]);
        check("㛃", "㛃", &[]);
        check("Anna Maria", "Anna Maria", &[]);
    }

    #[test]
    fn a_character_the_computer_lost_is_doubted() {
        check("张?国", "张?国", &[What::NameGlyph]);
        check("张\u{E123}国", "张\u{E123}国", &[What::NameGlyph]);
    }

    #[test]
    fn two_people_in_one_cell_are_doubted() {
        check("张三、李四", "张三、李四", &[What::NameTwo]);
    }
}
