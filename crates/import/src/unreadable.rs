//! 读不了 — why a file could not be taken in at all. One stable code, one sentence a villager understands
//! (`unreadable.…` in the catalogue): what is wrong, where, and what to do. Nothing of an unreadable file reaches the
//! ledger.

use std::collections::BTreeMap;
use std::fmt;

use lianhu_ledger::Refusal;
use lianhu_ledger::text::{self, Lang};
use serde::{Deserialize, Serialize};

/// A file refused whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{}", self.sentence(Lang::ZhCn))]
pub struct Unreadable {
    pub code: Code,
    pub file: String,
    /// What the sentence names: a part of the file, a limit, what was found in it.
    pub details: BTreeMap<String, String>,
}

macro_rules! codes {
    ($($name:ident $code:literal,)*) => {
        /// The stable reason, for scripts and tests.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
        pub enum Code { $(#[serde(rename = $code)] $name,)* }

        impl Code {
            pub const ALL: &'static [Code] = &[$(Code::$name),*];

            /// The code as scripts see it.
            pub fn as_str(self) -> &'static str {
                match self { $(Code::$name => $code,)* }
            }
        }
    };
}

codes! {
    Missing "missing",
    Locked "locked",
    Folder "folder",
    Empty "empty",
    TooBig "too_big",
    Password "password",
    WebPage "web_page",
    NotATable "not_a_table",
    NotABook "not_a_book",
    Xlsb "xlsb",
    Archive "archive",
    Broken "broken",
    MergesOverlap "merges_overlap",
    TooManyMerges "too_many_merges",
    QuoteOpen "quote_open",
    ZipBomb "zip_bomb",
    ZipTricks "zip_tricks",
    XmlTricks "xml_tricks",
    TooWide "too_wide",
    TooLong "too_long",
    UnknownBook "unknown_book",
    YearMissing "year_missing",
    Slow "slow",
    Died "died",
    NoReader "no_reader",
}

impl Code {
    /// A refusal whose file is filled in by whoever knows its name (see [`Unreadable::of`]).
    pub(crate) fn alone(self) -> Unreadable {
        Unreadable { code: self, file: String::new(), details: BTreeMap::new() }
    }

    pub(crate) fn with(self, name: &str, value: impl fmt::Display) -> Unreadable {
        self.alone().and(name, value)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The places of the sentences, as a refusal names them.
const PLACES: &[&str] = &["part", "what", "count", "size", "most", "seen", "sheet"];

impl Unreadable {
    #[must_use]
    pub(crate) fn and(mut self, name: &str, value: impl fmt::Display) -> Unreadable {
        self.details.insert(name.to_owned(), value.to_string());
        self
    }

    #[must_use]
    pub(crate) fn of(mut self, file: &str) -> Self {
        self.file = file.to_owned();
        self
    }

    /// What every damaged workbook is told: the cure is the same whatever broke.
    pub(crate) fn broken(part: &str) -> Self {
        Code::Broken.with("part", part)
    }

    /// 《file》 and what is wrong with it.
    pub fn sentence(&self, lang: Lang) -> String {
        let details: Vec<(&str, &str)> = self.details.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        format!("《{}》{}", self.file, text::unreadable(lang, self.code.as_str(), &details))
    }
}

impl From<Unreadable> for Refusal {
    fn from(unreadable: Unreadable) -> Refusal {
        let refusal = Refusal::new(lianhu_ledger::Code::WorkbookUnreadable);
        let refusal = refusal.with("file", &unreadable.file).with("why", unreadable.code);
        let said = |place: &&'static str| Some((*place, unreadable.details.get(*place)?.clone()));
        PLACES.iter().filter_map(said).fold(refusal, |refusal, (place, value)| refusal.with(place, value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_has_its_sentence_in_both_languages_and_names_the_file() {
        for lang in [Lang::ZhCn, Lang::En] {
            for code in Code::ALL {
                let said = code.alone().of("表.xlsx").sentence(lang);
                assert!(said.starts_with("《表.xlsx》") && !said.contains("unreadable."), "{said}");
            }
        }
    }

    #[test]
    fn a_refusal_tells_what_the_sentence_tells() {
        let unreadable = Code::ZipTricks.with("what", "many").and("count", 70_000).of("表.xlsx");
        let told = text::refusal(&unreadable.clone().into(), Lang::ZhCn);
        assert!(told.contains("里面有 70000 个小文件") && told.contains("《表.xlsx》"), "{told}");
        assert!(unreadable.to_string().contains("里面有 70000 个小文件"), "{unreadable}");
        let part = Unreadable::broken("xl/worksheets/sheet1.xml").of("表.xlsx");
        assert!(part.to_string().contains("“xl/worksheets/sheet1.xml”"), "{part}");
    }
}
