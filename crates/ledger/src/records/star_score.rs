//! 评星打分 — what one stage of the rating gave a household: its own word (户自评), its group (组内互评), the village
//! panel (村评议会). Its id is made of cycle, household and stage: two computers that score the same household mean the
//! same entry, and where they differ both values are kept to be chosen from.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};

use crate::dates::{Date, Month};
use crate::procedure::Lack;
use crate::query::View;
use crate::record::{Cell, Count, Life, composite, record};
use crate::records::step::Case;
use crate::records::{Household, HouseholdId, StarCycleId};
use crate::refusal::{Code, Refusal, Result};
use crate::value::{Shape, Value};

/// Which stage gave the score.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// 户自评.
    #[serde(rename = "self")]
    Own,
    /// 组内互评.
    Peer,
    /// 村评议会.
    Panel,
}

impl Stage {
    pub const ALL: [Stage; 3] = [Stage::Own, Stage::Peer, Stage::Panel];

    /// As the procedure names the step.
    pub fn code(self) -> &'static str {
        match self {
            Stage::Own => "self",
            Stage::Peer => "peer",
            Stage::Panel => "panel",
        }
    }

    pub fn of(code: &str) -> Option<Stage> {
        Stage::ALL.into_iter().find(|stage| stage.code() == code)
    }

    pub fn before(self) -> Option<Stage> {
        match self {
            Stage::Own => None,
            Stage::Peer => Some(Stage::Own),
            Stage::Panel => Some(Stage::Peer),
        }
    }
}

impl Cell for Stage {
    const SHAPE: Shape = Shape::Text;
    fn read(value: &Value) -> Option<Self> {
        Stage::of(value.as_text()?)
    }
    fn write(&self) -> Value {
        Value::text(self.code())
    }
}

/// Which of the five stars: 致富、守法、美德、卫生、诚信. Together they are the score, so one cell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Aspects {
    pub wealth: bool,
    pub law: bool,
    pub virtue: bool,
    pub clean: bool,
    pub honest: bool,
}
composite!(Aspects);

impl Aspects {
    pub fn each(self) -> [bool; 5] {
        [self.wealth, self.law, self.virtue, self.clean, self.honest]
    }

    pub fn count(self) -> Count {
        self.each().into_iter().filter(|is| *is).count() as Count
    }
}

record! { StarScore(StarScoreId) in "star_score" only_one(cycle, household, stage) index(cycle) {
    cycle: StarCycleId,
    household: HouseholdId,
    stage: Stage,
    stars: Option<Aspects>,
    /// Why it differs from the stage before.
    why: Option<String>,
} }

impl Life for StarScore {
    fn is_sealed(&self, view: &View<'_>) -> Result<bool> {
        Ok(view.star_notice(self.cycle)?.is_some())
    }

    fn month(&self, view: &View<'_>) -> Result<Option<Month>> {
        Ok(view.star_notice(self.cycle)?.map(Month::of))
    }

    fn check(&self, _view: &View<'_>) -> Result<()> {
        match self.stars {
            None if self.why.is_some() => {
                Err(Refusal::new(Code::Missing).with("kind", "star_score").with("field", "stars").into())
            }
            _ => Ok(()),
        }
    }
}

impl View<'_> {
    pub fn star_scores(&self, cycle: StarCycleId) -> Result<Vec<StarScore>> {
        self.select("cycle = ?1 ORDER BY id", [cycle.0.as_bytes()])
    }

    /// The day from which the cycle's notice hangs on the board, once it does.
    pub fn star_notice(&self, cycle: StarCycleId) -> Result<Option<Date>> {
        let notice = self.steps(Case::Cycle(cycle))?.into_iter().find(|step| step.step == "notice");
        Ok(notice.and_then(|step| step.posted_from).filter(|from| *from <= self.today))
    }

    /// Households that are rated: they stand, and nothing keeps them out (空挂、外出、否决、摘牌未满期限).
    pub fn in_rating(&self, cycle: StarCycleId) -> Result<Vec<HouseholdId>> {
        let ratings = self.ratings(cycle)?;
        let out = ratings.iter().filter(|r| r.unrated_reason.is_some() || r.veto.is_some());
        let out: HashSet<HouseholdId> = out.map(|r| r.household).collect();
        let households = self.all::<Household>()?.into_iter();
        Ok(households.filter(|h| h.stands_on(self.today) && !out.contains(&h.id)).map(|h| h.id).collect())
    }

    /// What the households' side of a step still lacks.
    pub(crate) fn star_lacks(&self, cycle: StarCycleId, step: &str) -> Result<Vec<Lack>> {
        let count = |n: usize| Count::try_from(n).unwrap_or(Count::MAX);
        let found = match (Stage::of(step), step) {
            (Some(stage), _) => {
                let mut scores: HashMap<(HouseholdId, Stage), StarScore> = HashMap::new();
                scores.extend(self.star_scores(cycle)?.into_iter().map(|s| ((s.household, s.stage), s)));
                let households = self.in_rating(cycle)?;
                let stars = |h: HouseholdId, stage| scores.get(&(h, stage)).and_then(|s| s.stars);
                let unscored = households.iter().filter(|h| stars(**h, stage).is_none()).count();
                let unexplained = households.iter().filter(|h| {
                    let before = stage.before().and_then(|before| stars(**h, before));
                    let differs = before.zip(stars(**h, stage)).is_some_and(|(a, b)| a.count() != b.count());
                    differs && scores.get(&(**h, stage)).is_some_and(|s| s.why.is_none())
                });
                let unexplained = Lack::Unexplained { n: count(unexplained.count()) };
                vec![Lack::Unscored { n: count(unscored) }, unexplained]
            }
            (None, "draft") => {
                let ratings = self.ratings(cycle)?;
                let rated: HashSet<HouseholdId> =
                    ratings.iter().filter(|r| r.stars.is_some()).map(|r| r.household).collect();
                let missing = self.in_rating(cycle)?.into_iter().filter(|h| !rated.contains(h)).count();
                vec![Lack::Unscored { n: count(missing) }]
            }
            (None, "objections") => {
                let open = self.objections(cycle)?.iter().filter(|o| o.is_open()).count();
                vec![Lack::ObjectionOpen { n: count(open) }]
            }
            (None, _) => Vec::new(),
        };
        Ok(found.into_iter().filter(|lack| !lack.is_nothing()).collect())
    }
}
