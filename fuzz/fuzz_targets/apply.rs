//! Whatever batches come from elsewhere: refused whole or taken, the ledger stays sound, and the order in which they
//! come makes no difference.
#![no_main]

use std::cell::RefCell;
use std::path::PathBuf;

use arbitrary::Arbitrary;
use lianhu_ledger::records::KINDS;
use lianhu_ledger::{Batch, BatchRef, CellChange, Change, Error, FixedEdge, Ledger, Origin, Stamp, Value};
use libfuzzer_sys::fuzz_target;
use tempfile::TempDir;
use uuid::Uuid;

/// A batch in few bytes: small numbers where numbers must meet, odd ones where they need not.
#[derive(Arbitrary, Debug)]
struct Draft {
    device: u8,
    incarnation: u8,
    stamp: u64,
    op: u8,
    author: String,
    forged_prev: Option<u8>,
    foreign: bool,
    changes: Vec<Record>,
}

#[derive(Arbitrary, Debug)]
struct Record {
    kind: u8,
    id: u8,
    cells: Vec<Cell>,
}

#[derive(Arbitrary, Debug)]
struct Cell {
    field: u8,
    odd_field: Option<String>,
    value: Thing,
    bases: Vec<(u8, u8)>,
}

#[derive(Arbitrary, Debug)]
enum Thing {
    Null,
    Bool(bool),
    Int(i64),
    Text(String),
    Day(u8),
    Id(u8),
    List(Vec<Thing>),
    Map(Vec<(String, Thing)>),
}

fn village() -> Uuid {
    Uuid::from_u128(0x7117)
}

fn value(thing: &Thing, depth: usize) -> Value {
    match thing {
        Thing::Null => Value::Null,
        Thing::Bool(b) => Value::Bool(*b),
        Thing::Int(n) => Value::Int(*n),
        Thing::Text(text) => Value::Text(text.clone()),
        Thing::Day(n) => Value::Text(format!("2026-{:02}-{:02}", n % 14, n % 33)),
        Thing::Id(n) => Value::Id(Uuid::from_u128(u128::from(*n))),
        Thing::List(_) | Thing::Map(_) if depth > 12 => Value::Null,
        Thing::List(items) => Value::List(items.iter().map(|t| value(t, depth + 1)).collect()),
        Thing::Map(items) => Value::Map(items.iter().map(|(k, t)| (k.clone(), value(t, depth + 1))).collect()),
    }
}

fn at((device, seq): (u8, u8)) -> BatchRef {
    BatchRef { device: Uuid::from_u128(100 + u128::from(device % 3)), incarnation: 1, seq: u64::from(seq) }
}

fn change(record: &Record) -> Change {
    let kind = KINDS.get(usize::from(record.kind) % (KINDS.len() + 1));
    let cell = |cell: &Cell| CellChange {
        field: match (&cell.odd_field, kind) {
            (None, Some(kind)) => kind.fields[usize::from(cell.field) % kind.fields.len()].name.into(),
            (odd, _) => odd.as_deref().unwrap_or("solar").into(),
        },
        value: value(&cell.value, 0),
        bases: cell.bases.iter().copied().map(at).collect(),
    };
    Change {
        kind: kind.map_or("drone", |k| k.name).into(),
        id: Uuid::from_u128(u128::from(record.id % 4)),
        cells: record.cells.iter().map(cell).collect(),
    }
}

/// Chained as a real device chains, unless the draft wants a forged link.
fn batches(drafts: &[Draft]) -> Vec<Batch> {
    let mut made: Vec<Batch> = Vec::new();
    for draft in drafts.iter().take(24) {
        let at = BatchRef { incarnation: u32::from(draft.incarnation % 3), ..at((draft.device, 0)) };
        let before = made.iter().rev().find(|b| (b.at.device, b.at.incarnation) == (at.device, at.incarnation));
        let prev = before.map_or([0; 32], Batch::hash);
        made.push(Batch {
            village: if draft.foreign { Uuid::nil() } else { village() },
            at: BatchRef { seq: before.map_or(1, |b| b.at.seq + 1), ..at },
            op: ["put", "undo", "", "import"][usize::from(draft.op % 4)].to_owned(),
            author: draft.author.clone(),
            stamp: Stamp(draft.stamp),
            prev: draft.forged_prev.map_or(prev, |byte| [byte; 32]),
            changes: draft.changes.iter().map(change).collect(),
            signature: Vec::new(),
        });
    }
    made
}

thread_local! {
    /// An empty ledger is copied for each case: making one anew costs far more than a case.
    static EMPTY: RefCell<Option<(TempDir, PathBuf)>> = const { RefCell::new(None) };
}

fn edge() -> Box<FixedEdge> {
    Box::new(FixedEdge { ms: 1_793_840_400_000, seed: 1, counter: 0 })
}

fn empty(name: &str) -> Ledger {
    EMPTY.with_borrow_mut(|made| {
        let (folder, template) = made.get_or_insert_with(|| {
            let folder = TempDir::new().expect("a folder");
            let template = folder.path().join("empty");
            drop(Ledger::join(&template, None, village(), edge()).expect("an empty ledger"));
            (folder, template)
        });
        let path = folder.path().join(name);
        for suffix in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(folder.path().join(format!("{name}{suffix}")));
        }
        std::fs::copy(template, &path).expect("a copy");
        Ledger::open(&path, None, edge()).expect("it opens")
    })
}

/// Takes what it can; a refusal leaves everything as it was.
fn take(ledger: &mut Ledger, batch: &Batch) -> bool {
    match ledger.apply(std::slice::from_ref(batch), Origin::There) {
        Ok(_) => true,
        Err(Error::Refusal(_)) => false,
        Err(Error::Fault(fault)) => panic!("{fault}"),
    }
}

fn says(ledger: &Ledger) -> String {
    let mut out = Vec::new();
    ledger.dump(&mut out).expect("it is printed");
    let mut said = String::from_utf8(out).expect("UTF-8");
    said += &format!("{:?}", ledger.overtaken().expect("open questions"));
    said += &format!("{:?}", ledger.findings().expect("findings"));
    said
}

fuzz_target!(|drafts: Vec<Draft>| {
    let mut first = empty("first");
    let taken: Vec<Batch> = batches(&drafts).into_iter().filter(|batch| take(&mut first, batch)).collect();
    assert_eq!(first.verify().expect("it can be checked").problems, Vec::<String>::new());
    assert_eq!(first.batches().expect("the log").len(), taken.len());

    let mut second = empty("second");
    assert!(taken.iter().rev().all(|batch| take(&mut second, batch)), "refused only when it comes in another order");
    assert_eq!(second.verify().expect("it can be checked").problems, Vec::<String>::new());
    let said = says(&first);
    assert_eq!(said, says(&second));
    first.rebuild().expect("it is rebuilt");
    assert_eq!(said, says(&first));
});
