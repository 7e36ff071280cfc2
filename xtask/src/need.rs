//! What a machine must have before the checks run. On Debian and its kin it is installed; elsewhere it is named.

use std::path::Path;
use std::process::Command;

use crate::step::{Done, step, works};

/// One need: any of these packages meets it, the first is what we install.
struct Need {
    why: &'static str,
    any_of: &'static [&'static str],
}

const NEEDS: &[Need] = &[
    Need { why: "SQLCipher links the system's libcrypto", any_of: &["libssl-dev"] },
    Need { why: "finds libcrypto", any_of: &["pkg-config", "pkgconf"] },
    Need { why: "compiles SQLCipher and zstd", any_of: &["gcc"] },
    Need { why: "compiles the fuzzer", any_of: &["g++"] },
    Need { why: "the oracles are Python programs", any_of: &["python3"] },
    Need { why: "gives the oracles a Python of their own", any_of: &["python3-venv"] },
    Need { why: "opens our Word files", any_of: &["libreoffice-writer-nogui", "libreoffice-writer"] },
    Need { why: "opens our Excel files", any_of: &["libreoffice-calc-nogui", "libreoffice-calc"] },
    Need { why: "reads what a PDF says", any_of: &["poppler-utils"] },
    Need { why: "LibreOffice sets Chinese with it", any_of: &["fonts-noto-cjk"] },
];

/// What the program itself is built with: the first of the list.
const TO_BUILD: usize = 3;

/// Installs what every check needs. Run twice, it does nothing the second time.
pub fn install() -> Done {
    install_all(NEEDS)
}

/// Installs what the program is built with, and no more.
pub fn install_to_build() -> Done {
    install_all(&NEEDS[..TO_BUILD])
}

fn install_all(needs: &[Need]) -> Done {
    if !Path::new("/usr/bin/dpkg-query").exists() {
        println!("── This is no Debian system; please see to these yourself:");
        needs.iter().for_each(|need| println!("     {:28} {}", need.any_of[0], need.why));
        return Ok(());
    }
    let missing: Vec<&Need> = needs.iter().filter(|need| !need.any_of.iter().any(|p| is_installed(p))).collect();
    if missing.is_empty() {
        println!("── System packages: all {} are here", needs.len());
        return Ok(());
    }
    missing.iter().for_each(|need| println!("── missing: {} ({})", need.any_of[0], need.why));
    step("apt-get update", apt().arg("update"))?;
    let names = missing.iter().map(|need| need.any_of[0]);
    step("apt-get install", apt().args(["install", "-y", "--no-install-recommends"]).args(names))
}

fn is_installed(package: &str) -> bool {
    let asked = Command::new("dpkg-query").args(["-W", "-f=${Status}", package]).output();
    asked.is_ok_and(|out| out.stdout.ends_with(b"install ok installed"))
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
