//! 月报数据 — every number of the monthly report, computed from the ledger and from nothing else, each with the records
//! behind it.
//!
//! Three states, never mixed: a number; 未开展 with its reason; 未填报, nobody has entered anything. A rate is kept as its
//! two counts and is never averaged. A month that was closed keeps the figures it was closed with.

use chrono::NaiveDate;
use lianhu_ledger::dates::Month;
use lianhu_ledger::records::{MonthPlan, NotHeld, Report, Village};
use lianhu_ledger::rules::Rules;
use lianhu_ledger::{Result, View};
use serde::{Deserialize, Serialize};

mod aid;
mod amount;
mod assembly;
mod branch;
mod due;
mod entry;
mod links;
mod roll;
mod stars;

pub use aid::{Aid, HelperRow};
pub use amount::{Amount, Figure};
pub use assembly::{Assembly, Counts, PairRow, Satisfaction};
pub use branch::{Absences, Branch, Cadence, Heads, Stage};
pub use due::DueSoon;
pub(crate) use due::names_of;
pub use entry::Entry;
pub use links::Links;
pub use roll::Roll;
pub use stars::{GroupStars, Stars};

/// Version of the figures and of the report made from them; a closed month says which it was.
pub const TEMPLATE: u32 = 1;

/// All figures of one month.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Figures {
    pub month: Month,
    pub village: String,
    pub township: Option<String>,
    /// 口径: who was on the roll on this day.
    pub as_of: NaiveDate,
    /// The ledger holds the fictional sample.
    pub sample: bool,
    /// The day it was closed; `None` while the month is a draft.
    pub closed_on: Option<NaiveDate>,
    pub roll: Roll,
    pub assembly: Assembly,
    pub aid: Aid,
    pub links: Links,
    pub stars: Stars,
    pub branch: Branch,
    pub entry: Entry,
    pub plans: Vec<String>,
    pub due: Vec<DueSoon>,
    /// 三、… the rules that the text quotes, as they were in force.
    pub rules: InForce,
}

/// Values of the dated rule table on the month's last day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InForce {
    pub satisfaction_percent: (u32, u32),
    pub least_denominator: i64,
    pub unvisited_months: u32,
    pub links_min: i64,
    pub links_max: i64,
}

/// What every section computes from.
pub(crate) struct Look<'a> {
    pub view: View<'a>,
    pub rules: &'a Rules,
    pub month: Month,
    pub as_of: NaiveDate,
}

impl Look<'_> {
    fn of_month(&self) -> (NaiveDate, NaiveDate) {
        (self.month.first(), self.month.last())
    }

    /// 未开展 and why, when somebody has said so.
    fn not_held(&self, duty: &str) -> Result<Option<String>> {
        let said = self.view.select::<NotHeld>("month = ?1 AND duty = ?2", (self.month.to_string(), duty))?;
        Ok(said.into_iter().next().map(|n| n.reason))
    }
}

/// The month's figures: frozen ones when it was closed, else computed now.
pub fn figures(view: View<'_>, month: Month, today: NaiveDate) -> Result<Figures> {
    match view.report(month)? {
        Some(report) => frozen(&report).map_or_else(|| live(view, month, today), Ok),
        None => live(view, month, today),
    }
}

/// Computed from the ledger as it is now, closed or not.
pub fn live(view: View<'_>, month: Month, today: NaiveDate) -> Result<Figures> {
    let rules = Rules::shipped();
    let as_of = month.last().min(today.max(month.first()));
    let look = Look { view, rules: &rules, month, as_of };
    let village = view.all::<Village>()?.into_iter().next();
    let plans = view.select::<MonthPlan>("month = ?1", [month.to_string()])?.pop();
    let roll = roll::read(&look)?;
    Ok(Figures {
        month,
        village: village.as_ref().map(|v| v.name.clone()).unwrap_or_default(),
        township: village.as_ref().and_then(|v| v.township.clone()),
        as_of,
        sample: village.as_ref().is_some_and(|v| v.sample == Some(true)),
        closed_on: None,
        assembly: assembly::read(&look, village.as_ref(), &roll)?,
        aid: aid::read(&look)?,
        links: links::read(&look)?,
        stars: stars::read(&look)?,
        branch: branch::read(&look)?,
        entry: entry::read(&look)?,
        plans: plans.map(|p| p.items.0).unwrap_or_default(),
        due: due::read(&look)?,
        rules: in_force(&look)?,
        roll,
    })
}

/// The tallies of one month alone, for the chart over months.
pub(crate) fn rounds_in(view: View<'_>, month: Month) -> Result<Vec<PairRow>> {
    let rules = Rules::shipped();
    let look = Look { view, rules: &rules, month, as_of: month.last() };
    assembly::rounds_alone(&look)
}

/// What `close` keeps: the lists of people and households behind plain head counts are left out (the roll of that day
/// can be read from the log), everything else is kept whole.
pub fn for_freezing(mut figures: Figures, closed_on: NaiveDate) -> Figures {
    figures.closed_on = Some(closed_on);
    figures.roll.forget_records();
    figures.stars.forget_records();
    figures
}

fn frozen(report: &Report) -> Option<Figures> {
    serde_json::from_value(report.figures.0.clone()).ok()
}

fn in_force(look: &Look<'_>) -> Result<InForce> {
    let threshold = look.rules.ratio("satisfaction_threshold", look.as_of)?;
    Ok(InForce {
        satisfaction_percent: (threshold.0, threshold.1),
        least_denominator: look.rules.int("satisfaction_min_denominator", look.as_of)?,
        unvisited_months: look.rules.months("home_unvisited_months", look.as_of)?,
        links_min: look.rules.int("links_per_member_min", look.as_of)?,
        links_max: look.rules.int("links_per_member_max", look.as_of)?,
    })
}

impl Figures {
    /// Names of the figures nobody has filled in, as the annex lists them.
    pub fn unknown(&self) -> Vec<&'static str> {
        let mut names = Vec::new();
        names.extend(self.roll.unknown());
        names.extend(self.assembly.unknown());
        names.extend(self.aid.unknown());
        names.extend(self.links.unknown());
        names.extend(self.branch.unknown());
        names
    }

    /// 16 digits that stand for exactly these figures, printed as 校验码.
    pub fn check_code(&self) -> String {
        let canonical = serde_json::to_vec(self).unwrap_or_default();
        blake3::hash(&canonical).to_hex()[..8].to_uppercase()
    }
}
