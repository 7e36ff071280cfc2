//! 刚收到的 — what came in from other computers while pages are open, and where the conversation stands: pages ask for it
//! every moment, so it is answered without the ledger.

use std::collections::{BTreeSet, VecDeque};
use std::sync::{Condvar, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use lianhu_ledger::Touched;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

use crate::desk::{Desk, held};
use crate::machine::forward;
use crate::problem::Result;

/// So many pieces of news are kept; who has missed more asks for everything again.
const KEPT: usize = 64;
/// More records than this in one piece of news are not named.
const NAMED: usize = 500;

#[derive(Clone, Copy, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SeenNews {
    pub seen: u64,
}

/// What has happened since.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ExchangeNews {
    pub no: u64,
    /// Kinds of record that changed; `None` when so much has happened that everything is to be asked again.
    #[ts(type = "Kind[] | null")]
    pub touched: Option<BTreeSet<&'static str>>,
    /// The records, where they are few.
    pub records: Vec<Uuid>,
    /// Somebody speaks with the township now.
    pub talking: bool,
}

struct Piece {
    no: u64,
    kinds: BTreeSet<&'static str>,
    records: Vec<Uuid>,
}

/// What was saved and is not sent yet.
#[derive(Clone, Copy, Debug)]
pub(super) struct Saves {
    pub first: Instant,
    pub last: Instant,
}

#[derive(Default)]
struct Nudge {
    saves: Option<Saves>,
    /// Somebody has joined a township, or opened another ledger: look at once.
    now: bool,
}

/// The desk's part in the exchange, between its commands and the one who speaks unasked.
#[derive(Default)]
pub(crate) struct Exchanges {
    turn: Mutex<()>,
    talking: std::sync::atomic::AtomicBool,
    news: Mutex<(u64, VecDeque<Piece>)>,
    nudge: Mutex<Nudge>,
    woken: Condvar,
    pub(super) door: super::room::LastDoor,
}

/// Held by whoever speaks.
pub(super) struct Turn<'a> {
    exchanges: &'a Exchanges,
    _turn: MutexGuard<'a, ()>,
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.exchanges.talking.store(false, std::sync::atomic::Ordering::Relaxed);
    }
}

impl Exchanges {
    /// Waits until nobody else speaks.
    pub(super) fn turn(&self) -> Turn<'_> {
        let turn = held(&self.turn);
        self.talking.store(true, std::sync::atomic::Ordering::Relaxed);
        Turn { exchanges: self, _turn: turn }
    }

    pub(super) fn is_talking(&self) -> bool {
        self.talking.load(std::sync::atomic::Ordering::Relaxed)
    }

    /// Something came in, or its state changed.
    pub(super) fn heard(&self, touched: &Touched) {
        let mut news = held(&self.news);
        news.0 += 1;
        let no = news.0;
        let kinds = touched.records.iter().map(|(kind, _)| *kind).collect();
        let few = touched.records.len() <= NAMED;
        let records = if few { touched.records.iter().map(|(_, id)| *id).collect() } else { Vec::new() };
        news.1.push_back(Piece { no, kinds, records });
        while news.1.len() > KEPT {
            news.1.pop_front();
        }
    }

    fn since(&self, seen: u64) -> ExchangeNews {
        let news = held(&self.news);
        let (no, pieces) = (news.0, news.1.iter().filter(|piece| piece.no > seen).collect::<Vec<_>>());
        let whole = no.saturating_sub(seen) == pieces.len() as u64;
        let kinds = || pieces.iter().flat_map(|piece| piece.kinds.iter().copied()).collect();
        let records = pieces.iter().flat_map(|piece| piece.records.iter().copied()).collect();
        ExchangeNews { no, touched: whole.then(kinds), records, talking: self.is_talking() }
    }

    #[cfg(test)]
    pub(super) fn news_no(&self) -> u64 {
        held(&self.news).0
    }

    /// Something was saved here.
    pub(crate) fn saved(&self) {
        let now = forward();
        let mut nudge = held(&self.nudge);
        let first = nudge.saves.map_or(now, |saves| saves.first);
        nudge.saves = Some(Saves { first, last: now });
        drop(nudge);
        self.woken.notify_all();
    }

    /// There is a reason to speak at once.
    pub(crate) fn wake(&self) {
        held(&self.nudge).now = true;
        self.woken.notify_all();
    }

    /// Sleeps so long, or until something was saved. What was saved and whether to speak at once; both are forgotten
    /// when they are `taken`.
    pub(super) fn sleep(&self, most: Duration) -> (Option<Saves>, bool) {
        let nudge = held(&self.nudge);
        let woken = |nudge: &mut Nudge| !nudge.now;
        let (mut nudge, _) =
            self.woken.wait_timeout_while(nudge, most, woken).unwrap_or_else(std::sync::PoisonError::into_inner);
        (nudge.saves, std::mem::take(&mut nudge.now))
    }

    pub(super) fn saves(&self) -> Option<Saves> {
        held(&self.nudge).saves
    }

    pub(super) fn taken(&self) {
        held(&self.nudge).saves = None;
    }
}

/// 刚收到的.
pub fn news(desk: &Desk, ask: SeenNews) -> Result<ExchangeNews> {
    Ok(desk.exchange().since(ask.seen))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn touched(kind: &'static str, ids: impl IntoIterator<Item = u128>) -> Touched {
        let records = ids.into_iter().map(|id| (kind, Uuid::from_u128(id))).collect();
        Touched { records, ..Touched::default() }
    }

    #[test]
    fn who_asks_is_told_what_came_since_and_once() {
        let exchanges = Exchanges::default();
        exchanges.heard(&touched("visit", [1]));
        exchanges.heard(&touched("person", [2, 3]));
        let all = exchanges.since(0);
        assert_eq!((all.no, all.records.len()), (2, 3));
        assert_eq!(all.touched, Some(["person", "visit"].into()));
        assert_eq!(exchanges.since(1).records, [Uuid::from_u128(2), Uuid::from_u128(3)]);
        assert_eq!(exchanges.since(2).touched, Some(BTreeSet::new()));
    }

    #[test]
    fn who_has_missed_much_asks_for_everything_again() {
        let exchanges = Exchanges::default();
        (0..100).for_each(|id| exchanges.heard(&touched("visit", [id])));
        assert_eq!(exchanges.since(0).touched, None);
        assert!(exchanges.since(99).touched.is_some());
        exchanges.heard(&touched("visit", 0..1000));
        assert!(exchanges.since(100).records.is_empty());
    }
}
