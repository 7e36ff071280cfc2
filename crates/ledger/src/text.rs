//! The catalogue of sentences: zh-CN first, English beside it. Codes are ours, sentences are for people.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use crate::procedure;
use crate::refusal::{Code, Refusal};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lang {
    ZhCn,
    En,
}

impl Lang {
    /// From a locale name such as `en_US.UTF-8`; Chinese unless English is asked for.
    pub fn of(locale: &str) -> Lang {
        if locale.to_ascii_lowercase().starts_with("en") { Lang::En } else { Lang::ZhCn }
    }
}

type Catalogue = BTreeMap<String, String>;

fn catalogue(lang: Lang) -> &'static Catalogue {
    static ZH: OnceLock<Catalogue> = OnceLock::new();
    static EN: OnceLock<Catalogue> = OnceLock::new();
    let read = |json: &str| serde_json::from_str(json).unwrap_or_default();
    match lang {
        Lang::ZhCn => ZH.get_or_init(|| read(include_str!("../../../assets/text/zh-CN.json"))),
        Lang::En => EN.get_or_init(|| read(include_str!("../../../assets/text/en.json"))),
    }
}

/// The sentence of that key with `{name}` places filled; the key itself where there is none (a test forbids that).
pub fn say(lang: Lang, key: &str, details: &[(&str, &str)]) -> String {
    let mut sentence = catalogue(lang).get(key).map_or(key, String::as_str).to_owned();
    for (name, value) in details {
        sentence = sentence.replace(&format!("{{{name}}}"), value);
    }
    sentence
}

/// Why a workbook cannot be read, without its name. What the sentence names may have words of its own: a part of the
/// file, or what was found in it.
pub fn unreadable(lang: Lang, why: &str, details: &[(&str, &str)]) -> String {
    let word = |name: &str, value: &str| {
        let key = format!("unreadable_{name}.{value}");
        if catalogue(lang).contains_key(&key) { say(lang, &key, details) } else { value.to_owned() }
    };
    let worded: Vec<(&str, String)> = details.iter().map(|(name, value)| (*name, word(name, value))).collect();
    let worded: Vec<(&str, &str)> = worded.iter().map(|(name, value)| (*name, value.as_str())).collect();
    say(lang, &format!("unreadable.{why}"), &worded)
}

pub fn refusal(refusal: &Refusal, lang: Lang) -> String {
    let mut details: Vec<(&str, String)> = refusal.details.iter().map(|(k, v)| (*k, v.clone())).collect();
    if let Some(why) = refusal.details.get("why").filter(|_| refusal.code == Code::WorkbookUnreadable) {
        let named: Vec<(&str, &str)> = refusal.details.iter().map(|(k, v)| (*k, v.as_str())).collect();
        let why = unreadable(lang, why, &named);
        details.iter_mut().filter(|(name, _)| *name == "why").for_each(|(_, value)| value.clone_from(&why));
    }
    for (_, value) in details.iter_mut().filter(|(name, _)| matches!(*name, "step" | "of" | "later")) {
        if let Some(name) = procedure::step_name(value, lang) {
            name.clone_into(value);
        }
    }
    if let Some(lack) = refusal.details.get("lack") {
        let named: Vec<(&str, &str)> = details.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let lack = say(lang, &format!("lack.{lack}"), &named);
        details.iter_mut().filter(|(name, _)| *name == "lack").for_each(|(_, value)| value.clone_from(&lack));
    }
    if let Some((_, value)) = details.iter_mut().find(|(name, _)| *name == "role") {
        let key = format!("role.{value}");
        if catalogue(lang).contains_key(&key) {
            *value = say(lang, &key, &[]);
        }
    }
    for (name, value) in &mut details {
        let key = format!("word.{value}");
        let is_word = matches!(*name, "kind" | "field" | "target") && catalogue(lang).contains_key(&key);
        if is_word {
            *value = say(lang, &key, &[]);
        }
    }
    let details: Vec<(&str, &str)> = details.iter().map(|(k, v)| (*k, v.as_str())).collect();
    say(lang, &format!("refusal.{}", refusal.code.name()), &details)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::KINDS;

    #[test]
    fn every_refusal_has_its_sentence_in_both_languages() {
        for code in Code::ALL {
            for lang in [Lang::ZhCn, Lang::En] {
                let key = format!("refusal.{}", code.name());
                assert!(catalogue(lang).contains_key(&key), "{lang:?} {key}");
            }
        }
    }

    #[test]
    fn both_languages_have_the_same_keys_and_places() {
        let places = |s: &str| {
            let mut names: Vec<String> =
                s.split('{').skip(1).filter_map(|p| p.split_once('}')).map(|p| p.0.to_owned()).collect();
            names.sort();
            names
        };
        let (zh, en) = (catalogue(Lang::ZhCn), catalogue(Lang::En));
        assert_eq!(zh.keys().collect::<Vec<_>>(), en.keys().collect::<Vec<_>>());
        for (key, sentence) in zh {
            assert_eq!(places(sentence), places(&en[key]), "{key}");
        }
    }

    #[test]
    fn every_kind_and_field_has_a_word() {
        for kind in KINDS {
            for word in std::iter::once(kind.name).chain(kind.fields.iter().map(|f| f.name)) {
                assert!(catalogue(Lang::ZhCn).contains_key(&format!("word.{word}")), "{word}");
            }
        }
    }
}
