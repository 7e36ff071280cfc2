//! `cargo xtask bench` — the measurements, in the build that is shipped.

use crate::need;
use crate::step::{Done, cargo, step};

pub fn run(args: &[String]) -> Done {
    need::install_to_build()?;
    let mut bench = cargo();
    bench.args(["run", "--release", "--package", "lianhu-tests", "--bin", "bench", "--"]).args(args);
    step("bench", &mut bench)
}
