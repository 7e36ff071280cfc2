//! 月报 — figures, papers and the three writers.

pub mod figures;
