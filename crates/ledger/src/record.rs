//! A record is declared once; struct, table, insert and select by name, diff and wire form follow from it.
//!
//! ```text
//! record! { Visit(VisitId) in "visit" index(household, on) {
//!     household: HouseholdId, on: Date, shared_meal: Option<bool>,
//! } }
//! impl Life for Visit { fn check(&self, …) … }
//! ```
//! Every record also carries a free `note` and `gone` (作废), the one way to delete.

use std::collections::BTreeMap;
use std::marker::PhantomData;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::dates::{Date, Month, PartialDate, parse_date};
use crate::query::View;
use crate::refusal::{Code, Fault, Refusal, Result};
use crate::value::{Shape, Value};

/// What a field's type knows about its cell.
pub trait Cell: Sized {
    const SHAPE: Shape;
    const REQUIRED: bool = true;
    /// The kind of record that the cell points at.
    const REFERS: Option<&'static str> = None;

    /// Reads what the log or a table holds. Loose: a newer release may know more values than we do.
    fn read(value: &Value) -> Option<Self>;

    fn write(&self) -> Value;

    /// Puts what a person or a script typed into the form the log keeps; `None` refuses it.
    fn admit(value: Value) -> Option<Value> {
        Self::read(&value).map(|cell| cell.write())
    }
}

/// One field of a kind.
pub struct Field {
    pub name: &'static str,
    pub shape: Shape,
    pub required: bool,
    pub refers: Option<&'static str>,
    pub(crate) admit: fn(Value) -> Option<Value>,
    pub(crate) reads: fn(&Value) -> bool,
}

impl Field {
    pub const fn of<C: Cell>(name: &'static str) -> Field {
        Field { name, shape: C::SHAPE, required: C::REQUIRED, refers: C::REFERS, admit: C::admit, reads: reads::<C> }
    }
}

fn reads<C: Cell>(value: &Value) -> bool {
    C::read(value).is_some()
}

/// The declared part of a record; written by `record!` and by nothing else.
pub trait Record: Life + Sized + Clone + Serialize {
    const KIND: &'static str;
    const FIELDS: &'static [Field];
    const INDEXES: &'static [&'static str];
    /// There is one record for these fields together: its id is made of them, the same on every computer.
    const ONLY_ONE: &'static [&'static str];
    fn id(&self) -> Uuid;
    fn from_cells(id: Uuid, cells: &[Value]) -> Result<Self>;
    fn cells(&self) -> Vec<Value>;
}

/// The rule of life of a record; written by hand, right below its declaration.
pub trait Life: Sized {
    /// What a local edit may not do. Remote ones are never refused for their content.
    fn check(&self, view: &View<'_>) -> Result<()> {
        let _ = view;
        Ok(())
    }

    /// Sealed or closed, or part of what is: from now on a change here is a correction (更正) with a reason.
    fn is_sealed(&self, view: &View<'_>) -> Result<bool> {
        let _ = view;
        Ok(false)
    }

    /// The month this fact belongs to, when it belongs to one.
    fn month(&self, view: &View<'_>) -> Result<Option<Month>> {
        let _ = view;
        Ok(None)
    }

    /// What a merge left questionable among all live records of this kind.
    fn findings(view: &View<'_>) -> Result<Vec<Finding>> {
        let _ = view;
        Ok(Vec::new())
    }
}

/// Something a clerk should look at: no device did wrong, but together they left a question.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Finding {
    pub kind: String,
    pub id: Uuid,
    pub rule: &'static str,
    pub details: BTreeMap<&'static str, String>,
}

impl Finding {
    pub fn new<R: Record>(id: Uuid, rule: &'static str) -> Finding {
        Finding { kind: R::KIND.to_owned(), id, rule, details: BTreeMap::new() }
    }

    #[must_use]
    pub fn with(mut self, key: &'static str, value: impl std::fmt::Display) -> Finding {
        self.details.insert(key, value.to_string());
        self
    }
}

