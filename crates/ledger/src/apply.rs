//! The only function that writes: log and tables, in one transaction, whether a batch was made here or came from
//! elsewhere. Every rule of the merge therefore holds for both.

use std::collections::{BTreeSet, HashMap};

use rusqlite::{OptionalExtension, Transaction, TransactionBehavior, params};
use serde::Serialize;
use uuid::Uuid;

use crate::cells::{Clocks, Stand};
use crate::clock::Stamp;
use crate::dates::Date;
use crate::devices::Devices;
use crate::fold::{Folded, Write, fold};
use crate::ledger::Ledger;
use crate::log::{Batch, BatchRef, Change, Hash};
use crate::logged::{LoggedBatch, each_batch};
use crate::query::{Stored, View};
use crate::record::Kind;
use crate::records::KINDS;
use crate::refusal::{Code, Doing, Fault, Refusal, Result};
use crate::storing::{Storing, remove};
use crate::value::Value;

/// Where a batch comes from. Local edits may be refused for what they say; remote ones only for their envelope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    Here,
    There,
}

/// What an apply changed, so that a screen knows what to fetch again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Touched {
    pub records: BTreeSet<(&'static str, Uuid)>,
    /// Batches that were new here; repeated ones change nothing.
    pub applied: usize,
}

impl Ledger {
    /// Takes batches in: all of them or none. Repeated batches are counted as known and change nothing.
    pub fn apply(&mut self, batches: &[Batch], origin: Origin) -> Result<Touched> {
        self.must_be_writable()?;
        let tx = self.conn.transaction_with_behavior(TransactionBehavior::Immediate).doing("starting to write")?;
        let mut merge = Merge::new(&tx, self.village, origin, Devices::read(&tx)?);
        for batch in batches {
            merge.take(batch)?;
        }
        let touched = merge.finish()?;
        tx.commit().doing("saving")?;
        Ok(touched)
    }
}

/// What the log holds where a batch belongs.
enum Place {
    /// The same batch: it came before.
    Known,
    Free {
        /// The batch before it is there, so its hash need not be kept twice.
        chained: bool,
    },
}

/// How a batch from elsewhere is taken.
#[derive(Clone, Copy, Debug, Default)]
pub struct Taken<'a> {
    /// Why it is kept and not applied.
    pub barred: Option<&'a str>,
    /// Since when it counts, where its receipt came with it.
    pub received: Option<Stamp>,
    /// Its hash, where whoever judged it has it already.
    pub hash: Option<Hash>,
}

/// One apply under way: records are read once, changed in memory and written at the end.
pub(crate) struct Merge<'a> {
    tx: &'a Transaction<'a>,
    village: Uuid,
    origin: Origin,
    devices: Devices,
    rows: HashMap<(usize, Uuid), Row>,
    /// Cells whose value cannot be told from the clocks alone and are folded from the log.
    open: BTreeSet<(usize, Uuid, usize)>,
    /// The end of each chain that was looked at: what follows on it needs no other look.
    ends: HashMap<(u32, u32), Option<(u64, Hash)>>,
    touched: Touched,
}

pub(crate) struct Row {
    pub cells: Vec<Value>,
    pub clocks: Clocks,
    pub is_new: bool,
}

