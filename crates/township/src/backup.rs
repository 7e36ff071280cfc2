//! 备份与恢复 — the whole township in one file: key, certificate, every village, every picture; made while the server
//! runs, and read back whole or not at all.
//!
//! Layout: magic; a zstd stream of (name, length, bytes); BLAKE3 of everything before. Villages are the files of
//! [`SqliteStore`] whichever store they come from. A restored township is another epoch: what it gave since the copy, the
//! computers bring again.

use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use lianhu_ledger::Result;
use uuid::Uuid;

use crate::failure::{Failure, Outcome, io as at};
use crate::machine::Machine;
use crate::serve::hold;
use crate::store::sqlite::{SqliteStore, sync_folder};
use crate::store::{Store, TOWN, copy};
use crate::town::{Town, key_file};

const MAGIC: &[u8] = b"lianhu-township-backup\x01\n";
const LEVEL: i32 = 3;
const HASH: u64 = 32;
/// Names are ours, and short.
const LONGEST_NAME: u32 = 300;

/// Passes bytes on and sums them up.
struct Hashed<T> {
    inner: T,
    hasher: blake3::Hasher,
}

impl<T: Write> Write for Hashed<T> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let n = self.inner.write(bytes)?;
        self.hasher.update(&bytes[..n]);
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// What went into a backup.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BackedUp {
    pub villages: usize,
    pub pictures: usize,
    pub bytes: u64,
}

/// A folder of ours that is gone when this is.
struct Scratch(PathBuf);

impl Scratch {
    fn beside(path: &Path, machine: &Machine) -> Result<Scratch> {
        let chance = u32::from_le_bytes(machine.chance()[..4].try_into().expect("four of sixteen bytes"));
        let name = format!("{}.{chance:08x}", path.file_name().unwrap_or_default().to_string_lossy());
        let folder = path.with_file_name(name);
        fs::create_dir_all(&folder).map_err(at(&folder))?;
        Ok(Scratch(folder))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.0)
            && error.kind() != io::ErrorKind::NotFound
        {
            tracing::warn!(%error, "a scratch folder is left behind");
        }
    }
}

impl Town {
    /// Writes a backup; the file appears under its name when it is whole.
    pub fn backup(&self, file: &Path) -> Outcome<BackedUp> {
        let unfinished = file.with_extension("part");
        let scratch = Scratch::beside(&unfinished, &self.machine)?;
        let mut done = BackedUp::default();
        {
            let raw = File::create(&unfinished).map_err(at(&unfinished))?;
            private(&raw).map_err(at(&unfinished))?;
            let mut out = Hashed { inner: BufWriter::new(raw), hasher: blake3::Hasher::new() };
            out.write_all(MAGIC).map_err(at(&unfinished))?;
            let mut packed = zstd::Encoder::new(out, LEVEL).map_err(at(&unfinished))?;
            self.pour(&mut packed, &scratch.0, &mut done)?;
            let Hashed { mut inner, hasher } = packed.finish().map_err(at(&unfinished))?;
            inner.write_all(hasher.finalize().as_bytes()).map_err(at(&unfinished))?;
            let raw = inner.into_inner().map_err(|e| at(&unfinished)(e.into_error()))?;
            raw.sync_all().map_err(at(&unfinished))?;
        }
        done.bytes = fs::metadata(&unfinished).map_err(at(&unfinished))?.len();
        fs::rename(&unfinished, file).map_err(at(file))?;
        sync_folder(file.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new(".")))?;
        Ok(done)
    }

    /// The township's own first: what a village gains in the meantime is not missed by it.
    fn pour(&self, out: &mut impl Write, scratch: &Path, done: &mut BackedUp) -> Outcome {
        for name in ["township.key", "certificate.pem", "certificate.key"] {
            pour_file(out, name, &self.folder.join(name))?;
        }
        let mut villages: Vec<Uuid> = vec![TOWN];
        villages.extend(self.villages()?.into_iter().filter_map(|village| village.id));
        for id in villages {
            let copied = self.copied(id, scratch)?;
            let Some(path) = copied else { continue };
            let name = path.strip_prefix(scratch).unwrap_or(&path).to_string_lossy().replace('\\', "/");
            pour_file(out, &name, &path)?;
            fs::remove_file(&path).map_err(at(&path))?;
            if id != TOWN {
                done.villages += 1;
                done.pictures += self.pour_pictures(out, id)?;
            }
        }
        out.write_all(&0u32.to_le_bytes()).map_err(at(scratch))?;
        Ok(())
    }

    /// A village's file at one moment.
    fn copied(&self, village: Uuid, scratch: &Path) -> Result<Option<PathBuf>> {
        let to = SqliteStore::at(scratch);
        let path = to.path(village);
        if self.store.name() == "sqlite" {
            let folder = path.parent().unwrap_or(scratch);
            fs::create_dir_all(folder).map_err(at(folder))?;
            return Ok(SqliteStore::at(&self.folder).copy(village, &path)?.then_some(path));
        }
        if !copy::copy(self.store.as_ref(), &to, village)? {
            return Ok(None);
        }
        // One file, without the journal beside it.
        let whole = path.with_extension("whole");
        to.copy(village, &whole)?;
        drop(to);
        for beside in [path.clone(), with_suffix(&path, "-wal"), with_suffix(&path, "-shm")] {
            if beside.exists() {
                fs::remove_file(&beside).map_err(at(&beside))?;
            }
        }
        fs::rename(&whole, &path).map_err(at(&path))?;
        Ok(Some(path))
    }

    fn pour_pictures(&self, out: &mut impl Write, village: Uuid) -> Result<usize> {
        let folder = self.pictures(village);
        let Ok(entries) = fs::read_dir(&folder) else { return Ok(0) };
        let mut n = 0;
        for entry in entries {
            let path = entry.map_err(at(&folder))?.path();
            if path.extension().is_some_and(|end| end == "jpg") {
                let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                pour_file(out, &format!("attachments/{village}/{name}"), &path)?;
                n += 1;
            }
        }
        Ok(n)
    }
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

