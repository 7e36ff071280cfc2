//! 同步 — how the computers of a village and its township come to hold the same log.
//!
//! The core is sans-IO: [`plan`] is given what came and what a [`Shelf`] holds, and answers with what to say and what
//! to commit. It has no clock, network, disk or chance of its own, so that the simulator runs the same lines as the
//! programs. Data and cursor move in one commit; every message may come twice, late or never.

pub mod attachment;
pub mod belonging;
#[cfg(feature = "client")]
pub mod client;
pub mod consent;
pub mod enrolment;
pub mod faults;
pub mod guard;
pub mod head;
pub mod invitation;
#[cfg(feature = "client")]
pub mod lan;
pub mod ledger_shelf;
pub mod package;
pub mod plan;
pub mod protocol;
pub mod receipt;
pub mod roles;
pub mod roster;
pub mod shelf;
pub mod stick;
pub mod suite;
pub mod sums;
pub mod trouble;

pub use belonging::{Belonging, belonging};
pub use faults::{Fault, Faults};
pub use head::{SignedHead, signed_head};
pub use ledger_shelf::LedgerShelf;
pub use protocol::{Answer, Ask, PROTOCOL, Parcel, Standing, Why};
pub use receipt::{Part, Receipt};
pub use roster::{May, Member, Root, Roster, Term};
pub use shelf::{Chain, Command, Commit, DeviceShelf, Head, Parked, Shelf, TownshipShelf};
pub use suite::{Ed25519, Ed25519Key, Signer, Suite};
pub use sums::{Block, Sum};
pub use trouble::{Failed, Trouble};
