//! The pages of the window, and the township's. The programs carry them inside, so they are built before these are
//! compiled.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use crate::node;
use crate::step::{Done, root, step};

/// What lies in `ui` and goes into no page.
const BESIDE: &[&str] = &["node_modules", "dist", "dist-township", "tests"];

/// The packages the pages are made with, as their lock file names them.
pub fn install() -> Done {
    node::ready()?;
    let (wanted, here) = (ui().join("package-lock.json"), ui().join("node_modules/.package-lock.json"));
    if changed(&here) >= changed(&wanted) {
        println!("── npm: the packages are here");
        return Ok(());
    }
    step("npm ci", npm().args(["ci", "--no-audit", "--no-fund"]))
}

/// Builds the pages when anything they are made from is newer than they are.
pub fn build() -> Done {
    install()?;
    let made_from = newest(&ui(), BESIDE).max(newest(&root().join("assets"), &[]));
    // A compiler that found no pages leaves one that says so; only ours have a folder beside them.
    for (name, folder, more) in [
        ("pages", "dist/assets", &[][..]),
        ("the township's page", "dist-township/assets", &["--config", "vite.township.config.ts"]),
    ] {
        if changed(&ui().join(folder)) > made_from {
            println!("── {name}: built already");
            continue;
        }
        step(name, npm().args(["exec", "--no", "--", "vite", "build", "--logLevel", "warn"]).args(more))?;
    }
    Ok(())
}

/// One of the scripts that `package.json` names.
pub fn script(name: &str) -> Done {
    step(&format!("pages: {name}"), npm().args(["run", "--silent", name]))
}

pub fn npm() -> Command {
    let mut npm = node::npm();
    npm.current_dir(ui());
    npm
}

pub fn ui() -> PathBuf {
    root().join("ui")
}

fn changed(path: &Path) -> Option<SystemTime> {
    std::fs::metadata(path).and_then(|about| about.modified()).ok()
}

/// When anything below the folder changed last; a folder's own time tells of a file that went.
fn newest(folder: &Path, beside: &[&str]) -> Option<SystemTime> {
    let inside = std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    let inside = inside.filter(|entry| !beside.iter().any(|name| entry.file_name() == *name));
    let times = inside.map(|entry| match entry.path() {
        path if path.is_dir() => newest(&path, &[]).max(changed(&path)),
        path => changed(&path),
    });
    times.max().flatten()
}
