//! One computer of the village: its ledger, its clock as someone set it, and what it has heard.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use lianhu_ledger::dates::Date;
use lianhu_ledger::records::KINDS;
use lianhu_ledger::{Edge, Founding, Ledger, china_day};
use uuid::Uuid;

use super::START_MS;
use crate::dice::Dice;

const YEAR_MS: i64 = 31_557_600_000;
const MINUTE_MS: i64 = 60_000;

pub struct Computer {
    pub ledger: Ledger,
    /// Positions of the posted batches that have come here.
    pub knows: BTreeSet<usize>,
    path: PathBuf,
    edge: World,
    ahead_ms: i64,
}

/// The world as this computer sees it; it goes on when the program is started again.
#[derive(Clone)]
struct World {
    clock: Arc<AtomicU64>,
    chance: Arc<Mutex<Dice>>,
}

impl World {
    fn new(seed: u64) -> World {
        World { clock: Arc::new(AtomicU64::new(START_MS)), chance: Arc::new(Mutex::new(Dice::new(seed))) }
    }
}

impl Edge for World {
    fn now_ms(&self) -> u64 {
        self.clock.load(Ordering::Relaxed)
    }

    fn today(&self) -> Date {
        china_day(self.now_ms())
    }

    fn random(&mut self) -> [u8; 16] {
        let mut dice = self.chance.lock().unwrap_or_else(PoisonError::into_inner);
        (u128::from(dice.roll()) << 64 | u128::from(dice.roll())).to_le_bytes()
    }
}

impl Computer {
    pub fn founding(path: &Path, seed: u64) -> Computer {
        let edge = World::new(seed);
        let founding =
            Founding { village: "禾坪村", code: "990101102207", township: "松河镇", clerk: "王文书" };
        let ledger = Ledger::create(path, None, &founding, Box::new(edge.clone())).expect("a new ledger");
        Computer { ledger, knows: BTreeSet::new(), path: path.to_owned(), edge, ahead_ms: 0 }
    }

    pub fn joining(path: &Path, village: Uuid, seed: u64) -> Computer {
        let edge = World::new(seed);
        let ledger = Ledger::join(path, None, village, Box::new(edge.clone())).expect("a joining ledger");
        Computer { ledger, knows: BTreeSet::new(), path: path.to_owned(), edge, ahead_ms: 0 }
    }

    /// Time passes, and this clock shows it as wrongly as it was set.
    pub fn tick(&mut self, now_ms: u64) {
        let shown = i64::try_from(now_ms).unwrap_or(i64::MAX).saturating_add(self.ahead_ms).max(0);
        self.edge.clock.store(shown as u64, Ordering::Relaxed);
    }

    /// Someone sets the clock: years off, a little off, a flat battery, the last day a computer can show; or right.
    pub fn wind(&mut self, dice: &mut Dice, now_ms: u64) {
        let last_day = 253_402_214_400_000 - now_ms as i64;
        let no_battery = -100 * YEAR_MS;
        let settings = [0, 0, 0, 72 * YEAR_MS, -30 * YEAR_MS, 7 * MINUTE_MS, -7 * MINUTE_MS, no_battery, last_day];
        self.ahead_ms = dice.pick(&settings).copied().unwrap_or(0);
        self.tick(now_ms);
    }

    /// The program is closed and opened again.
    pub fn restart(&mut self) {
        self.ledger = Ledger::open(&self.path, None, Box::new(self.edge.clone())).expect("the ledger opens again");
    }

    /// All that a person could read in this ledger: records, voided ones, open questions, findings.
    pub fn says(&self) -> String {
        let mut out = Vec::new();
        self.ledger.dump(&mut out).expect("it is printed");
        let mut said = String::from_utf8(out).expect("a dump is UTF-8");
        for kind in KINDS {
            let voided = self.ledger.view().voided(kind.name).expect("voided records are read");
            voided.iter().for_each(|record| said += &format!("voided {} {record}\n", kind.name));
        }
        self.ledger.overtaken().expect("questions are read").iter().for_each(|open| said += &format!("{open:?}\n"));
        self.ledger.findings().expect("findings are read").iter().for_each(|found| said += &format!("{found:?}\n"));
        said
    }
}
