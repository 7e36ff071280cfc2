//! 乡镇端 — the township's server: it keeps what the villages send, gives receipts, and reads it back as ledgers.
//!
//! [`store`] keeps opaque batches, [`shelf`] shows one village of it to the plan of `lianhu_sync`, [`town`] is what the
//! township does for its villages, [`doors`] are the ways in from the network, [`program`] those from the command line.
//! [`reading`] replays villages into ledgers, and [`web`] is the page that shows what they say.

pub mod backup;
pub mod counts;
pub mod doors;
pub mod failure;
mod files;
mod handles;
pub mod limits;
pub mod machine;
pub mod porter;
pub mod program;
pub mod reading;
pub mod serve;
pub mod server;
pub mod shelf;
pub mod stick;
pub mod store;
pub mod town;
pub mod verify;
pub mod web;
