//! A ledger that was put back, a township that was: found at the next sync by the word that lies outside of both.

use lianhu_ledger::Ledger;
use lianhu_sync::client::Found;
use lianhu_sync::protocol::Why;
use tempfile::TempDir;

use crate::{Laptop, edge, enrolled, joined};

fn copy(laptop: &Laptop, folder: &TempDir) -> std::path::PathBuf {
    let to = folder.path().join("copy.lianhu");
    laptop.ledger.backup(&to, None, Box::new(edge(60))).unwrap();
    to
}

/// The copy is put back by hand, as a file.
fn put_back(laptop: Laptop, copy: &std::path::Path) -> Laptop {
    let path = laptop.ledger.path().to_owned();
    drop(laptop);
    for ending in ["-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{ending}", path.display()));
    }
    std::fs::copy(copy, &path).unwrap();
    Laptop::of(Ledger::open(&path, None, Box::new(edge(61))).unwrap(), 62)
}

#[test]
fn a_ledger_that_was_put_back_fetches_what_it_lost_and_numbers_anew() {
    let folder = TempDir::new().unwrap();
    let (mut a, town) = enrolled(&folder);
    a.put(7, "一组");
    a.whole_sync();
    let copy = copy(&a, &folder);
    let before = a.ledger.own_chain();
    a.put(8, "二组");
    a.whole_sync();
    let mut a = put_back(a, &copy);
    assert!(!a.dump().contains("二组"));
    let outcome = a.whole_sync();
    assert_eq!(outcome.found, [Found::LedgerWentBack]);
    assert!(a.dump().contains("二组"));
    assert_ne!(a.ledger.own_chain(), before);
    a.put(9, "三组");
    assert_eq!(a.whole_sync().found, []);
    assert_eq!(town.at(|inside| inside.dump()), a.dump());
}

#[test]
fn what_was_typed_into_a_ledger_that_was_put_back_is_not_lost_either() {
    let folder = TempDir::new().unwrap();
    let (mut a, town) = enrolled(&folder);
    a.whole_sync();
    let copy = copy(&a, &folder);
    a.put(8, "二组");
    a.whole_sync();
    let mut a = put_back(a, &copy);
    a.put(9, "三组");
    a.whole_sync();
    assert!(a.dump().contains("二组") && a.dump().contains("三组"));
    assert_eq!(town.at(|inside| inside.dump()), a.dump());
    assert!(a.ledger.parked().unwrap().is_empty());
}

#[test]
fn a_restored_ledger_goes_on_as_its_new_incarnation_without_a_word() {
    let folder = TempDir::new().unwrap();
    let (mut a, town) = enrolled(&folder);
    a.put(7, "一组");
    a.whole_sync();
    let copy = copy(&a, &folder);
    let path = a.ledger.path().to_owned();
    drop(a);
    let edges = [edge(70), edge(71), edge(72)].map(|edge| Box::new(edge) as Box<dyn lianhu_ledger::Edge>);
    Ledger::restore(&copy, &path, &folder.path().join("aside"), None, edges).unwrap();
    let mut a = Laptop::of(Ledger::open(&path, None, Box::new(edge(73))).unwrap(), 74);
    assert!(a.ledger.own_chain().incarnation > 1);
    a.put(8, "二组");
    assert_eq!(a.whole_sync().found, []);
    assert_eq!(town.at(|inside| inside.dump()), a.dump());
}

#[test]
fn a_township_that_was_restored_is_told_what_it_lacks() {
    let folder = TempDir::new().unwrap();
    let (mut a, town) = enrolled(&folder);
    a.put(7, "一组");
    a.whole_sync();
    let mut b = joined(&folder, &town, "secretary");
    let (copy, no) = town.at(|inside| inside.copy());
    a.put(8, "二组");
    b.put(9, "三组");
    a.whole_sync();
    b.whole_sync();
    for (epoch, found) in [(8, Found::TownshipRestored), (8, Found::TownshipWentBack)] {
        town.at(|inside| inside.goes_back_to(&copy, no, epoch));
        let outcome = b.whole_sync();
        assert!(outcome.found.contains(&found), "{:?}", outcome.found);
        a.whole_sync();
        b.whole_sync();
        assert_eq!(a.dump(), b.dump());
        assert_eq!(town.at(|inside| inside.dump()), a.dump());
        assert!(a.dump().contains("二组") && a.dump().contains("三组"));
    }
}

#[test]
fn a_history_that_was_rewritten_is_found_and_ours_stays() {
    let folder = TempDir::new().unwrap();
    let (mut a, town) = enrolled(&folder);
    a.whole_sync();
    let (copy, no) = town.at(|inside| inside.copy());
    let here = self::copy(&a, &folder);
    a.put(8, "二组");
    a.whole_sync();
    let witness = std::fs::read(format!("{}.head", a.ledger.path().display())).unwrap();
    // Somebody puts both back to before and writes another history under the same numbers.
    town.at(|inside| inside.goes_back_to(&copy, no, 7));
    let mut a = put_back(a, &here);
    std::fs::remove_file(format!("{}.head", a.ledger.path().display())).unwrap();
    a.put(8, "假组");
    a.whole_sync();
    std::fs::write(format!("{}.head", a.ledger.path().display()), witness).unwrap();
    let outcome = a.sync().unwrap();
    assert!(outcome.found.contains(&Found::Rewritten), "{:?}", outcome.found);
    assert!(a.sync().unwrap().found.contains(&Found::Rewritten), "it is said until somebody has looked");
}

#[test]
fn a_copied_computer_loses_nothing() {
    let folder = TempDir::new().unwrap();
    let (mut a, town) = enrolled(&folder);
    a.whole_sync();
    let copy = copy(&a, &folder);
    let twin = folder.path().join("twin.lianhu");
    std::fs::copy(&copy, &twin).unwrap();
    let mut twin = Laptop::of(Ledger::open(&twin, None, Box::new(edge(80))).unwrap(), 81);
    a.put(8, "二组");
    twin.put(9, "三组");
    a.whole_sync();
    let outcome = twin.whole_sync();
    assert!(outcome.held.iter().all(|(_, why)| *why != Why::Fork), "{outcome:?}");
    a.whole_sync();
    assert_eq!(a.dump(), twin.dump());
    assert_eq!(town.at(|inside| inside.dump()), a.dump());
}
