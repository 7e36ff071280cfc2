//! 代码表 — the code sets that ledgers and national standards share: 性别, 民族, 与户主关系, 户类型 and so on.
//!
//! A record keeps the code; a screen and a report show its label; an import finds the code under
//! whichever of its spellings stood in the cell. The table itself is `assets/codes.json`.
//! Where no standard has a code the set says so (`local`), so that an exchange can leave it out.

use crate::text::Lang;
use std::collections::HashMap;
use std::sync::OnceLock;

use serde::Deserialize;
use unicode_normalization::UnicodeNormalization;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeSet {
    pub id: String,
    pub zh: String,
    pub en: String,
    /// The national standard, where there is one.
    #[serde(default)]
    pub standard: Option<String>,
    pub codes: Vec<Code>,
    #[serde(skip)]
    spellings: HashMap<String, usize>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Code {
    pub code: String,
    pub zh: String,
    pub en: String,
    /// Other spellings met in ledgers.
    #[serde(default)]
    pub also: Vec<String>,
    /// 监测户: one of the three kinds watched against falling back into poverty.
    #[serde(default)]
    pub monitored: bool,
    /// Stands for the head of the household (户主, and 本人 in a ledger kept per household).
    #[serde(default)]
    pub head: bool,
    /// Not in the standard that the set follows.
    #[serde(default)]
    pub local: bool,
}

/// The set of that name, e.g. `relation`.
pub fn set(id: &str) -> Option<&'static CodeSet> {
    sets().iter().find(|set| set.id == id)
}

pub fn sets() -> &'static [CodeSet] {
    static SETS: OnceLock<Vec<CodeSet>> = OnceLock::new();
    SETS.get_or_init(|| {
        read(include_str!("../../../assets/codes.json")).expect("the shipped code table parses: a test reads it")
    })
}

/// `find("relation", "妻子")`: the code under any of its spellings.
pub fn find(id: &str, text: &str) -> Option<&'static Code> {
    set(id)?.find(text)
}

/// The label of a code; a code nobody knows (a newer release's) shows as itself rather than as nothing.
pub fn label<'a>(id: &str, code: &'a str, lang: Lang) -> &'a str {
    set(id).and_then(|set| set.label(code, lang)).unwrap_or(code)
}

impl CodeSet {
    /// By code, label or any other spelling; width, blanks and quotation marks do not matter.
    pub fn find(&self, text: &str) -> Option<&Code> {
        let at = *self.spellings.get(&fold(text))?;
        self.codes.get(at)
    }

    pub fn get(&self, code: &str) -> Option<&Code> {
        self.codes.iter().find(|known| known.code == code)
    }

    pub fn label(&self, code: &str, lang: Lang) -> Option<&str> {
        self.get(code).map(|code| code.label(lang))
    }

    fn index(&mut self) {
        for (at, code) in self.codes.iter().enumerate() {
            for spelling in code.spellings() {
                self.spellings.entry(fold(spelling)).or_insert(at);
            }
        }
    }
}

impl Code {
    pub fn label(&self, lang: Lang) -> &str {
        match lang {
            Lang::ZhCn => &self.zh,
            Lang::En => &self.en,
        }
    }

    fn spellings(&self) -> impl Iterator<Item = &str> {
        [&self.code, &self.zh, &self.en].into_iter().chain(&self.also).map(String::as_str)
    }
}

#[derive(Deserialize)]
struct Table {
    sets: Vec<CodeSet>,
}

fn read(json: &str) -> serde_json::Result<Vec<CodeSet>> {
    let mut table: Table = serde_json::from_str(json)?;
    table.sets.iter_mut().for_each(CodeSet::index);
    Ok(table.sets)
}

/// 村“两委”干部, 村"两委"干部 and 村两委干部 are the same to a reader, and so they are here.
fn fold(text: &str) -> String {
    text.nfkc().filter(|c| !is_ignored(*c)).flat_map(char::to_lowercase).collect()
}

