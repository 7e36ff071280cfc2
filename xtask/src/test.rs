//! `cargo xtask test` — every check of the house, in the order in which they are quick to fail.

use std::process::Command;
use std::time::{Duration, Instant};

use crate::need;
use crate::oracle::Oracle;
use crate::step::{Done, cargo, step, works};
use crate::tool::DENY;

/// A network that swallows packets must not hold the checks up.
const PATIENCE: Duration = Duration::from_secs(30);

pub fn run() -> Done {
    let begun = Instant::now();
    need::install()?;
    let oracle = Oracle::ready()?;
    step("fmt", cargo().args(["fmt", "--all", "--check"]))?;
    step("clippy", cargo().args(["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"]))?;
    licences()?;
    tests(&oracle)?;
    println!("\n✓ everything holds ({:.0} s)", begun.elapsed().as_secs_f32());
    Ok(())
}

/// One process a test where cargo-nextest is on the machine, cargo's own runner where it is not.
fn tests(oracle: &Oracle) -> Done {
    let mut run = cargo();
    match works(cargo().args(["nextest", "--version"])) {
        true => run.args(["nextest", "run", "--workspace", "--no-fail-fast", "--status-level", "slow"]),
        false => run.args(["test", "--workspace", "--no-fail-fast"]),
    };
    oracle.lend(&mut run);
    step("tests", &mut run)
}

fn licences() -> Done {
    step("deny: licences, bans, sources", DENY.ready()?.args(["check", "licenses", "bans", "sources"]))?;
    if !ends_well_within(PATIENCE, DENY.ready()?.args(["fetch", "db"])) {
        println!("── deny: advisories skipped, their database cannot be fetched from here");
        return Ok(());
    }
    step("deny: advisories", DENY.ready()?.args(["check", "--disable-fetch", "advisories"]))
}

fn ends_well_within(limit: Duration, command: &mut Command) -> bool {
    let quiet = std::process::Stdio::null;
    let Ok(mut child) = command.stdout(quiet()).stderr(quiet()).spawn() else { return false };
    let begun = Instant::now();
    while begun.elapsed() < limit {
        match child.try_wait() {
            Ok(Some(ended)) => return ended.success(),
            Ok(None) => std::thread::sleep(Duration::from_millis(100)),
            Err(_) => break,
        }
    }
    let _ = child.kill();
    let _ = child.wait();
    false
}