impl<'a> Merge<'a> {
    pub fn new(tx: &'a Transaction<'a>, village: Uuid, origin: Origin, devices: Devices) -> Merge<'a> {
        Merge {
            tx,
            village,
            origin,
            devices,
            rows: HashMap::new(),
            open: BTreeSet::new(),
            ends: HashMap::new(),
            touched: Touched::default(),
        }
    }

    pub fn take(&mut self, batch: &Batch) -> Result<()> {
        self.take_as(batch, &Taken::default()).map(|_| ())
    }

    /// Takes a batch in; a barred one is kept in the log and changes no record. Gives its hash when it was new.
    pub fn take_as(&mut self, batch: &Batch, taken: &Taken<'_>) -> Result<Option<Hash>> {
        let device = self.devices.number(self.tx, batch.at.device)?;
        let hash = taken.hash.unwrap_or_else(|| batch.hash());
        let chained = match self.origin {
            // Made in this very transaction upon the head of the log: there is nothing before or behind it to check.
            Origin::Here => true,
            Origin::There => match self.check_place(batch, device, &hash)? {
                Place::Known => return Ok(None),
                Place::Free { chained } => chained,
            },
        };
        self.write_log(batch, device, &hash, chained, taken)?;
        self.went_on((device, batch.at.incarnation), batch.at.seq, hash);
        self.touched.applied += 1;
        if taken.barred.is_some() {
            return Ok(Some(hash));
        }
        let time = taken.received.unwrap_or(batch.stamp);
        for change in &batch.changes {
            let Some(kind) = KINDS.iter().position(|k| k.name == change.kind) else { continue };
            self.set(kind, change, (batch.at, time), device)?;
        }
        Ok(Some(hash))
    }

    /// The end of a chain, as the log and what was taken since have it.
    fn end(&mut self, chain: (u32, u32)) -> Result<Option<(u64, Hash)>> {
        if let Some(known) = self.ends.get(&chain) {
            return Ok(*known);
        }
        let end = end_of(self.tx, chain)?;
        self.ends.insert(chain, end);
        Ok(end)
    }

    fn went_on(&mut self, chain: (u32, u32), seq: u64, hash: Hash) {
        if let Some(end) = self.ends.get_mut(&chain).filter(|end| end.is_none_or(|(last, _)| last < seq)) {
            *end = Some((seq, hash));
        }
    }

    /// Something was taken out of a chain.
    pub fn look_again_at(&mut self, chain: (u32, u32)) {
        self.ends.remove(&chain);
    }

    /// Where the batch belongs in its device's chain, or why it belongs nowhere.
    fn check_place(&mut self, batch: &Batch, device: u32, hash: &Hash) -> Result<Place> {
        self.check_envelope(batch)?;
        match self.end((device, batch.at.incarnation))? {
            None => return Ok(Place::Free { chained: false }),
            Some((last, end)) if last + 1 == batch.at.seq => {
                return if end == batch.prev { Ok(Place::Free { chained: true }) } else { Err(fork(batch.at)) };
            }
            Some(_) => {}
        }
        if let Some(known) = hash_at(self.tx, device, batch.at)? {
            return if known == *hash { Ok(Place::Known) } else { Err(fork(batch.at)) };
        }
        let before = neighbour(self.tx, device, batch.at, -1)?;
        if before.is_some_and(|before| before != batch.prev) {
            return Err(fork(batch.at));
        }
        self.check_successor(device, batch.at, hash)?;
        Ok(Place::Free { chained: before.is_some() })
    }

    /// What no release could have written is refused whole; what it says is not judged here.
    fn check_envelope(&self, batch: &Batch) -> Result<()> {
        if batch.village != self.village {
            return Err(Refusal::new(Code::ForeignBatch).with("batch", batch.at).into());
        }
        if batch.is_sound() { Ok(()) } else { Err(Refusal::new(Code::MalformedBatch).with("batch", batch.at).into()) }
    }

    /// A batch that fills a gap must be the one its successor was chained to.
    fn check_successor(&self, device: u32, at: BatchRef, hash: &Hash) -> Result<()> {
        let sql = "SELECT prev FROM log WHERE device = ?1 AND incarnation = ?2 AND seq = ?3";
        let mut statement = self.tx.prepare_cached(sql).doing("looking at the log")?;
        let next: Option<Option<Vec<u8>>> = statement
            .query_row(params![device, at.incarnation, at.seq as i64 + 1], |row| row.get(0))
            .optional()
            .doing("looking at the log")?;
        match next {
            Some(Some(prev)) if prev != hash => Err(fork(at)),
            _ => Ok(()),
        }
    }

    fn write_log(&self, batch: &Batch, device: u32, hash: &Hash, chained: bool, taken: &Taken<'_>) -> Result<()> {
        let sql =
            "INSERT INTO log (device, incarnation, seq, stamp, hash, prev, signature, touched, body, barred, received)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
        let prev = (!chained && batch.at.seq > 1).then_some(batch.prev.as_slice());
        let signature = (!batch.signature.is_empty()).then_some(batch.signature.as_slice());
        let mut statement = self.tx.prepare_cached(sql).doing("writing the log")?;
        let row = params![
            device,
            batch.at.incarnation,
            batch.at.seq as i64,
            batch.stamp.0 as i64,
            hash.as_slice(),
            prev,
            signature,
            batch.touched(),
            batch.pack(),
            taken.barred,
            taken.received.map(|time| time.0 as i64),
        ];
        statement.execute(row).doing("writing the log").map(|_| ())
    }

    fn set(&mut self, kind: usize, change: &Change, (at, time): (BatchRef, Stamp), device: u32) -> Result<()> {
        let id = change.id;
        let known = change.cells.iter().filter_map(|cell| Some((KINDS[kind].field(&cell.field)?, cell)));
        let mut cells = known.peekable();
        // Fields of a newer release alone make no row.
        if cells.peek().is_none() {
            return Ok(());
        }
        let row = row(self.tx, &mut self.rows, kind, id)?;
        for (field, cell) in cells {
            let readable = cell.value.is_null() || (KINDS[kind].fields[field].reads)(&cell.value);
            let seen = match (row.clocks.stands[field], cell.bases.as_slice()) {
                (None, []) => Some(Stamp::default()),
                (Some(stand), [base]) if self.devices.names(&stand, *base) => Some(stand.effective.just_after()),
                _ => None,
            };
            let Some(seen) = seen.filter(|_| readable && !row.clocks.unsettled) else {
                self.open.insert((kind, id, field));
                continue;
            };
            row.cells[field] = cell.value.clone();
            let effective = time.max(seen);
            row.clocks.stands[field] = Some(Stand { device, incarnation: at.incarnation, seq: at.seq, effective });
        }
        Ok(())
    }

    /// A batch of the log counts otherwise than before: its records are folded again at the end.
    pub fn again(&mut self, changes: &[Change]) {
        for change in changes {
            let Some(kind) = KINDS.iter().position(|k| k.name == change.kind) else { continue };
            self.open.insert((kind, change.id, 0));
        }
    }

    pub fn number(&mut self, device: Uuid) -> Result<u32> {
        self.devices.number(self.tx, device)
    }

    pub fn devices(&self) -> &Devices {
        &self.devices
    }

    pub fn finish(mut self) -> Result<Touched> {
        let open = std::mem::take(&mut self.open);
        let touched = self.rows.keys().copied().chain(open.iter().map(|(kind, id, _)| (*kind, *id)));
        self.touched.records = touched.map(|(kind, id)| (KINDS[kind].name, id)).collect();
        let mut records: Vec<(usize, Uuid)> = open.iter().map(|(kind, id, _)| (*kind, *id)).collect();
        records.dedup();
        if !records.is_empty() {
            let mut writes = writes_of(self.tx, &self.devices, &records)?;
            for record in records {
                self.refold(record, writes.remove(&record).unwrap_or_default())?;
            }
        }
        let mut rows: Vec<((usize, Uuid), Row)> = self.rows.into_iter().collect();
        rows.sort_unstable_by_key(|((kind, id), row)| (*kind, row.is_new, *id));
        let mut storing = Storing::new(self.tx);
        for (record, row) in &rows {
            storing.store(*record, row)?;
        }
        Ok(self.touched)
    }

    /// Folds every cell of the record from the log: rarely needed, and then it is the whole truth at once.
    fn refold(&mut self, (kind, id): (usize, Uuid), writes: RecordWrites) -> Result<()> {
        forget_overtaken(self.tx, &KINDS[kind], id)?;
        if writes.is_empty() {
            // All that was written of it has left the log, or is barred.
            self.rows.remove(&(kind, id));
            return remove(self.tx, &KINDS[kind], id);
        }
        let is_new = row(self.tx, &mut self.rows, kind, id)?.is_new;
        let mut row = Row { is_new, ..Row::blank(&KINDS[kind]) };
        for (field, folded) in folded(writes) {
            place(self.tx, &KINDS[kind], id, field, &folded, &self.devices, &mut row)?;
        }
        self.rows.insert((kind, id), row);
        Ok(())
    }
}

