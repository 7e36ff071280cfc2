//! `cargo xtask simulate` — the exchange in a world that is against it, for a hundred thousand device-years.

use crate::step::{Done, cargo, step};

/// So many villages live a hundred thousand device-years in one year each.
const SEEDS: &str = "18000";

pub fn run(args: &[String]) -> Done {
    let mut run = cargo();
    run.args(["run", "--release", "--package", "lianhu-simulator", "--bin", "simulate", "--"]);
    if args.is_empty() {
        run.arg(SEEDS)
    } else {
        run.args(args)
    };
    step("simulate", &mut run)
}
