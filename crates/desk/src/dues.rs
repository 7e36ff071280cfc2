//! 党费 — a year's grid by month as the screen shows it, payments and bases as they are typed, and the papers: receipts
//! and the yearly sheet. Sums of money stay here: the monthly report says heads alone.

mod base;
mod papers;
mod pay;
#[cfg(test)]
mod tests;
mod year;

pub use base::{ReliefTyped, SaveBase, save_base};
pub use papers::{DuesPaper, WhichDuesPaper, pages, print};
pub use pay::{Payment, SavePayments, VoidPayment, pay, void};
pub use year::{DuesAsked, DuesBaseLine, DuesCell, DuesRow, DuesYear, WhichDuesYear, year};
