//! Rows of records as they go into their tables: one statement for as many of a kind as come one after another.

use std::collections::HashMap;
use std::sync::OnceLock;

use rusqlite::{CachedStatement, Transaction};
use uuid::Uuid;

use crate::apply::Row;
use crate::record::Kind;
use crate::records::KINDS;
use crate::refusal::{Doing, Result};

/// The statements of a kind, put into words once.
struct Words {
    insert: String,
    update: String,
}

fn words(kind: &Kind) -> &'static Words {
    static WORDS: OnceLock<HashMap<&'static str, Words>> = OnceLock::new();
    let of = |kind: &'static Kind| (kind.name, Words { insert: insert(kind), update: update(kind) });
    &WORDS.get_or_init(|| KINDS.iter().map(of).collect())[kind.name]
}

fn insert(kind: &Kind) -> String {
    let names: String = kind.fields.iter().map(|f| format!("\"{}\", ", f.name)).collect();
    let marks: String = (1..=kind.fields.len() + 2).map(|n| format!("{}?{n}", if n > 1 { ", " } else { "" })).collect();
    format!("INSERT INTO \"{}\" ({names}clocks, id) VALUES ({marks})", kind.name)
}

fn update(kind: &Kind) -> String {
    let n = kind.fields.len();
    let sets: String = kind.fields.iter().enumerate().map(|(i, f)| format!("\"{}\" = ?{}, ", f.name, i + 1)).collect();
    format!("UPDATE \"{}\" SET {sets}clocks = ?{} WHERE id = ?{}", kind.name, n + 1, n + 2)
}

/// What rows are written with.
pub(crate) struct Storing<'a> {
    tx: &'a Transaction<'a>,
    last: Option<((usize, bool), CachedStatement<'a>)>,
}

impl<'a> Storing<'a> {
    pub fn new(tx: &'a Transaction<'a>) -> Storing<'a> {
        Storing { tx, last: None }
    }

    pub fn store(&mut self, (kind, id): (usize, Uuid), row: &Row) -> Result<()> {
        let statement = self.statement(kind, row.is_new)?;
        for (i, cell) in row.cells.iter().enumerate() {
            statement.raw_bind_parameter(i + 1, cell.to_sql()).doing("writing a record")?;
        }
        let n = row.cells.len();
        statement.raw_bind_parameter(n + 1, row.clocks.pack()).doing("writing a record")?;
        statement.raw_bind_parameter(n + 2, id.as_bytes().as_slice()).doing("writing a record")?;
        statement.raw_execute().doing("writing a record").map(|_| ())
    }

    fn statement(&mut self, kind: usize, is_new: bool) -> Result<&mut CachedStatement<'a>> {
        let last = match self.last.take().filter(|(what, _)| *what == (kind, is_new)) {
            Some(last) => last,
            None => {
                let Words { insert, update } = words(&KINDS[kind]);
                let sql = if is_new { insert } else { update };
                ((kind, is_new), self.tx.prepare_cached(sql).doing("writing a record")?)
            }
        };
        Ok(&mut self.last.insert(last).1)
    }
}

pub(crate) fn remove(tx: &Transaction<'_>, kind: &Kind, id: Uuid) -> Result<()> {
    let sql = format!("DELETE FROM \"{}\" WHERE id = ?1", kind.name);
    let mut statement = tx.prepare_cached(&sql).doing("taking a record away")?;
    statement.execute([id.as_bytes()]).doing("taking a record away").map(|_| ())
}
