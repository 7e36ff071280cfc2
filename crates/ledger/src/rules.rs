//! 规则表 — every number that a law, a regulation or a township sets, with the date from which it holds.
//!
//! Rules move: a law is amended, a county changes a term. So no number of law stands in code: it is
//! asked here, for the day that the matter belongs to. The table is `assets/rules.json`; whatever in
//! it is not certain (confidence M or L) is a setting that a village may adjust.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

pub mod quorum;
mod ratio;

use quorum::QuorumRule;
pub use ratio::Ratio;

/// One rule in one version.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    pub id: String,
    pub from: NaiveDate,
    pub value: Value,
    pub source: String,
    pub confidence: Confidence,
    pub zh: String,
    pub en: String,
    /// What a careful person should check before relying on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    Int(i64),
    Ratio(Ratio),
    Days(u32),
    Months(u32),
    Text(String),
    Cadence(Cadence),
    /// 党费 by monthly income in yuan.
    Bands(Vec<Band>),
    /// 党费 as a sum in fen, from … to.
    Fen(u32, u32),
    Quorum(QuorumRule),
}

/// H: sure. M: likely, check locally. L: uncertain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
pub enum Confidence {
    H,
    M,
    L,
}

/// So many times in a month, quarter or year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Cadence {
    pub times: u32,
    pub per: Period,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Period {
    Month,
    Quarter,
    Year,
}

/// Up to and including this income the rate holds; the last band has no end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Band {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub up_to: Option<i64>,
    pub permille: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RuleProblem {
    #[error("no rule {id} holds on {on}")]
    Missing { id: String, on: NaiveDate },
    #[error("rule {id} is no {wanted}")]
    OtherKind { id: String, wanted: &'static str },
    #[error("rule {id} is fixed and no setting")]
    Fixed { id: String },
}

/// The versions of every rule, oldest first.
#[derive(Clone, Debug)]
pub struct Rules(BTreeMap<String, Vec<Rule>>);

impl Rules {
    /// The table that came with this release.
    pub fn shipped() -> Rules {
        let table = include_str!("../../../assets/rules.json");
        Rules::read(table).expect("the shipped rule table parses: a test reads it")
    }

    pub fn read(json: &str) -> serde_json::Result<Rules> {
        #[derive(Deserialize)]
        struct Table {
            rules: Vec<Rule>,
        }
        let table: Table = serde_json::from_str(json)?;
        let mut rules = Rules(BTreeMap::new());
        table.rules.into_iter().for_each(|rule| rules.add(rule));
        Ok(rules)
    }

    /// The version that holds on a day.
    pub fn at(&self, id: &str, on: NaiveDate) -> Result<&Rule, RuleProblem> {
        let versions = self.0.get(id).map(Vec::as_slice).unwrap_or_default();
        let missing = || RuleProblem::Missing { id: id.into(), on };
        versions.iter().rev().find(|rule| rule.from <= on).ok_or_else(missing)
    }

    /// A village's own value from a day on. What is certain cannot be adjusted, nor its kind changed.
    pub fn adjust(&mut self, id: &str, from: NaiveDate, value: Value) -> Result<(), RuleProblem> {
        let shipped = self.at(id, from)?;
        if shipped.confidence == Confidence::H {
            return Err(RuleProblem::Fixed { id: id.into() });
        }
        if shipped.value.kind() != value.kind() {
            return Err(RuleProblem::OtherKind { id: id.into(), wanted: value.kind() });
        }
        let rule = Rule { from, value, ..shipped.clone() };
        self.add(rule);
        Ok(())
    }

    /// Every version of every rule, for a settings page.
    pub fn all(&self) -> impl Iterator<Item = &Rule> {
        self.0.values().flatten()
    }

    pub fn int(&self, id: &str, on: NaiveDate) -> Result<i64, RuleProblem> {
        self.typed(id, on, "int", |value| match value {
            Value::Int(n) => Some(*n),
            _ => None,
        })
    }

    pub fn ratio(&self, id: &str, on: NaiveDate) -> Result<Ratio, RuleProblem> {
        self.typed(id, on, "ratio", |value| match value {
            Value::Ratio(ratio) => Some(*ratio),
            _ => None,
        })
    }

    pub fn days(&self, id: &str, on: NaiveDate) -> Result<u32, RuleProblem> {
        self.typed(id, on, "days", |value| match value {
            Value::Days(n) => Some(*n),
            _ => None,
        })
    }

    pub fn months(&self, id: &str, on: NaiveDate) -> Result<u32, RuleProblem> {
        self.typed(id, on, "months", |value| match value {
            Value::Months(n) => Some(*n),
            _ => None,
        })
    }

    pub fn text(&self, id: &str, on: NaiveDate) -> Result<&str, RuleProblem> {
        self.typed(id, on, "text", |value| match value {
            Value::Text(text) => Some(text.as_str()),
            _ => None,
        })
    }

    pub fn cadence(&self, id: &str, on: NaiveDate) -> Result<Cadence, RuleProblem> {
        self.typed(id, on, "cadence", |value| match value {
            Value::Cadence(cadence) => Some(*cadence),
            _ => None,
        })
    }

    /// The dues rate in permille for a monthly income in yuan.
    pub fn dues_permille(&self, id: &str, income: i64, on: NaiveDate) -> Result<u32, RuleProblem> {
        self.typed(id, on, "bands", |value| match value {
            Value::Bands(bands) => rate(bands, income),
            _ => None,
        })
    }

    /// Dues as a fixed sum: the least and the most, in fen.
    pub fn dues_fen(&self, id: &str, on: NaiveDate) -> Result<(u32, u32), RuleProblem> {
        self.typed(id, on, "fen", |value| match value {
            Value::Fen(least, most) => Some((*least, *most)),
            _ => None,
        })
    }

    fn typed<'a, T>(
        &'a self,
        id: &str,
        on: NaiveDate,
        wanted: &'static str,
        read: impl Fn(&'a Value) -> Option<T>,
    ) -> Result<T, RuleProblem> {
        let other = || RuleProblem::OtherKind { id: id.into(), wanted };
        read(&self.at(id, on)?.value).ok_or_else(other)
    }

    /// A later addition for the same day stands over the earlier one.
    fn add(&mut self, rule: Rule) {
        let versions = self.0.entry(rule.id.clone()).or_default();
        let at = versions.partition_point(|known| known.from <= rule.from);
        versions.insert(at, rule);
    }
}

impl Value {
    fn kind(&self) -> &'static str {
        match self {
            Value::Int(_) => "int",
            Value::Ratio(_) => "ratio",
            Value::Days(_) => "days",
            Value::Months(_) => "months",
            Value::Text(_) => "text",
            Value::Cadence(_) => "cadence",
            Value::Bands(_) => "bands",
            Value::Fen(..) => "fen",
            Value::Quorum(_) => "quorum",
        }
    }
}

