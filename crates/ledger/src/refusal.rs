//! What can go wrong, split by who can act: a [`Refusal`] is for the clerk, a [`Fault`] is for us.
//!
//! Codes exist only where someone acts on them; their sentences live in the catalogue (`assets/text`), and a
//! code without a sentence in both languages fails a test.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

use crate::dates::Date;

/// The clerk can do something about it: a code and what the sentence needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refusal {
    pub code: Code,
    pub details: BTreeMap<&'static str, String>,
}

/// Declares the codes once: the enum, its list and its names.
macro_rules! codes {
    ($($(#[doc = $doc:literal])* $code:ident = $name:literal),* $(,)?) => {
        /// Why the ledger said no. The name is stable: scripts and the window match on it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        pub enum Code { $($(#[doc = $doc])* #[serde(rename = $name)] $code),* }
        impl Code {
            pub const ALL: &'static [Code] = &[$(Code::$code),*];
            pub fn name(self) -> &'static str { match self { $(Code::$code => $name),* } }
        }
    };
}

codes! {
    /// The path holds no ledger.
    NoLedger = "no_ledger",
    /// There is already a file where a new ledger was to be made.
    FileExists = "file_exists",
    /// The file is not a ledger, or the key does not open it.
    NotALedger = "not_a_ledger",
    /// Written by a newer release: it can be read, not written.
    NewerRelease = "newer_release",
    /// Another window or command is writing and did not finish in time.
    Busy = "busy",
    /// The folder or disk cannot be written.
    ReadOnly = "read_only",
    /// The disk is full.
    DiskFull = "disk_full",
    KeyUnusable = "key_unusable",
    UnknownKind = "unknown_kind",
    UnknownField = "unknown_field",
    /// A value that its field cannot take.
    Unfit = "unfit",
    Missing = "missing",
    NoSuchRecord = "no_such_record",
    /// The record a field points at does not exist or was voided.
    NoSuchTarget = "no_such_target",
    NothingToDo = "nothing_to_do",
    /// The fact belongs to a closed month; a correction with a reason is offered.
    MonthClosed = "month_closed",
    AlreadyClosed = "already_closed",
    ReasonMissing = "reason_missing",
    FutureDate = "future_date",
    DatesReversed = "dates_reversed",
    TallyDoesNotAdd = "tally_does_not_add",
    StarsDoNotAdd = "stars_do_not_add",
    /// A step that cannot be passed yet, whatever the reason.
    StepBarred = "step_barred",
    /// A step that can be passed only with a reason.
    StepIncomplete = "step_incomplete",
    /// A step cannot be opened again while a later one is passed.
    LaterStepPassed = "later_step_passed",
    /// More points are to be spent than there are.
    PointsShort = "points_short",
    /// Fewer rated than the rules ask for.
    FewRaters = "few_raters",
    CountsReversed = "counts_reversed",
    /// A unit that would stand under itself.
    InItself = "in_itself",
    /// A body that passes no resolution.
    DecidesNothing = "decides_nothing",
    /// More found excellent than is usual, without a reason.
    TooManyExcellent = "too_many_excellent",
    Duplicate = "duplicate",
    BadResidentId = "bad_resident_id",
    NoSuchBatch = "no_such_batch",
    ChangedSince = "changed_since",
    /// 作废 is for what was entered by mistake; this has visits or ratings behind it.
    HasPast = "has_past",
    /// What two computers wrote has been written over since the question was read.
    QuestionMoved = "question_moved",
    /// A batch of another village, or one that no release could have written.
    ForeignBatch = "foreign_batch",
    MalformedBatch = "malformed_batch",
    /// The same device and number with other content: a copied disk.
    Fork = "fork",
    SealedRecord = "sealed_record",
    NoReason = "no_reason",
    /// Only the township writes it.
    TownshipsOwn = "townships_own",
    /// A month is opened again only when its report came back.
    NotReturned = "not_returned",
    /// A report is taken back only while it stands and nobody has answered it.
    NotClosed = "not_closed",
    AlreadyAnswered = "already_answered",
    /// A village without township hands nothing in: what it closes stays closed.
    NoTownship = "no_township",
    TooMuchText = "too_much_text",
    /// A form that was open while its record was changed elsewhere.
    ChangedMeanwhile = "changed_meanwhile",
    /// A question that no screen of ours asks.
    MalformedAsk = "malformed_ask",
    /// A paper or a copy cannot be put where it was to go.
    TargetUnwritable = "target_unwritable",
    /// The clerk stopped the work.
    Stopped = "stopped",
    /// More than this computer's role may write.
    BeyondRole = "beyond_role",
    /// This computer is struck off the roster: its ledger is for reading.
    Revoked = "revoked",
    /// A file or folder that is not there, or is none of ours to show.
    NoSuchFile = "no_such_file",
    NoSuchJob = "no_such_job",
    /// The name that was to be typed is another one.
    NameDiffers = "name_differs",
    /// A file that is no picture, or one too large to be opened.
    BadPicture = "bad_picture",
    /// A workbook that cannot be taken in; `why` says which way.
    WorkbookUnreadable = "workbook_unreadable",
}

/// Nothing ends before it begins; what is not known is in order.
pub(crate) fn in_order(from: Option<Date>, until: Option<Date>) -> Result<()> {
    match from.zip(until).filter(|(from, until)| from > until) {
        Some((from, until)) => Err(Refusal::new(Code::DatesReversed).with("from", from).with("until", until).into()),
        None => Ok(()),
    }
}

impl Refusal {
    pub fn new(code: Code) -> Refusal {
        Refusal { code, details: BTreeMap::new() }
    }

    #[must_use]
    pub fn with(mut self, key: &'static str, value: impl fmt::Display) -> Refusal {
        self.details.insert(key, value.to_string());
        self
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&crate::text::refusal(self, crate::text::Lang::ZhCn))
    }
}

/// Not the clerk's doing: what failed, where, and why.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    #[error("the store failed while {doing}: {source}")]
    Store { doing: &'static str, source: rusqlite::Error },
    #[error("table {table}, record {record}, column {column} holds something no release wrote there")]
    Corrupt { table: String, record: String, column: String },
    #[error("the log is damaged at {at}: {what}")]
    Log { at: String, what: String },
    #[error("{path}: {source}")]
    Io { path: String, source: std::io::Error },
    #[error("the shipped table {name} is unusable: {what}")]
    Asset { name: &'static str, what: String },
}

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("{0}")]
    Refusal(Refusal),
    #[error(transparent)]
    Fault(#[from] Fault),
}

pub type Result<T, E = Error> = std::result::Result<T, E>;

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Error {
        Error::Refusal(refusal)
    }
}

