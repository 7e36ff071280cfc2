//! `lianhu-township`: the township's program.
//!
//! Exit codes as `lianhu` has them: 0 done, 1 refused (one sentence on the error stream), 2 usage, 3 fault.

use std::process::ExitCode;

use clap::Parser;
use lianhu_township::program::{self, Args};

fn main() -> ExitCode {
    let args = Args::parse();
    let lang = args.lang();
    match program::run(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{}", failure.sentence(lang));
            ExitCode::from(if failure.is_fault() { 3 } else { 1 })
        }
    }
}
