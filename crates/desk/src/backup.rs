//! 备份与恢复 — a checked copy of the ledger in a folder or on a stick, and the present one put aside before a copy takes
//! its place.

use std::path::{Path, PathBuf};

use lianhu_ledger::{Code, Edge, Ledger, Refusal};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::desk::Desk;
use crate::files;
use crate::jobs::{Job, JobNo};
use crate::problem::Result;
use crate::session::{Nothing, OpenPath};

/// The ending of a copy: one does not open it by accident as the ledger one works in.
pub const ENDING: &str = "lianhu-backup";

#[derive(Clone, Debug, Default, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct BackUp {
    /// The folder to copy into; none means the usual one.
    #[serde(default)]
    #[ts(optional)]
    pub folder: Option<String>,
}

/// A copy, as far as one can tell without opening it.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct CopyFile {
    pub path: String,
    pub bytes: u64,
    /// Milliseconds since 1970.
    pub made_ms: u64,
}

pub fn now(desk: &Desk, ask: BackUp) -> Result<JobNo> {
    Ok(desk.begin(move |desk, job| back_up(desk, job, ask.folder.map(PathBuf::from))))
}

fn back_up(desk: &Desk, job: &Job, folder: Option<PathBuf>) -> Result<CopyFile> {
    job.at("copying", 0, 2)?;
    let folder = folder.unwrap_or_else(|| usual(desk));
    std::fs::create_dir_all(&folder).map_err(|_| unwritable(&folder))?;
    let stamp = desk.machine().china_time().format("%Y%m%d-%H%M");
    let path = desk.read(|ledger| {
        let village = ledger.path().file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let path = folder.join(files::free_name(&folder, &format!("{village} {stamp}"), ENDING));
        let copied = ledger.backup(&path, None, Box::new(desk.machine()));
        copied.map_err(|e| if matches!(e.code(), Some(Code::ReadOnly)) { unwritable(&folder).into() } else { e })?;
        Ok(path)
    })?;
    describe(&path).ok_or_else(|| unwritable(&path).into())
}

fn unwritable(path: &Path) -> Refusal {
    Refusal::new(Code::TargetUnwritable).with("path", path.display())
}

/// The copy that a finished job has made.
pub fn made(desk: &Desk, job: JobNo) -> Result<CopyFile> {
    desk.result(job)
}

fn usual(desk: &Desk) -> PathBuf {
    desk.place().dir.join("backups")
}

/// The copies in the usual folder, newest first.
pub fn list(desk: &Desk, _: Nothing) -> Result<Vec<CopyFile>> {
    let Ok(entries) = std::fs::read_dir(usual(desk)) else { return Ok(Vec::new()) };
    let is_copy = |path: &PathBuf| path.extension().is_some_and(|e| e == ENDING);
    let mut copies: Vec<CopyFile> =
        entries.filter_map(|e| Some(e.ok()?.path())).filter(is_copy).filter_map(|path| describe(&path)).collect();
    copies.sort_by_key(|copy| std::cmp::Reverse((copy.made_ms, copy.path.clone())));
    Ok(copies)
}

fn describe(path: &Path) -> Option<CopyFile> {
    let found = std::fs::metadata(path).ok()?;
    let since = found.modified().ok()?.duration_since(std::time::UNIX_EPOCH).ok()?;
    Some(CopyFile { path: path.display().to_string(), bytes: found.len(), made_ms: since.as_millis() as u64 })
}

/// What a copy holds, before it is let in.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct CopyInside {
    pub path: String,
    pub village: String,
    pub records: usize,
    pub last_ms: u64,
    /// Another village's copy does not take the place of this one's ledger.
    pub same_village: bool,
}

pub fn look(desk: &Desk, ask: OpenPath) -> Result<CopyInside> {
    let copied = Ledger::look_into(Path::new(&ask.path), None, Box::new(desk.machine()))?;
    let same_village = desk.read(|ledger| Ok(ledger.village() == copied.village))?;
    Ok(CopyInside {
        path: ask.path,
        village: copied.name,
        records: copied.records,
        last_ms: copied.last_ms,
        same_village,
    })
}

