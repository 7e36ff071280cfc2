//! 星级评定 — a household's stars in one cycle. A star and its reason are one cell. The id is made of cycle and
//! household: there is one rating, whoever enters it.

use serde::{Deserialize, Serialize};

use crate::dates::Month;
use crate::query::View;
use crate::record::{AsTyped, Count, Finding, Life, composite, record};
use crate::records::{HouseholdId, StarCycleId};
use crate::refusal::{Code, Refusal, Result};

/// 一颗星: granted or not, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Star {
    pub granted: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}
composite!(Star);

record! { Rating(RatingId) in "rating" only_one(cycle, household) index(cycle, household) {
    cycle: StarCycleId,
    household: HouseholdId,
    /// 致富星.
    wealth: Option<Star>,
    /// 守法星.
    law: Option<Star>,
    /// 美德星.
    virtue: Option<Star>,
    /// 卫生星.
    clean: Option<Star>,
    /// 诚信星.
    honest: Option<Star>,
    /// 星级, 0–5, as it was decided.
    stars: Option<Count>,
    /// 一票否决.
    veto: Option<String>,
    /// Facts and evidence of the veto.
    veto_why: Option<String>,
    /// 申诉.
    appeal: Option<String>,
    /// 未评原因.
    unrated_reason: Option<String>,
    as_typed: Option<AsTyped>,
} }

impl Life for Rating {
    fn check(&self, _view: &View<'_>) -> Result<()> {
        if self.adds_up() {
            return Ok(());
        }
        let stars = self.stars.map_or_else(|| "—".to_owned(), |n| n.to_string());
        Err(Refusal::new(Code::StarsDoNotAdd).with("stars", stars).with("granted", self.granted()).into())
    }

    /// Once the notice hangs, a rating is changed only as a correction.
    fn is_sealed(&self, view: &View<'_>) -> Result<bool> {
        Ok(view.star_notice(self.cycle)?.is_some())
    }

    fn month(&self, view: &View<'_>) -> Result<Option<Month>> {
        Ok(view.star_notice(self.cycle)?.map(Month::of))
    }

    fn findings(view: &View<'_>) -> Result<Vec<Finding>> {
        let wrong = view.all::<Rating>()?.into_iter().filter(|r| !r.adds_up());
        Ok(wrong.map(|r| Finding::new::<Rating>(r.id.0, "stars_do_not_add")).collect())
    }
}

impl Rating {
    pub fn aspects(&self) -> [&Option<Star>; 5] {
        [&self.wealth, &self.law, &self.virtue, &self.clean, &self.honest]
    }

    /// 得星.
    pub fn granted(&self) -> Count {
        self.aspects().iter().filter(|star| star.as_ref().is_some_and(|s| s.granted)).count() as Count
    }

    fn adds_up(&self) -> bool {
        self.stars.is_none_or(|stars| stars <= 5 && (stars == self.granted() || self.veto.is_some()))
    }
}

impl View<'_> {
    pub fn ratings(&self, cycle: StarCycleId) -> Result<Vec<Rating>> {
        self.select("cycle = ?1 ORDER BY id", [cycle.0.as_bytes()])
    }

    pub fn ratings_of(&self, household: HouseholdId) -> Result<Vec<Rating>> {
        self.select("household = ?1 ORDER BY id", [household.0.as_bytes()])
    }
}
