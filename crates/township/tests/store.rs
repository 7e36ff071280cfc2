//! Both stores keep one promise: the same story told to each, row by row and ask by ask.
#![allow(clippy::unwrap_used)]

mod common;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Duration;

use common::postgres::Postgres;
use common::{CODE, Computer, OTHER, a_hundred, town_on, village_with_secretary};
use lianhu_ledger::{Chain, Head, Result, Stamp};
use lianhu_sync::{Block, Shelf, Sum, Why};
use lianhu_township::store::postgres::{PostgresStore, sql};
use lianhu_township::store::sqlite::SqliteStore;
use lianhu_township::store::{Changes, Entry, Foreseen, Mark, Numbered, State, Store, copy, paper, transact};
use lianhu_township::town::{Asked, Town};
use uuid::Uuid;

const VILLAGE: Uuid = Uuid::from_u128(0x71);
const NEIGHBOUR: Uuid = Uuid::from_u128(0x72);
const CHAIN: Chain = Chain { device: Uuid::from_u128(0xd), incarnation: 7 };

fn rows() -> Changes {
    let entry = |seq: u64| Entry {
        at: CHAIN.at(seq),
        hash: [seq as u8; 32],
        stamp: Stamp(100 + seq),
        received: (seq != 3).then_some(Stamp(200 + seq)),
        barred: (seq == 2).then_some(Why::Role),
        signature: if seq == 5 { vec![1; 65] } else { Vec::new() },
        body: vec![seq as u8; 40],
    };
    let receipt = |no, first, last| Numbered { no, chain: CHAIN, first, last, paper: vec![no as u8; 20] };
    Changes {
        entries: (1..=5).map(entry).collect(),
        heads: [(CHAIN, Head { seq: 5, hash: [5; 32] })].into(),
        receipts: vec![receipt(1, 1, 2), receipt(2, 3, 4), receipt(3, 5, 5)],
        sums: (0..3).map(|nth| (Block { chain: CHAIN, nth }, Sum(u128::MAX - u128::from(nth)))).collect(),
        born: vec![i64::MIN, -1, 0, 7, i64::MAX],
        papers: vec![
            (paper::PARKED, b"b".to_vec(), Some(b"two".to_vec())),
            (paper::PARKED, b"a".to_vec(), Some(b"one".to_vec())),
            (paper::TODAY, b"a".to_vec(), Some(Vec::new())),
        ],
        state: Some(State { newest: 3, sum: Sum(9), living: 5, parked: 6, judged: Some([8; 32]) }),
        ..Changes::default()
    }
}

fn within<T>(store: &dyn Store, work: impl FnMut(&mut dyn lianhu_township::store::Tx) -> Result<T>) -> T {
    transact(store, VILLAGE, work).unwrap().expect("the village is there")
}

