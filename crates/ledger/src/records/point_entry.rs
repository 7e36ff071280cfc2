//! 积分 — points of a household: for what, on which day, by whom, and on what grounds. Points are of households: there is
//! no person in it and no ranking of anybody. A year is by itself; what was gained in it can be spent (兑换) in it, never
//! more. Whoever disagrees appeals (申诉): an appeal that is upheld takes the entry out of the sum, not out of sight.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::Datelike;
use serde::{Deserialize, Serialize};

use crate::dates::Date;
use crate::query::View;
use crate::record::{Finding, Life, Record, composite, record};
use crate::records::point_item::PointSort;
use crate::records::step::Names;
use crate::records::{Household, HouseholdId, PointItem, PointItemId};
use crate::refusal::{Code, Refusal, Result};
use crate::rules::Rules;

/// 申诉.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Appeal {
    pub on: Date,
    /// Nobody has to give a name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    pub why: String,
}
composite!(Appeal);

/// 答复, and whether the appeal was found right (成立).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answered {
    pub on: Date,
    pub answer: String,
    pub upheld: bool,
}
composite!(Answered);

record! { PointEntry(PointEntryId) in "point_entry" index(household, item) {
    household: HouseholdId,
    item: PointItemId,
    on: Date,
    /// With its sign.
    points: i64,
    /// 事由: what happened, on what evidence.
    grounds: String,
    /// 评分人; of points that are spent, who handed over.
    raters: Names,
    appealed: Option<Appeal>,
    answered: Option<Answered>,
} }

impl Life for PointEntry {
    fn check(&self, view: &View<'_>) -> Result<()> {
        let days = [Some(self.on), self.appealed.as_ref().map(|a| a.on), self.answered.as_ref().map(|a| a.on)];
        if let Some(on) = days.into_iter().flatten().find(|on| *on > view.today) {
            return Err(Refusal::new(Code::FutureDate).with("on", on).into());
        }
        self.was_appealed_in_order()?;
        let unfit = |field: &str, typed: String| {
            Refusal::new(Code::Unfit).with("kind", PointEntry::KIND).with("field", field).with("typed", typed)
        };
        let Some(item) = view.get::<PointItem>(self.item.0)? else { return Ok(()) };
        if !item.holds_on(self.on) {
            return Err(unfit("item", item.name).into());
        }
        if !item.takes(self.points) {
            return Err(unfit("points", self.points.to_string()).into());
        }
        let household = view.get::<Household>(self.household.0)?;
        if household.is_some_and(|household| !household.stands_on(self.on)) {
            return Err(unfit("household", self.on.to_string()).into());
        }
        self.was_rated(item.sort)?;
        self.was_there_to_spend(view, item.sort)
    }

    /// Two computers may each have spent what there was once.
    fn findings(view: &View<'_>) -> Result<Vec<Finding>> {
        let sorts = view.point_sorts()?;
        let mut years: BTreeMap<(HouseholdId, i32), Vec<PointEntry>> = BTreeMap::new();
        for entry in view.all::<PointEntry>()? {
            years.entry((entry.household, entry.on.year())).or_default().push(entry);
        }
        let overspent = |((_, year), entries): ((HouseholdId, i32), Vec<PointEntry>)| {
            let left = Points::of(&entries, &sorts).left();
            let spent = entries.iter().filter(|e| e.counts() && sorts.get(&e.item) == Some(&PointSort::Spend));
            let last = spent.max_by_key(|entry| (entry.on, entry.id)).filter(|_| left < 0)?;
            let finding = Finding::new::<PointEntry>(last.id.0, "points_overspent");
            Some(finding.with("year", year).with("over", -left))
        };
        Ok(years.into_iter().filter_map(overspent).collect())
    }
}

impl PointEntry {
    /// An upheld appeal takes it out of every sum.
    pub fn counts(&self) -> bool {
        !self.answered.as_ref().is_some_and(|answered| answered.upheld)
    }

    pub fn waits_for_an_answer(&self) -> bool {
        self.appealed.is_some() && self.answered.is_none()
    }

