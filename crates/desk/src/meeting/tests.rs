//! What a meeting does, through the doors a screen uses.

use lianhu_ledger::Code;
use lianhu_ledger::Fields;
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::*;
use crate::records::{self, SaveRecord, WhichKind, WhichRecord};
use crate::testing::{empty, sample};

fn day(text: &str) -> Date {
    text.parse().expect("a date")
}

fn begin(desk: &Desk, kind: &str, on: &str) -> Result<Uuid> {
    let blank = String::new;
    let ask = NewMeeting {
        kind: kind.into(),
        on: day(on),
        time: blank(),
        place: "村委会院坝".into(),
        host: "韦志强".into(),
        recorder: "王文书".into(),
        groups: Vec::new(),
        cell: String::new(),
        again: false,
    };
    new(desk, ask).map(|done| done.value)
}

fn fields(value: Json) -> Fields {
    serde_json::from_value(value).unwrap()
}

fn set(desk: &Desk, id: Uuid, value: Json) -> Result<Done<Uuid>> {
    save(desk, SaveMeeting { id, fields: fields(value), seen: None, correct: None })
}

fn write_round(desk: &Desk, id: Uuid, pair: u32, value: Json) -> Result<Done<()>> {
    let one = rounds::RoundFields { pair, fields: fields(value), seen: None };
    save_rounds(desk, SaveRounds { meeting: id, rounds: vec![one], correct: None })
}

fn seen(desk: &Desk, id: Uuid) -> MeetingPage {
    look(desk, WhichMeeting { id }).unwrap()
}

fn tick(desk: &Desk, meeting: Uuid, households: &[Uuid], came: bool) -> Done<u32> {
    let one = |household: &Uuid| FamilyCame { household: *household, came, people: None, person: None };
    let families = households.iter().map(one).collect();
    save_attendance(desk, SaveAttendance { meeting, families, correct: None }).unwrap()
}

fn first_households(desk: &Desk, meeting: Uuid, n: usize) -> Vec<Uuid> {
    roll(desk, WhichMeeting { id: meeting }).unwrap().iter().take(n).map(|line| line.household).collect()
}

#[test]
fn a_mass_meeting_of_142_people_may_be_held_and_a_villagers_meeting_of_142_may_not() {
    let (desk, _dir) = sample();
    let mass = begin(&desk, "mass", "2026-11-20").unwrap();
    set(&desk, mass, json!({"present": 142})).unwrap();
    let page = seen(&desk, mass);
    assert_eq!((page.meter.free, page.meter.opens, page.meter.decides), (true, true, false));
    let lawful = begin(&desk, "villagers", "2026-11-20").unwrap();
    set(&desk, lawful, json!({"present": 142})).unwrap();
    let page = seen(&desk, lawful);
    assert!(!page.meter.free && !page.meter.opens && page.meter.decides);
    let adults =
        page.meter.gates.iter().find(|gate| gate.basis == lianhu_ledger::rules::quorum::Basis::Adults).unwrap();
    assert!(adults.needed > 1000 && adults.present == 142 && !adults.met, "{adults:?}");
}

#[test]
fn households_are_due_as_the_roll_of_that_day_makes_it_and_a_hand_written_number_stays() {
    let (desk, _dir) = sample();
    let id = begin(&desk, "mass", "2026-11-20").unwrap();
    let page = seen(&desk, id);
    let lines = roll(&desk, WhichMeeting { id }).unwrap();
    assert_eq!((page.expected, page.called), (Some(lines.len() as u32), Some(lines.len() as u32)));
    let group = page.all_groups[0].clone();
    set(&desk, id, json!({"groups": [group.id]})).unwrap();
    assert_eq!(seen(&desk, id).expected, Some(group.households));
    set(&desk, id, json!({"expected": 50})).unwrap();
    set(&desk, id, json!({"groups": null})).unwrap();
    assert_eq!(seen(&desk, id).expected, Some(50));
}

#[test]
fn the_number_of_people_follows_the_ticks_until_somebody_writes_another() {
    let (desk, _dir) = sample();
    let id = begin(&desk, "mass", "2026-11-20").unwrap();
    let families = first_households(&desk, id, 3);
    assert_eq!(tick(&desk, id, &families, true).value, 3);
    assert_eq!((seen(&desk, id).present, seen(&desk, id).families), (Some(3), 3));
    let two = FamilyCame { household: families[0], came: true, people: Some(2), person: None };
    save_attendance(&desk, SaveAttendance { meeting: id, families: vec![two], correct: None }).unwrap();
    assert_eq!(seen(&desk, id).present, Some(4));
    tick(&desk, id, &families[1..2], false);
    assert_eq!((seen(&desk, id).present, seen(&desk, id).families), (Some(3), 2));
    set(&desk, id, json!({"present": 142})).unwrap();
    tick(&desk, id, &families[1..2], true);
    assert_eq!((seen(&desk, id).present, seen(&desk, id).families), (Some(142), 3));
}