fn rows_come_back(store: &dyn Store) {
    assert_eq!(transact(store, VILLAGE, |_| Ok(())).unwrap(), None, "a village that is not there");
    store.found(VILLAGE).unwrap();
    store.found(NEIGHBOUR).unwrap();
    let rows = rows();
    within(store, |tx| tx.append(&rows));
    store.found(VILLAGE).unwrap();
    within(store, |tx| {
        assert_eq!(Some(tx.state()?), rows.state);
        assert_eq!(tx.heads()?, rows.heads);
        assert_eq!(tx.entries(CHAIN, 0, u64::MAX)?, rows.entries);
        assert_eq!(tx.entries(CHAIN, 2, 3)?, rows.entries[1..3]);
        let mark =
            |e: &Entry| Mark { seq: e.at.seq, hash: e.hash, stamp: e.stamp, received: e.received, barred: e.barred };
        assert_eq!(tx.marks(CHAIN, 2, 4)?, rows.entries[1..4].iter().map(mark).collect::<Vec<_>>());
        assert_eq!(tx.barred()?, [CHAIN.at(2)]);
        let nos = |papers: Vec<Vec<u8>>| papers.iter().map(|paper| paper[0]).collect::<Vec<u8>>();
        assert_eq!(nos(tx.receipts(CHAIN, 2, 3)?), [1, 2]);
        assert_eq!(nos(tx.receipts(CHAIN, 5, u64::MAX)?), [3]);
        let since: Vec<u64> = tx.since(1, 1)?.into_iter().map(|(no, _)| no).collect();
        assert_eq!((since, tx.since(3, 9)?.len(), tx.since(0, usize::MAX)?.len()), (vec![2], 0, 3));
        assert_eq!(tx.sums(None)?, rows.sums);
        let some: Vec<Block> = [2, 0, 9].map(|nth| Block { chain: CHAIN, nth }).into();
        assert_eq!(tx.sums(Some(&some))?.len(), 2);
        let mut living = tx.living(&[7, 8, i64::MIN, i64::MAX])?;
        living.sort_unstable();
        assert_eq!(living, [i64::MIN, 7, i64::MAX]);
        let names: Vec<Vec<u8>> = tx.papers(paper::PARKED)?.into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, [b"a", b"b"]);
        assert_eq!(tx.paper(paper::PARKED, b"b")?.as_deref(), Some(b"two".as_slice()));
        assert_eq!(tx.paper(paper::APPROVED, b"b")?, None);
        Ok(())
    });
}

fn later_rows_stand_over_earlier_ones(store: &dyn Store) {
    let newer = Changes {
        heads: [(CHAIN, Head { seq: 6, hash: [6; 32] })].into(),
        times: vec![(CHAIN.at(3), Stamp(203)), (CHAIN.at(4), Stamp(1))],
        bars: vec![(CHAIN.at(2), None), (CHAIN.at(3), Some(Why::Refused))],
        sums: [(Block { chain: CHAIN, nth: 1 }, Sum(1))].into(),
        born: vec![7, 99],
        gone: vec![-1],
        papers: vec![
            (paper::PARKED, b"a".to_vec(), Some(b"first".to_vec())),
            (paper::PARKED, b"a".to_vec(), Some(b"last".to_vec())),
            (paper::PARKED, b"b".to_vec(), None),
        ],
        ..Changes::default()
    };
    within(store, |tx| {
        let state = tx.state()?;
        tx.append(&newer)?;
        assert_eq!(tx.heads()?, newer.heads);
        let marks = tx.marks(CHAIN, 2, 4)?;
        assert_eq!(marks.iter().map(|m| m.received.map(|t| t.0)).collect::<Vec<_>>(), [Some(202), Some(203), Some(1)]);
        assert_eq!(marks.iter().map(|m| m.barred).collect::<Vec<_>>(), [None, Some(Why::Refused), None]);
        assert_eq!(tx.sums(None)?[&Block { chain: CHAIN, nth: 1 }], Sum(1));
        assert_eq!(tx.living(&[-1, 99])?, [99]);
        assert_eq!(tx.papers(paper::PARKED)?, [(b"a".to_vec(), b"last".to_vec())]);
        assert_eq!(tx.state()?, state, "what is not said stays");
        Ok(())
    });
}

fn what_is_not_finished_did_not_happen(store: &dyn Store) {
    let before = within(store, |tx| Ok((tx.heads()?, tx.state()?)));
    let failed = store.transact(VILLAGE, &Foreseen::default(), &mut |tx| {
        let state = Some(State { newest: 77, ..tx.state()? });
        tx.append(&Changes { heads: [(CHAIN, Head { seq: 70, hash: [7; 32] })].into(), state, ..Changes::default() })?;
        Err(lianhu_ledger::Refusal::new(lianhu_ledger::Code::Stopped).into())
    });
    assert!(failed.is_err());
    assert_eq!(within(store, |tx| Ok((tx.heads()?, tx.state()?))), before);
    // The same number twice is a fault of ours, not a second row.
    assert!(store.transact(VILLAGE, &Foreseen::default(), &mut |tx| tx.append(&rows())).is_err());
    assert_eq!(within(store, |tx| Ok((tx.heads()?, tx.state()?))), before);
}

