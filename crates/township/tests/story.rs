//! A township's bad days: its server is restored from an old copy, emptied, bent by hand, backed up while it works.
#![allow(clippy::unwrap_used)]

mod common;

use std::path::Path;
use std::sync::Arc;

use common::{CODE, Computer, a_hundred, again, town, village_with_secretary};
use lianhu_ledger::Result;
use lianhu_sync::package::{self, Sealed};
use lianhu_sync::{Shelf, Signer};
use lianhu_township::backup::restore;
use lianhu_township::failure::Failure;
use lianhu_township::machine::Machine;
use lianhu_township::store::Store;
use lianhu_township::store::sqlite::SqliteStore;
use lianhu_township::town::Town;
use uuid::Uuid;

fn files(folder: &Path) -> Result<Arc<dyn Store>> {
    Ok(Arc::new(SqliteStore::at(folder)))
}

fn said<T>(outcome: Result<T, Failure>) -> &'static str {
    match outcome {
        Err(Failure::Said(key, _)) => key,
        Err(Failure::Ledger(error)) => panic!("a fault: {error}"),
        Ok(_) => panic!("it was done"),
    }
}

#[test]
fn a_restored_township_is_brought_what_it_lost() {
    let folder = tempfile::tempdir().unwrap();
    let (home, backup) = (folder.path().join("town"), folder.path().join("night.lhtb"));
    let first = town(&home);
    let mut secretary = village_with_secretary(&first, CODE, 1);
    secretary.visits(50);
    secretary.speaks(&first).unwrap();
    let picture = first.pictures(secretary.village);
    std::fs::create_dir_all(&picture).unwrap();
    std::fs::write(picture.join("ab.jpg"), b"a picture").unwrap();
    let done = first.backup(&backup).unwrap();
    assert_eq!((done.villages, done.pictures), (1, 1));
    secretary.visits(34);
    secretary.speaks(&first).unwrap();
    let epoch = secretary.epoch;
    drop(first);
    assert_eq!(said(restore(&backup, &home, &files, &Machine::default(), false)), "township.restore_over");
    let aside = restore(&backup, &home, &files, &Machine::default(), true).unwrap().expect("the old one is kept");
    assert!(aside.join("township.db").is_file());
    let second = again(&home);
    assert!(second.pictures(secretary.village).join("ab.jpg").is_file());
    assert_eq!(second.verify().unwrap().problems, Vec::<String>::new());
    // It lacks 34; asked from the beginning again, as a laptop does when the epoch is another, it takes them with the
    // receipts of its earlier life.
    let answer = secretary.speaks(&second).unwrap();
    assert_ne!(answer.epoch, epoch);
    let mut ask = secretary.ask();
    let mut parcel = secretary.parcel(51);
    parcel.receipts = secretary.received.clone();
    ask.parcels = vec![parcel];
    let taken = second.hear(&ask).unwrap().unwrap();
    assert_eq!(taken.batches, 34);
    assert_eq!(second.verify().unwrap().problems, Vec::<String>::new());
}

#[test]
fn an_emptied_store_under_the_same_key_is_the_same_township() {
    let folder = tempfile::tempdir().unwrap();
    let first = town(folder.path());
    let (root, pin) = (first.root().clone(), first.pin());
    let mut secretary = village_with_secretary(&first, CODE, 1);
    secretary.visits(5);
    secretary.speaks(&first).unwrap();
    drop(first);
    std::fs::remove_dir_all(folder.path().join("villages")).unwrap();
    for name in ["township.db", "township.db-wal", "township.db-shm"] {
        let _ = std::fs::remove_file(folder.path().join(name));
    }
    let second = town(folder.path());
    assert_eq!((second.root(), second.pin()), (&root, pin));
    second.add_village(CODE, "禾坪村").unwrap();
    assert!(!secretary.join(&second, CODE, "secretary").unwrap().waits);
    secretary.received.clear();
    secretary.speaks(&second).unwrap();
    assert_eq!(secretary.acked(), 5);
}

