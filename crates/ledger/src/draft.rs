//! One action of one person, made into one batch.
//!
//! The draft is written to the tables inside the transaction before it is judged: a record's `check` then asks
//! ordinary questions of the ledger as it would be, and a refusal rolls everything back.

use std::collections::BTreeMap;

use rusqlite::{OptionalExtension, Transaction, TransactionBehavior, params};
use serde_json::Value as Json;
use uuid::Uuid;

use crate::apply::{Merge, Origin, Touched};
use crate::clock::Stamp;
use crate::close;
use crate::dates::Date;
use crate::devices::Devices;
use crate::edge::{Edge, new_id, only_one};
use crate::exchange::healed;
use crate::ledger::{Ledger, meta};
use crate::log::{Batch, BatchRef, CellChange, Change, Hash};
use crate::permit;
use crate::query::{View, no_such};
use crate::record::{Gone, Kind, Record, complete};
use crate::records::{KINDS, Village, kind};
use crate::refusal::{Code, Doing, Fault, Refusal, Result};
use crate::value::Value;

/// A patch as a form or a script gives it: field → value.
pub type Fields = BTreeMap<String, Json>;

/// What came of an edit.
#[derive(Clone, Debug)]
pub struct Saved<T> {
    pub value: T,
    /// The batch that was written; `None` when nothing differed.
    pub batch: Option<BatchRef>,
    pub touched: Touched,
}

impl Ledger {
    /// Runs one action: collects what it changes, writes it, judges it, and keeps all of it or nothing.
    pub fn edit<T>(
        &mut self,
        op: &str,
        author: &str,
        action: impl FnOnce(&mut Draft<'_>) -> Result<T>,
    ) -> Result<Saved<T>> {
        self.try_edit(op, author, action, |_| true)
    }

    /// As `edit`, but shows the finished batch before it is kept; `false` puts everything back (`--dry-run`).
    pub fn try_edit<T>(
        &mut self,
        op: &str,
        author: &str,
        action: impl FnOnce(&mut Draft<'_>) -> Result<T>,
        keep: impl FnOnce(&Batch) -> bool,
    ) -> Result<Saved<T>> {
        self.must_be_writable()?;
        let tx = self.conn.transaction_with_behavior(TransactionBehavior::Immediate).doing("starting to write")?;
        let today = self.edge.today();
        let mut draft = Draft {
            view: View { conn: &tx, today },
            edge: self.edge.as_mut(),
            village: self.village,
            staged: BTreeMap::new(),
            settled: BTreeMap::new(),
            correction: None,
            withdraws: None,
            typed_now: true,
            made: 0,
        };
        let value = action(&mut draft)?;
        draft.note_typing()?;
        close::guard(&mut draft)?;
        let staged = std::mem::take(&mut draft.staged);
        let settled = std::mem::take(&mut draft.settled);
        let now_ms = draft.edge.now_ms();
        let devices = Devices::read(&tx)?;
        let changes = changes_of(View { conn: &tx, today }, &devices, &staged, &settled)?;
        if changes.is_empty() {
            return Ok(Saved { value, batch: None, touched: Touched::default() });
        }
        permit::guard(&tx, &changes)?;
        // The exchange may have gone on under another incarnation through a door of its own.
        self.incarnation = meta(&tx, "incarnation")?;
        let me = (self.device, self.device_no, self.incarnation);
        let batch = next_batch(&tx, self.village, me, now_ms, op, author, changes)?;
        let mut merge = Merge::new(&tx, self.village, Origin::Here, devices);
        merge.take(&batch)?;
        let touched = merge.finish()?;
        judge(View { conn: &tx, today }, &staged)?;
        if keep(&batch) {
            tx.commit().doing("saving")?;
        }
        Ok(Saved { value, batch: Some(batch.at), touched })
    }

    /// The first entry of a new ledger: the village itself.
    pub(crate) fn found_village(&mut self, founding: &crate::ledger::Founding<'_>) -> Result<()> {
        let village = self.village;
        let fields = [
            ("name", founding.village),
            ("code", founding.code),
            ("township", founding.township),
            ("clerk", founding.clerk),
        ];
        let fields = fields.into_iter().map(|(k, v)| (k.to_owned(), Json::from(v))).collect();
        self.edit("new", founding.clerk, |draft| draft.patch("village", village, fields))?;
        Ok(())
    }
}

/// Changes of one action, collected before any is written.
pub struct Draft<'a> {
    pub(crate) view: View<'a>,
    edge: &'a mut dyn Edge,
    village: Uuid,
    pub(crate) staged: Staged,
    settled: Settled,
    pub(crate) correction: Option<String>,
    /// A closing that is taken back (撤回上报): it is sealed against everything else.
    pub(crate) withdraws: Option<Uuid>,
    typed_now: bool,
    /// How many ids this action has made.
    made: u64,
}

/// New cells by record: (kind, id) → (field, value).
pub(crate) type Staged = BTreeMap<(usize, Uuid), BTreeMap<usize, Value>>;

/// Overtaken writes that a cell's new value answers as well.
type Settled = BTreeMap<(usize, Uuid, usize), Vec<BatchRef>>;

impl<'a> Draft<'a> {
    /// The ledger as it was before this action.
    pub fn view(&self) -> View<'a> {
        self.view
    }