fn a_neighbour_sees_nothing(store: &dyn Store) {
    let seen = transact(store, NEIGHBOUR, |tx| {
        let papers = tx.papers(paper::PARKED)?.len() + tx.papers(paper::TODAY)?.len();
        let rows = tx.heads()?.len() + tx.entries(CHAIN, 0, u64::MAX)?.len() + tx.since(0, 99)?.len();
        Ok(papers + rows + tx.sums(None)?.len() + tx.living(&[7])?.len() + tx.barred()?.len())
    });
    assert_eq!(seen.unwrap(), Some(0));
}

fn nobody_writes_between_reading_and_writing(store: &Arc<dyn Store>) {
    let before = within(store.as_ref(), |tx| tx.state()).newest;
    let threads: Vec<_> = (0..6)
        .map(|_| {
            let store = store.clone();
            std::thread::spawn(move || {
                for _ in 0..10 {
                    within(store.as_ref(), |tx| {
                        let state = tx.state()?;
                        let state = Some(State { newest: state.newest + 1, ..state });
                        tx.append(&Changes { state, ..Changes::default() })
                    });
                }
            })
        })
        .collect();
    threads.into_iter().for_each(|thread| thread.join().unwrap());
    assert_eq!(within(store.as_ref(), |tx| tx.state()).newest, before + 60);
}

/// Every village of a township, in files, is what it is in this store.
fn a_copy_is_the_same(town: &Town) {
    let folder = tempfile::tempdir().unwrap();
    let (store, files) = (town.store.as_ref(), SqliteStore::at(folder.path()));
    let villages = town.villages().unwrap().into_iter().filter_map(|village| village.id);
    for village in villages.chain([lianhu_township::store::TOWN]) {
        assert!(copy::copy(store, &files, village).unwrap());
        assert!(copy::is_same(store, &files, village).unwrap());
        assert_eq!(files.check(village).unwrap(), Vec::<String>::new());
    }
    assert!(!copy::copy(store, &files, Uuid::from_u128(5)).unwrap());
}

fn rows_story(store: &Arc<dyn Store>) {
    rows_come_back(store.as_ref());
    later_rows_stand_over_earlier_ones(store.as_ref());
    what_is_not_finished_did_not_happen(store.as_ref());
    a_neighbour_sees_nothing(store.as_ref());
    nobody_writes_between_reading_and_writing(store);
}

