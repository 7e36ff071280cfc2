//! 另一个进程里读 — hostile bytes are read in a child of ours with limited memory and time: a rigged workbook takes the
//! child down, and nothing else. Both halves are here, so that every program of ours reads the same way: it hands its
//! arguments to [`serve`] before it looks at them itself, and asks with [`read`].

use std::ffi::OsString;
use std::io::{BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use crate::grid::{Book, read_file};
use crate::unreadable::{Code, Unreadable};

/// How a program is asked to be the child.
const ASKED: &str = "read-workbook";
const LIMIT: &str = "--limit-mib";
const MEMORY_MIB: usize = 512;
/// A book of 100,000 rows takes two seconds; a clerk waits no longer than this.
const PATIENCE: Duration = Duration::from_secs(20);
/// How soon a child ends when somebody stops it.
const LOOK_EVERY: Duration = Duration::from_millis(50);
/// More than any book within the reader's own limits amounts to.
const LONGEST_ANSWER: u64 = 256 * 1024 * 1024;

type Answer = Result<Book, Unreadable>;

/// The child's half: when these are the arguments of a child, reads the one file, writes what it found and gives true.
/// `limit` keeps the program's own allocator within so many bytes.
pub fn serve(args: impl IntoIterator<Item = OsString>, limit: impl FnOnce(usize) -> bool) -> bool {
    let Some((file, mib)) = asked(args) else { return false };
    if limit(mib * 1024 * 1024) {
        let answer: Answer = read_file(&file);
        let mut out = BufWriter::new(std::io::stdout().lock());
        // A parent that is gone wants no answer.
        let _ = serde_json::to_writer(&mut out, &answer);
        let _ = out.flush();
    }
    true
}

/// `PROGRAM read-workbook --limit-mib N -- FILE`
fn asked(args: impl IntoIterator<Item = OsString>) -> Option<(PathBuf, usize)> {
    let args: Vec<OsString> = args.into_iter().skip(1).collect();
    let [asked, limit, mib, end, file] = args.as_slice() else { return None };
    (asked == ASKED && limit == LIMIT && end == "--").then_some(())?;
    Some((file.into(), mib.to_str()?.parse().ok()?))
}

/// The parent's half: asks a child of `program`, never waits for ever, and gives none when `stopped` says so.
pub fn read(program: &Path, file: &Path, stopped: &dyn Fn() -> bool) -> Result<Option<Book>, Unreadable> {
    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut child = begin(program, file).map_err(|_| Code::NoReader.alone().of(&name))?;
    let answer = answer(&mut child, stopped);
    let _ = child.kill();
    let _ = child.wait();
    match answer {
        Waited::Said(bytes) => {
            let answer: Option<Answer> = serde_json::from_slice(&bytes).ok();
            answer.unwrap_or_else(|| Err(Code::Died.alone().of(&name))).map(Some)
        }
        Waited::Slow => Err(Code::Slow.with("most", PATIENCE.as_secs()).of(&name)),
        Waited::Stopped => Ok(None),
    }
}

fn begin(program: &Path, file: &Path) -> std::io::Result<Child> {
    let mut command = Command::new(program);
    command.arg(ASKED).arg(LIMIT).arg(MEMORY_MIB.to_string()).arg("--").arg(file);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()
}

enum Waited {
    /// What it wrote, whole or not.
    Said(Vec<u8>),
    Slow,
    Stopped,
}

fn answer(child: &mut Child, stopped: &dyn Fn() -> bool) -> Waited {
    let Some(out) = child.stdout.take() else { return Waited::Said(Vec::new()) };
    let (send, receive) = mpsc::channel();
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let whole = out.take(LONGEST_ANSWER).read_to_end(&mut bytes).is_ok();
        let _ = send.send(if whole { bytes } else { Vec::new() });
    });
    let mut waited = Duration::ZERO;
    loop {
        match receive.recv_timeout(LOOK_EVERY) {
            Ok(bytes) => return Waited::Said(bytes),
            Err(RecvTimeoutError::Disconnected) => return Waited::Said(Vec::new()),
            Err(RecvTimeoutError::Timeout) => waited += LOOK_EVERY,
        }
        if stopped() {
            return Waited::Stopped;
        }
        if waited >= PATIENCE {
            return Waited::Slow;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(args: &[&str], expect: Option<(&str, usize)>) {
        let got = asked(args.iter().map(OsString::from));
        assert_eq!(got, expect.map(|(file, mib)| (file.into(), mib)), "{args:?}");
    }

    #[test]
    fn only_a_parent_of_ours_makes_a_child_of_the_program() {
        check(&["p", ASKED, LIMIT, "512", "--", "--version"], Some(("--version", 512)));
        check(&["p", ASKED, LIMIT, "much", "--", "a.xlsx"], None);
        check(&["p", ASKED, "a.xlsx"], None);
        check(&["p", "a.lianhu"], None);
    }

    #[test]
    fn a_program_that_does_not_start_or_says_nothing_is_told_apart() {
        let code = |program: &str| read(Path::new(program), Path::new("a.xlsx"), &|| false).unwrap_err().code;
        assert_eq!(code("there is no such program"), Code::NoReader);
        if cfg!(unix) {
            assert_eq!(code("true"), Code::Died);
        }
    }
}
