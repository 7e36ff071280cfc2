//! Reading: what a check, a figure or a screen asks. Nothing here writes.

use std::collections::HashMap;
use std::sync::OnceLock;

use rusqlite::{Connection, Params, Row, params};
use serde_json::{Map, Value as Json};
use uuid::Uuid;

use crate::cells::Clocks;
use crate::dates::{Date, parse_date};
use crate::record::{Kind, Record};
use crate::records::{KINDS, kind};
use crate::refusal::{Code, Doing, Fault, Refusal, Result};
use crate::value::Value;

/// A consistent look at the ledger's tables.
#[derive(Clone, Copy)]
pub struct View<'a> {
    pub(crate) conn: &'a Connection,
    /// The day of the question: what lies after it has not happened yet.
    pub today: Date,
}

/// A record as its table holds it, with the clocks of its cells.
#[derive(Clone, Debug)]
pub(crate) struct Stored {
    pub cells: Vec<Value>,
    pub clocks: Clocks,
}

impl<'a> View<'a> {
    /// The record, voided ones included.
    pub fn get<R: Record>(&self, id: impl Into<Uuid>) -> Result<Option<R>> {
        let id = id.into();
        let stored = self.stored(declared::<R>(), id)?;
        stored.filter(|s| is_whole(declared::<R>(), &s.cells)).map(|s| R::from_cells(id, &s.cells)).transpose()
    }

    /// All live records of a kind, in the order of their ids (the order in which they were made).
    pub fn all<R: Record>(&self) -> Result<Vec<R>> {
        self.select("1 ORDER BY id", [])
    }

    /// Live records for which `condition` holds. The condition is our own text; values go in as parameters.
    pub fn select<R: Record>(&self, condition: &str, params: impl Params) -> Result<Vec<R>> {
        let kind = declared::<R>();
        let sql = format!("SELECT {} FROM \"{}\" WHERE {} AND {condition}", columns(kind), kind.name, live(kind));
        let mut statement = self.conn.prepare_cached(&sql).doing("preparing a query")?;
        let mut rows = statement.query(params).doing("reading records")?;
        let mut found = Vec::new();
        while let Some(row) = rows.next().doing("reading records")? {
            let id = read_id(kind, row)?;
            found.push(R::from_cells(id, &read_cells(kind, id, row)?)?);
        }
        Ok(found)
    }

    /// One number, for counts that need no records.
    pub fn count(&self, sql: &str, params: impl Params) -> Result<i64> {
        let mut statement = self.conn.prepare_cached(sql).doing("preparing a count")?;
        statement.query_row(params, |row| row.get(0)).doing("counting")
    }

    /// Two id columns of our own text of a query.
    pub(crate) fn id_pairs(&self, sql: &str, params: impl Params) -> Result<Vec<(Uuid, Uuid)>> {
        let mut statement = self.conn.prepare_cached(sql).doing("preparing a query")?;
        let mut rows = statement.query(params).doing("reading ids")?;
        let mut pairs = Vec::new();
        while let Some(row) = rows.next().doing("reading ids")? {
            let id =
                |i: usize| row.get_ref(i).ok().and_then(|v| v.as_blob().ok().and_then(|b| Uuid::from_slice(b).ok()));
            pairs.push((id(0).unwrap_or_default(), id(1).unwrap_or_default()));
        }
        Ok(pairs)
    }

    /// An id and a day of our own text of a query.
    pub(crate) fn id_days(&self, sql: &str, params: impl Params) -> Result<Vec<(Uuid, Date)>> {
        let mut statement = self.conn.prepare_cached(sql).doing("preparing a query")?;
        let mut rows = statement.query(params).doing("reading days")?;
        let mut found = Vec::new();
        while let Some(row) = rows.next().doing("reading days")? {
            let id = row.get_ref(0).ok().and_then(|v| Uuid::from_slice(v.as_blob().ok()?).ok());
            let day = row.get_ref(1).ok().and_then(|v| parse_date(v.as_str().ok()?));
            found.extend(id.zip(day));
        }
        Ok(found)
    }

