//! 往来 — what this computer exchanges with its township and with others: whether the work is safe, the conversation and
//! the stick, joining a township, and what two computers changed in the same place.

mod connection;
pub mod enter;
pub mod invite;
mod news;
mod pace;
pub mod people;
pub mod room;
pub mod safe;
pub mod sent;
pub mod settling;
pub mod stick;
pub mod talk;
mod unasked;

#[cfg(test)]
mod tests;

pub(crate) use news::Exchanges;
pub use news::{ExchangeNews, SeenNews, news};
pub use room::Room;
pub use unasked::begin;
