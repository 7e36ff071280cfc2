//! 评定批次 — one round of the five-star rating (五星文明户), yearly or half-yearly.

use crate::dates::Date;
use crate::query::View;
use crate::record::{Count, Life, Record, composite, record};
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