    /// An id and a text of our own text of a query.
    pub(crate) fn id_texts(&self, sql: &str, params: impl Params) -> Result<Vec<(Uuid, String)>> {
        let mut statement = self.conn.prepare_cached(sql).doing("preparing a query")?;
        let mut rows = statement.query(params).doing("reading names")?;
        let mut found = Vec::new();
        while let Some(row) = rows.next().doing("reading names")? {
            let id = row.get_ref(0).ok().and_then(|v| Uuid::from_slice(v.as_blob().ok()?).ok());
            let text = row.get_ref(1).ok().and_then(|v| Some(v.as_str().ok()?.to_owned()));
            found.extend(id.zip(text));
        }
        Ok(found)
    }

    /// What is written down has happened.
    pub(crate) fn not_ahead(&self, days: impl IntoIterator<Item = Date>) -> Result<()> {
        match days.into_iter().find(|day| *day > self.today) {
            Some(day) => Err(Refusal::new(Code::FutureDate).with("on", day).into()),
            None => Ok(()),
        }
    }

    pub fn is_live(&self, kind: &Kind, id: Uuid) -> Result<bool> {
        let sql = format!("SELECT count(*) FROM \"{}\" WHERE id = ?1 AND gone IS NULL", kind.name);
        Ok(self.count(&sql, [id.as_bytes()])? == 1)
    }

    /// Any record as JSON, voided ones included: `{"id": …, …its known fields}`.
    pub fn record(&self, kind_name: &str, id: Uuid) -> Result<Option<Json>> {
        let kind = kind(kind_name)?;
        Ok(self.stored(kind, id)?.map(|stored| to_json(kind, id, &stored.cells)))
    }

    /// All live records of a kind as JSON.
    pub fn list(&self, kind_name: &str) -> Result<Vec<Json>> {
        let kind = kind(kind_name)?;
        Ok(self.rows(kind, "gone IS NULL")?.into_iter().map(|(id, cells)| to_json(kind, id, &cells)).collect())
    }

    /// Voided records of a kind, to be looked through and restored.
    pub fn voided(&self, kind_name: &str) -> Result<Vec<Json>> {
        let kind = kind(kind_name)?;
        Ok(self.rows(kind, "gone IS NOT NULL")?.into_iter().map(|(id, cells)| to_json(kind, id, &cells)).collect())
    }

    pub(crate) fn rows(&self, kind: &Kind, condition: &str) -> Result<Vec<(Uuid, Vec<Value>)>> {
        let sql = format!("SELECT {} FROM \"{}\" WHERE {condition} ORDER BY id", columns(kind), kind.name);
        let mut statement = self.conn.prepare_cached(&sql).doing("preparing a query")?;
        let mut rows = statement.query([]).doing("reading records")?;
        let mut found = Vec::new();
        while let Some(row) = rows.next().doing("reading records")? {
            let id = read_id(kind, row)?;
            found.push((id, read_cells(kind, id, row)?));
        }
        Ok(found)
    }

    pub(crate) fn stored(&self, kind: &Kind, id: Uuid) -> Result<Option<Stored>> {
        let mut statement = self.conn.prepare_cached(by_id(kind)).doing("preparing a query")?;
        let mut rows = statement.query(params![id.as_bytes()]).doing("reading a record")?;
        let Some(row) = rows.next().doing("reading a record")? else { return Ok(None) };
        Ok(Some(Stored { cells: read_cells(kind, id, row)?, clocks: read_clocks(kind, id, row)? }))
    }