#[test]
fn a_backup_that_was_cut_or_bent_restores_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (home, backup) = (folder.path().join("town"), folder.path().join("night.lhtb"));
    let first = town(&home);
    village_with_secretary(&first, CODE, 1);
    first.backup(&backup).unwrap();
    let whole = std::fs::read(&backup).unwrap();
    let (bad, empty) = (folder.path().join("bad.lhtb"), folder.path().join("empty"));
    let step = whole.len() / 40;
    for at in (0..whole.len()).step_by(step.max(1)) {
        std::fs::write(&bad, &whole[..at]).unwrap();
        assert_eq!(
            said(restore(&bad, &empty, &files, &Machine::default(), false)),
            "township.backup_damaged",
            "cut at {at}"
        );
        let mut bent = whole.clone();
        bent[at] ^= 4;
        std::fs::write(&bad, &bent).unwrap();
        assert_eq!(
            said(restore(&bad, &empty, &files, &Machine::default(), false)),
            "township.backup_damaged",
            "bent at {at}"
        );
        assert!(!empty.exists());
    }
    assert_eq!(
        said(restore(&folder.path().join("no"), &empty, &files, &Machine::default(), false)),
        "township.no_backup"
    );
}

#[test]
fn a_backup_is_made_while_villages_push() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("town");
    let first = Arc::new(town(&home));
    let mut computers: Vec<Computer> =
        (0..4).map(|nth| village_with_secretary(&first, &format!("9901011022{nth:02}"), nth)).collect();
    let pushing = {
        let first = first.clone();
        std::thread::spawn(move || {
            for _ in 0..20 {
                for computer in &mut computers {
                    computer.visits(5);
                    computer.speaks(&first).unwrap();
                }
            }
            computers
        })
    };
    let backups: Vec<_> = (0..5).map(|nth| folder.path().join(format!("{nth}.lhtb"))).collect();
    for file in &backups {
        again(&home).backup(file).unwrap();
    }
    let computers = pushing.join().unwrap();
    for (nth, file) in backups.iter().enumerate() {
        let restored = folder.path().join(format!("restored-{nth}"));
        restore(file, &restored, &files, &Machine::default(), false).unwrap();
        assert_eq!(again(&restored).verify().unwrap().problems, Vec::<String>::new());
    }
    assert!(computers.iter().all(|computer| computer.acked() == 100));
}

#[test]
fn a_row_bent_by_hand_is_found() {
    let bends = [
        "UPDATE batch SET body = CAST(replace(CAST(body AS TEXT), 'visit', 'visix') AS BLOB) WHERE seq = 3 AND signature = x''",
        "UPDATE batch SET stamp = stamp + 1 WHERE seq = 3",
        "UPDATE batch SET received = received - 9 WHERE seq = 3",
        "UPDATE batch SET barred = 'refused' WHERE seq = 3",
        "UPDATE batch SET hash = zeroblob(32) WHERE seq = 3",
        "UPDATE head SET seq = seq + 1",
        "DELETE FROM batch WHERE seq = 5",
        "DELETE FROM receipt WHERE no = 2",
        "UPDATE block SET sum = zeroblob(16)",
        "UPDATE receipt SET paper = (SELECT paper FROM receipt WHERE no = 1) WHERE no = 2",
        "DELETE FROM batch",
    ];
    for bend in bends {
        let folder = tempfile::tempdir().unwrap();
        let first = town(folder.path());
        let mut secretary = village_with_secretary(&first, CODE, 1);
        secretary.visits(5);
        secretary.speaks(&first).unwrap();
        drop(first);
        let file = SqliteStore::at(folder.path()).path(secretary.village);
        assert_eq!(again(folder.path()).verify().unwrap().problems, Vec::<String>::new());
        let conn = rusqlite::Connection::open(file).unwrap();
        assert!(conn.execute(bend, []).unwrap() > 0, "{bend}");
        drop(conn);
        assert_ne!(again(folder.path()).verify().unwrap().problems, Vec::<String>::new(), "{bend}");
    }
}

