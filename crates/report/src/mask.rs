//! 脱敏 — what may be pinned to a notice board.
//!
//! A [`Masked`] text is made here and nowhere else, and a public paper ([`crate::notice`])
//! takes nothing but `Masked` texts and figures. So a number cannot reach the board because
//! somebody forgot to hide it: it would not compile.

use serde::Serialize;

use crate::table::TableCell;

/// Text that hides what must not be public.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Masked(String);

impl Masked {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<Masked> for TableCell {
    fn from(masked: Masked) -> Self {
        Self::Text(masked.0)
    }
}

/// Why a name may stand in full on a notice board.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// 依法公示: the household head's name has to be there.
    LawfulNotice,
    /// 单独同意, signed and kept.
    Consent,
}

/// 复姓, whose holders are not “欧某” but “欧阳某”.
const DOUBLE_SURNAMES: [&str; 64] = [
    "欧阳", "上官", "司马", "司徒", "司空", "诸葛", "东方", "独孤", "南宫", "万俟", "闻人", "夏侯", "尉迟", "公羊",
    "公孙", "公冶", "公西", "皇甫", "澹台", "淳于", "单于", "太叔", "申屠", "轩辕", "令狐", "钟离", "宇文", "长孙",
    "慕容", "鲜于", "闾丘", "亓官", "司寇", "仉督", "子车", "颛孙", "端木", "巫马", "漆雕", "乐正", "壤驷", "拓跋",
    "夹谷", "宰父", "谷梁", "百里", "东郭", "南门", "呼延", "羊舌", "微生", "梁丘", "左丘", "东门", "西门", "第五",
    "赫连", "完颜", "纳兰", "贺兰", "达奚", "耶律", "濮阳", "褚师",
];

/// 990101********001X; an old number of 15 digits keeps its last three.
pub fn id(number: &str) -> Masked {
    let signs = figures(number);
    Masked(match signs.len() {
        18 => starred(&signs, 6, 4),
        15 => starred(&signs, 6, 3),
        n => "*".repeat(n),
    })
}

/// 138****0001; a shorter number keeps its last four at most.
pub fn phone(number: &str) -> Masked {
    let signs = figures(number);
    Masked(match signs.len() {
        11 => starred(&signs, 3, 4),
        7.. => format!("****{}", tail(&signs)),
        n => "*".repeat(n),
    })
}

/// ****0123
pub fn bank(number: &str) -> Masked {
    let signs = figures(number);
    Masked(match signs.len() {
        0 => String::new(),
        8.. => format!("****{}", tail(&signs)),
        _ => "****".into(),
    })
}

/// 张某, 欧阳某.
pub fn name(full: &str) -> Masked {
    let plain: String = full.chars().filter(|c| !c.is_whitespace()).collect();
    let double = DOUBLE_SURNAMES.iter().any(|s| plain.starts_with(s)) && plain.chars().count() > 2;
    let kept: String = plain.chars().take(if double { 2 } else { 1 }).collect();
    Masked(format!("{kept}某"))
}

/// A name in full, for the reason given. Numbers typed into the name field are hidden all the same.
pub fn name_in_full(full: &str, _basis: Basis) -> Masked {
    text(full)
}

/// Free text with every ID, phone and account number in it hidden.
pub fn text(free: &str) -> Masked {
    let signs: Vec<char> = free.chars().collect();
    let mut out = String::new();
    let mut at = 0;
    while at < signs.len() {
        if figure(signs[at]).is_some_and(|c| c != 'X') {
            let run = Run::from(&signs[at..]);
            out.push_str(&run.hidden(&signs[at..at + run.length]));
            at += run.length;
        } else {
            out.push(signs[at]);
            at += 1;
        }
    }
    Masked(out)
}

/// Numbers are masked by form, names because we know whose they are: one pass, the longest name first, so that what
/// was masked is not looked at again.
pub fn without_names(free: &str, names: &[String]) -> String {
    let masked = text(free);
    let mut rest = masked.as_str();
    let mut out = String::new();
    while let Some(first) = rest.chars().next() {
        let known = names.iter().filter(|n| !n.is_empty() && rest.starts_with(n.as_str())).max_by_key(|n| n.len());
        let taken = match known {
            Some(known) => {
                out.push_str(self::name(known).as_str());
                known.len()
            }
            None => {
                out.push(first);
                first.len_utf8()
            }
        };
        rest = &rest[taken..];
    }
    out
}

/// Figures in a row, perhaps in groups with single blanks or dashes between them, as phone and
/// card numbers are read aloud.
struct Run {
    figures: String,
    groups: Vec<usize>,
    length: usize,
}

