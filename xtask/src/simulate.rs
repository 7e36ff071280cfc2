//! `cargo xtask simulate` — the exchange in a world that is against it, for a hundred thousand device-years.

use crate::step::{Done, cargo, step};

/// So many villages live a hundred thousand device-years: 5.45 each in its year, counted over 13,000 of them.
const SEEDS: &str = "18500";

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