/// A township with two villages: enrolled, pushed, repeated, cut, held, revoked; everything still true afterwards.
fn town_story(town: &Town) {
    let mut secretary = village_with_secretary(town, CODE, 1);
    let mut other = village_with_secretary(town, OTHER, 2);
    secretary.visits(84);
    let answer = secretary.speaks(town).unwrap();
    assert_eq!((answer.held.len(), answer.need.len(), secretary.acked()), (0, 0, 84));
    // Said again, it is the same receipt; said differently under the same number, it is a fork and is kept apart.
    let again = Computer { received: Vec::new(), ..secretary.clone() }.speaks(town).unwrap();
    assert_eq!(again.receipts, answer.receipts);
    let mut copied = Computer::new(secretary.village, 1);
    copied.visits(83);
    copied.writes(vec![common::visit(Uuid::from_u128(1), 1)]);
    let fork = copied.speaks(town).unwrap();
    assert_eq!(fork.held, [(copied.chain.at(84), Why::Fork)]);
    // A run whose beginning has not come waits, and comes in with it.
    other.visits(10);
    let mut ask = other.ask();
    ask.parcels = vec![other.parcel(6)];
    let gap = town.hear(&ask).unwrap().unwrap().answer;
    assert_eq!((gap.need.as_slice(), gap.receipts.len()), ([(other.chain, 1)].as_slice(), 0));
    ask.parcels[0].batches = other.written[..5].to_vec();
    let signature = lianhu_sync::Signer::sign(&other.key, &lianhu_sync::protocol::signed(&other.written[4]));
    ask.parcels[0].batches[4].signature = signature;
    let healed = town.hear(&ask).unwrap().unwrap();
    assert_eq!((healed.batches, healed.answer.newest), (10, 3), "what waited came in with what it waited for");
    // A cadre waits for a yes, may write visits, and not what is decided.
    let mut cadre = Computer::new(secretary.village, 3);
    assert!(cadre.join(town, CODE, "cadre").unwrap().waits);
    cadre.visits(3);
    assert!(cadre.speaks(town).is_none(), "who waits is a stranger");
    town.approve(cadre.chain.device).unwrap();
    cadre.visits(1);
    assert!(cadre.speaks(town).unwrap().held.is_empty());
    assert_eq!(cadre.acked(), 4);
    cadre.writes(vec![lianhu_ledger::Change { kind: "resolution".into(), id: Uuid::from_u128(9), cells: Vec::new() }]);
    cadre.speaks(town).unwrap();
    town.revoke(cadre.chain.device).unwrap();
    cadre.visits(1);
    let out = cadre.speaks(town).unwrap();
    assert_eq!((out.standing, out.held.len()), (lianhu_sync::Standing::Revoked, 1));
    let verified = town.verify().unwrap();
    assert_eq!(verified.problems, Vec::<String>::new());
    assert!(verified.batches > 99 && verified.villages == 2);
    mass_changes_wait(town, &mut secretary);
    assert_eq!(town.verify().unwrap().problems, Vec::<String>::new());
}

fn mass_changes_wait(town: &Town, secretary: &mut Computer) {
    let village = town.listed(CODE).unwrap();
    let wiping = secretary.voids(60);
    let held = secretary.speaks(town).unwrap();
    assert_eq!(held.held, [(wiping, Why::Mass)]);
    let waits = town.held(&village).unwrap();
    let wipe = waits.iter().find(|held| held.why == "mass").expect("it waits");
    assert_eq!((wipe.voids, wipe.at.as_str()), (60, lianhu_township::town::place(wiping).as_str()));
    assert!(town.approve_batch(&village, secretary.chain.at(999).into()).is_err());
    assert_eq!(town.approve_batch(&village, wiping.into()).unwrap(), 1);
    secretary.speaks(town).unwrap();
    assert_eq!(secretary.acked(), wiping.seq);
    assert!(town.approve_batch(&village, wiping.into()).is_err(), "what was decided does not wait");
    a_day_is_asked_about_once(town, secretary);
}

fn a_day_is_asked_about_once(town: &Town, secretary: &mut Computer) {
    let village = town.listed(CODE).unwrap();
    let more = secretary.voids(40);
    assert_eq!(secretary.speaks(town).unwrap().held, [], "after a yes the day is counted anew");
    let [first, _, last] = [30, 5, 20].map(|n| secretary.voids(n));
    assert_eq!(secretary.speaks(town).unwrap().held, [(first, Why::Mass)]);
    let waits = |town: &Town| town.held(&village).unwrap().into_iter().find(|held| held.why == "mass");
    let seen = waits(town).expect("they wait");
    let asked = Asked { at: first, last: last.seq };
    assert_eq!((seen.batches, seen.voids, seen.at.as_str()), (3, 40 + 55, asked.to_string().as_str()));
    let unseen = secretary.voids(60);
    assert_eq!(secretary.speaks(town).unwrap().held, [(first, Why::Mass)]);
    town.approve_batch(&village, asked).unwrap();
    let rest = waits(town).expect("nobody has looked at it");
    assert_eq!((rest.batches, rest.voids, rest.at.as_str()), (4, 55 + 60, Asked::from(unseen).to_string().as_str()));
    assert!(town.refuse_batch(&village, unseen.into()).is_ok());
    assert_eq!(waits(town), None);
    secretary.speaks(town).unwrap();
    assert_eq!(secretary.acked(), unseen.seq);
    assert!(more.seq < first.seq);
    let [one, other] = [26, 26].map(|n| secretary.voids(n));
    secretary.speaks(town).unwrap();
    town.refuse_batch(&village, Asked { at: one, last: other.seq }).unwrap();
    let mut barred = town.with(village.id.unwrap(), |shelf| shelf.all_barred()).unwrap().unwrap();
    barred.retain(|at| at.device == secretary.chain.device);
    assert_eq!(barred, [unseen, one, other], "a no is for all that was asked about");
    secretary.speaks(town).unwrap();
}

