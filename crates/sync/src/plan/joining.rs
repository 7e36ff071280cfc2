//! Runs that follow on each other travel as one, under one receipt and one signature of their writer: a year of evenings
//! is not a hundred signatures.

use lianhu_ledger::Batch;
use uuid::Uuid;

use crate::protocol::Parcel;
use crate::receipt::{Part, Receipt};
use crate::suite::Signer;

/// Batches that one receipt speaks of. What was received together is sent on together.
const LONGEST: u64 = 256;

/// Joins a receipt to the one before it, if it follows on it. Its signature is missing then.
fn join(before: &mut Receipt, next: &Receipt) -> bool {
    let follows = before.chain == next.chain
        && before.epoch == next.epoch
        && before.last.checked_add(1) == Some(next.first)
        && next.last - before.first < LONGEST;
    if follows {
        let parts: Vec<Part> = before.parts().chain(next.before.iter().copied()).collect();
        *before = Receipt { first: before.first, before: parts, signature: Vec::new(), ..next.clone() };
    }
    follows
}

/// Every receipt once, those that follow on each other joined.
pub(super) fn joined(mut receipts: Vec<Receipt>, village: Uuid, signer: &dyn Signer) -> Vec<Receipt> {
    receipts.sort_by_key(|receipt| (receipt.epoch, receipt.first, receipt.no));
    let mut joined: Vec<Receipt> = Vec::new();
    for receipt in receipts {
        let fits = joined.last_mut().is_some_and(|before| join(before, &receipt));
        if !fits {
            joined.push(receipt);
        }
    }
    joined.into_iter().map(|receipt| whole(receipt, village, signer)).collect()
}

fn whole(receipt: Receipt, village: Uuid, signer: &dyn Signer) -> Receipt {
    if receipt.signature.is_empty() { receipt.sign(village, signer) } else { receipt }
}

/// Adds a run with its one receipt to the runs of its chain before it.
pub(super) fn add(parcels: &mut Vec<Parcel>, last: Option<usize>, parcel: Parcel) -> usize {
    if let Some(nth) = last.filter(|nth| follow(&mut parcels[*nth], &parcel)) {
        return nth;
    }
    parcels.push(parcel);
    parcels.len() - 1
}

fn follow(before: &mut Parcel, next: &Parcel) -> bool {
    let follows = match (before.batches.last(), next.batches.first()) {
        (Some(last), Some(first)) => last.at.seq + 1 == first.at.seq,
        (Some(_), None) => false,
        (None, _) => true,
    };
    let ([receipt], [more]) = (before.receipts.as_mut_slice(), next.receipts.as_slice()) else { return false };
    let joins = follows && join(receipt, more);
    if joins {
        before.batches.extend(next.batches.iter().cloned());
    }
    joins
}

/// Signs what was joined. Of the writer's signatures those are kept behind which a run may be cut.
pub(super) fn finish(parcels: &mut [Parcel], village: Uuid, signer: &dyn Signer) {
    for parcel in parcels {
        let receipts = std::mem::take(&mut parcel.receipts);
        parcel.receipts = receipts.into_iter().map(|receipt| whole(receipt, village, signer)).collect();
        thin(&mut parcel.batches, &parcel.receipts);
    }
}

pub(super) fn thin(batches: &mut [Batch], receipts: &[Receipt]) {
    let Some((_, inner)) = batches.split_last_mut() else { return };
    for batch in inner.iter_mut().filter(|batch| !receipts.iter().any(|receipt| receipt.last == batch.at.seq)) {
        batch.signature.clear();
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::suite::{Ed25519, Ed25519Key};
    use lianhu_ledger::{Chain, Stamp};

    fn receipt(no: u64, first: u64, last: u64, received: u64) -> Receipt {
        let chain = Chain { device: Uuid::from_u128(3), incarnation: 1 };
        let (hash, received) = ([last as u8; 32], Stamp::at_ms(received));
        let bare = Receipt {
            epoch: 1,
            no,
            chain,
            first,
            last,
            hash,
            received,
            skew_ms: no % 3,
            before: Vec::new(),
            signature: Vec::new(),
        };
        bare.sign(Uuid::from_u128(1), &Ed25519Key::new([1; 32]))
    }

    #[test]
    fn a_joined_receipt_says_of_every_batch_what_its_own_said() {
        let key = Ed25519Key::new([1; 32]);
        let all = [receipt(4, 1, 3, 5_000), receipt(9, 4, 4, 9_000), receipt(11, 5, 8, 7_000)];
        let joined = joined(all.to_vec(), Uuid::from_u128(1), &key);
        let [one] = joined.as_slice() else { panic!("{joined:?}") };
        assert!(one.holds(Uuid::from_u128(1), &Ed25519, &key.public()));
        for own in &all {
            assert!(one.says(own.own_part(), own.epoch));
            for seq in own.first..=own.last {
                for stamp in [1, 6_000, 90_000] {
                    let stamp = Stamp::at_ms(stamp);
                    assert_eq!(one.time_of(seq, stamp), own.time_of(seq, stamp), "batch {seq}");
                }
            }
        }
        let bent = Receipt { before: one.before[1..].to_vec(), ..one.clone() };
        assert!(!bent.holds(Uuid::from_u128(1), &Ed25519, &key.public()));
    }

    #[test]
    fn what_does_not_follow_is_not_joined() {
        let key = Ed25519Key::new([1; 32]);
        let gap = vec![receipt(1, 1, 3, 5), receipt(2, 5, 6, 5)];
        assert_eq!(joined(gap.clone(), Uuid::from_u128(1), &key), gap);
        let twice = vec![receipt(1, 1, 3, 5), receipt(2, 1, 3, 5)];
        assert_eq!(joined(twice.clone(), Uuid::from_u128(1), &key), twice);
        let long = vec![receipt(1, 1, 200, 5), receipt(2, 201, 300, 5)];
        assert_eq!(joined(long.clone(), Uuid::from_u128(1), &key), long);
    }
}
