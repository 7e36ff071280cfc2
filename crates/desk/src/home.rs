//! 本月工作 — what is to be done this month, computed from the dated rule table and the ledger. Nothing of it is stored
//! but what a person said: that a duty was not carried out in a month, and why (未开展).
//!
//! The whole month counts, not the last day of it: a duty is told as soon as its month has begun.

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;

use lianhu_ledger::dates::{Date, Month};
use lianhu_ledger::records::{Household, HouseholdId, NotHeld, NotHeldId};
use lianhu_ledger::rules::Rules;
use lianhu_ledger::{Code, Error, Fault, Ledger, Refusal, State, View};
use serde::{Deserialize, Serialize};
use serde_json::json;
use ts_rs::TS;

use crate::desk::{Desk, Done, held};
use crate::problem::Result;
use crate::search::Finder;
use crate::session::Nothing;

mod branch;
mod duty;
mod matters;
mod meetings;
mod others;
mod report;
mod visits;

pub use duty::{DoneDuty, Duty, Goto, Lamp, Unknown, What};
pub use visits::{AidProgress, Family};

#[derive(Clone, Copy, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct LookHome {
    /// The month of today when none is named.
    #[serde(default)]
    #[ts(type = "string", optional)]
    pub month: Option<Month>,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct HomePage {
    #[ts(type = "string")]
    pub month: Month,
    /// Nothing has been entered yet: no duty is told to a village without households.
    pub empty: bool,
    /// Late ones first, then by the day they fall due.
    pub duties: Vec<Duty>,
    pub done: Vec<DoneDuty>,
    pub unknown: Vec<Unknown>,
    pub progress: AidProgress,
    /// Not visited for longest, paired households first.
    pub longest: Vec<Family>,
}

/// How many duties want somebody to act now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
pub struct Pressing {
    pub n: usize,
}

pub fn look(desk: &Desk, ask: LookHome) -> Result<HomePage> {
    let month = ask.month.unwrap_or(Month::of(desk.today()));
    told(desk, month, true)
}

/// For the nav, on every page: the duties that are late or near.
pub fn pressing(desk: &Desk, _: Nothing) -> Result<Pressing> {
    if !desk.is_open() {
        return Ok(Pressing { n: 0 });
    }
    let home = told(desk, Month::of(desk.today()), false)?;
    Ok(Pressing { n: home.duties.iter().filter(|duty| duty.lamp != Lamp::None).count() })
}

/// `in_full`: with what a page shows beside the duties; the count in the nav needs none of it.
fn told(desk: &Desk, month: Month, in_full: bool) -> Result<HomePage> {
    let finder = desk.finder()?;
    desk.read(|ledger| {
        let key = (ledger.path().to_owned(), ledger.state()?, month, desk.today());
        if let Some(told) = held(desk.home()).as_ref().filter(|told| told.key == key) {
            return Ok(told.page.clone());
        }
        let look = Look::of(ledger, &finder, month)?;
        let mut found = Found { look: &look, duties: Vec::new(), done: Vec::new(), unknown: Vec::new() };
        let aid = visits::read(&look)?;
        if !look.households.is_empty() {
            find_all(&mut found, &aid, in_full)?;
        }
        others::questions(&mut found)?;
        let Found { mut duties, done, unknown, .. } = found;
        duties.sort_by_key(|duty| (duty.lamp, duty.due.unwrap_or(look.month.last())));
        let page = HomePage {
            month,
            empty: look.households.is_empty(),
            longest: if in_full { visits::longest(&look, &aid) } else { Vec::new() },
            progress: visits::progress(&look, &aid)?,
            duties,
            done,
            unknown,
        };
        if in_full {
            *held(desk.home()) = Some(Told { key, page: page.clone() });
        }
        Ok(page)
    })
}

/// The page as it was told of one state of the ledger: it is asked for at the start, by the nav on every page, and on
/// every way back.
pub struct Told {
    key: (PathBuf, State, Month, Date),
    page: HomePage,
}

fn find_all(found: &mut Found<'_>, aid: &visits::Aid, in_full: bool) -> Result<()> {
    found.or_unknown("mass", meetings::mass)?;
    found.or_unknown("retest", meetings::retests)?;
    found.or_unknown("visits", |found| visits::duties(found, aid))?;
    found.or_unknown("matter", matters::duties)?;
    found.or_unknown("report", |found| report::duties(found, in_full))?;
    found.or_unknown("notice", others::notice)?;
    found.or_unknown("step", others::steps)?;
    found.or_unknown("probation", others::probations)?;
    found.or_unknown("branch", branch::meetings)?;
    found.or_unknown("term", branch::terms)?;
    found.or_unknown("star_check", branch::star_checks)
}

/// What every duty is computed from.
struct Look<'a> {
    ledger: &'a Ledger,
    view: View<'a>,
    rules: Rules,
    month: Month,
    today: Date,
    finder: &'a Finder,
    /// Households that stand.
    households: HashMap<HouseholdId, Household>,
    /// 未开展 by month and duty.
    said: BTreeMap<(Month, String), NotHeld>,
    last_visits: HashMap<HouseholdId, Date>,
}

