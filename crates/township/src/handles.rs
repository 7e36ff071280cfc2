//! 文件与连接 — how many files and connections the system lets this program have at once, and who gets them. Without a
//! share for each, a crowd at the doors would leave none to open a village with.

use crate::porter::Places;

/// What an open village takes: its file, and the two that SQLite keeps beside it.
const OF_A_VILLAGE: usize = 3;
/// Villages whose file stays open: what a busy evening needs, and what the board of a county asks.
const FEWEST_VILLAGES: usize = 128;
const MOST_VILLAGES: usize = 1_024;
/// Connections at the same time, however narrow the system is.
const FEWEST_GUESTS: usize = 128;
/// Ledgers that are being read, logs, the program itself.
const REST: usize = 128;
/// What a Unix system gives a program that does not ask for more.
const USUAL: u64 = 1_024;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    pub villages: usize,
    pub guests: usize,
}

impl Share {
    /// Asks the system for as many as are of use. The usual limit is a soft one, which a program may raise itself as far as
    /// the hard one; Windows has none.
    pub fn of_this_program() -> Share {
        let wanted = MOST_VILLAGES * OF_A_VILLAGE + Places::default().in_all + REST;
        let given = rlimit::increase_nofile_limit(wanted as u64).unwrap_or(USUAL);
        Share::of(usize::try_from(given).unwrap_or(wanted))
    }

    fn of(handles: usize) -> Share {
        let villages = (handles / 2 / OF_A_VILLAGE).clamp(FEWEST_VILLAGES, MOST_VILLAGES);
        let left = handles.saturating_sub(villages * OF_A_VILLAGE + REST);
        Share { villages, guests: left.max(FEWEST_GUESTS) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(handles: usize, villages: usize, guests: usize) {
        assert_eq!(Share::of(handles), Share { villages, guests });
    }

    #[test]
    fn what_the_system_gives_is_shared() {
        check(11_200, 1_024, 8_000);
        check(4_096, 682, 1_922);
        check(1_024, 170, 386);
    }

    #[test]
    fn a_narrow_system_still_gets_a_server() {
        check(256, 128, 128);
        check(0, 128, 128);
    }

    #[test]
    fn this_system_gives_what_a_hundred_villages_need() {
        let Share { villages, guests } = Share::of_this_program();
        assert!(villages >= FEWEST_VILLAGES && guests >= FEWEST_GUESTS, "{villages} {guests}");
    }
}
