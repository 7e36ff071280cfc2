//! 局域网互传 — two laptops of one village in one room, without township and without stick: one opens its door when it is
//! asked to, the other calls out and is told where. What goes over is the same package as on a stick, sealed to whom it
//! is meant for, over TLS with the certificate that the roster's key has signed for.
//!
//! Nobody is called on his own; a computer that opens no door is not heard of. Who is not of the village learns nothing:
//! a question names the village by a hash with chance in it.

mod announce;
mod door;
mod visit;

pub use announce::{Here, PORT};
pub use door::{Door, Guest};
pub use visit::{find, visit};

/// Where a visitor leaves its package and is given one.
pub const PACKAGE_PATH: &str = "/v1/package";
