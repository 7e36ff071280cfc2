//! 五、五星文明户 — the current cycle: how the stars lie, and how they moved since the cycle before.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use lianhu_ledger::Result;
use lianhu_ledger::records::{Group, GroupId, Household, HouseholdId, Rating, StarCycle};
use serde::{Deserialize, Serialize};

use super::{Figure, Look};

/// 0 to 5 stars.
pub const LEVELS: usize = 6;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stars {
    pub cycle: Option<String>,
    pub stage: Option<String>,
    /// Households by stars, 0 (未评) to 5.
    pub levels: Vec<Figure>,
    /// 未评原因 and how many.
    pub unrated: Vec<(String, i64)>,
    pub notice_from: Option<NaiveDate>,
    pub notice_until: Option<NaiveDate>,
    pub objections: Option<i64>,
    pub objections_settled: Option<i64>,
    /// 升星、降星、摘牌 against the cycle before; unknown without one.
    pub up: Figure,
    pub down: Figure,
    pub withdrawn: Figure,
    pub groups: Vec<GroupStars>,
}

/// One line of table 4.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupStars {
    pub group: String,
    /// By stars, 0 to 5.
    pub levels: [i64; LEVELS],
}

pub(super) fn read(look: &Look<'_>) -> Result<Stars> {
    let mut cycles = look.view.all::<StarCycle>()?;
    cycles.retain(|c| c.year.is_none_or(|year| year as i32 <= look.month.year()));
    cycles.sort_by_key(|c| (c.year, c.name.clone()));
    let (cycle, standing) = loop {
        let Some(cycle) = cycles.pop() else { return Ok(Stars::default()) };
        if let Some(standing) = look.view.standing_of(&cycle, look.as_of)? {
            break (cycle, standing);
        }
    };
    let ratings = look.view.ratings(cycle.id)?;
    let before = match cycles.pop() {
        Some(before) => Some(by_household(&look.view.ratings(before.id)?)),
        None => None,
    };
    let moved = Moved::between(before.as_ref(), &ratings);
    Ok(Stars {
        levels: (0..LEVELS as u32)
            .map(|n| Figure::count(ratings.iter().filter(|r| stars(r) == n).map(|r| r.id)))
            .collect(),
        unrated: unrated(&ratings),
        groups: groups(look, &ratings)?,
        up: moved.figure(|m| m.up.clone()),
        down: moved.figure(|m| m.down.clone()),
        withdrawn: moved.figure(|m| m.withdrawn.clone()),
        cycle: Some(cycle.name),
        stage: standing.stage,
        notice_from: standing.posted_from,
        notice_until: standing.posted_until,
        objections: standing.objections.map(i64::from),
        objections_settled: standing.objections_settled.map(i64::from),
    })
}

fn stars(rating: &Rating) -> u32 {
    rating.stars.unwrap_or(0).min(LEVELS as u32 - 1)
}

fn by_household(ratings: &[Rating]) -> HashMap<HouseholdId, u32> {
    ratings.iter().map(|r| (r.household, stars(r))).collect()
}

fn unrated(ratings: &[Rating]) -> Vec<(String, i64)> {
    let mut reasons: BTreeMap<String, i64> = BTreeMap::new();
    for rating in ratings.iter().filter(|r| stars(r) == 0) {
        let why = rating.veto.as_ref().map(|_| "否决".to_owned()).or_else(|| rating.unrated_reason.clone());
        *reasons.entry(why.unwrap_or_else(|| "未填报".to_owned())).or_default() += 1;
    }
    reasons.into_iter().collect()
}

struct Moved {
    known: bool,
    up: Vec<HouseholdId>,
    down: Vec<HouseholdId>,
    withdrawn: Vec<HouseholdId>,
}

impl Moved {
    fn between(before: Option<&HashMap<HouseholdId, u32>>, now: &[Rating]) -> Moved {
        let mut moved = Moved { known: before.is_some(), up: Vec::new(), down: Vec::new(), withdrawn: Vec::new() };
        for rating in now {
            let Some(was) = before.and_then(|b| b.get(&rating.household)).copied() else { continue };
            match stars(rating) {
                is if is > was => moved.up.push(rating.household),
                0 if was > 0 => moved.withdrawn.push(rating.household),
                is if is < was => moved.down.push(rating.household),
                _ => {}
            }
        }
        moved
    }

    fn figure(&self, of: impl Fn(&Moved) -> Vec<HouseholdId>) -> Figure {
        if self.known { Figure::count(of(self)) } else { Figure::unknown() }
    }
}

fn groups(look: &Look<'_>, ratings: &[Rating]) -> Result<Vec<GroupStars>> {
    let of: HashMap<HouseholdId, Option<GroupId>> =
        look.view.all::<Household>()?.into_iter().map(|h| (h.id, h.group)).collect();
    let mut groups = look.view.all::<Group>()?;
    groups.sort_by_key(|g| (g.number, g.name.clone()));
    let mut rows: BTreeMap<Option<GroupId>, [i64; LEVELS]> = BTreeMap::new();
    for rating in ratings {
        let group = of.get(&rating.household).copied().flatten();
        rows.entry(group).or_insert([0; LEVELS])[stars(rating) as usize] += 1;
    }
    let named =
        groups.into_iter().filter_map(|g| Some(GroupStars { levels: rows.remove(&Some(g.id))?, group: g.name }));
    let mut table: Vec<GroupStars> = named.collect();
    table.extend(rows.into_values().map(|levels| GroupStars { group: "未分组".to_owned(), levels }));
    Ok(table)
}

impl Stars {
    pub(super) fn forget_records(&mut self) {
        self.levels.iter_mut().for_each(|figure| figure.records.clear());
    }

    pub fn level(&self, stars: usize) -> i64 {
        self.levels.get(stars).and_then(Figure::known).unwrap_or(0)
    }
}
