//! `cargo xtask …` — the house's own commands. Nothing to install for them: the standard library and nothing else.
#![expect(clippy::print_stdout, reason = "a command line speaks on its output")]

mod bench;
mod bundle;
mod fuzz;
mod month;
mod need;
mod node;
mod oracle;
mod screen;
mod simulate;
mod step;
mod test;
mod tool;
mod trial;
mod ui;
mod window;

use std::process::ExitCode;

const HELP: &str = "\
cargo xtask run [LEDGER] [--headless]   the window, on the sample village or on LEDGER; without a screen a driver does
                                        the month in it and says where pictures and files lie
cargo xtask test                        installs what is missing, then every check of the house
cargo xtask month [LEDGER]              the sample's month at the command line, or the papers of LEDGER's
cargo xtask bundle [--try]              the package for this system; --try installs, starts and removes it (Debian)
cargo xtask bench [WHAT …]              measures, in a release build
cargo xtask simulate [SEEDS [FROM]]     lives villages with laptops, sticks and a township: 100,000 device-years, or so many
                                        villages from that seed
cargo xtask fuzz [SECONDS]              throws broken input at each reader for that long (60)";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let done = match args.first().map(String::as_str) {
        Some("run") => window::run(&args[1..]),
        Some("test") => test::run(),
        Some("month") => month::run(&args[1..]),
        Some("bundle") => bundle::run(&args[1..]),
        Some("bench") => bench::run(&args[1..]),
        Some("simulate") => simulate::run(&args[1..]),
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
