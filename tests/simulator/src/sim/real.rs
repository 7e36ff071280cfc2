//! The same life with real ledgers in real files and real signatures: SQLite where the model was.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use lianhu_ledger::dates::Date;
use lianhu_ledger::{BatchRef, Edge, Hash, Ledger, Value, china_day};
use lianhu_sync::{Ed25519, Ed25519Key, LedgerShelf, Root, Shelf, Signer};
use uuid::Uuid;

use super::model::Place;
use super::store::{Says, Store, words_of};
use super::{Settings, Sim, Tally, Wrong};
use crate::dice::Dice;

thread_local! {
    /// What the clock shows to the ledger that is writing.
    static NOW: Cell<u64> = const { Cell::new(0) };
    static CHANCE: RefCell<Dice> = RefCell::new(Dice::new(1));
    static FILES: Cell<u64> = const { Cell::new(0) };
}

/// The world, as this thread's simulation has it.
struct World;

impl Edge for World {
    fn now_ms(&self) -> u64 {
        NOW.get()
    }

    fn today(&self) -> Date {
        china_day(NOW.get())
    }

    fn random(&mut self) -> [u8; 16] {
        CHANCE.with_borrow_mut(|dice| u128::from(dice.roll()) << 64 | u128::from(dice.roll())).to_le_bytes()
    }
}

fn another_file(beside: &Path) -> PathBuf {
    FILES.set(FILES.get() + 1);
    beside.with_file_name(format!("{}.lianhu", FILES.get()))
}

fn opened(path: &Path) -> LedgerShelf<Ledger> {
    let ledger = Ledger::open(path, None, Box::new(World)).expect("the ledger opens again");
    LedgerShelf::of(ledger).expect("it can be read").expect("it is enrolled")
}

impl Store for LedgerShelf<Ledger> {
    type Copy = PathBuf;
    const TAKES_ANYTHING: bool = false;

    fn edit(&mut self, op: &str, now_ms: u64, wishes: &[(Place, Value)], settles: bool) -> Option<BatchRef> {
        NOW.set(now_ms);
        if settles && let Some(open) = self.ledger().overtaken().expect("open questions are read").first().cloned() {
            // What is settled brings no new word; whether it is taken is not asked.
            let _ = self.ledger_mut().settle(&open, now_ms.is_multiple_of(2), "w");
            return None;
        }
        let saved = self.ledger_mut().edit(op, "w", |draft| {
            for ((kind, id, field), value) in wishes {
                draft.patch(kind, *id, [(field.to_string(), value.to_json())].into())?;
            }
            Ok(())
        });
        saved.ok()?.batch
    }

    fn says(&mut self) -> Says {
        let mut open: BTreeMap<Place, usize> = BTreeMap::new();
        for question in self.ledger().overtaken().expect("open questions are read") {
            *open.entry((question.kind.into(), question.id, question.field.into())).or_default() += 1;
        }
        let mut says = Says::new();
        for (kind, fields) in [("household", &["address", "note", "moved_to"][..]), ("group", &["name"][..])] {
            for record in self.ledger().view().list(kind).expect("records are listed") {
                let id = record["id"].as_str().and_then(|id| Uuid::parse_str(id).ok()).expect("every record has an id");
                for field in fields {
                    let Some(text) = record[*field].as_str() else { continue };
                    let place = (kind.into(), id, (*field).into());
                    let others = open.get(&place).copied().unwrap_or(0);
                    says.insert(place, (Value::text(text), others));
                }
            }
        }
        says
    }

    /// The ledger's own comparison of every table with the log.
    fn rebuilt(&mut self) -> Says {
        let problems = self.ledger().verify().expect("it can be checked").problems;
        assert_eq!(problems, Vec::<String>::new());
        self.says()
    }

    fn words(&mut self) -> BTreeSet<String> {
        let batches = self.ledger().batches().expect("the log is read");
        let cells = batches.iter().flat_map(|batch| batch.changes.iter().flat_map(|change| &change.cells));
        cells.filter_map(|cell| words_of(&cell.value)).collect()
    }

    fn has(&self, at: BatchRef) -> Option<Hash> {
        self.hash_at(at).expect("the log is read")
    }

    fn copy(&mut self) -> PathBuf {
        let to = another_file(self.ledger().path());
        self.ledger().backup(&to, None, Box::new(World)).expect("a copy is made");
        to
    }

    fn from_copy(copy: &PathBuf) -> Self {
        let path = another_file(copy);
        std::fs::copy(copy, &path).expect("a copy is put back");
        opened(&path)
    }

    fn restart(&mut self) {
        *self = opened(self.ledger().path());
    }

    fn upgrade(&mut self) {}
}

fn real_keys(seed: u64) -> Box<dyn Signer> {
    let secret = Dice::new(seed);
    let bytes = blake3::hash(format!("{secret:?}").as_bytes());
    Box::new(Ed25519Key::new(*bytes.as_bytes()))
}

/// One seed over ledgers in this folder.
pub fn on_disk(settings: Settings, folder: &Path) -> Result<Tally, Wrong> {
    CHANCE.with_borrow_mut(|dice| *dice = Dice::new(settings.seed));
    FILES.set(0);
    let sim = Sim::new(settings, &Ed25519, real_keys, |_, village, root: Root, _| {
        let path = another_file(&folder.join("first"));
        let ledger = Ledger::join(&path, None, village, Box::new(World)).expect("a new ledger");
        LedgerShelf::enrol(ledger, &root, &[7; 32]).expect("it is enrolled")
    });
    sim.run()
}
