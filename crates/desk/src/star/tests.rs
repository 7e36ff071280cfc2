//! A cycle of the sample village, from the plan to what became of the stars.

use lianhu_ledger::dates::Date;
use lianhu_ledger::records::star_score::Stage;
use lianhu_ledger::{Code, Fields};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::*;
use crate::desk::Desk;
use crate::history::{UndoStep, undo};
use crate::problem::Problem;
use crate::session::Nothing;
use crate::step::{self, ReturnStep, SaveStep, StepCase};
use crate::testing;

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn fields(json: &Json) -> Fields {
    json.as_object().unwrap().clone().into_iter().collect()
}

fn page(desk: &Desk, id: Uuid) -> StarPage {
    look(desk, WhichCycle { id }).unwrap()
}

fn grid(desk: &Desk, id: Uuid) -> Vec<StarRow> {
    rows(desk, WhichCycle { id }).unwrap()
}

fn begun(desk: &Desk) -> Uuid {
    let ask = NewCycle { name: "2026年度".into(), year: 2026, by: "村“两委”".into(), on: day("2026-10-08") };
    new(desk, ask).unwrap().value
}

fn pass(desk: &Desk, id: Uuid, step: &str, on: &str, more: Json) -> crate::problem::Result<()> {
    let ask = SaveStep {
        case: StepCase::Cycle(id),
        step: step.into(),
        fields: fields(&more),
        pass: Some(day(on)),
        seen: None,
        correct: None,
    };
    step::save(desk, ask).map(|_| ())
}

fn refused(result: crate::problem::Result<()>) -> (&'static str, Option<String>) {
    match Problem::from(result.unwrap_err()) {
        Problem::Refusal { code, details } => (code, details.get("lack").cloned()),
        Problem::Fault { .. } => panic!("a fault"),
    }
}

fn fill(desk: &Desk, id: Uuid, stage: Stage, from: Whence) -> u32 {
    carry(desk, CarryScores { cycle: id, stage, from, group: None }).unwrap().value
}

fn score(
    desk: &Desk,
    id: Uuid,
    stage: Stage,
    household: Uuid,
    [was, stars]: [Option<[bool; 5]>; 2],
    why: Option<&str>,
) {
    let scores = vec![HouseholdScore { household, stars, why: why.map(str::to_owned), seen: was }];
    save(desk, SaveScores { cycle: id, stage, scores, correct: None }).unwrap();
}

const RATERS: [&str; 3] = ["王芳", "潘忠德", "解德永"];

/// As far as the notice, hung from the 13th until the 20th.
fn posted(desk: &Desk) -> Uuid {
    let id = begun(desk);
    let new_ones: Vec<StarRow> =
        grid(desk, id).into_iter().filter(|r| r.last.is_none() && r.unrated_reason.is_none()).collect();
    fill(desk, id, Stage::Own, Whence::LastCycle);
    for row in new_ones {
        score(desk, id, Stage::Own, row.household, [None, Some([true, false, false, false, false])], None);
    }
    pass(desk, id, "self", "2026-10-20", json!({})).unwrap();
    fill(desk, id, Stage::Peer, Whence::StageBefore);
    pass(desk, id, "peer", "2026-10-28", json!({ "persons": RATERS })).unwrap();
    fill(desk, id, Stage::Panel, Whence::StageBefore);
    pass(desk, id, "panel", "2026-11-05", json!({ "persons": RATERS })).unwrap();
    pass(desk, id, "draft", "2026-11-10", json!({ "by": "村“两委”" })).unwrap();
    pass(desk, id, "notice", "2026-11-20", json!({ "posted_from": "2026-11-13", "posted_until": "2026-11-20" }))
        .unwrap();
    id
}

#[test]
fn the_cycle_that_was_imported_comes_out_as_the_books_say() {
    let (desk, _dir) = testing::sample();
    let cycles = list(&desk, Nothing {}).unwrap();
    let page = page(&desk, cycles[0].id);
    assert_eq!(page.levels, [24, 9, 31, 435, 290, 37]);
    assert_eq!(page.aspects, [402, 771, 583, 352, 613]);
    assert!(page.taken_over && page.steps.is_empty());
    assert_eq!(page.groups.iter().map(|g| g.levels.iter().sum::<u32>()).sum::<u32>(), 826);
}

