//! Carries the page inside the program: every file that `cargo xtask` has built into `ui/dist-township`. Where nothing was
//! built yet the program says so instead of not compiling.

use std::fmt::Write;
use std::path::{Path, PathBuf};

const PAGES: &str = "../../ui/dist-township";

fn main() {
    println!("cargo:rerun-if-changed={PAGES}");
    println!("cargo:rerun-if-changed=build.rs");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(PAGES);
    // A folder that is not there would be looked for at every build.
    std::fs::create_dir_all(&folder).expect("the house is writable");
    let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo names a folder"));
    let mut list = String::from("/// The page's files by their addresses.\nstatic PAGES: &[(&str, &[u8])] = &[\n");
    for (nth, path) in files(&folder).iter().enumerate() {
        let name = path.strip_prefix(&folder).expect("found below it").to_string_lossy().replace('\\', "/");
        // A copy: the page may be built anew while the program is being compiled.
        let copy = out.join(format!("page-{nth}"));
        std::fs::copy(path, &copy).expect("the build's folder is writable");
        let from = copy.display().to_string();
        writeln!(list, "    ({name:?}, include_bytes!({from:?})),").expect("a string takes every line");
    }
    list += "];\n";
    std::fs::write(out.join("pages.rs"), list).expect("the build's folder is writable");
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok) {
        match entry.path() {
            path if path.is_dir() => found.extend(files(&path)),
            path => found.push(path),
        }
    }
    found.sort();
    found
}