#[test]
fn a_stick_is_read_whole_or_not_at_all_and_brings_an_answer_back() {
    let folder = tempfile::tempdir().unwrap();
    let first = town(folder.path());
    let mut secretary = village_with_secretary(&first, CODE, 1);
    secretary.visits(20);
    let parcel = secretary.parcel(1);
    let root = first.root().clone();
    let sealed = Sealed { reader: root.device, key: &root.key, chance: [9; 32] };
    let make = |computer: &Computer, village: Uuid| {
        let has = [(computer.chain, 20)].into();
        package::make(village, computer.chain.device, std::slice::from_ref(&parcel), has, Some(&sealed), &computer.key)
            .unwrap()
    };
    let stick = make(&secretary, secretary.village);
    for at in (0..stick.len()).step_by(97) {
        assert!(first.read_package(&stick[..at]).is_err());
        let mut bent = stick.clone();
        bent[at] ^= 1;
        assert!(first.read_package(&bent).is_err());
    }
    assert_eq!(first.with(secretary.village, |shelf| Ok(shelf.heads()?.len())).unwrap(), Some(1), "only the roster");
    let came = first.read_package(&stick).unwrap();
    assert_eq!(came.batches, 20);
    let again = first.read_package(&stick).unwrap();
    assert_eq!(again.batches, 0, "the same stick twice brings nothing new");
    let roster = first.with(secretary.village, |shelf| shelf.roster()).unwrap().unwrap();
    let secret = *blake3::hash(&1u64.to_le_bytes()).as_bytes();
    assert_eq!(lianhu_sync::Ed25519Key::new(secret).public(), secretary.key.public());
    let me = (secretary.chain.device, &secret);
    let (_, back) = package::read(&came.back, secretary.village, &roster, &lianhu_sync::Ed25519, me).unwrap();
    let receipts = back.iter().flat_map(|parcel| &parcel.receipts).filter(|r| r.chain == secretary.chain);
    assert_eq!(receipts.map(|receipt| receipt.last).max(), Some(20));
    // Another village's, a stranger's, a revoked computer's.
    assert_eq!(said(first.read_package(&make(&secretary, Uuid::from_u128(4)))), "package.other_village");
    let stranger = Computer { village: secretary.village, ..Computer::new(secretary.village, 99) };
    assert_eq!(said(first.read_package(&make(&stranger, secretary.village))), "package.stranger");
}

#[test]
fn a_code_holds_once_for_its_village_and_a_day() {
    use lianhu_sync::enrolment::Refused;
    let folder = tempfile::tempdir().unwrap();
    let mut first = town(folder.path());
    let secretary = village_with_secretary(&first, CODE, 1);
    let offer = first.offer(CODE, "cadre", None).unwrap();
    let second = Computer::new(secretary.village, 2);
    let third = Computer::new(secretary.village, 3);
    let foreign = Computer::new(Uuid::from_u128(77), 4);
    assert_eq!(first.enrol(&foreign.enrol(&offer.code, "外", true)).unwrap(), Err(Refused::OtherVillage));
    let enrolled = first.enrol(&second.enrol(&offer.code, "陆永平", false)).unwrap().unwrap();
    assert_eq!((enrolled.village, enrolled.waits), (secretary.village, true));
    // An answer that was lost: the same computer hears the same.
    assert_eq!(first.enrol(&second.enrol(&offer.code, "陆永平", true)).unwrap().unwrap(), enrolled);
    assert_eq!(first.enrol(&third.enrol(&offer.code, "别人", true)).unwrap(), Err(Refused::Used));
    let mut guessed = offer.code.clone();
    guessed.secret[3] ^= 1;
    assert_eq!(first.enrol(&third.enrol(&guessed, "别人", true)).unwrap(), Err(Refused::Unknown));
    // Another key under a known device.
    let offer = first.offer(CODE, "cadre", None).unwrap();
    let thief = Computer { chain: secretary.chain, ..Computer::new(secretary.village, 5) };
    assert_eq!(first.enrol(&thief.enrol(&offer.code, "别人", true)).unwrap(), Err(Refused::DeviceKnown));
    let offer = first.offer(CODE, "cadre", None).unwrap();
    first.machine = Machine::at_ms(first.machine.now_ms() + 24 * 3_600_000 + 1000);
    assert_eq!(first.enrol(&third.enrol(&offer.code, "别人", true)).unwrap(), Err(Refused::Expired));
    assert_eq!(said(first.revoke(secretary.chain.device)), "township.last_secretary");
    assert_eq!(said(first.offer(CODE, "mayor", None)), "township.no_such_role");
    let computers = first.computers(&first.listed(CODE).unwrap()).unwrap();
    let short = lianhu_sync::enrolment::short(&second.key.public(), first.root());
    assert!(computers.iter().any(|c| c.device == second.chain.device && c.short == short));
}

#[test]
fn a_hundred_computers_push_a_month_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let first = Arc::new(town(folder.path()));
    let pushing: Vec<_> = a_hundred(&first, 8)
        .into_iter()
        .map(|mut lane| {
            let first: Arc<Town> = first.clone();
            std::thread::spawn(move || {
                for computer in &mut lane {
                    computer.visits(84);
                    computer.speaks(&first).unwrap();
                    assert_eq!(computer.acked(), 84);
                }
            })
        })
        .collect();
    pushing.into_iter().for_each(|thread| thread.join().unwrap());
    let verified = first.verify().unwrap();
    assert_eq!(verified.problems, Vec::<String>::new());
    assert_eq!(verified.batches, 100 * 84 + 100, "every batch once, and the roster's");
}
