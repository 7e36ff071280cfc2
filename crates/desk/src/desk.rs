//! The desk itself: the folder of this computer's user, the ledger that is open on it, and who sits at it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, Weak};

use lianhu_ledger::dates::Date;
use lianhu_ledger::records::Village;
use lianhu_ledger::{Code, Draft, Edge, Ledger, Refusal, Saved};
use serde::Serialize;
use ts_rs::TS;

use crate::exchange::{Exchanges, Room, room};
use crate::files;
use crate::home::Told;
use crate::import::Tray;
use crate::jobs::Jobs;
use crate::machine::Machine;
use crate::preview::Previews;
use crate::problem::Result;
use crate::search::Finder;
use crate::settings::Settings;

/// Where a desk stands.
#[derive(Clone, Debug)]
pub struct Place {
    /// Settings, drafts, and the ledgers made here.
    pub dir: PathBuf,
    /// Where papers are put unless the clerk has chosen another folder.
    pub papers: PathBuf,
    pub machine: Machine,
    /// The program that reads workbooks in a child: ourselves.
    pub program: PathBuf,
    /// Where a clerk's tables usually lie: desktop, downloads, documents.
    pub looks: Vec<PathBuf>,
    /// Where computers in one room find each other.
    pub room: Room,
}

/// One computer's desk. Cheap to clone; all clones are the same desk.
#[derive(Clone)]
pub struct Desk(Arc<Inner>);

pub(crate) struct Inner {
    place: Place,
    ledger: Mutex<Option<Ledger>>,
    settings: Mutex<Settings>,
    finder: Mutex<Option<Arc<Finder>>>,
    jobs: Jobs,
    tray: Tray,
    previews: Previews,
    home: Mutex<Option<Told>>,
    exchanges: Arc<Exchanges>,
    /// Held while the program runs: a second one on the same folder would write the same drafts.
    _lock: std::fs::File,
}

/// What came of a command that writes.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct Done<T> {
    pub value: T,
    /// The step that was written, as `undo` takes it; none when nothing differed.
    pub batch: Option<String>,
    /// Kinds of record that changed.
    #[ts(type = "Kind[]")]
    pub touched: BTreeSet<&'static str>,
}

impl<T> Done<T> {
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Done<U> {
        Done { value: f(self.value), batch: self.batch, touched: self.touched }
    }
}

impl<T> From<Saved<T>> for Done<T> {
    fn from(saved: Saved<T>) -> Done<T> {
        Done {
            value: saved.value,
            batch: saved.batch.map(|batch| batch.to_string()),
            touched: saved.touched.records.into_iter().map(|(kind, _)| kind).collect(),
        }
    }
}

impl Desk {
    /// Sets the desk up, and opens the ledger that was open on it last.
    pub fn open(place: Place) -> Result<Desk> {
        let lock = files::lock(&place.dir)?;
        files::clear_unfinished(&place.dir);
        let settings = Settings::read(&place.dir);
        let desk = Desk(Arc::new(Inner {
            settings: Mutex::new(settings.clone()),
            ledger: Mutex::new(None),
            finder: Mutex::new(None),
            jobs: Jobs::default(),
            tray: Tray::default(),
            previews: Previews::default(),
            home: Mutex::new(None),
            exchanges: Arc::default(),
            place,
            _lock: lock,
        }));
        if let Some(path) = settings.ledger {
            // A ledger that does not open is said on the start page, where another can be chosen.
            if let Err(error) = desk.open_ledger(&desk.place().dir.join(path)) {
                tracing::warn!(code = error.code().map(Code::name), "the last ledger did not open");
            }
        }
        Ok(desk)
    }

    pub fn place(&self) -> &Place {
        &self.0.place
    }

    /// Where papers are put.
    pub fn papers(&self) -> PathBuf {
        self.settings().papers.map_or_else(|| self.0.place.papers.clone(), PathBuf::from)
    }

    pub fn machine(&self) -> Machine {
        self.0.place.machine
    }

    pub fn today(&self) -> Date {
        self.machine().today()
    }

    pub fn jobs(&self) -> &Jobs {
        &self.0.jobs
    }

    pub(crate) fn previews(&self) -> &Previews {
        &self.0.previews
    }

    /// The first page as it was told last.
    pub(crate) fn home(&self) -> &Mutex<Option<Told>> {
        &self.0.home
    }

    pub(crate) fn exchange(&self) -> &Exchanges {
        &self.0.exchanges
    }

    pub(crate) fn exchanges(&self) -> Arc<Exchanges> {
        self.0.exchanges.clone()
    }

    pub(crate) fn ledger(&self) -> &Mutex<Option<Ledger>> {
        &self.0.ledger
    }

    /// For whoever works beside the desk and ends with it.
    pub(crate) fn weak(&self) -> Weak<Inner> {
        Arc::downgrade(&self.0)
    }

