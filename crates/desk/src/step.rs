//! 步骤 — what goes step by step, as a screen shows it: where the case stands, what the step at hand lacks, and passing
//! it or going back. One set of commands for star cycles, decisions and the admission of members.

use lianhu_ledger::dates::Date;
use lianhu_ledger::procedure::{Lack, Procedure};
use lianhu_ledger::records::step::{Case, Step};
use lianhu_ledger::records::{DecisionId, RecruitId, StarCycleId, StepId};
use lianhu_ledger::rules::Rules;
use lianhu_ledger::{Code, Draft, Fields, Record, Refusal, View};
use serde::{Deserialize, Serialize};
use serde_json::json;
use ts_rs::TS;
use uuid::Uuid;

use crate::desk::{Desk, Done};
use crate::problem::Result;
use crate::records::unchanged_since;

/// What goes step by step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, TS)]
#[serde(tag = "of", content = "id", rename_all = "snake_case")]
pub enum StepCase {
    Cycle(Uuid),
    Decision(Uuid),
    Recruit(Uuid),
}

impl StepCase {
    pub(crate) fn case(self) -> Case {
        match self {
            StepCase::Cycle(id) => Case::Cycle(StarCycleId(id)),
            StepCase::Decision(id) => Case::Decision(DecisionId(id)),
            StepCase::Recruit(id) => Case::Recruit(RecruitId(id)),
        }
    }

    fn field(self) -> (&'static str, Uuid) {
        match self {
            StepCase::Cycle(id) => ("cycle", id),
            StepCase::Decision(id) => ("decision", id),
            StepCase::Recruit(id) => ("recruit", id),
        }
    }
}

/// One step on the screen.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct StepLine {
    pub step: String,
    pub phase: Option<String>,
    pub on: Option<Date>,
    pub by: Option<String>,
    pub persons: Vec<String>,
    pub body: Option<String>,
    pub expected: Option<u32>,
    pub present: Option<u32>,
    pub yes: Option<u32>,
    pub no: Option<u32>,
    pub abstained: Option<u32>,
    pub posted_from: Option<Date>,
    pub posted_until: Option<Date>,
    pub papers: Vec<String>,
    pub evidence: Option<String>,
    pub incomplete_why: Option<String>,
    pub returned_why: Option<String>,
    pub asks: StepAsks,
    /// What is missing to pass it today.
    pub lacks: Vec<StepLack>,
    /// By when it should be passed.
    pub due: Option<Date>,
}

/// What the procedure asks of a step.
#[derive(Clone, Debug, Default, PartialEq, Serialize, TS)]
pub struct StepAsks {
    /// Kinds of meeting that may take it.
    pub bodies: Vec<String>,
    pub votes: bool,
    /// Names of people are asked for: at least, at most.
    pub persons: Option<(u32, Option<u32>)>,
    /// Days on the board: at least, and as is usual.
    pub posted: Option<(u32, u32)>,
    /// Days before the meeting on which the plan goes out.
    pub announced: Option<u32>,
    pub papers: Vec<String>,
}

/// One thing that is missing: a word of the catalogue (`lack.…`) and what its sentence names.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct StepLack {
    pub lack: String,
    #[ts(type = "Record<string, string>")]
    pub details: std::collections::BTreeMap<&'static str, String>,
    /// No reason makes up for it.
    pub hard: bool,
}

impl StepLack {
    fn of(lack: &Lack) -> StepLack {
        StepLack { lack: lack.code().to_owned(), details: lack.details(), hard: lack.is_hard() }
    }
}

