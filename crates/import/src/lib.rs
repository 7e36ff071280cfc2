//! 导入 — a clerk's workbook becomes a plan of changes, and never more than a plan.
//!
//! Five steps, each a pure function over plain data, so that each can be looked at by itself:
//!
//! 1. [`read_file`] / [`read_bytes`]: whatever the clerk hands over → a [`grid::Book`] of cells, or one clear refusal.
//!    This is the only step that touches hostile bytes; it may run in a child process and hand its `Book` over as JSON.
//! 2. [`understand`]: cells → rows of the seven ledgers (七本台账), every odd cell repaired or doubted.
//! 3. [`plan::plan`]: rows + what stands in the ledger → the patches that would change it.
//! 4. [`run`]: the plan written as one batch, which one undo takes back.
//! 5. [`doubts`]: what a person has to look at, as JSON and as a marked copy of the workbook.
//!
//! Nothing is guessed and nothing is dropped in silence: a cell is either repaired in a way that has one reading,
//! or kept as it was typed and listed.

pub mod blank;
pub mod book;
pub mod child;
pub mod clean;
pub mod doubts;
pub mod finding;
pub mod grid;
pub mod layout;
pub mod plan;
pub mod run;
pub mod sniff;
pub mod today;
pub mod unreadable;

pub use book::{Parsed, Section, understand, understand_with};
pub use finding::{Did, Done, Finding, Grade, Told, What};
pub use grid::{Book, Cell, Retyped, Sheet, read_bytes, read_file};
pub use layout::{Field, Kind, Mapping, SheetMapping};
pub use plan::{Fields, Ids, Patch, Plan, Standing, plan};
pub use run::{Imported, Manner, import};
pub use unreadable::{Code, Unreadable};
