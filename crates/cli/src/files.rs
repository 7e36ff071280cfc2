//! Files beside the ledger: read whole, written whole or not at all.

use std::io::Write;
use std::path::{Path, PathBuf};

use lianhu_ledger::Fault;

use crate::output::Outcome;

fn io(path: &Path) -> impl FnOnce(std::io::Error) -> Fault + '_ {
    move |source| Fault::Io { path: path.display().to_string(), source }
}

pub fn read(path: &Path) -> Outcome<Vec<u8>> {
    Ok(std::fs::read(path).map_err(io(path))?)
}

/// Under another name first, flushed, then renamed: a full disk or a pulled stick leaves no half file.
pub fn write(folder: &Path, name: &str, bytes: &[u8]) -> Outcome<PathBuf> {
    std::fs::create_dir_all(folder).map_err(io(folder))?;
    let path = folder.join(name);
    let unfinished = folder.join(format!("{name}.part"));
    let mut file = std::fs::File::create(&unfinished).map_err(io(&unfinished))?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(io(&unfinished))?;
    drop(file);
    std::fs::rename(&unfinished, &path).map_err(io(&path))?;
    Ok(path)
}
