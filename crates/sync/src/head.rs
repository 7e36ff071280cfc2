//! 镇里回执 — the township's newest signed word about a village's log: how far it had everything, and the hash of the step
//! at its end. Printed small under a report it lies on paper outside every computer: a history that was rewritten
//! afterwards does not fit it any more.

use lianhu_ledger::{Hash, Ledger, Result};

use crate::belonging::belonging;
use crate::enrolment::hex;
use crate::protocol::wire::receipt_of;
use crate::suite::Ed25519;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignedHead {
    /// 回执号.
    pub no: u64,
    /// Hash of the last step it covers; the chain covers those before.
    pub hash: Hash,
}

impl SignedHead {
    /// Eight digits that a person can compare.
    pub fn check(&self) -> String {
        let digits = hex(&self.hash[..4]).to_uppercase();
        format!("{}-{}", &digits[..4], &digits[4..])
    }
}

/// The newest by the township's own clock, of all computers of the village. None in a village that has no township, and
/// none that its key has not signed.
pub fn signed_head(ledger: &Ledger) -> Result<Option<SignedHead>> {
    let Some(about) = belonging(ledger)?.filter(|about| about.has_township()) else { return Ok(None) };
    let mut newest = None;
    for (chain, head) in ledger.heads()? {
        let papers = ledger.receipts(chain, 1, head.seq)?;
        let last =
            papers.iter().filter_map(|paper| receipt_of(paper)).max_by_key(|receipt| (receipt.received, receipt.no));
        newest = newest.into_iter().chain(last).max_by_key(|receipt: &crate::Receipt| (receipt.received, receipt.no));
    }
    let signed = newest.filter(|receipt| receipt.holds(ledger.village(), &Ed25519, &about.root.key));
    Ok(signed.map(|receipt| SignedHead { no: receipt.no, hash: receipt.hash }))
}