    pub fn today(&self) -> Date {
        self.edge.today()
    }

    pub fn village(&self) -> Uuid {
        self.village
    }

    pub fn new_id(&mut self) -> Uuid {
        self.made += 1;
        new_id(self.edge, self.made - 1)
    }

    /// The id of something there may be only one of in this village.
    pub fn only_one(&self, kind: &str, of: &[&dyn std::fmt::Display]) -> Uuid {
        only_one(self.village, kind, of)
    }

    /// Allows edits to facts of a closed month, and says why; each is noted as a 更正.
    pub fn correct(&mut self, reason: &str) -> Result<()> {
        if reason.trim().is_empty() {
            return Err(Refusal::new(Code::ReasonMissing).into());
        }
        self.correction = Some(reason.trim().to_owned());
        Ok(())
    }

    /// What follows is taken over from an older ledger: the day on which it was first written down is not known, and
    /// none of it is 补录.
    pub fn from_older_ledger(&mut self) {
        self.typed_now = false;
    }

    /// New facts that keep the day they were typed in get it here.
    fn note_typing(&mut self) -> Result<()> {
        if !self.typed_now {
            return Ok(());
        }
        // A clock centuries off shows a day that no field can hold: then it is not known when this was typed in.
        let today = self.today().to_string();
        let Some(today) = crate::dates::parse_date(&today).map(|_| Value::Text(today)) else { return Ok(()) };
        for ((at, id), cells) in &mut self.staged {
            let Some(field) = KINDS[*at].field("typed_on") else { continue };
            if !cells.contains_key(&field) && self.view.stored(&KINDS[*at], *id)?.is_none() {
                cells.insert(field, today.clone());
            }
        }
        Ok(())
    }

    /// Writes every field of a record.
    pub fn put<R: Record>(&mut self, record: &R) {
        let at = position(R::KIND);
        let cells = self.staged.entry((at, record.id())).or_default();
        cells.extend(record.cells().into_iter().enumerate());
    }

    /// Changes the named fields of a new or standing record. Labels of a code set, and text in place of a code,
    /// are put into the ledger's form; what no field can take is refused by name.
    pub fn patch(&mut self, kind_name: &str, id: Uuid, fields: Fields) -> Result<()> {
        let at = position_of(kind_name)?;
        if fields.is_empty() {
            return Err(Refusal::new(Code::NothingToDo).into());
        }
        let mut cells = BTreeMap::new();
        for (name, json) in fields {
            cells.insert(field(&KINDS[at], &name)?, admitted(&KINDS[at], &name, &json)?);
        }
        self.staged.entry((at, id)).or_default().extend(cells);
        Ok(())
    }

    /// A new record. Where there may be only one (a tally of a round, a rating of a household), its id is made of what
    /// it is about, and a record that already stands is changed.
    pub fn create(&mut self, kind_name: &str, fields: Fields) -> Result<Uuid> {
        let id = self.id_for(kind_name, &fields)?;
        self.patch(kind_name, id, fields)?;
        Ok(id)
    }

