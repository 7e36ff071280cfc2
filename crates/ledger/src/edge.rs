//! The world's edge: clock and randomness are handed in, so that a test can hold both still.

use std::fmt::Write;

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

/// A record's new id: made in the order of time, and within one action in the order of making, so that rows written
/// together lie together and a list by id is a list in the order of entry. (UUIDv7 with an 18-bit counter.)
pub(crate) fn new_id(edge: &mut dyn Edge, nth: u64) -> Uuid {
    let mut tail: [u8; 10] = edge.random()[..10].try_into().expect("ten of sixteen bytes");
    let low = nth & 0x3_ffff;
    tail[0] = (low >> 14) as u8;
    tail[1] = (low >> 6) as u8;
    tail[2] = (low & 0x3f) as u8;
    uuid::Builder::from_unix_timestamp_millis(edge.now_ms() + (nth >> 18), &tail).into_uuid()
}

/// The id of something there may be only one of: the same on every device, without asking.
pub fn only_one(village: Uuid, kind: &str, of: &[&dyn std::fmt::Display]) -> Uuid {
    let mut name = kind.to_owned();
    of.iter().try_for_each(|part| write!(name, "/{part}")).expect("a text takes what is written to it");
    Uuid::new_v5(&village, name.as_bytes())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_one_action_come_in_the_order_of_making() {
        let mut edge = FixedEdge::on(Date::from_ymd_opt(2026, 11, 5).unwrap(), 1);
        let ids: Vec<Uuid> = (262_000..263_000).map(|nth| new_id(&mut edge, nth)).collect();
        assert!(ids.is_sorted());
        assert!(ids.iter().all(|id| id.get_version_num() == 7));
    }
}
