//! The simulator of the exchange, and the dice that all our tests throw. It leans on ledger and sync alone, so that it
//! is built in a minute.

pub mod dice;
pub mod sim;
pub mod work;
