//! 疑点 — everything a person may want to know about a cell: what was repaired, what was kept as typed because it has
//! more than one reading, and what was noticed about the file. One list, so that nothing goes missing in silence.

mod did;

pub use did::{Did, Done};

use lianhu_ledger::text::{Lang, say};
use serde::Serialize;

/// How much a finding asks of the clerk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    /// Had one reading and was brought into form.
    Repaired,
    /// Needs a person: kept as typed, or not taken in.
    Doubt,
    /// Good to know; nothing to do.
    Notice,
}

/// One finding, with the place the clerk can go to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub grade: Grade,
    pub file: String,
    pub sheet: String,
    /// 1-based as in Excel; 0 when the finding is about the whole sheet.
    pub row: u32,
    /// Column letters as in Excel; empty when about the whole row or sheet.
    pub column: String,
    pub header: String,
    pub as_typed: String,
    /// What is wrong.
    pub what: What,
    /// What was done about it.
    pub done: Done,
}

/// A finding in words, as scripts read it and clerks see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Told<'a> {
    pub grade: Grade,
    pub file: &'a str,
    pub sheet: &'a str,
    pub row: u32,
    pub column: &'a str,
    pub header: &'a str,
    pub as_typed: &'a str,
    pub what: What,
    pub sentence: String,
    pub done: String,
}

impl Finding {
    pub fn told(&self, lang: Lang) -> Told<'_> {
        Told {
            grade: self.grade,
            file: &self.file,
            sheet: &self.sheet,
            row: self.row,
            column: &self.column,
            header: &self.header,
            as_typed: &self.as_typed,
            what: self.what,
            sentence: self.what.sentence(lang),
            done: self.done.say(lang),
        }
    }
}

macro_rules! whats {
    ($($name:ident $code:literal,)*) => {
        /// What is odd, as a stable code.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum What { $($name,)* }

        impl What {
            pub const ALL: &'static [What] = &[$(What::$name),*];

            /// The code as scripts see it.
            pub fn code(self) -> &'static str {
                match self { $(What::$name => $code,)* }
            }
        }
    };
}

whats! {
    Apostrophe "apostrophe",
    IdSpace "id_space",
    IdFullwidth "id_fullwidth",
    IdLower "id_lower",
    Id15 "id_15",
    IdNumber "id_number",
    IdBad "id_bad",
    IdLength "id_length",
    IdDate "id_date",
    IdNone "id_none",
    IdMissing "id_missing",
    IdTwice "id_twice",
    IdTaken "id_taken",
    SexClash "sex_clash",
    BirthSerial "birth_serial",
    BirthCn "birth_cn",
    BirthImpossible "birth_impossible",
    BirthClash "birth_clash",
    DateNumber "date_number",
    DateImpossible "date_impossible",
    DateFuture "date_future",
    DateUnclear "date_unclear",
    MonthUnclear "month_unclear",
    NameSpace "name_space",
    NameHidden "name_hidden",
    NameGlyph "name_glyph",
    NameTwo "name_two",
    PhoneNumber "phone_number",
    PhoneTwo "phone_two",
    PhoneForm "phone_form",
    PhoneBad "phone_bad",
    CountText "count_text",
    CountUnclear "count_unclear",
    TickUnclear "tick_unclear",
    LabelUsual "label_usual",
    LabelUnknown "label_unknown",
    ErrorCell "error_cell",
    FormulaEmpty "formula_empty",
    TextTrimmed "text_trimmed",
    HeadMissing "head_missing",
    HeadTwice "head_twice",
    HeadDiffers "head_differs",
    SizeDiffers "size_differs",
    NoHousehold "no_household",
    RowWithoutName "row_without_name",
    RowIncomplete "row_incomplete",
    ClassExtra "class_extra",
    HouseholdNowhere "household_nowhere",
    HouseholdAmbiguous "household_ambiguous",
    IdNameClash "id_name_clash",
    MatchedByName "matched_by_name",
    PersonAmbiguous "person_ambiguous",
    PersonNowhere "person_nowhere",
    PersonAlone "person_alone",
    LedgerDiffers "ledger_differs",
    RoundUnknown "round_unknown",
    RoundTwice "round_twice",
    TallySum "tally_sum",
    TallyPart "tally_part",
    StarsMismatch "stars_mismatch",
    RatedTwice "rated_twice",
    RowTwice "row_twice",
    ColumnUnknown "column_unknown",
    SheetSkipped "sheet_skipped",
    SheetHidden "sheet_hidden",
    RowSkipped "row_skipped",
    FileNotice "file_notice",
}

impl What {
    /// What is wrong, for the clerk.
    pub fn sentence(self, lang: Lang) -> String {
        say(lang, &format!("doubt.{}", self.code()), &[])
    }
}

impl Serialize for What {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

/// A remark on one cell, before it is known where the cell stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    pub grade: Grade,
    pub what: What,
    pub done: Done,
}

impl Remark {
    /// Brought into form; `into` is what it became.
    pub fn repaired(what: What, into: &str) -> Self {
        Remark::repaired_as(what, Did::Into.with("into", into))
    }

    /// Brought into form, in a way of its own.
    pub fn repaired_as(what: What, done: impl Into<Done>) -> Self {
        Remark { grade: Grade::Repaired, what, done: done.into() }
    }

    /// Left as it was typed.
    pub fn kept(what: What) -> Self {
        Remark::doubt(what, Did::Kept)
    }

    /// A doubt with its own account of what was done.
    pub fn doubt(what: What, done: impl Into<Done>) -> Self {
        Remark { grade: Grade::Doubt, what, done: done.into() }
    }

    /// Nothing for a person to do.
    pub fn notice(what: What, done: impl Into<Done>) -> Self {
        Remark { grade: Grade::Notice, what, done: done.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_found_and_done_has_words_in_both_languages() {
        for lang in [Lang::ZhCn, Lang::En] {
            for what in What::ALL {
                assert_ne!(what.sentence(lang), format!("doubt.{}", what.code()));
            }
            for did in Did::ALL {
                assert_ne!(Done::from(*did).say(lang), format!("done.{}", did.code()));
            }
        }
    }
}
