//! What is exchanged moves in one step with the log, and tables keep saying what the log says.

use lianhu_ledger::{Batch, Chain, Code, Error, FixedEdge, Ledger, Refusal, Stamp, Taken};
use serde_json::json;
use tempfile::TempDir;
use uuid::Uuid;

use crate::{dump, edge, exchange, new_ledger, put, second, settle};

fn sound(ledger: &Ledger) {
    assert_eq!(ledger.verify().unwrap().problems, Vec::<String>::new());
}

/// Two computers that wrote one phone apart: the second, a minute later, stands.
fn contested(folder: &TempDir) -> (Ledger, Uuid, Batch) {
    let mut a = new_ledger(folder);
    let (household, _) = settle(&mut a);
    let mut b = second(folder, &a);
    exchange(&mut a, &mut b);
    put(&mut a, "household", Some(household), json!({"phone": "10000000001"})).unwrap();
    put(&mut b, "household", Some(household), json!({"phone": "10000000002"})).unwrap();
    exchange(&mut a, &mut b);
    let theirs = b.span(b.own_chain(), 1, 9).unwrap().pop().unwrap();
    assert!(dump(&a).contains("10000000002"));
    (a, household, theirs)
}

#[test]
fn a_ledger_of_the_first_format_is_upgraded_where_it_lies() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("old.lianhu");
    let old = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/released/format-1");
    std::fs::copy(format!("{old}.lianhu"), &path).unwrap();
    let mut ledger = Ledger::open(&path, None, edge(5)).unwrap();
    assert_eq!(dump(&ledger), std::fs::read_to_string(format!("{old}.dump")).unwrap());
    sound(&ledger);
    assert_eq!(ledger.unsent().unwrap(), [(ledger.own_chain(), 1)]);
    put(&mut ledger, "group", None, json!({"name": "二组", "number": 2})).unwrap();
    let copies = std::fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap());
    assert_eq!(copies.filter(|name| name.contains("before-")).count(), 1, "a copy was put beside it");
}

#[test]
fn what_was_exchanged_survives_a_rebuild() {
    let folder = TempDir::new().unwrap();
    let mut ledger = new_ledger(&folder);
    let chain = ledger.own_chain();
    let kept = ledger.exchange(|x| {
        x.set("cursor", b"7")?;
        x.park(b"one", "gap", b"parcel")?;
        x.receive(chain, (1, 1), b"receipt", |_, stamp| stamp)
    });
    kept.unwrap();
    ledger.rebuild().unwrap();
    assert_eq!(ledger.setting("cursor").unwrap().as_deref(), Some(b"7".as_slice()));
    assert_eq!(ledger.parked().unwrap(), [b"parcel".to_vec()]);
    assert_eq!(ledger.receipts(chain, 1, 9).unwrap(), [b"receipt".to_vec()]);
    assert_eq!(ledger.unsent().unwrap(), []);
}

#[test]
fn a_stamp_ahead_of_its_receipt_gives_way() {
    let folder = TempDir::new().unwrap();
    let (mut a, _, theirs) = contested(&folder);
    let before_ours = Stamp::at_ms(theirs.stamp.ms() - 120_000);
    a.exchange(|x| x.receive(Chain::of(theirs.at), (1, 9), b"r", |_, stamp| stamp.min(before_ours))).unwrap();
    assert!(dump(&a).contains("10000000001"), "ours is the newer now");
    sound(&a);
    a.exchange(|x| x.receive(Chain::of(theirs.at), (1, 9), b"later", |_, stamp| stamp)).unwrap();
    assert!(dump(&a).contains("10000000001"), "the earliest receipt holds");
    sound(&a);
}

#[test]
fn a_barred_batch_is_kept_and_not_applied_until_it_counts_after_all() {
    let folder = TempDir::new().unwrap();
    let (mut a, _, theirs) = contested(&folder);
    a.exchange(|x| x.bar(theirs.at, Some("role"))).unwrap();
    assert!(dump(&a).contains("10000000001") && a.overtaken().unwrap().is_empty());
    assert_eq!(a.barred_at(theirs.at).unwrap().as_deref(), Some("role"));
    sound(&a);
    a.exchange(|x| x.bar(theirs.at, None)).unwrap();
    assert!(dump(&a).contains("10000000002"));
    sound(&a);
}

