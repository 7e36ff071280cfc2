//! 局域网互传 — two laptops of one village in one room, without township and without stick: one opens its door when it is
//! asked to, the other calls out and is told where. What goes over is the same package as on a stick, sealed to whom it
//! is meant for, over TLS with the certificate that the roster's key has signed for.
//!
//! Nobody is called on his own; a computer that opens no door is not heard of. Who is not of the village, or is struck off
//! its roster, learns nothing: a question names the village by a hash with chance in it, and a package of his gets none
//! back. The ledger is borrowed for short steps alone, never while a line is waited for.

mod announce;
mod door;
mod visit;

use std::borrow::BorrowMut;

use lianhu_ledger::{Ledger, Result};
use uuid::Uuid;

use crate::ledger_shelf::LedgerShelf;
use crate::shelf::Shelf;

pub use announce::{Here, PORT};
pub use door::{Came, Door, Guest, Knock, Leash};
pub use visit::{Met, find, visit};

/// Where a visitor leaves its package and is given one.
pub const PACKAGE_PATH: &str = "/v1/package";

/// Whose computer that is: as the roster has it, else whoever wrote on it last. The first computer of a village without
/// township stands in no roster.
fn whose<L: BorrowMut<Ledger>>(shelf: &LedgerShelf<L>, device: Uuid) -> Result<String> {
    if let Some(member) = shelf.roster()?.members.get(&device) {
        return Ok(member.who.clone());
    }
    let heads = shelf.heads()?;
    let newest = heads.iter().filter(|(chain, _)| chain.device == device).max_by_key(|(chain, _)| chain.incarnation);
    let Some((chain, head)) = newest else { return Ok(String::new()) };
    let last = shelf.batches(*chain, head.seq, head.seq)?;
    Ok(last.into_iter().next().map(|batch| batch.author).unwrap_or_default())
}