#[test]
fn sqlite_keeps_the_promise() {
    let folder = tempfile::tempdir().unwrap();
    let store: Arc<dyn Store> = Arc::new(SqliteStore::at(&folder.path().join("rows")));
    rows_story(&store);
    let town = common::town(&folder.path().join("town"));
    town_story(&town);
    a_copy_is_the_same(&town);
}

#[test]
fn postgresql_keeps_the_same_promise_plain_partitioned_and_behind_walls() {
    let Some(postgres) = Postgres::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let plain = postgres.database("plain");
    plain.run(sql::SCHEMA).unwrap();
    let partitioned = postgres.database("partitioned");
    [sql::SCHEMA, sql::PARTITIONS].iter().for_each(|statements| partitioned.run(statements).unwrap());
    let walled = postgres.database("walled");
    [sql::SCHEMA, sql::PARTITIONS, sql::WALLS].iter().for_each(|statements| walled.run(statements).unwrap());
    let behind = PostgresStore::at(&postgres.url("lianhu_server", "walled")).unwrap();
    for (name, store) in [("plain", plain), ("partitioned", partitioned), ("walled", behind)] {
        let store: Arc<dyn Store> = Arc::new(store);
        rows_story(&store);
        let town = town_on(&folder.path().join(name), store);
        town_story(&town);
        a_copy_is_the_same(&town);
    }
    a_statement_that_forgot_its_village_finds_nothing(&postgres);
}

/// The second wall: the program's role sees the village that its transaction named, whatever it asks.
fn a_statement_that_forgot_its_village_finds_nothing(postgres: &Postgres) {
    let behind = PostgresStore::at(&postgres.url("lianhu_server", "walled")).unwrap();
    let none = "DO $$ BEGIN IF EXISTS (SELECT FROM lianhu.run) THEN RAISE 'seen'; END IF; END $$";
    behind.run(none).unwrap();
    let one = format!("BEGIN; SET LOCAL app.village = '{VILLAGE}'; {none}; COMMIT");
    assert!(behind.run(&one).unwrap_err().to_string().contains("seen"), "its own rows are there");
    let foreign = format!(
        "BEGIN; SET LOCAL app.village = '{NEIGHBOUR}';
         DO $$ BEGIN IF EXISTS (SELECT FROM lianhu.run WHERE village = '{VILLAGE}') THEN RAISE 'seen'; END IF; END $$;
         INSERT INTO lianhu.living VALUES ('{VILLAGE}', 1, ''); COMMIT"
    );
    let refused = behind.run(&foreign).unwrap_err().to_string();
    assert!(refused.contains("row-level security"), "{refused}");
    let owner = behind.run("ALTER TABLE lianhu.run DISABLE ROW LEVEL SECURITY").unwrap_err().to_string();
    assert!(owner.contains("owner"), "{owner}");
}