#[test]
fn a_record_that_only_a_barred_batch_made_is_not_there() {
    let folder = TempDir::new().unwrap();
    let mut a = new_ledger(&folder);
    let mut b = second(&folder, &a);
    put(&mut b, "group", None, json!({"name": "三组", "number": 3})).unwrap();
    let made = b.batches().unwrap().pop().unwrap();
    a.exchange(|x| x.take(&made, &Taken { barred: Some("role"), ..Taken::default() })).unwrap();
    assert!(!dump(&a).contains("三组") && a.history(None).unwrap().len() == 1);
    sound(&a);
    a.exchange(|x| x.bar(made.at, None)).unwrap();
    assert!(dump(&a).contains("三组"));
    sound(&a);
    a.exchange(|x| x.withdraw(Chain::of(made.at), 1)).unwrap();
    assert!(!dump(&a).contains("三组") && a.batches().unwrap().len() == 1);
    sound(&a);
}

#[test]
fn a_step_that_fails_leaves_nothing_of_itself() {
    let folder = TempDir::new().unwrap();
    let (mut a, _, theirs) = contested(&folder);
    let before = (dump(&a), a.batches().unwrap());
    let failed = a.exchange(|x| {
        x.set("cursor", b"9")?;
        x.withdraw(Chain::of(theirs.at), 1)?;
        x.go_on_as(77)?;
        Err(Error::from(Refusal::new(Code::Stopped)))
    });
    assert_eq!(failed.map_err(|e| e.code()), Err(Some(Code::Stopped)));
    assert_eq!((dump(&a), a.batches().unwrap()), before);
    assert_eq!((a.setting("cursor").unwrap(), a.own_chain().incarnation), (None, 1));
}

#[test]
fn a_clock_that_was_told_of_its_lead_stamps_the_right_time_and_heals_when_it_is_set() {
    let folder = TempDir::new().unwrap();
    let mut ledger = new_ledger(&folder);
    let right = edge(1).ms;
    drop(ledger);
    let path = folder.path().join("a.lianhu");
    let in_2098 = FixedEdge { ms: right + 72 * 365 * 86_400_000, seed: 1, counter: 50 };
    ledger = Ledger::open(&path, None, Box::new(in_2098.clone())).unwrap();
    let stamp = |ledger: &Ledger| ledger.batches().unwrap().pop().unwrap().stamp.ms();
    let group = put(&mut ledger, "group", None, json!({"name": "一组", "number": 1})).unwrap();
    assert_eq!(stamp(&ledger), in_2098.ms);
    ledger.exchange(|x| x.heal(lianhu_ledger::Healed { shown_ms: in_2098.ms, right_ms: right + 1000 })).unwrap();
    put(&mut ledger, "group", Some(group), json!({"name": "二组"})).unwrap();
    assert_eq!(stamp(&ledger), right + 1000);
    drop(ledger);
    ledger = Ledger::open(&path, None, Box::new(FixedEdge { ms: right + 9000, ..in_2098 })).unwrap();
    put(&mut ledger, "group", Some(group), json!({"name": "三组"})).unwrap();
    assert_eq!(stamp(&ledger), right + 9000);
    assert!(dump(&ledger).contains("三组"));
}

#[test]
fn a_step_that_was_worked_out_before_another_window_wrote_is_not_taken() {
    let folder = TempDir::new().unwrap();
    let mut ledger = new_ledger(&folder);
    let mut window = Ledger::open(ledger.path(), None, edge(9)).unwrap();
    let seen = ledger.state().unwrap();
    put(&mut window, "group", None, json!({"name": "二组", "number": 2})).unwrap();
    assert!(ledger.exchange_upon(Some(seen), |x| x.set("cursor", b"7")).unwrap().is_none());
    assert_eq!(ledger.setting("cursor").unwrap(), None);
    let seen = ledger.state().unwrap();
    assert!(ledger.exchange_upon(Some(seen), |x| x.set("cursor", b"7")).unwrap().is_some());
}

#[test]
fn a_window_numbers_its_steps_under_the_incarnation_that_the_exchange_has_gone_on_as() {
    let folder = TempDir::new().unwrap();
    let mut ledger = new_ledger(&folder);
    let mut window = Ledger::open(ledger.path(), None, edge(9)).unwrap();
    ledger.exchange(|x| x.go_on_as(77)).unwrap();
    put(&mut window, "group", None, json!({"name": "二组", "number": 2})).unwrap();
    let at = window.own_chain().at(1);
    assert_eq!(at.incarnation, 77);
    assert!(ledger.hash_at(at).unwrap().is_some());
}