#[test]
fn a_stage_is_passed_when_every_household_is_scored_by_enough_people_and_differences_have_reasons() {
    let (desk, _dir) = testing::sample();
    let id = begun(&desk);
    assert_eq!(
        refused(pass(&desk, id, "self", "2026-10-20", json!({}))),
        (Code::StepBarred.name(), Some("unscored".into()))
    );
    assert_eq!(
        refused(pass(&desk, id, "peer", "2026-10-20", json!({}))),
        (Code::StepBarred.name(), Some("earlier".into()))
    );

    let left = fill(&desk, id, Stage::Own, Whence::LastCycle);
    assert!(left > 700, "{left}");
    assert_eq!(fill(&desk, id, Stage::Own, Whence::LastCycle), 0, "nothing is written over");
    for row in grid(&desk, id).into_iter().filter(|r| r.own.is_none() && r.unrated_reason.is_none()) {
        score(&desk, id, Stage::Own, row.household, [None, Some([false; 5])], None);
    }
    pass(&desk, id, "self", "2026-10-20", json!({})).unwrap();

    fill(&desk, id, Stage::Peer, Whence::StageBefore);
    let row = grid(&desk, id).into_iter().find(|r| r.own == Some([true; 5])).unwrap();
    score(&desk, id, Stage::Peer, row.household, [row.peer, Some([true, true, true, true, false])], None);
    let told = refused(pass(&desk, id, "peer", "2026-10-28", json!({ "persons": ["王芳"] })));
    assert_eq!(told, (Code::StepIncomplete.name(), Some("few_people".into())));
    let told = refused(pass(&desk, id, "peer", "2026-10-28", json!({ "persons": RATERS })));
    assert_eq!(told, (Code::StepIncomplete.name(), Some("unexplained".into())));
    let four = Some([true, true, true, true, false]);
    score(&desk, id, Stage::Peer, row.household, [four, four], Some("有一笔贷款逾期"));
    pass(&desk, id, "peer", "2026-10-28", json!({ "persons": RATERS })).unwrap();
}

#[test]
fn a_stage_can_go_back_until_the_notice_hangs_and_then_only_as_a_correction() {
    let (desk, _dir) = testing::sample();
    let id = begun(&desk);
    let back = |to: &str, correct: Option<&str>| {
        let ask = ReturnStep {
            case: StepCase::Cycle(id),
            to: to.into(),
            why: "重评".into(),
            correct: correct.map(str::to_owned),
        };
        step::send_back(&desk, ask).map(|done| done.value)
    };
    assert_eq!(back("plan", None).unwrap(), 1);
    assert_eq!(page(&desk, id).at, 0);

    let (desk, _dir) = testing::sample();
    let id = posted(&desk);
    let ask = |correct: Option<&str>| ReturnStep {
        case: StepCase::Cycle(id),
        to: "draft".into(),
        why: "漏了一户".into(),
        correct: correct.map(str::to_owned),
    };
    assert_eq!(refused(step::send_back(&desk, ask(None)).map(|_| ())).0, Code::SealedRecord.name());
    assert_eq!(step::send_back(&desk, ask(Some("漏了一户"))).unwrap().value, 2);
    assert_eq!(page(&desk, id).steps[page(&desk, id).at].step, "draft");
    assert!(!page(&desk, id).posted, "the notice is off the board");
    pass(&desk, id, "draft", "2026-11-20", json!({ "by": "村“两委”" })).unwrap();
}

#[test]
fn an_objection_that_is_right_changes_the_stars_and_approval_waits_for_answers() {
    let (desk, _dir) = testing::sample();
    let id = posted(&desk);
    let row = grid(&desk, id).into_iter().find(|r| r.stars == Some(4)).unwrap();
    let said = SaveObjection {
        cycle: id,
        household: Some(row.household),
        on: day("2026-11-15"),
        by: String::new(),
        text: "卫生星不该少".into(),
    };
    let right = object(&desk, said).unwrap().value;
    let said =
        SaveObjection {
            cycle: id, household: None, on: day("2026-11-16"), by: "某某".into(), text: "评得太松".into()
        };
    let wrong = object(&desk, said).unwrap().value;
    assert_eq!(refused(pass(&desk, id, "objections", "2026-11-20", json!({}))).1.as_deref(), Some("objection_open"));

    let change = RateHousehold {
        cycle: id,
        household: row.household,
        stars: Some([true; 5]),
        veto: None,
        veto_why: None,
        appeal: None,
        unrated_reason: None,
        correct: None,
    };
    assert_eq!(
        refused(rate(&desk, change).map(|_| ())).0,
        Code::SealedRecord.name(),
        "a posted rating is not changed by the way"
    );
    let yes = AnswerObjection {
        id: right,
        answer: "复查属实".into(),
        on: day("2026-11-18"),
        upheld: true,
        stars: Some([true; 5]),
    };
    answer(&desk, yes).unwrap();
    let no =
        AnswerObjection {
            id: wrong, answer: "按标准评的".into(), on: day("2026-11-18"), upheld: false, stars: None
        };
    answer(&desk, no).unwrap();
    let now = grid(&desk, id).into_iter().find(|r| r.household == row.household).unwrap();
    assert_eq!(now.stars, Some(5));

    for step in ["objections", "approval", "plaque", "archive"] {
        pass(&desk, id, step, "2026-11-20", json!({ "by": "松河镇" })).unwrap();
    }
    let page = page(&desk, id);
    assert_eq!((page.at, page.up, page.objections.len()), (10, 1, 2));
}