/// The copy takes the ledger's place; the village's name is typed, so that it does not happen by a slip.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Restore {
    pub path: String,
    pub village: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct Restored {
    /// Where the ledger that was here until now lies.
    pub aside: String,
}

pub fn restore(desk: &Desk, ask: Restore) -> Result<JobNo> {
    let open = crate::session::look(desk, Nothing {})?.open.map(|open| open.village).unwrap_or_default();
    if ask.village.trim() != open {
        return Err(Refusal::new(Code::NameDiffers).with("name", open).into());
    }
    Ok(desk.begin(move |desk, job| put_back(desk, job, Path::new(&ask.path))))
}

fn put_back(desk: &Desk, job: &Job, copy: &Path) -> Result<Restored> {
    job.at("copying", 0, 2)?;
    let stamp = desk.machine().china_time().format("%Y%m%d-%H%M");
    let machine = desk.machine();
    let folder = usual(desk);
    std::fs::create_dir_all(&folder).map_err(|_| unwritable(&folder))?;
    let aside = desk.with_ledger_closed(|place| {
        let village = place.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let aside = folder.join(files::free_name(&folder, &format!("{village} {stamp}（恢复前）"), ENDING));
        let edge = || -> Box<dyn Edge> { Box::new(machine) };
        Ledger::restore(copy, place, &aside, None, [edge(), edge(), edge()])?;
        Ok(aside)
    })?;
    Ok(Restored { aside: aside.display().to_string() })
}

pub fn restored(desk: &Desk, job: JobNo) -> Result<Restored> {
    desk.result(job)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::records::{SaveRecord, WhichKind, list as records, save};
    use crate::testing;

    fn group(desk: &Desk, name: &str) {
        let fields = [("name".to_owned(), json!(name))].into();
        save(desk, SaveRecord { kind: "group".into(), id: None, fields, seen: None, correct: None }).unwrap();
    }

    fn groups(desk: &Desk) -> usize {
        records(desk, WhichKind { kind: "group".into() }).unwrap().len()
    }

    #[test]
    fn a_copy_takes_the_ledgers_place_and_the_present_one_is_kept_aside() {
        let (desk, _dir) = testing::empty();
        group(&desk, "一组");
        let copy = back_up(&desk, &Job::default(), None).unwrap();
        group(&desk, "二组");
        let restored = put_back(&desk, &Job::default(), Path::new(&copy.path)).unwrap();
        assert_eq!(groups(&desk), 1);
        let inside = look(&desk, OpenPath { path: restored.aside.clone() }).unwrap();
        assert!(inside.same_village);
        put_back(&desk, &Job::default(), Path::new(&restored.aside)).unwrap();
        assert_eq!(groups(&desk), 2);
        group(&desk, "三组");
        assert_eq!(desk.read(|l| l.verify()).unwrap().problems, Vec::<String>::new());
    }

    #[test]
    fn what_a_restored_ledger_writes_is_not_taken_for_what_it_wrote_before() {
        let (desk, _dir) = testing::empty();
        let copy = back_up(&desk, &Job::default(), None).unwrap();
        group(&desk, "一组");
        let before = desk.read(|l| l.history(None)).unwrap()[0].batch.clone();
        put_back(&desk, &Job::default(), Path::new(&copy.path)).unwrap();
        group(&desk, "二组");
        assert_ne!(desk.read(|l| l.history(None)).unwrap()[0].batch, before);
    }

    #[test]
    fn a_copy_of_another_village_or_a_torn_one_changes_nothing() {
        let (desk, dir) = testing::empty();
        group(&desk, "一组");
        let (other, _other_dir) = testing::empty();
        let foreign = back_up(&other, &Job::default(), None).unwrap();
        assert!(put_back(&desk, &Job::default(), Path::new(&foreign.path)).is_err());
        let torn = dir.path().join("torn.lianhu-backup");
        let whole = std::fs::read(&foreign.path).unwrap();
        std::fs::write(&torn, &whole[..whole.len() / 2]).unwrap();
        assert!(put_back(&desk, &Job::default(), &torn).is_err());
        assert_eq!(groups(&desk), 1);
        group(&desk, "二组");
    }
}
