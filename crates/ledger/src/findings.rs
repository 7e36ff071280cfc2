//! 待核对 — what a merge left questionable. Computed when asked, from the tables alone: there is nothing stored that could
//! fall out of step with them, and every device that holds the same facts shows the same questions.

use std::collections::{HashMap, HashSet};

use crate::ledger::Ledger;
use crate::query::{View, is_whole};
use crate::record::{Finding, Kind, Record};
use crate::records::{Attendance, Correction, KINDS, Meeting, Report, Round, Visit, kind};
use crate::refusal::Result;

impl Ledger {
    pub fn findings(&self) -> Result<Vec<Finding>> {
        self.view().findings()
    }
}

impl View<'_> {
    pub fn findings(&self) -> Result<Vec<Finding>> {
        let mut found = Vec::new();
        for kind in KINDS {
            found.extend(self.in_part(kind)?);
            found.extend(self.dangling(kind)?);
            found.extend((kind.findings)(self)?);
        }
        found.extend(changed_after_close(self)?);
        found.sort();
        Ok(found)
    }

    /// Records that came here in part, or hold a value that only a newer release can read.
    fn in_part(&self, kind: &Kind) -> Result<Vec<Finding>> {
        let rows = self.rows(kind, "gone IS NULL")?;
        let partial = rows.into_iter().filter(|(_, cells)| !is_whole(kind, cells));
        Ok(partial.map(|(id, _)| finding(kind, id, "incomplete")).collect())
    }

    /// What a field points at was voided on one computer while another still used it.
    fn dangling(&self, of: &Kind) -> Result<Vec<Finding>> {
        let mut found = Vec::new();
        for field in of.fields {
            let Some(target) = field.refers else { continue };
            let target = kind(target)?;
            let condition = format!(
                "gone IS NULL AND \"{0}\" IS NOT NULL AND NOT EXISTS (SELECT 1 FROM \"{1}\" t WHERE t.id = \"{2}\".\"{0}\" AND t.gone IS NULL)",
                field.name, target.name, of.name
            );
            let rows = self.rows(of, &condition)?;
            found.extend(rows.into_iter().map(|(id, _)| finding(of, id, "points_nowhere").with("field", field.name)));
        }
        Ok(found)
    }
}

fn finding(kind: &Kind, id: uuid::Uuid, rule: &'static str) -> Finding {
    Finding { kind: kind.name.to_owned(), id, rule, details: Default::default() }
}

/// A fact of a closed month that another computer changed without knowing of the closing. Here such an edit would
/// have been refused, or noted as a correction.
fn changed_after_close(view: &View<'_>) -> Result<Vec<Finding>> {
    let reports = view.all::<Report>()?;
    if reports.is_empty() {
        return Ok(Vec::new());
    }
    let noted: HashSet<String> = view.all::<Correction>()?.into_iter().map(|c| c.of).collect();
    let mut closed = HashMap::new();
    for report in reports {
        let stored = view.stored(kind(Report::KIND)?, report.id.0)?;
        // A month that was opened again and closed anew is closed since then.
        closed.extend(stored.map(|s| (report.month, s.clocks.latest())));
    }
    let mut found = Vec::new();
    for name in [Visit::KIND, Meeting::KIND, Round::KIND, Attendance::KIND] {
        let of = kind(name)?;
        for (id, stored) in view.all_stored(of)? {
            if !is_whole(of, &stored.cells) || noted.contains(&id.to_string()) {
                continue;
            }
            let Some(month) = (of.month)(view, id, &stored.cells)? else { continue };
            let changed =
                closed.get(&month).is_some_and(|at| stored.clocks.earliest() < *at && stored.clocks.latest() > *at);
            found.extend(changed.then(|| finding(of, id, "changed_after_close").with("month", month)));
        }
    }
    Ok(found)
}
