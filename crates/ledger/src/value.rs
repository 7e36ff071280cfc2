//! What one cell of a record may hold, and its one canonical byte form.
//!
//! Numbers are whole: money is counted in fen, rates are kept as their two counts. There is no floating
//! point in the log, because two machines must print the same bytes for the same fact.

use std::collections::BTreeMap;

use minicbor::data::{Tag, Type};
use minicbor::{Decoder, Encoder};
use rusqlite::types::{ToSqlOutput, Value as Sql, ValueRef};
use serde_json::Value as Json;
use uuid::Uuid;

/// Composites deeper than this are not written by any release and are refused as malformed.
const MAX_DEPTH: usize = 16;

/// The value of one cell. `Null` means “not known”, which is neither zero nor no.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Value {
    #[default]
    Null,
    Bool(bool),
    Int(i64),
    Text(String),
    Id(Uuid),
    List(Vec<Value>),
    Map(BTreeMap<String, Value>),
}

/// How a column is stored. The wire form says the same thing in its own words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    Bool,
    Int,
    Text,
    Id,
    /// Fields that only make sense together: one cell, written as JSON.
    Composite,
}

impl Shape {
    pub(crate) fn column(self) -> &'static str {
        match self {
            Shape::Bool | Shape::Int => "INTEGER",
            Shape::Text | Shape::Composite => "TEXT",
            Shape::Id => "BLOB",
        }
    }
}

impl Value {
    pub fn text(s: impl Into<String>) -> Value {
        Value::Text(s.into())
    }

    pub fn is_null(&self) -> bool {
        *self == Value::Null
    }

    pub fn as_text(&self) -> Option<&str> {
        match self {
            Value::Text(s) => Some(s),
            _ => None,
        }
    }

    pub fn as_id(&self) -> Option<Uuid> {
        match self {
            Value::Id(id) => Some(*id),
            _ => None,
        }
    }

    pub fn to_json(&self) -> Json {
        match self {
            Value::Null => Json::Null,
            Value::Bool(b) => Json::Bool(*b),
            Value::Int(n) => Json::from(*n),
            Value::Text(s) => Json::String(s.clone()),
            Value::Id(id) => Json::String(id.to_string()),
            Value::List(items) => items.iter().map(Value::to_json).collect(),
            Value::Map(map) => Json::Object(map.iter().map(|(k, v)| (k.clone(), v.to_json())).collect()),
        }
    }

    /// Reads JSON as a cell of this shape would write it. A number with a fraction is no cell value.
    pub fn from_json(shape: Shape, json: &Json) -> Option<Value> {
        Some(match (shape, json) {
            (_, Json::Null) => Value::Null,
            (Shape::Id, Json::String(s)) => Value::Id(Uuid::parse_str(s).ok()?),
            (Shape::Id, _) => return None,
            (_, Json::Bool(b)) => Value::Bool(*b),
            (_, Json::Number(n)) => Value::Int(n.as_i64()?),
            (_, Json::String(s)) => Value::Text(s.clone()),
            (_, Json::Array(items)) => Value::List(nested(items)?),
            (_, Json::Object(map)) => Value::Map(
                map.iter()
                    .map(|(k, v)| Some((k.clone(), Value::from_json(Shape::Composite, v)?)))
                    .collect::<Option<_>>()?,
            ),
        })
    }

    pub(crate) fn fits(&self, shape: Shape) -> bool {
        matches!(
            (self, shape),
            (Value::Null, _)
                | (Value::Bool(_), Shape::Bool)
                | (Value::Int(_), Shape::Int)
                | (Value::Text(_), Shape::Text)
                | (Value::Id(_), Shape::Id)
                | (Value::List(_) | Value::Map(_), Shape::Composite)
        )
    }