    pub(crate) fn of_weak(desk: &Weak<Inner>) -> Option<Desk> {
        desk.upgrade().map(Desk)
    }

    pub(crate) fn tray(&self) -> &Tray {
        &self.0.tray
    }

    pub fn settings(&self) -> Settings {
        held(&self.0.settings).clone()
    }

    /// Changes a setting and keeps it.
    pub fn set(&self, change: impl FnOnce(&mut Settings)) -> Result<Settings> {
        let mut settings = held(&self.0.settings);
        change(&mut settings);
        settings.write(&self.0.place.dir)?;
        Ok(settings.clone())
    }

    pub fn open_ledger(&self, path: &Path) -> Result<()> {
        let ledger = Ledger::open(path, None, Box::new(self.machine()))?;
        self.put_on_the_desk(ledger)
    }

    pub(crate) fn put_on_the_desk(&self, ledger: Ledger) -> Result<()> {
        let path = ledger.path().to_owned();
        room::leave(self);
        *held(&self.0.ledger) = Some(ledger);
        self.forget_names();
        self.exchange().wake();
        // One that lies in the folder is named within it: the folder may be moved or copied as a whole.
        let named = path.strip_prefix(&self.place().dir).map(Path::to_owned).unwrap_or(path);
        self.set(|settings| settings.ledger = Some(named)).map(|_| ())
    }

    /// Closes the ledger, hands its file to `work`, and opens what lies there afterwards.
    pub(crate) fn with_ledger_closed<T>(&self, work: impl FnOnce(&Path) -> Result<T>) -> Result<T> {
        room::leave(self);
        let mut held = held(&self.0.ledger);
        let path = held.as_ref().map(|ledger| ledger.path().to_owned()).ok_or_else(no_ledger)?;
        *held = None;
        let worked = work(&path);
        *held = Some(Ledger::open(&path, None, Box::new(self.machine()))?);
        self.forget_names();
        worked
    }

    pub fn is_open(&self) -> bool {
        held(&self.0.ledger).is_some()
    }

    /// Asks the ledger.
    pub fn read<T>(&self, ask: impl FnOnce(&Ledger) -> Result<T>) -> Result<T> {
        ask(held(&self.0.ledger).as_ref().ok_or_else(no_ledger)?)
    }

    /// Writes one action of whoever sits here.
    pub fn edit<T>(&self, op: &str, action: impl FnOnce(&mut Draft<'_>) -> Result<T>) -> Result<Done<T>> {
        self.write(|ledger, author| ledger.edit(op, author, action))
    }

    /// As `edit`; facts of closed months may be changed, for this reason.
    pub fn correct<T>(
        &self,
        op: &str,
        reason: Option<&str>,
        action: impl FnOnce(&mut Draft<'_>) -> Result<T>,
    ) -> Result<Done<T>> {
        self.edit(op, |draft| {
            if let Some(reason) = reason {
                draft.correct(reason)?;
            }
            action(draft)
        })
    }

    /// Any of the ledger's own ways to write.
    pub fn write<T>(&self, work: impl FnOnce(&mut Ledger, &str) -> Result<Saved<T>>) -> Result<Done<T>> {
        let mut held = held(&self.0.ledger);
        let ledger = held.as_mut().ok_or_else(no_ledger)?;
        let author = self.author_of(ledger)?;
        let done = Done::from(work(ledger, &author)?);
        if ["person", "household", "group", "pairing"].iter().any(|kind| done.touched.contains(*kind)) {
            self.forget_names();
        }
        if done.batch.is_some() {
            self.exchange().saved();
        }
        Ok(done)
    }

    /// Who does what is done here: the person who said so, else the clerk of the ledger.
    pub fn author(&self) -> Result<String> {
        self.read(|ledger| self.author_of(ledger))
    }

    fn author_of(&self, ledger: &Ledger) -> Result<String> {
        if let Some(user) = self.settings().user {
            return Ok(user);
        }
        let village = ledger.view().all::<Village>()?.into_iter().next();
        Ok(village.and_then(|v| v.clerk).unwrap_or_default())
    }

    /// The names of the village, ready to be searched.
    pub fn finder(&self) -> Result<Arc<Finder>> {
        if let Some(finder) = held(&self.0.finder).clone() {
            return Ok(finder);
        }
        let finder = Arc::new(self.read(|ledger| Finder::of(ledger.view()))?);
        *held(&self.0.finder) = Some(finder.clone());
        Ok(finder)
    }

    pub(crate) fn forget_names(&self) {
        *held(&self.0.finder) = None;
    }
}

pub(crate) fn no_ledger() -> Refusal {
    Refusal::new(Code::NoLedger).with("path", "—")
}

/// A command that panicked while it held this rolled its transaction back; what it guards is whole.
pub(crate) fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
