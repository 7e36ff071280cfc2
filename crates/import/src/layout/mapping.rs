//! 对列 — what a person has said about the sheets of a book and their columns. It comes before the words of the headers;
//! a sheet nobody spoke of is read by its header alone.

use super::forms::{Field, Form, Kind};
use super::header::{self, Found, Header, bare};
use super::{Column, rows};
use crate::grid::{Book, Sheet, letters};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// By the sheet's name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mapping(pub BTreeMap<String, SheetMapping>);

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SheetMapping {
    /// Which ledger it is; none when it is to be left out.
    pub kind: Option<Kind>,
    /// 0-based column → what it means, or that it means nothing. The others mean what their header says.
    #[serde(default)]
    pub columns: BTreeMap<u32, Option<Field>>,
}

impl Mapping {
    /// The header of a sheet, when the sheet can be read.
    pub(super) fn find(&self, sheet: &Sheet) -> Option<Found> {
        let Some(said) = self.0.get(&sheet.name) else { return header::find(sheet) };
        let form = Form::of(said.kind?);
        let header = header::find_as(sheet, form, said).filter(|header| form.is_complete(&header.columns))?;
        Some(Found { kind: form.kind, header })
    }
}

impl SheetMapping {
    /// What was said holds; a meaning that was given to one column is taken from the others.
    pub(super) fn settle(&self, columns: &mut [Column]) {
        for column in columns.iter_mut() {
            let own = self.columns.get(&column.index);
            let elsewhere =
                |field: &Field| self.columns.iter().any(|(at, f)| *at != column.index && *f == Some(*field));
            column.field = match own {
                Some(field) => *field,
                None => column.field.filter(|field| !elsewhere(field)),
            };
        }
    }
}

/// A sheet as a person is shown it before it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetLook {
    pub sheet: String,
    pub hidden: bool,
    /// Rows under the header that are records.
    pub rows: usize,
    /// Which ledger it is taken for.
    pub kind: Option<Kind>,
    /// By the words of its header alone.
    pub automatic: Option<Kind>,
    pub columns: Vec<ColumnLook>,
    /// What the columns of this ledger can mean.
    pub fields: Vec<Field>,
    /// What this ledger cannot be read without and no column means.
    pub missing: Vec<Field>,
    /// The same for every sheet with this header.
    pub signature: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnLook {
    pub index: u32,
    pub letters: String,
    pub header: String,
    pub field: Option<Field>,
    /// By the words of the header alone.
    pub automatic: Option<Field>,
    /// The first few different things that stand in it.
    pub examples: Vec<String>,
}

const EXAMPLES: usize = 3;

/// Every sheet that holds anything.
pub fn looks(book: &Book, mapping: &Mapping) -> Vec<SheetLook> {
    let filled = book.sheets.iter().filter(|s| !s.rows.is_empty());
    filled.map(|sheet| look(sheet, mapping.0.get(&sheet.name))).collect()
}

fn look(sheet: &Sheet, said: Option<&SheetMapping>) -> SheetLook {
    let automatic = header::find(sheet);
    let kind = said.map_or(automatic.as_ref().map(|found| found.kind), |said| said.kind);
    let form = kind.map(Form::of);
    let by_words = automatic.as_ref().map(|found| found.header.clone()).or_else(|| header::unknown(sheet));
    let shown = match said.zip(form) {
        Some((said, form)) => header::find_as(sheet, form, said),
        None => by_words.clone(),
    };
    let unsaid = form.and_then(|form| header::find_as(sheet, form, &SheetMapping::default()));
    SheetLook {
        sheet: sheet.name.clone(),
        hidden: sheet.hidden,
        rows: shown.as_ref().map_or(0, |header| rows::read(sheet, header).0.len()),
        kind,
        automatic: automatic.as_ref().map(|found| found.kind),
        fields: form.map(|form| form.fields().collect()).unwrap_or_default(),
        columns: shown.as_ref().map(|header| columns(sheet, header, unsaid.as_ref())).unwrap_or_default(),
        missing: form.zip(shown).map(|(form, header)| form.missing(&header.columns)).unwrap_or_default(),
        signature: by_words.map(|header| signature(&header)).unwrap_or_default(),
    }
}

fn columns(sheet: &Sheet, header: &Header, unsaid: Option<&Header>) -> Vec<ColumnLook> {
    let (rows, _) = rows::read(sheet, header);
    let automatic = |index: u32| unsaid.and_then(|u| u.columns.iter().find(|c| c.index == index)).and_then(|c| c.field);
    let column = |column: &Column| {
        let mut examples: Vec<String> = Vec::new();
        for cell in rows.iter().filter_map(|row| row.own(column)) {
            let typed = cell.as_typed();
            if !examples.contains(&typed) {
                examples.push(typed);
            }
            if examples.len() == EXAMPLES {
                break;
            }
        }
        ColumnLook {
            index: column.index,
            letters: letters(column.index),
            header: column.header.clone(),
            field: column.field,
            automatic: automatic(column.index),
            examples,
        }
    };
    header.columns.iter().map(column).collect()
}

