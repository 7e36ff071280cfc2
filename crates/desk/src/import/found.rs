//! 在这台电脑上找到的表格 — a clerk who does not know where a file went finds it here, the newest first.

use std::path::PathBuf;

use serde::Serialize;
use ts_rs::TS;

use crate::desk::Desk;
use crate::problem::Result;
use crate::session::Nothing;
use crate::sticks;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct FoundTable {
    pub path: String,
    pub name: String,
    pub folder: String,
    /// Milliseconds since 1970.
    pub at_ms: u64,
    pub bytes: u64,
}

const ENDINGS: &[&str] = &["xlsx", "xls", "et", "csv"];
const MOST: usize = 40;

/// In the folders where tables usually lie and on sticks, and one folder below.
pub fn found(desk: &Desk, _: Nothing) -> Result<Vec<FoundTable>> {
    let roots: Vec<PathBuf> = desk.place().looks.iter().cloned().chain(sticks::sticks()).collect();
    let below = roots.iter().flat_map(|root| sticks::folders(root));
    let files = roots.iter().cloned().chain(below).flat_map(|folder| sticks::files(&folder, ENDINGS)).collect();
    Ok(sticks::newest(files, MOST).into_iter().map(table).collect())
}

fn table(file: sticks::FoundFile) -> FoundTable {
    let text = |part: Option<&std::ffi::OsStr>| part.map(|p| p.to_string_lossy().into_owned()).unwrap_or_default();
    FoundTable {
        name: text(file.path.file_name()),
        folder: text(file.path.parent().map(|folder| folder.as_os_str())),
        path: file.path.display().to_string(),
        at_ms: file.at_ms,
        bytes: file.bytes,
    }
}
