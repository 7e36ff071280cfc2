//! 没有镇里也能加入 — a further computer comes into a village that has no township: its request (加入申请) goes to the
//! village's first computer on a stick, an answer (答复) comes back, and the six digits of the first screen are typed in on
//! the second.

use std::path::{Path, PathBuf};

use lianhu_ledger::{Code, Ledger, Refusal};
use lianhu_sync::invitation::{self, NotAccepted};
use lianhu_sync::package::LARGEST_FILE;
use lianhu_sync::roles;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::enter::{JoinedVillage, named};
use super::stick::put_on;
use crate::desk::Desk;
use crate::files;
use crate::jobs::{Job, JobNo};
use crate::problem::Result;

/// Until it is whole nobody knows what the village is called.
fn place(desk: &Desk) -> PathBuf {
    desk.place().dir.join("用U盘加入的村.lianhu")
}

#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct AskToJoin {
    /// Whose computer this is.
    pub who: String,
    /// The stick, or the folder that was chosen.
    pub folder: String,
}

/// A file that was made, to be carried to the other computer; with a trouble, none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, TS)]
pub struct Invitation {
    /// A word of the catalogue (`invitation.…`).
    pub trouble: Option<String>,
    pub path: String,
    pub who: String,
    /// The six digits that are typed in on the other screen; none yet for a request.
    pub short: String,
}

/// 加入申请: what a new computer takes along.
pub fn ask(desk: &Desk, ask: AskToJoin) -> Result<JobNo> {
    Ok(desk.begin(move |desk, job| asked(desk, job, &ask)))
}

fn asked(desk: &Desk, job: &Job, ask: &AskToJoin) -> Result<Invitation> {
    job.at("packing", 0, 2)?;
    let who = ask.who.trim().to_owned();
    let mut machine = desk.machine();
    let mut ledger = Ledger::begin_joining(&place(desk), None, Box::new(desk.machine()))?;
    let bytes = invitation::request(&mut ledger, &who, &mut machine)?;
    job.at("writing", 1, 2)?;
    let path = put_on(Path::new(&ask.folder), &format!("加入申请 {}", files::safe_name(&who)), &bytes)?;
    Ok(Invitation { path: path.display().to_string(), who, ..Invitation::default() })
}

#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct AdmitToVillage {
    /// The request; the answer is written beside it.
    pub path: String,
    /// `secretary` or `cadre`.
    pub role: String,
}

/// 答复: what the village's first computer gives back.
pub fn admit(desk: &Desk, ask: AdmitToVillage) -> Result<JobNo> {
    Ok(desk.begin(move |desk, job| admitted(desk, job, &ask)))
}

fn admitted(desk: &Desk, job: &Job, ask: &AdmitToVillage) -> Result<Invitation> {
    job.at("reading", 0, 3)?;
    let path = Path::new(&ask.path);
    let malformed = || Refusal::new(Code::MalformedAsk).with("what", "role");
    let may = roles::may(&ask.role).cloned().ok_or_else(malformed)?;
    let Some(file) = small(path)? else { return Ok(untaken(invitation::Untaken::NoInvitation)) };
    job.at("packing", 1, 3)?;
    let author = desk.author()?;
    let mut machine = desk.machine();
    let said = {
        let mut held = crate::desk::held(desk.ledger());
        let ledger = held.as_mut().ok_or_else(crate::desk::no_ledger)?;
        invitation::admit(ledger, &file, (ask.role.as_str(), may), &author, &mut machine)?
    };
    let admitted = match said {
        Ok(admitted) => admitted,
        Err(why) => return Ok(untaken(why)),
    };
    job.at("writing", 2, 3)?;
    let folder = path.parent().unwrap_or_else(|| Path::new(""));
    let name = format!("加入答复 {}", files::safe_name(&admitted.who));
    let path = files::write(folder, &files::free_name(folder, &name, super::stick::ENDING), &admitted.answer)?;
    desk.exchange().heard(&lianhu_ledger::Touched::default());
    Ok(Invitation { trouble: None, path: path.display().to_string(), who: admitted.who, short: admitted.short })
}

fn untaken(why: invitation::Untaken) -> Invitation {
    Invitation { trouble: Some(why.name().to_owned()), ..Invitation::default() }
}

/// A file of ours, or nothing where it is too large to be one.
fn small(path: &Path) -> Result<Option<Vec<u8>>> {
    let missing = || Refusal::new(Code::NoSuchFile).with("path", path.display());
    let size = std::fs::metadata(path).map_err(|_| missing())?.len();
    if size > LARGEST_FILE as u64 { Ok(None) } else { files::read(path).map(Some) }
}

pub fn made(desk: &Desk, job: JobNo) -> Result<Invitation> {
    desk.result(job)
}

#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct AcceptAnswer {
    pub path: String,
    /// As the first computer's screen shows them.
    pub digits: String,
    pub who: String,
}

/// 带回答复: the new computer takes the village in. What came of it is told by `exchange_joined`.
pub fn accept(desk: &Desk, ask: AcceptAnswer) -> Result<JobNo> {
    Ok(desk.begin(move |desk, job| accepted(desk, job, &ask)))
}

fn accepted(desk: &Desk, job: &Job, ask: &AcceptAnswer) -> Result<JoinedVillage> {
    job.at("reading", 0, 1)?;
    let trouble = |name: &str| JoinedVillage { trouble: Some(name.to_owned()), ..JoinedVillage::default() };
    let Some(file) = small(Path::new(&ask.path))? else { return Ok(trouble("no_invitation")) };
    let path = place(desk);
    let digits: String = ask.digits.chars().filter(char::is_ascii_digit).collect();
    let mut machine = desk.machine();
    let mut ledger = Ledger::begin_joining(&path, None, Box::new(desk.machine()))?;
    match invitation::accept(&mut ledger, &file, &digits, &mut machine)? {
        Ok(_) => {}
        Err(NotAccepted::Answer(why)) => return Ok(trouble(why.name())),
        Err(NotAccepted::Package(why)) => return Ok(trouble(why.name())),
    }
    ledger.take_place(&path)?;
    named(desk, path, ask.who.trim())
}

#[cfg(test)]
mod tests;
