//! U盘 — where files come from that were made elsewhere: sticks and other drives, as far as the system shows them as
//! folders.

use std::path::{Path, PathBuf};

/// The roots of drives that are not the one the system lives on.
pub(crate) fn sticks() -> Vec<PathBuf> {
    if cfg!(windows) {
        return ('D'..='Z').map(|letter| PathBuf::from(format!("{letter}:\\"))).filter(|root| root.is_dir()).collect();
    }
    let two_deep = ["/media", "/run/media"].iter().flat_map(|root| folders(Path::new(root)));
    let linux = two_deep.flat_map(|user| folders(&user));
    linux.chain(folders(Path::new("/Volumes"))).collect()
}

/// The folders in a folder, without hidden ones; none where it cannot be read.
pub(crate) fn folders(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let seen = |path: &PathBuf| path.is_dir() && !is_hidden(path);
    entries.filter_map(|entry| Some(entry.ok()?.path())).filter(seen).collect()
}

pub(crate) fn is_hidden(path: &Path) -> bool {
    path.file_name().is_none_or(|name| name.to_string_lossy().starts_with(['.', '~', '$']))
}

/// A file that was found, with what a person tells it from others by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FoundFile {
    pub path: PathBuf,
    /// Milliseconds since 1970.
    pub at_ms: u64,
    pub bytes: u64,
}

/// More files than this in one folder are not a clerk's.
const MOST_ENTRIES: usize = 5_000;

/// The files of a folder with one of these endings.
pub(crate) fn files(folder: &Path, endings: &[&str]) -> Vec<FoundFile> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let paths = entries.take(MOST_ENTRIES).filter_map(|entry| Some(entry.ok()?.path()));
    let ours = |path: &PathBuf| {
        let ending = path.extension().map(|e| e.to_string_lossy().to_lowercase());
        !is_hidden(path) && ending.is_some_and(|e| endings.contains(&e.as_str()))
    };
    paths.filter(ours).filter_map(found).collect()
}

fn found(path: PathBuf) -> Option<FoundFile> {
    let meta = std::fs::metadata(&path).ok().filter(std::fs::Metadata::is_file)?;
    let age = meta.modified().ok()?.duration_since(std::time::UNIX_EPOCH).ok()?;
    Some(FoundFile { path, at_ms: u64::try_from(age.as_millis()).ok()?, bytes: meta.len() })
}

/// Newest first, each once.
pub(crate) fn newest(mut files: Vec<FoundFile>, most: usize) -> Vec<FoundFile> {
    files.sort_by(|a, b| b.at_ms.cmp(&a.at_ms).then_with(|| a.path.cmp(&b.path)));
    files.dedup_by(|a, b| a.path == b.path);
    files.truncate(most);
    files
}
