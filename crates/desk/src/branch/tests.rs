use serde_json::json;

use super::*;
use crate::desk::Done;
use crate::meeting::{self, AbsentPerson, MakeUp, NewMeeting, RollCall, WhichMeeting};
use crate::member;
use crate::organisation::{NewOffice, new as take_up};
use crate::problem::Problem;
use crate::records::{SaveRecord, save};
use crate::testing;

fn this() -> WhichYear {
    WhichYear { year: None }
}

fn held(desk: &Desk, kind: &str, on: &str, cell: &str) -> Uuid {
    let ask = NewMeeting {
        kind: kind.into(),
        on: on.parse().unwrap(),
        time: String::new(),
        place: String::new(),
        host: String::new(),
        recorder: String::new(),
        groups: Vec::new(),
        cell: cell.into(),
        again: false,
    };
    meeting::new(desk, ask).unwrap().value
}

fn called(desk: &Desk, meeting: Uuid, absent: &[(usize, &str)]) -> Vec<meeting::CalledPerson> {
    let persons = meeting::persons(desk, WhichMeeting { id: meeting }).unwrap();
    let absent =
        absent.iter().map(|(i, why)| AbsentPerson { person: persons[*i].person, why: (*why).into() }).collect();
    meeting::roll_call(desk, RollCall { meeting, absent, correct: None }).unwrap();
    meeting::persons(desk, WhichMeeting { id: meeting }).unwrap()
}

fn saved(desk: &Desk, kind: &str, fields: serde_json::Value) -> Result<Done<Uuid>> {
    let fields = serde_json::from_value(fields).unwrap();
    save(desk, SaveRecord { kind: kind.into(), id: None, fields, seen: None, correct: None })
}

fn code(result: Result<Done<Uuid>>) -> &'static str {
    match Problem::from(result.map(|_| ()).unwrap_err()) {
        Problem::Refusal { code, .. } => code,
        Problem::Fault { .. } => panic!("a fault"),
    }
}

#[test]
fn a_roll_call_enters_everybody_and_an_absence_stays_open_until_it_is_made_up() {
    let (desk, _dir) = testing::sample();
    let id = held(&desk, "theme_day", "2026-11-15", "");
    let persons = called(&desk, id, &[(0, "外出务工"), (5, "生病")]);
    assert_eq!(persons.iter().filter(|p| p.came == Some(true)).count(), 44);
    let page = meeting::look(&desk, WhichMeeting { id }).unwrap();
    assert_eq!((page.expected, page.present), (Some(46), Some(44)));
    assert_eq!(look(&desk, this()).unwrap().missed.len(), 2);
    let on = "2026-11-18".parse().unwrap();
    let make_up = MakeUp { meeting: id, person: persons[0].person, on, how: "送学上门".into(), correct: None };
    meeting::make_up(&desk, make_up).unwrap();
    assert_eq!(look(&desk, this()).unwrap().missed.len(), 1);
    let without = RollCall {
        meeting: id,
        absent: vec![AbsentPerson { person: persons[1].person, why: " ".into() }],
        correct: None,
    };
    assert!(meeting::roll_call(&desk, without).is_err(), "an absence has a reason");
}

#[test]
fn whoever_made_up_for_a_meeting_has_its_hours_too() {
    let (desk, _dir) = testing::sample();
    let id = held(&desk, "lecture", "2026-11-15", "");
    let ask = meeting::SaveMeeting {
        id,
        fields: serde_json::from_value(json!({"hours": 4})).unwrap(),
        seen: None,
        correct: None,
    };
    meeting::save(&desk, ask).unwrap();
    let persons = called(&desk, id, &[(0, "外出务工"), (1, "外出务工")]);
    let on = "2026-11-18".parse().unwrap();
    meeting::make_up(&desk, MakeUp { meeting: id, person: persons[0].person, on, how: String::new(), correct: None })
        .unwrap();
    let list = member::list(&desk, this()).unwrap();
    let hours = |person: Uuid| list.members.iter().find(|m| m.person == person).unwrap().hours;
    assert_eq!([0, 1, 2].map(|i| hours(persons[i].person)), [4, 0, 4]);
}

#[test]
fn each_cell_has_its_own_line_and_a_past_month_without_a_meeting_is_lacking() {
    let (desk, _dir) = testing::sample();
    let board = look(&desk, this()).unwrap().board;
    assert!(board.rows.iter().all(|r| r.due == 0 && r.lacking == 0), "what nobody wrote down here is not lacking");
    held(&desk, "members", "2026-01-10", "");
    let board = look(&desk, this()).unwrap().board;
    let cells: Vec<_> = board.rows.iter().filter(|r| r.kind == "cell").collect();
    assert_eq!(cells.len(), 4);
    let name = cells[1].cell.clone().unwrap();
    assert_eq!((cells[1].due, cells[1].lacking), (11, 10), "November is still running");
    held(&desk, "cell", "2026-10-10", &name);
    held(&desk, "admission", "2026-05-10", "");
    let board = look(&desk, this()).unwrap().board;
    let row = board.rows.iter().find(|r| r.cell.as_ref() == Some(&name)).unwrap();
    assert_eq!((row.held, row.lacking, row.months[9].pace), (1, 9, lianhu_report::year::Pace::Held));
    let members = board.rows.iter().find(|r| r.kind == "members").unwrap();
    assert_eq!(
        (members.due, members.lacking),
        (4, 1),
        "an admission meeting is a members' meeting; the fourth quarter runs"
    );
    let other = board.rows.iter().filter(|r| r.kind == "cell" && r.cell.as_ref() != Some(&name));
    assert!(other.into_iter().all(|r| r.held == 0));
}

