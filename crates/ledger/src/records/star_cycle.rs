//! 评定批次 — one round of the five-star rating (五星文明户), yearly or half-yearly.

use crate::dates::Date;
use crate::query::View;
use crate::record::{Count, Life, Record, composite, record};
use crate::records::step::Case;
use crate::refusal::{Code, Refusal, Result};
use serde::{Deserialize, Serialize};

/// What one star asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    pub star: String,
    pub asks: Vec<String>,
}

/// 评星标准 and 否决项, as they held in one cycle: the village may change them from cycle to cycle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StarCriteria {
    pub stars: Vec<Asked>,
    pub vetoes: Vec<String>,
}
composite!(StarCriteria);

record! { StarCycle(StarCycleId) in "star_cycle" only_one(name) {
    /// e.g. 2025年度.
    name: String,
    year: Option<Count>,
    /// 自评、互评、评议、公示、审定、挂牌…, as far as it has come.
    stage: Option<String>,
    notice_from: Option<Date>,
    notice_until: Option<Date>,
    /// 异议 received and settled.
    objections: Option<Count>,
    objections_settled: Option<Count>,
    /// 审定.
    decided_on: Option<Date>,
    criteria: Option<StarCriteria>,
} }

impl Life for StarCycle {
    fn check(&self, view: &View<'_>) -> Result<()> {
        if let (Some(from), Some(until)) = (self.notice_from, self.notice_until)
            && from > until
        {
            return Err(Refusal::new(Code::DatesReversed).with("from", from).with("until", until).into());
        }
        let same = view.select::<StarCycle>("name = ?1 AND id <> ?2", (&self.name, self.id.0.as_bytes()))?;
        match same.first() {
            Some(other) => Err(Refusal::new(Code::Duplicate)
                .with("kind", StarCycle::KIND)
                .with("what", &self.name)
                .with("id", other.id.0)
                .into()),
            None => Ok(()),
        }
    }
}

/// Where a cycle stood on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The step at hand, as the procedure names it; what a table said of a cycle that was taken over.
    pub stage: Option<String>,
    pub posted_from: Option<Date>,
    pub posted_until: Option<Date>,
    pub objections: Option<Count>,
    pub objections_settled: Option<Count>,
    /// 审定: its stars stand.
    pub decided: bool,
}

impl View<'_> {
    /// How a cycle stood on a day; nothing where it had not begun. One that came from a table, decided, has no steps.
    pub fn standing_of(&self, cycle: &StarCycle, on: Date) -> Result<Option<Standing>> {
        let case = Case::Cycle(cycle.id);
        let mut steps = self.steps(case)?;
        if steps.is_empty() {
            let decided = cycle.decided_on.is_some_and(|day| day <= on) || cycle.notice_until.is_none();
            return Ok(Some(Standing {
                stage: cycle.stage.clone(),
                posted_from: cycle.notice_from,
                posted_until: cycle.notice_until,
                objections: cycle.objections,
                objections_settled: cycle.objections_settled,
                decided,
            }));
        }
        steps.retain(|step| step.on.is_none_or(|day| day <= on));
        let passed = |name: &str| steps.iter().any(|step| step.step == name && step.on.is_some());
        if !passed("plan") {
            return Ok(None);
        }
        let procedure = self.procedure_of(case)?;
        let stage =
            procedure.and_then(|p| p.steps.get(p.reached(&steps)).or(p.steps.last())).map(|plan| plan.zh.clone());
        let notice = steps.iter().find(|step| step.step == "notice" && step.posted_from.is_some_and(|from| from <= on));
        let objections = self.objections(cycle.id)?;
        let heard = objections.iter().filter(|o| o.on <= on);
        let settled = heard.clone().filter(|o| o.answered_on.is_some_and(|day| day <= on));
        let count = |n: usize| notice.map(|_| Count::try_from(n).unwrap_or(Count::MAX));
        Ok(Some(Standing {
            stage,
            posted_from: notice.and_then(|step| step.posted_from),
            posted_until: notice.and_then(|step| step.posted_until),
            objections: count(heard.count()),
            objections_settled: count(settled.count()),
            decided: passed("approval"),
        }))
    }
}