impl Rule {
    /// Whatever is not certain is a setting with this default.
    pub fn is_setting(&self) -> bool {
        self.confidence != Confidence::H
    }
}

fn rate(bands: &[Band], income: i64) -> Option<u32> {
    let band = bands.iter().find(|band| band.up_to.is_none_or(|end| income <= end));
    band.map(|band| band.permille)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    fn today() -> NaiveDate {
        day("2026-11-22")
    }

    #[test]
    fn every_rule_is_dated_sourced_and_worded_in_both_languages() {
        let rules = Rules::shipped();
        for (id, versions) in &rules.0 {
            assert!(versions.is_sorted_by(|a, b| a.from < b.from), "{id}: two versions of one day");
            for rule in versions {
                let told = !rule.source.is_empty() && !rule.zh.is_empty() && rule.en.is_ascii();
                assert!(told && !rule.en.is_empty(), "{id}");
                assert_eq!(rule.value.kind(), versions[0].value.kind(), "{id} changes its kind");
            }
        }
    }

    #[test]
    fn every_share_is_a_share() {
        for rule in Rules::shipped().all() {
            if let Value::Ratio(Ratio(part, whole)) = rule.value {
                assert!(part > 0 && part <= whole, "{}", rule.id);
            }
        }
    }

    #[test]
    fn the_numbers_the_books_need_are_there() {
        let rules = Rules::shipped();
        let int = |id: &str| rules.int(id, today()).expect(id);
        let days = |id: &str| rules.days(id, today()).expect(id);
        let months = |id: &str| rules.months(id, today()).expect(id);
        assert_eq!((int("links_per_member_min"), int("links_per_member_max")), (5, 10));
        assert_eq!(int("satisfaction_min_denominator"), 10);
        assert_eq!((int("study_hours_member"), int("study_hours_secretary")), (32, 56));
        assert_eq!((days("publicity_days"), days("publicity_days_min")), (7, 5));
        assert_eq!((days("monitored_publicity_days"), days("late_entry_days")), (5, 7));
        assert_eq!((days("undo_days"), days("villagers_notice_days")), (30, 10));
        assert_eq!((months("home_visit_months"), months("home_unvisited_months")), (1, 2));
        assert_eq!((months("probation_months"), months("recruit_approval_months")), (12, 3));
        assert_eq!(rules.ratio("satisfaction_threshold", today()), Ok(Ratio(90, 100)));
        assert_eq!(rules.ratio("excellent_share_max", today()), Ok(Ratio(1, 3)));
        assert_eq!(rules.text("satisfaction_exempt_speaker", today()), Ok("household"));
    }

    #[test]
    fn meetings_fall_due_as_the_regulations_say() {
        let rules = Rules::shipped();
        let check = |id: &str, times: u32, per: Period| {
            assert_eq!(rules.cadence(id, today()), Ok(Cadence { times, per }), "{id}");
        };
        check("mass_meetings", 1, Period::Month);
        check("cadence_members", 1, Period::Quarter);
        check("cadence_committee", 1, Period::Month);
        check("cadence_cell", 1, Period::Month);
        check("cadence_lecture", 1, Period::Quarter);
        check("cadence_theme_day", 1, Period::Month);
        check("cadence_life", 1, Period::Year);
        check("cadence_representatives", 1, Period::Quarter);
        check("resident_days", 20, Period::Month);
    }

    #[test]
    fn dues_follow_the_bands() {
        let rules = Rules::shipped();
        let check = |id: &str, income: i64, permille: u32| {
            assert_eq!(rules.dues_permille(id, income, today()), Ok(permille), "{id} at {income}");
        };
        for (income, permille) in [(3000, 5), (3001, 10), (5000, 10), (5001, 15), (10000, 15), (10001, 20)] {
            check("dues_salaried", income, permille);
        }
        check("dues_retired", 5000, 5);
        check("dues_retired", 5001, 10);
        assert_eq!(rules.dues_fen("dues_farmer", today()), Ok((20, 100)));
        assert_eq!(rules.dues_fen("dues_low_income", today()), Ok((20, 20)));
    }

    #[test]
    fn a_rule_is_asked_for_the_day_the_matter_belongs_to() {
        let rules = Rules::shipped();
        let old = rules.at("villagers_notice_days", day("2025-12-31")).expect("old text");
        let new = rules.at("villagers_notice_days", day("2026-01-01")).expect("new text");
        assert_eq!((old.from, old.confidence), (day("2010-10-28"), Confidence::H));
        assert_eq!((new.from, new.confidence), (day("2026-01-01"), Confidence::M));
        assert!(new.note.is_some() && new.is_setting() && !old.is_setting());
    }

    #[test]
    fn a_missing_rule_is_named() {
        let rules = Rules::shipped();
        let missing = RuleProblem::Missing { id: "no_such".into(), on: today() };
        assert_eq!(rules.int("no_such", today()), Err(missing));
        let early = rules.at("cadence_members", day("2018-10-27")).expect_err("before it held");
        assert_eq!(early.to_string(), "no rule cadence_members holds on 2018-10-27");
        let kind = RuleProblem::OtherKind { id: "undo_days".into(), wanted: "int" };
        assert_eq!(rules.int("undo_days", today()), Err(kind));
    }

    #[test]
    fn a_village_adjusts_what_is_uncertain_and_nothing_else() {
        let mut rules = Rules::shipped();
        rules.adjust("home_visit_months", day("2026-06-01"), Value::Months(2)).expect("a setting");
        assert_eq!(rules.months("home_visit_months", day("2026-05-31")), Ok(1));
        assert_eq!(rules.months("home_visit_months", day("2026-06-01")), Ok(2));
        let fixed = RuleProblem::Fixed { id: "monitored_publicity_days".into() };
        assert_eq!(rules.adjust("monitored_publicity_days", today(), Value::Days(1)), Err(fixed));
        assert!(rules.adjust("home_visit_months", today(), Value::Days(60)).is_err());
        assert!(rules.adjust("no_such", today(), Value::Days(60)).is_err());
    }

    #[test]
    fn a_broken_table_is_an_error() {
        assert!(Rules::read("{\"rules\": [{\"id\": \"x\"}]}").is_err());
    }
}
