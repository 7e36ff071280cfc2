//! Several computers, one village: whatever comes when, all end up saying the same, and nothing anyone wrote is lost
//! in silence.
//!
//! `LIANHU_SEED` starts elsewhere, `LIANHU_ROUNDS` goes on longer; a failure names its seed.

use std::path::PathBuf;

use lianhu_tests::dice::wished;
use lianhu_tests::village::Village;
use tempfile::TempDir;

/// A folder in memory where there is one: the promise tested here is the merge, not the disk.
fn quick_folder() -> TempDir {
    let memory = PathBuf::from("/dev/shm");
    let quick = memory.is_dir().then(|| TempDir::new_in(&memory).ok()).flatten();
    quick.unwrap_or_else(|| TempDir::new().expect("a folder"))
}

fn live(folder: &TempDir, seed: u64, turns: usize) -> Village {
    let mut village = Village::new(folder.path(), seed, 2 + (seed % 3) as usize);
    for _evening in 0..2 {
        (0..turns).for_each(|_| village.turn());
        village.meet();
    }
    village
}

#[test]
fn whatever_comes_when_all_computers_end_up_saying_the_same() {
    let start = wished("LIANHU_SEED", 1);
    for seed in start..start + wished("LIANHU_ROUNDS", 12) {
        eprintln!("seed {seed}");
        let village = live(&quick_folder(), seed, 150);
        eprintln!("{:?}", village.tally);
    }
}