/// All steps of a case in their order, and the index of the one at hand.
pub(crate) fn lines(view: View<'_>, case: Case) -> Result<(Vec<StepLine>, usize)> {
    let Some(procedure) = view.procedure_of(case)? else { return Ok((Vec::new(), 0)) };
    let steps = view.steps(case)?;
    let rules = Rules::shipped();
    let at = procedure.reached(&steps);
    let mut lines = Vec::new();
    for (i, plan) in procedure.steps.iter().enumerate() {
        let standing = steps.iter().find(|step| step.step == plan.id);
        let step = standing.cloned().unwrap_or_else(|| Step::open(StepId(Uuid::nil()), case, &plan.id));
        let others: Vec<Step> = steps.iter().filter(|other| other.step != plan.id).cloned().collect();
        let day = step.on.unwrap_or(view.today);
        let lacks = if i == at { view.step_lacks(procedure, &step, &others, day)? } else { Vec::new() };
        let mut line = line(procedure, i, &step, &rules, day)?;
        line.lacks = lacks.iter().map(StepLack::of).collect();
        line.due = procedure.due(&plan.id, &steps, &rules).map_err(lianhu_ledger::Error::from)?;
        lines.push(line);
    }
    Ok((lines, at))
}

fn line(procedure: &Procedure, at: usize, step: &Step, rules: &Rules, day: Date) -> Result<StepLine> {
    let plan = &procedure.steps[at];
    let names = |names: &Option<lianhu_ledger::records::step::Names>| names.clone().unwrap_or_default().0;
    Ok(StepLine {
        step: plan.id.clone(),
        phase: plan.phase.clone(),
        on: step.on,
        by: step.by.clone(),
        persons: names(&step.persons),
        body: step.body.as_ref().map(|body| body.code().to_owned()),
        expected: step.expected,
        present: step.present,
        yes: step.votes.map(|votes| votes.yes),
        no: step.votes.map(|votes| votes.no),
        abstained: step.votes.map(|votes| votes.abstained),
        posted_from: step.posted_from,
        posted_until: step.posted_until,
        papers: names(&step.papers),
        evidence: step.evidence.clone(),
        incomplete_why: step.incomplete_why.clone(),
        returned_why: step.returned_why.clone(),
        asks: asks(plan, rules, day).map_err(lianhu_ledger::Error::from)?,
        lacks: Vec::new(),
        due: None,
    })
}

fn asks(
    plan: &lianhu_ledger::procedure::StepPlan,
    rules: &Rules,
    day: Date,
) -> Result<StepAsks, lianhu_ledger::rules::RuleProblem> {
    let number = |n: i64| u32::try_from(n).unwrap_or(0);
    let persons = match (&plan.raters, &plan.people) {
        (Some(rule), _) => Some((number(rules.int(rule, day)?), None)),
        (None, Some([fewest, most])) => Some((number(rules.int(fewest, day)?), Some(number(rules.int(most, day)?)))),
        (None, None) => None,
    };
    let posted = match &plan.posted {
        Some(rule) => {
            let usual = rule.strip_suffix("_min").unwrap_or(rule);
            Some((rules.days(rule, day)?, rules.days(usual, day)?))
        }
        None => None,
    };
    Ok(StepAsks {
        bodies: plan.bodies.clone(),
        votes: plan.votes,
        persons,
        posted,
        announced: plan.announced.as_ref().map(|rule| rules.days(rule, day)).transpose()?,
        papers: plan.papers.clone(),
    })
}

/// Writes what is known of a step; with `pass` it is passed on that day.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SaveStep {
    pub case: StepCase,
    pub step: String,
    #[ts(type = "Record<string, unknown>")]
    pub fields: Fields,
    #[serde(default)]
    #[ts(optional)]
    pub pass: Option<Date>,
    #[serde(default)]
    #[ts(type = "Record<string, unknown>", optional)]
    pub seen: Option<Fields>,
    #[serde(default)]
    #[ts(optional)]
    pub correct: Option<String>,
}

/// What a person fills in; the day of passing has its own way.
const OPEN_FIELDS: [&str; 13] = [
    "by",
    "persons",
    "body",
    "basis",
    "expected",
    "present",
    "votes",
    "posted_from",
    "posted_until",
    "papers",
    "evidence",
    "incomplete_why",
    "note",
];

