//! 回执 — the township's word that a run of batches has come, and since when it counts.
//!
//! One receipt covers a whole run of one chain; its number is the township's own sequence number. A batch counts from
//! its stamp, put right by the skew that was measured in the session when the clock was slow, but never later than it
//! was received. Where a batch has several receipts (a restored township gave another), the earliest time holds,
//! whichever came first: a rule that does not ask in which order they were heard.

use lianhu_ledger::{BatchRef, Hash, Stamp};
use minicbor::Encoder;
use uuid::Uuid;

use crate::protocol::wire::put;
use crate::shelf::Chain;
use crate::suite::{Signer, Suite};

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Receipt {
    /// The township's incarnation that gave it.
    pub epoch: u64,
    /// 回执号.
    pub no: u64,
    pub chain: Chain,
    pub first: u64,
    pub last: u64,
    /// Hash of the last batch; what lies before it is covered by the chain.
    pub hash: Hash,
    pub received: Stamp,
    /// How far the device's clock was behind.
    pub skew_ms: u64,
    pub signature: Vec<u8>,
}

impl Receipt {
    /// Since when a batch with that stamp counts.
    pub fn time_of(&self, stamp: Stamp) -> Stamp {
        let skew = self.skew_ms.min(1 << 47) << 16;
        Stamp(stamp.0.saturating_add(skew)).min(self.received)
    }

    pub fn covers(&self, at: BatchRef) -> bool {
        self.chain == Chain::of(at) && (self.first..=self.last).contains(&at.seq)
    }

    /// The bytes the township signs.
    pub fn signed(&self, village: Uuid) -> Vec<u8> {
        let mut bytes = b"lianhu receipt".to_vec();
        let e = &mut Encoder::new(&mut bytes);
        put(e.bytes(village.as_bytes()));
        put(e.u64(self.epoch));
        put(e.u64(self.no));
        put(e.bytes(self.chain.device.as_bytes()));
        put(e.u32(self.chain.incarnation));
        put(e.u64(self.first));
        put(e.u64(self.last));
        put(e.bytes(&self.hash));
        put(e.u64(self.received.0));
        put(e.u64(self.skew_ms));
        bytes
    }

    pub fn sign(mut self, village: Uuid, signer: &dyn Signer) -> Receipt {
        self.signature = signer.sign(&self.signed(village));
        self
    }

    pub fn holds(&self, village: Uuid, suite: &dyn Suite, township: &[u8]) -> bool {
        self.first >= 1 && self.first <= self.last && suite.verify(township, &self.signed(village), &self.signature)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::suite::{Ed25519, Ed25519Key};

    fn receipt() -> Receipt {
        Receipt {
            epoch: 1,
            no: 7,
            chain: Chain { device: Uuid::from_u128(3), incarnation: 1 },
            first: 4,
            last: 9,
            hash: [5; 32],
            received: Stamp::at_ms(1_000_000),
            skew_ms: 0,
            signature: Vec::new(),
        }
    }

    #[test]
    fn a_stamp_from_the_future_counts_from_its_receipt() {
        assert_eq!(receipt().time_of(Stamp::at_ms(4_000_000_000)), Stamp::at_ms(1_000_000));
        assert_eq!(receipt().time_of(Stamp::at_ms(900_000)), Stamp::at_ms(900_000));
    }

    #[test]
    fn a_slow_clock_is_put_right_but_never_beyond_the_receipt() {
        let slow = Receipt { skew_ms: 500_000, ..receipt() };
        assert_eq!(slow.time_of(Stamp::at_ms(400_000)), Stamp::at_ms(900_000));
        assert_eq!(slow.time_of(Stamp::at_ms(600_000)), Stamp::at_ms(1_000_000));
    }

    #[test]
    fn a_receipt_that_was_changed_does_not_hold() {
        let (village, key) = (Uuid::from_u128(1), Ed25519Key::new([1; 32]));
        let good = receipt().sign(village, &key);
        assert!(good.holds(village, &Ed25519, &key.public()));
        let other = Receipt { last: 10, ..good.clone() };
        assert!(!other.holds(village, &Ed25519, &key.public()));
        assert!(!good.holds(Uuid::from_u128(2), &Ed25519, &key.public()));
    }
}
