//! 步骤 — one step of work that goes step by step: when it was passed, by which body, with how many votes, how long it
//! hung on the board, on what evidence. Its id is made of the case and the step: there is one, whoever enters it.
//!
//! A step is passed by its day (`on`). An incomplete one is passed only with a reason that stands beside it; one that
//! was voted down, or that comes before its turn, not at all.

use serde::{Deserialize, Serialize};

use crate::dates::{Date, Month};
use crate::procedure::{Lack, Procedure, procedure};
use crate::query::View;
use crate::record::{Cell, Coded, Count, Finding, Life, composite, record};
use crate::records::{Decision, DecisionId, MeetingKind, Recruit, RecruitId, StarCycleId};
use crate::refusal::{Code, Refusal, Result};
use crate::rules::Rules;
use crate::rules::quorum::{Basis, Votes};
use crate::value::{Shape, Value};

/// Names of people or papers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Names(pub Vec<String>);
composite!(Names);

/// 赞成、反对、弃权: counted together, so one cell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ballot {
    pub yes: Count,
    pub no: Count,
    pub abstained: Count,
}
composite!(Ballot);

impl From<Ballot> for Votes {
    fn from(ballot: Ballot) -> Votes {
        Votes { yes: ballot.yes, no: ballot.no, abstained: ballot.abstained }
    }
}

impl Cell for Basis {
    const SHAPE: Shape = Shape::Text;
    fn read(value: &Value) -> Option<Self> {
        serde_json::from_value(value.to_json()).ok()
    }
    fn write(&self) -> Value {
        let json = serde_json::to_value(self).expect("a basis is a word");
        Value::text(json.as_str().unwrap_or_default())
    }
}

record! { Step(StepId) in "step" only_one(cycle, decision, recruit, step) index(cycle, decision, recruit) {
    /// The case: one of these three.
    cycle: Option<StarCycleId>,
    decision: Option<DecisionId>,
    recruit: Option<RecruitId>,
    /// Which step, as the procedure names it.
    step: String,
    /// The day on which it was passed; unknown while it is open.
    on: Option<Date>,
    /// 由谁定的.
    by: Option<String>,
    /// 评分人、培养联系人、介绍人.
    persons: Option<Names>,
    /// The body that met.
    body: Option<Coded<MeetingKind>>,
    /// Whose turnout was counted, where the body has two ways to open.
    basis: Option<Basis>,
    /// 应到、实到.
    expected: Option<Count>,
    present: Option<Count>,
    votes: Option<Ballot>,
    /// 公示起止.
    posted_from: Option<Date>,
    posted_until: Option<Date>,
    /// Papers that are there.
    papers: Option<Names>,
    /// 依据.
    evidence: Option<String>,
    /// Why it was passed although something is missing.
    incomplete_why: Option<String>,
    /// 退回: why the case went back to before this step.
    returned_why: Option<String>,
} }

impl Life for Step {
    fn check(&self, view: &View<'_>) -> Result<()> {
        self.adds_up()?;
        let Some((procedure, others)) = self.case(view)? else {
            let refusal = Refusal::new(Code::Unfit).with("kind", "step").with("field", "step");
            return Err(refusal.with("typed", &self.step).into());
        };
        match self.on {
            Some(on) if on > view.today => Err(Refusal::new(Code::FutureDate).with("on", on).into()),
            Some(on) => self.may_pass(view, procedure, &others, on),
            None => self.may_reopen(procedure, &others),
        }
    }

    /// Once it hangs on the board, what led there is changed only as a correction.
    fn is_sealed(&self, view: &View<'_>) -> Result<bool> {
        let Some((procedure, others)) = self.case(view)? else { return Ok(false) };
        let posted = procedure.steps.iter().position(|plan| plan.posted.is_some());
        let (Some(at), Some(posted)) = (procedure.at(&self.step), posted) else { return Ok(false) };
        let hangs = |step: &Step| step.posted_from.is_some_and(|from| from <= view.today);
        let notice = others.iter().find(|other| other.step == procedure.steps[posted].id);
        Ok((at < posted && notice.is_some_and(hangs)) || (at == posted && self.on.is_some()))
    }

    fn month(&self, view: &View<'_>) -> Result<Option<Month>> {
        Ok(self.is_sealed(view)?.then_some(self.on).flatten().map(Month::of))
    }

    /// Steps that several computers together carried where one alone could not have.
    fn findings(view: &View<'_>) -> Result<Vec<Finding>> {
        let mut found = Vec::new();
        for step in view.select::<Step>("\"on\" IS NOT NULL ORDER BY id", [])? {
            let Some((procedure, others)) = step.case(view)? else { continue };
            let passed = |id: &str| others.iter().any(|other| other.step == id && other.on.is_some());
            let before = procedure.steps.iter().take_while(|plan| plan.id != step.step);
            let gap = before.into_iter().find(|plan| !passed(&plan.id));
            found.extend(gap.map(|plan| Finding::new::<Step>(step.id.0, "step_gap").with("step", &plan.id)));
        }
        Ok(found)
    }
}