/// A month of each, in three evenings. What the township could not finish is asked again, as a laptop would.
fn pushing(town: Arc<Town>, mut lane: Vec<Computer>) -> std::thread::JoinHandle<Vec<Computer>> {
    std::thread::spawn(move || {
        for evening in 1..=3 {
            for computer in &mut lane {
                computer.visits(28);
                while computer.acked() < 28 * evening {
                    let ask = computer.ask();
                    match town.hear(&ask) {
                        Ok(Some(taken)) => computer.hears(&taken.answer),
                        Ok(None) => panic!("a member is no stranger"),
                        Err(_) => {}
                    }
                }
            }
        }
        lane
    })
}

#[test]
fn a_hundred_computers_push_while_postgresql_loses_its_backends() {
    let Some(postgres) = Postgres::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let store = postgres.database("load");
    store.run(sql::SCHEMA).unwrap();
    let town = Arc::new(town_on(folder.path(), Arc::new(store)));
    let lanes = a_hundred(&town, 6);
    let over = Arc::new(AtomicBool::new(false));
    let killer = {
        let (over, admin) = (over.clone(), PostgresStore::at(&postgres.url("owner", "postgres")).unwrap());
        std::thread::spawn(move || {
            let mut kills = 0;
            while !over.load(Relaxed) {
                let kill = "DO $$ BEGIN PERFORM pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'load'
                            AND random() < 0.5; END $$";
                admin.run(kill).unwrap();
                kills += 1;
                std::thread::sleep(Duration::from_millis(15));
            }
            kills
        })
    };
    let pushing: Vec<_> = lanes.into_iter().map(|lane| pushing(town.clone(), lane)).collect();
    let done: Vec<Computer> = pushing.into_iter().flat_map(|thread| thread.join().unwrap()).collect();
    over.store(true, Relaxed);
    assert!(killer.join().unwrap() > 3, "the load was over before anything was killed");
    // Everything acked is there, once, and true.
    let verified = town.verify().unwrap();
    assert_eq!(verified.problems, Vec::<String>::new());
    assert_eq!(verified.batches, 100 * 84 + 100, "every batch once, and the roster's");
    for computer in &done {
        assert_eq!(computer.acked(), 84);
        let heads: BTreeMap<Chain, Head> =
            town.with(computer.village, |shelf| lianhu_sync::Shelf::heads(shelf)).unwrap().unwrap();
        assert_eq!(heads[&computer.chain], computer.head());
    }
}

#[test]
fn a_township_that_has_outgrown_its_files_moves_on_and_back() {
    let Some(postgres) = Postgres::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let (first, second) = (folder.path().join("first"), folder.path().join("second"));
    let town = common::town(&first);
    let mut secretary = village_with_secretary(&town, CODE, 1);
    secretary.visits(84);
    secretary.speaks(&town).unwrap();
    let backup = folder.path().join("town.lhtb");
    town.backup(&backup).unwrap();
    let moved = |_: &std::path::Path| -> Result<Arc<dyn Store>> {
        let store = PostgresStore::at(&postgres.url("owner", "moved"))?;
        Ok(Arc::new(store))
    };
    postgres.database("moved");
    let machine = lianhu_township::machine::Machine::default();
    lianhu_township::backup::restore(&backup, &second, &moved, &machine, false).unwrap();
    let store = Arc::new(PostgresStore::at(&postgres.url("owner", "moved")).unwrap());
    let town = Town::open(&second, store, machine).unwrap();
    assert_eq!(town.verify().unwrap().problems, Vec::<String>::new());
    secretary.visits(1);
    secretary.speaks(&town).unwrap();
    assert_eq!(secretary.acked(), 85);
    // And a backup of the database is files again.
    town.backup(&backup).unwrap();
    let third = folder.path().join("third");
    let files = |folder: &std::path::Path| -> Result<Arc<dyn Store>> { Ok(Arc::new(SqliteStore::at(folder))) };
    lianhu_township::backup::restore(&backup, &third, &files, &machine, false).unwrap();
    let town = common::again(&third);
    let verified = town.verify().unwrap();
    assert_eq!((verified.problems.len(), verified.batches), (0, 86), "{:?}", verified.problems);
}
