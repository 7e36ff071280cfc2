//! What two computers wrote into the same place, told on a small village.

use lianhu_ledger::records::Household;
use lianhu_ledger::{Code, FixedEdge, Ledger, Origin};
use lianhu_sync::enrolment::Code as Enrolment;
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::enter::{EnterTownship, JoinVillage, TypedCode, begun, enter, join_village, look_at_code, township_entered};
use super::safe::{brief, look as safe};
use super::settling::*;
use super::stick::{MakePackage, make, package_made, package_read, read};
use super::{SeenNews, news};
use crate::desk::{Desk, Done};
use crate::history::{UndoStep, undo};
use crate::household::WhichHousehold;
use crate::jobs::{self, JobNo};
use crate::records::{SaveRecord, save};
use crate::session::{Nothing, OpenPath};
use crate::testing;

/// A desk, and another computer of the same village whose clock is a day ahead.
struct Two {
    desk: Desk,
    other: Ledger,
    household: Uuid,
    _dir: tempfile::TempDir,
}

fn two() -> Two {
    let (desk, dir) = testing::empty();
    let group = put(&desk, "group", None, json!({"name": "三组", "number": 3}));
    let household = put(&desk, "household", None, json!({"group": group, "number": 12, "phone": "13800000001"}));
    let head = put(&desk, "person", None, json!({"household": household, "name": "罗德福"}));
    put(&desk, "household", Some(household), json!({"head": head, "address": "寨口"}));
    let village = desk.read(|ledger| Ok(ledger.village())).unwrap();
    let edge = FixedEdge::on("2026-11-21".parse().unwrap(), 7);
    let other = Ledger::join(&dir.path().join("other.lianhu"), None, village, Box::new(edge)).unwrap();
    let mut two = Two { desk, other, household, _dir: dir };
    two.meet();
    two
}

fn put(desk: &Desk, kind: &str, id: Option<Uuid>, value: Json) -> Uuid {
    let fields = serde_json::from_value(value).unwrap();
    save(desk, SaveRecord { kind: kind.into(), id, fields, seen: None, correct: None }).unwrap().value
}

impl Two {
    fn meet(&mut self) {
        let ours = self.desk.read(|ledger| ledger.batches()).unwrap();
        self.other.apply(&ours, Origin::There).unwrap();
        let theirs = self.other.batches().unwrap();
        self.desk.write(|ledger, _| heard(ledger, &theirs)).unwrap();
    }

    fn theirs(&mut self, value: Json) {
        let id = self.household;
        let fields = serde_json::from_value(value).unwrap();
        self.other.edit("save", "黄海燕", |draft| draft.patch("household", id, fields)).unwrap();
    }

    fn ours(&self, value: Json) {
        put(&self.desk, "household", Some(self.household), value);
    }

    fn page(&self) -> SettlingPage {
        look(&self.desk, Nothing {}).unwrap()
    }

    fn stands(&self, field: &str) -> Json {
        let record = self.desk.read(|ledger| ledger.view().record("household", self.household)).unwrap().unwrap();
        record[field].clone()
    }

    fn mark(&self) -> usize {
        crate::household::look(&self.desk, WhichHousehold { id: self.household }).unwrap().questions
    }
}

fn heard(ledger: &mut Ledger, batches: &[lianhu_ledger::Batch]) -> lianhu_ledger::Result<lianhu_ledger::Saved<()>> {
    let touched = ledger.apply(batches, Origin::There)?;
    Ok(lianhu_ledger::Saved { value: (), batch: None, touched })
}

fn choice(place: &SettlingPlace, take: usize) -> ChosenVersion {
    ChosenVersion {
        kind: place.kind.clone(),
        id: place.id,
        field: place.field.clone(),
        take: place.versions[take].batch.clone(),
        shown: place.versions.iter().map(|version| version.batch.clone()).collect(),
    }
}

fn settled(desk: &Desk, choices: Vec<ChosenVersion>) -> lianhu_ledger::Result<Done<usize>> {
    settle(desk, SettlePlaces { choices, correct: None })
}

fn texts(place: &SettlingPlace) -> Vec<String> {
    place.versions.iter().map(|version| version.value.iter().map(|part| part.text.as_str()).collect()).collect()
}

