//! `cargo xtask …` — the house's own commands. Nothing to install for them: the standard library and nothing else.
#![expect(clippy::print_stdout, reason = "a command line speaks on its output")]

mod bench;
mod fuzz;
mod month;
mod need;
mod oracle;
mod step;
mod test;
mod tool;

use std::process::ExitCode;

const HELP: &str = "\
cargo xtask run [LEDGER] [--headless]   the sample village through a whole month, or the month of LEDGER
cargo xtask test                        installs what is missing, then every check of the house
cargo xtask bench [WHAT …]              measures, in a release build
cargo xtask fuzz [SECONDS]              throws broken input at each reader for that long (60)";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let done = match args.first().map(String::as_str) {
        Some("run") => month::run(&args[1..]),
        Some("test") => test::run(),
        Some("bench") => bench::run(&args[1..]),
        Some("fuzz") => fuzz::run(&args[1..]),
        _ => {
            println!("{HELP}");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("\n✗ {why}");
            ExitCode::FAILURE
        }
    }
}