impl Run {
    fn from(signs: &[char]) -> Self {
        let mut run = Self { figures: String::new(), groups: vec![0], length: 0 };
        for (at, sign) in signs.iter().enumerate() {
            let next_is_figure = || signs.get(at + 1).copied().and_then(figure).is_some();
            match figure(*sign) {
                Some('X') if run.figures.len() != 17 => break,
                Some(c) => run.push(c),
                None if is_gap(*sign) && next_is_figure() => run.groups.push(0),
                None => break,
            }
            run.length = at + 1;
        }
        run
    }

    fn push(&mut self, c: char) {
        self.figures.push(c);
        if let Some(last) = self.groups.last_mut() {
            *last += 1;
        }
    }

    fn hidden(&self, typed: &[char]) -> String {
        if self.groups.len() > 1 && !self.is_one_number() {
            let parts = typed.split(|c| is_gap(*c)).map(|part| part.iter().collect::<String>());
            let gaps = typed.iter().filter(|c| is_gap(**c)).map(char::to_string).chain([String::new()]);
            return parts.zip(gaps).map(|(part, gap)| format!("{}{gap}", hide(&part))).collect();
        }
        let kept = hide(&self.figures);
        if kept == self.figures { typed.iter().collect() } else { kept }
    }

    /// 138-0000-0001, 0871 6512345, 990101 19680315 001X, 6222 0000 0000 0123 — but not two
    /// dates side by side.
    fn is_one_number(&self) -> bool {
        match self.groups.as_slice() {
            [3, 4, 4] | [6, 8, 4] => true,
            [3 | 4, 7 | 8] => self.figures.starts_with('0'),
            [4, 4, 4, 4] | [4, 4, 4, 4, _] => true,
            _ => false,
        }
    }
}

fn is_gap(c: char) -> bool {
    matches!(c, ' ' | '-' | '\u{a0}' | '\u{3000}' | '－')
}

fn hide(number: &str) -> String {
    match figures(number).len() {
        15 | 18 => id(number).0,
        11 => phone(number).0,
        10.. if number.starts_with('0') => phone(number).0,
        12.. => bank(number).0,
        _ => number.to_string(),
    }
}

/// Digits and the X of an ID, full-width ones made plain; everything else dropped.
fn figures(number: &str) -> Vec<char> {
    number.chars().filter_map(figure).collect()
}

fn figure(c: char) -> Option<char> {
    match c {
        '0'..='9' => Some(c),
        '０'..='９' => char::from_u32(c as u32 - '０' as u32 + '0' as u32),
        'x' | 'X' | 'ｘ' | 'Ｘ' | 'Х' => Some('X'),
        _ => None,
    }
}

fn starred(signs: &[char], head: usize, tail: usize) -> String {
    let star = |(at, c): (usize, &char)| {
        if at < head || at >= signs.len() - tail { *c } else { '*' }
    };
    signs.iter().enumerate().map(star).collect()
}

fn tail(signs: &[char]) -> String {
    signs[signs.len().saturating_sub(4)..].iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(masked: Masked, wanted: &str) {
        assert_eq!(masked.as_str(), wanted);
    }

    #[test]
    fn numbers_keep_only_what_lets_their_owner_know_them() {
        check(id("99010119680315001x"), "990101********001X");
        check(id("９９０１０１１９６８０３１５００１Ｘ"), "990101********001X");
        check(id("990101680315001"), "990101******001");
        check(phone("13800000001"), "138****0001");
        check(phone("0871-6512345"), "087****2345");
        check(bank("6222 0000 0000 0123"), "****0123");
    }

    #[test]
    fn a_number_of_odd_length_is_hidden_whole() {
        check(id("99010119680315"), "**************");
        check(phone("12345"), "*****");
        check(bank("123"), "****");
        check(id("无"), "");
    }

    #[test]
    fn a_double_surname_is_kept_whole() {
        check(name("张建国"), "张某");
        check(name("欧阳建国"), "欧阳某");
        check(name("张　三"), "张某");
        check(name("欧阳"), "欧某");
        check(name("买买提·艾力"), "买某");
        check(name(""), "某");
    }

    #[test]
    fn numbers_inside_free_text_are_hidden() {
        check(text("联系13800000001，证号99010119680315001X。"), "联系138****0001，证号990101********001X。");
        check(text("电话138-0000-0001或138 0000 0002"), "电话138****0001或138****0002");
        check(text("卡号6222 0000 0000 0123"), "卡号****0123");
        check(text("１３８００００００１１"), "138****0011");
    }

    #[test]
    fn dates_counts_and_sums_stay_readable() {
        for plain in ["2026-10-12 2026-10-13", "151人次，91.3%（137/150）", "20261012", "共12345678元", "３户", "X户"]
        {
            check(text(plain), plain);
        }
    }

    #[test]
    fn no_eleven_figures_in_a_row_survive() {
        for length in 11..40 {
            let masked = text(&"1".repeat(length));
            let longest = masked.as_str().split('*').map(str::len).max();
            assert!(longest < Some(7), "{masked:?}");
        }
    }
}
