//! 上次的对法 — what a person has said about the columns of a sheet, kept by the words of its header, so that next month's
//! sheet of the same make need not be explained again. Headers only; nothing of the village is kept here.

use std::path::Path;

use lianhu_import::SheetMapping;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::files;
use crate::problem::Result;

const FILE: &str = "columns.json";
/// The oldest are forgotten beyond this.
const MOST: usize = 100;

/// As it was said last, and of which file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct KnownMapping {
    pub file: String,
    #[ts(type = "{ kind: string | null; columns: Record<string, string | null> }")]
    pub said: SheetMapping,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Kept {
    pub signature: String,
    pub known: KnownMapping,
}

/// Newest first. A damaged file is as good as none.
pub(super) fn all(dir: &Path) -> Vec<Kept> {
    let bytes = std::fs::read(dir.join(FILE)).unwrap_or_default();
    serde_json::from_slice(&bytes).unwrap_or_default()
}

pub(super) fn keep(dir: &Path, new: Vec<Kept>) -> Result<()> {
    let mut known = all(dir);
    if new.iter().all(|one| known.contains(one)) {
        return Ok(());
    }
    known.retain(|old| new.iter().all(|one| one.signature != old.signature));
    known.splice(0..0, new);
    known.truncate(MOST);
    let text = serde_json::to_vec_pretty(&known).expect("what is known of columns is plain data");
    files::write(dir, FILE, &text).map(|_| ())
}