    fn id_for(&mut self, kind_name: &str, fields: &Fields) -> Result<Uuid> {
        let kind = kind(kind_name)?;
        if kind_name == Village::KIND {
            return Ok(self.village);
        }
        if kind.only_one.is_empty() {
            return Ok(self.new_id());
        }
        let mut about: Vec<String> = Vec::new();
        for name in kind.only_one {
            let value = fields.get(*name).map(|json| admitted(kind, name, json)).transpose()?.unwrap_or_default();
            about.push(match value.to_json() {
                Json::String(text) => text,
                Json::Null => String::new(),
                other => other.to_string(),
            });
        }
        let about: Vec<&dyn std::fmt::Display> = about.iter().map(|part| part as &dyn std::fmt::Display).collect();
        Ok(self.only_one(kind_name, &about))
    }

    /// 作废: the record leaves every list and figure, and can be restored.
    pub fn void(&mut self, kind_name: &str, id: Uuid, reason: &str) -> Result<()> {
        if reason.trim().is_empty() {
            return Err(Refusal::new(Code::ReasonMissing).into());
        }
        let gone = Gone { reason: reason.trim().to_owned() };
        self.set_gone(kind_name, id, crate::record::Cell::write(&gone))
    }

    pub fn restore(&mut self, kind_name: &str, id: Uuid) -> Result<()> {
        self.set_gone(kind_name, id, Value::Null)
    }

    fn set_gone(&mut self, kind_name: &str, id: Uuid, gone: Value) -> Result<()> {
        let at = position_of(kind_name)?;
        if self.cells(at, id)?.is_none() {
            return Err(no_such(kind_name, id).into());
        }
        self.staged.entry((at, id)).or_default().insert(KINDS[at].gone(), gone);
        Ok(())
    }

    /// The record as this action would leave it.
    pub fn get<R: Record>(&self, id: impl Into<Uuid>) -> Result<Option<R>> {
        let (at, id) = (position(R::KIND), id.into());
        self.cells(at, id)?.map(|cells| R::from_cells(id, &cells)).transpose()
    }

    /// Sets one cell as it is: for undo, which puts back what the log holds.
    pub(crate) fn set(&mut self, at: usize, id: Uuid, field: usize, value: Value) {
        self.staged.entry((at, id)).or_default().insert(field, value);
    }

    /// The new value of this cell also answers the overtaken write.
    pub(crate) fn settles(&mut self, at: usize, id: Uuid, field: usize, other: BatchRef) {
        self.settled.entry((at, id, field)).or_default().push(other);
    }

    /// Standing cells overlaid with what is staged.
    pub(crate) fn cells(&self, at: usize, id: Uuid) -> Result<Option<Vec<Value>>> {
        let stored = self.view.stored(&KINDS[at], id)?.map(|s| s.cells);
        let staged = self.staged.get(&(at, id));
        if stored.is_none() && staged.is_none() {
            return Ok(None);
        }
        let mut cells = stored.unwrap_or_else(|| vec![Value::Null; KINDS[at].fields.len()]);
        for (field, value) in staged.into_iter().flatten() {
            cells[*field] = value.clone();
        }
        Ok(Some(cells))
    }
}

fn position(name: &str) -> usize {
    KINDS.iter().position(|k| k.name == name).expect("every record is listed in KINDS")
}

pub(crate) fn position_of(name: &str) -> Result<usize> {
    kind(name)?;
    Ok(position(name))
}

fn field(kind: &Kind, name: &str) -> Result<usize, Refusal> {
    let unknown = || {
        let known = kind.fields.iter().map(|f| f.name).collect::<Vec<_>>().join(", ");
        Refusal::new(Code::UnknownField).with("kind", kind.name).with("field", name).with("known", known)
    };
    kind.field(name).ok_or_else(unknown)
}

fn admitted(kind: &Kind, name: &str, json: &Json) -> Result<Value, Refusal> {
    let field = &kind.fields[field(kind, name)?];
    let unfit = || {
        let typed = json.as_str().map_or_else(|| json.to_string(), str::to_owned);
        let typed: String = typed.chars().take(80).collect();
        Refusal::new(Code::Unfit).with("kind", kind.name).with("field", name).with("typed", typed)
    };
    let value = Value::from_json(field.shape, json).ok_or_else(unfit)?;
    if value.is_null() {
        return Ok(Value::Null);
    }
    (field.admit)(value).filter(|v| v.fits(field.shape)).ok_or_else(unfit)
}

