//! Text as clerks type it, made fit for print: nothing invisible, and Chinese punctuation in
//! Chinese sentences.

/// Drops what cannot be seen but can harm: control characters, overrides of the writing
/// direction, zero-width marks. Any run of white space becomes one blank; lines are kept. Old
/// private-use characters stay: the PDF writer names them as missing, so that somebody looks.
pub fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => {
                out.truncate(out.trim_end_matches(' ').len());
                out.push('\n');
            }
            '\t' | '\r' | '\u{a0}' | ' ' | '\u{2028}' | '\u{2029}' => push_blank(&mut out),
            c if is_invisible(c) => {}
            c => out.push(c),
        }
    }
    out.trim_matches([' ', '\n']).to_string()
}

fn push_blank(out: &mut String) {
    if !out.is_empty() && !out.ends_with([' ', '\n']) {
        out.push(' ');
    }
}

fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{feff}'
            | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{fff9}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}' | '\u{e0000}'..='\u{e007f}')
}

/// [`clean`], and half-width punctuation next to Chinese made full-width. Figures keep theirs:
/// 12:30, 1,000, 3.5.
pub fn tidy(text: &str) -> String {
    let mut chars: Vec<char> = clean(text).chars().collect();
    brackets(&mut chars);
    marks(&mut chars);
    quotes(&mut chars);
    dots(&chars)
}

fn marks(chars: &mut [char]) {
    for at in 0..chars.len() {
        let Some(wide) = wide_mark(chars[at]) else {
            continue;
        };
        let before = at.checked_sub(1).map(|i| chars[i]);
        let after = chars.get(at + 1).copied();
        let between_figures = before.is_some_and(|c| c.is_ascii_digit()) && after.is_some_and(|c| c.is_ascii_digit());
        if !between_figures && (is_chinese(before) || is_chinese(after)) {
            chars[at] = wide;
        }
    }
}

fn wide_mark(c: char) -> Option<char> {
    Some(match c {
        ',' => '，',
        ':' => '：',
        ';' => '；',
        '?' => '？',
        '!' => '！',
        _ => return None,
    })
}

/// A pair of brackets turns wide when there is Chinese in it or beside it, or when it holds the
/// counts of a percentage in a Chinese text: 91.3%（137/150）.
fn brackets(chars: &mut [char]) {
    let chinese = chars.iter().any(|c| is_chinese(Some(*c)));
    let mut open = Vec::new();
    for at in 0..chars.len() {
        match chars[at] {
            '(' => open.push(at),
            ')' => {
                let Some(from) = open.pop() else { continue };
                let before = from.checked_sub(1).map(|i| chars[i]);
                let after = chars.get(at + 1).copied();
                let inside = chars[from..at].iter().any(|c| is_chinese(Some(*c)));
                let counts = chinese && before == Some('%');
                if inside || counts || is_chinese(before) || is_chinese(after) {
                    chars[from] = '（';
                    chars[at] = '）';
                }
            }
            _ => {}
        }
    }
}

/// Straight double quotes in a Chinese text turn into “ and ” in turn, when they come in pairs.
fn quotes(chars: &mut [char]) {
    let places: Vec<usize> = (0..chars.len()).filter(|&i| chars[i] == '"').collect();
    let chinese = chars.iter().any(|c| is_chinese(Some(*c)));
    if !chinese || !places.len().is_multiple_of(2) {
        return;
    }
    for (turn, at) in places.into_iter().enumerate() {
        chars[at] = if turn % 2 == 0 { '“' } else { '”' };
    }
}

/// `...` is an ellipsis, and a full stop that ends a Chinese line is 。; one between characters
/// may be the dot of a minority name and is left alone.
fn dots(chars: &[char]) -> String {
    let text: String = chars.iter().collect();
    let text = text.replace("......", "……").replace("...", "……");
    let ends_a_line = |line: &str| {
        let mut back = line.chars().rev();
        match (back.next(), back.next()) {
            (Some('.'), before) if is_chinese(before) => format!("{}。", &line[..line.len() - 1]),
            _ => line.to_string(),
        }
    };
    text.split('\n').map(ends_a_line).collect::<Vec<_>>().join("\n")
}

fn is_chinese(c: Option<char>) -> bool {
    c.is_some_and(|c| {
        is_han(c) || matches!(c, '\u{3001}'..='\u{303f}' | '\u{ff01}'..='\u{ff60}' | '“' | '”' | '①'..='⑳')
    })
}

pub(crate) fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}' | '〇')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(typed: &str, wanted: &str) {
        assert_eq!(tidy(typed), wanted);
    }

    #[test]
    fn half_width_marks_in_chinese_turn_wide() {
        check("到会168人,其中党员21人;请假3人.", "到会168人，其中党员21人；请假3人。");
        check("主持人:张三!", "主持人：张三！");
        check("他说:\"水管坏了?\"", "他说：“水管坏了？”");
        check("等...", "等……");
    }

    #[test]
    fn figures_keep_their_marks() {
        check("时间:9:30", "时间：9:30");
        check("收入1,000.50元", "收入1,000.50元");
        check("1. 修路", "1. 修路");
        check("A,B (c)", "A,B (c)");
    }

    #[test]
    fn brackets_turn_wide_in_pairs_or_not_at_all() {
        check("满意率91.3%(137/150),", "满意率91.3%（137/150），");
        check("满意率(137/150)较高", "满意率（137/150）较高");
        check("王五(二组", "王五(二组");
        check("f(水(电)路)", "f（水（电）路）");
    }

    #[test]
    fn nothing_invisible_reaches_the_paper() {
        check("张\u{202e}三\u{200b}\u{7}\u{feff}", "张三");
        check("  一\t 二\u{a0}三 \r\n 四 ", "一 二 三\n四");
    }

    #[test]
    fn the_dot_of_a_minority_name_is_not_a_full_stop() {
        check("买买提.艾力到会", "买买提.艾力到会");
    }

    #[test]
    fn tidying_twice_changes_nothing() {
        for typed in ["他说:\"好\",(一)修路...", "a(b)c", "\"", "(1)x(中"] {
            check(&tidy(typed), &tidy(typed));
        }
    }
}
