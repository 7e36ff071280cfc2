//! The window's permissions are made of the desk's list of commands: what is not on it cannot be called.

#[path = "../crates/desk/src/names.rs"]
#[allow(unused_macros, reason = "the macro is for the program, the list for its build")]
mod names;

/// Pages that have not been built yet: the program says so instead of not compiling.
const NO_PAGES: &str = "<!doctype html><meta charset=\"utf-8\"><title>联户</title><p>cargo xtask run";

fn main() {
    let pages = std::path::Path::new("../ui/dist");
    if !pages.join("index.html").exists() {
        std::fs::create_dir_all(pages).expect("the house is writable");
        std::fs::write(pages.join("index.html"), NO_PAGES).expect("the house is writable");
    }
    println!("cargo:rerun-if-changed=../ui/dist");
    println!("cargo:rerun-if-changed=../crates/desk/src/names.rs");
    let commands: Vec<&'static str> =
        names::NAMES.iter().copied().chain(["host_pick", "host_show", "host_beat"]).collect();
    let commands: &'static [&'static str] = commands.leak();
    let manifest = tauri_build::AppManifest::new().commands(commands);
    tauri_build::try_build(tauri_build::Attributes::new().app_manifest(manifest))
        .expect("the window's manifest is sound");
}
