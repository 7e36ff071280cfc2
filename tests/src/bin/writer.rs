//! A clerk who never stops: makes a ledger or writes visits into one, and says the name of each batch once it is saved.
//! Made to be killed (see `tests/kill.rs`).

use std::error::Error;
use std::io::Write;
use std::path::Path;

use lianhu_ledger::records::{Household, Person};
use lianhu_ledger::{Fields, FixedEdge, Founding, Key, Ledger};
use serde_json::json;

type Done = Result<(), Box<dyn Error>>;

fn main() -> Done {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [deed, path, key, seed] = args.as_slice() else { return Err("writer create|write PATH KEY|- SEED".into()) };
    let key = if key == "-" { None } else { Some(Key::parse(key.as_bytes()).map_err(|r| r.to_string())?) };
    let edge = Box::new(FixedEdge::on("2026-11-05".parse()?, seed.parse()?));
    match deed.as_str() {
        "create" => create(Path::new(path), key.as_ref(), edge),
        _ => write(Path::new(path), key.as_ref(), edge),
    }
}

fn create(path: &Path, key: Option<&Key>, edge: Box<FixedEdge>) -> Done {
    let founding = Founding { village: "禾坪村", code: "990101102207", township: "松河镇", clerk: "王文书" };
    Ledger::create(path, key, &founding, edge)?;
    Ok(())
}

fn write(path: &Path, key: Option<&Key>, edge: Box<FixedEdge>) -> Done {
    let mut ledger = Ledger::open(path, key, edge)?;
    let household = ledger.view().all::<Household>()?.first().map(|h| h.id.0).ok_or("no household")?;
    let visitor = ledger.view().all::<Person>()?.first().map(|p| p.id.0).ok_or("no visitor")?;
    let mut out = std::io::stdout().lock();
    for day in (1..=28).cycle() {
        let on = format!("2026-10-{day:02}");
        let visit: Fields = serde_json::from_value(json!({"household": household, "visitor": visitor, "on": on}))?;
        let saved = ledger.edit("put", "王文书", |draft| draft.create("visit", visit))?;
        let name = saved.batch.map(|at| at.to_string()).unwrap_or_default();
        writeln!(out, "{name}")?;
        out.flush()?;
    }
    Ok(())
}
