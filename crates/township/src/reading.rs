//! 看数 — what the township reads of its villages: boards, a village's month with every figure's records, the line over
//! twelve months, and the roll-up.
//!
//! Nothing is read from the store's batches directly: each village is replayed into a ledger by the same `apply` as on a
//! laptop ([`replay`]), and every number comes from `lianhu_report::figures`. Ledgers and what was computed of them are
//! files that may be thrown away at any time; an answer is as fresh as the store was when it was asked.

pub mod board;
pub mod line;
pub mod measure;
pub mod month;
pub mod replay;
pub mod rollup;
pub mod summary;

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use lianhu_ledger::dates::{Date, Month};
use lianhu_ledger::{Edge, Ledger, Result};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::town::Town;
use replay::{Place, Source};
use summary::Summary;

/// The author of what the township writes itself.
pub(crate) const OWN: &str = "township";

/// What was read so far, for all villages: kept as long as the server runs.
#[derive(Default)]
pub struct Reading {
    villages: Mutex<HashMap<Uuid, Arc<Mutex<Kept>>>>,
}

/// A township being read.
#[derive(Clone, Copy)]
pub struct Reader<'a> {
    pub town: &'a Town,
    reading: &'a Reading,
}

/// What is kept of a village between two questions; the same lies beside its ledger.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Kept {
    place: Place,
    months: BTreeMap<Month, Arc<Summary>>,
}

/// A question that panicked while it held this left whole values behind.
fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Reading {
    pub fn of<'a>(&'a self, town: &'a Town) -> Reader<'a> {
        Reader { town, reading: self }
    }
}

impl Reader<'_> {
    pub fn today(&self) -> Date {
        self.town.machine.today()
    }

    /// Where the ledgers lie. The folder may be thrown away.
    fn folder(&self) -> PathBuf {
        self.town.folder.join("reading")
    }

    fn source(&self, village: Uuid) -> Source<'_> {
        Source { store: self.town.store.as_ref(), epoch: self.town.seat.epoch, village }
    }

    /// Asks a village's ledger, brought up to what the store holds now.
    pub fn ask<T>(&self, village: Uuid, ask: impl FnOnce(&Ledger) -> Result<T>) -> Result<T> {
        let kept = self.kept(village);
        let mut kept = held(&kept);
        let ledger = self.open(&self.source(village), &mut kept)?;
        ask(&ledger)
    }

    /// The village's month in counts, and how far it was read.
    pub fn month(&self, village: Uuid, month: Month) -> Result<(Place, Arc<Summary>)> {
        let (place, mut months) = self.months(village, &[month])?;
        Ok((place, months.pop().expect("one was asked for")))
    }

    /// Several months of a village; its ledger is opened only when one of them is not known yet.
    pub fn months(&self, village: Uuid, months: &[Month]) -> Result<(Place, Vec<Arc<Summary>>)> {
        let kept = self.kept(village);
        let mut kept = held(&kept);
        let source = self.source(village);
        let today = self.today();
        if !source.is_at(kept.place)? {
            self.open(&source, &mut kept)?;
        }
        let missing: Vec<Month> = months.iter().copied().filter(|month| !kept.knows(*month, today)).collect();
        if !missing.is_empty() {
            let ledger = self.open(&source, &mut kept)?;
            for month in missing {
                kept.months.insert(month, Arc::new(summary::read(ledger.view(), month)?));
            }
            self.write_down(village, &kept)?;
        }
        Ok((kept.place, months.iter().map(|month| kept.months[month].clone()).collect()))
    }

    /// Asks of every village at once, on as many threads as the machine has; the answers stand in the order of the
    /// villages. One that cannot be read is named in the log and left out of no list: its answer is the error.
    pub fn each<T: Send>(&self, villages: &[Uuid], ask: impl Fn(Uuid) -> T + Sync) -> Vec<T> {
        let threads = std::thread::available_parallelism().map_or(1, usize::from).min(villages.len().max(1));
        let share = villages.len().div_ceil(threads).max(1);
        let ask = &ask;
        std::thread::scope(|scope| {
            let asked = |part: &[Uuid]| part.iter().map(|id| ask(*id)).collect::<Vec<T>>();
            let parts: Vec<_> = villages.chunks(share).map(|part| scope.spawn(move || asked(part))).collect();
            let joined = parts.into_iter().map(|part| part.join().unwrap_or_else(|e| std::panic::resume_unwind(e)));
            joined.flatten().collect()
        })
    }

    /// The ledger as the store is now. What was computed of an older state of it is forgotten.
    fn open(&self, source: &Source<'_>, kept: &mut Kept) -> Result<Ledger> {
        let folder = self.folder();
        std::fs::create_dir_all(&folder).map_err(|e| io(&folder, e))?;
        let (ledger, place) = replay::open(&folder, source, self.town.machine)?;
        if place != kept.place {
            *kept = Kept { place, months: BTreeMap::new() };
        }
        Ok(ledger)
    }

    fn kept(&self, village: Uuid) -> Arc<Mutex<Kept>> {
        let fresh = || Arc::new(Mutex::new(self.written_down(village)));
        held(&self.reading.villages).entry(village).or_insert_with(fresh).clone()
    }

    /// As it was left by the last question, before this program began. A file that cannot be read is none.
    fn written_down(&self, village: Uuid) -> Kept {
        let bytes = std::fs::read(self.beside(village)).ok();
        let kept: Option<Kept> = bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        // Another release may have had other columns.
        let same = |kept: &Kept| kept.months.values().all(|month| month.counts.len() == measure::KEYS.len());
        kept.filter(same).unwrap_or_default()
    }

    fn write_down(&self, village: Uuid, kept: &Kept) -> Result<()> {
        let (path, text) = (self.beside(village), serde_json::to_vec(kept).expect("counts are plain data"));
        let unfinished = path.with_extension("part");
        let written = std::fs::write(&unfinished, text).and_then(|()| std::fs::rename(&unfinished, &path));
        written.map_err(|e| io(&path, e).into())
    }

    fn beside(&self, village: Uuid) -> PathBuf {
        self.folder().join(format!("{}.json", village.simple()))
    }
}

impl Kept {
    /// A month is computed as of its last day, or as of today while it runs.
    fn knows(&self, month: Month, today: Date) -> bool {
        self.months.get(&month).is_some_and(|known| known.as_of == summary::as_of(month, today))
    }
}

fn io(path: &Path, source: std::io::Error) -> lianhu_ledger::Fault {
    lianhu_ledger::Fault::Io { path: path.display().to_string(), source }
}
