//! 读音 — how characters are read, and how a reading is spelled on a keyboard.

use std::collections::HashMap;
use std::sync::OnceLock;

use pinyin::ToPinyinMulti;
use serde::Deserialize;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// All readings of a character without tones, ü as v, the usual one first.
pub fn readings(c: char) -> Vec<String> {
    let mut readings: Vec<String> = Vec::new();
    for reading in c.to_pinyin_multi().into_iter().flatten() {
        let plain = toneless(reading.plain());
        if !readings.contains(&plain) {
            readings.push(plain);
        }
    }
    readings
}

/// The initials of a name with its surname read as a surname: 单建国 → sjg. For sorting and A–Z bars.
pub fn initials(name: &str) -> String {
    let chars = letters(name);
    let family = surname(&chars).and_then(|readings| readings.first()).cloned().unwrap_or_default();
    let first = |(at, c): (usize, &char)| {
        let usual = family.get(at).cloned().or_else(|| readings(*c).into_iter().next());
        usual.and_then(|reading| reading.chars().next()).unwrap_or(*c)
    };
    chars.iter().enumerate().map(first).collect()
}

/// Lower case, half width, without tone marks; ü is v as on a keyboard.
pub(super) fn toneless(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.nfkd().flat_map(char::to_lowercase) {
        match c {
            '\u{308}' if plain.ends_with('u') => {
                plain.pop();
                plain.push('v');
            }
            _ if is_combining_mark(c) => {}
            _ => plain.push(c),
        }
    }
    plain
}

/// What of a name counts: 张　三, 阿依·古丽 and 张建国(大) are searched without their blanks and marks.
pub(super) fn letters(name: &str) -> Vec<char> {
    toneless(name).chars().filter(|c| is_letter(*c)).collect()
}

/// Characters of the old police fonts (private use) stand for real names and are kept.
pub(super) fn is_letter(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '\u{e000}'..='\u{f8ff}')
}

/// The ways to type a syllable. A passport writes 吕 as LYU, an old input method as lu.
pub(super) fn spellings(syllable: &str, dialect: bool) -> Vec<String> {
    let mut all = vec![syllable.to_string()];
    if let Some((head, tail)) = syllable.split_once('v') {
        all.push(format!("{head}u{tail}"));
        all.push(format!("{head}yu{tail}"));
    }
    if dialect {
        blur(&mut all, str::strip_prefix, |rest, with| format!("{with}{rest}"), &HEADS);
        blur(&mut all, str::strip_suffix, |rest, with| format!("{rest}{with}"), &TAILS);
    }
    all
}

const HEADS: [(&str, &str); 4] = [("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l")];
const TAILS: [(&str, &str); 3] = [("ing", "in"), ("eng", "en"), ("ang", "an")];

/// Adds, for either side of a pair, the same syllable with the other side.
fn blur(
    all: &mut Vec<String>,
    strip: for<'a> fn(&'a str, &'static str) -> Option<&'a str>,
    join: fn(&str, &str) -> String,
    pairs: &[(&'static str, &'static str)],
) {
    for known in all.clone() {
        for (long, short) in pairs {
            let other = match strip(&known, long) {
                Some(rest) => Some(join(rest, short)),
                None => strip(&known, short).map(|rest| join(rest, long)),
            };
            all.extend(other);
        }
    }
}

/// The readings a name's surname has, each with one syllable per character (two in a compound surname).
pub(super) fn surname(name: &[char]) -> Option<&'static Vec<Vec<String>>> {
    let of = |length: usize| {
        let family: String = name.get(..length)?.iter().collect();
        surnames().get(&family)
    };
    of(2).or_else(|| of(1))
}

#[derive(Deserialize)]
struct Table {
    surnames: HashMap<String, Vec<String>>,
}

type Surnames = HashMap<String, Vec<Vec<String>>>;

fn surnames() -> &'static Surnames {
    static TABLE: OnceLock<Surnames> = OnceLock::new();
    TABLE.get_or_init(|| {
        let shipped = include_str!("../../../../assets/surnames.json");
        let table: Table = serde_json::from_str(shipped).expect("the shipped surnames parse: a test reads them");
        let split = |reading: &String| reading.split(' ').map(str::to_string).collect();
        let read = |(name, all): (String, Vec<String>)| (name, all.iter().map(split).collect());
        table.surnames.into_iter().map(read).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_character_has_all_its_readings() {
        assert_eq!(readings('张'), ["zhang"]);
        assert_eq!(readings('吕'), ["lv"]);
        let single = readings('单');
        assert!(["dan", "shan", "chan"].iter().all(|r| single.contains(&r.to_string())), "{single:?}");
        assert!(readings('a').is_empty());
    }

    #[test]
    fn the_surname_decides_the_initials() {
        let cases = [
            ("张建国", "zjg"),
            ("单建国", "sjg"),
            ("尉迟恭", "ycg"),
            ("覃敏", "qm"),
            ("区 永贵", "oyg"),
            ("吕布", "lb"),
        ];
        for (name, expected) in cases {
            assert_eq!(initials(name), expected, "{name}");
        }
    }

    #[test]
    fn every_surname_has_a_syllable_per_character() {
        for (name, all) in surnames() {
            for reading in all {
                assert_eq!(reading.len(), name.chars().count(), "{name}");
                assert!(reading.iter().flat_map(|s| s.chars()).all(|c| c.is_ascii_lowercase()), "{name}");
            }
        }
        assert!(surnames().len() >= 60);
    }

    #[test]
    fn the_letter_v_stands_for_u_umlaut() {
        assert_eq!(toneless("lǜ ＬÜ nǚ zhāng"), "lv lv nv zhang");
        assert_eq!(spellings("lv", false), ["lv", "lu", "lyu"]);
    }

    #[test]
    fn dialect_adds_spellings_and_the_standard_does_not() {
        assert_eq!(spellings("zhang", false), ["zhang"]);
        assert_eq!(spellings("ling", true), ["ling", "ning", "lin", "nin"]);
        assert_eq!(spellings("zeng", true), ["zeng", "zheng", "zen", "zhen"]);
    }

    #[test]
    fn marks_and_blanks_do_not_count_in_a_name() {
        let kept = |name: &str| letters(name).into_iter().collect::<String>();
        assert_eq!(kept("张　三"), "张三");
        assert_eq!(kept("阿依·古丽"), "阿依古丽");
        assert_eq!(kept("张建国（大）2"), "张建国大2");
        assert_eq!(kept("\u{e123}明"), "\u{e123}明");
    }
}
