//! The end of every chain, beside the state of its village: a village has a handful, and every push asks for all of them and
//! moves one. A table of their own cost a tenth of what the database did.

use std::collections::BTreeMap;

use lianhu_ledger::{Chain, Head, Result};
use uuid::Uuid;

use crate::store::{damaged, hash};

/// Device, incarnation, number and hash.
const END: usize = 16 + 4 + 8 + 32;

pub fn write(ends: &BTreeMap<Chain, Head>) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(ends.len() * END);
    for (chain, head) in ends {
        bytes.extend(chain.device.as_bytes());
        bytes.extend(chain.incarnation.to_le_bytes());
        bytes.extend(head.seq.to_le_bytes());
        bytes.extend(head.hash);
    }
    bytes
}

pub fn read(bytes: &[u8]) -> Result<BTreeMap<Chain, Head>> {
    let cut = || damaged(&"ends", "the ends of the chains are cut");
    if !bytes.len().is_multiple_of(END) {
        return Err(cut().into());
    }
    let read = |end: &[u8]| {
        let (device, rest) = end.split_at(16);
        let (incarnation, rest) = rest.split_at(4);
        let (seq, own) = rest.split_at(8);
        let device = Uuid::from_slice(device).map_err(|_| cut())?;
        let incarnation = u32::from_le_bytes(incarnation.try_into().map_err(|_| cut())?);
        let seq = u64::from_le_bytes(seq.try_into().map_err(|_| cut())?);
        Ok((Chain { device, incarnation }, Head { seq, hash: hash(own)? }))
    };
    bytes.chunks(END).map(read).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn check(ends: &[(u128, u32, u64)]) {
        let end = |(device, incarnation, seq): &(u128, u32, u64)| {
            let chain = Chain { device: Uuid::from_u128(*device), incarnation: *incarnation };
            (chain, Head { seq: *seq, hash: [*seq as u8; 32] })
        };
        let ends: BTreeMap<Chain, Head> = ends.iter().map(end).collect();
        assert_eq!(read(&write(&ends)).unwrap(), ends);
    }

    #[test]
    fn ends_come_back() {
        check(&[]);
        check(&[(1, 1, 7), (1, u32::MAX, u64::MAX), (u128::MAX, 2, 1)]);
    }

    #[test]
    fn cut_ends_are_damage() {
        let ends = [(Chain { device: Uuid::from_u128(1), incarnation: 1 }, Head { seq: 1, hash: [1; 32] })].into();
        assert!(read(&write(&ends)[1..]).is_err());
    }
}