/// Eight of the 46 are on probation and do not vote; 30 came, 23 of them voters. The votes are counted over everyone who should have come, not over who did.
#[test]
fn a_members_meeting_passes_by_all_who_should_have_come_and_a_mass_meeting_passes_nothing() {
    let (desk, _dir) = testing::sample();
    let id = held(&desk, "members", "2026-11-15", "");
    let absent: Vec<(usize, &str)> = (0..16).map(|i| (i, "外出务工")).collect();
    called(&desk, id, &absent);
    let votes =
        |yes: u32, no: u32| json!({"meeting": id, "text": "修活动室", "votes": {"yes": yes, "no": no, "abstained": 0}});
    saved(&desk, "resolution", votes(19, 4)).unwrap();
    saved(&desk, "resolution", votes(20, 3)).unwrap();
    let mut lines = meeting::look(&desk, WhichMeeting { id }).unwrap().resolutions;
    // Both were made at the same instant of the test's clock: neither is the first.
    lines.sort_by_key(|line| line.yes);
    let told: Vec<_> = lines.iter().map(|l| json!(l.verdict)).collect();
    assert_eq!(told[0]["passed"], json!(false), "19 of 38 are no more than half: {told:?}");
    assert_eq!((told[1]["passed"].clone(), told[1]["whole"].clone()), (json!(true), json!(38)));
    assert_eq!(code(saved(&desk, "resolution", votes(40, 0))), "counts_reversed");
    let mass = held(&desk, "mass", "2026-11-16", "");
    assert_eq!(code(saved(&desk, "resolution", json!({"meeting": mass, "text": "修路"}))), "decides_nothing");
}

#[test]
fn the_committee_is_called_by_its_offices_and_by_nobody_while_none_is_entered() {
    let (desk, _dir) = testing::sample();
    let id = held(&desk, "committee", "2026-11-15", "");
    assert_eq!(meeting::look(&desk, WhichMeeting { id }).unwrap().called, None, "not known is not nobody");
    let persons: Vec<Uuid> = member::list(&desk, this()).unwrap().members[..5].iter().map(|m| m.person).collect();
    let ask = NewOffice {
        organ: "branch_committee".into(),
        position: "委员".into(),
        persons,
        unit: None,
        group: None,
        from: None,
        term_until: None,
        vetted_on: None,
        filed_on: None,
    };
    take_up(&desk, ask).unwrap();
    called(&desk, id, &[(4, "学习")]);
    let page = meeting::look(&desk, WhichMeeting { id }).unwrap();
    assert_eq!((page.called, page.present), (Some(5), Some(4)));
    assert!(page.meter.opens && page.meter.decides);
}

#[test]
fn fifteen_of_forty_five_may_be_excellent_and_a_sixteenth_takes_a_reason() {
    let (desk, _dir) = testing::sample();
    let members: Vec<Uuid> = appraisal(&desk, this()).unwrap().members.iter().map(|m| m.member).collect();
    let grades = |excellent: usize, over_why: &str| {
        let grade = |i: usize| match i {
            0 => "absent",
            i if i <= excellent => "excellent",
            _ => "qualified",
        };
        let line = |(i, member): (usize, &Uuid)| GradeMember {
            member: *member,
            grade: Some(grade(i).into()),
            remark: String::new(),
        };
        let ask = SaveGrades {
            year: 2026,
            meeting: None,
            over_why: over_why.into(),
            members: members.iter().enumerate().map(line).collect(),
        };
        save_grades(&desk, ask)
    };
    grades(15, "").unwrap();
    assert_eq!(appraisal(&desk, this()).unwrap().most, 15);
    assert!(grades(16, "").is_err());
    assert_eq!(
        appraisal(&desk, this()).unwrap().members.iter().filter(|m| m.grade.as_deref() == Some("excellent")).count(),
        15
    );
    grades(16, "防汛抢险表现突出，镇党委同意").unwrap();
    let other = GradeMember { member: members[16], grade: None, remark: String::new() };
    save_grades(&desk, SaveGrades { year: 2026, meeting: None, over_why: String::new(), members: vec![other] })
        .unwrap();
    assert_eq!(member::list(&desk, this()).unwrap().members.iter().filter(|m| m.grade.is_none()).count(), 1);
}

#[test]
fn a_course_keeps_what_another_computer_added_to_it() {
    let (desk, _dir) = testing::sample();
    let members: Vec<Uuid> = member::list(&desk, this()).unwrap().members[..3].iter().map(|m| m.id).collect();
    let course = |id, members: &[Uuid], before: &[Uuid]| SaveCourse {
        id,
        course: "镇党校冬训".into(),
        on: "2026-11-10".parse().unwrap(),
        until: None,
        hours: 24,
        organiser: "镇党委".into(),
        central: true,
        members: members.to_vec(),
        before: before.to_vec(),
    };
    let id = save_course(&desk, course(None, &members[..1], &[])).unwrap().value;
    save_course(&desk, course(Some(id), &members[..2], &members[..1])).unwrap();
    save_course(&desk, course(Some(id), &[members[2]], &members[..1])).unwrap();
    let line = courses(&desk, this()).unwrap().courses.remove(0);
    assert_eq!(line.members.len(), 2, "the first was taken out, the second stayed");
    assert!(!line.members.contains(&members[0]));
    assert_eq!(member::list(&desk, this()).unwrap().members[1].hours, 24);
}

#[test]
fn who_has_not_been_talked_with_stands_first() {
    let (desk, _dir) = testing::sample();
    let first = talks(&desk, this()).unwrap()[0].member;
    saved(&desk, "talk", json!({"member": first, "on": "2026-11-12", "by": "书记"})).unwrap();
    let lines = talks(&desk, this()).unwrap();
    assert_eq!((lines.last().unwrap().member, lines.last().unwrap().talks.len()), (first, 1));
}