    pub(crate) fn to_sql(&self) -> ToSqlOutput<'_> {
        match self {
            Value::Null => ToSqlOutput::Owned(Sql::Null),
            Value::Bool(b) => ToSqlOutput::Owned(Sql::Integer(i64::from(*b))),
            Value::Int(n) => ToSqlOutput::Owned(Sql::Integer(*n)),
            Value::Text(s) => ToSqlOutput::Borrowed(ValueRef::Text(s.as_bytes())),
            Value::Id(id) => ToSqlOutput::Borrowed(ValueRef::Blob(id.as_bytes())),
            Value::List(_) | Value::Map(_) => ToSqlOutput::Owned(Sql::Text(self.to_json().to_string())),
        }
    }

    /// Reads a column back. `None` says that the file holds something no release wrote there.
    pub(crate) fn from_sql(shape: Shape, cell: ValueRef<'_>) -> Option<Value> {
        Some(match (shape, cell) {
            (_, ValueRef::Null) => Value::Null,
            (Shape::Bool, ValueRef::Integer(n @ (0 | 1))) => Value::Bool(n == 1),
            (Shape::Int, ValueRef::Integer(n)) => Value::Int(n),
            (Shape::Text, ValueRef::Text(t)) => Value::Text(std::str::from_utf8(t).ok()?.to_owned()),
            (Shape::Id, ValueRef::Blob(b)) => Value::Id(Uuid::from_slice(b).ok()?),
            (Shape::Composite, ValueRef::Text(t)) => {
                Value::from_json(Shape::Composite, &serde_json::from_slice(t).ok()?)?
            }
            _ => return None,
        })
    }

    pub(crate) fn encode(&self, e: &mut Encoder<&mut Vec<u8>>) {
        match self {
            Value::Null => put(e.null()),
            Value::Bool(b) => put(e.bool(*b)),
            Value::Int(n) => put(e.i64(*n)),
            Value::Text(s) => put(e.str(s)),
            Value::Id(id) => {
                put(e.tag(Tag::new(UUID_TAG)));
                put(e.bytes(id.as_bytes()));
            }
            Value::List(items) => {
                put(e.array(items.len() as u64));
                items.iter().for_each(|v| v.encode(e));
            }
            Value::Map(map) => {
                put(e.map(map.len() as u64));
                for (k, v) in map {
                    put(e.str(k));
                    v.encode(e);
                }
            }
        }
    }

    pub(crate) fn decode(d: &mut Decoder<'_>, depth: usize) -> Option<Value> {
        if depth > MAX_DEPTH {
            return None;
        }
        Some(match d.datatype().ok()? {
            Type::Null => {
                d.null().ok()?;
                Value::Null
            }
            Type::Bool => Value::Bool(d.bool().ok()?),
            Type::String => Value::Text(d.str().ok()?.to_owned()),
            Type::Tag => {
                let tag = d.tag().ok()?;
                if tag.as_u64() != UUID_TAG {
                    return None;
                }
                Value::Id(Uuid::from_slice(d.bytes().ok()?).ok()?)
            }
            Type::Array => {
                let n = d.array().ok()??;
                Value::List((0..n).map(|_| Value::decode(d, depth + 1)).collect::<Option<_>>()?)
            }
            Type::Map => {
                let n = d.map().ok()??;
                let pair = |d: &mut Decoder<'_>| Some((d.str().ok()?.to_owned(), Value::decode(d, depth + 1)?));
                Value::Map((0..n).map(|_| pair(d)).collect::<Option<_>>()?)
            }
            _ => Value::Int(d.i64().ok()?),
        })
    }
}

/// RFC 9562 identifiers in CBOR carry IANA tag 37.
const UUID_TAG: u64 = 37;

fn nested(items: &[Json]) -> Option<Vec<Value>> {
    items.iter().map(|v| Value::from_json(Shape::Composite, v)).collect()
}

/// Writing to memory has no way to fail; the encoder's signature is for sinks that do.
pub(crate) fn put<T, E: std::fmt::Debug>(written: Result<T, E>) {
    written.map(|_| ()).expect("a Vec takes every byte");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(value: Value) {
        let mut bytes = Vec::new();
        value.encode(&mut Encoder::new(&mut bytes));
        let back = Value::decode(&mut Decoder::new(&bytes), 0);
        assert_eq!(back, Some(value));
    }

    #[test]
    fn every_value_comes_back_from_its_bytes() {
        check(Value::Null);
        check(Value::Bool(true));
        check(Value::Int(i64::MIN));
        check(Value::text("尉迟国永"));
        check(Value::Id(Uuid::from_u128(7)));
        check(Value::List(vec![Value::Int(-1), Value::text("")]));
        check(Value::Map([("granted".to_owned(), Value::Bool(false))].into()));
    }

    #[test]
    fn a_fraction_is_no_cell_value() {
        assert_eq!(Value::from_json(Shape::Int, &serde_json::json!(0.5)), None);
    }

    #[test]
    fn a_bottomless_composite_is_refused() {
        let bytes = [vec![0x81; 100], vec![0x00]].concat();
        assert_eq!(Value::decode(&mut Decoder::new(&bytes), 0), None);
    }
}
