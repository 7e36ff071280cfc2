//! `cargo xtask fuzz` — each reader of foreign bytes under libFuzzer for a while.

use crate::step::{Done, cargo, step, target};
use crate::tool::FUZZ;

/// Each target, and how long an input of it is at most: what is longer teaches nothing more, slowly.
const TARGETS: &[(&str, u32)] = &[("apply", 1200), ("exchange", 4000), ("import", 9000)];

/// A case of `apply` makes two ledgers: in memory that is ten times as many a second.
const MEMORY: &str = "/dev/shm";

/// Whether they still fit what they throw at: they are a workspace of their own, which no other check looks into.
pub fn check() -> Done {
    let mut check = cargo();
    check.args(["check", "--quiet", "--locked", "--manifest-path", "fuzz/Cargo.toml", "--target-dir"]);
    step("fuzz targets", check.arg(target().join("fuzz-check")))
}

pub fn run(args: &[String]) -> Done {
    let seconds: u32 = match args.first() {
        Some(text) => text.parse().map_err(|_| format!("{text} is no number of seconds"))?,
        None => 60,
    };
    for (name, longest) in TARGETS {
        let mut fuzz = FUZZ.ready()?;
        // Coverage counters are an unstable flag of the compiler; the stable one takes it when told so, and the
        // sanitizer, which needs a standard library of its own, is left out.
        fuzz.env("RUSTC_BOOTSTRAP", "1").env_remove("CARGO_TARGET_DIR");
        fuzz.args(["run", "--sanitizer", "none", "--target-dir"]).arg(target().join("fuzz")).args([name, "--"]);
        fuzz.arg(format!("-max_total_time={seconds}")).args(["-timeout=10", "-rss_limit_mb=1024", "-len_control=0"]);
        fuzz.arg(format!("-max_len={longest}"));
        if std::path::Path::new(MEMORY).is_dir() {
            fuzz.env("TMPDIR", MEMORY);
        }
        step(&format!("fuzz {name} for {seconds} s"), &mut fuzz)?;
    }
    Ok(())
}
