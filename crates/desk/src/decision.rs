//! 村级事项 — what the village decides step by step (四议两公开, 五民工作法): the list, one decision with its steps, its form.

use lianhu_ledger::dates::Date;
use lianhu_ledger::procedure::procedure;
use lianhu_ledger::records::Decision;
use lianhu_ledger::records::step::Case;
use lianhu_ledger::text::{Lang, say};
use lianhu_ledger::{Code, Record, Refusal, View};
use lianhu_report::decision_paper::{DecisionForm, StepForm};
use lianhu_report::document::Document;
use serde::{Deserialize, Serialize};
use serde_json::json;
use ts_rs::TS;
use uuid::Uuid;

use crate::desk::{Desk, Done};
use crate::files;
use crate::jobs::JobNo;
use crate::papers::put_down;
use crate::preview::Preview;
use crate::problem::Result;
use crate::session::Nothing;
use crate::step::{StepLine, lines};

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct DecisionLine {
    pub id: Uuid,
    pub procedure: String,
    pub title: String,
    pub raised_on: Date,
    /// The step at hand; none when all are passed.
    pub step: Option<String>,
    pub passed: usize,
    pub of: usize,
    /// 退回, and why.
    pub returned_why: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct DecisionPage {
    pub id: Uuid,
    pub procedure: String,
    pub title: String,
    pub raised_on: Date,
    pub raised_by: Option<String>,
    pub plan: Option<String>,
    pub today: Date,
    pub steps: Vec<StepLine>,
    pub at: usize,
    /// It hangs on the board, or has hung.
    pub posted: bool,
}

#[derive(Clone, Copy, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct WhichDecision {
    pub id: Uuid,
}

fn standing(view: View<'_>, id: Uuid) -> Result<Decision> {
    let found = view.get::<Decision>(id)?.filter(|decision| decision.gone.is_none());
    found.ok_or_else(|| Refusal::new(Code::NoSuchRecord).with("kind", Decision::KIND).with("id", id).into())
}

/// The latest first.
pub fn list(desk: &Desk, _: Nothing) -> Result<Vec<DecisionLine>> {
    desk.read(|ledger| {
        let view = ledger.view();
        let mut decisions = view.all::<Decision>()?;
        decisions.sort_by_key(|decision| std::cmp::Reverse((decision.raised_on, decision.id)));
        decisions.into_iter().map(|decision| line(view, decision)).collect()
    })
}

fn line(view: View<'_>, decision: Decision) -> Result<DecisionLine> {
    let steps = view.steps(Case::Decision(decision.id))?;
    let procedure = procedure(&decision.procedure, decision.raised_on);
    let passed = procedure.map_or(0, |p| p.reached(&steps));
    let at = procedure.and_then(|p| p.steps.get(passed)).map(|plan| plan.id.clone());
    let returned = steps.iter().find(|step| Some(&step.step) == at.as_ref());
    Ok(DecisionLine {
        id: decision.id.0,
        procedure: decision.procedure,
        title: decision.title,
        raised_on: decision.raised_on,
        passed,
        of: procedure.map_or(0, |p| p.steps.len()),
        returned_why: returned.and_then(|step| step.returned_why.clone()),
        step: at,
    })
}

pub fn look(desk: &Desk, ask: WhichDecision) -> Result<DecisionPage> {
    desk.read(|ledger| {
        let view = ledger.view();
        let decision = standing(view, ask.id)?;
        let (steps, at) = lines(view, Case::Decision(decision.id))?;
        let hangs = |line: &StepLine| line.asks.posted.is_some() && line.posted_from.is_some();
        Ok(DecisionPage {
            id: decision.id.0,
            procedure: decision.procedure,
            title: decision.title,
            raised_on: decision.raised_on,
            raised_by: decision.raised_by,
            plan: decision.plan,
            today: view.today,
            posted: steps.iter().any(hangs),
            steps,
            at,
        })
    })
}

#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct NewDecision {
    #[ts(type = "'open4' | 'five'")]
    pub procedure: String,
    pub title: String,
    pub raised_on: Date,
    #[serde(default)]
    pub raised_by: String,
    #[serde(default)]
    pub plan: String,
}

pub fn new(desk: &Desk, ask: NewDecision) -> Result<Done<Uuid>> {
    desk.edit("decision", |draft| {
        let fields = [
            ("procedure", json!(ask.procedure)),
            ("title", json!(ask.title)),
            ("raised_on", json!(ask.raised_on)),
            ("raised_by", json!(ask.raised_by)),
            ("plan", json!(ask.plan)),
        ];
        draft.create(Decision::KIND, fields.into_iter().map(|(k, v)| (k.to_owned(), v)).collect())
    })
}

#[derive(Clone, Copy, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct WhichDecisionPaper {
    pub id: Uuid,
    /// As Word; else as PDF. Of no matter to a preview.
    #[serde(default)]
    pub word: bool,
}

pub fn pages(desk: &Desk, ask: WhichDecisionPaper) -> Result<Preview> {
    let (_, document) = make(desk, ask)?;
    desk.preview(&document)
}

/// Begins; `paper_written` tells where the file lies.
pub fn print(desk: &Desk, ask: WhichDecisionPaper) -> Result<JobNo> {
    Ok(desk.begin(move |desk, job| put_down(desk, job, ask.word, || make(desk, ask))))
}

