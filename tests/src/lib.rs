//! What the tests of the whole house share: seeded dice, a village of several computers, and an independent opinion of
//! what a log says.

pub mod opinion;
pub mod village;

pub use lianhu_simulator::dice;
