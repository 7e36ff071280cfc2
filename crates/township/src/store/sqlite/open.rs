//! Which files are open. A hundred villages that all speak in one evening are not opened and closed for every push
//! (measured, that was half of the server's work), and five hundred that the board asks for their newest number are not
//! either; but only those that spoke last keep what they have read.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use lianhu_ledger::Result;
use rusqlite::Connection;
use uuid::Uuid;

use super::lock;
use crate::store::TOWN;

/// Files that keep what they have read; the others stay open and give their memory back.
const WARM: usize = 104;

pub type File = Arc<Mutex<Connection>>;

pub struct OpenFiles {
    /// No more than this are open.
    most: usize,
    open: Mutex<Open>,
}

#[derive(Default)]
struct Open {
    files: HashMap<Uuid, Kept>,
    asked: u64,
}

struct Kept {
    file: File,
    /// When it was asked for last, in asks.
    asked: u64,
    warm: bool,
}

impl OpenFiles {
    pub fn upto(most: usize) -> OpenFiles {
        OpenFiles { most, open: Mutex::default() }
    }

    /// The file of a village, opened where it is not open yet; `None` when there is none.
    pub fn file(&self, village: Uuid, open: impl FnOnce() -> Result<Option<Connection>>) -> Result<Option<File>> {
        let mut files = lock(&self.open);
        let (file, cooler) = match files.get(village) {
            Some(found) => found,
            None => {
                let Some(conn) = open()? else { return Ok(None) };
                files.keep(village, Arc::new(Mutex::new(conn)), self.most)
            }
        };
        drop(files);
        if let Some(cooler) = cooler {
            cool(&cooler);
        }
        Ok(Some(file))
    }
}

impl Open {
    /// The file of a village that is open, and one that is to cool because this one got warm.
    fn get(&mut self, village: Uuid) -> Option<(File, Option<File>)> {
        self.asked += 1;
        let kept = self.files.get_mut(&village)?;
        kept.asked = self.asked;
        let (file, was_warm) = (kept.file.clone(), kept.warm);
        kept.warm = true;
        Some((file, if was_warm { None } else { self.cooler() }))
    }

    /// Keeps a file that was opened; the one that was asked for longest ago is closed when there are as many as may be.
    fn keep(&mut self, village: Uuid, file: File, most: usize) -> (File, Option<File>) {
        if self.files.len() >= most {
            self.oldest(|_| true).and_then(|id| self.files.remove(&id));
        }
        self.files.insert(village, Kept { file: file.clone(), asked: self.asked, warm: true });
        (file, self.cooler())
    }

    /// The warm one that was asked for longest ago, when too many are.
    fn cooler(&mut self) -> Option<File> {
        if self.files.values().filter(|kept| kept.warm).count() <= WARM {
            return None;
        }
        let kept = self.oldest(|kept| kept.warm).and_then(|id| self.files.get_mut(&id))?;
        kept.warm = false;
        Some(kept.file.clone())
    }

    fn oldest(&self, among: impl Fn(&Kept) -> bool) -> Option<Uuid> {
        let villages = self.files.iter().filter(|(id, kept)| **id != TOWN && among(kept));
        villages.min_by_key(|(_, kept)| kept.asked).map(|(id, _)| *id)
    }
}

/// Gives back what a file holds in memory. One that is being asked keeps it until it has been asked again.
fn cool(file: &Mutex<Connection>) {
    if let Ok(conn) = file.try_lock() {
        conn.flush_prepared_statement_cache();
        // Where nothing can be given back nothing is lost.
        let _ = conn.release_memory();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// So many villages asked in turn, twice over: how many files are open then, and how many of them warm.
    fn check(villages: u128, most: usize, open: usize, warm: usize) {
        let files = OpenFiles::upto(most);
        let ids = || (1..=villages).map(Uuid::from_u128);
        for id in ids().chain(ids()) {
            let file = files.file(id, || Ok(Connection::open_in_memory().ok())).unwrap().unwrap();
            lock(&file).execute_batch("SELECT 1").unwrap();
        }
        let files = &lock(&files.open).files;
        let is_warm = |id: &Uuid| files.get(id).is_some_and(|kept| kept.warm);
        assert_eq!((files.len(), files.values().filter(|kept| kept.warm).count()), (open, warm));
        assert!(ids().rev().take(warm).all(|id| is_warm(&id)), "those that were asked last");
    }

    #[test]
    fn files_stay_open_and_few_of_them_fill_the_memory() {
        check(3, 9, 3, 3);
        check(12, 9, 9, 9);
        check(WARM as u128 + 6, 2 * WARM, WARM + 6, WARM);
    }

    #[test]
    fn what_is_not_there_is_not_opened() {
        let files = OpenFiles::upto(9);
        assert!(files.file(Uuid::from_u128(1), || Ok(None)).unwrap().is_none());
        assert!(lock(&files.open).files.is_empty());
    }
}
