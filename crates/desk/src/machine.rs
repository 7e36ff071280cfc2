//! The program's edge: the only place that asks the machine for time and randomness.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

use lianhu_ledger::dates::Date;
use lianhu_ledger::{Edge, china_day};

/// The machine's clock, or a fixed one; randomness is always the machine's.
#[derive(Clone, Copy, Debug, Default)]
pub struct Machine {
    fixed_ms: Option<u64>,
}

impl Machine {
    /// A day, or a day and a time, as a clock in China shows it. `None` when the text is neither.
    pub fn at(text: &str) -> Option<Machine> {
        let time = ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M"]
            .iter()
            .find_map(|form| chrono::NaiveDateTime::parse_from_str(text, form).ok())
            .or_else(|| text.parse::<Date>().ok()?.and_hms_opt(12, 0, 0))?;
        let ms = u64::try_from(time.and_utc().timestamp_millis() - EIGHT_HOURS_MS).ok()?;
        Some(Machine { fixed_ms: Some(ms) })
    }

    /// What a wall clock in China shows.
    pub fn china_time(&self) -> chrono::NaiveDateTime {
        let ms = i64::try_from(self.now_ms()).unwrap_or(0) + EIGHT_HOURS_MS;
        chrono::DateTime::from_timestamp_millis(ms).unwrap_or_default().naive_utc()
    }
}

/// A clock that only goes forward, for pauses: it tells no time of day and stands still for nobody.
pub fn forward() -> Instant {
    Instant::now()
}

const EIGHT_HOURS_MS: i64 = 8 * 3_600_000;

impl Edge for Machine {
    #[expect(clippy::disallowed_methods, reason = "this is the edge")]
    fn now_ms(&self) -> u64 {
        let machine = || SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_millis() as u64);
        self.fixed_ms.unwrap_or_else(machine)
    }

    fn today(&self) -> Date {
        china_day(self.now_ms())
    }

    fn random(&mut self) -> [u8; 16] {
        *uuid::Uuid::new_v4().as_bytes()
    }
}