pub fn save(desk: &Desk, ask: SaveStep) -> Result<Done<Uuid>> {
    if let Some(name) = ask.fields.keys().find(|name| !OPEN_FIELDS.contains(&name.as_str())) {
        return Err(Refusal::new(Code::MalformedAsk).with("what", name).into());
    }
    let op = if ask.pass.is_some() { "step_pass" } else { "step" };
    desk.correct(op, ask.correct.as_deref(), |draft| {
        let id = id_of(draft, ask.case, &ask.step)?;
        unchanged_since(draft, Step::KIND, id, ask.seen.as_ref())?;
        let mut fields = ask.fields;
        if let Some(on) = ask.pass {
            fields.insert("on".to_owned(), json!(on));
            fields.insert("returned_why".to_owned(), json!(null));
        }
        put(draft, ask.case, &ask.step, fields)?;
        if let (Some(on), StepCase::Cycle(cycle)) = (ask.pass, ask.case) {
            crate::star::passed(draft, StarCycleId(cycle), &ask.step, on)?;
        }
        Ok(id)
    })
}

/// 退回: the case stands at `to` again. What was entered in later steps stays, only their passing is taken back.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ReturnStep {
    pub case: StepCase,
    pub to: String,
    pub why: String,
    #[serde(default)]
    #[ts(optional)]
    pub correct: Option<String>,
}

pub fn send_back(desk: &Desk, ask: ReturnStep) -> Result<Done<u32>> {
    if ask.why.trim().is_empty() {
        return Err(Refusal::new(Code::ReasonMissing).into());
    }
    desk.correct("step_return", ask.correct.as_deref(), |draft| {
        let case = ask.case.case();
        let unknown = || Refusal::new(Code::MalformedAsk).with("what", &ask.to);
        let procedure = draft.view().procedure_of(case)?.ok_or_else(unknown)?;
        let to = procedure.at(&ask.to).ok_or_else(unknown)?;
        let mut taken_back = 0;
        for step in draft.view().steps(case)?.into_iter().filter(|step| step.on.is_some() || step.posted_from.is_some())
        {
            let Some(at) = procedure.at(&step.step).filter(|at| *at >= to) else { continue };
            let mut fields = Fields::from([("on".to_owned(), json!(null))]);
            if at > to && procedure.steps[at].posted.is_some() {
                // What led to the notice is open again: it comes off the board, and another will hang its own days.
                fields.extend(["posted_from", "posted_until"].map(|name| (name.to_owned(), json!(null))));
            }
            if at == to {
                fields.insert("returned_why".to_owned(), json!(ask.why));
            }
            draft.patch(Step::KIND, step.id.0, fields)?;
            taken_back += u32::from(step.on.is_some());
        }
        if let (StepCase::Cycle(cycle), Some(approval)) = (ask.case, procedure.at("approval"))
            && approval >= to
        {
            draft.patch("star_cycle", cycle, [("decided_on".to_owned(), json!(null))].into())?;
        }
        if taken_back == 0 {
            return Err(Refusal::new(Code::NothingToDo).into());
        }
        Ok(taken_back)
    })
}

fn id_of(draft: &mut Draft<'_>, case: StepCase, step: &str) -> Result<Uuid> {
    let standing = draft.view().steps(case.case())?.into_iter().find(|s| s.step == step);
    Ok(standing.map_or_else(|| made_id(draft, case, step), |s| s.id.0))
}

/// As the ledger makes it: cycle, decision, recruit, step.
fn made_id(draft: &Draft<'_>, case: StepCase, step: &str) -> Uuid {
    let (field, id) = case.field();
    let part = |name: &str| if name == field { id.to_string() } else { String::new() };
    draft.only_one(Step::KIND, &[&part("cycle"), &part("decision"), &part("recruit"), &step])
}

pub(crate) fn put(draft: &mut Draft<'_>, case: StepCase, step: &str, mut fields: Fields) -> Result<Uuid> {
    let (field, id) = case.field();
    fields.insert(field.to_owned(), json!(id));
    fields.insert("step".to_owned(), json!(step));
    draft.create(Step::KIND, fields)
}
