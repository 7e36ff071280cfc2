//! The line is cut at every thousandth byte: nothing acked is lost, nothing is said to be received that was not, and the
//! next try goes on.

use std::sync::atomic::Ordering;

use lianhu_ledger::Ledger;
use lianhu_sync::Shelf;
use lianhu_sync::client::{Joined, Line};
use tempfile::TempDir;

use crate::wire::cutting;
use crate::{Laptop, PATIENCE, Town, edge, enrolled, join};

/// What the laptop holds for received lies at the township.
fn nothing_is_claimed(laptop: &Laptop, town: &Town) {
    town.at(|inside| {
        for (at, hash, _) in laptop.ledger.receipted().unwrap() {
            assert_eq!(inside.shelf.hash_at(at).unwrap(), Some(hash), "{at} is said to be received");
        }
    });
}

fn grow(laptop: &mut Laptop, from: u128, n: u128) {
    for id in from..from + n {
        laptop.put(id, blake3::hash(&id.to_le_bytes()).to_hex().as_str());
    }
}

#[test]
fn a_report_is_cut_anywhere_and_goes_on() {
    let folder = TempDir::new().unwrap();
    let (mut laptop, town) = enrolled(&folder);
    let wire = cutting(&town.address);
    let line = || Line::with_patience(&wire.address, town.pin, PATIENCE).unwrap();
    let (mut cuts, mut id) = (0, 1);
    for most in (1..40).map(|nth| nth * 1000) {
        grow(&mut laptop, id, 40);
        id += 40;
        wire.most.store(most, Ordering::Relaxed);
        cuts += usize::from(laptop.sync_by(&line()).is_err());
        nothing_is_claimed(&laptop, &town);
    }
    assert!(cuts > 3, "{cuts}");
    wire.most.store(i64::MAX, Ordering::Relaxed);
    assert!(laptop.sync_by(&line()).unwrap().is_all);
    assert_eq!(town.at(|inside| inside.dump()), laptop.dump());
}

#[test]
fn a_join_is_cut_anywhere_leaves_no_half_ledger_and_goes_on() {
    let folder = TempDir::new().unwrap();
    let (mut a, town) = enrolled(&folder);
    for round in 0..40 {
        grow(&mut a, 1 + round * 20, 20);
        a.whole_sync();
    }
    let wire = cutting(&town.address);
    let through = Town { address: wire.address.clone(), ..town.clone() };
    let code = through.code("secretary", false);
    let path = folder.path().join("b.lianhu");
    let mut cuts = 0;
    for most in (1..).map(|nth| nth * 1000) {
        wire.most.store(most, Ordering::Relaxed);
        if let Ok(Joined::Whole(_)) = join(&path, Some(&code), 20 + most as u64) {
            break;
        }
        assert!(!path.exists(), "no half ledger in its place");
        cuts += 1;
        assert!(cuts < 400);
    }
    assert!(cuts > 3, "{cuts}");
    let b = Laptop::of(Ledger::open(&path, None, Box::new(edge(90))).unwrap(), 91);
    assert_eq!(a.dump(), b.dump());
    assert_eq!(b.ledger.verify().unwrap().problems, Vec::<String>::new());
}
