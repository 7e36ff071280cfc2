//! 两处改了同一处 — places that two computers wrote without knowing of each other, told with who wrote what and when; a
//! person's choice among them; and what was chosen lately, so that it can be chosen otherwise.
//!
//! Versions are named by the batch that wrote them. A choice names all that were shown: what has come in since is never
//! written over unseen.

use rusqlite::Connection;
use serde::Serialize;
use serde_json::Value as Json;
use uuid::Uuid;

use crate::clock::Stamp;
use crate::devices::Devices;
use crate::draft::{Saved, position_of};
use crate::ledger::Ledger;
use crate::log::{BatchRef, CellChange};
use crate::logged::{LoggedBatch, each_of, each_since};
use crate::records::KINDS;
use crate::refusal::{Code, Doing, Refusal, Result};
use crate::value::Value;

/// What one computer wrote into a place.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Version {
    /// The batch that wrote it.
    pub batch: String,
    pub author: String,
    /// Since when it counts, in milliseconds since 1970.
    pub at_ms: u64,
    /// Written on this computer.
    pub here: bool,
    pub value: Json,
}

/// A place with more than one version: what stands, and what was overtaken.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Question {
    pub kind: String,
    pub id: Uuid,
    pub field: String,
    pub stands: Version,
    /// The newest first.
    pub others: Vec<Version>,
}

/// Which version of a place is to stand from now on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    pub kind: String,
    pub id: Uuid,
    pub field: String,
    /// The batch whose version is taken.
    pub take: String,
    /// Every version that was shown, the one that stood first.
    pub shown: Vec<String>,
}

/// A place that was settled, and still holds what was chosen.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Settled {
    /// The batch by which it was settled.
    pub batch: String,
    pub author: String,
    pub at_ms: u64,
    pub kind: String,
    pub id: Uuid,
    pub field: String,
    pub took: Version,
    pub left: Vec<Version>,
}

impl Ledger {
    /// Every place that waits for somebody to choose, with who wrote what and when.
    pub fn questions(&self) -> Result<Vec<Question>> {
        let devices = Devices::read(&self.conn)?;
        let mut questions: Vec<Question> = Vec::new();
        for open in self.overtaken()? {
            let other = self.version(&devices, self.batch_named(&open.batch)?, &open.other)?;
            let same = |q: &&mut Question| (&q.kind, q.id, &q.field) == (&open.kind, open.id, &open.field);
            if let Some(question) = questions.iter_mut().find(same) {
                question.others.push(other);
                continue;
            }
            let Some(standing) = self.standing(&devices, &open.kind, open.id, &open.field)? else { continue };
            let stands = self.version(&devices, standing, &open.stands)?;
            let (kind, id, field) = (open.kind, open.id, open.field);
            questions.push(Question { kind, id, field, stands, others: vec![other] });
        }
        questions.iter_mut().for_each(|q| q.others.sort_by_key(|v| std::cmp::Reverse((v.at_ms, v.batch.clone()))));
        Ok(questions)
    }

    /// How many places wait; cheap enough for every page.
    pub fn open_questions(&self) -> Result<usize> {
        let sql = "SELECT count(*) FROM (SELECT 1 FROM overtaken GROUP BY kind, record, field)";
        Ok(self.view().count(sql, [])? as usize)
    }

    /// The records that have such a place.
    pub fn questioned(&self) -> Result<Vec<(String, Uuid)>> {
        let sql = "SELECT DISTINCT kind, record FROM overtaken";
        let mut statement = self.conn.prepare_cached(sql).doing("reading open questions")?;
        let mut rows = statement.query([]).doing("reading open questions")?;
        let mut found = Vec::new();
        while let Some(row) = rows.next().doing("reading open questions")? {
            let (kind, id): (String, Vec<u8>) =
                row.get(0).and_then(|kind| Ok((kind, row.get(1)?))).doing("reading open questions")?;
            found.push((kind, Uuid::from_slice(&id).unwrap_or_default()));
        }
        Ok(found)
    }

    /// Ends what is asked, or chooses otherwise what was settled before. All of it is one action, which can be undone;
    /// the new writes build on every version that was shown, so all computers see that it is settled.
    pub fn choose(&mut self, choices: &[Choice], correction: Option<&str>, author: &str) -> Result<Saved<()>> {
        let devices = Devices::read(&self.conn)?;
        let chosen = choices.iter().map(|choice| self.chosen(&devices, choice)).collect::<Result<Vec<_>>>()?;
        self.edit("settle", author, |draft| {
            if let Some(reason) = correction {
                draft.correct(reason)?;
            }
            for Chosen { kind, id, field, value, others } in chosen {
                draft.set(kind, id, field, value);
                others.into_iter().for_each(|other| draft.settles(kind, id, field, other));
            }
            Ok(())
        })
    }

    fn chosen(&self, devices: &Devices, choice: &Choice) -> Result<Chosen> {
        let Choice { kind: kind_name, id, field: field_name, take, shown } = choice;
        let kind = position_of(kind_name)?;
        let refused = |code: Code| Refusal::new(code).with("kind", kind_name).with("field", field_name);
        let field = KINDS[kind].field(field_name).ok_or_else(|| refused(Code::UnknownField))?;
        let stood = self.standing(devices, kind_name, *id, field_name)?.map(|at| at.to_string());
        let mut open =
            self.overtaken()?.into_iter().filter(|o| (&o.kind, o.id, &o.field) == (kind_name, *id, field_name));
        let all_shown = stood.as_ref() == shown.first() && open.all(|o| shown.contains(&o.batch));
        if !all_shown || !shown.contains(take) {
            return Err(refused(Code::QuestionMoved).into());
        }
        let at = self.batch_named(take)?;
        let written = self.written(devices, at, (kind_name, *id, field_name))?;
        let value = written.ok_or_else(|| refused(Code::QuestionMoved))?.1.value;
        let others = shown.iter().skip(1).map(|name| self.batch_named(name)).collect::<Result<_>>()?;
        Ok(Chosen { kind, id: *id, field, value, others })
    }