#[test]
fn a_tick_taken_back_is_as_it_was() {
    let (desk, _dir) = sample();
    let id = begin(&desk, "mass", "2026-11-20").unwrap();
    let families = first_households(&desk, id, 1);
    let done = tick(&desk, id, &families, true);
    let undo = crate::history::UndoStep { batch: done.batch.unwrap(), correct: None };
    crate::history::undo(&desk, undo).unwrap();
    assert_eq!((seen(&desk, id).present, seen(&desk, id).families), (None, 0));
    assert!(came(&desk, WhichMeeting { id }).unwrap().is_empty());
}

#[test]
fn the_same_evening_is_not_begun_twice_unawares_and_no_meeting_lies_ahead() {
    let (desk, _dir) = empty();
    begin(&desk, "mass", "2026-11-20").unwrap();
    assert_eq!(begin(&desk, "mass", "2026-11-20").unwrap_err().code(), Some(Code::Duplicate));
    assert_eq!(begin(&desk, "mass", "2026-11-21").unwrap_err().code(), Some(Code::FutureDate));
    begin(&desk, "yard", "2026-11-20").unwrap();
}

#[test]
fn a_round_keeps_the_words_of_the_template_it_was_held_under() {
    let (desk, _dir) = empty();
    let id = begin(&desk, "mass", "2026-11-20").unwrap();
    write_round(&desk, id, 4, json!({"speaker": "罗德福"})).unwrap();
    let three = crate::template::look(&desk, crate::session::Nothing {}).unwrap();
    let three = crate::template::EvaluationTemplate { pairs: three.pairs[..3].to_vec(), grades: three.grades };
    crate::template::save(&desk, three).unwrap();
    let page = seen(&desk, id);
    assert_eq!(page.rounds.len(), 4);
    assert_eq!((page.rounds[3].who.as_str(), page.rounds[3].speaker.as_deref()), ("脱贫户代表", Some("罗德福")));
    assert_eq!(write_round(&desk, id, 9, json!({"speaker": "谁"})).unwrap_err().code(), Some(Code::MalformedAsk));
}

#[test]
fn three_grades_are_a_template_and_two_are_not() {
    let (desk, _dir) = empty();
    let given = crate::template::look(&desk, crate::session::Nothing {}).unwrap();
    let with = |grades: &[&str]| crate::template::EvaluationTemplate {
        grades: grades.iter().map(|g| (*g).to_owned()).collect(),
        ..given.clone()
    };
    crate::template::save(&desk, with(&["满意", "基本满意", "不满意"])).unwrap();
    let id = begin(&desk, "mass", "2026-11-20").unwrap();
    assert_eq!((seen(&desk, id).counts, seen(&desk, id).grades.len()), (vec![0, 1, 3], 3));
    for wrong in [&["好", "差"][..], &["好", "好", "差"], &["好", "", "差"]] {
        assert_eq!(crate::template::save(&desk, with(wrong)).unwrap_err().code(), Some(Code::Unfit), "{wrong:?}");
    }
}

#[test]
fn a_template_that_changes_renames_no_ballot_that_was_counted() {
    let (desk, _dir) = empty();
    let id = begin(&desk, "mass", "2026-11-20").unwrap();
    let given = crate::template::look(&desk, crate::session::Nothing {}).unwrap();
    let three = ["满意", "基本满意", "不满意"].map(str::to_owned).to_vec();
    let template = |grades: Vec<String>| crate::template::EvaluationTemplate { grades, ..given.clone() };
    crate::template::save(&desk, template(three.clone())).unwrap();
    assert_eq!(seen(&desk, id).grades, three, "nothing is counted yet: the template is followed");
    crate::template::save(&desk, template(given.grades.clone())).unwrap();
    write_round(&desk, id, 1, json!({"tally": {"best": 40, "good": 4, "fair": 2, "poor": 0}})).unwrap();
    crate::template::save(&desk, template(three)).unwrap();
    assert_eq!((seen(&desk, id).grades, seen(&desk, id).counts), (given.grades, vec![0, 1, 2, 3]));
}

