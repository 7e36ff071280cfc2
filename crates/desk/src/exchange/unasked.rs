//! 自动上报 — the township is spoken to without anybody asking: when a connection appears, after something was saved, now and
//! then for what others wrote. It ends with the desk.

use std::net::IpAddr;
use std::sync::Weak;
use std::time::{Duration, Instant};

use lianhu_sync::client::{Trouble, belonging};

use super::connection::way_to;
use super::pace::{End, Pace, after_save};
use super::talk::{Nobody, Talked, chance, talk};
use crate::desk::Desk;
use crate::machine::forward;

/// So often it is looked whether there is a way out.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// A ledger that belongs to no township is looked at now and then; who joins wakes it.
const NOBODY_EVERY: Duration = Duration::from_secs(60);

/// Begins to speak unasked, on a thread of its own.
pub fn begin(desk: &Desk) {
    let desk = desk.weak();
    std::thread::spawn(move || {
        let mut rounds = Rounds::default();
        while rounds.turn(&desk) {}
    });
}

#[derive(Default)]
struct Rounds {
    pace: Pace,
    /// The address by which it would go, when it was looked last.
    way: Option<IpAddr>,
    looked: bool,
    /// When to speak without any other reason; at once at the start.
    due: Option<Instant>,
}

/// What is known before the township is spoken to.
struct Seen {
    address: String,
    waits: bool,
}

impl Rounds {
    /// Sleeps, looks, and speaks when there is a reason. `false` when the desk is gone.
    fn turn(&mut self, desk: &Weak<crate::desk::Inner>) -> bool {
        let Some((exchanges, about)) = Desk::of_weak(desk).map(|desk| (desk.exchanges(), seen(&desk))) else {
            return false;
        };
        // While it sleeps it holds nothing of the desk: a program that ends does not wait for it.
        let (saves, now) = exchanges.sleep(about.map_or(NOBODY_EVERY, |_| self.wait(exchanges.saves())));
        let Some(desk) = Desk::of_weak(desk) else { return false };
        let Some(about) = seen(&desk) else {
            *self = Rounds::default();
            return true;
        };
        if self.has_reason(&about.address, saves, now) {
            exchanges.taken();
            let end = end(talk(&desk, &mut Nobody).ok(), about.waits);
            let chance = chance(&mut desk.machine());
            self.due = Some(forward() + self.pace.after(end, chance));
        }
        true
    }

    fn wait(&self, saves: Option<super::news::Saves>) -> Duration {
        if self.looked && self.way.is_none() {
            return LOOK_EVERY;
        }
        let due = self.due.map_or(Duration::ZERO, |due| due.saturating_duration_since(forward()));
        let saved = saves.map_or(LOOK_EVERY, |saves| after_save(saves.first.elapsed(), saves.last.elapsed()));
        due.min(saved).min(LOOK_EVERY)
    }

    /// A connection that was not there, or is another one, is a reason; without one there is none.
    fn has_reason(&mut self, address: &str, saves: Option<super::news::Saves>, now: bool) -> bool {
        let way = way_to(address);
        let appeared = way.is_some() && way != self.way;
        (self.way, self.looked) = (way, true);
        if appeared {
            self.pace.anew();
        }
        let due = self.due.is_none_or(|due| forward() >= due);
        let saved = saves.is_some_and(|saves| after_save(saves.first.elapsed(), saves.last.elapsed()).is_zero());
        way.is_some() && (appeared || due || saved || now)
    }
}

/// A ledger that cannot be asked now is asked the next time.
fn seen(desk: &Desk) -> Option<Seen> {
    let about = desk.read(belonging).ok().flatten()?;
    about.has_township().then_some(Seen { address: about.address, waits: about.waits })
}

fn end(talked: Option<Talked>, waits: bool) -> End {
    let Some(talked) = talked else { return End::Passing };
    let Some(trouble) = talked.trouble else { return End::All };
    // Somebody may log in at the page that stood in between, without another connection.
    let passes = ["left", Trouble::Stopped.name(), Trouble::NotOurTownship.name()].contains(&trouble.as_str())
        || Trouble::ALL.iter().any(|one| one.name() == trouble && one.passes());
    match () {
        () if waits || trouble == Trouble::Waits.name() => End::Waits,
        () if passes => End::Passing,
        () => End::Stuck,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(trouble: Option<&str>, waits: bool, expect: End) {
        let talked = Talked { trouble: trouble.map(str::to_owned), ..Talked::default() };
        assert_eq!(end(Some(talked), waits), expect, "{trouble:?}");
    }

    #[test]
    fn what_passes_is_tried_again_soon_and_what_needs_somebody_is_not() {
        check(None, false, End::All);
        check(Some("no_connection"), false, End::Passing);
        check(Some("left"), false, End::Passing);
        check(Some("busy"), false, End::Passing);
        check(Some("revoked"), false, End::Stuck);
        check(Some("not_our_township"), false, End::Passing);
        check(Some("newer"), false, End::Stuck);
        check(Some("waits"), false, End::Waits);
        check(Some("no_connection"), true, End::Waits);
    }

    #[test]
    fn a_connection_that_appears_is_a_reason_and_one_that_stays_is_none() {
        let mut rounds = Rounds { due: Some(forward() + Duration::from_secs(600)), ..Rounds::default() };
        assert!(rounds.has_reason("127.0.0.1:1", None, false));
        assert!(!rounds.has_reason("127.0.0.1:1", None, false));
        assert!(rounds.has_reason("127.0.0.1:1", None, true));
        let now = forward();
        let saves = super::super::news::Saves { first: now, last: now };
        assert!(!rounds.has_reason("127.0.0.1:1", Some(saves), false), "somebody may be typing on");
        rounds.due = Some(now);
        assert!(rounds.has_reason("127.0.0.1:1", None, false));
    }
}