impl Step {
    /// A new, open step of a case.
    pub fn open(id: StepId, case: Case, step: &str) -> Step {
        let (cycle, decision, recruit) = match case {
            Case::Cycle(id) => (Some(id), None, None),
            Case::Decision(id) => (None, Some(id), None),
            Case::Recruit(id) => (None, None, Some(id)),
        };
        Step {
            id,
            cycle,
            decision,
            recruit,
            step: step.to_owned(),
            on: None,
            by: None,
            persons: None,
            body: None,
            basis: None,
            expected: None,
            present: None,
            votes: None,
            posted_from: None,
            posted_until: None,
            papers: None,
            evidence: None,
            incomplete_why: None,
            returned_why: None,
            note: None,
            gone: None,
        }
    }

    fn adds_up(&self) -> Result<()> {
        if let (Some(from), Some(until)) = (self.posted_from, self.posted_until)
            && from > until
        {
            return Err(Refusal::new(Code::DatesReversed).with("from", from).with("until", until).into());
        }
        match (self.expected, self.present) {
            (Some(all), Some(part)) if part > all => {
                let refusal = Refusal::new(Code::CountsReversed).with("field", "present");
                Err(refusal.with("part", part).with("all", all).into())
            }
            _ => Ok(()),
        }
    }

    /// The one case it belongs to.
    pub fn of(&self) -> Option<Case> {
        match (self.cycle, self.decision, self.recruit) {
            (Some(id), None, None) => Some(Case::Cycle(id)),
            (None, Some(id), None) => Some(Case::Decision(id)),
            (None, None, Some(id)) => Some(Case::Recruit(id)),
            _ => None,
        }
    }

    /// Its procedure and the other steps of its case; nothing where this release does not know the step.
    fn case(&self, view: &View<'_>) -> Result<Option<(&'static Procedure, Vec<Step>)>> {
        let Some(case) = self.of() else { return Ok(None) };
        let procedure = view.procedure_of(case)?.filter(|p| p.plan(&self.step).is_some());
        let others = view.steps(case)?.into_iter().filter(|other| other.id != self.id).collect();
        Ok(procedure.map(|procedure| (procedure, others)))
    }

    fn may_pass(&self, view: &View<'_>, procedure: &Procedure, others: &[Step], on: Date) -> Result<()> {
        let lacks = view.step_lacks(procedure, self, others, on)?;
        let hard = lacks.iter().find(|lack| lack.is_hard());
        let lack = hard.or_else(|| lacks.first().filter(|_| self.incomplete_why.is_none()));
        let Some(lack) = lack else { return Ok(()) };
        let code = if lack.is_hard() { Code::StepBarred } else { Code::StepIncomplete };
        Err(lack.told(Refusal::new(code).with("step", &self.step)).into())
    }

    fn may_reopen(&self, procedure: &Procedure, others: &[Step]) -> Result<()> {
        let after = procedure.steps.iter().skip_while(|plan| plan.id != self.step).skip(1);
        let passed = |plan: &&crate::procedure::StepPlan| others.iter().any(|s| s.step == plan.id && s.on.is_some());
        match after.into_iter().find(passed) {
            Some(later) => {
                Err(Refusal::new(Code::LaterStepPassed).with("step", &self.step).with("later", &later.id).into())
            }
            None => Ok(()),
        }
    }
}

/// What goes step by step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    Cycle(StarCycleId),
    Decision(DecisionId),
    Recruit(RecruitId),
}

impl View<'_> {
    /// The steps of a case that were ever touched, in the order of their ids.
    pub fn steps(&self, case: Case) -> Result<Vec<Step>> {
        match case {
            Case::Cycle(id) => self.select("cycle = ?1 ORDER BY id", [id.0.as_bytes()]),
            Case::Decision(id) => self.select("decision = ?1 ORDER BY id", [id.0.as_bytes()]),
            Case::Recruit(id) => self.select("recruit = ?1 ORDER BY id", [id.0.as_bytes()]),
        }
    }

    /// The procedure that held when the case began.
    pub fn procedure_of(&self, case: Case) -> Result<Option<&'static Procedure>> {
        Ok(match case {
            Case::Cycle(_) => procedure("stars", self.today),
            Case::Decision(id) => self.get::<Decision>(id.0)?.and_then(|d| procedure(&d.procedure, d.raised_on)),
            Case::Recruit(id) => {
                self.get::<Recruit>(id.0)?.and_then(|r| procedure("recruit", r.applied_on.unwrap_or(self.today)))
            }
        })
    }

    /// All that a step lacks to be passed on a day, the household scores of a star cycle included.
    pub fn step_lacks(&self, procedure: &Procedure, step: &Step, others: &[Step], on: Date) -> Result<Vec<Lack>> {
        let mut lacks = procedure.lacks(step, others, &Rules::shipped(), on)?;
        if let Some(cycle) = step.cycle {
            lacks.extend(self.star_lacks(cycle, &step.step)?);
        }
        Ok(lacks)
    }
}