#[test]
fn both_are_told_with_who_wrote_them_and_when_and_numbers_stay_masked() {
    let mut two = two();
    two.ours(json!({"phone": "13800000002", "address": "寨头"}));
    two.theirs(json!({"phone": "13900000003", "note": "搬到路边"}));
    two.meet();
    let page = two.page();
    assert_eq!((page.cases.len(), page.cases[0].name.as_str()), (1, "罗德福"));
    let [place] = page.cases[0].places.as_slice() else { panic!("one place differs: {page:?}") };
    assert_eq!((place.field.as_str(), place.masked), ("phone", true));
    assert_eq!(texts(place), ["139****0003", "138****0002"]);
    let who: Vec<_> = place.versions.iter().map(|v| (v.author.as_str(), v.here)).collect();
    assert_eq!(who, [("黄海燕", false), ("韦志强", true)]);
    assert!(place.versions[0].at_ms > place.versions[1].at_ms);
    assert_eq!(two.mark(), 1);
    let asked = RevealVersion {
        kind: "household".into(),
        id: two.household,
        field: "phone".into(),
        batch: place.versions[1].batch.clone(),
    };
    assert_eq!(reveal(&two.desk, asked.clone()).unwrap().value, "13800000002");
    assert_eq!(crate::person::reveals(&two.desk, Nothing {}).unwrap().len(), 1);
    let unmasked = RevealVersion { field: "address".into(), ..asked };
    assert_eq!(reveal(&two.desk, unmasked).unwrap_err().code(), Some(Code::MalformedAsk));
}

#[test]
fn what_is_chosen_stands_on_both_and_can_be_chosen_otherwise_for_a_week() {
    let mut two = two();
    two.ours(json!({"phone": "13800000002", "address": "寨头"}));
    two.theirs(json!({"phone": "13900000003", "address": "寨尾"}));
    two.meet();
    let case = two.page().cases.remove(0);
    let by = |field: &str| case.places.iter().find(|place| place.field == field).unwrap();
    let done = settled(&two.desk, vec![choice(by("phone"), 1), choice(by("address"), 0)]).unwrap();
    assert_eq!((done.value, two.stands("phone"), two.stands("address")), (2, json!("13800000002"), json!("寨尾")));
    two.meet();
    let there: Household = two.other.view().get(two.household).unwrap().unwrap();
    assert_eq!(there.phone.as_deref(), Some("13800000002"));
    assert!(two.other.questions().unwrap().is_empty());
    let page = two.page();
    assert_eq!((page.cases.len(), page.settled.len(), two.mark()), (0, 2, 0));
    let kept = page.settled.iter().find(|settled| settled.place.field == "address").unwrap();
    assert_eq!(texts(&kept.place), ["寨尾", "寨头"]);
    let again = ChosenVersion {
        shown: std::iter::once(kept.batch.clone())
            .chain(kept.place.versions[1..].iter().map(|v| v.batch.clone()))
            .collect(),
        ..choice(&kept.place, 1)
    };
    settled(&two.desk, vec![again]).unwrap();
    assert_eq!(two.stands("address"), json!("寨头"));
    let page = two.page();
    let kept = page.settled.iter().find(|settled| settled.place.field == "address").unwrap();
    assert_eq!(texts(&kept.place), ["寨头", "寨尾"]);
    assert_eq!(kept.place.versions[1].author, "黄海燕");
}

#[test]
fn the_step_that_settled_can_be_taken_back() {
    let mut two = two();
    two.ours(json!({"phone": "13800000002"}));
    two.theirs(json!({"phone": "13900000003"}));
    two.meet();
    let place = two.page().cases[0].places[0].clone();
    let done = settled(&two.desk, vec![choice(&place, 1)]).unwrap();
    undo(&two.desk, UndoStep { batch: done.batch.unwrap(), correct: None }).unwrap();
    assert_eq!(two.stands("phone"), json!("13900000003"));
    assert!(two.page().settled.is_empty());
}

#[test]
fn what_came_in_since_it_was_shown_is_not_written_over_unseen() {
    let mut two = two();
    two.ours(json!({"phone": "13800000002"}));
    two.theirs(json!({"phone": "13900000003"}));
    two.meet();
    let place = two.page().cases[0].places[0].clone();
    two.theirs(json!({"phone": "13900000004"}));
    two.meet();
    let refused = settled(&two.desk, vec![choice(&place, 1)]);
    assert_eq!(refused.unwrap_err().code(), Some(Code::QuestionMoved));
    assert_eq!(two.stands("phone"), json!("13900000004"));
    let unshown = ChosenVersion { take: "0-1-1".into(), ..choice(&two.page().cases[0].places[0], 0) };
    assert_eq!(settled(&two.desk, vec![unshown]).unwrap_err().code(), Some(Code::QuestionMoved));
}

