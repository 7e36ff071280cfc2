//! The village's ledger: records, their rules, the change log, and the one function that writes.
//!
//! **The change log is the truth; tables are a view of it; [`Ledger::apply`] is the only function that writes either.**

mod apply;
mod backup;
mod cells;
mod clock;
mod close;
pub mod codes;
pub mod dates;
mod devices;
mod disk;
mod draft;
mod dump;
mod edge;
mod exchange;
mod findings;
mod fold;
mod history;
mod joining;
mod ledger;
mod log;
mod logged;
mod outbox;
mod permit;
pub mod procedure;
mod query;
pub mod record;
pub mod records;
mod refusal;
pub mod resident_id;
pub mod rules;
mod schema;
pub mod search;
pub mod text;
mod turnout;
mod value;
mod verify;

pub use apply::{Origin, Touched};
pub use backup::Copied;
pub use clock::{Healed, SKEW_CAP_MS, Stamp};
pub use close::Closing;
pub use draft::{Draft, Fields, Saved, admits, means_the_same};
pub use edge::{Edge, FixedEdge, china_day, only_one};
pub use exchange::Exchange;
pub use fold::{Folded, Write, fold};
pub use history::{Entry, EntryChange, Overtaken, Undone};
pub use ledger::{Founding, Key, Ledger, State};
pub use log::{Batch, BatchRef, Body, CellChange, Chain, Change, Hash, Head};
pub use outbox::{Outbox, Sent, Waiting};
pub use permit::Permit;
pub use query::View;
pub use record::{Cell, Coded, Finding, Frozen, Gone, Life, Record};
pub use refusal::{Code, Error, Fault, Refusal, Result};
pub use value::{Shape, Value};
pub use verify::Verified;
