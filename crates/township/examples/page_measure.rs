//! How long the township's page takes over its villages: `page_measure [VILLAGES …]` founds as many, with a year of one
//! village's records each, and times board, line and roll-up: with nothing read yet, after a new start, and again.
#![expect(clippy::print_stdout, reason = "it says what it measured")]
#![allow(dead_code, clippy::unwrap_used)]

#[path = "../tests/page/feed.rs"]
mod feed;

use std::time::Instant;

use lianhu_ledger::{Batch, Ledger};
use lianhu_sync::protocol::signed;
use lianhu_sync::{Ed25519Key, Parcel, Signer};
use lianhu_township::reading::rollup::Basis;
use lianhu_township::reading::{Reading, board, line, rollup};
use lianhu_township::town::Town;
use uuid::Uuid;

/// Homes of a village, and visits of each of twelve months.
const HOMES: u32 = 150;
const VISITS: u32 = 60;

fn main() {
    let asked: Vec<usize> = std::env::args().skip(1).filter_map(|n| n.parse().ok()).collect();
    let folder = tempfile::tempdir().unwrap();
    let year = year_of(&folder.path().join("model.lianhu"));
    println!("a village: {} batches", year.len());
    for n in if asked.is_empty() { vec![30, 500] } else { asked } {
        let at = folder.path().join(format!("town-{n}"));
        let town = feed::town(&at);
        (0..n).for_each(|nth| found(&town, nth, &year));
        measure(&town, n);
    }
}

/// A year of a village: one home, visit and meeting after the other.
fn year_of(path: &std::path::Path) -> Vec<Batch> {
    let mut ledger: Ledger = feed::ledger(path, "样村", "990101102200", 1, (HOMES, 40));
    let households = ledger.view().list("household").unwrap();
    let cadre = ledger.view().list("visit").unwrap()[0]["visitor"].clone();
    for month in 0..12 {
        let day = feed::october().plus(month - 11).first();
        for nth in 0..VISITS {
            let (on, household) = (day + chrono::Days::new(u64::from(nth % 28)), &households[nth as usize]["id"]);
            let visit = serde_json::json!({"household": household, "visitor": cadre, "on": on, "shared_meal": true});
            feed::put(&mut ledger, "visit", visit);
        }
        feed::put(&mut ledger, "meeting", serde_json::json!({"meeting_kind": "mass", "on": day, "present": 90}));
        if month < 11 {
            feed::close(&mut ledger, feed::october().plus(month - 11));
        }
    }
    ledger.span(ledger.own_chain(), 1, u64::MAX).unwrap()
}

/// The same year as another village's: other ids of village and computer, chained and signed anew.
fn found(town: &Town, nth: usize, year: &[Batch]) {
    let code = format!("99010110{nth:04}");
    town.add_village(&code, &format!("第{nth}村")).unwrap();
    let (village, device) = (Uuid::from_u128(1 << 64 | nth as u128), Uuid::from_u128(2 << 64 | nth as u128));
    let key = Ed25519Key::new([7; 32]);
    let offer = town.offer(&code, "secretary", None).unwrap();
    let ask = lianhu_sync::enrolment::Enrol::new(&offer.code, (device, 1), "王文书", Some(village), &key);
    town.enrol(&ask).unwrap().unwrap();
    let (old, mut prev) = (year[0].village, [0; 32]);
    let mut batches = Vec::with_capacity(year.len());
    for batch in year {
        let mut batch = Batch { village, prev, signature: Vec::new(), ..batch.clone() };
        batch.at.device = device;
        for change in &mut batch.changes {
            change.id = if change.id == old { village } else { change.id };
            change.cells.iter_mut().flat_map(|cell| &mut cell.bases).for_each(|base| base.device = device);
        }
        prev = batch.hash();
        batches.push(batch);
    }
    for run in batches.chunks_mut(500) {
        let last = run.last_mut().unwrap();
        last.signature = key.sign(&signed(last));
        let head = lianhu_sync::package::Head {
            village,
            maker: device,
            reader: None,
            spans: Default::default(),
            has: Default::default(),
        };
        town.take(village, &[Parcel::new(run.to_vec(), Vec::new())], &head).unwrap().unwrap();
    }
}

fn measure(town: &Town, n: usize) {
    let timed = |what: &str, work: &dyn Fn()| {
        let begun = Instant::now();
        work();
        println!("{n:>4} villages  {what:<34} {:>9.1} ms", begun.elapsed().as_secs_f64() * 1000.0);
    };
    let month = feed::october();
    let first = Reading::default();
    timed("board, nothing read yet", &|| _ = board::board(first.of(town), month).unwrap());
    timed("board, again", &|| _ = board::board(first.of(town), month).unwrap());
    timed("roll-up, after the board", &|| _ = rollup::rollup(first.of(town), month, Basis::Now).unwrap());
    timed("twelve months, first", &|| _ = line::line(first.of(town), "aid.visited", month, None).unwrap());
    timed("twelve months, again", &|| _ = line::line(first.of(town), "aid.visited", month, None).unwrap());
    let second = Reading::default();
    timed("board, after a new start", &|| _ = board::board(second.of(town), month).unwrap());
    timed("roll-up, after a new start", &|| _ = rollup::rollup(second.of(town), month, Basis::Now).unwrap());
    let memory = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let high = memory.lines().find(|line| line.starts_with("VmHWM")).unwrap_or("VmHWM unknown");
    println!("{n:>4} villages  {high}");
}
