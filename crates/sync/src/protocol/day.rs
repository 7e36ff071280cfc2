//! Days as numbers, so that the day after costs one byte and not ten.

/// Days of a month, and months of a year, as they are counted here: every month has room for 31.
const DAYS: u64 = 31;
const MONTHS: u64 = 12;

/// The number of a day that is written `2026-11-05`, and in no other way.
pub(super) fn day_of(text: &str) -> Option<u64> {
    let bytes: &[u8; 10] = text.as_bytes().try_into().ok()?;
    let number = |range: std::ops::Range<usize>| {
        bytes[range].iter().try_fold(0u64, |n, byte| byte.is_ascii_digit().then(|| n * 10 + u64::from(byte - b'0')))
    };
    let (year, month, day) = (number(0..4)?, number(5..7)?, number(8..10)?);
    let is_one = bytes[4] == b'-' && bytes[7] == b'-' && (1..=MONTHS).contains(&month) && (1..=DAYS).contains(&day);
    is_one.then(|| (year * MONTHS + month - 1) * DAYS + day - 1)
}

pub(super) fn text_of(day: u64) -> Option<String> {
    let (months, day) = (day / DAYS, day % DAYS + 1);
    let (year, month) = (months / MONTHS, months % MONTHS + 1);
    (year <= 9999).then(|| format!("{year:04}-{month:02}-{day:02}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_comes_back_and_nothing_else_is_one() {
        for text in ["0000-01-01", "2026-11-05", "2026-02-31", "9999-12-31"] {
            assert_eq!(day_of(text).and_then(text_of).as_deref(), Some(text));
        }
        for text in ["2026-11-5", "2026-13-01", "2026-00-01", "2026-01-00", "2026-01-32", "2026/01/01", "２０２６", ""]
        {
            assert_eq!(day_of(text), None, "{text}");
        }
        assert_eq!(text_of(u64::MAX), None);
    }
}
