//! The world's edge: clock and randomness are handed in, so that a test can hold both still.

use uuid::Uuid;

use crate::dates::Date;

/// What the ledger asks of the world. The programs have one that asks the machine; tests have a fixed one.
pub trait Edge: Send {
    /// Milliseconds since 1970.
    fn now_ms(&self) -> u64;

    /// The day on the wall calendar of the village.
    fn today(&self) -> Date;

    fn random(&mut self) -> [u8; 16];
}

/// A record's new id: made in the order of time, so that rows written together lie together.
pub(crate) fn new_id(edge: &mut dyn Edge) -> Uuid {
    let random = edge.random();
    let tail: [u8; 10] = random[..10].try_into().expect("ten of sixteen bytes");
    uuid::Builder::from_unix_timestamp_millis(edge.now_ms(), &tail).into_uuid()
}

/// The id of something there may be only one of: the same on every device, without asking.
pub fn only_one(village: Uuid, kind: &str, of: &[&dyn std::fmt::Display]) -> Uuid {
    let name: String = of.iter().map(|part| format!("/{part}")).collect();
    Uuid::new_v5(&village, format!("{kind}{name}").as_bytes())
}

/// A still clock and counted randomness, for tests and for scripts that want the same bytes twice.
#[derive(Clone, Debug)]
pub struct FixedEdge {
    pub ms: u64,
    pub seed: u64,
    pub counter: u64,
}

impl FixedEdge {
    /// Noon in China on that day.
    pub fn on(date: Date, seed: u64) -> FixedEdge {
        let noon_in_china = date.and_hms_opt(4, 0, 0).expect("04:00 UTC exists every day").and_utc();
        FixedEdge { ms: noon_in_china.timestamp_millis().max(0) as u64, seed, counter: 0 }
    }
}

impl Edge for FixedEdge {
    fn now_ms(&self) -> u64 {
        self.ms
    }

    fn today(&self) -> Date {
        china_day(self.ms)
    }

    fn random(&mut self) -> [u8; 16] {
        self.counter += 1;
        let hash = blake3::hash(&[self.seed.to_le_bytes(), self.counter.to_le_bytes()].concat());
        hash.as_bytes()[..16].try_into().expect("sixteen of thirty-two bytes")
    }
}

/// All of China keeps one time, eight hours ahead of UTC.
pub fn china_day(ms: u64) -> Date {
    let ms = i64::try_from(ms).unwrap_or(i64::MAX).saturating_add(8 * 3_600_000);
    chrono::DateTime::from_timestamp_millis(ms).map_or(Date::MAX, |t| t.date_naive())
}
