//! 更正 — that a fact of a closed month was changed, which and why. Written in the same batch as the change itself.

use crate::dates::{Date, Month};
use crate::query::View;
use crate::record::{Life, record};
use crate::refusal::Result;

record! { Correction(CorrectionId) in "correction" index(carried_by) {
    /// The closed month.
    month: Month,
    on: Date,
    /// The month whose report carries it: the first still open when it was made.
    carried_by: Month,
    /// Kind of the changed record; its id follows.
    of_kind: String,
    of: String,
    reason: String,
} }

impl Life for Correction {}

impl View<'_> {
    /// Corrections that the report of this month carries.
    pub fn corrections(&self, carried_by: Month) -> Result<Vec<Correction>> {
        self.select("carried_by = ?1 ORDER BY id", [carried_by.to_string()])
    }
}
