//! U盘 — a package of this village's steps written to a stick, and packages that lie on sticks read. A package is read whole
//! or not at all, and is remembered as packed only when it lies where it was to go.

use std::path::{Path, PathBuf};

use lianhu_ledger::{Code, Refusal};
use lianhu_sync::package::LARGEST_FILE;
use lianhu_sync::{LedgerShelf, stick};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::desk::Desk;
use crate::files;
use crate::jobs::{Job, JobNo};
use crate::problem::Result;
use crate::session::{Nothing, OpenPath};
use crate::sticks;

/// The ending of a package.
pub(super) const ENDING: &str = "lhb";
/// As many as a list shows.
const MOST: usize = 12;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct StickPlaces {
    /// Sticks that are in.
    pub sticks: Vec<String>,
    /// Packages that lie on them, or where files usually lie; the newest first.
    pub packages: Vec<FoundPackage>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct FoundPackage {
    pub path: String,
    pub name: String,
    pub folder: String,
    /// Milliseconds since 1970.
    pub at_ms: u64,
}

pub fn places(desk: &Desk, _: Nothing) -> Result<StickPlaces> {
    let found = sticks::sticks();
    let roots = desk.place().looks.iter().cloned().chain(found.iter().cloned());
    let folders = roots.flat_map(|root| std::iter::once(root.join(FOLDER)).chain([root]));
    let files = folders.flat_map(|folder| sticks::files(&folder, &[ENDING])).collect();
    let package = |file: sticks::FoundFile| FoundPackage {
        name: file.path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        folder: file.path.parent().map(|folder| folder.display().to_string()).unwrap_or_default(),
        path: file.path.display().to_string(),
        at_ms: file.at_ms,
    };
    let packages = sticks::newest(files, MOST).into_iter().map(package).collect();
    Ok(StickPlaces { sticks: found.into_iter().map(|root| root.display().to_string()).collect(), packages })
}

/// The folder on a stick that packages are put into.
const FOLDER: &str = "联户数据包";

#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct MakePackage {
    /// The stick, or the folder that was chosen.
    pub folder: String,
}

/// A package that lies where it was to go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct MadePackage {
    /// Why none was made, as a word of the catalogue (`package.…`).
    pub trouble: Option<String>,
    pub path: String,
    pub bytes: u64,
}

/// 备份到U盘.
pub fn make(desk: &Desk, ask: MakePackage) -> Result<JobNo> {
    Ok(desk.begin(move |desk, job| made(desk, job, Path::new(&ask.folder))))
}

fn made(desk: &Desk, job: &Job, folder: &Path) -> Result<MadePackage> {
    job.at("packing", 0, 2)?;
    // A stick that cannot be written to is told before anything is packed.
    folder_on(folder)?;
    let mut machine = desk.machine();
    let none = |why: &str| MadePackage { trouble: Some(why.to_owned()), path: String::new(), bytes: 0 };
    let made = match desk.shelf(|shelf| stick::make(shelf, &mut machine, None))? {
        None => return Ok(none("unenrolled")),
        Some(None) => return Ok(none("unsealable")),
        Some(Some(made)) => made,
    };
    job.at("writing", 1, 2)?;
    let stamp = desk.machine().china_time().format("%Y%m%d-%H%M");
    let village = desk.read(crate::session::village_name)?;
    let path = put_on(folder, &format!("{} {stamp}", files::safe_name(&village)), &made.bytes)?;
    desk.shelf(|shelf| stick::keep(shelf, &made))?;
    desk.exchange().heard(&lianhu_ledger::Touched::default());
    Ok(MadePackage { trouble: None, path: path.display().to_string(), bytes: made.bytes.len() as u64 })
}

/// The folder for packages on a stick, made when it is not there.
fn folder_on(stick: &Path) -> Result<PathBuf> {
    let folder = stick.join(FOLDER);
    let unwritable = |_| Refusal::new(Code::TargetUnwritable).with("path", folder.display());
    std::fs::create_dir_all(&folder).map_err(unwritable)?;
    Ok(folder)
}

/// Writes a file of ours onto a stick, beside what lies there.
pub(super) fn put_on(stick: &Path, name: &str, bytes: &[u8]) -> Result<PathBuf> {
    let folder = folder_on(stick)?;
    files::write(&folder, &files::free_name(&folder, name, ENDING), bytes)
}

pub fn package_made(desk: &Desk, job: JobNo) -> Result<MadePackage> {
    desk.result(job)
}

/// What came of a package.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ReadPackage {
    /// Why nothing of it was taken in, as a word of the catalogue (`package.…`).
    pub unread: Option<String>,
    /// Steps that were new here, and steps of ours that have their receipt by it.
    pub applied: u32,
    pub received: u32,
}

/// 读U盘里的数据包.
pub fn read(desk: &Desk, ask: OpenPath) -> Result<JobNo> {
    Ok(desk.begin(move |desk, job| taken(desk, job, &PathBuf::from(ask.path))))
}

fn taken(desk: &Desk, job: &Job, path: &Path) -> Result<ReadPackage> {
    job.at("reading", 0, 1)?;
    let unread = |why: &str| ReadPackage { unread: Some(why.to_owned()), applied: 0, received: 0 };
    let missing = || Refusal::new(Code::NoSuchFile).with("path", path.display());
    let size = std::fs::metadata(path).map_err(|_| missing())?.len();
    if size > LARGEST_FILE as u64 {
        return Ok(unread("no_package"));
    }
    let bytes = files::read(path)?;
    // One who speaks with the township holds the same numbers: both at once would ask for the same twice.
    let _turn = desk.exchange().turn();
    let mut machine = desk.machine();
    let came = desk.shelf(|shelf| {
        let read = stick::read(shelf, &mut machine, &bytes)?;
        Ok((read, std::mem::take(&mut shelf.touched)))
    })?;
    let Some((read, touched)) = came else { return Ok(unread("unenrolled")) };
    desk.forget_names();
    desk.exchange().heard(&touched);
    Ok(match read {
        Ok(read) => ReadPackage { unread: None, applied: read.applied as u32, received: read.received as u32 },
        Err(why) => unread(why.name()),
    })
}

pub fn package_read(desk: &Desk, job: JobNo) -> Result<ReadPackage> {
    desk.result(job)
}

impl Desk {
    /// The open ledger as the exchange sees it; none where it has joined nothing.
    pub(super) fn shelf<T>(
        &self,
        work: impl FnOnce(&mut LedgerShelf<&mut lianhu_ledger::Ledger>) -> Result<T>,
    ) -> Result<Option<T>> {
        let mut held = crate::desk::held(self.ledger());
        let ledger = held.as_mut().ok_or_else(crate::desk::no_ledger)?;
        LedgerShelf::of(ledger)?.map(|mut shelf| work(&mut shelf)).transpose()
    }
}