    /// Every row with its clocks, for `verify`.
    pub(crate) fn all_stored(&self, kind: &Kind) -> Result<Vec<(Uuid, Stored)>> {
        let sql = format!("SELECT {} FROM \"{}\" ORDER BY id", columns(kind), kind.name);
        let mut statement = self.conn.prepare_cached(&sql).doing("preparing a query")?;
        let mut rows = statement.query([]).doing("reading records")?;
        let mut found = Vec::new();
        while let Some(row) = rows.next().doing("reading records")? {
            let id = read_id(kind, row)?;
            found.push((id, Stored { cells: read_cells(kind, id, row)?, clocks: read_clocks(kind, id, row)? }));
        }
        Ok(found)
    }
}

/// `{"id": …, field: value …}`; a cell nobody knows is left out, so that releases with more fields print the same.
pub(crate) fn to_json(kind: &Kind, id: Uuid, cells: &[Value]) -> Json {
    let mut map = Map::new();
    map.insert("id".to_owned(), Json::String(id.to_string()));
    for (field, value) in kind.fields.iter().zip(cells).filter(|(_, value)| !value.is_null()) {
        map.insert(field.name.to_owned(), value.to_json());
    }
    Json::Object(map)
}

fn declared<R: Record>() -> &'static Kind {
    kind(R::KIND).expect("every record is listed in KINDS")
}

/// Live and whole. A record that came here in part (its required cells are on their way, or unreadable by this
/// release) is no fact yet: it is a finding, not a row of a list.
fn live(kind: &Kind) -> String {
    let required = kind.fields.iter().filter(|f| f.required).map(|f| format!(" AND \"{}\" IS NOT NULL", f.name));
    format!("gone IS NULL{}", required.collect::<String>())
}

pub(crate) fn is_whole(kind: &Kind, cells: &[Value]) -> bool {
    kind.fields.iter().zip(cells).all(|(field, value)| !(field.required && value.is_null()))
}

/// The query every save asks several times, put into words once.
fn by_id(kind: &Kind) -> &'static str {
    static SQL: OnceLock<HashMap<&'static str, String>> = OnceLock::new();
    let all = SQL.get_or_init(|| {
        let sql = |kind: &'static Kind| format!("SELECT {} FROM \"{}\" WHERE id = ?1", columns(kind), kind.name);
        KINDS.iter().map(|kind| (kind.name, sql(kind))).collect()
    });
    &all[kind.name]
}

fn columns(kind: &Kind) -> String {
    let names: String = kind.fields.iter().map(|f| format!("\"{}\", ", f.name)).collect();
    format!("{names}id, clocks")
}

fn read_id(kind: &Kind, row: &Row<'_>) -> Result<Uuid> {
    let raw = row.get_ref(kind.fields.len()).doing("reading an id")?;
    let id = raw.as_blob().ok().and_then(|b| Uuid::from_slice(b).ok());
    id.ok_or_else(|| corrupt(kind, "?", "id"))
}

fn read_cells(kind: &Kind, id: Uuid, row: &Row<'_>) -> Result<Vec<Value>> {
    let cell = |(i, field): (usize, &crate::record::Field)| {
        let raw = row.get_ref(i).doing("reading a cell")?;
        Value::from_sql(field.shape, raw).ok_or_else(|| corrupt(kind, &id.to_string(), field.name))
    };
    kind.fields.iter().enumerate().map(cell).collect()
}

fn read_clocks(kind: &Kind, id: Uuid, row: &Row<'_>) -> Result<Clocks> {
    let raw = row.get_ref(kind.fields.len() + 1).doing("reading clocks")?;
    let clocks = raw.as_blob().ok().and_then(|b| Clocks::unpack(b, kind.fields.len()));
    clocks.ok_or_else(|| corrupt(kind, &id.to_string(), "clocks"))
}

fn corrupt(kind: &Kind, record: &str, column: &str) -> crate::refusal::Error {
    Fault::Corrupt { table: kind.name.to_owned(), record: record.to_owned(), column: column.to_owned() }.into()
}

pub(crate) fn no_such(kind: &str, id: Uuid) -> Refusal {
    Refusal::new(Code::NoSuchRecord).with("kind", kind).with("id", id)
}