#[cfg(unix)]
fn private(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(fs::Permissions::from_mode(0o600))
}

#[cfg(not(unix))]
fn private(_: &File) -> io::Result<()> {
    Ok(())
}

fn pour_file(out: &mut impl Write, name: &str, path: &Path) -> Result<()> {
    let mut file = File::open(path).map_err(at(path))?;
    let length = file.metadata().map_err(at(path))?.len();
    let mut pour = || {
        out.write_all(&(name.len() as u32).to_le_bytes())?;
        out.write_all(name.as_bytes())?;
        out.write_all(&length.to_le_bytes())?;
        let copied = io::copy(&mut (&mut file).take(length), out)?;
        if copied == length { Ok(()) } else { Err(io::Error::from(io::ErrorKind::UnexpectedEof)) }
    };
    Ok(pour().map_err(at(path))?)
}

/// Puts a backup back, into a folder that holds no township, or over one that is kept aside under another name. Gives
/// where the old one lies.
pub fn restore(
    file: &Path,
    folder: &Path,
    store: &dyn Fn(&Path) -> Result<Arc<dyn Store>>,
    machine: &Machine,
    force: bool,
) -> Outcome<Option<PathBuf>> {
    is_whole(file)?;
    let is_there = key_file(folder).exists() || folder.join("township.db").exists();
    if is_there && !force {
        return Err(Failure::said("township.restore_over", [("path", &folder.display().to_string())]));
    }
    // Its server may still be at work in it.
    let held = if folder.is_dir() {
        Some(hold(folder)?.ok_or_else(|| Failure::said("township.is_serving", []))?)
    } else {
        None
    };
    let scratch = Scratch::beside(folder, machine)?;
    unpack(file, &scratch.0)?;
    let unpacked = SqliteStore::at(&scratch.0);
    Town::begin_epoch(&unpacked, machine)?;
    if let Some(problem) = unpacked.check(TOWN)?.first() {
        return Err(Failure::said("township.backup_damaged", [("what", problem)]));
    }
    drop(unpacked);
    drop(held);
    let aside = if folder.exists() { Some(put_aside(folder, machine, is_there)?) } else { None };
    fs::rename(&scratch.0, folder).map_err(at(folder))?;
    sync_folder(folder.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new(".")))?;
    move_on(folder, store(folder)?.as_ref())?;
    Ok(aside.filter(|_| is_there))
}

/// An empty folder is taken away; a township is kept under another name.
fn put_aside(folder: &Path, machine: &Machine, is_there: bool) -> Result<PathBuf> {
    let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let aside = folder.with_file_name(format!("{name}.before-{}", machine.now_ms()));
    fs::rename(folder, &aside).map_err(at(folder))?;
    if !is_there {
        // Nothing but a lock file of ours, or what somebody put there: then it stays beside.
        let lock = aside.join("serving.lock");
        if lock.exists() {
            fs::remove_file(&lock).map_err(at(&lock))?;
        }
        if fs::remove_dir(&aside).is_err() {
            tracing::warn!("the folder was not empty and lies beside");
        }
    }
    Ok(aside)
}