/// The form of all its steps, as far as they have been filled.
fn make(desk: &Desk, ask: WhichDecisionPaper) -> Result<(String, Document)> {
    let made_at = desk.machine().china_time();
    desk.read(|ledger| {
        let view = ledger.view();
        let decision = standing(view, ask.id)?;
        let (steps, _) = lines(view, Case::Decision(decision.id))?;
        let procedure = procedure(&decision.procedure, decision.raised_on);
        let form = DecisionForm {
            village: view
                .all::<lianhu_ledger::records::Village>()?
                .into_iter()
                .next()
                .map(|v| v.name)
                .unwrap_or_default(),
            procedure: procedure.map(|p| p.zh.clone()).unwrap_or_default(),
            title: decision.title.clone(),
            raised_on: decision.raised_on,
            raised_by: decision.raised_by.clone(),
            plan: decision.plan.clone(),
            steps: steps.iter().filter_map(|line| Some(form_of(line, procedure?.plan(&line.step)?))).collect(),
            watermark: lianhu_report::papers::watermark_of(view)?,
            made_at,
        };
        let word = say(Lang::ZhCn, "paper.decision", &[]);
        Ok((files::safe_name(&format!("{}{word}", decision.title)), form.document()))
    })
}

fn form_of(line: &StepLine, plan: &lianhu_ledger::procedure::StepPlan) -> StepForm {
    let body = |code: &str| lianhu_ledger::codes::label("meeting_kind", code, Lang::ZhCn).to_owned();
    let alone = line.asks.bodies.first().filter(|_| line.asks.bodies.len() == 1);
    StepForm {
        name: plan.zh.clone(),
        on: line.on,
        by: line.by.clone(),
        body: line.body.as_ref().or(alone).map(|code| body(code)),
        meets: !line.asks.bodies.is_empty(),
        expected: line.expected,
        present: line.present,
        votes: line.yes.map(|yes| [yes, line.no.unwrap_or(0), line.abstained.unwrap_or(0)]),
        posts: line.asks.posted.is_some(),
        posted: line.posted_from.zip(line.posted_until),
        evidence: line.evidence.clone(),
        incomplete_why: line.incomplete_why.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;
    use crate::problem::Problem;
    use crate::step::{self, ReturnStep, SaveStep, StepCase};
    use crate::testing;

    fn begun(desk: &Desk) -> Uuid {
        let ask = NewDecision {
            procedure: "open4".into(),
            title: "修三组机耕路".into(),
            raised_on: "2026-10-08".parse().unwrap(),
            raised_by: "村党支部".into(),
            plan: "硬化 1.2 公里".into(),
        };
        new(desk, ask).unwrap().value
    }

    fn pass(desk: &Desk, id: Uuid, step: &str, on: &str, fields: Json) -> Result<Done<Uuid>> {
        let fields = fields.as_object().unwrap().clone().into_iter().collect();
        let on = Some(on.parse().unwrap());
        step::save(
            desk,
            SaveStep { case: StepCase::Decision(id), step: step.into(), fields, pass: on, seen: None, correct: None },
        )
    }

    fn votes(expected: u32, present: u32, yes: u32) -> Json {
        json!({"expected": expected, "present": present, "votes": {"yes": yes, "no": present - yes, "abstained": 0}})
    }

    fn lack(result: Result<Done<Uuid>>) -> String {
        match Problem::from(result.unwrap_err()) {
            Problem::Refusal { details, .. } => details["lack"].clone(),
            Problem::Fault { .. } => panic!("a fault"),
        }
    }

    #[test]
    fn a_road_is_decided_in_six_steps_and_none_is_passed_by_the_way() {
        let (desk, _dir) = testing::empty();
        let id = begun(&desk);
        assert_eq!(lack(pass(&desk, id, "consult", "2026-10-09", votes(7, 7, 7))), "earlier");
        pass(&desk, id, "propose", "2026-10-09", votes(5, 4, 4)).unwrap();
        pass(&desk, id, "consult", "2026-10-10", votes(7, 6, 5)).unwrap();
        let mut members = votes(44, 38, 30);
        assert_eq!(lack(pass(&desk, id, "deliberate", "2026-10-15", members.clone())), "not_posted");
        members["posted_from"] = json!("2026-10-11");
        pass(&desk, id, "deliberate", "2026-10-15", members).unwrap();

        let mut few = votes(63, 36, 36);
        few["body"] = json!("representatives");
        assert_eq!(lack(pass(&desk, id, "resolve", "2026-10-20", few.clone())), "no_quorum");
        few["incomplete_why"] = json!("人都在外面");
        assert_eq!(lack(pass(&desk, id, "resolve", "2026-10-20", few)), "no_quorum", "no reason makes a quorum");
        let mut mass = votes(826, 142, 142);
        mass["body"] = json!("mass");
        assert_eq!(lack(pass(&desk, id, "resolve", "2026-10-20", mass)), "no_body");
        let back =
            ReturnStep {
                case: StepCase::Decision(id), to: "consult".into(), why: "方案再改".into(), correct: None
            };
        step::send_back(&desk, back).unwrap();
        let line = list(&desk, Nothing {}).unwrap().remove(0);
        assert_eq!(
            (line.passed, line.step.as_deref(), line.returned_why.as_deref()),
            (1, Some("consult"), Some("方案再改"))
        );
    }

    #[test]
    fn the_form_has_all_six_steps_and_what_is_known_of_each() {
        let (desk, _dir) = testing::empty();
        let id = begun(&desk);
        pass(&desk, id, "propose", "2026-10-09", votes(5, 4, 4)).unwrap();
        let (_, document) = make(&desk, WhichDecisionPaper { id, word: false }).unwrap();
        let said = serde_json::to_string(&document).unwrap();
        for word in ["党组织提议", "实施结果公开", "应到", "修三组机耕路", "硬化 1.2 公里"] {
            assert!(said.contains(word), "{word}");
        }
    }
}
