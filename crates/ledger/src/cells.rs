//! When each cell of a record was last written and by which batch, packed into one small blob beside the record.
//!
//! Most records are born in one batch and never touched again, so the blob holds the distinct writes once and one
//! byte a cell: a row per field would cost four times the space and time. Layout: flags, number of writes, each as
//! (device number, incarnation, seq, effective time) in variable-length integers, then per field the number of its
//! write plus one, or zero for a cell nobody has written.

use crate::clock::Stamp;

/// A write as this file names it: the device by its number in the `device` table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stand {
    pub device: u32,
    pub incarnation: u32,
    pub seq: u64,
    pub effective: Stamp,
}

/// Clocks of one record's cells, by field position.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Clocks {
    pub stands: Vec<Option<Stand>>,
    /// Some cell has an open question or waits for a base: the next change of it is folded from the log.
    pub unsettled: bool,
}

impl Clocks {
    pub fn fresh(fields: usize) -> Clocks {
        Clocks { stands: vec![None; fields], unsettled: false }
    }

    pub fn latest(&self) -> Stamp {
        self.stands.iter().flatten().map(|s| s.effective).max().unwrap_or_default()
    }

    pub fn earliest(&self) -> Stamp {
        self.stands.iter().flatten().map(|s| s.effective).min().unwrap_or_default()
    }

    pub fn pack(&self) -> Vec<u8> {
        let mut distinct: Vec<Stand> = Vec::new();
        let mut cells = Vec::with_capacity(self.stands.len());
        for stand in &self.stands {
            cells.push(stand.map_or(0, |stand| position(&mut distinct, stand) + 1));
        }
        let mut bytes = Vec::with_capacity(2 + distinct.len() * 14 + cells.len());
        bytes.push(u8::from(self.unsettled));
        varint(&mut bytes, distinct.len() as u64);
        for stand in &distinct {
            varint(&mut bytes, u64::from(stand.device));
            varint(&mut bytes, u64::from(stand.incarnation));
            varint(&mut bytes, stand.seq);
            varint(&mut bytes, stand.effective.0);
        }
        cells.into_iter().for_each(|n| varint(&mut bytes, n));
        bytes
    }

    /// `None` says that the blob is damaged.
    pub fn unpack(mut bytes: &[u8], fields: usize) -> Option<Clocks> {
        let b = &mut bytes;
        let unsettled = take(b)? != 0;
        let n = take(b)?;
        let mut distinct = Vec::new();
        for _ in 0..n {
            distinct.push(Stand {
                device: u32::try_from(take(b)?).ok()?,
                incarnation: u32::try_from(take(b)?).ok()?,
                seq: take(b)?,
                effective: Stamp(take(b)?),
            });
        }
        let mut stands = Vec::with_capacity(fields);
        for _ in 0..fields {
            let n = usize::try_from(take(b)?).ok()?;
            stands.push(if n == 0 { None } else { Some(*distinct.get(n - 1)?) });
        }
        b.is_empty().then_some(Clocks { stands, unsettled })
    }
}

fn position(distinct: &mut Vec<Stand>, stand: Stand) -> u64 {
    let found = distinct.iter().position(|s| *s == stand);
    found.unwrap_or_else(|| {
        distinct.push(stand);
        distinct.len() - 1
    }) as u64
}

fn varint(bytes: &mut Vec<u8>, mut n: u64) {
    while n >= 0x80 {
        bytes.push(n as u8 | 0x80);
        n >>= 7;
    }
    bytes.push(n as u8);
}

fn take(bytes: &mut &[u8]) -> Option<u64> {
    let mut n = 0u64;
    for shift in (0..64).step_by(7) {
        let (first, rest) = bytes.split_first()?;
        *bytes = rest;
        n |= u64::from(first & 0x7f) << shift;
        if first & 0x80 == 0 {
            return Some(n);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(clocks: &Clocks, at_most: usize) {
        let packed = clocks.pack();
        assert!(packed.len() <= at_most, "{} bytes", packed.len());
        assert_eq!(Clocks::unpack(&packed, clocks.stands.len()).as_ref(), Some(clocks));
        for end in 0..packed.len() {
            assert_eq!(Clocks::unpack(&packed[..end], clocks.stands.len()), None);
        }
    }

    fn stand(seq: u64) -> Option<Stand> {
        Some(Stand { device: 0, incarnation: 1, seq, effective: Stamp::at_ms(1_800_000_000_000) })
    }

    #[test]
    fn a_record_born_in_one_batch_costs_a_byte_a_cell() {
        check(&Clocks { stands: vec![stand(300); 12], unsettled: false }, 2 + 13 + 12);
    }

    #[test]
    fn cells_keep_their_own_writes() {
        check(&Clocks { stands: vec![stand(1), None, stand(2), stand(1)], unsettled: true }, 40);
    }
}
