//! 联网 — the laptop's way to its township: one line, one conversation, made of the same plan as everything else.
//!
//! [`Line`] carries bytes over TLS and trusts one certificate. [`Talk`] asks and hears and touches no network, so that a
//! window need hold its ledger only between two messages. [`converse`] does both until nothing is open.

mod back_off;
mod consent;
mod converse;
mod enrol;
mod join;
mod lends;
mod line;
mod pictures;
mod talk;
mod witness;

pub use back_off::back_off;
pub use consent::consent;
pub use converse::{Outcome, Progress, World, converse};
pub use enrol::{Entered, enrol};
pub use join::{Joined, join, joining};
pub use lends::Lends;
pub(crate) use lends::on_shelf;
pub use line::Line;
pub use pictures::{Letter, folder_of, send_and_fetch};
pub use talk::Talk;
pub use witness::Found;

pub use crate::belonging::{Belonging, HeldStep, LastTrouble, belonging, set_pictures};
pub use crate::trouble::{Failed, Trouble};