/// The row of a record, read when it is first asked for.
fn row<'r>(
    tx: &Transaction<'_>,
    rows: &'r mut HashMap<(usize, Uuid), Row>,
    kind: usize,
    id: Uuid,
) -> Result<&'r mut Row> {
    use std::collections::hash_map::Entry;
    let entry = match rows.entry((kind, id)) {
        Entry::Occupied(known) => return Ok(known.into_mut()),
        Entry::Vacant(entry) => entry,
    };
    let stored = View { conn: tx, today: Date::MAX }.stored(&KINDS[kind], id)?;
    let is_new = stored.is_none();
    let Stored { cells, clocks } = stored.unwrap_or_else(|| blank(&KINDS[kind]));
    Ok(entry.insert(Row { cells, clocks, is_new }))
}

impl Row {
    pub fn blank(kind: &Kind) -> Row {
        let Stored { cells, clocks } = blank(kind);
        Row { cells, clocks, is_new: false }
    }
}

fn blank(kind: &Kind) -> Stored {
    let n = kind.fields.len();
    Stored { cells: vec![Value::Null; n], clocks: Clocks::fresh(n) }
}

/// Every write of a record's known cells, with the field's position.
pub(crate) type RecordWrites = Vec<(usize, Write)>;

/// Folds each cell of a record.
pub(crate) fn folded(mut writes: RecordWrites) -> Vec<(usize, Folded)> {
    writes.sort_by_key(|(field, _)| *field);
    let mut cells = Vec::new();
    for cell in writes.chunk_by(|a, b| a.0 == b.0) {
        let same: Vec<Write> = cell.iter().map(|(_, write)| write.clone()).collect();
        cells.extend(fold(&same).map(|folded| (cell[0].0, folded)));
    }
    cells
}

