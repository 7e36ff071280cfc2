//! 发展党员 — applicants and where each has come to in the twenty-five steps. The program reminds and files; what is decided
//! is decided by meetings and by the township.

use lianhu_ledger::dates::Date;
use lianhu_ledger::procedure::procedure;
use lianhu_ledger::records::step::Case;
use lianhu_ledger::records::{PersonId, Recruit};
use lianhu_ledger::rules::Rules;
use lianhu_ledger::{Code, Record, Refusal, View};
use serde::{Deserialize, Serialize};
use serde_json::json;
use ts_rs::TS;
use uuid::Uuid;

use crate::desk::{Desk, Done};
use crate::problem::Result;
use crate::session::Nothing;
use crate::step::{StepCase, StepLine, lines, put};

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct RecruitLine {
    pub id: Uuid,
    pub name: String,
    pub applied_on: Option<Date>,
    /// 阶段 and step at hand; none when all are passed.
    pub phase: Option<String>,
    pub step: Option<String>,
    pub passed: usize,
    pub of: usize,
    pub due: Option<Date>,
    pub ended_on: Option<Date>,
    pub ended_why: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct RecruitPage {
    pub line: RecruitLine,
    pub today: Date,
    pub steps: Vec<StepLine>,
    pub at: usize,
    /// What the procedure should be held against before relying on it.
    pub note: Option<String>,
}

#[derive(Clone, Copy, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct WhichRecruit {
    pub id: Uuid,
}

fn standing(view: View<'_>, id: Uuid) -> Result<Recruit> {
    let found = view.get::<Recruit>(id)?.filter(|recruit| recruit.gone.is_none());
    found.ok_or_else(|| Refusal::new(Code::NoSuchRecord).with("kind", Recruit::KIND).with("id", id).into())
}

/// Those still on the way first, then by the day of their application.
pub fn list(desk: &Desk, _: Nothing) -> Result<Vec<RecruitLine>> {
    desk.read(|ledger| {
        let view = ledger.view();
        let mut recruits = view.all::<Recruit>()?;
        recruits.sort_by_key(|recruit| (recruit.ended_on.is_some(), recruit.applied_on, recruit.id));
        recruits.into_iter().map(|recruit| line(view, recruit)).collect()
    })
}

fn line(view: View<'_>, recruit: Recruit) -> Result<RecruitLine> {
    let steps = view.steps(Case::Recruit(recruit.id))?;
    let procedure = procedure("recruit", recruit.applied_on.unwrap_or(view.today));
    let passed = procedure.map_or(0, |p| p.reached(&steps));
    let plan = procedure.and_then(|p| p.steps.get(passed)).filter(|_| recruit.ended_on.is_none());
    let due = match (procedure, plan) {
        (Some(p), Some(plan)) => p.due(&plan.id, &steps, &Rules::shipped()).map_err(lianhu_ledger::Error::from)?,
        _ => None,
    };
    Ok(RecruitLine {
        id: recruit.id.0,
        name: view.names()?.remove(&recruit.person).unwrap_or_default(),
        applied_on: recruit.applied_on,
        phase: plan.and_then(|plan| plan.phase.clone()),
        step: plan.map(|plan| plan.id.clone()),
        passed,
        of: procedure.map_or(0, |p| p.steps.len()),
        due,
        ended_on: recruit.ended_on,
        ended_why: recruit.ended_why,
    })
}

pub fn look(desk: &Desk, ask: WhichRecruit) -> Result<RecruitPage> {
    desk.read(|ledger| {
        let view = ledger.view();
        let recruit = standing(view, ask.id)?;
        let (steps, at) = lines(view, Case::Recruit(recruit.id))?;
        let procedure = procedure("recruit", recruit.applied_on.unwrap_or(view.today));
        let note = procedure.and_then(|p| p.note.clone());
        Ok(RecruitPage { line: line(view, recruit)?, today: view.today, steps, at, note })
    })
}

/// 递交入党申请书: the first step, with its paper.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct NewRecruit {
    pub person: Uuid,
    pub applied_on: Date,
}

