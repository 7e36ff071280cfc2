//! How few bytes the exchange needs: against the least that any program would have to say, as `zstd -19` packs it.

#![allow(clippy::unwrap_used)]

use lianhu_simulator::work::figures::{heard, month_at_its_end, year};
use lianhu_simulator::work::{Month, Village};
use lianhu_sync::Shelf;
use tempfile::TempDir;

fn folder() -> TempDir {
    let memory = std::path::Path::new("/dev/shm");
    if memory.is_dir() { TempDir::new_in(memory).unwrap() } else { TempDir::new().unwrap() }
}

#[test]
fn a_month_of_three_laptops_costs_at_most_a_third_more_than_its_values() {
    assert_eq!(Month::USUAL.records(), 250);
    let folder = folder();
    let mut village = Village::new(folder.path()).unwrap();
    let listener = village.newcomer().unwrap();
    village.converse(listener).unwrap();
    let told = month_at_its_end(&mut village).unwrap();
    let heard = heard(&mut village, listener).unwrap();
    eprintln!("told {told:?} = {:.2}, heard {heard:?} = {:.2}", told.ratio(), heard.ratio());
    assert!(told.ratio() <= 1.3 && heard.ratio() <= 1.3);
    let says = village.dump(0).unwrap();
    (1..4).for_each(|nth| assert_eq!(village.dump(nth).unwrap(), says));
}

#[test]
fn a_quarter_told_every_evening_is_caught_up_in_one_breath_and_where_it_was_cut() {
    let folder = folder();
    let mut village = Village::new(folder.path()).unwrap();
    let (away, cut) = (village.newcomer().unwrap(), village.newcomer().unwrap());
    village.converse(away).unwrap();
    village.converse(cut).unwrap();
    year(&mut village, 3).unwrap();
    let heard = heard(&mut village, away).unwrap();
    eprintln!("{heard:?} = {:.2}", heard.ratio());
    assert!(heard.ratio() <= 1.3 && heard.trips <= 3);
    // Cut after the first answer, another conversation goes on there.
    let first = village.converse_upto(cut, 1).unwrap();
    let second = village.converse(cut).unwrap();
    assert!((first.bytes() + second.bytes()) as f64 <= heard.ours * 1.1);
    assert_eq!(village.dump(cut).unwrap(), village.dump(0).unwrap());
    assert_eq!(village.dump(away).unwrap(), village.dump(0).unwrap());
    for laptop in &village.laptops {
        assert_eq!(laptop.shelf.ledger().verify().unwrap().problems, Vec::<String>::new());
        assert_eq!(laptop.shelf.sum().unwrap(), village.town.sum().unwrap());
    }
}
