//! 加入镇里 — an existing ledger joins its township by a code; a new computer fetches the village's ledger by one. Nothing is
//! asked but the code and whose computer it is.

use std::path::{Path, PathBuf};
use std::time::Duration;

use lianhu_ledger::Ledger;
use lianhu_sync::client::{Entered, Failed, Joined, Progress, Trouble, World, belonging, enrol, join, joining};
use lianhu_sync::enrolment::Code as Enrolment;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::talk::{Hand, pause};
use crate::desk::Desk;
use crate::files;
use crate::jobs::{Job, JobNo};
use crate::problem::Result;
use crate::session::Nothing;

#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct TypedCode {
    pub code: String,
}

/// Whether what was typed is whole, told before anybody is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct CodeLook {
    pub is_whole: bool,
    /// Where its township is, once it is whole.
    pub address: Option<String>,
}

pub fn look_at_code(_: &Desk, ask: TypedCode) -> Result<CodeLook> {
    let code = Enrolment::read(&ask.code);
    Ok(CodeLook { is_whole: code.is_some(), address: code.map(|code| code.address) })
}

#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct EnterTownship {
    pub code: String,
    /// Whose computer this is.
    pub who: String,
}

/// What came of it; with a trouble, nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, TS)]
pub struct EnteredTownship {
    /// A word of the catalogue (`trouble.…` or `enrolment.…`).
    pub trouble: Option<String>,
    pub village: String,
    pub township: String,
    pub role: String,
    /// Somebody must say yes first, and sees the same six digits.
    pub waits: bool,
    pub short: String,
}

/// This ledger joins its township.
pub fn enter(desk: &Desk, ask: EnterTownship) -> Result<JobNo> {
    Ok(desk.begin(move |desk, job| entered(desk, job, &ask)))
}

fn entered(desk: &Desk, job: &Job, ask: &EnterTownship) -> Result<EnteredTownship> {
    job.at("connecting", 0, 0)?;
    let _turn = desk.exchange().turn();
    let mut machine = desk.machine();
    let mut wait = |wait: Duration| pause(wait, || job.is_stopped());
    let stop = std::cell::Cell::new(false);
    let mut hand = Hand::of(desk, &stop)?;
    let said = enrol(&mut hand, &ask.code, ask.who.trim(), &mut World { edge: &mut machine, pause: &mut wait });
    let told = match said {
        Ok(Entered { township, village, role, waits, short }) => {
            EnteredTownship { trouble: None, village, township, role, waits, short }
        }
        Err(Failed::Ledger(error)) => return Err(error),
        Err(Failed::Trouble(trouble)) => refused(trouble),
    };
    desk.exchange().heard(&lianhu_ledger::Touched::default());
    desk.exchange().wake();
    Ok(told)
}

fn refused(trouble: Trouble) -> EnteredTownship {
    EnteredTownship { trouble: Some(trouble.name().to_owned()), ..EnteredTownship::default() }
}

pub fn township_entered(desk: &Desk, job: JobNo) -> Result<EnteredTownship> {
    desk.result(job)
}

#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct JoinVillage {
    /// Left out to go on with one that was begun.
    #[serde(default)]
    #[ts(optional)]
    pub code: Option<String>,
    pub who: String,
}

/// What came of it: the ledger lies on the desk, or somebody must say yes first, or there was a trouble.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, TS)]
pub struct JoinedVillage {
    pub trouble: Option<String>,
    /// The six digits that the other screen shows too.
    pub short: Option<String>,
    /// Township and village that are waited for.
    pub waits_for: Option<String>,
    /// The village, once its ledger is here.
    pub village: Option<String>,
}

/// A join that was begun here and is not finished.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
pub struct JoinBegun {
    pub begun: bool,
}

/// Until it is whole nobody knows what the village is called.
fn place(desk: &Desk) -> PathBuf {
    desk.place().dir.join("新加入的村.lianhu")
}

pub fn begun(desk: &Desk, _: Nothing) -> Result<JoinBegun> {
    Ok(JoinBegun { begun: joining(&place(desk)) })
}

/// 这台电脑加入已有的村.
pub fn join_village(desk: &Desk, ask: JoinVillage) -> Result<JobNo> {
    Ok(desk.begin(move |desk, job| fetched(desk, job, &ask)))
}

fn fetched(desk: &Desk, job: &Job, ask: &JoinVillage) -> Result<JoinedVillage> {
    job.at("connecting", 0, 0)?;
    let path = place(desk);
    let mut machine = desk.machine();
    let mut wait = |wait: Duration| pause(wait, || job.is_stopped());
    let mut told = |progress: Progress| {
        let small = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
        let _ = job.at("fetching", small(progress.upto), small(progress.newest));
    };
    let who = ask.who.trim();
    let mut world = World { edge: &mut machine, pause: &mut wait };
    let said = join(&path, None, (ask.code.as_deref(), who), Box::new(desk.machine()), &mut world, &mut told);
    match said {
        Ok(Joined::Waits(short)) => {
            Ok(JoinedVillage { short: Some(short), waits_for: waited_for(desk, &path), ..JoinedVillage::default() })
        }
        Ok(Joined::Whole(_)) => named(desk, path, who),
        Err(Failed::Ledger(error)) => Err(error),
        Err(Failed::Trouble(trouble)) => {
            Ok(JoinedVillage { trouble: Some(trouble.name().to_owned()), ..JoinedVillage::default() })
        }
    }
}

/// Where the code of a join that waits has led.
fn waited_for(desk: &Desk, path: &Path) -> Option<String> {
    let begun = Ledger::open(&Ledger::joining_at(path), None, Box::new(desk.machine())).ok()?;
    let about = belonging(&begun).ok().flatten()?;
    Some(format!("{} {}", about.township, about.village_name).trim().to_owned()).filter(|name| !name.is_empty())
}

/// The ledger gets the village's name and is opened.
pub(super) fn named(desk: &Desk, path: PathBuf, who: &str) -> Result<JoinedVillage> {
    let ledger = Ledger::open(&path, None, Box::new(desk.machine()))?;
    let village = crate::session::village_name(&ledger)?;
    drop(ledger);
    let dir = &desk.place().dir;
    let named = dir.join(files::free_name(dir, &files::safe_name(&village), "lianhu"));
    // Where it cannot be renamed it is opened under the name it has.
    let path = if moved(&path, &named) { named } else { path };
    desk.open_ledger(&path)?;
    desk.set(|settings| settings.user = Some(who.to_owned()).filter(|who| !who.is_empty()))?;
    Ok(JoinedVillage { village: Some(village), ..JoinedVillage::default() })
}

/// The ledger, and the township's last word that lies beside it.
fn moved(from: &Path, to: &Path) -> bool {
    let beside = |path: &Path| {
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(".head");
        path.with_file_name(name)
    };
    let moved = std::fs::rename(from, to).is_ok();
    if moved {
        // Without it there is no witness until they speak again.
        let _ = std::fs::rename(beside(from), beside(to));
    }
    moved
}

pub fn village_joined(desk: &Desk, job: JobNo) -> Result<JoinedVillage> {
    desk.result(job)
}
