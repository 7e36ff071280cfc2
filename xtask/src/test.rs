//! `cargo xtask test` — every check of the house, in the order in which they are quick to fail.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::fuzz;
use crate::need;
use crate::oracle::Oracle;
use crate::screen::Screen;
use crate::step::{Done, cargo, ended_within, step, steps};
use crate::tool::DENY;
use crate::ui;
use crate::window::{Programs, counted, pictures, tests};

/// A network that swallows packets must not hold the checks up.
const PATIENCE: Duration = Duration::from_secs(30);

pub fn run() -> Done {
    let begun = Instant::now();
    need::install(need::For::Check)?;
    let oracle = Oracle::ready()?;
    ui::install()?;
    step("fmt", cargo().args(["fmt", "--all", "--check"]))?;
    ui::script("check")?;
    ui::script("lint")?;
    ui::build()?;
    step("clippy", cargo().args(["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"]))?;
    fuzz::check()?;
    licences()?;
    let programs = Programs::build(&["--lib", "--tests"])?;
    let pictures = pictures("test")?;
    in_the_window(&oracle, &programs, &pictures)?;
    in_the_browser(&programs, &pictures)?;
    let seconds = begun.elapsed().as_secs_f32();
    println!(
        "\n✓ everything holds: {} steps, {seconds:.0} s; {} lie in {}",
        steps(),
        counted(&pictures)?,
        pictures.display()
    );
    Ok(())
}

/// All tests of ours in Rust; those of the window open it on a screen of their own.
fn in_the_window(oracle: &Oracle, programs: &Programs, pictures: &Path) -> Done {
    let screen = Screen::open()?;
    let mut run = tests(&[]);
    oracle.lend(&mut run);
    programs.lend(&mut run, pictures);
    screen.lend(&mut run);
    step("tests", &mut run)
}

/// The same pages in Debian's browser, over the second host.
fn in_the_browser(programs: &Programs, pictures: &Path) -> Done {
    let folder = ui::ui().join("tests");
    let inside = std::fs::read_dir(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let names = inside.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let mut files: Vec<String> = names.filter(|name| name.contains(".test.")).collect();
    files.sort();
    let mut run = Command::new("node");
    // What failed is said again at the end, where it is looked for.
    run.current_dir(folder).args(["--test", "--test-reporter=spec"]).args(files);
    programs.lend(&mut run, pictures);
    step("tests in the browser", &mut run)
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
    let ended = ended_within(limit, &mut child);
    if ended.is_none() {
        let _ = child.kill();
        let _ = child.wait();
    }
    ended.is_some_and(|ended| ended.success())
}