/// Whether a field can take a value at all.
pub fn admits(kind_name: &str, name: &str, value: &Json) -> bool {
    kind(kind_name).is_ok_and(|kind| admitted(kind, name, value).is_ok())
}

/// Whether two spellings of a field's value are one value to the ledger: 男 and 1, blank and unknown.
pub fn means_the_same(kind_name: &str, name: &str, a: &Json, b: &Json) -> bool {
    let Ok(kind) = kind(kind_name) else { return a == b };
    match (admitted(kind, name, a), admitted(kind, name, b)) {
        (Ok(a), Ok(b)) => a == b,
        _ => a == b,
    }
}

/// Only what differs is written; each cell names the write it replaces.
fn changes_of(view: View<'_>, devices: &Devices, staged: &Staged, settled: &Settled) -> Result<Vec<Change>> {
    let mut changes = Vec::new();
    for ((at, id), cells) in staged {
        let kind = &KINDS[*at];
        let stored = view.stored(kind, *id)?;
        let mut changed = Vec::new();
        for (field, value) in cells {
            let standing = stored.as_ref().map_or(&Value::Null, |s| &s.cells[*field]);
            let answers = settled.get(&(*at, *id, *field));
            if standing == value && answers.is_none() {
                continue;
            }
            let stand = stored.as_ref().and_then(|s| s.clocks.stands[*field]);
            let seen = stand.map(|s| devices.reference(&s)).transpose()?;
            let bases = seen.into_iter().chain(answers.into_iter().flatten().copied()).collect();
            changed.push(CellChange { field: kind.fields[*field].name.into(), value: value.clone(), bases });
        }
        if !changed.is_empty() {
            changes.push(Change { kind: kind.name.into(), id: *id, cells: changed });
        }
    }
    Ok(changes)
}

fn next_batch(
    tx: &Transaction<'_>,
    village: Uuid,
    (device, device_no, incarnation): (Uuid, u32, u32),
    now_ms: u64,
    op: &str,
    author: &str,
    changes: Vec<Change>,
) -> Result<Batch> {
    let sql = "SELECT seq, stamp, hash FROM log WHERE device = ?1 AND incarnation = ?2 ORDER BY seq DESC LIMIT 1";
    let mut statement = tx.prepare_cached(sql).doing("reading the head of the log")?;
    let head: Option<(i64, i64, Vec<u8>)> = statement
        .query_row(params![device_no, incarnation], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()
        .doing("reading the head of the log")?;
    let (seq, stamp, hash) = head.unwrap_or((0, 0, vec![0; 32]));
    let now_ms = healed(tx)?.map_or(now_ms, |healed| healed.put_right(now_ms, Stamp(stamp as u64)));
    let damaged = |_| Fault::Log { at: format!("{device}/{seq}"), what: "a hash is not 32 bytes".into() };
    Ok(Batch {
        village,
        at: BatchRef { device, incarnation, seq: seq as u64 + 1 },
        op: op.to_owned(),
        author: author.to_owned(),
        stamp: Stamp(stamp as u64).next(now_ms),
        prev: Hash::try_from(hash).map_err(damaged)?,
        changes,
        signature: Vec::new(),
    })
}

/// Asks of every record the action touched: is it whole, does what it points at exist, does its own rule hold?
fn judge(view: View<'_>, staged: &Staged) -> Result<()> {
    for ((at, id), cells) in staged {
        let kind = &KINDS[*at];
        let Some(after) = view.stored(kind, *id)? else { continue };
        let is_gone = !after.cells[kind.gone()].is_null();
        if is_gone {
            continue;
        }
        complete(kind, &after.cells)?;
        for field in cells.keys() {
            points_at_something(view, kind, *field, &after.cells[*field])?;
        }
        (kind.check)(&view, *id, &after.cells)?;
    }
    Ok(())
}

fn points_at_something(view: View<'_>, of: &Kind, field: usize, value: &Value) -> Result<()> {
    let (Some(target), Some(id)) = (of.fields[field].refers, value.as_id()) else { return Ok(()) };
    if view.is_live(kind(target)?, id)? {
        return Ok(());
    }
    let refusal = Refusal::new(Code::NoSuchTarget).with("kind", of.name).with("field", of.fields[field].name);
    Err(refusal.with("target", target).with("id", id).into())
}