    fn was_appealed_in_order(&self) -> Result<()> {
        let missing = |field: &str| Refusal::new(Code::Missing).with("kind", PointEntry::KIND).with("field", field);
        if let Some(appeal) = &self.appealed {
            if appeal.why.trim().is_empty() {
                return Err(missing("why").into());
            }
            if appeal.on < self.on {
                return Err(Refusal::new(Code::DatesReversed).with("from", self.on).with("until", appeal.on).into());
            }
        }
        match (&self.appealed, &self.answered) {
            (None, Some(_)) => Err(missing("appealed").into()),
            (Some(_), Some(answered)) if answered.answer.trim().is_empty() => Err(missing("answer").into()),
            (Some(appeal), Some(answered)) if answered.on < appeal.on => {
                Err(Refusal::new(Code::DatesReversed).with("from", appeal.on).with("until", answered.on).into())
            }
            _ => Ok(()),
        }
    }

    /// 三人以上评分. Spending is no rating: there one name says who handed over.
    fn was_rated(&self, sort: PointSort) -> Result<()> {
        let names: BTreeSet<&str> =
            self.raters.0.iter().map(|name| name.trim()).filter(|name| !name.is_empty()).collect();
        let needed = match sort {
            PointSort::Spend => 1,
            PointSort::Gain | PointSort::Loss => Rules::shipped().int("star_scorers_min", self.on)?,
        };
        if names.len() as i64 >= needed {
            return Ok(());
        }
        Err(Refusal::new(Code::FewRaters).with("needed", needed).with("there", names.len()).into())
    }

    fn was_there_to_spend(&self, view: &View<'_>, sort: PointSort) -> Result<()> {
        if sort != PointSort::Spend || !self.counts() {
            return Ok(());
        }
        let year = self.on.year();
        let entries: Vec<PointEntry> =
            view.points_of(self.household)?.into_iter().filter(|entry| entry.on.year() == year).collect();
        let left = Points::of(&entries, &view.point_sorts()?).left();
        if left >= 0 {
            return Ok(());
        }
        let refusal = Refusal::new(Code::PointsShort).with("year", year).with("left", (left - self.points).max(0));
        Err(refusal.with("asked", -self.points).into())
    }
}

/// A household's year.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Points {
    /// 得分: gained, less what was taken.
    pub scored: i64,
    /// 已兑换.
    pub spent: i64,
}

impl Points {
    /// Of one household in one year.
    pub fn of<'a>(
        entries: impl IntoIterator<Item = &'a PointEntry>,
        sorts: &HashMap<PointItemId, PointSort>,
    ) -> Points {
        let mut points = Points::default();
        for entry in entries.into_iter().filter(|entry| entry.counts()) {
            match sorts.get(&entry.item) {
                Some(PointSort::Spend) => points.spent -= entry.points,
                _ => points.scored += entry.points,
            }
        }
        points
    }

    /// 结余.
    pub fn left(self) -> i64 {
        self.scored - self.spent
    }
}

impl View<'_> {
    /// What each item is, voided ones included: entries stand by them.
    pub fn point_sorts(&self) -> Result<HashMap<PointItemId, PointSort>> {
        let mut sorts = HashMap::new();
        for (id, sort) in self.id_texts("SELECT id, sort FROM point_item", [])? {
            let sort = PointSort::ALL.into_iter().find(|one| one.code() == sort);
            sorts.extend(sort.map(|sort| (PointItemId(id), sort)));
        }
        Ok(sorts)
    }

    /// Entries of a year, in the order in which they happened.
    pub fn points_in(&self, year: i32) -> Result<Vec<PointEntry>> {
        let (from, to) = (format!("{year:04}-01-01"), format!("{year:04}-12-31"));
        self.select("\"on\" BETWEEN ?1 AND ?2 ORDER BY \"on\", id", (from, to))
    }

    pub fn points_of(&self, household: HouseholdId) -> Result<Vec<PointEntry>> {
        self.select("household = ?1 ORDER BY \"on\", id", [household.0.as_bytes()])
    }
}

#[cfg(test)]
mod tests {
    use super::PointEntry;
    use crate::record::Record;
    use crate::records::PointItem;

    #[test]
    fn points_are_of_households_and_name_no_person() {
        for fields in [PointEntry::FIELDS, PointItem::FIELDS] {
            assert!(fields.iter().all(|field| !matches!(field.refers, Some("person" | "party_member"))));
        }
    }
}
