//! Files that must be whole and are nobody else's business.

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::Path;

use lianhu_ledger::Result;

use crate::failure::io;
use crate::store::sqlite::sync_folder;

/// Writes a file that is either there whole or not at all; only its owner may read it.
pub fn write_private(path: &Path, bytes: &[u8]) -> Result<()> {
    let unfinished = path.with_extension("part");
    let mut file = private(&unfinished).map_err(io(&unfinished))?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(io(&unfinished))?;
    drop(file);
    fs::rename(&unfinished, path).map_err(io(path))?;
    sync_folder(path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new(".")))
}

#[cfg(unix)]
fn private(path: &Path) -> std::io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)
}

#[cfg(not(unix))]
fn private(path: &Path) -> std::io::Result<File> {
    OpenOptions::new().write(true).create(true).truncate(true).open(path)
}

/// A file, if it is there.
pub fn read_if_there(path: &Path) -> Result<Option<Vec<u8>>> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(e) => Err(io(path)(e).into()),
    }
}