/// Puts a folded cell into its row, and what it overtook where a clerk will be shown it.
pub(crate) fn place(
    tx: &Transaction<'_>,
    kind: &Kind,
    id: Uuid,
    field: usize,
    folded: &Folded,
    devices: &Devices,
    row: &mut Row,
) -> Result<()> {
    let (cell, stand) = settled(kind, field, folded, devices)?;
    row.cells[field] = cell;
    row.clocks.stands[field] = Some(stand);
    row.clocks.unsettled |= folded.waits || !folded.overtaken.is_empty();
    for (at, value) in &folded.overtaken {
        remember_overtaken(tx, kind, id, field, *at, value, devices)?;
    }
    Ok(())
}

/// The cell and clock that a fold amounts to. A value this release cannot read stays in the log and leaves the cell
/// unknown; the upgrade that can read it replays.
pub(crate) fn settled(kind: &Kind, field: usize, folded: &Folded, devices: &Devices) -> Result<(Value, Stand)> {
    let readable = folded.value.is_null() || (kind.fields[field].reads)(&folded.value);
    let stand = Stand {
        device: devices.known(folded.at.device)?,
        incarnation: folded.at.incarnation,
        seq: folded.at.seq,
        effective: folded.effective,
    };
    Ok((if readable { folded.value.clone() } else { Value::Null }, stand))
}

fn forget_overtaken(tx: &Transaction<'_>, kind: &Kind, id: Uuid) -> Result<()> {
    let sql = "DELETE FROM overtaken WHERE kind = ?1 AND record = ?2";
    let mut statement = tx.prepare_cached(sql).doing("clearing an open question")?;
    statement.execute(params![kind.name, id.as_bytes()]).doing("clearing an open question").map(|_| ())
}

