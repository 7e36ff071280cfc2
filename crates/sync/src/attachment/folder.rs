//! Pictures under the hash of their bytes, `<hash>.jpg`; what has not come whole yet lies beside them as `.part`.

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;

use lianhu_ledger::Hash;

use super::{LARGEST, PIECE};
use crate::enrolment::hex;

pub struct Folder(PathBuf);

impl Folder {
    /// The folder need not be there until something is kept.
    pub fn at(path: impl Into<PathBuf>) -> Folder {
        Folder(path.into())
    }

    fn whole(&self, hash: &Hash) -> PathBuf {
        self.0.join(format!("{}.jpg", hex(hash)))
    }

    fn part(&self, hash: &Hash) -> PathBuf {
        self.0.join(format!("{}.jpg.part", hex(hash)))
    }

    pub fn has(&self, hash: &Hash) -> bool {
        self.whole(hash).is_file()
    }

    /// Bytes of one that has not come whole.
    pub fn upto(&self, hash: &Hash) -> u64 {
        fs::metadata(self.part(hash)).map_or(0, |about| about.len())
    }

    /// Puts a piece behind what is there; a piece that does not begin there changes nothing. Gives how much there is
    /// now: `size` when it is whole, 0 when the whole is not what its hash says.
    pub fn append(&self, hash: &Hash, size: u64, from: u64, bytes: &[u8]) -> io::Result<u64> {
        if self.has(hash) {
            return Ok(size);
        }
        let upto = self.upto(hash);
        let end = from.saturating_add(bytes.len() as u64);
        if from != upto || size > LARGEST || end > size || bytes.is_empty() {
            return Ok(upto);
        }
        fs::create_dir_all(&self.0)?;
        let mut part = File::options().create(true).append(true).open(self.part(hash))?;
        part.write_all(bytes)?;
        if end < size {
            return Ok(end);
        }
        part.sync_all()?;
        drop(part);
        self.finish(hash, size)
    }

    fn finish(&self, hash: &Hash, size: u64) -> io::Result<u64> {
        if blake3::hash(&fs::read(self.part(hash))?).as_bytes() != hash {
            fs::remove_file(self.part(hash))?;
            return Ok(0);
        }
        fs::rename(self.part(hash), self.whole(hash))?;
        Ok(size)
    }

    /// The size of a whole one and the piece that begins there; 0 when it is not here.
    pub fn piece(&self, hash: &Hash, from: u64) -> io::Result<(u64, Vec<u8>)> {
        let mut file = match File::open(self.whole(hash)) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok((0, Vec::new())),
            opened => opened?,
        };
        let size = file.metadata()?.len();
        file.seek(SeekFrom::Start(from))?;
        let mut bytes = Vec::new();
        file.take(PIECE as u64).read_to_end(&mut bytes)?;
        Ok((size, bytes))
    }
}
