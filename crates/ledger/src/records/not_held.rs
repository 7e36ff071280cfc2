//! 未开展 — a duty that was not done in a month, and why. It makes the third state visible: neither a number, nor
//! nothing known. Its id is made of month and duty.

use crate::dates::Month;
use crate::query::View;
use crate::record::{Life, record};
use crate::refusal::Result;

record! { NotHeld(NotHeldId) in "not_held" only_one(month, duty) {
    month: Month,
    /// Which duty: a meeting kind's code (`mass`), `visits` …
    duty: String,
    reason: String,
} }

impl Life for NotHeld {
    fn month(&self, _view: &View<'_>) -> Result<Option<Month>> {
        Ok(Some(self.month))
    }
}
