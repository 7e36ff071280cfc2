//! One step of a command: it says what it does, does it, and says how long that took.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// Why a command ended early, as a sentence.
pub type Done<T = ()> = Result<T, String>;

static STEPS: AtomicUsize = AtomicUsize::new(0);

/// How many steps were done so far.
pub fn steps() -> usize {
    STEPS.load(Ordering::Relaxed)
}

/// Runs one step; its output is shown as it comes.
pub fn step(name: &str, command: &mut Command) -> Done {
    STEPS.fetch_add(1, Ordering::Relaxed);
    println!("\n── {name}");
    let begun = Instant::now();
    let ended = command.status().map_err(|e| format!("{name}: {} does not start: {e}", said(command)))?;
    let seconds = begun.elapsed().as_secs_f32();
    println!("── {name}: {} in {seconds:.1} s", if ended.success() { "done" } else { "FAILED" });
    if ended.success() { Ok(()) } else { Err(format!("{name} failed ({ended}): {}", said(command))) }
}

/// Does the command run at all, and well? Its output is not shown.
pub fn works(command: &mut Command) -> bool {
    command.output().is_ok_and(|out| out.status.success())
}

/// How the program ended, if it did within that time.
pub fn ended_within(limit: Duration, child: &mut Child) -> Option<ExitStatus> {
    let begun = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(ended)) => return Some(ended),
            Ok(None) if begun.elapsed() < limit => std::thread::sleep(Duration::from_millis(100)),
            _ => return None,
        }
    }
}

/// The command as a person would type it.
pub fn said(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let quoted = |word: &std::ffi::OsStr| {
        let word = word.to_string_lossy();
        if word.contains([' ', '"', '{']) { format!("'{word}'") } else { word.into_owned() }
    };
    words.map(quoted).collect::<Vec<_>>().join(" ")
}

/// The cargo that called us, at the root of the house.
pub fn cargo() -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(root());
    cargo
}

pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map_or_else(PathBuf::new, Path::to_owned)
}

/// Where builds, tools and the oracle's Python live.
pub fn target() -> PathBuf {
    let given = std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    root().join(given.unwrap_or_else(|| "target".into()))
}

/// A program of our own tools folder, as this system names programs.
pub fn program(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}
