//! 回执 — the township's word that a run of batches has come, and since when it counts.
//!
//! One receipt covers a whole run of one chain; its number is the township's own sequence number. A batch counts from
//! its stamp, put right by the skew that was measured in the session when the clock was slow, but never later than it
//! was received. Where a batch has several receipts (a restored township gave another), the earliest time holds,
//! whichever came first: a rule that does not ask in which order they were heard.
//!
//! A joined receipt says what several said that followed on each other, under one signature: every part keeps its number
//! and its time, so that nothing counts from another moment than it did.

use lianhu_ledger::{BatchRef, Hash, Stamp};
use minicbor::Encoder;
use uuid::Uuid;

use crate::protocol::wire::put;
use crate::shelf::Chain;
use crate::suite::{Signer, Suite};

/// One run of those that a receipt speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Part {
    pub no: u64,
    pub last: u64,
    pub received: Stamp,
    pub skew_ms: u64,
}

impl Part {
    fn time_of(&self, stamp: Stamp) -> Stamp {
        let skew = self.skew_ms.min(1 << 47) << 16;
        Stamp(stamp.0.saturating_add(skew)).min(self.received)
    }
}

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
    /// What it was joined from, in the order of their numbers in the chain, without the last of them: that is its own
    /// number, time and skew.
    pub before: Vec<Part>,
    pub signature: Vec<u8>,
}

impl Receipt {
    /// The last of its parts, in most receipts the only one.
    pub fn own_part(&self) -> Part {
        Part { no: self.no, last: self.last, received: self.received, skew_ms: self.skew_ms }
    }

    /// The part that speaks of this number of the chain.
    pub fn part_of(&self, seq: u64) -> Part {
        let nth = self.before.partition_point(|part| part.last < seq);
        self.before.get(nth).copied().unwrap_or_else(|| self.own_part())
    }

    pub fn parts(&self) -> impl Iterator<Item = Part> {
        self.before.iter().copied().chain([self.own_part()])
    }

    /// Since when the batch of that number and stamp counts.
    pub fn time_of(&self, seq: u64, stamp: Stamp) -> Stamp {
        self.part_of(seq).time_of(stamp)
    }

    /// Whether this one says all that the other does, under whichever signature.
    pub fn says(&self, part: Part, epoch: u64) -> bool {
        self.epoch == epoch && (self.first..=self.last).contains(&part.last) && self.part_of(part.last) == part
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
        for part in &self.before {
            put(e.array(4));
            put(e.u64(part.no));
            put(e.u64(part.last));
            put(e.u64(part.received.0));
            put(e.u64(part.skew_ms));
        }
        bytes
    }

    /// One part after the other, none empty.
    fn is_sound(&self) -> bool {
        let mut from = self.first;
        let follows = |part: Part| {
            let is_one = part.last >= from;
            from = part.last.saturating_add(1);
            is_one
        };
        self.first >= 1 && self.parts().all(follows)
    }

    pub fn sign(mut self, village: Uuid, signer: &dyn Signer) -> Receipt {
        self.signature = signer.sign(&self.signed(village));
        self
    }

    pub fn holds(&self, village: Uuid, suite: &dyn Suite, township: &[u8]) -> bool {
        self.is_sound() && suite.verify(township, &self.signed(village), &self.signature)
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
            before: Vec::new(),
            signature: Vec::new(),
        }
    }

    #[test]
    fn a_stamp_from_the_future_counts_from_its_receipt() {
        assert_eq!(receipt().time_of(9, Stamp::at_ms(4_000_000_000)), Stamp::at_ms(1_000_000));
        assert_eq!(receipt().time_of(9, Stamp::at_ms(900_000)), Stamp::at_ms(900_000));
    }

    #[test]
    fn a_slow_clock_is_put_right_but_never_beyond_the_receipt() {
        let slow = Receipt { skew_ms: 500_000, ..receipt() };
        assert_eq!(slow.time_of(9, Stamp::at_ms(400_000)), Stamp::at_ms(900_000));
        assert_eq!(slow.time_of(9, Stamp::at_ms(600_000)), Stamp::at_ms(1_000_000));
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