/// A kind of record as the writing half of the ledger sees it: no generics, one list.
pub struct Kind {
    pub name: &'static str,
    pub fields: &'static [Field],
    pub(crate) indexes: &'static [&'static str],
    pub only_one: &'static [&'static str],
    pub(crate) check: fn(&View<'_>, Uuid, &[Value]) -> Result<()>,
    pub(crate) is_sealed: fn(&View<'_>, Uuid, &[Value]) -> Result<bool>,
    pub(crate) month: fn(&View<'_>, Uuid, &[Value]) -> Result<Option<Month>>,
    pub(crate) findings: fn(&View<'_>) -> Result<Vec<Finding>>,
}

impl Kind {
    pub const fn of<R: Record>() -> Kind {
        Kind {
            name: R::KIND,
            fields: R::FIELDS,
            indexes: R::INDEXES,
            only_one: R::ONLY_ONE,
            check: check::<R>,
            is_sealed: is_sealed::<R>,
            month: month::<R>,
            findings: R::findings,
        }
    }

    pub fn field(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|f| f.name == name)
    }

    pub(crate) fn gone(&self) -> usize {
        self.fields.len() - 1
    }
}

fn check<R: Record>(view: &View<'_>, id: Uuid, cells: &[Value]) -> Result<()> {
    R::from_cells(id, cells)?.check(view)
}

fn is_sealed<R: Record>(view: &View<'_>, id: Uuid, cells: &[Value]) -> Result<bool> {
    R::from_cells(id, cells)?.is_sealed(view)
}

fn month<R: Record>(view: &View<'_>, id: Uuid, cells: &[Value]) -> Result<Option<Month>> {
    R::from_cells(id, cells)?.month(view)
}

/// Reads one declared cell; what no release wrote is named, never defaulted.
pub(crate) fn cell<C: Cell>(kind: &'static str, id: Uuid, field: &'static str, value: &Value) -> Result<C> {
    C::read(value).ok_or_else(|| {
        Fault::Corrupt { table: kind.to_owned(), record: id.to_string(), column: field.to_owned() }.into()
    })
}

macro_rules! record {
    ($(#[$meta:meta])* $Name:ident($Id:ident) in $kind:literal $(only_one($($only:ident),*))? $(index($($index:ident),*))? {
        $($(#[$fmeta:meta])* $field:ident: $ty:ty,)*
    }) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $Id(pub uuid::Uuid);

        impl $crate::record::Cell for $Id {
            const SHAPE: $crate::value::Shape = $crate::value::Shape::Id;
            const REFERS: Option<&'static str> = Some($kind);
            fn read(value: &$crate::value::Value) -> Option<Self> { value.as_id().map($Id) }
            fn write(&self) -> $crate::value::Value { $crate::value::Value::Id(self.0) }
        }

        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, serde::Serialize)]
        pub struct $Name {
            pub id: $Id,
            $($(#[$fmeta])* pub $field: $ty,)*
            /// Whatever else the clerk wants to keep.
            pub note: Option<String>,
            /// 作废: voided, by whom and why. The record stays in the log and can be restored.
            pub gone: Option<$crate::record::Gone>,
        }

        impl $crate::record::Record for $Name {
            const KIND: &'static str = $kind;
            const FIELDS: &'static [$crate::record::Field] = &[
                $($crate::record::Field::of::<$ty>(stringify!($field)),)*
                $crate::record::Field::of::<Option<String>>("note"),
                $crate::record::Field::of::<Option<$crate::record::Gone>>("gone"),
            ];
            const INDEXES: &'static [&'static str] = &[$($(stringify!($index)),*)?];
            const ONLY_ONE: &'static [&'static str] = &[$($(stringify!($only)),*)?];
            fn id(&self) -> uuid::Uuid { self.id.0 }
            fn from_cells(id: uuid::Uuid, cells: &[$crate::value::Value]) -> $crate::refusal::Result<Self> {
                let mut cells = cells.iter();
                let mut next = || cells.next().unwrap_or(&$crate::value::Value::Null);
                Ok($Name {
                    id: $Id(id),
                    $($field: $crate::record::cell($kind, id, stringify!($field), next())?,)*
                    note: $crate::record::cell($kind, id, "note", next())?,
                    gone: $crate::record::cell($kind, id, "gone", next())?,
                })
            }
            fn cells(&self) -> Vec<$crate::value::Value> {
                use $crate::record::Cell;
                vec![$(self.$field.write(),)* self.note.write(), self.gone.write()]
            }
        }
    };
}
pub(crate) use record;

impl<C: Cell> Cell for Option<C> {
    const SHAPE: Shape = C::SHAPE;
    const REQUIRED: bool = false;
    const REFERS: Option<&'static str> = C::REFERS;
    fn read(value: &Value) -> Option<Self> {
        if value.is_null() { Some(None) } else { C::read(value).map(Some) }
    }
    fn write(&self) -> Value {
        self.as_ref().map_or(Value::Null, C::write)
    }
    /// Blank text is “not known”, never an empty name.
    fn admit(value: Value) -> Option<Value> {
        let blank = value.as_text().is_some_and(|s| s.trim().is_empty());
        if blank || value.is_null() { Some(Value::Null) } else { C::admit(value) }
    }
}

impl Cell for String {
    const SHAPE: Shape = Shape::Text;
    fn read(value: &Value) -> Option<Self> {
        value.as_text().map(str::to_owned)
    }
    fn write(&self) -> Value {
        Value::text(self)
    }
    fn admit(value: Value) -> Option<Value> {
        let clean = tidy(value.as_text()?);
        let sized = !clean.is_empty() && clean.len() <= MAX_TEXT;
        sized.then_some(Value::Text(clean))
    }
}

/// A page of minutes is a few kilobytes; this is room for a book and a wall against a flood.
const MAX_TEXT: usize = 256 * 1024;

/// Drops what cannot be seen and turns text around: control characters, zero-width and direction marks.
fn tidy(text: &str) -> String {
    let unseen = |c: char| {
        (c.is_control() && c != '\n' && c != '\t')
            || matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
    };
    text.chars().filter(|c| !unseen(*c)).collect::<String>().trim().to_owned()
}

