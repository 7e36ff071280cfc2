//! Node: what the pages are built and tested with. Debian 12 carries one that is too old, so it may have to be told.

use std::process::Command;

use crate::need;
use crate::step::Done;

/// What vite asks for, as major and minor.
const LEAST: (u32, u32) = (20, 19);

/// Finds a Node that is new enough; installs it where the system's own is.
pub fn ready() -> Done {
    let here = said_by(Command::new("node").arg("--version")).and_then(|said| version(&said));
    if here >= Some(LEAST) && said_by(npm().arg("--version")).is_some() {
        return Ok(());
    }
    if need::candidate("nodejs").and_then(|said| version(&said)) >= Some(LEAST) {
        return need::install_packages(&["nodejs", "npm"]);
    }
    let found = here.map_or("no Node is here".into(), |(major, minor)| format!("here is Node {major}.{minor}"));
    Err(format!(
        "the pages are built with Node {}.{} or newer with its npm, and {found}.\n  \
         Take the long-term release from https://nodejs.org/en/download (a folder to unpack: put its bin first in \
         PATH),\n  or the one of your version manager, and give the command again",
        LEAST.0, LEAST.1
    ))
}

pub fn npm() -> Command {
    Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" })
}

fn said_by(command: &mut Command) -> Option<String> {
    let out = command.output().ok().filter(|out| out.status.success())?;
    String::from_utf8(out.stdout).ok()
}

/// `v20.19.2` and Debian's `20.19.2+dfsg-1` alike.
fn version(said: &str) -> Option<(u32, u32)> {
    let mut numbers = said.trim().trim_start_matches('v').split(|c: char| !c.is_ascii_digit()).map(str::parse);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_read_as_node_and_as_debian_write_it() {
        assert_eq!(version("v20.19.2\n"), Some((20, 19)));
        assert_eq!(version("18.20.4+dfsg-1~deb12u1"), Some((18, 20)));
        assert_eq!(version("(none)"), None);
        assert!(version("v22.1.0") >= Some(LEAST) && version("v18.20.4") < Some(LEAST) && None < Some(LEAST));
    }
}