#[test]
fn a_poor_result_is_mended_and_tested_again() {
    let (desk, _dir) = empty();
    let april = begin(&desk, "mass", "2026-10-12").unwrap();
    write_round(&desk, april, 1, json!({"tally": {"best": 60, "good": 20, "fair": 15, "poor": 5}})).unwrap();
    let rate = seen(&desk, april).rounds[0].rate.clone().unwrap();
    assert_eq!((rate.satisfied, rate.valid, rate.below, rate.plain), (80, 100, true, false));
    let mend =
        SaveMend { meeting: april, pair: 1, text: "入户帮扶少".into(), owner: "赵队长".into(), correct: None };
    save_mend(&desk, mend).unwrap();
    let round = seen(&desk, april).rounds[0].clone();
    assert_eq!((round.retest_due, round.mends.len()), (Some(day("2026-11-11")), 1));
    let may = begin(&desk, "mass", "2026-11-20").unwrap();
    let open = seen(&desk, may).rounds[0].to_retest.clone().expect("it is to be tested again");
    assert_eq!((open.on, Some(open.round)), (day("2026-10-12"), round.id));
    write_round(&desk, may, 1, json!({"retest_of": open.round, "tally": {"best": 9, "good": 0, "fair": 0, "poor": 0}}))
        .unwrap();
    let round = seen(&desk, may).rounds[0].clone();
    assert_eq!((round.retest_of, round.rate.unwrap().plain), (Some(open.round), true));
}

#[test]
fn a_household_that_is_evaluated_is_held_against_no_threshold() {
    let (desk, _dir) = empty();
    let id = begin(&desk, "mass", "2026-11-20").unwrap();
    write_round(&desk, id, 4, json!({"tally": {"best": 5, "good": 5, "fair": 20, "poor": 5}})).unwrap();
    assert!(!seen(&desk, id).rounds[3].rate.clone().unwrap().below);
}

fn paragraph(desk: &Desk, id: Uuid, wanted: &str) -> (String, bool, bool) {
    let parts = look_at_minutes(desk, WhichMeeting { id }).unwrap().parts;
    let found = parts.into_iter().find_map(|part| match part {
        minutes::MinutesPart::Paragraph { key, text, edited, moved, .. } if key == wanted => {
            Some((text, edited, moved))
        }
        _ => None,
    });
    found.expect(wanted)
}

#[test]
fn hand_edits_stand_when_the_entries_change_and_can_be_given_up() {
    let (desk, _dir) = empty();
    let id = begin(&desk, "mass", "2026-11-20").unwrap();
    let edit = |text: Option<&str>| {
        edit_minutes(&desk, EditMinutes { id, key: "place".into(), text: text.map(str::to_owned), correct: None })
            .unwrap()
    };
    assert_eq!(edit(Some("地点：院坝，雨后改在会议室")).value, 1);
    set(&desk, id, json!({"place": "学校"})).unwrap();
    assert_eq!(paragraph(&desk, id, "place"), ("地点：院坝，雨后改在会议室".into(), true, true));
    assert_eq!(edit(None).value, 0);
    assert_eq!(paragraph(&desk, id, "place"), ("地点：学校".into(), false, false));
    assert_eq!(edit(Some("地点：学校")).batch, None, "what says the same is no edit");
}

#[test]
fn sealed_minutes_are_what_they_were_until_a_correction_makes_a_new_version() {
    let (desk, _dir) = empty();
    let id = begin(&desk, "mass", "2026-11-20").unwrap();
    write_round(&desk, id, 1, json!({"speaker": "赵队长"})).unwrap();
    let raised = json!({"text": "水管坏了", "on": "2026-11-20", "raised_at": "meeting", "meeting": id});
    let ask = SaveRecord { kind: "matter".into(), id: None, fields: fields(raised), seen: None, correct: None };
    let matter = records::save(&desk, ask).unwrap().value;
    assert_eq!(seal(&desk, WhichMeeting { id }).unwrap().value, 1);
    for refused in
        [set(&desk, id, json!({"place": "学校"})).err(), write_round(&desk, id, 1, json!({"speaker": "别人"})).err()]
    {
        assert_eq!(refused.and_then(|e| e.code()), Some(Code::SealedRecord));
    }
    let answered = fields(json!({"answer": "修好了", "answered_on": "2026-11-20"}));
    let ask = SaveRecord { kind: "matter".into(), id: Some(matter), fields: answered, seen: None, correct: None };
    records::save(&desk, ask).unwrap();
    let key = format!("opinion.{matter}");
    assert!(paragraph(&desk, id, &key).0.contains("尚未答复"), "the sealed paper says what it said");

    reopen(&desk, ReopenMinutes { id, reason: "述评人写错".into() }).unwrap();
    write_round(&desk, id, 1, json!({"speaker": "钱队长"})).unwrap();
    assert!(paragraph(&desk, id, &key).0.contains("修好了"));
    assert_eq!(seal(&desk, WhichMeeting { id }).unwrap().value, 2);
    let versions = look_at_minutes(&desk, WhichMeeting { id }).unwrap().versions;
    let told: Vec<_> = versions.iter().map(|v| (v.version, v.reason.as_deref())).collect();
    assert_eq!(told, [(2, Some("述评人写错")), (1, None)]);
}

