//! What was done, by whom, when: one line an action, and how to take one back.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::Serialize;
use serde_json::Value as Json;
use uuid::Uuid;

use crate::devices::Devices;
use crate::draft::{Saved, position_of};
use crate::ledger::Ledger;
use crate::log::{Batch, BatchRef};
use crate::logged::{LoggedBatch, each_batch};
use crate::query::View;
use crate::record::{Cell, Gone};
use crate::records::KINDS;
use crate::refusal::{Code, Doing, Refusal, Result};
use crate::value::Value;

/// One action, as a person reads it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Entry {
    /// The batch's short name, as `undo` takes it.
    pub batch: String,
    pub op: String,
    pub author: String,
    /// Milliseconds since 1970, by the clock of the computer that wrote it.
    pub at_ms: u64,
    pub changes: Vec<EntryChange>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EntryChange {
    pub kind: String,
    pub id: Uuid,
    pub fields: BTreeMap<String, Json>,
}

/// Two computers changed the same place: what stands, and what was overtaken.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Overtaken {
    pub kind: String,
    pub id: Uuid,
    pub field: String,
    pub stands: Json,
    pub other: Json,
    /// The batch that wrote the overtaken value.
    pub batch: String,
}

/// What an undo put back, and what it left because someone has changed it since.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Undone {
    pub restored: usize,
    pub kept: Vec<(String, Uuid)>,
}

impl Ledger {
    /// All actions, newest first; those that touched one record, when it is named.
    pub fn history(&self, of: Option<Uuid>) -> Result<Vec<Entry>> {
        let mut entries = Vec::new();
        let trace = of.map(Batch::trace);
        let wanted = |touched: &[u8]| trace.is_none_or(|t| touched.chunks_exact(8).any(|c| c == t));
        let devices = Devices::read(&self.conn)?;
        each_batch(&self.conn, &devices, wanted, |batch| {
            let stamp = batch.stamp;
            if !batch.barred {
                entries.push((stamp, entry(batch, of)));
            }
            Ok(())
        })?;
        entries.sort_by_key(|(stamp, _)| std::cmp::Reverse(*stamp));
        Ok(entries.into_iter().map(|(_, entry)| entry).filter(|e| !e.changes.is_empty()).collect())
    }

    /// The actions that touched any of these records, oldest first, each with the number of records it touched in all.
    pub fn history_of(&self, records: &HashSet<Uuid>) -> Result<Vec<(Entry, usize)>> {
        let traces: HashSet<_> = records.iter().map(|id| Batch::trace(*id)).collect();
        let is_ours = |end: &[u8]| <[u8; 8]>::try_from(end).is_ok_and(|end| traces.contains(&end));
        let wanted = |touched: &[u8]| touched.chunks_exact(8).any(is_ours);
        let devices = Devices::read(&self.conn)?;
        let mut entries = Vec::new();
        each_batch(&self.conn, &devices, wanted, |mut batch| {
            let all = batch.changes.len();
            batch.changes.retain(|change| !batch.barred && records.contains(&change.id));
            entries.push((batch.stamp, entry(batch, None), all));
            Ok(())
        })?;
        entries.sort_by_key(|(stamp, ..)| *stamp);
        let told = entries.into_iter().map(|(_, entry, all)| (entry, all));
        Ok(told.filter(|(entry, _)| !entry.changes.is_empty()).collect())
    }

    /// The batch of that short name.
    pub fn batch_named(&self, name: &str) -> Result<BatchRef> {
        let devices = Devices::read(&self.conn)?;
        let mut found = None;
        let mut statement =
            self.conn.prepare("SELECT device, incarnation, seq FROM log").doing("looking for a batch")?;
        let mut rows = statement.query([]).doing("looking for a batch")?;
        while let Some(row) = rows.next().doing("looking for a batch")? {
            let number = |i: usize| row.get::<_, i64>(i).doing("looking for a batch");
            let at = BatchRef {
                device: devices.id(number(0)? as u32)?,
                incarnation: number(1)? as u32,
                seq: number(2)? as u64,
            };
            if at.to_string() == name {
                found = Some(at);
            }
        }
        found.ok_or_else(|| Refusal::new(Code::NoSuchBatch).with("batch", name).into())
    }

