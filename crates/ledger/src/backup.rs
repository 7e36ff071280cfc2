//! 备份与恢复 — a copy of the ledger that has been opened and checked before it gets its name, and the way back.
//!
//! A ledger that comes back from a copy would number its next batch like one it has already written, with other
//! content. So it comes back as a new incarnation, with a leap of chance in it: two computers that restore the same
//! copy do not number alike either.

use std::path::Path;

use rusqlite::params;

use crate::disk;
use crate::edge::Edge;
use crate::ledger::{Key, Ledger, beside, meta, remove_if_there};
use crate::refusal::{Code, Doing, Fault, Refusal, Result};
use crate::verify::Verified;

/// Room for a million restores of one copy before two are likely to number alike.
const LEAP: u32 = 1 << 20;

impl Ledger {
    /// Copies the ledger as it stands, flushes the copy, checks every row of it against its log, and only then gives it
    /// its name. Whatever lay under that name before is whole until then.
    pub fn backup(&self, to: &Path, key: Option<&Key>, edge: Box<dyn Edge>) -> Result<Verified> {
        let unfinished = beside(to, "part");
        remove_if_there(&unfinished)?;
        let target = unfinished.to_str().ok_or_else(|| Refusal::new(Code::ReadOnly).with("doing", "copying"))?;
        self.conn.execute("VACUUM INTO ?1", [target]).doing("copying the ledger")?;
        let flushed = std::fs::File::options().write(true).open(&unfinished).and_then(|file| file.sync_all());
        flushed.map_err(disk::io(&unfinished))?;
        let checked = Ledger::open_for_reading(&unfinished, key, edge, Code::ReadOnly)?.verify()?;
        sound(&checked)?;
        std::fs::rename(&unfinished, to).map_err(disk::io(to))?;
        disk::sync_folder(to)?;
        Ok(checked)
    }

    /// Puts a copy in the place of a ledger that is closed; what lay there goes `aside` first. Either ledger is there
    /// whole at every moment: the exchange is one rename.
    pub fn restore(
        copy: &Path,
        place: &Path,
        aside: &Path,
        key: Option<&Key>,
        edges: [Box<dyn Edge>; 3],
    ) -> Result<()> {
        let [mut edge, for_present, for_check] = edges;
        let present = Ledger::open(place, key, for_present)?;
        let floor = present.incarnation;
        let village = present.village;
        present.backup(aside, key, for_check)?;
        present.conn.close().map_err(|(_, e)| e).doing("closing the ledger")?;
        let arriving = beside(place, "part");
        remove_if_there(&arriving)?;
        std::fs::copy(copy, &arriving).map_err(disk::io(&arriving))?;
        let leap = u32::from_le_bytes(edge.random()[..4].try_into().expect("four of sixteen bytes")) % LEAP;
        let restored = Ledger::open(&arriving, key, edge)?;
        if restored.village != village {
            return Err(Refusal::new(Code::ForeignBatch).with("batch", restored.village).into());
        }
        sound(&restored.verify()?)?;
        let incarnation = restored.incarnation.max(floor).saturating_add(1 + leap);
        let sql = "UPDATE meta SET value = ?1 WHERE key = 'incarnation'";
        restored.conn.execute(sql, params![incarnation]).doing("beginning a new incarnation")?;
        restored.conn.close().map_err(|(_, e)| e).doing("closing the copy")?;
        let file = std::fs::File::options().write(true).open(&arriving).map_err(disk::io(&arriving))?;
        file.sync_all().map_err(disk::io(&arriving))?;
        drop(file);
        nothing_unwritten(place)?;
        std::fs::rename(&arriving, place).map_err(disk::io(place))?;
        disk::sync_folder(place)
    }
}

fn sound(checked: &Verified) -> Result<()> {
    match checked.problems.first() {
        None => Ok(()),
        Some(first) => Err(Fault::Log { at: "backup".into(), what: first.clone() }.into()),
    }
}

/// Another program that still has the ledger open keeps a write-ahead log beside it, which would be read into the copy.
fn nothing_unwritten(place: &Path) -> Result<()> {
    let mut name = place.file_name().unwrap_or_default().to_owned();
    name.push("-wal");
    match std::fs::metadata(place.with_file_name(name)) {
        Ok(wal) if wal.len() > 0 => Err(Refusal::new(Code::Busy).into()),
        _ => Ok(()),
    }
}

/// What a copy holds, without touching it.
pub struct Copied {
    pub village: uuid::Uuid,
    pub name: String,
    pub records: usize,
    /// Milliseconds since 1970 of its last step.
    pub last_ms: u64,
}

impl Ledger {
    pub fn look_into(copy: &Path, key: Option<&Key>, edge: Box<dyn Edge>) -> Result<Copied> {
        crate::ledger::look_at(copy)?;
        let ledger = Ledger::open_for_reading(copy, key, edge, Code::ReadOnly)?;
        let village = ledger.view().all::<crate::records::Village>()?.into_iter().next();
        let mut records = 0;
        for kind in crate::records::KINDS {
            records +=
                ledger.view().count(&format!("SELECT count(*) FROM \"{}\" WHERE gone IS NULL", kind.name), [])?;
        }
        let last = ledger.view().count("SELECT coalesce(max(stamp), 0) FROM log", [])?;
        let last_ms = crate::clock::Stamp(u64::try_from(last).unwrap_or(0)).ms();
        let known: Vec<u8> = meta(&ledger.conn, "village")?;
        let village_id = uuid::Uuid::from_slice(&known).unwrap_or_default();
        Ok(Copied {
            village: village_id,
            name: village.map(|v| v.name).unwrap_or_default(),
            records: records as usize,
            last_ms,
        })
    }
}
