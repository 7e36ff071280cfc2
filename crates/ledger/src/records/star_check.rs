//! 星级动态检查 — the look that is taken every quarter at the households of a cycle that hangs on the doors: the day, who went
//! round, what was found. What changes for a household is a [`crate::records::StarMove`].

use crate::dates::Date;
use crate::query::View;
use crate::record::{Life, record};
use crate::records::StarCycleId;
use crate::refusal::Result;

record! { StarCheck(StarCheckId) in "star_check" index(cycle) {
    cycle: StarCycleId,
    on: Date,
    by: Option<String>,
    /// 检查情况.
    outcome: Option<String>,
} }

impl Life for StarCheck {
    fn check(&self, view: &View<'_>) -> Result<()> {
        view.not_ahead([self.on])
    }
}

impl View<'_> {
    pub fn star_checks(&self, cycle: StarCycleId) -> Result<Vec<StarCheck>> {
        self.select("cycle = ?1 ORDER BY \"on\", id", [cycle.0.as_bytes()])
    }
}
