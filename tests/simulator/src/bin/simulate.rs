//! `cargo xtask simulate [SEEDS] [FROM]`: a hundred thousand device-years, or as many as are asked for.

#![expect(clippy::print_stdout, reason = "a command line speaks on its output")]

use lianhu_simulator::sim::{Settings, Tally, in_memory};
use lianhu_sync::Faults;

fn main() -> std::process::ExitCode {
    let mut args = std::env::args().skip(1).filter_map(|arg| arg.parse::<u64>().ok());
    let (seeds, from) = (args.next().unwrap_or(100), args.next().unwrap_or(1));
    let begun = std::time::Instant::now();
    let (mut tally, mut wrongs) = (Tally::default(), 0);
    for seed in from..from + seeds {
        match in_memory(Settings { seed, days: 365, faults: Faults::NONE }) {
            Ok(one) => tally.add(&one),
            Err(wrong) => {
                wrongs += 1;
                println!("✗ {wrong}");
            }
        }
    }
    let years = tally.device_days / 365;
    println!(
        "{seeds} seeds from {from}: {years} device-years in {:.1} s, {:?}",
        begun.elapsed().as_secs_f32(),
        tally.did
    );
    if wrongs == 0 { std::process::ExitCode::SUCCESS } else { std::process::ExitCode::FAILURE }
}