fn signature(header: &Header) -> String {
    header.columns.iter().map(|c| bare(&c.header)).collect::<Vec<_>>().join("|")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book::{Rows, understand, understand_with};
    use crate::grid::tests::sheet_of;
    use crate::grid::{Retyped, read_bytes};
    use crate::unreadable::Code;

    /// 姓名 has lost its header, and 与户主关系 has a word nobody knows.
    fn odd_book() -> Book {
        let rows: &[&[&str]] = &[
            &["2026年花名"],
            &["组", "谁", "什么人", "证号"],
            &["一组", "张文", "户主", "990101199102116656"],
            &["一组", "李四", "配偶", ""],
        ];
        read_bytes("花名.xlsx", &sheet_of(rows)).expect("readable")
    }

    fn said(columns: &[(u32, Option<Field>)]) -> Mapping {
        let said = SheetMapping { kind: Some(Kind::Households), columns: columns.iter().copied().collect() };
        Mapping([("Sheet1".to_owned(), said)].into())
    }

    fn names(book: &Book, mapping: &Mapping) -> Vec<String> {
        let parsed = understand_with(book, mapping).expect("a ledger");
        let Rows::Households(rows) = &parsed.sections[0].rows else { panic!("not households") };
        rows.iter().flat_map(|home| &home.members).map(|member| member.name.clone()).collect()
    }

    #[test]
    fn what_a_person_says_of_a_column_comes_before_the_words_of_its_header() {
        let book = odd_book();
        assert_eq!(understand(&book).expect_err("no ledger by its words").code, Code::UnknownBook);
        let mapping = said(&[(1, Some(Field::Name)), (2, Some(Field::Relation)), (3, Some(Field::Id))]);
        assert_eq!(names(&book, &mapping), ["张文", "李四"]);
        let look = &looks(&book, &mapping)[0];
        assert_eq!((look.kind, look.automatic, look.rows), (Some(Kind::Households), None, 2));
        assert_eq!(look.columns[0].field, Some(Field::Group), "what was not spoken of means what its header says");
        assert_eq!(look.columns[1].examples, ["张文", "李四"]);
    }

    #[test]
    fn a_sheet_still_lacking_what_it_needs_says_what() {
        let look = &looks(&odd_book(), &said(&[(1, Some(Field::Name))]))[0];
        assert_eq!(look.missing, [Field::Relation]);
        let refused = understand_with(&odd_book(), &said(&[(1, Some(Field::Name))]));
        assert_eq!(refused.expect_err("not complete").code, Code::UnknownBook);
    }

    #[test]
    fn a_meaning_given_to_one_column_is_taken_from_the_other() {
        let rows: &[&[&str]] = &[&["姓名", "曾用名", "与户主关系"], &["张文", "张小文", "户主"]];
        let book = read_bytes("户.xlsx", &sheet_of(rows)).expect("readable");
        assert_eq!(names(&book, &said(&[(1, Some(Field::Name))])), ["张小文"]);
        assert_eq!(names(&book, &said(&[])), ["张文"]);
    }

    #[test]
    fn a_sheet_that_is_left_out_is_left_out() {
        let rows: &[&[&str]] = &[&["姓名", "与户主关系"], &["张文", "户主"]];
        let book = read_bytes("户.xlsx", &sheet_of(rows)).expect("readable");
        let out = Mapping([("Sheet1".to_owned(), SheetMapping::default())].into());
        assert_eq!(understand_with(&book, &out).expect_err("nothing is left").code, Code::UnknownBook);
    }

    #[test]
    fn the_same_header_is_known_again_whatever_stands_below_it() {
        let sign = |rows: &[&[&str]]| {
            let book = read_bytes("户.xlsx", &sheet_of(rows)).expect("readable");
            looks(&book, &Mapping::default())[0].signature.clone()
        };
        let first = sign(&[&["姓名", "与户主关系"], &["张文", "户主"]]);
        assert_eq!(first, sign(&[&["标题"], &["姓 名", "与户主关系*"], &["李四", "户主"], &["王五", "子"]]));
        assert_ne!(first, sign(&[&["姓名", "家庭关系"], &["张文", "户主"]]));
    }

    #[test]
    fn a_cell_typed_over_is_read_as_if_it_had_stood_there() {
        let mapping = said(&[(1, Some(Field::Name)), (2, Some(Field::Relation))]);
        let over = |row, column, text: &str| Retyped { sheet: "Sheet1".into(), row, column, text: text.into() };
        let book = odd_book().retyped(&[over(4, 1, "李世"), over(5, 1, "王五"), over(5, 2, "子"), over(0, 900, "无")]);
        assert_eq!(names(&book, &mapping), ["张文", "李世", "王五"]);
        assert_eq!(names(&book.retyped(&[over(4, 1, ""), over(4, 2, "")]), &mapping), ["张文", "王五"]);
    }
}