impl<'a> Look<'a> {
    fn of(ledger: &'a Ledger, finder: &'a Finder, month: Month) -> Result<Look<'a>> {
        let view = ledger.view();
        let standing = view.all::<Household>()?.into_iter().filter(|h| h.stands_on(view.today));
        let said = view.all::<NotHeld>()?.into_iter();
        Ok(Look {
            ledger,
            view,
            rules: Rules::shipped(),
            month,
            today: view.today,
            finder,
            households: standing.map(|h| (h.id, h)).collect(),
            said: said.map(|n| ((n.month, n.duty.clone()), n)).collect(),
            last_visits: view.last_visits(view.today)?,
        })
    }

    fn is_current(&self) -> bool {
        self.month.contains(self.today)
    }

    /// The day on which pairings and rules of the month are asked for.
    fn as_of(&self) -> Date {
        self.month.last().min(self.today.max(self.month.first()))
    }

    /// What falls due by this day belongs on the list: the end of the month, and what is near behind it.
    fn horizon(&self) -> Date {
        let near = self.today + chrono::Days::new(duty::SOON_DAYS as u64);
        if self.is_current() { self.month.last().max(near) } else { self.month.last() }
    }

    /// From this day on a due day belongs on the list: of the month that runs, everything late does.
    fn since(&self) -> Date {
        if self.is_current() { Date::MIN } else { self.month.first() }
    }

    /// Whether anything was entered for this month or one before it: what a village did before it had this ledger is
    /// nobody's duty.
    fn in_use_by(&self, month: Month) -> Result<bool> {
        let until = month.last().to_string();
        let visited =
            self.view.count("SELECT EXISTS (SELECT 1 FROM visit WHERE gone IS NULL AND \"on\" <= ?1)", [&until])?;
        let met =
            self.view.count("SELECT EXISTS (SELECT 1 FROM meeting WHERE gone IS NULL AND \"on\" <= ?1)", [&until])?;
        Ok(visited + met > 0)
    }

    fn family(&self, household: HouseholdId) -> Option<Family> {
        let standing = self.households.get(&household)?;
        Some(Family::of(
            standing,
            self.finder.head_of(household),
            self.last_visits.get(&household).copied(),
            self.today,
        ))
    }
}

/// The duties found so far.
struct Found<'a> {
    look: &'a Look<'a>,
    duties: Vec<Duty>,
    done: Vec<DoneDuty>,
    unknown: Vec<Unknown>,
}

impl<'a> Found<'a> {
    /// A duty that is still to be done; one that somebody said would not be carried out goes to the done ones.
    fn due(&mut self, duty: Duty) {
        let said = self.look.said.get(&(duty.month, duty.key.clone()));
        match said.filter(|_| duty.dismissible) {
            Some(said) => self.done.push(DoneDuty::dismissed(duty, &said.reason)),
            None => self.duties.push(duty),
        }
    }

    /// A duty whose rule the table does not hold is told as such; the others are not lost with it.
    fn or_unknown(&mut self, duty: &'static str, find: impl FnOnce(&mut Found<'a>) -> Result<()>) -> Result<()> {
        match find(self) {
            Err(Error::Fault(Fault::Asset { name, what })) => {
                tracing::error!(duty, name, what, "a duty cannot be computed");
                self.unknown.push(Unknown::Rule { duty });
                Ok(())
            }
            other => other,
        }
    }
}

#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct DismissDuty {
    #[ts(type = "string")]
    pub month: Month,
    pub key: String,
    pub reason: String,
}

#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct WhichDuty {
    #[ts(type = "string")]
    pub month: Month,
    pub key: String,
}

/// 本月不办: says that a duty is not carried out this month, and why. The monthly report prints the reason.
pub fn dismiss(desk: &Desk, ask: DismissDuty) -> Result<Done<()>> {
    if ask.reason.trim().is_empty() {
        return Err(Refusal::new(Code::ReasonMissing).into());
    }
    desk.edit("dismiss", |draft| {
        let id = draft.only_one("not_held", &[&ask.month, &ask.key]);
        // Said before and taken back: its record is there, voided.
        if draft.get::<NotHeld>(NotHeldId(id).0)?.is_some_and(|before| before.gone.is_some()) {
            draft.restore("not_held", id)?;
        }
        let fields = [("month", json!(ask.month)), ("duty", json!(ask.key)), ("reason", json!(ask.reason))];
        draft.create("not_held", fields.into_iter().map(|(k, v)| (k.to_owned(), v)).collect())?;
        Ok(())
    })
}

/// Takes the dismissal back: the duty stands again.
pub fn resume(desk: &Desk, ask: WhichDuty) -> Result<Done<()>> {
    desk.edit("resume", |draft| {
        let id = draft.only_one("not_held", &[&ask.month, &ask.key]);
        let said = draft.get::<NotHeld>(id)?.map(|said| said.reason);
        draft.void("not_held", id, &said.unwrap_or_default())
    })
}

#[cfg(test)]
mod tests;