/// Where the store is another one, the villages go on there; it must hold none.
fn move_on(folder: &Path, store: &dyn Store) -> Outcome {
    if store.name() == "sqlite" {
        return Ok(());
    }
    let files = SqliteStore::at(folder);
    let mut villages = vec![TOWN];
    villages.extend(listed(&files)?);
    store.found(TOWN)?;
    if crate::store::town(store, |tx| tx.paper(crate::store::paper::SETTING, b"name"))?.is_some() {
        return Err(Failure::said("township.store_not_empty", []));
    }
    for village in &villages {
        copy::copy(&files, store, *village)?;
    }
    let paths: Vec<PathBuf> = villages.iter().map(|village| files.path(*village)).collect();
    drop(files);
    for path in paths.iter().filter(|path| path.exists()) {
        fs::remove_file(path).map_err(at(path))?;
    }
    Ok(())
}

fn listed(files: &SqliteStore) -> Result<Vec<Uuid>> {
    let papers = crate::store::town(files, |tx| tx.papers(crate::store::paper::VILLAGE))?;
    let villages: Result<Vec<crate::town::Village>> =
        papers.iter().map(|(_, bytes)| crate::town::read(bytes, "village")).collect();
    Ok(villages?.into_iter().filter_map(|village| village.id).collect())
}

fn damaged(file: &Path) -> Failure {
    Failure::said("township.backup_damaged", [("what", &file.display().to_string())])
}

/// Reads the file through once before anything is done with it.
fn is_whole(file: &Path) -> Outcome {
    let mut raw =
        File::open(file).map_err(|_| Failure::said("township.no_backup", [("path", &file.display().to_string())]))?;
    let length = raw.metadata().map_err(at(file))?.len();
    let content = length.checked_sub(HASH).filter(|n| *n > MAGIC.len() as u64).ok_or_else(|| damaged(file))?;
    let mut magic = vec![0; MAGIC.len()];
    raw.read_exact(&mut magic).map_err(at(file))?;
    if magic != MAGIC {
        return Err(damaged(file));
    }
    let mut hasher = blake3::Hasher::new();
    hasher.update(&magic);
    let mut rest = BufReader::new(&raw).take(content - MAGIC.len() as u64);
    io::copy(&mut rest, &mut hasher).map_err(at(file))?;
    let mut hash = [0; HASH as usize];
    rest.into_inner().read_exact(&mut hash).map_err(at(file))?;
    if hasher.finalize().as_bytes() == &hash { Ok(()) } else { Err(damaged(file)) }
}

fn unpack(file: &Path, into: &Path) -> Outcome {
    let length = fs::metadata(file).map_err(at(file))?.len();
    let mut raw = BufReader::new(File::open(file).map_err(at(file))?);
    io::copy(&mut (&mut raw).take(MAGIC.len() as u64), &mut io::sink()).map_err(at(file))?;
    let packed = raw.take(length - MAGIC.len() as u64 - HASH);
    let mut stream = zstd::Decoder::new(packed).map_err(at(file))?;
    while let Some(name) = name(&mut stream).map_err(at(file))? {
        let path = within(into, &name).ok_or_else(|| damaged(file))?;
        let folder = path.parent().unwrap_or(into);
        fs::create_dir_all(folder).map_err(at(folder))?;
        let length = number::<8>(&mut stream).map(u64::from_le_bytes).map_err(at(file))?;
        let mut out = File::create(&path).map_err(at(&path))?;
        private(&out).map_err(at(&path))?;
        let copied = io::copy(&mut (&mut stream).take(length), &mut out).map_err(at(&path))?;
        if copied != length {
            return Err(damaged(file));
        }
        out.sync_all().map_err(at(&path))?;
    }
    Ok(())
}

fn number<const N: usize>(stream: &mut impl Read) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    stream.read_exact(&mut bytes)?;
    Ok(bytes)
}

fn name(stream: &mut impl Read) -> io::Result<Option<String>> {
    let length = u32::from_le_bytes(number::<4>(stream)?);
    if length == 0 {
        return Ok(None);
    }
    let wrong = || io::Error::from(io::ErrorKind::InvalidData);
    let mut bytes = vec![0; usize::try_from(length.min(LONGEST_NAME)).map_err(|_| wrong())?];
    stream.read_exact(&mut bytes)?;
    String::from_utf8(bytes).map(Some).map_err(|_| wrong())
}

/// A name that leads nowhere else.
fn within(folder: &Path, name: &str) -> Option<PathBuf> {
    let path = Path::new(name);
    let plain = path.components().all(|part| matches!(part, Component::Normal(_)));
    (plain && !name.contains(['\\', ':'])).then(|| folder.join(path))
}
