//! What a machine must have before anything is built. On Debian and its kin it is installed; elsewhere it is named.

use std::path::Path;
use std::process::Command;

use crate::step::{Done, step, works};

/// What for; each includes those before it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum For {
    /// Building the program.
    Build,
    /// Seeing its window.
    Run,
    /// Opening it where there is no screen.
    Screen,
    /// Every check.
    Check,
    /// The measurements.
    Bench,
}
use For::{Bench, Build, Check, Run, Screen};

/// One need: any of these packages meets it, the first is what we install.
struct Need {
    purpose: For,
    why: &'static str,
    any_of: &'static [&'static str],
}

const fn need(purpose: For, any_of: &'static [&'static str], why: &'static str) -> Need {
    Need { purpose, why, any_of }
}

const NEEDS: &[Need] = &[
    need(Build, &["libssl-dev"], "SQLCipher links the system's libcrypto"),
    need(Build, &["pkg-config", "pkgconf"], "finds libcrypto and WebKit"),
    need(Build, &["build-essential"], "compiles SQLCipher and zstd"),
    need(Build, &["libwebkit2gtk-4.1-dev"], "the window's pages are shown by WebKitGTK"),
    need(Build, &["librsvg2-dev"], "GTK draws its icons with it"),
    need(Build, &["file"], "the packager asks it what a file is"),
    need(Run, &["dbus"], "a second start finds the window that is open"),
    need(Run, &["dbus-x11"], "the same, in a session without systemd"),
    need(Run, &["fonts-noto-cjk"], "Chinese on the screen, and in what LibreOffice sets"),
    need(Screen, &["xvfb"], "a screen for the window where there is none"),
    need(Screen, &["xdotool"], "sees whether the window is there, and presses the key that closes it"),
    need(Screen, &["imagemagick"], "takes pictures of that screen"),
    need(Screen, &["webkit2gtk-driver"], "types and clicks in the real window"),
    need(Check, &["chromium"], "types and clicks in the pages"),
    need(Check, &["python3"], "the oracles are Python programs"),
    need(Check, &["python3-venv"], "gives the oracles a Python of their own"),
    need(Check, &["libreoffice-writer-nogui", "libreoffice-writer"], "opens our Word files"),
    need(Check, &["libreoffice-calc-nogui", "libreoffice-calc"], "opens our Excel files"),
    need(Check, &["poppler-utils"], "reads what a PDF says"),
    need(Check, &["postgresql"], "the township's other store, on a real server"),
    need(Check, &["unzip"], "reads what a Word file says"),
    need(Bench, &["libreoffice-calc"], "the window of the program that the clerk has now"),
];

/// Installs what is missing for that. Run twice, it does nothing the second time.
pub fn install(purpose: For) -> Done {
    let needs: Vec<&Need> = NEEDS.iter().filter(|need| need.purpose <= purpose).collect();
    if !is_debian() {
        println!("── This is no Debian system; please see to these yourself, by your system's names for them:");
        needs.iter().for_each(|need| println!("     {:28} {}", need.any_of[0], need.why));
        return Ok(());
    }
    let missing: Vec<&Need> = needs.into_iter().filter(|need| !need.any_of.iter().any(|p| is_installed(p))).collect();
    if missing.is_empty() {
        println!("── System packages: all are here");
        return Ok(());
    }
    missing.iter().for_each(|need| println!("── missing: {} ({})", need.any_of[0], need.why));
    let names: Vec<&str> = missing.iter().map(|need| need.any_of[0]).collect();
    install_packages(&names)
}

/// Installs these, by name or by file.
pub fn install_packages(names: &[&str]) -> Done {
    step("apt-get update", apt().arg("update"))?;
    step("apt-get install", apt().args(["install", "-y", "--no-install-recommends"]).args(names))
}

pub fn purge_package(name: &str) -> Done {
    step("apt-get purge", apt().args(["purge", "-y", name]))
}

pub fn is_debian() -> bool {
    Path::new("/usr/bin/dpkg-query").exists()
}

pub fn is_installed(package: &str) -> bool {
    let asked = Command::new("dpkg-query").args(["-W", "-f=${Status}", package]).output();
    asked.is_ok_and(|out| out.stdout.ends_with(b"install ok installed"))
}

/// The version this system would install of a package.
pub fn candidate(package: &str) -> Option<String> {
    let asked = Command::new("apt-cache").args(["policy", package]).env("LC_ALL", "C").output().ok()?;
    let said = String::from_utf8(asked.stdout).ok()?;
    let line = said.lines().find_map(|line| line.trim().strip_prefix("Candidate: "))?;
    Some(line.to_owned())
}

/// Another installation may be running: we wait for it rather than fail.
fn apt() -> Command {
    let mut apt = if is_root() { Command::new("apt-get") } else { Command::new("sudo") };
    if !is_root() {
        apt.args(["-E", "apt-get"]);
    }
    apt.args(["-q", "-o", "DPkg::Lock::Timeout=600"]).env("DEBIAN_FRONTEND", "noninteractive");
    apt
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|out| out.stdout == b"0\n")
        || !works(Command::new("sudo").arg("-V"))
}
