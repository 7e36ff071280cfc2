//! What the exchange costs: bytes against the least that any program would have to say, work against a bare insert of
//! the same rows, a first sync against copying the file.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use lianhu_ledger::Batch;
use lianhu_simulator::work::figures::{Figure, heard, month_at_its_end, year};
use lianhu_simulator::work::{Village, floor};
use rusqlite::Connection;
use rusqlite::types::Value;

use super::{Outcome, line, ms, timed};

pub fn wire(folder: &Path) -> Outcome {
    let folder = folder.join("wire");
    std::fs::create_dir_all(&folder)?;
    let mut village = Village::new(&folder)?;
    let away = village.newcomer()?;
    village.converse(away)?;
    let told = month_at_its_end(&mut village)?;
    bytes("a month of three laptops, told at its end / zstd -19 of its JSON lines", told);
    bytes("  the same month, heard by a fourth", heard(&mut village, away)?);
    a_year(&mut village, away, &folder)?;
    nothing_to_say(&mut village)?;
    first_sync(&mut village, &folder)
}

fn kib(bytes: f64) -> f64 {
    bytes / 1024.0
}

fn bytes(name: &str, figure: Figure) {
    line(&format!("{name}, {} trips", figure.trips), kib(figure.ours), Some(kib(figure.floor)), "KiB", "1.3");
}

/// A laptop that was away for a year hears it; cut once, it goes on where it was.
fn a_year(village: &mut Village, away: usize, folder: &Path) -> Outcome {
    let before = village.town.feed.last().map_or(0, |(no, _)| *no);
    let cut = village.newcomer()?;
    village.converse(cut)?;
    year(village, 12)?;
    let batches: Vec<Batch> = village.since(before).into_iter().cloned().collect();
    let least = floor(&batches);
    let spent = village.converse(away)?;
    let caught = Figure { ours: spent.bytes() as f64, floor: least as f64, trips: spent.trips };
    bytes(&format!("a year of {} actions caught up", batches.len()), caught);
    let ledger = village.laptops[away].shelf.ledger().path().to_owned();
    let tables = Bare::tables(&ledger, &batches)?;
    let all = Bare::log(&ledger, &batches)?.and(tables.clone());
    let name = format!("  its work on the laptop / a bare insert of its {} rows", all.rows.len());
    line(&name, ms(spent.work), Some(ms(all.insert(&folder.join("bare.db"))?)), "ms", "3");
    let name = format!("  the same / the {} rows of its tables, without the log", tables.rows.len());
    line(&name, ms(spent.work), Some(ms(tables.insert(&folder.join("tables.db"))?)), "ms", "");
    line("  its work at the township (in memory)", ms(spent.office), None, "ms", "");
    let (first, rest) = (village.converse_upto(cut, 1)?, village.converse(cut)?);
    let resumed = (first.bytes() + rest.bytes()) as f64;
    line("  cut after an answer and begun again / uncut", kib(resumed), Some(kib(caught.ours)), "KiB", "1.1");
    Ok(())
}

fn nothing_to_say(village: &mut Village) -> Outcome {
    let (time, spent) = timed(|| village.converse(0));
    line("a sync with nothing to say", ms(time), None, "ms", "10 ms");
    line("  its bytes", spent?.bytes() as f64, None, "B", "1024 B");
    Ok(())
}

fn first_sync(village: &mut Village, folder: &Path) -> Outcome {
    let path = village.laptops[0].shelf.ledger().path().to_owned();
    let packed = folder.join("packed.lianhu");
    Connection::open(&path)?.execute("VACUUM main INTO ?1", [packed.to_str().unwrap_or_default()])?;
    let size = std::fs::metadata(&packed)?.len() as f64;
    let (copying, copied) = timed(|| -> Outcome {
        std::fs::copy(&packed, folder.join("copied.lianhu"))?;
        std::fs::File::open(folder.join("copied.lianhu"))?.sync_all()?;
        Ok(())
    });
    copied?;
    let new = village.newcomer()?;
    let spent = village.converse(new)?;
    let name = format!("a new laptop's first sync / copying the file, {} trips", spent.trips);
    line(&name, kib(spent.bytes() as f64), Some(kib(size)), "KiB", "2");
    line("  its work on the laptop / writing the copied file", ms(spent.work), Some(ms(copying)), "ms", "");
    // At 256 kbit/s, as a village's line may be.
    let over = |bytes: f64| Duration::from_secs_f64(bytes * 8.0 / 256_000.0);
    let (ours, theirs) = (over(spent.bytes() as f64) + spent.work, over(size) + copying);
    line("  the whole of it over 256 kbit/s", ms(ours), Some(ms(theirs)), "ms", "2");
    Ok(())
}