#[test]
fn a_family_with_two_versions_is_used_as_it_stands() {
    let mut two = two();
    two.ours(json!({"phone": "13800000002"}));
    two.theirs(json!({"phone": "13900000003"}));
    two.meet();
    two.ours(json!({"address": "河边"}));
    assert_eq!(two.stands("address"), json!("河边"));
    assert_eq!(two.page().cases[0].places.len(), 1);
    two.ours(json!({"phone": "13700000005"}));
    assert_eq!((two.page().cases.len(), two.stands("phone")), (1, json!("13700000005")));
}

fn ended(desk: &Desk, job: JobNo) -> jobs::Progress {
    loop {
        let now = jobs::look(desk, job).unwrap();
        if now.ended {
            return now;
        }
        std::thread::yield_now();
    }
}

/// A code of a township that listens and never answers.
fn silent() -> (std::net::TcpListener, String) {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = listener.local_addr().unwrap().to_string();
    (listener, Enrolment { secret: [1; 16], pin: [2; 16], address }.text())
}

#[test]
fn a_save_does_not_wait_for_a_township_that_does_not_answer() {
    let (desk, _dir) = testing::empty();
    let (listener, code) = silent();
    let job = enter(&desk, EnterTownship { code, who: "韦志强".into() }).unwrap();
    let _line = listener.accept().unwrap();
    put(&desk, "group", None, json!({"name": "一组"}));
    assert_eq!(crate::records::list(&desk, crate::records::WhichKind { kind: "group".into() }).unwrap().len(), 1);
    assert!(!jobs::look(&desk, job).unwrap().ended, "it was saved while the line was open");
}

#[test]
fn a_code_with_a_wrong_letter_asks_nobody_and_changes_nothing() {
    let (desk, _dir) = testing::empty();
    let (listener, code) = silent();
    let wrong = format!("{}{}", if code.starts_with('A') { "B" } else { "A" }, &code[1..]);
    assert!(look_at_code(&desk, TypedCode { code: code.to_lowercase() }).unwrap().is_whole);
    assert!(!look_at_code(&desk, TypedCode { code: wrong.clone() }).unwrap().is_whole);
    let job = enter(&desk, EnterTownship { code: wrong, who: "韦志强".into() }).unwrap();
    ended(&desk, job);
    assert_eq!(township_entered(&desk, job).unwrap().trouble.as_deref(), Some("bad_code"));
    listener.set_nonblocking(true).unwrap();
    assert!(listener.accept().is_err(), "nobody was asked");
    assert!(!brief(&desk, Nothing {}).unwrap().enrolled);
    assert_eq!(safe(&desk, Nothing {}).unwrap().township, None);
}

#[test]
fn a_stick_without_a_township_is_told_and_a_foreign_file_changes_nothing() {
    let (desk, dir) = testing::empty();
    let folder = dir.path().join("U盘").display().to_string();
    let job = make(&desk, MakePackage { folder }).unwrap();
    assert_eq!(ended(&desk, job).problem, None);
    assert_eq!(package_made(&desk, job).unwrap().trouble.as_deref(), Some("unenrolled"));
    let file = dir.path().join("x.lhb");
    std::fs::write(&file, b"nothing of ours").unwrap();
    let job = read(&desk, OpenPath { path: file.display().to_string() }).unwrap();
    ended(&desk, job);
    assert_eq!(package_read(&desk, job).unwrap().unread.as_deref(), Some("unenrolled"));
}

#[test]
fn a_join_that_did_not_come_about_leaves_no_ledger_behind() {
    let (desk, dir) = testing::empty();
    let job = join_village(&desk, JoinVillage { code: Some("ABCD".into()), who: "黄海燕".into() }).unwrap();
    ended(&desk, job);
    let joined = super::enter::village_joined(&desk, job).unwrap();
    assert_eq!((joined.trouble.as_deref(), joined.village), (Some("bad_code"), None));
    assert!(!begun(&desk, Nothing {}).unwrap().begun);
    let ledgers = std::fs::read_dir(dir.path()).unwrap().filter_map(|e| e.unwrap().file_name().into_string().ok());
    assert_eq!(ledgers.filter(|name| name.ends_with(".lianhu")).count(), 1);
}

#[test]
fn a_ledger_that_has_joined_nothing_has_no_news_and_says_nothing_of_its_records() {
    let (desk, _dir) = testing::empty();
    put(&desk, "group", None, json!({"name": "一组"}));
    assert_eq!(news(&desk, SeenNews { seen: 0 }).unwrap().no, 0);
    let sent = super::sent::list(&desk, crate::records::WhichKind { kind: "group".into() }).unwrap();
    assert_eq!((sent.len(), brief(&desk, Nothing {}).unwrap()), (0, Default::default()));
}