fn is_ignored(c: char) -> bool {
    let quote = matches!(c, '"' | '\'' | '“' | '”' | '‘' | '’' | '「' | '」' | '『' | '』' | '*');
    let invisible = matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}');
    quote || invisible || c.is_whitespace() || c.is_control()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(id: &str, spellings: &[&str], code: &str) {
        for spelling in spellings {
            let found = find(id, spelling).map(|found| found.code.as_str());
            assert_eq!(found, Some(code), "{id}: {spelling}");
        }
    }

    #[test]
    fn the_sets_are_complete() {
        let count = |id: &str| set(id).map(|set| set.codes.len());
        assert_eq!((count("sex"), count("ethnic"), count("political")), (Some(4), Some(58), Some(13)));
        for id in ["relation", "education", "health", "household_class", "pairing_role", "meeting_kind", "member_kind"]
        {
            assert!(count(id).is_some_and(|n| n > 1), "{id}");
        }
        assert!(set("no such set").is_none());
    }

    #[test]
    fn no_spelling_means_two_things() {
        for set in sets() {
            let mut seen = HashMap::new();
            for code in &set.codes {
                for spelling in code.spellings() {
                    let earlier = seen.insert(fold(spelling), &code.code);
                    assert!(earlier.is_none_or(|e| *e == code.code), "{}: {spelling}", set.id);
                }
            }
        }
    }

    #[test]
    fn every_code_is_labelled_in_both_languages_once() {
        for set in sets() {
            for code in &set.codes {
                assert!(!code.code.is_empty() && !code.zh.is_empty() && code.en.is_ascii(), "{}: {code:?}", set.id);
                assert_eq!(set.codes.iter().filter(|other| other.code == code.code).count(), 1, "{}", code.code);
            }
        }
    }

    #[test]
    fn the_ethnic_groups_stand_in_their_order() {
        for (code, zh) in
            [("01", "汉族"), ("06", "苗族"), ("09", "布依族"), ("15", "土家族"), ("37", "仡佬族"), ("56", "基诺族")]
        {
            check("ethnic", &[zh, code, zh.trim_end_matches('族')], code);
        }
        check("ethnic", &["其他"], "97");
        check("ethnic", &["外国血统"], "98");
    }

    #[test]
    fn relations_are_found_as_villages_write_them() {
        check("relation", &["户主", "02", "户 主", "户主本人"], "02");
        check("relation", &["本人"], "01");
        check("relation", &["配偶", "爱人"], "10");
        check("relation", &["妻", "妻子", "之妻"], "12");
        check("relation", &["夫", "丈夫"], "11");
        check("relation", &["儿子", "子", "之子"], "20");
        check("relation", &["长子"], "22");
        check("relation", &["次女", "二女儿"], "33");
        check("relation", &["女儿", "女", "之女"], "30");
        check("relation", &["儿媳", "之儿媳", "儿媳妇"], "38");
        check("relation", &["女婿"], "28");
        check("relation", &["父亲", "父"], "51");
        check("relation", &["母亲"], "52");
        check("relation", &["孙子"], "41");
        check("relation", &["孙女"], "42");
        check("relation", &["外孙"], "43");
        check("relation", &["祖父", "爷爷"], "61");
        check("relation", &["兄弟姐妹", "兄弟"], "70");
        check("relation", &["其他"], "80");
    }

    #[test]
    fn every_spelling_of_the_sample_ledgers_is_known() {
        let cells: [(&str, &[&str]); 13] = [
            ("relation", &["户主", "配偶", "子", "女", "长子", "孙子", "母亲"]),
            ("sex", &["男", "女"]),
            ("ethnic", &["苗族", "布依族", "汉族", "仡佬族"]),
            ("political", &["群众", "共青团员", "中共党员", "正式党员", "预备党员"]),
            ("member_kind", &["正式党员", "预备党员"]),
            ("education", &["小学", "初中", "高中", "文盲或半文盲", "大专", "中专", "学龄前儿童"]),
            ("health", &["健康", "长期慢性病", "残疾", "患有大病"]),
            (
                "household_class",
                &["一般户", "脱贫户", "低保户", "特困供养户", "脱贫不稳定户", "边缘易致贫户", "突发严重困难户"],
            ),
            ("yes_no", &["是", "否", "√"]),
            ("pairing_role", &["帮扶干部", "村“两委”干部", "镇县领导", "驻村工作队员"]),
            ("speaker", &["驻村干部", "村“两委”干部", "帮扶干部", "脱贫户代表"]),
            ("star", &["致富星", "守法星", "美德星", "卫生星", "诚信星"]),
            ("unrated", &["常年外出", "空挂户", "一票否决"]),
        ];
        for (id, spellings) in cells {
            for spelling in spellings {
                assert!(find(id, spelling).is_some(), "{id}: {spelling}");
            }
        }
    }

    #[test]
    fn exactly_the_three_watched_classes_are_monitored() {
        let watched = set("household_class").map(|set| set.codes.iter().filter(|c| c.monitored));
        let codes: Vec<&str> = watched.into_iter().flatten().map(|c| c.code.as_str()).collect();
        assert_eq!(codes, ["unstable", "marginal", "sudden"]);
    }

    #[test]
    fn width_blanks_and_quotes_do_not_hide_a_code() {
        check("pairing_role", &["村\"两委\"干部", "村两委干部", " 村「两委」干部\n"], "committee");
        check("sex", &["１", "　男 "], "1");
        check("meeting_kind", &["党员大会(四议两公开)"], "deliberation");
    }

    #[test]
    fn nothing_is_made_of_an_unknown_or_empty_cell() {
        assert!(find("relation", "").is_none());
        assert!(find("relation", "邻居的朋友").is_none());
        assert!(find("no such set", "男").is_none());
    }

    #[test]
    fn labels_come_in_two_languages_and_an_unknown_code_shows_itself() {
        assert_eq!(label("health", "serious", Lang::ZhCn), "患有大病");
        assert_eq!(label("health", "serious", Lang::En), "serious illness");
        assert_eq!(label("health", "later", Lang::ZhCn), "later");
    }

    #[test]
    fn a_broken_table_is_an_error() {
        assert!(read("{\"sets\": [{\"id\": \"sex\"}]}").is_err());
    }
}
