//! Files beside the ledger: read whole, written whole or not at all.

use std::fs::{File, TryLockError};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use lianhu_ledger::{Code, Fault, Refusal};

use crate::problem::Result;

fn io(path: &Path) -> impl FnOnce(std::io::Error) -> Fault + '_ {
    move |source| Fault::Io { path: path.display().to_string(), source }
}

/// Nothing can be written there: a pulled stick, a full disk, a folder of somebody else's.
fn unwritable(path: &Path) -> impl FnOnce(std::io::Error) -> Refusal + '_ {
    move |e| match e.kind() {
        std::io::ErrorKind::StorageFull => Refusal::new(Code::DiskFull),
        _ => Refusal::new(Code::TargetUnwritable).with("path", path.display()),
    }
}

pub fn read(path: &Path) -> Result<Vec<u8>> {
    Ok(std::fs::read(path).map_err(io(path))?)
}

/// How many files this program has begun to write.
static WRITES: AtomicU32 = AtomicU32::new(0);

/// Under another name first, flushed, then renamed: a full disk or a pulled stick leaves no half file.
pub fn write(folder: &Path, name: &str, bytes: &[u8]) -> Result<PathBuf> {
    std::fs::create_dir_all(folder).map_err(unwritable(folder))?;
    let path = folder.join(name);
    // Two writes of one name at once (a draft and the next letter of it) do not share what is unfinished.
    let unfinished = folder.join(format!("{name}.{}.part", WRITES.fetch_add(1, Ordering::Relaxed)));
    let mut file = File::create(&unfinished).map_err(unwritable(&unfinished))?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(unwritable(&unfinished))?;
    drop(file);
    if let Err(e) = std::fs::rename(&unfinished, &path) {
        let _ = std::fs::remove_file(&unfinished);
        return Err(unwritable(&path)(e).into());
    }
    Ok(path)
}

/// A name that every system takes, of whatever a village or a meeting is called.
pub fn safe_name(text: &str) -> String {
    text.chars().map(|c| if c.is_control() || "\\/:*?\"<>|".contains(c) { '_' } else { c }).collect()
}

/// A name nobody has taken yet: 月报.docx, 月报（2）.docx …
pub fn free_name(folder: &Path, stem: &str, ending: &str) -> String {
    let name = |n: u32| if n == 1 { format!("{stem}.{ending}") } else { format!("{stem}（{n}）.{ending}") };
    (1..).map(name).find(|name| !folder.join(name).exists()).unwrap_or_default()
}

/// A path that a page may not have shown: it is not there, or it is none of ours.
pub fn not_shown(path: &Path) -> crate::problem::Problem {
    Refusal::new(Code::NoSuchFile).with("path", path.display()).into()
}

/// One program a folder. The system lets the lock go when the program ends, however it ends.
pub(crate) fn lock(dir: &Path) -> Result<File> {
    std::fs::create_dir_all(dir).map_err(unwritable(dir))?;
    let path = dir.join("lock");
    let file = File::options().create(true).truncate(false).write(true).open(&path).map_err(unwritable(&path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(Refusal::new(Code::Busy).into()),
        Err(TryLockError::Error(e)) => Err(unwritable(&path)(e).into()),
    }
}

/// What a power cut left half written is of no use to anyone.
pub(crate) fn clear_unfinished(dir: &Path) {
    let Ok(entries) = std::fs::read_dir(dir) else { return };
    let is_unfinished = |path: &PathBuf| path.extension().is_some_and(|e| e == "part");
    entries.filter_map(|e| Some(e.ok()?.path())).filter(is_unfinished).for_each(|path| {
        let _ = std::fs::remove_file(path);
    });
}
