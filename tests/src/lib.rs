//! What the tests of the whole house share: seeded dice, a village of several computers, a township of real programs
//! and the line to it, and an independent opinion of what a log says.

pub mod opinion;
pub mod postgres;
pub mod proxy;
pub mod town;
pub mod village;

pub use lianhu_simulator::dice;
