//! 更正 — that a fact of a closed month was changed, which and why. Written in the same batch as the change itself.

use crate::dates::{Date, Month};
use crate::record::{Life, record};

record! { Correction(CorrectionId) in "correction" index(on) {
    /// The closed month.
    month: Month,
    /// The day of the correction: the report open on that day carries it.
    on: Date,
    /// Kind of the changed record; its id follows.
    of_kind: String,
    of: String,
    reason: String,
} }

impl Life for Correction {}