    /// Takes one action back, by a new one: every cell that still holds what the action wrote gets back what stood
    /// there before; what has been changed since is left alone and named.
    pub fn undo(&mut self, at: BatchRef, author: &str, correction: Option<&str>) -> Result<Saved<Undone>> {
        let plan = UndoPlan::read(self, at)?;
        self.edit("undo", author, |draft| {
            if let Some(reason) = correction {
                draft.correct(reason)?;
            }
            let mut undone = Undone::default();
            for (record, cells) in &plan.records {
                match plan.cells_back(draft.view(), *record, cells, &plan.devices)? {
                    Some(back) => {
                        undone.restored += 1;
                        back.into_iter().for_each(|(field, value)| draft.set(record.0, record.1, field, value));
                    }
                    None => undone.kept.push((KINDS[record.0].name.to_owned(), record.1)),
                }
            }
            match undone.restored {
                0 => Err(Refusal::new(Code::ChangedSince).with("batch", at).into()),
                _ => Ok(undone),
            }
        })
    }

    /// Every place where two computers wrote without knowing of each other.
    pub fn overtaken(&self) -> Result<Vec<Overtaken>> {
        let devices = Devices::read(&self.conn)?;
        let sql = "SELECT kind, record, field, device, incarnation, seq, value FROM overtaken";
        let mut statement = self.conn.prepare_cached(sql).doing("reading open questions")?;
        let mut rows = statement.query([]).doing("reading open questions")?;
        let mut open = Vec::new();
        while let Some(row) = rows.next().doing("reading open questions")? {
            open.push(self.open_question(row, &devices)?);
        }
        // Each file numbers the computers in its own order; the questions are asked in the same order everywhere.
        let order = |o: &Overtaken| (o.kind.clone(), o.id, o.field.clone(), o.batch.clone());
        open.sort_by_key(order);
        Ok(open)
    }

    /// Ends an open question: what stands stays, or the other value takes its place. The new write builds on both,
    /// so every computer sees that it is settled. What has come in since the question was shown is not written over.
    pub fn settle(&mut self, question: &Overtaken, take_other: bool, author: &str) -> Result<Saved<()>> {
        let kind = position_of(&question.kind)?;
        let other = self.batch_named(&question.batch)?;
        let unknown = || Refusal::new(Code::UnknownField).with("kind", &question.kind).with("field", &question.field);
        let field = KINDS[kind].field(&question.field).ok_or_else(unknown)?;
        let value = if take_other { &question.other } else { &question.stands };
        let value = Value::from_json(KINDS[kind].fields[field].shape, value).unwrap_or_default();
        self.edit("settle", author, |draft| {
            let stands = draft.view().record(&question.kind, question.id)?.unwrap_or_default();
            if stands.get(&question.field).cloned().unwrap_or_default() != question.stands {
                return Err(Refusal::new(Code::QuestionMoved)
                    .with("kind", &question.kind)
                    .with("field", &question.field)
                    .into());
            }
            draft.set(kind, question.id, field, value);
            draft.settles(kind, question.id, field, other);
            Ok(())
        })
    }

    fn open_question(&self, row: &rusqlite::Row<'_>, devices: &Devices) -> Result<Overtaken> {
        let text = |i: usize| row.get::<_, String>(i).doing("reading an open question");
        let number = |i: usize| row.get::<_, i64>(i).doing("reading an open question");
        let id: Vec<u8> = row.get(1).doing("reading an open question")?;
        let id = Uuid::from_slice(&id).unwrap_or_default();
        let at =
            BatchRef { device: devices.id(number(3)? as u32)?, incarnation: number(4)? as u32, seq: number(5)? as u64 };
        let (kind, field) = (text(0)?, text(2)?);
        let standing = self.view().record(&kind, id)?.unwrap_or_default();
        Ok(Overtaken {
            stands: standing.get(&field).cloned().unwrap_or_default(),
            other: serde_json::from_str(&text(6)?).unwrap_or_default(),
            batch: at.to_string(),
            kind,
            id,
            field,
        })
    }
}