impl Cell for bool {
    const SHAPE: Shape = Shape::Bool;
    fn read(value: &Value) -> Option<Self> {
        match value {
            Value::Bool(b) => Some(*b),
            _ => None,
        }
    }
    fn write(&self) -> Value {
        Value::Bool(*self)
    }
}

impl Cell for i64 {
    const SHAPE: Shape = Shape::Int;
    fn read(value: &Value) -> Option<Self> {
        match value {
            Value::Int(n) => Some(*n),
            _ => None,
        }
    }
    fn write(&self) -> Value {
        Value::Int(*self)
    }
}

/// A number of people, households, ballots: never negative.
pub type Count = u32;

impl Cell for Count {
    const SHAPE: Shape = Shape::Int;
    fn read(value: &Value) -> Option<Self> {
        match value {
            Value::Int(n) => Count::try_from(*n).ok(),
            _ => None,
        }
    }
    fn write(&self) -> Value {
        Value::Int(i64::from(*self))
    }
}

impl Cell for Date {
    const SHAPE: Shape = Shape::Text;
    fn read(value: &Value) -> Option<Self> {
        parse_date(value.as_text()?)
    }
    fn write(&self) -> Value {
        Value::Text(self.to_string())
    }
}

impl Cell for PartialDate {
    const SHAPE: Shape = Shape::Text;
    fn read(value: &Value) -> Option<Self> {
        PartialDate::try_from(value.as_text()?.to_owned()).ok()
    }
    fn write(&self) -> Value {
        Value::text(self.as_str())
    }
}

impl Cell for Month {
    const SHAPE: Shape = Shape::Text;
    fn read(value: &Value) -> Option<Self> {
        value.as_text()?.parse().ok()
    }
    fn write(&self) -> Value {
        Value::Text(self.to_string())
    }
}

/// A code of a published set (GB/T …). Stored as the code; a label or its synonym is turned into it.
/// A code that a newer release knows and we do not is kept and shown as it is.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Coded<S>(String, #[serde(skip)] PhantomData<S>);

/// Names the set in `assets/codes.json`.
pub trait CodeSet {
    const SET: &'static str;
}

impl<S> Clone for Coded<S> {
    fn clone(&self) -> Self {
        Coded(self.0.clone(), PhantomData)
    }
}

impl<S: CodeSet> Coded<S> {
    /// The stored code.
    pub fn code(&self) -> &str {
        &self.0
    }

    /// From a code, a label or a synonym of the set.
    pub fn known(text: &str) -> Option<Self> {
        let found = crate::codes::set(S::SET)?.find(text.trim())?;
        Some(Coded(found.code.clone(), PhantomData))
    }

    /// What a person reads: the label in Chinese, or the code itself where this release does not know it.
    pub fn label(&self) -> &str {
        let found = crate::codes::set(S::SET).and_then(|set| set.find(&self.0));
        found.map_or(&self.0, |code| code.zh.as_str())
    }
}

impl<S: CodeSet> Cell for Coded<S> {
    const SHAPE: Shape = Shape::Text;
    fn read(value: &Value) -> Option<Self> {
        value.as_text().map(|code| Coded(code.to_owned(), PhantomData))
    }
    fn write(&self) -> Value {
        Value::text(&self.0)
    }
    fn admit(value: Value) -> Option<Value> {
        Coded::<S>::known(value.as_text()?).map(|code| code.write())
    }
}

/// A struct kept whole in one cell: fields that only make sense together.
macro_rules! composite {
    ($Type:ty) => {
        impl $crate::record::Cell for $Type {
            const SHAPE: $crate::value::Shape = $crate::value::Shape::Composite;
            fn read(value: &$crate::value::Value) -> Option<Self> {
                serde_json::from_value(value.to_json()).ok()
            }
            fn write(&self) -> $crate::value::Value {
                let json = serde_json::to_value(self).expect("a composite is plain data");
                $crate::value::Value::from_json($crate::value::Shape::Composite, &json)
                    .expect("a composite holds no fraction")
            }
        }
    };
}
pub(crate) use composite;

/// 作废: the one way to delete. Clearing the cell restores the record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gone {
    pub reason: String,
}
composite!(Gone);

/// Text by field name, as it stood on the paper when it could not be read with certainty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AsTyped(pub BTreeMap<String, String>);
composite!(AsTyped);

/// Any agreed structure that this crate only carries (frozen figures).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Frozen(pub serde_json::Value);

impl Cell for Frozen {
    const SHAPE: Shape = Shape::Composite;
    fn read(value: &Value) -> Option<Self> {
        Some(Frozen(value.to_json()))
    }
    fn write(&self) -> Value {
        Value::from_json(Shape::Composite, &self.0).unwrap_or_default()
    }
}

/// Refuses a missing required cell by name, before the record's own check sees it.
pub(crate) fn complete(kind: &Kind, cells: &[Value]) -> Result<(), Refusal> {
    let missing = kind.fields.iter().zip(cells).find(|(field, value)| field.required && value.is_null());
    match missing {
        Some((field, _)) => Err(Refusal::new(Code::Missing).with("kind", kind.name).with("field", field.name)),
        None => Ok(()),
    }
}
