//! Limits — nobody takes the server away from the others: so many requests from an address and a computer, so many bytes
//! a day, and few guesses at an enrolment code.
//!
//! A bucket holds as many as may come at once and fills again with time. A village office is one address for all its
//! computers, and a month's photographs are thousands of small requests: the usual limits stop floods, not work.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use uuid::Uuid;

use crate::porter::Places;

/// The largest body that is read.
pub const LARGEST_BODY: usize = 8 * 1024 * 1024;
/// Buckets that are remembered; beyond that the full ones are forgotten.
const REMEMBERED: usize = 20_000;
const DAY_MS: u64 = 24 * 60 * 60 * 1000;

/// So many at once, so many a minute.
#[derive(Clone, Copy, Debug)]
pub struct Rate {
    pub burst: u32,
    pub a_minute: u32,
}

#[derive(Clone, Copy, Debug)]
pub struct Rates {
    pub address: Rate,
    pub device: Rate,
    pub guess: Rate,
    /// Connections at the same time.
    pub places: Places,
    /// Bytes a computer may send in a day.
    pub device_day: u64,
    /// TLS and the head of a request may take so long, each.
    pub greeting: Duration,
    /// A sender who is silent for so long in the middle is gone.
    pub silence: Duration,
}

impl Default for Rates {
    fn default() -> Rates {
        Rates {
            address: Rate { burst: 2_000, a_minute: 24_000 },
            device: Rate { burst: 1_000, a_minute: 6_000 },
            guess: Rate { burst: 5, a_minute: 5 },
            places: Places::default(),
            device_day: 1 << 30,
            greeting: Duration::from_secs(15),
            silence: Duration::from_secs(30),
        }
    }
}

/// Whose bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Of {
    Address(IpAddr),
    Guess(IpAddr),
    Device(Uuid),
}

#[derive(Clone, Copy)]
struct Bucket {
    /// In thousandths of a request.
    level: u64,
    at_ms: u64,
}

impl Bucket {
    fn fill(&mut self, rate: Rate, now_ms: u64) {
        let passed = now_ms.saturating_sub(self.at_ms);
        let full = u64::from(rate.burst) * 1000;
        self.level = self.level.saturating_add(passed.saturating_mul(u64::from(rate.a_minute)) / 60).min(full);
        self.at_ms = self.at_ms.max(now_ms);
    }

    /// Takes one, or says in how many seconds there will be one.
    fn take(&mut self, rate: Rate) -> Result<(), u64> {
        if self.level >= 1000 {
            self.level -= 1000;
            return Ok(());
        }
        let lacking = 1000 - self.level;
        Err((lacking * 60).div_ceil(u64::from(rate.a_minute.max(1)) * 1000).max(1))
    }
}

#[derive(Default)]
struct Known {
    buckets: HashMap<Of, Bucket>,
    /// Bytes of a computer on a day.
    days: HashMap<Uuid, (u64, u64)>,
}

/// Everyone's buckets.
#[derive(Default)]
pub struct Limits {
    pub rates: Rates,
    known: Mutex<Known>,
}

/// One address is one house: of the long ones the first half says which.
pub(crate) fn house(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(long) => IpAddr::V6(Ipv6Addr::from_bits(long.to_bits() >> 64 << 64)),
        short => short,
    }
}

impl Limits {
    pub fn new(rates: Rates) -> Limits {
        Limits { rates, known: Mutex::default() }
    }

    fn take(&self, of: Of, rate: Rate, now_ms: u64, cost: bool) -> Result<(), u64> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.buckets.len() >= REMEMBERED {
            known.buckets.retain(|_, bucket| now_ms.saturating_sub(bucket.at_ms) < 60_000);
            if known.buckets.len() >= REMEMBERED {
                known.buckets.clear();
            }
        }
        let full = Bucket { level: u64::from(rate.burst) * 1000, at_ms: now_ms };
        let bucket = known.buckets.entry(of).or_insert(full);
        bucket.fill(rate, now_ms);
        if cost { bucket.take(rate) } else { bucket.clone().take(rate) }
    }

    /// A request from an address; `Err` says in how many seconds to come again.
    pub fn address(&self, address: IpAddr, now_ms: u64) -> Result<(), u64> {
        self.take(Of::Address(house(address)), self.rates.address, now_ms, true)
    }

    /// A request of a computer that has shown its key, of so many bytes.
    pub fn device(&self, device: Uuid, bytes: usize, now_ms: u64) -> Result<(), u64> {
        self.take(Of::Device(device), self.rates.device, now_ms, true)?;
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let today = now_ms / DAY_MS;
        let (day, sent) = known.days.entry(device).or_insert((today, 0));
        if *day != today {
            (*day, *sent) = (today, 0);
        }
        *sent += bytes as u64;
        if *sent > self.rates.device_day { Err((DAY_MS - now_ms % DAY_MS) / 1000 + 1) } else { Ok(()) }
    }

    /// Whether an address may still try a code.
    pub fn may_guess(&self, address: IpAddr, now_ms: u64) -> Result<(), u64> {
        self.take(Of::Guess(house(address)), self.rates.guess, now_ms, false)
    }

    /// An address tried a code that is none.
    pub fn guessed(&self, address: IpAddr, now_ms: u64) {
        let _ = self.take(Of::Guess(house(address)), self.rates.guess, now_ms, true);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

    fn limits() -> Limits {
        let few = Rate { burst: 3, a_minute: 60 };
        Limits::new(Rates { address: few, device: few, guess: few, device_day: 100, ..Rates::default() })
    }

    #[test]
    fn what_is_too_much_is_told_when_to_come_again_and_then_may() {
        let limits = limits();
        (0..3).for_each(|_| assert_eq!(limits.address(HERE, 1000), Ok(())));
        assert_eq!(limits.address(HERE, 1000), Err(1));
        assert_eq!(limits.address(HERE, 2000), Ok(()));
        assert_eq!(limits.address(HERE, 2000), Err(1));
    }

    #[test]
    fn looking_costs_no_guess_and_guessing_does() {
        let limits = limits();
        (0..9).for_each(|_| assert_eq!(limits.may_guess(HERE, 5), Ok(())));
        (0..3).for_each(|_| limits.guessed(HERE, 5));
        assert_eq!(limits.may_guess(HERE, 5), Err(1));
    }

    #[test]
    fn a_day_s_bytes_end_with_the_day() {
        let limits = limits();
        let device = Uuid::from_u128(1);
        assert_eq!(limits.device(device, 90, DAY_MS - 2000), Ok(()));
        assert_eq!(limits.device(device, 90, DAY_MS - 2000), Err(3));
        assert_eq!(limits.device(device, 90, DAY_MS + 1), Ok(()));
    }

    #[test]
    fn a_house_with_many_long_addresses_is_one() {
        let limits = limits();
        let address = |n: u128| IpAddr::V6(Ipv6Addr::from_bits(0x2001 << 112 | n));
        (0..3).for_each(|n| assert_eq!(limits.address(address(n), 0), Ok(())));
        assert_eq!(limits.address(address(9), 0), Err(1));
    }

    #[test]
    fn a_crowd_of_addresses_is_not_remembered_for_ever() {
        let limits = limits();
        for n in 0..3 * REMEMBERED as u32 {
            assert_eq!(limits.address(IpAddr::V4(n.into()), 0), Ok(()));
        }
        assert!(limits.known.lock().unwrap().buckets.len() <= REMEMBERED);
    }
}
