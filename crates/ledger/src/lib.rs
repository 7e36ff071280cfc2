//! The ledger: records, rules, log, apply, queries.

pub mod codes;
pub mod resident_id;
pub mod rules;
pub mod search;
