//! A screen and a message bus of our own: windows open on it where there is no desk, and never over someone's work.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use crate::step::{Done, said};

/// The laptop of a village office.
const SIZE: &str = "1366x768x24";

/// Both servers end with this.
pub struct Screen {
    servers: [Child; 2],
    display: String,
    bus: String,
}

impl Screen {
    pub fn open() -> Done<Screen> {
        let (mut x, number) = started(Command::new("Xvfb").args(["-displayfd", "1", "-screen", "0", SIZE]))?;
        let mut bus = Command::new("dbus-daemon");
        bus.args(["--session", "--nofork", "--nopidfile", "--print-address=1"]);
        match started(&mut bus) {
            Ok((bus, address)) => Ok(Screen { servers: [x, bus], display: format!(":{number}"), bus: address }),
            Err(why) => {
                stop(&mut x);
                Err(why)
            }
        }
    }

    /// The program opens its windows there. Without a graphics card WebKit is quicker when it does not look for one.
    pub fn lend(&self, command: &mut Command) {
        command.env("DISPLAY", &self.display).env("DBUS_SESSION_BUS_ADDRESS", &self.bus);
        command.env("WEBKIT_DISABLE_DMABUF_RENDERER", "1").env_remove("WAYLAND_DISPLAY");
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        self.servers.iter_mut().for_each(stop);
    }
}

/// Starts a server and waits for the one line in which it says where it is to be found.
fn started(command: &mut Command) -> Done<(Child, String)> {
    let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
    let mut child = child.map_err(|e| format!("{} does not start: {e}", said(command)))?;
    let mut line = String::new();
    if let Some(out) = child.stdout.take() {
        let _ = BufReader::new(out).read_line(&mut line);
    }
    match line.trim() {
        "" => {
            stop(&mut child);
            Err(format!("{} ended without a word", said(command)))
        }
        address => Ok((child, address.to_owned())),
    }
}

fn stop(child: &mut Child) {
    let _ = child.kill();
    let _ = child.wait();
}

/// Is there a desk a window can open on?
pub fn is_here() -> bool {
    cfg!(not(target_os = "linux"))
        || ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| std::env::var_os(name).is_some_and(|v| !v.is_empty()))
}
