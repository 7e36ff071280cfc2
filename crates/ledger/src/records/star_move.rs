//! 动态管理 — what became of a household's stars after the plaque: looked at again (季查), lowered (降星), withdrawn
//! (摘牌), given back. The rating of the cycle stays as it was decided; what stands now is the last of these.

use crate::dates::Date;
use crate::query::View;
use crate::record::{Count, Life, record};
use crate::records::{HouseholdId, StarCycleId};
use crate::refusal::{Code, Refusal, Result};
use crate::rules::Rules;

record! { StarMove(StarMoveId) in "star_move" index(cycle, household) {
    cycle: StarCycleId,
    household: HouseholdId,
    on: Date,
    /// Stars from that day on; 0 is 摘牌. A look that changed nothing names what there was.
    stars: Count,
    why: String,
    by: Option<String>,
} }

impl Life for StarMove {
    fn check(&self, view: &View<'_>) -> Result<()> {
        if self.on > view.today {
            return Err(Refusal::new(Code::FutureDate).with("on", self.on).into());
        }
        let most = Rules::shipped().int("stars_max", self.on)?;
        if i64::from(self.stars) > most {
            let refusal = Refusal::new(Code::Unfit).with("kind", "star_move").with("field", "stars");
            return Err(refusal.with("typed", self.stars).into());
        }
        Ok(())
    }
}

impl View<'_> {
    /// In the order in which they happened.
    pub fn star_moves(&self, cycle: StarCycleId) -> Result<Vec<StarMove>> {
        self.select("cycle = ?1 ORDER BY \"on\", id", [cycle.0.as_bytes()])
    }
}