impl From<crate::rules::RuleProblem> for Error {
    fn from(problem: crate::rules::RuleProblem) -> Error {
        Fault::Asset { name: "rules.json", what: problem.to_string() }.into()
    }
}

impl Error {
    pub fn code(&self) -> Option<Code> {
        match self {
            Error::Refusal(refusal) => Some(refusal.code),
            Error::Fault(_) => None,
        }
    }
}

/// Names what was being done when the store failed; what a clerk can act on becomes a refusal here, once.
pub(crate) trait Doing<T> {
    fn doing(self, doing: &'static str) -> Result<T>;
}

impl<T> Doing<T> for rusqlite::Result<T> {
    fn doing(self, doing: &'static str) -> Result<T> {
        use rusqlite::ErrorCode as Sqlite;
        self.map_err(|source| match source.sqlite_error_code() {
            Some(Sqlite::DatabaseBusy | Sqlite::DatabaseLocked) => Refusal::new(Code::Busy).into(),
            Some(Sqlite::DiskFull) => Refusal::new(Code::DiskFull).into(),
            Some(Sqlite::ReadOnly | Sqlite::PermissionDenied | Sqlite::CannotOpen) => {
                Refusal::new(Code::ReadOnly).with("doing", doing).into()
            }
            Some(Sqlite::NotADatabase) => Refusal::new(Code::NotALedger).into(),
            _ => Fault::Store { doing, source }.into(),
        })
    }
}
