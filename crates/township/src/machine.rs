//! The program's edge: the only place that asks the machine for time and chance.

use std::time::{SystemTime, UNIX_EPOCH};

use lianhu_ledger::dates::Date;
use lianhu_ledger::{Edge, china_day};
use uuid::Uuid;

/// The machine's clock, or one that a test holds still; chance is always the machine's.
#[derive(Clone, Copy, Debug, Default)]
pub struct Machine {
    fixed_ms: Option<u64>,
}

impl Machine {
    /// A clock that stands.
    pub fn at_ms(ms: u64) -> Machine {
        Machine { fixed_ms: Some(ms) }
    }

    /// Milliseconds since 1970.
    #[expect(clippy::disallowed_methods, reason = "this is the edge")]
    pub fn now_ms(&self) -> u64 {
        let machine = || SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_millis() as u64);
        self.fixed_ms.unwrap_or_else(machine)
    }

    pub fn chance(&self) -> [u8; 16] {
        *Uuid::new_v4().as_bytes()
    }

    /// A key's worth of it. Two of the machine's random ids hold 244 bits of chance; the hash spreads them.
    pub fn secret(&self) -> [u8; 32] {
        let chance = [self.chance(), self.chance(), self.chance()].concat();
        blake3::derive_key("lianhu 2026 township secret", &chance)
    }

    /// A certificate of the township's own for that name, and its key, both as PEM. It holds for a hundred years: who
    /// trusts it does so by its fingerprint alone.
    pub fn certificate(&self, names: Vec<String>) -> Result<(String, String), rcgen::Error> {
        let key = rcgen::KeyPair::generate()?;
        let mut params = rcgen::CertificateParams::new(names)?;
        params.distinguished_name = rcgen::DistinguishedName::new();
        params.distinguished_name.push(rcgen::DnType::CommonName, "lianhu-township");
        params.not_before = rcgen::date_time_ymd(2026, 1, 1);
        params.not_after = rcgen::date_time_ymd(2126, 1, 1);
        let certificate = params.self_signed(&key)?;
        Ok((certificate.pem(), key.serialize_pem()))
    }
}

impl Edge for Machine {
    fn now_ms(&self) -> u64 {
        Machine::now_ms(self)
    }

    fn today(&self) -> Date {
        china_day(self.now_ms())
    }

    fn random(&mut self) -> [u8; 16] {
        self.chance()
    }
}
