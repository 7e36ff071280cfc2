//! 借台账 — whoever speaks with the township has the ledger for one short step at a time and gives it back while the line
//! is slow: a window goes on saving meanwhile.

use std::borrow::BorrowMut;

use lianhu_ledger::{Ledger, Touched};

use crate::ledger_shelf::LedgerShelf;
use crate::trouble::{Failed, Trouble};

/// One who lends a ledger. A program that does nothing else meanwhile hands it over as it is.
pub trait Lends {
    /// Lends it for one step.
    fn lend<T>(&mut self, step: impl FnOnce(&mut Ledger) -> Result<T, Failed>) -> Result<T, Failed>;

    /// Hears what a step has changed.
    fn touched(&mut self, touched: Touched) {
        let _ = touched;
    }
}

impl Lends for Ledger {
    fn lend<T>(&mut self, step: impl FnOnce(&mut Ledger) -> Result<T, Failed>) -> Result<T, Failed> {
        step(self)
    }
}

impl<L: BorrowMut<Ledger>> Lends for LedgerShelf<L> {
    fn lend<T>(&mut self, step: impl FnOnce(&mut Ledger) -> Result<T, Failed>) -> Result<T, Failed> {
        step(self.ledger_mut())
    }

    fn touched(&mut self, touched: Touched) {
        self.touched.records.extend(touched.records);
        self.touched.applied += touched.applied;
    }
}

/// One step on the shelf of whoever lends. What it has changed is told even when it failed behind that.
pub(crate) fn on_shelf<H: Lends, T>(
    hand: &mut H,
    step: impl FnOnce(&mut LedgerShelf<&mut Ledger>) -> Result<T, Failed>,
) -> Result<T, Failed> {
    let (stepped, touched) = hand.lend(|ledger| {
        let mut shelf = LedgerShelf::of(ledger)?.ok_or(Trouble::NotEnrolled)?;
        let stepped = step(&mut shelf);
        Ok((stepped, std::mem::take(&mut shelf.touched)))
    })?;
    hand.touched(touched);
    stepped
}