pub fn new(desk: &Desk, ask: NewRecruit) -> Result<Done<Uuid>> {
    desk.edit("recruit", |draft| {
        let fields = [("person", json!(PersonId(ask.person).0)), ("applied_on", json!(ask.applied_on))];
        let id = draft.create(Recruit::KIND, fields.into_iter().map(|(k, v)| (k.to_owned(), v)).collect())?;
        let papers = procedure("recruit", ask.applied_on).and_then(|p| p.steps.first()).map(|plan| plan.papers.clone());
        let first = [("on", json!(ask.applied_on)), ("papers", json!(papers))];
        put(draft, StepCase::Recruit(id), "apply", first.into_iter().map(|(k, v)| (k.to_owned(), v)).collect())?;
        Ok(id)
    })
}

/// 终止.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct EndRecruit {
    pub id: Uuid,
    pub on: Date,
    pub why: String,
}

pub fn end(desk: &Desk, ask: EndRecruit) -> Result<Done<Uuid>> {
    if ask.why.trim().is_empty() {
        return Err(Refusal::new(Code::ReasonMissing).into());
    }
    desk.edit("recruit_end", |draft| {
        standing(draft.view(), ask.id)?;
        let fields = [("ended_on", json!(ask.on)), ("ended_why", json!(ask.why))];
        draft.patch(Recruit::KIND, ask.id, fields.into_iter().map(|(k, v)| (k.to_owned(), v)).collect())?;
        Ok(ask.id)
    })
}

#[cfg(test)]
mod tests {
    use lianhu_ledger::records::Person;
    use serde_json::{Value as Json, json};

    use super::*;
    use crate::problem::Problem;
    use crate::step::{self, SaveStep};
    use crate::testing;

    fn pass(desk: &Desk, id: Uuid, step: &str, on: &str, fields: Json) -> Result<Done<Uuid>> {
        let fields = fields.as_object().unwrap().clone().into_iter().collect();
        let on = Some(on.parse().unwrap());
        step::save(
            desk,
            SaveStep { case: StepCase::Recruit(id), step: step.into(), fields, pass: on, seen: None, correct: None },
        )
    }

    fn lack(result: Result<Done<Uuid>>) -> String {
        match Problem::from(result.unwrap_err()) {
            Problem::Refusal { details, .. } => details["lack"].clone(),
            Problem::Fault { .. } => panic!("a fault"),
        }
    }

    #[test]
    fn papers_meetings_and_time_hold_an_applicant_and_the_talk_has_its_day() {
        let (desk, _dir) = testing::sample();
        let person = desk.read(|l| Ok(l.view().all::<Person>()?.remove(0).id.0)).unwrap();
        let id = new(&desk, NewRecruit { person, applied_on: "2026-01-10".parse().unwrap() }).unwrap().value;
        let line = list(&desk, Nothing {}).unwrap().remove(0);
        assert_eq!((line.passed, line.of, line.step.as_deref()), (1, 25, Some("talk")));
        assert_eq!(line.due, Some("2026-02-10".parse().unwrap()), "spoken to within a month");

        assert_eq!(lack(pass(&desk, id, "talk", "2026-02-01", json!({}))), "paper");
        pass(&desk, id, "talk", "2026-02-01", json!({"papers": ["谈话记录"]})).unwrap();
        let papers = json!(["推荐材料", "支委会会议记录"]);
        let votes = json!({"yes": 4, "no": 0, "abstained": 0});
        let met = json!({"expected": 5, "present": 4, "votes": votes, "papers": papers});
        pass(&desk, id, "activist", "2026-03-01", met).unwrap();
        pass(&desk, id, "activist_filed", "2026-03-05", json!({"papers": ["备案报告"]})).unwrap();
        assert_eq!(
            lack(pass(&desk, id, "mentors", "2026-03-06", json!({"persons": ["甲", "乙", "丙"]}))),
            "many_people"
        );
        pass(&desk, id, "mentors", "2026-03-06", json!({"persons": ["甲", "乙"]})).unwrap();
        let trained = json!({"papers": ["入党积极分子培养教育考察登记表"]});
        assert_eq!(lack(pass(&desk, id, "training", "2026-11-20", trained)), "too_early", "a year has not passed");

        end(&desk, EndRecruit { id, on: "2026-11-20".parse().unwrap(), why: "外出务工，本人申请暂缓".into() }).unwrap();
        assert_eq!(list(&desk, Nothing {}).unwrap()[0].step, None);
    }
}
