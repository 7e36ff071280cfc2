//! 怎么处理的 — what was done about whatever was found, as a code and what its sentence needs; the sentences stand in the
//! catalogue (`done.…`), so that a finding can be told in either language.

use std::collections::BTreeMap;

use lianhu_ledger::text::{Lang, say};
use serde::{Deserialize, Serialize};

macro_rules! dids {
    ($($name:ident $code:literal,)*) => {
        /// What was done, as a stable code.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Did { $(#[serde(rename = $code)] $name,)* }

        impl Did {
            pub const ALL: &'static [Did] = &[$(Did::$name),*];

            pub fn code(self) -> &'static str {
                match self { $(Did::$name => $code,)* }
            }
        }
    };
}

dids! {
    Into "into",
    IntoText "into_text",
    Raised "raised",
    Kept "kept",
    KeptNoId "kept_no_id",
    PhoneFirst "phone_first",
    BornFromId "born_from_id",
    YearOnly "year_only",
    OpenAndSave "open_and_save",
    MakeItText "make_it_text",
    NoDay "no_day",
    RowFillIn "row_fill_in",
    RowCheck "row_check",
    RowDate "row_date",
    RowAddId "row_add_id",
    RowAddUnit "row_add_unit",
    RowMember "row_member",
    HomeAddId "home_add_id",
    FirstRow "first_row",
    FirstOne "first_one",
    Once "once",
    Again "again",
    NoRound "no_round",
    NoTally "no_tally",
    HeadByName "head_by_name",
    HeadRow "head_row",
    Listed "listed",
    NoGroup "no_group",
    NoId "no_id",
    HomeByName "home_by_name",
    PersonByName "person_by_name",
    Alone "alone",
    LedgerStands "ledger_stands",
    ClassStays "class_stays",
    ReadToo "read_too",
    NotTaken "not_taken",
    ColumnNoted "column_noted",
    ColumnLeft "column_left",
    IsTotal "is_total",
    IsSignature "is_signature",
    IsNote "is_note",
    IsHeader "is_header",
    IsDivider "is_divider",
    Macros "macros",
    Links "links",
    Pictures "pictures",
    Comments "comments",
    HiddenRows "hidden_rows",
    Formulas "formulas",
    SheetFormulas "sheet_formulas",
    Garbled "garbled",
}

/// What was done, and what the sentence needs to say it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    pub did: Did,
    pub details: BTreeMap<String, String>,
}

impl Did {
    pub fn with(self, name: &str, value: impl std::fmt::Display) -> Done {
        Done::from(self).with(name, value)
    }
}

impl From<Did> for Done {
    fn from(did: Did) -> Done {
        Done { did, details: BTreeMap::new() }
    }
}

impl Done {
    #[must_use]
    pub fn with(mut self, name: &str, value: impl std::fmt::Display) -> Done {
        self.details.insert(name.to_owned(), value.to_string());
        self
    }

    pub fn say(&self, lang: Lang) -> String {
        let details: Vec<(&str, &str)> = self.details.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        say(lang, &format!("done.{}", self.did.code()), &details)
    }
}
