//! 加入 — a ledger that is being fetched from elsewhere: it lies beside its place until it is whole, and belongs to no
//! village until it was told to which.

use std::path::{Path, PathBuf};

use rusqlite::params;
use uuid::Uuid;

use crate::edge::Edge;
use crate::ledger::{Founding, Key, Ledger, beside, finish};
use crate::records::Village;
use crate::refusal::{Code, Doing, Refusal, Result};

impl Ledger {
    /// Where a ledger lies that is being fetched to this place.
    pub fn joining_at(path: &Path) -> PathBuf {
        beside(path, "joining")
    }

    /// Begins to fetch a ledger, or goes on with one that was begun.
    pub fn begin_joining(path: &Path, key: Option<&Key>, mut edge: Box<dyn Edge>) -> Result<Ledger> {
        if path.exists() {
            return Err(Refusal::new(Code::FileExists).with("path", path.display()).into());
        }
        let place = Ledger::joining_at(path);
        if !place.exists() {
            let unfinished = Ledger::found(&place, key, Uuid::nil(), edge.as_mut())?;
            finish(&unfinished, &place)?;
        }
        Ledger::open(&place, key, edge)
    }

    /// Which village an empty ledger is of. One that has something in it is of its village for good.
    pub fn belong_to(&mut self, village: Uuid) -> Result<()> {
        if self.village == village {
            return Ok(());
        }
        self.must_be_writable()?;
        if !self.village.is_nil() || self.view().count("SELECT count(*) FROM log", [])? > 0 {
            return Err(Refusal::new(Code::ForeignBatch).with("batch", village).into());
        }
        let sql = "UPDATE meta SET value = ?1 WHERE key = 'village'";
        self.conn.execute(sql, params![village.as_bytes()]).doing("naming the village")?;
        self.village = village;
        Ok(())
    }

    /// Writes the village itself into a ledger that was fetched and has none: nobody has written anything yet. Gives
    /// whether it did.
    pub fn name_village(&mut self, founding: &Founding<'_>) -> Result<bool> {
        if !self.view().all::<Village>()?.is_empty() {
            return Ok(false);
        }
        self.found_village(founding).map(|()| true)
    }

    /// Closes a ledger that has been fetched and gives it its name.
    pub fn take_place(self, path: &Path) -> Result<()> {
        if path.exists() {
            return Err(Refusal::new(Code::FileExists).with("path", path.display()).into());
        }
        let fetched = self.path.clone();
        self.conn.close().map_err(|(_, e)| e).doing("closing the ledger")?;
        finish(&fetched, path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edge::FixedEdge;

    fn edge() -> Box<FixedEdge> {
        Box::new(FixedEdge { ms: 1_793_840_400_000, seed: 1, counter: 0 })
    }

    #[test]
    fn a_ledger_that_is_fetched_has_no_name_until_it_is_whole_and_is_the_same_when_gone_on_with() {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("village.lianhu");
        let mut begun = Ledger::begin_joining(&path, None, edge()).unwrap();
        let device = begun.device();
        begun.belong_to(Uuid::from_u128(7)).unwrap();
        assert!(!path.exists());
        drop(begun);
        let mut again = Ledger::begin_joining(&path, None, edge()).unwrap();
        assert_eq!((again.device(), again.village()), (device, Uuid::from_u128(7)));
        assert_eq!(again.belong_to(Uuid::from_u128(8)).unwrap_err().code(), Some(Code::ForeignBatch));
        again.take_place(&path).unwrap();
        assert!(path.exists() && !Ledger::joining_at(&path).exists());
        assert_eq!(Ledger::begin_joining(&path, None, edge()).err().and_then(|e| e.code()), Some(Code::FileExists));
        assert_eq!(Ledger::open(&path, None, edge()).unwrap().device(), device);
    }
}
