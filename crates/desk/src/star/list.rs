//! The cycles there are, the latest first.

use lianhu_ledger::View;
use lianhu_ledger::records::StarCycle;
use lianhu_ledger::records::step::Case;
use serde::Serialize;
use ts_rs::TS;
use uuid::Uuid;

use crate::desk::Desk;
use crate::problem::Result;
use crate::session::Nothing;

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct StarCycleLine {
    pub id: Uuid,
    pub name: String,
    pub year: Option<u32>,
    /// The step at hand; none where all are passed, or where the cycle came from a table and had no steps here.
    pub step: Option<String>,
    /// Households with 0 (未评) to 5 stars.
    pub levels: [u32; 6],
}

pub fn list(desk: &Desk, _: Nothing) -> Result<Vec<StarCycleLine>> {
    desk.read(|ledger| {
        let view = ledger.view();
        in_order(view)?.into_iter().map(|cycle| line(view, cycle)).collect()
    })
}

/// The latest first.
pub(super) fn in_order(view: View<'_>) -> Result<Vec<StarCycle>> {
    let mut cycles: Vec<StarCycle> = view.all()?;
    cycles.sort_by_key(|cycle| std::cmp::Reverse((cycle.year, cycle.id)));
    Ok(cycles)
}

fn line(view: View<'_>, cycle: StarCycle) -> Result<StarCycleLine> {
    let mut levels = [0; 6];
    for rating in view.ratings(cycle.id)? {
        levels[rating.stars.unwrap_or(0).min(5) as usize] += 1;
    }
    let steps = view.steps(Case::Cycle(cycle.id))?;
    let procedure = view.procedure_of(Case::Cycle(cycle.id))?.filter(|_| !steps.is_empty());
    let step = procedure.and_then(|p| p.steps.get(p.reached(&steps))).map(|plan| plan.zh.clone());
    Ok(StarCycleLine { id: cycle.id.0, name: cycle.name, year: cycle.year, step, levels })
}
