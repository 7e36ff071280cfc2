//! A clerk who never stops: makes a ledger or writes visits into one, and says the name of each batch once it is saved.
//! Made to be killed (see `tests/kill.rs`). And a township that says one word: it returns or accepts a month's report.

use std::error::Error;
use std::io::Write;
use std::path::Path;

use lianhu_ledger::dates::Month;
use lianhu_ledger::record::Record;
use lianhu_ledger::records::{Household, Person, ReportAnswer, ReportAnswerId};
use lianhu_ledger::{Batch, Chain, Fields, FixedEdge, Founding, Key, Ledger, Origin, Stamp};
use serde_json::json;
use uuid::Uuid;

type Done = Result<(), Box<dyn Error>>;

fn main() -> Done {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if let [deed, path, month, reason @ ..] = args.as_slice()
        && deed == "answer"
    {
        return answer(Path::new(path), month.parse().map_err(|_| "no month")?, reason.first().map(String::as_str));
    }
    let [deed, path, key, seed] = args.as_slice() else {
        return Err("writer create|write PATH KEY|- SEED, or answer PATH MONTH [REASON]".into());
    };
    let key = if key == "-" { None } else { Some(Key::parse(key.as_bytes()).map_err(|r| r.to_string())?) };
    let edge = Box::new(FixedEdge::on("2026-11-05".parse()?, seed.parse()?));
    match deed.as_str() {
        "create" => create(Path::new(path), key.as_ref(), edge),
        _ => write(Path::new(path), key.as_ref(), edge),
    }
}

/// As the township's chain would bring it: accepted, or returned with that reason.
fn answer(path: &Path, month: Month, reason: Option<&str>) -> Done {
    let mut ledger = Ledger::open(path, None, Box::new(FixedEdge::on("2026-11-20".parse()?, 3)))?;
    let report = ledger.view().report(month)?.ok_or("the month is not closed")?;
    let answer = ReportAnswer {
        id: ReportAnswerId(ledger.only_one(ReportAnswer::KIND, &[&month, &report.check_code])),
        month,
        check_code: report.check_code,
        accepted: reason.is_none(),
        reason: reason.map(str::to_owned),
        on: ledger.today(),
        note: None,
        gone: None,
    };
    let township = Chain { device: Uuid::from_u128(99), incarnation: 1 };
    let head = ledger.heads()?.get(&township).copied();
    let batch = Batch {
        village: ledger.village(),
        at: township.at(head.map_or(1, |head| head.seq + 1)),
        op: "answer_report".into(),
        author: "township".into(),
        stamp: Stamp::at_ms(1_795_000_000_000),
        prev: head.map_or([0; 32], |head| head.hash),
        changes: vec![answer.change(&[])],
        signature: Vec::new(),
    };
    ledger.apply(&[batch], Origin::There)?;
    Ok(())
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