fn remember_overtaken(
    tx: &Transaction<'_>,
    kind: &Kind,
    id: Uuid,
    field: usize,
    at: BatchRef,
    value: &Value,
    devices: &Devices,
) -> Result<()> {
    let sql = "INSERT INTO overtaken VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    let mut statement = tx.prepare_cached(sql).doing("keeping what was overtaken")?;
    let device = devices.known(at.device)?;
    let value = value.to_json().to_string();
    let row = params![kind.name, id.as_bytes(), kind.fields[field].name, device, at.incarnation, at.seq as i64, value];
    statement.execute(row).doing("keeping what was overtaken").map(|_| ())
}

/// Collects from the log every write of the given records, in one pass over it.
fn writes_of(
    tx: &Transaction<'_>,
    devices: &Devices,
    records: &[(usize, Uuid)],
) -> Result<HashMap<(usize, Uuid), RecordWrites>> {
    let wanted: std::collections::HashSet<[u8; 8]> = records.iter().map(|(_, id)| Batch::trace(*id)).collect();
    let wants: std::collections::HashSet<(usize, Uuid)> = records.iter().copied().collect();
    let mut found: HashMap<(usize, Uuid), RecordWrites> = HashMap::new();
    each_batch(
        tx,
        devices,
        |touched| touched.chunks_exact(8).any(|t| wanted.contains(t)),
        |batch| {
            gather(&batch, &mut found, |record| wants.contains(&record));
            Ok(())
        },
    )?;
    Ok(found)
}

/// Sorts a batch's changes into the cells they write. A record of which only fields of a newer release have come so
/// far has no row yet.
pub(crate) fn gather(
    batch: &LoggedBatch,
    found: &mut HashMap<(usize, Uuid), RecordWrites>,
    wanted: impl Fn((usize, Uuid)) -> bool,
) {
    if batch.barred {
        return;
    }
    for change in &batch.changes {
        let Some(kind) = KINDS.iter().position(|k| k.name == change.kind) else { continue };
        if !wanted((kind, change.id)) {
            continue;
        }
        for cell in &change.cells {
            let Some(field) = KINDS[kind].field(&cell.field) else { continue };
            let write = Write { at: batch.at, time: batch.time, value: cell.value.clone(), bases: cell.bases.clone() };
            found.entry((kind, change.id)).or_default().push((field, write));
        }
    }
}

pub(crate) fn hash_at(conn: &rusqlite::Connection, device: u32, at: BatchRef) -> Result<Option<Hash>> {
    neighbour(conn, device, at, 0)
}

fn end_of(conn: &rusqlite::Connection, (device, incarnation): (u32, u32)) -> Result<Option<(u64, Hash)>> {
    let sql = "SELECT seq, hash FROM log WHERE device = ?1 AND incarnation = ?2 ORDER BY seq DESC LIMIT 1";
    let mut statement = conn.prepare_cached(sql).doing("looking at the log")?;
    let read = |row: &rusqlite::Row<'_>| Ok((row.get::<_, i64>(0)? as u64, row.get(1)?));
    statement.query_row(params![device, incarnation], read).optional().doing("looking at the log")
}

fn neighbour(conn: &rusqlite::Connection, device: u32, at: BatchRef, by: i64) -> Result<Option<Hash>> {
    let sql = "SELECT hash FROM log WHERE device = ?1 AND incarnation = ?2 AND seq = ?3";
    let mut statement = conn.prepare_cached(sql).doing("looking at the log")?;
    let hash: Option<Vec<u8>> = statement
        .query_row(params![device, at.incarnation, at.seq as i64 + by], |row| row.get(0))
        .optional()
        .doing("looking at the log")?;
    let damaged = || Fault::Log { at: at.to_string(), what: "a hash is not 32 bytes".into() }.into();
    hash.map(|h| Hash::try_from(h).map_err(|_| damaged())).transpose()
}

fn fork(at: BatchRef) -> crate::refusal::Error {
    Refusal::new(Code::Fork).with("batch", at).into()
}