#[test]
fn a_meeting_is_voided_with_all_that_belongs_to_it_and_comes_back_whole() {
    let (desk, _dir) = sample();
    let id = begin(&desk, "mass", "2026-11-20").unwrap();
    let families = first_households(&desk, id, 2);
    tick(&desk, id, &families, true);
    write_round(&desk, id, 1, json!({"speaker": "赵队长"})).unwrap();
    let before = seen(&desk, id);
    let done = void(&desk, VoidMeeting { id, reason: "记重了".into(), correct: None }).unwrap();
    assert_eq!(look(&desk, WhichMeeting { id }).unwrap_err().code(), Some(Code::NoSuchRecord));
    crate::history::undo(&desk, crate::history::UndoStep { batch: done.batch.unwrap(), correct: None }).unwrap();
    assert_eq!(seen(&desk, id), before);
    let rounds = records::list(&desk, WhichKind { kind: "round".into() }).unwrap();
    assert!(rounds.iter().any(|r| r.0["speaker"] == "赵队长"));
}

#[test]
fn what_lacks_something_is_printed_all_the_same_and_says_so() {
    let (desk, _dir) = empty();
    let id = begin(&desk, "yard", "2026-11-20").unwrap();
    let lacks = look_at_minutes(&desk, WhichMeeting { id }).unwrap().lacks;
    assert_eq!(lacks.iter().map(|lack| lack.what).collect::<Vec<_>>(), ["present", "minutes"]);
    for (paper, format, ending) in [
        (MeetingPaper::Minutes, papers::MeetingFormat::Pdf, "2026-11-20院坝会会议记录.pdf"),
        (MeetingPaper::SignIn, papers::MeetingFormat::Docx, "2026-11-20院坝会签到表.docx"),
    ] {
        let job = print(&desk, WhichPaper { id, paper, format: Some(format) }).unwrap();
        while !crate::jobs::look(&desk, job).unwrap().ended {
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        let path = crate::papers::written(&desk, job).unwrap().files[0].path.clone();
        assert!(path.ends_with(ending) && std::path::Path::new(&path).exists(), "{path}");
    }
}

#[test]
fn a_photograph_of_a_meeting_is_kept_under_its_hash_and_shown_again() {
    let (desk, dir) = empty();
    let id = begin(&desk, "mass", "2026-11-20").unwrap();
    let path = dir.path().join("合影.png");
    image::RgbImage::from_pixel(64, 48, image::Rgb([200, 10, 10])).save(&path).unwrap();
    let add = |path: &std::path::Path| {
        let path = Some(path.display().to_string());
        let ask = crate::photo::AddPhoto { meeting: Some(id), visit: None, path, data: None, caption: "合影".into() };
        let job = crate::photo::add(&desk, ask).unwrap();
        while !crate::jobs::look(&desk, job).unwrap().ended {
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        job
    };
    let photo = crate::photo::added(&desk, add(&path)).unwrap().value;
    let lines = crate::photo::list(&desk, crate::photo::PhotosOf { meeting: Some(id), visit: None }).unwrap();
    assert_eq!((lines[0].id, lines[0].width, lines[0].caption.as_deref()), (photo, 64, Some("合影")));
    assert!(
        crate::photo::look(&desk, crate::photo::WhichPhoto { id: photo }).unwrap().url.starts_with("data:image/jpeg")
    );
    let kept = records::get(&desk, WhichRecord { kind: "photo".into(), id: photo }).unwrap();
    let file = dir.path().join("attachments").join(format!("{}.jpg", kept.0["hash"].as_str().unwrap()));
    std::fs::write(&file, b"bent").unwrap();
    let bent = crate::photo::look(&desk, crate::photo::WhichPhoto { id: photo }).unwrap_err();
    assert_eq!(bent.code(), Some(Code::NoSuchFile));
    let job = add(&file);
    let told = crate::jobs::look(&desk, job).unwrap().problem;
    assert!(matches!(told, Some(crate::problem::Problem::Refusal { code: "bad_picture", .. })), "{told:?}");
}
