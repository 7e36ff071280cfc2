//! What the simulation once found lost, each as the shortest story that loses it.

use lianhu_ledger::records::Household;
use lianhu_ledger::{CellChange, Change, Code, Fields, Founding, Ledger, Origin, Value};
use lianhu_tests::village::Computer;
use serde_json::json;
use tempfile::TempDir;
use uuid::Uuid;

const CLERK: &str = "王文书";

/// Two computers that know the same household.
struct Two {
    a: Ledger,
    b: Ledger,
    household: Uuid,
    folder: TempDir,
}

impl Two {
    fn new() -> Two {
        let folder = TempDir::new().expect("a folder");
        let mut a = Computer::founding(&folder.path().join("a"), 1).ledger;
        let b = Computer::joining(&folder.path().join("b"), a.village(), 2).ledger;
        let fields: Fields = [("number".to_owned(), json!(1))].into();
        let saved = a.edit("put", CLERK, |draft| draft.create("household", fields)).expect("a household");
        let mut two = Two { a, b, household: saved.value, folder };
        two.meet();
        two
    }

    fn meet(&mut self) {
        let (from_a, from_b) = (self.a.batches().expect("the log"), self.b.batches().expect("the log"));
        self.a.apply(&from_b, Origin::There).expect("taken");
        self.b.apply(&from_a, Origin::There).expect("taken");
    }
}

fn address(ledger: &mut Ledger, household: Uuid, address: &str) {
    let fields: Fields = [("address".to_owned(), json!(address))].into();
    ledger.edit("put", CLERK, |draft| draft.patch("household", household, fields)).expect("saved");
}

fn shown(ledger: &Ledger, household: Uuid) -> Option<String> {
    ledger.view().get::<Household>(household).expect("it is read").and_then(|h| h.address)
}

#[test]
fn a_question_that_has_moved_on_is_not_answered_over_the_newer_value() {
    let mut two = Two::new();
    address(&mut two.a, two.household, "河东");
    address(&mut two.b, two.household, "河西");
    two.meet();
    let question = two.a.overtaken().expect("questions").remove(0);
    address(&mut two.b, two.household, "河北");
    two.meet();
    let refused = two.a.settle(&question, false, CLERK).err().and_then(|e| e.code());
    assert_eq!(refused, Some(Code::QuestionMoved));
    assert_eq!(shown(&two.a, two.household).as_deref(), Some("河北"));
}

#[test]
fn an_undo_of_what_came_without_its_past_is_refused() {
    let mut two = Two::new();
    address(&mut two.a, two.household, "河东");
    address(&mut two.a, two.household, "河西");
    let mut log = two.a.batches().expect("the log");
    let (newest, past) = (log.remove(log.len() - 1), log.remove(log.len() - 1));
    two.b.apply(std::slice::from_ref(&newest), Origin::There).expect("taken");
    assert_eq!(two.b.undo(newest.at, CLERK, None).err().and_then(|e| e.code()), Some(Code::ChangedSince));
    two.b.apply(&[past], Origin::There).expect("taken");
    two.b.undo(newest.at, CLERK, None).expect("now it is known what stood before");
    assert_eq!(shown(&two.b, two.household).as_deref(), Some("河东"));
}

#[test]
fn what_both_typed_and_one_then_changed_is_no_question_and_the_tables_say_so() {
    let mut two = Two::new();
    address(&mut two.a, two.household, "河东");
    address(&mut two.b, two.household, "河东");
    two.meet();
    address(&mut two.b, two.household, "河西");
    two.meet();
    for ledger in [&two.a, &two.b] {
        assert_eq!(ledger.overtaken().expect("questions"), []);
        assert_eq!(ledger.verify().expect("it can be checked").problems, Vec::<String>::new());
    }
}

#[test]
fn a_computer_without_a_battery_is_still_heard() {
    let folder = TempDir::new().expect("a folder");
    let mut a = Computer::founding(&folder.path().join("a"), 1);
    let mut b = Computer::joining(&folder.path().join("b"), a.ledger.village(), 2);
    for shown_ms in [0, 253_402_214_400_000] {
        a.tick(shown_ms);
        let fields: Fields = [("address".to_owned(), json!(format!("{shown_ms}")))].into();
        a.ledger.edit("put", CLERK, |draft| draft.create("household", fields)).expect("saved");
        b.ledger.apply(&a.ledger.batches().expect("the log"), Origin::There).expect("no clock is a reason to refuse");
    }
}

#[test]
fn a_village_that_is_refused_leaves_no_ledger_in_the_way() {
    let two = Two::new();
    let path = two.folder.path().join("c");
    let founding = Founding { village: "禾坪村", code: "99", township: "松河镇", clerk: CLERK };
    let edge = lianhu_ledger::FixedEdge { ms: 1_793_840_400_000, seed: 1, counter: 0 };
    let refused = Ledger::create(&path, None, &founding, Box::new(edge.clone())).err().and_then(|e| e.code());
    assert_eq!((refused, path.exists()), (Some(Code::Unfit), false));
    Ledger::create(&path, None, &Founding { code: "990101102207", ..founding }, Box::new(edge))
        .expect("now it is made");
}

#[test]
fn a_record_of_which_only_a_newer_releases_fields_have_come_is_no_empty_row() {
    let mut two = Two::new();
    let mut newer = two.a.batches().expect("the log").remove(0);
    newer.at.device = Uuid::from_u128(77);
    let cell = CellChange { field: "solar".into(), value: Value::Bool(true), bases: vec![] };
    newer.changes = vec![Change { kind: "household".into(), id: Uuid::from_u128(5), cells: vec![cell] }];
    two.b.apply(&[newer], Origin::There).expect("taken");
    assert_eq!(two.b.verify().expect("it can be checked").problems, Vec::<String>::new());
    two.b.rebuild().expect("rebuilt");
    assert_eq!(two.b.view().all::<Household>().expect("households").len(), 1);
}
