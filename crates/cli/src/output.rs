//! What the program says, and how it ends.

use std::io::Write;

use lianhu_desk::Machine;
use lianhu_ledger::text::{self, Lang};
use lianhu_ledger::{Edge, Error, Key, Ledger};
use lianhu_sync::{Failed, Trouble};
use serde::Serialize;

use crate::args::Args;
use crate::files;

/// How a command can end other than well.
pub enum Failure {
    Ledger(Error),
    /// A refusal of the program's own, already in the reader's language.
    Said(String),
    Usage(String),
    /// No conversation with the township, for a reason that has its sentence.
    Trouble(Trouble),
}

impl From<Failed> for Failure {
    fn from(failed: Failed) -> Failure {
        match failed {
            Failed::Trouble(trouble) => Failure::Trouble(trouble),
            Failed::Ledger(error) => Failure::Ledger(error),
        }
    }
}

impl From<Trouble> for Failure {
    fn from(trouble: Trouble) -> Failure {
        Failure::Trouble(trouble)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        Failure::Ledger(error)
    }
}

impl From<lianhu_ledger::Fault> for Failure {
    fn from(fault: lianhu_ledger::Fault) -> Failure {
        Failure::Ledger(fault.into())
    }
}

impl From<lianhu_ledger::Refusal> for Failure {
    fn from(refusal: lianhu_ledger::Refusal) -> Failure {
        Failure::Ledger(refusal.into())
    }
}

pub type Outcome<T = ()> = Result<T, Failure>;

/// The ledger of the command line, open, and who is working on it.
pub struct Desk {
    pub ledger: Ledger,
    pub author: String,
    pub machine: Machine,
    pub lang: Lang,
}

impl Desk {
    pub fn open(args: &Args) -> Outcome<Desk> {
        let machine = machine(args)?;
        let path = args.ledger.as_ref().ok_or_else(|| Failure::Usage("--ledger FILE".into()))?;
        let key = key(args)?;
        let ledger = Ledger::open(path, key.as_ref(), Box::new(machine))?;
        let clerk = ledger.view().all::<lianhu_ledger::records::Village>()?.into_iter().find_map(|v| v.clerk);
        let author = args.author.clone().or(clerk).unwrap_or_default();
        let desk = Desk { ledger, author, machine, lang: args.lang() };
        if let Some(code) = desk.ledger.read_only() {
            eprintln!("{}", text::refusal(&lianhu_ledger::Refusal::new(code), desk.lang));
        }
        Ok(desk)
    }

    pub fn say(&self, key: &str, details: &[(&str, &str)]) -> Outcome {
        line(&text::say(self.lang, key, details))
    }

    /// A refusal of the program's own.
    pub fn said(&self, key: &str, details: &[(&str, &str)]) -> Failure {
        Failure::Said(text::say(self.lang, key, details))
    }

    pub fn made_at(&self) -> chrono::NaiveDateTime {
        self.machine.china_time()
    }

    pub fn today(&self) -> chrono::NaiveDate {
        self.machine.today()
    }
}

/// The clock of this run: the machine's, or the one of `--at`.
pub fn machine(args: &Args) -> Outcome<Machine> {
    let Some(at) = &args.at else { return Ok(Machine::default()) };
    Machine::at(at).ok_or_else(|| Failure::Usage(format!("--at {at:?}: 2026-11-05T09:00")))
}

pub fn key(args: &Args) -> Outcome<Option<Key>> {
    let Some(path) = &args.key_file else { return Ok(None) };
    Ok(Some(Key::parse(&files::read(path)?)?))
}

/// A reader that has seen enough closes the pipe; that is no failure of ours.
pub fn line(text: &str) -> Outcome {
    let _ = writeln!(std::io::stdout(), "{text}");
    Ok(())
}

pub fn json(value: &impl Serialize) -> Outcome {
    let text = serde_json::to_string_pretty(value).map_err(|e| Failure::Said(e.to_string()))?;
    line(&text)
}
