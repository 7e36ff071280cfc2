//! The hybrid clock: when something was written, as well as a village laptop can know it.
//!
//! A stamp is milliseconds since 1970 in the upper 48 bits and a counter in the lower 16. It orders edits
//! that did not know of each other; edits that did are ordered by their bases (see `fold`), so a wrong clock
//! can never put a later edit under the one it was made upon. A fact's month never comes from a stamp.
//!
//! **Skew cap.** A clock that was ahead (flat battery, someone set it to 2098) and has been put right must not
//! drag its old lead along: when the last stamp lies more than [`SKEW_CAP_MS`] ahead of the clock, the clock wins
//! and the lead is forgotten. Within the cap stamps only ever grow, so an hour turned back or a leap second
//! does no harm. Other devices' stamps never move ours.

/// The file keeps a stamp as a signed number; every computer refuses a batch whose stamp lies outside of it.
const LATEST: Stamp = Stamp(i64::MAX as u64);

/// A lead longer than this is a mended clock, not jitter.
pub const SKEW_CAP_MS: u64 = 5 * 60 * 1000;

/// Hybrid time: milliseconds << 16 | counter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Stamp(pub u64);

impl Stamp {
    pub fn at_ms(ms: u64) -> Stamp {
        Stamp(ms.min(LATEST.ms()) << 16)
    }

    pub fn ms(self) -> u64 {
        self.0 >> 16
    }

    pub fn just_after(self) -> Stamp {
        Stamp(self.0.saturating_add(1))
    }

    /// The next stamp of a device whose last one is `self`, by a clock that shows `now_ms`. Whatever the clock shows,
    /// it is one that other computers take: never zero, never beyond what the file can keep.
    pub fn next(self, now_ms: u64) -> Stamp {
        let now = Stamp::at_ms(now_ms).max(Stamp::default().just_after());
        let mended = self.ms() > now_ms.saturating_add(SKEW_CAP_MS);
        if mended { now } else { now.max(self.just_after()).min(LATEST) }
    }
}

/// 校时 — what the township said of this computer's clock when they last spoke.
///
/// The clock itself is not ours to set; its readings are put right until somebody sets it. A clock that was ahead and
/// now shows less than it did then has been set: the reading counts again. One that was behind is helped only as long
/// as its bare reading lies before what we know the time to have been: once it has passed that, it was set, or the help
/// is too small to matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Healed {
    pub shown_ms: u64,
    pub right_ms: u64,
}

impl Healed {
    /// The time to stamp with, when the clock shows `now_ms` and our last stamp is `last`.
    pub fn put_right(self, now_ms: u64, last: Stamp) -> u64 {
        let ahead = self.shown_ms > self.right_ms;
        let was_set = if ahead {
            now_ms.saturating_add(SKEW_CAP_MS) < self.shown_ms
        } else {
            now_ms >= last.ms().max(self.right_ms) || now_ms.saturating_add(SKEW_CAP_MS) < self.shown_ms
        };
        if was_set { now_ms } else { self.right_ms.saturating_add(now_ms.saturating_sub(self.shown_ms)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(last_ms: u64, now_ms: u64, expect_ms: u64) {
        let last = Stamp::at_ms(last_ms);
        assert_eq!(last.next(now_ms).ms(), expect_ms);
    }

    #[test]
    fn stamps_grow_while_the_clock_stands_still() {
        let first = Stamp::at_ms(1000);
        assert!(first.next(1000) > first);
    }

    #[test]
    fn a_clock_turned_back_a_little_is_held() {
        check(60_000, 59_000, 60_000);
    }

    #[test]
    fn a_clock_without_a_battery_and_one_in_the_year_9999_give_stamps_that_others_take() {
        let in_9999 = 253_402_214_400_000;
        for (last, now_ms) in
            [(Stamp::at_ms(5_000_000), 0), (Stamp::default(), 0), (LATEST, in_9999), (LATEST, u64::MAX)]
        {
            let next = last.next(now_ms);
            assert!((1..=i64::MAX as u64).contains(&next.0), "{next:?}");
        }
    }

    #[test]
    fn a_clock_that_was_told_of_its_lead_is_put_right_until_someone_sets_it() {
        let healed = Healed { shown_ms: 4_000_000_000, right_ms: 1_800_000_000 };
        assert_eq!(healed.put_right(4_000_060_000, Stamp::default()), 1_800_060_000);
        assert_eq!(healed.put_right(1_800_090_000, Stamp::at_ms(1_800_060_000)), 1_800_090_000);
    }

    #[test]
    fn a_clock_that_is_behind_is_helped_until_it_has_caught_up() {
        let healed = Healed { shown_ms: 1_500_000_000, right_ms: 1_800_000_000 };
        let last = Stamp::at_ms(1_800_000_000);
        assert_eq!(healed.put_right(1_500_060_000, last), 1_800_060_000);
        assert_eq!(healed.put_right(1_500_060_000, Stamp::at_ms(1_499_000_000)), 1_800_060_000);
        assert_eq!(healed.put_right(1_800_120_000, last), 1_800_120_000);
    }

    #[test]
    fn a_mended_clock_heals_at_once() {
        check(4_000_000_000_000, 1_800_000_000_000, 1_800_000_000_000);
    }
}
