//! Workbooks are read in a child of ours with limited memory and time: a hostile one takes the child down, not us.

use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use lianhu_import::{Book, Unreadable, read_file};
use lianhu_ledger::text::{self, Lang};

use crate::output::{Failure, Outcome};

/// A book of 100,000 rows takes two seconds here; a clerk waits no longer than this.
const PATIENCE: Duration = Duration::from_secs(20);
const MEMORY_MIB: usize = 512;
/// More than any book within the reader's own limits amounts to.
const LONGEST_ANSWER: u64 = 256 * 1024 * 1024;

type Answer = Result<Book, Unreadable>;

/// The child: reads one file and writes what it found.
pub fn child(file: &Path, limit_mib: usize) -> Outcome {
    crate::MEMORY.set_limit(limit_mib * 1024 * 1024).map_err(|_| Failure::Usage("--limit-mib".into()))?;
    let answer: Answer = read_file(file);
    let out = std::io::BufWriter::new(std::io::stdout().lock());
    serde_json::to_writer(out, &answer).map_err(|e| Failure::Said(e.to_string()))
}

/// The parent: asks a child, and never waits for ever.
pub fn read(file: &Path, lang: Lang) -> Outcome<Book> {
    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let gave_up = |key: &str| Failure::Said(text::say(lang, key, &[("file", &name)]));
    let exe = std::env::current_exe().map_err(|_| gave_up("cli.reader_missing"))?;
    let mut child = Command::new(exe)
        .arg("read-workbook")
        .arg("--limit-mib")
        .arg(MEMORY_MIB.to_string())
        .arg("--")
        .arg(file)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|_| gave_up("cli.reader_missing"))?;
    let Some(out) = child.stdout.take() else { return Err(gave_up("cli.reader_missing")) };
    let (send, receive) = mpsc::channel();
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let read = out.take(LONGEST_ANSWER).read_to_end(&mut bytes);
        let _ = send.send(read.map(|_| bytes));
    });
    let answer = receive.recv_timeout(PATIENCE);
    if answer.is_err() {
        let _ = child.kill();
    }
    let _ = child.wait();
    let bytes = answer.map_err(|_| gave_up("cli.reader_slow"))?.map_err(|_| gave_up("cli.reader_died"))?;
    let answer: Answer = serde_json::from_slice(&bytes).map_err(|_| gave_up("cli.reader_died"))?;
    answer.map_err(|unreadable| Failure::Said(unreadable.to_string()))
}