    /// What a batch wrote into a place.
    pub fn written_by(&self, batch: &str, place: (&str, Uuid, &str)) -> Result<Option<Json>> {
        let devices = Devices::read(&self.conn)?;
        let at = self.batch_named(batch)?;
        Ok(self.written(&devices, at, place)?.map(|(_, cell)| cell.value.to_json()))
    }

    /// What was settled since then, newest first, as far as it still stands.
    pub fn settled_since(&self, since_ms: u64) -> Result<Vec<Settled>> {
        let devices = Devices::read(&self.conn)?;
        let mut found = Vec::new();
        each_since(&self.conn, &devices, Stamp::at_ms(since_ms), |batch| {
            if !batch.barred && batch.op == "settle" {
                found.push(batch);
            }
            Ok(())
        })?;
        found.sort_by_key(|batch| std::cmp::Reverse((batch.time, batch.at)));
        let mut settled = Vec::new();
        for batch in &found {
            for change in &batch.changes {
                for cell in &change.cells {
                    settled.extend(self.settled(&devices, batch, (&change.kind, change.id), cell)?);
                }
            }
        }
        Ok(settled)
    }

    fn settled(
        &self,
        devices: &Devices,
        batch: &LoggedBatch,
        (kind, id): (&str, Uuid),
        cell: &CellChange,
    ) -> Result<Option<Settled>> {
        let place = (kind, id, cell.field.as_str());
        if cell.bases.len() < 2 || self.standing(devices, kind, id, &cell.field)? != Some(batch.at) {
            return Ok(None);
        }
        let mut versions = Vec::new();
        for base in &cell.bases {
            if let Some((at, value)) = self.origin(devices, *base, place)? {
                versions.push(self.version(devices, at, &value.to_json())?);
            }
        }
        versions.dedup_by(|a, b| a.batch == b.batch);
        let value = cell.value.to_json();
        let Some(took) = versions.iter().position(|v| v.value == value) else { return Ok(None) };
        let took = versions.remove(took);
        let Version { batch, author, at_ms, .. } = self.version(devices, batch.at, &value)?;
        let (kind, field) = (kind.to_owned(), cell.field.clone());
        Ok(Some(Settled { batch, author, at_ms, kind, id, field: field.into(), took, left: versions }))
    }

    /// Who wrote a value first: one that was settled is the version that was taken then.
    fn origin(&self, devices: &Devices, at: BatchRef, place: (&str, Uuid, &str)) -> Result<Option<(BatchRef, Value)>> {
        let mut at = at;
        // Every turn goes back in the log; a circle, which only a forger makes, ends all the same.
        for _ in 0..1_000 {
            let Some((_, cell)) = self.written(devices, at, place)? else { return Ok(None) };
            let mut taken = None;
            for base in cell.bases.iter().filter(|_| cell.bases.len() >= 2) {
                let same = self.written(devices, *base, place)?.is_some_and(|(_, before)| before.value == cell.value);
                taken = taken.or(same.then_some(*base));
            }
            match taken {
                Some(base) => at = base,
                None => return Ok(Some((at, cell.value))),
            }
        }
        Ok(None)
    }

    fn version(&self, devices: &Devices, at: BatchRef, value: &Json) -> Result<Version> {
        let logged = one(&self.conn, devices, at)?;
        let (author, time) = logged.map(|batch| (batch.author, batch.time)).unwrap_or_default();
        let here = at.device == self.device;
        Ok(Version { batch: at.to_string(), author, at_ms: time.ms(), here, value: value.clone() })
    }

    /// The batch whose value stands in a place.
    fn standing(&self, devices: &Devices, kind: &str, id: Uuid, field: &str) -> Result<Option<BatchRef>> {
        let kind = &KINDS[position_of(kind)?];
        let Some(stored) = self.view().stored(kind, id)? else { return Ok(None) };
        let stand = kind.field(field).and_then(|field| stored.clocks.stands[field]);
        stand.map(|stand| devices.reference(&stand)).transpose()
    }

    /// What a batch wrote into a place.
    fn written(
        &self,
        devices: &Devices,
        at: BatchRef,
        (kind, id, field): (&str, Uuid, &str),
    ) -> Result<Option<(LoggedBatch, CellChange)>> {
        let Some(mut batch) = one(&self.conn, devices, at)? else { return Ok(None) };
        let here = |change: &crate::log::Change| change.kind == kind && change.id == id;
        let changes = std::mem::take(&mut batch.changes);
        let cells = changes.into_iter().filter(here).flat_map(|change| change.cells);
        Ok(cells.into_iter().find(|cell| cell.field == field).map(|cell| (batch, cell)))
    }
}

/// A choice, found in the log.
struct Chosen {
    kind: usize,
    id: Uuid,
    field: usize,
    value: Value,
    others: Vec<BatchRef>,
}

fn one(conn: &Connection, devices: &Devices, at: BatchRef) -> Result<Option<LoggedBatch>> {
    let Ok(device) = devices.known(at.device) else { return Ok(None) };
    let mut found = None;
    each_of(conn, devices, (device, at.incarnation), (at.seq, at.seq), |batch| {
        found = Some(batch);
        Ok(())
    })?;
    Ok(found)
}
