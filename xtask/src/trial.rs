//! The trial of a Debian package: installed, its window seen, closed as a person closes it, removed without a trace.

use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use crate::need;
use crate::screen::Screen;
use crate::step::{Done, ended_within, works};

const PACKAGE: &str = "lianhu";
const PROGRAM: &str = "/usr/bin/lianhu-desktop";

/// A slow disk and a first start together.
const PATIENCE: Duration = Duration::from_secs(60);

pub fn run(package: &Path) -> Done {
    need::install(need::For::Screen)?;
    if !need::is_debian() {
        return Err("only Debian's package can be tried by itself".into());
    }
    if need::is_installed(PACKAGE) {
        return Err(format!(
            "{PACKAGE} is installed here already, and trying would remove it: remove it yourself first"
        ));
    }
    need::install_packages(&[&package.to_string_lossy()])?;
    let files = files()?;
    let shown = show();
    need::purge_package(PACKAGE)?;
    shown?;
    let left: Vec<String> = files.iter().filter(|path| path.exists()).map(|path| path.display().to_string()).collect();
    if !left.is_empty() {
        return Err(format!("removed, and yet there are {}", left.join(", ")));
    }
    println!("\n✓ installed {} files, started, closed, removed: nothing is left", files.len());
    Ok(())
}

/// What the package brought; its folders belong to others too.
fn files() -> Done<Vec<PathBuf>> {
    let listed = Command::new("dpkg").args(["-L", PACKAGE]).output().map_err(|e| format!("dpkg: {e}"))?;
    let listed = String::from_utf8_lossy(&listed.stdout);
    let files: Vec<PathBuf> = listed.lines().map(PathBuf::from).filter(|path| path.is_file()).collect();
    if files.contains(&PathBuf::from(PROGRAM)) { Ok(files) } else { Err(format!("{PROGRAM} was not installed")) }
}

/// Starts what was installed as its icon does, for a person new to this computer, and closes its window when it is there.
fn show() -> Done {
    let home = std::env::temp_dir().join(format!("lianhu-trial-{}", std::process::id()));
    std::fs::create_dir_all(&home).map_err(|e| format!("{}: {e}", home.display()))?;
    let screen = Screen::open()?;
    let mut program = Command::new(PROGRAM);
    program.env("HOME", &home);
    ["XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"].iter().for_each(|name| _ = program.env_remove(name));
    screen.lend(&mut program);
    let mut running = program.spawn().map_err(|e| format!("{PROGRAM} does not start: {e}"))?;
    let done = seen(&screen, &mut running).and_then(|window| closed(&screen, &window, &mut running));
    let _ = running.kill();
    let _ = running.wait();
    let _ = std::fs::remove_dir_all(&home);
    done
}

/// The window as X names it, once it can be seen.
fn seen(screen: &Screen, running: &mut Child) -> Done<String> {
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        if let Some(ended) = ended_within(Duration::from_millis(200), running) {
            return Err(format!("{PROGRAM} ended by itself ({ended})"));
        }
        let found = xdotool(screen).args(["search", "--onlyvisible", "--name", "联户"]).output();
        let found = found.map_err(|e| format!("xdotool: {e}"))?;
        if let Some(window) = String::from_utf8_lossy(&found.stdout).lines().next() {
            println!("── the window is there after {:.1} s", begun.elapsed().as_secs_f32());
            return Ok(window.to_owned());
        }
    }
    Err(format!("{PROGRAM} showed no window in {} s", PATIENCE.as_secs()))
}

fn closed(screen: &Screen, window: &str, running: &mut Child) -> Done {
    if !works(xdotool(screen).args(["windowfocus", "--sync", window, "key", "ctrl+q"])) {
        return Err("the window takes no key".into());
    }
    match ended_within(PATIENCE, running) {
        Some(ended) if ended.success() => Ok(()),
        Some(ended) => Err(format!("Ctrl+Q ended the program badly ({ended})")),
        None => Err("the program runs on after Ctrl+Q".into()),
    }
}

fn xdotool(screen: &Screen) -> Command {
    let mut xdotool = Command::new("xdotool");
    screen.lend(&mut xdotool);
    xdotool
}