/// The rows that a catch-up leaves in the file, as they lie there, to be put into the same tables without judgement:
/// prepared inserts in one transaction.
#[derive(Clone)]
struct Bare {
    schema: Vec<String>,
    rows: Vec<(String, Vec<Value>)>,
}

impl Bare {
    /// The rows of the log.
    fn log(ledger: &Path, batches: &[Batch]) -> Outcome<Bare> {
        let from = Connection::open(ledger)?;
        let (schema, names) = table(&from, "log")?;
        let mut number = from.prepare("SELECT no FROM device WHERE id = ?1")?;
        let key = |batch: &Batch| -> Outcome<Vec<Value>> {
            let device = number.query_row([batch.at.device.as_bytes()], |row| row.get(0))?;
            Ok(vec![device, Value::from(batch.at.incarnation), Value::from(batch.at.seq as i64)])
        };
        let keys = batches.iter().map(key).collect::<Outcome<Vec<_>>>()?;
        let rows = read(&from, "log", &names, "device = ?1 AND incarnation = ?2 AND seq = ?3", &keys)?;
        // What its rows point to.
        let (devices, names) = table(&from, "device")?;
        let whose = keys.iter().map(|key| key[..1].to_vec()).collect::<Vec<_>>();
        let mut devices = Bare { schema: devices, rows: read(&from, "device", &names, "no = ?1", &whose)? };
        devices.rows.sort_by(|a, b| format!("{a:?}").cmp(&format!("{b:?}")));
        devices.rows.dedup();
        Ok(devices.and(Bare { schema, rows }))
    }

    /// The rows of the records.
    fn tables(ledger: &Path, batches: &[Batch]) -> Outcome<Bare> {
        let from = Connection::open(ledger)?;
        let records: BTreeSet<(&str, &[u8])> = batches
            .iter()
            .flat_map(|batch| &batch.changes)
            .map(|change| (change.kind.as_str(), change.id.as_bytes().as_slice()))
            .collect();
        let mut bare = Bare { schema: Vec::new(), rows: Vec::new() };
        for kind in records.iter().map(|(kind, _)| *kind).collect::<BTreeSet<_>>() {
            let (schema, names) = table(&from, kind)?;
            let own = records.iter().filter(|(own, _)| *own == kind);
            let keys: Vec<Vec<Value>> = own.map(|(_, id)| vec![Value::Blob(id.to_vec())]).collect();
            bare = bare.and(Bare { schema, rows: read(&from, kind, &names, "id = ?1", &keys)? });
        }
        Ok(bare)
    }

    fn and(mut self, other: Bare) -> Bare {
        self.schema.extend(other.schema);
        self.rows.extend(other.rows);
        self
    }

    fn insert(&self, to: &Path) -> Outcome<Duration> {
        let mut bare = Connection::open(to)?;
        bare.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY;")?;
        for sql in &self.schema {
            bare.execute_batch(sql)?;
        }
        let (time, done) = timed(|| -> Outcome {
            let tx = bare.transaction()?;
            for (insert, row) in &self.rows {
                tx.prepare_cached(insert)?.execute(rusqlite::params_from_iter(row))?;
            }
            Ok(tx.commit()?)
        });
        done?;
        Ok(time)
    }
}

/// A table's statements with its indexes, and its columns.
fn table(from: &Connection, name: &str) -> Outcome<(Vec<String>, Vec<String>)> {
    let mut schema =
        from.prepare("SELECT sql FROM sqlite_schema WHERE tbl_name = ?1 AND sql IS NOT NULL ORDER BY type DESC")?;
    let sqls = schema.query_map([name], |row| row.get(0))?.collect::<Result<_, _>>()?;
    let mut info = from.prepare(&format!("SELECT '\"' || name || '\"' FROM pragma_table_info('{name}')"))?;
    Ok((sqls, info.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?))
}

/// The rows that a key names, each with the statement that inserts it.
fn read(
    from: &Connection,
    table: &str,
    names: &[String],
    by: &str,
    keys: &[Vec<Value>],
) -> Outcome<Vec<(String, Vec<Value>)>> {
    let columns = names.join(", ");
    let insert = format!("INSERT INTO \"{table}\" ({columns}) VALUES ({})", vec!["?"; names.len()].join(", "));
    let mut select = from.prepare(&format!("SELECT {columns} FROM \"{table}\" WHERE {by}"))?;
    let row = |key: &Vec<Value>| -> Outcome<(String, Vec<Value>)> {
        let cells = |row: &rusqlite::Row<'_>| (0..names.len()).map(|n| row.get(n)).collect();
        Ok((insert.clone(), select.query_row(rusqlite::params_from_iter(key), cells)?))
    };
    keys.iter().map(row).collect()
}
