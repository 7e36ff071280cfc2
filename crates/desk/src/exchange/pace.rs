//! 什么时候再试 — when the township is spoken to next without anybody asking: soon after something was saved, at once when
//! a connection appears, later and later while it fails, and never all laptops at the same moment.

use std::time::Duration;

/// So long after the last save it is sent; somebody who types on and on is not waited for longer than the other.
const AFTER_SAVE: Duration = Duration::from_secs(4);
const AFTER_FIRST_SAVE: Duration = Duration::from_secs(30);
/// What others wrote is asked for.
const USUAL: Duration = Duration::from_secs(10 * 60);
/// Somebody is expected to say yes any moment.
const FOR_YES: Duration = Duration::from_secs(20);
/// The first and the longest wait after a failure that may pass.
const FIRST: Duration = Duration::from_secs(30);
const LONGEST: Duration = Duration::from_secs(15 * 60);
/// A failure that somebody has to do something about.
const FOR_SOMEBODY: Duration = Duration::from_secs(60 * 60);

/// How a conversation ended, as far as the next one depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Everything is there, on both sides.
    All,
    /// Some of it is not: the line was cut, the township is busy.
    Passing,
    /// Waits for the secretary's yes.
    Waits,
    /// It will fail again until a person does something.
    Stuck,
}

#[derive(Clone, Copy, Debug, Default)]
pub struct Pace {
    failures: u32,
}

impl Pace {
    /// How long to wait after a conversation, with this throw of chance: between three quarters of the step and five.
    pub fn after(&mut self, end: End, chance: u64) -> Duration {
        let step = match end {
            End::All => USUAL,
            End::Waits => FOR_YES,
            End::Stuck => FOR_SOMEBODY,
            End::Passing => FIRST.saturating_mul(1 << self.failures.min(10)).min(LONGEST),
        };
        self.failures = if end == End::Passing { self.failures + 1 } else { 0 };
        let quarter = step.as_millis() as u64 / 4;
        step - Duration::from_millis(quarter) + Duration::from_millis(chance % (2 * quarter + 1))
    }

    /// A connection has appeared: what failed before says nothing any more.
    pub fn anew(&mut self) {
        self.failures = 0;
    }
}

/// How long what was saved still waits, by when the first and the last of it was saved.
pub fn after_save(since_first: Duration, since_last: Duration) -> Duration {
    AFTER_SAVE.saturating_sub(since_last).min(AFTER_FIRST_SAVE.saturating_sub(since_first))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_are_tried_later_and_later_and_a_connection_begins_anew() {
        let mut pace = Pace::default();
        let mut before = Duration::ZERO;
        for _ in 0..6 {
            let wait = pace.after(End::Passing, 0);
            assert!(wait >= before && wait <= LONGEST);
            before = wait;
        }
        assert!(pace.after(End::Passing, u64::MAX) >= LONGEST * 3 / 4);
        pace.anew();
        assert!(pace.after(End::Passing, 0) < FIRST);
        assert!(pace.after(End::Passing, 0) > FIRST);
        pace.after(End::All, 0);
        assert!(pace.after(End::Passing, 0) < FIRST);
    }

    #[test]
    fn laptops_that_failed_together_do_not_come_again_together() {
        let waits: std::collections::BTreeSet<_> =
            (0..100u64).map(|n| Pace::default().after(End::Passing, n.wrapping_mul(0x9e37_79b9_7f4a_7c15))).collect();
        assert!(waits.len() > 90);
        assert!(waits.iter().all(|wait| (FIRST * 3 / 4..=FIRST * 5 / 4).contains(wait)));
    }

    #[test]
    fn a_save_waits_for_the_next_one_but_not_for_ever() {
        let seconds = Duration::from_secs;
        assert_eq!(after_save(seconds(0), seconds(0)), AFTER_SAVE);
        assert_eq!(after_save(seconds(9), seconds(1)), seconds(3));
        assert_eq!(after_save(seconds(9), seconds(4)), seconds(0));
        assert_eq!(after_save(seconds(29), seconds(1)), seconds(1));
        assert_eq!(after_save(seconds(40), seconds(1)), seconds(0));
    }
}
