//! What the simulator asks of a laptop's store: the model in memory, or a real ledger in a real file.

use std::collections::{BTreeMap, BTreeSet};

use lianhu_ledger::{BatchRef, Hash, Value};
use lianhu_sync::{Commit, DeviceShelf};
use uuid::Uuid;

use super::model::{Model, Place};

/// Every cell: what stands, and how many were overtaken unseen.
pub type Says = BTreeMap<Place, (Value, usize)>;

pub trait Store: DeviceShelf + Commit + Sized {
    /// A copy of the whole disk.
    type Copy;
    /// Whether its records are made up; a real ledger has rules.
    const TAKES_ANYTHING: bool;

    /// One action of a person; `None` where the ledger would not have it.
    fn edit(&mut self, op: &str, now_ms: u64, wishes: &[(Place, Value)], settles: bool) -> Option<BatchRef>;
    fn says(&mut self) -> Says;
    /// What the tables would say, were they made anew from the log.
    fn rebuilt(&mut self) -> Says;
    /// Every word in the log, applied or not.
    fn words(&mut self) -> BTreeSet<String>;
    fn has(&self, at: BatchRef) -> Option<Hash>;
    fn copy(&mut self) -> Self::Copy;
    fn from_copy(copy: &Self::Copy) -> Self;
    /// The program is killed and started again.
    fn restart(&mut self);
    /// A newer release is installed.
    fn upgrade(&mut self);
    /// A row of the log that was received is lost on the disk, and what it says in the tables; none where there is none
    /// or where a disk cannot be bent.
    fn lose_a_row(&mut self, _roll: usize) -> Option<BatchRef> {
        None
    }
    /// An empty store of another computer; `None` where it is made elsewhere.
    fn newcomer(&self, _device: Uuid) -> Option<Self> {
        None
    }
}

/// The unique texts of a value.
pub fn words_of(value: &Value) -> Option<String> {
    match value {
        Value::Text(word) if word.starts_with('w') => Some(word.clone()),
        _ => None,
    }
}

impl Store for Model {
    type Copy = Model;
    const TAKES_ANYTHING: bool = true;

    fn edit(&mut self, op: &str, now_ms: u64, wishes: &[(Place, Value)], settles: bool) -> Option<BatchRef> {
        Some(Model::edit(self, op, now_ms, wishes, settles))
    }

    fn says(&mut self) -> Says {
        Model::says(self)
    }

    fn rebuilt(&mut self) -> Says {
        Model::rebuilt(self)
    }

    fn words(&mut self) -> BTreeSet<String> {
        let cells = self.all().flat_map(|logged| logged.batch.changes.iter().flat_map(|change| &change.cells));
        cells.filter_map(|cell| words_of(&cell.value)).collect()
    }

    fn has(&self, at: BatchRef) -> Option<Hash> {
        self.logged(at).map(|logged| logged.hash)
    }

    fn copy(&mut self) -> Model {
        self.clone()
    }

    fn from_copy(copy: &Model) -> Model {
        copy.clone()
    }

    fn restart(&mut self) {}

    fn upgrade(&mut self) {
        self.knows_newer = true;
    }

    fn lose_a_row(&mut self, roll: usize) -> Option<BatchRef> {
        Model::lose_a_row(self, roll)
    }

    fn newcomer(&self, device: Uuid) -> Option<Model> {
        Some(self.emptied(device))
    }
}
