//! How long to wait before asking again: longer each time, and never all laptops of a township at once.

use std::time::Duration;

const FIRST_MS: u64 = 500;
const LONGEST_MS: u64 = 60_000;

/// After so many failures in a row, with this throw of chance: between half of the step and the whole of it.
pub fn back_off(attempt: u32, chance: u64) -> Duration {
    let step = FIRST_MS.saturating_mul(1 << attempt.min(16)).min(LONGEST_MS);
    Duration::from_millis(step / 2 + chance % (step / 2 + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_grows_stays_within_a_minute_and_differs_by_chance() {
        for attempt in 0..100 {
            let step = (FIRST_MS << attempt.min(16)).min(LONGEST_MS);
            for chance in [0, 1, step / 2, u64::MAX] {
                let ms = back_off(attempt, chance).as_millis() as u64;
                assert!((step / 2..=step).contains(&ms), "{attempt} {chance}: {ms}");
            }
        }
        let different: std::collections::BTreeSet<Duration> = (0..200).map(|chance| back_off(3, chance * 7)).collect();
        assert!(different.len() > 100);
    }
}
