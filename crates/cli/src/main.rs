//! `lianhu` — the village's ledger from the command line: the same calls as the window, for scripts, tests and repair.
//!
//! Exit codes: 0 done, 1 refused (one sentence on the error stream), 2 usage, 3 fault.

use std::process::ExitCode;

use clap::Parser;
use lianhu_import::child;
use lianhu_ledger::{Error, text};

mod args;
mod exchange;
mod files;
mod import;
mod lan;
mod month;
mod output;
mod records;
mod repair;
mod stick;
mod township;

use args::{Args, Command};
use output::Failure;

/// A workbook is read in a child of ours that may use this much memory and no more; elsewhere there is no limit.
#[global_allocator]
static MEMORY: cap::Cap<std::alloc::System> = cap::Cap::new(std::alloc::System, usize::MAX);

fn main() -> ExitCode {
    if child::serve(std::env::args_os(), |bytes| MEMORY.set_limit(bytes).is_ok()) {
        return ExitCode::SUCCESS;
    }
    let args = Args::parse();
    let lang = args.lang();
    match run(args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Ledger(Error::Refusal(refusal))) => {
            eprintln!("{}", text::refusal(&refusal, lang));
            ExitCode::from(1)
        }
        Err(Failure::Said(sentence)) => {
            eprintln!("{sentence}");
            ExitCode::from(1)
        }
        Err(Failure::Usage(sentence)) => {
            eprintln!("{sentence}");
            ExitCode::from(2)
        }
        Err(Failure::Trouble(trouble)) => {
            eprintln!("{}", trouble.sentence(lang));
            ExitCode::from(1)
        }
        Err(Failure::Ledger(Error::Fault(fault))) => {
            eprintln!("{}", text::say(lang, "cli.fault", &[("what", &fault.to_string())]));
            ExitCode::from(3)
        }
    }
}

fn run(args: Args) -> Result<(), Failure> {
    match &args.command {
        Command::New { .. } => records::new(&args),
        Command::Import { .. } => import::import(&args),
        Command::Put { .. } | Command::Void { .. } | Command::Restore { .. } => records::write(&args),
        Command::Get { .. } | Command::List { .. } | Command::Find { .. } => records::read(&args),
        Command::Month { .. } | Command::Report { .. } | Command::Print { .. } | Command::Close { .. } => {
            month::run(&args)
        }
        Command::Enrol { .. } | Command::Join { .. } | Command::Sync { .. } | Command::Approve { .. } => {
            township::run(&args)
        }
        Command::Package { .. } => stick::run(&args),
        Command::Lan { .. } => lan::run(&args),
        Command::Status { .. } | Command::Conflicts { .. } | Command::Settle { .. } => exchange::run(&args),
        _ => repair::run(&args),
    }
}
