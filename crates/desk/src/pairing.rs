//! 结对覆盖 — who looks after whom, and who has nobody: by group and person, with the day it is told of. People stand in
//! the order of the pairing ledger and are never ranked. A change of hands ends one pairing and begins another; an
//! evening's changes are one step.

mod assign;
mod cover;
mod helper;
mod obliged;
#[cfg(test)]
mod stories;

pub use assign::{AssignPairings, Reassign, Reassigned, assign, reassign};
pub use cover::{
    CoverCell, CoverGroup, CoverHelper, FreeHousehold, FreeHouseholds, Load, LookForFree, PairingCover, WhichBond,
    cover, free,
};
pub use helper::{HelperLine, HelperLook, WhichHelper, look};
pub(crate) use obliged::obliged;
