//! 比例 — shares of a whole, exact.

use serde::{Deserialize, Serialize};

/// Kept as two whole numbers: two thirds of 63 must be exactly 42.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Ratio(pub u32, pub u32);

impl Ratio {
    /// The fewest of `n` that are at least this share of it.
    pub fn at_least(self, n: u32) -> u32 {
        u64::div_ceil(u64::from(n) * u64::from(self.0), u64::from(self.1.max(1))) as u32
    }

    /// The fewest of `n` that are more than this share of it.
    pub fn more_than(self, n: u32) -> u32 {
        (u64::from(n) * u64::from(self.0) / u64::from(self.1.max(1))) as u32 + 1
    }

    /// The most of `n` that do not exceed this share of it (优秀 at most a third).
    pub fn at_most(self, n: u32) -> u32 {
        self.more_than(n) - 1
    }

    /// Whether `part` of `whole` falls short of this share; nothing of nothing does not.
    pub fn undercut_by(self, part: u32, whole: u32) -> bool {
        u64::from(part) * u64::from(self.1) < u64::from(whole) * u64::from(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_exact() {
        let third = Ratio(2, 3);
        assert_eq!((third.at_least(63), third.at_least(64), third.more_than(63)), (42, 43, 43));
        assert_eq!((Ratio(1, 2).more_than(46), Ratio(1, 2).at_least(45)), (24, 23));
        assert_eq!((Ratio(1, 3).at_most(46), Ratio(1, 3).at_most(45)), (15, 15));
        assert!(Ratio(90, 100).undercut_by(884, 1000) && !Ratio(90, 100).undercut_by(9, 10));
        assert!(!Ratio(90, 100).undercut_by(0, 0));
    }
}
