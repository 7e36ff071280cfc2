//! `cargo xtask bundle` — the package a village installs: .deb here, an installer on Windows, a .dmg on a Mac.

use std::path::PathBuf;
use std::process::Command;

use crate::step::{Done, root, step, target};
use crate::{need, trial, ui};

/// The kind of package of this system, which is also how its file's name ends but for Windows.
const KIND: &str = if cfg!(windows) {
    "nsis"
} else if cfg!(target_os = "macos") {
    "dmg"
} else {
    "deb"
};

pub fn run(args: &[String]) -> Done {
    if let Some(unknown) = args.iter().find(|arg| *arg != "--try") {
        return Err(format!("bundle does not know {unknown}"));
    }
    need::install(need::For::Build)?;
    ui::build()?;
    let folder = target().join("release/bundle").join(KIND);
    // What an earlier version left there must not be taken for this one.
    if folder.exists() {
        std::fs::remove_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    }
    let mut tauri = Command::new("node");
    tauri.current_dir(root()).arg("ui/node_modules/@tauri-apps/cli/tauri.js");
    step("bundle", tauri.args(["build", "--ci", "--bundles", KIND, "--", "--locked"]))?;
    let package = package(folder)?;
    let bytes = std::fs::metadata(&package).map_err(|e| format!("{}: {e}", package.display()))?.len();
    println!("\n✓ {} ({:.1} MB)", package.display(), bytes as f64 / 1e6);
    if args.is_empty() { Ok(()) } else { trial::run(&package) }
}

fn package(folder: PathBuf) -> Done<PathBuf> {
    let ending = if cfg!(windows) { "exe" } else { KIND };
    let inside = std::fs::read_dir(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let mut paths = inside.filter_map(|entry| Some(entry.ok()?.path()));
    let found = paths.find(|path| path.extension().is_some_and(|kind| kind == ending));
    found.ok_or_else(|| format!("no package came into {}", folder.display()))
}
