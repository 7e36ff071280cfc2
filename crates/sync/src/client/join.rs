//! 新电脑加入 — a ledger of a village that exists elsewhere, on a computer that has none yet. It is fetched under another
//! name and gets its own only when it is whole: a cut leaves no half ledger, and the next try goes on where it was.

use std::path::Path;

use lianhu_ledger::{Code as Refuse, Edge, Founding, Key, Ledger, Permit, Refusal};

use super::converse::{Outcome, Progress, World, converse};
use super::enrol::{ask, believe};
use super::line::Line;
use super::witness;
use crate::belonging::{Belonging, belonging};
use crate::enrolment::Code;
use crate::invitation::own_key;
use crate::ledger_shelf::LedgerShelf;
use crate::trouble::{Failed, Trouble};

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Joined {
    /// The ledger lies in its place.
    Whole(Outcome),
    /// Another one must say yes first, and sees these six digits. The next try goes on from here.
    Waits(String),
}

/// Whether a ledger is being fetched to this place, so that it can be gone on with without its code.
pub fn joining(path: &Path) -> bool {
    !path.exists() && Ledger::joining_at(path).exists()
}

/// Enrols this computer and fetches the village's ledger to `path`. A join that was begun and cut goes on; its code may
/// then be left out.
pub fn join(
    path: &Path,
    key: Option<&Key>,
    (code, who): (Option<&str>, &str),
    edge: Box<dyn Edge>,
    world: &mut World<'_>,
    progress: &mut dyn FnMut(Progress),
) -> Result<Joined, Failed> {
    if path.exists() {
        return Err(lianhu_ledger::Error::from(Refusal::new(Refuse::FileExists).with("path", path.display())).into());
    }
    let code = code.map(|code| Code::read(code).ok_or(Trouble::BadCode)).transpose()?;
    if code.is_none() && !joining(path) {
        return Err(Trouble::NotEnrolled.into());
    }
    let mut ledger = Ledger::begin_joining(path, key, edge)?;
    enrolled(&mut ledger, code.as_ref(), who, world)?;
    let about = belonging(&ledger)?.ok_or(Trouble::NotEnrolled)?;
    let line = Line::of(&about)?;
    let mut shelf = LedgerShelf::of(ledger)?.ok_or(Trouble::NotEnrolled)?;
    let mut outcome = match converse(&mut shelf, &line, world, progress) {
        Err(Failed::Trouble(Trouble::Waits)) => return Ok(Joined::Waits(about.short)),
        said => said?,
    };
    if outcome.behind > 0 {
        return Err(Trouble::NoConnection.into());
    }
    if founds(&mut shelf, &about)? {
        outcome = converse(&mut shelf, &line, world, progress)?;
    }
    let (ledger, fetched) = (shelf.into_ledger(), Ledger::joining_at(path));
    ledger.take_place(path)?;
    witness::follow(&fetched, path);
    Ok(Joined::Whole(outcome))
}

/// Enrols unless that was done with this code, or is to be gone on with.
fn enrolled(ledger: &mut Ledger, code: Option<&Code>, who: &str, world: &mut World<'_>) -> Result<(), Failed> {
    let known = belonging(ledger)?;
    let Some(code) = code else { return known.map(|_| ()).ok_or_else(|| Trouble::NotEnrolled.into()) };
    if known.is_some_and(|known| !known.revoked && known.pin == code.pin && known.address == code.address) {
        return Ok(());
    }
    let secret = own_key(ledger, world.edge)?;
    let answer = ask(ledger.own_chain(), code, who, None, &secret, world)?;
    ledger.belong_to(answer.village)?;
    believe(ledger, code, who, &answer, &secret).map(|_| ())
}

/// The first computer of a village of which nobody has written anything yet begins its ledger.
fn founds(shelf: &mut LedgerShelf<Ledger>, about: &Belonging) -> Result<bool, Failed> {
    if shelf.ledger().permit()? != Permit::Everything {
        return Ok(false);
    }
    let Belonging { village_name, village_code, township, who, .. } = about;
    let founding = Founding { village: village_name, code: village_code, township, clerk: who };
    Ok(shelf.ledger_mut().name_village(&founding)?)
}
