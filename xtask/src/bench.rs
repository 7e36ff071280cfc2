//! `cargo xtask bench` — the measurements, in the build that is shipped.

use crate::step::{Done, cargo, step};

pub fn run(args: &[String]) -> Done {
    let mut bench = cargo();
    bench.args(["run", "--release", "--package", "lianhu-tests", "--bin", "bench", "--"]).args(args);
    step("bench", &mut bench)
}