fn entry(batch: LoggedBatch, of: Option<Uuid>) -> Entry {
    let changes = batch.changes.into_iter().filter(|c| of.is_none_or(|id| c.id == id)).map(|change| EntryChange {
        kind: change.kind.into(),
        id: change.id,
        fields: change.cells.into_iter().map(|cell| (cell.field.into(), cell.value.to_json())).collect(),
    });
    Entry {
        batch: batch.at.to_string(),
        op: batch.op,
        author: batch.author,
        at_ms: batch.stamp.ms(),
        changes: changes.collect(),
    }
}

type RecordKey = (usize, Uuid);
type CellWrites = Vec<(usize, Vec<BatchRef>)>;

/// What the batch wrote, and what its writes had replaced.
struct UndoPlan {
    at: BatchRef,
    devices: Devices,
    records: Vec<(RecordKey, CellWrites)>,
    before: HashMap<(BatchRef, Uuid, String), Value>,
}

impl UndoPlan {
    fn read(ledger: &Ledger, at: BatchRef) -> Result<UndoPlan> {
        let devices = Devices::read(&ledger.conn)?;
        let mut records = Vec::new();
        let mut bases = HashSet::new();
        each_batch(
            &ledger.conn,
            &devices,
            |_| true,
            |batch| {
                if batch.at == at {
                    for change in batch.changes {
                        let Ok(kind) = position_of(&change.kind) else { continue };
                        bases.extend(change.cells.iter().flat_map(|c| c.bases.iter().copied()));
                        let cell = |c: crate::log::CellChange| Some((KINDS[kind].field(&c.field)?, c.bases));
                        records.push(((kind, change.id), change.cells.into_iter().filter_map(cell).collect()));
                    }
                }
                Ok(())
            },
        )?;
        if records.is_empty() {
            return Err(Refusal::new(Code::NoSuchBatch).with("batch", at).into());
        }
        let before = values_at(ledger, &devices, &bases)?;
        Ok(UndoPlan { at, devices, records, before })
    }

    /// The cells to put back, or `None` when somebody has changed the record since, or what stood is not known here.
    fn cells_back(
        &self,
        view: View<'_>,
        (kind, id): RecordKey,
        cells: &CellWrites,
        devices: &Devices,
    ) -> Result<Option<Vec<(usize, Value)>>> {
        let Some(stored) = view.stored(&KINDS[kind], id)? else { return Ok(None) };
        let ours = |field: usize| stored.clocks.stands[field].is_some_and(|s| devices.names(&s, self.at));
        let born_here = cells.iter().all(|(field, bases)| bases.is_empty() && *field != KINDS[kind].gone())
            && stored.clocks.stands.iter().flatten().all(|s| devices.names(s, self.at));
        if born_here {
            let gone = Gone { reason: format!("撤销 {}", self.at) };
            return Ok(Some(vec![(KINDS[kind].gone(), gone.write())]));
        }
        if !cells.iter().all(|(field, _)| ours(*field)) {
            return Ok(None);
        }
        // What stood before may still be on its way here; then nothing is put back, rather than nothing put there.
        let before = |(field, bases): &(usize, Vec<BatchRef>)| match bases.first() {
            None => Some((*field, Value::Null)),
            Some(base) => {
                let name = KINDS[kind].fields[*field].name.to_owned();
                self.before.get(&(*base, id, name)).map(|value| (*field, value.clone()))
            }
        };
        Ok(cells.iter().map(before).collect())
    }
}

fn values_at(
    ledger: &Ledger,
    devices: &Devices,
    bases: &HashSet<BatchRef>,
) -> Result<HashMap<(BatchRef, Uuid, String), Value>> {
    let mut values = HashMap::new();
    if bases.is_empty() {
        return Ok(values);
    }
    each_batch(
        &ledger.conn,
        devices,
        |_| true,
        |batch| {
            if bases.contains(&batch.at) {
                for change in batch.changes {
                    let cells =
                        change.cells.into_iter().map(|cell| ((batch.at, change.id, cell.field.into()), cell.value));
                    values.extend(cells);
                }
            }
            Ok(())
        },
    )?;
    Ok(values)
}