#[test]
fn a_veto_needs_its_facts_and_leaves_no_star() {
    let (desk, _dir) = testing::sample();
    let id = begun(&desk);
    let row = grid(&desk, id).into_iter().find(|r| r.last.is_some()).unwrap();
    let veto = |why: Option<&str>| RateHousehold {
        cycle: id,
        household: row.household,
        stars: None,
        veto: Some("家庭暴力".into()),
        veto_why: why.map(str::to_owned),
        appeal: Some("不服，已向镇里反映".into()),
        unrated_reason: None,
        correct: None,
    };
    assert_eq!(refused(rate(&desk, veto(None)).map(|_| ())).0, Code::Missing.name());
    rate(&desk, veto(Some("派出所告诫书"))).unwrap();
    let now = grid(&desk, id).into_iter().find(|r| r.household == row.household).unwrap();
    assert_eq!((now.stars, now.granted), (Some(0), [false; 5]));
    assert!(now.appeal.is_some());
}

#[test]
fn what_is_withdrawn_keeps_a_household_out_of_the_next_cycle_until_its_time_is_over() {
    let (desk, _dir) = testing::sample();
    let before = list(&desk, Nothing {}).unwrap()[0].id;
    let row = grid(&desk, before).into_iter().find(|r| r.stars == Some(5)).unwrap();
    let moved = MoveStars {
        cycle: before,
        household: row.household,
        on: day("2026-06-01"),
        stars: 0,
        why: "赌博".into(),
        by: String::new(),
    };
    move_stars(&desk, moved).unwrap();
    let id = begun(&desk);
    let now = grid(&desk, id).into_iter().find(|r| r.household == row.household).unwrap();
    assert_eq!(now.unrated_reason.as_deref(), Some("摘牌未满期限"));
}

#[test]
fn who_lives_elsewhere_stays_out_and_a_veto_holds_for_its_own_cycle() {
    let (desk, _dir) = testing::sample();
    let id = begun(&desk);
    let out: Vec<String> = grid(&desk, id).into_iter().filter_map(|r| r.unrated_reason).collect();
    assert_eq!(out.len(), 19, "11 away and 8 empty of the 24 that were not rated in 2025");
    assert!(!out.iter().any(|why| why.contains("否决")));
}

#[test]
fn carrying_a_group_over_is_one_step_that_can_be_taken_back() {
    let (desk, _dir) = testing::sample();
    let id = begun(&desk);
    let group = page(&desk, id).groups[0].id;
    let done = carry(&desk, CarryScores { cycle: id, stage: Stage::Own, from: Whence::LastCycle, group }).unwrap();
    assert!(done.value > 50 && grid(&desk, id).iter().filter(|r| r.own.is_some()).all(|r| r.group == group));
    undo(&desk, UndoStep { batch: done.batch.unwrap(), correct: None }).unwrap();
    assert!(grid(&desk, id).iter().all(|r| r.own.is_none()));
}

#[test]
fn the_wall_shows_heads_groups_and_stars_and_nothing_else() {
    let (desk, _dir) = testing::sample();
    let id = posted(&desk);
    for paper in
        [StarPaper::Application, StarPaper::Tally, StarPaper::Notice, StarPaper::Plaques, StarPaper::Certificates]
    {
        let preview = pages(&desk, WhichStarPaper { id, paper, group: None, word: false }).unwrap();
        assert!(preview.pages > 0 && preview.missing.is_empty(), "{paper:?}");
    }
}
