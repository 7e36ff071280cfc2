//! `cargo xtask simulate [SEEDS] [FROM]`: a hundred thousand device-years, or as many as are asked for, on every core.

#![expect(clippy::print_stdout, reason = "a command line speaks on its output")]

use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use lianhu_simulator::sim::{Settings, Tally, in_memory};
use lianhu_sync::Faults;

/// Villages are made of small pieces: with the system's own memory two fifths of a run go into finding room for them.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// So many villages between two lines that say how far it is: a run of an hour must not be silent.
const NEWS: u64 = 1000;

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1).filter_map(|arg| arg.parse::<u64>().ok());
    let (seeds, from) = (args.next().unwrap_or(100), args.next().unwrap_or(1));
    let begun = Instant::now();
    let next = AtomicU64::new(from);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let lives = std::thread::scope(|scope| {
        let cores: Vec<_> = (0..cores).map(|_| scope.spawn(|| live(&next, from..from + seeds, begun))).collect();
        cores.into_iter().map(|core| core.join().expect("a core tells what it found")).collect::<Vec<_>>()
    });
    let mut tally = Tally::default();
    lives.iter().for_each(|(one, _)| tally.add(one));
    let wrongs: u64 = lives.iter().map(|(_, wrongs)| wrongs).sum();
    println!(
        "{seeds} seeds from {from}: {} device-years in {:.1} s, {wrongs} wrong, {:?}",
        tally.device_days / 365,
        begun.elapsed().as_secs_f32(),
        tally.did
    );
    if wrongs == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Lives one village after another, as long as there are any that nobody has taken.
fn live(next: &AtomicU64, seeds: std::ops::Range<u64>, begun: Instant) -> (Tally, u64) {
    let (mut tally, mut wrongs) = (Tally::default(), 0);
    loop {
        let seed = next.fetch_add(1, Ordering::Relaxed);
        if !seeds.contains(&seed) {
            return (tally, wrongs);
        }
        match in_memory(Settings { seed, days: 365, faults: Faults::NONE }) {
            Ok(one) => tally.add(&one),
            Err(wrong) => {
                wrongs += 1;
                println!("✗ {wrong}");
            }
        }
        let done = seed - seeds.start;
        if done > 0 && done.is_multiple_of(NEWS) {
            println!("{done} villages lived after {} s", begun.elapsed().as_secs());
        }
    }
}
