//! The books as they were read, by their files. A file is read once, in a child of ours, and again only when it has
//! changed on the disk.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use lianhu_import::{Book, Mapping, Parsed, child, understand_with};
use lianhu_ledger::{Code, Refusal};
use serde::Deserialize;
use ts_rs::TS;

use super::ChosenTable;
use crate::desk::{Desk, held};
use crate::jobs::{Job, JobNo};
use crate::problem::{Problem, Result};

/// What came of reading a file: its cells, or why there are none.
type Read = Result<Arc<Book>, Refusal>;

/// A file as it lay on the disk when it was read.
type Stand = Option<(std::time::SystemTime, u64)>;

#[derive(Default)]
pub(crate) struct Tray {
    books: Mutex<BTreeMap<PathBuf, (Stand, Read)>>,
}

impl Tray {
    fn is_fresh(&self, path: &Path) -> bool {
        let stand = stand(path);
        stand.is_some() && held(&self.books).get(path).is_some_and(|(then, _)| *then == stand)
    }

    pub fn put(&self, path: PathBuf, read: Read) {
        let stand = stand(&path);
        held(&self.books).insert(path, (stand, read));
    }

    /// The books of one import; those of an earlier one are let go.
    fn keep_only(&self, paths: &[PathBuf]) {
        held(&self.books).retain(|path, _| paths.contains(path));
    }

    pub fn book(&self, path: &Path) -> Read {
        let read = held(&self.books).get(path).map(|(_, read)| read.clone());
        read.unwrap_or_else(|| Err(Refusal::new(Code::NoSuchFile).with("path", path.display())))
    }
}

fn stand(path: &Path) -> Stand {
    let meta = std::fs::metadata(path).ok()?;
    Some((meta.modified().ok()?, meta.len()))
}

#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ReadTables {
    pub paths: Vec<String>,
}

/// Reads what has not been read yet. A book that cannot be read is no end of the others; it is told where the columns
/// are looked at.
pub fn read(desk: &Desk, ask: ReadTables) -> Result<JobNo> {
    let paths: Vec<PathBuf> = ask.paths.into_iter().map(PathBuf::from).collect();
    Ok(desk.begin(move |desk, job| read_all(desk, job, &paths)))
}

fn read_all(desk: &Desk, job: &Job, paths: &[PathBuf]) -> Result<()> {
    desk.tray().keep_only(paths);
    for (n, path) in paths.iter().enumerate() {
        job.at("reading", n as u32, paths.len() as u32)?;
        if desk.tray().is_fresh(path) {
            continue;
        }
        let read = match child::read(&desk.place().program, path, &|| job.is_stopped()) {
            Ok(Some(book)) => Ok(Arc::new(book)),
            Ok(None) => return Err(Refusal::new(Code::Stopped).into()),
            Err(unreadable) => Err(unreadable.into()),
        };
        desk.tray().put(path.clone(), read);
    }
    job.at("reading", paths.len() as u32, paths.len() as u32)
}

/// The chosen books with what was typed over them, understood as the person has said.
pub(super) struct Opened {
    /// Where each book lies, by the name that its findings go by.
    pub places: BTreeMap<String, String>,
    pub books: Vec<Book>,
    pub parsed: Vec<Parsed>,
    /// Books that are not taken in, and why.
    pub left_out: Vec<Problem>,
}

pub(super) fn open(desk: &Desk, files: &[ChosenTable]) -> Opened {
    let mut opened = Opened { places: BTreeMap::new(), books: Vec::new(), parsed: Vec::new(), left_out: Vec::new() };
    for file in files.iter().filter(|file| !is_left_out(&file.sheets)) {
        if let Err(refusal) = opened.take(desk, file) {
            opened.left_out.push(refusal.into());
        }
    }
    opened
}

/// Every sheet that was spoken of was put aside by the person.
fn is_left_out(Mapping(sheets): &Mapping) -> bool {
    !sheets.is_empty() && sheets.values().all(|said| said.kind.is_none())
}

impl Opened {
    fn take(&mut self, desk: &Desk, file: &ChosenTable) -> Result<(), Refusal> {
        let book = desk.tray().book(Path::new(&file.path))?;
        let mut book = Book::clone(&book).retyped(&file.cells);
        book.name = self.free_name(&book.name);
        let parsed = understand_with(&book, &file.sheets)?;
        self.places.insert(book.name.clone(), file.path.clone());
        self.books.push(book);
        self.parsed.push(parsed);
        Ok(())
    }

    /// Two files of one name from two folders are two books.
    fn free_name(&self, name: &str) -> String {
        let numbered = (2..).map(|n| format!("{name}（{n}）"));
        let mut names = std::iter::once(name.to_owned()).chain(numbered);
        names.find(|name| !self.places.contains_key(name)).unwrap_or_default()
    }
}
