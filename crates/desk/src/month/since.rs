//! What was changed (更正) and added (补录) in a month after it was closed. The closed report stays as it is; a later one
//! carries these.

use lianhu_ledger::View;
use lianhu_ledger::records::{Correction, CorrectionId, Report, Visit, VisitId};
use serde::Serialize;
use ts_rs::TS;

use crate::problem::Result;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
pub struct After {
    pub corrected: usize,
    pub late: usize,
}

pub(super) fn read(view: View<'_>, report: &Report) -> Result<After> {
    Ok(After { corrected: corrected(view, report)?.len(), late: late(view, report)?.len() })
}

pub(super) fn corrected(view: View<'_>, report: &Report) -> Result<Vec<CorrectionId>> {
    let made = view.select::<Correction>("month = ?1 ORDER BY id", [report.month.to_string()])?;
    Ok(made.into_iter().map(|correction| correction.id).collect())
}

/// Visits of the month that were typed in when it was closed already. On the very day of closing nobody can tell which
/// came first; the next report counts them, so they are told here too.
pub(super) fn late(view: View<'_>, report: &Report) -> Result<Vec<VisitId>> {
    let visits: Vec<Visit> = view.visits(report.month.first(), report.month.last())?;
    let after = visits.into_iter().filter(|visit| visit.typed_on.is_some_and(|typed| typed >= report.closed_on));
    Ok(after.map(|visit| visit.id).collect())
}
