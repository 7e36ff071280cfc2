//! The log: what the program did, never what a person typed. It lies beside the settings and starts anew when it has
//! grown; a log that cannot be written is no reason not to work.

use std::fs::File;
use std::path::Path;

/// Two of these at most lie there.
const LONGEST: u64 = 2 * 1024 * 1024;

pub fn start(dir: &Path) {
    let path = dir.join("lianhu.log");
    let _ = std::fs::create_dir_all(dir);
    if std::fs::metadata(&path).is_ok_and(|m| m.len() > LONGEST) {
        let _ = std::fs::rename(&path, dir.join("lianhu.log.before"));
    }
    if let Ok(file) = File::options().create(true).append(true).open(&path) {
        let log =
            tracing_subscriber::fmt().with_ansi(false).with_target(false).with_writer(std::sync::Mutex::new(file));
        let _ = log.try_init();
    }
    std::panic::set_hook(Box::new(|info| {
        // The message of a panic may quote what was typed; the place may not.
        let place = info.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "panic");
    }));
}
