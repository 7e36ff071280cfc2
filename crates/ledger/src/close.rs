//! 月结 — closing a month, and what may still be done to it. New facts of a closed month are welcome (补录); standing
//! ones are changed only as a correction (更正) with a reason, which the next report counts.

use serde_json::json;

use crate::dates::Month;
use crate::draft::{Draft, Saved};
use crate::ledger::Ledger;
use crate::query::{View, is_whole};
use crate::record::{Frozen, Record};
use crate::records::{KINDS, Report, ReportAnswer, TOWNSHIPS_OWN};
use crate::refusal::{Code, Refusal, Result};
use crate::value::Value;

/// Why a closing that was taken back is void, as the record keeps it.
const WITHDRAWN: &str = "撤回上报";

/// What is frozen when a month is closed.
pub struct Closing {
    pub month: Month,
    pub figures: Frozen,
    pub check_code: String,
    pub template: u32,
    /// 审核人, printed on the report.
    pub reviewer: Option<String>,
}

impl Ledger {
    pub fn close(&mut self, closing: Closing, author: &str) -> Result<Saved<()>> {
        let id = self.only_one(Report::KIND, &[&closing.month]);
        self.edit("close", author, |draft| {
            if draft.view().report(closing.month)?.is_some() {
                return Err(Refusal::new(Code::AlreadyClosed).with("month", closing.month).into());
            }
            if closing.month > Month::of(draft.today()) {
                return Err(Refusal::new(Code::FutureDate).with("on", closing.month).into());
            }
            draft.put(&Report {
                id: crate::records::ReportId(id),
                month: closing.month,
                closed_on: draft.today(),
                closed_by: author.to_owned(),
                template: Some(closing.template),
                figures: closing.figures,
                check_code: closing.check_code,
                reviewer: closing.reviewer,
                note: None,
                gone: None,
            });
            Ok(())
        })
    }
}

impl Ledger {
    /// Opens a month again whose report the township returned: its facts can be mended, and it is closed anew.
    pub fn reopen(&mut self, month: Month, author: &str) -> Result<Saved<()>> {
        self.edit("reopen_month", author, |draft| {
            let view = draft.view();
            let report = view.report(month)?;
            let answer = report.as_ref().map(|report| view.answer_to(report)).transpose()?.flatten();
            match (report, answer) {
                (Some(report), Some(ReportAnswer { accepted: false, reason, .. })) => {
                    draft.void(Report::KIND, report.id.0, reason.as_deref().unwrap_or("—"))
                }
                _ => Err(Refusal::new(Code::NotReturned).with("month", month).into()),
            }
        })
    }

    /// 撤回上报: takes a report back that the township has said nothing to yet. Its month is open, and is closed anew.
    pub fn withdraw(&mut self, month: Month, author: &str) -> Result<Saved<()>> {
        self.edit("withdraw_month", author, |draft| {
            let view = draft.view();
            let Some(report) = view.report(month)? else {
                return Err(Refusal::new(Code::NotClosed).with("month", month).into());
            };
            if view.answer_to(&report)?.is_some() {
                return Err(Refusal::new(Code::AlreadyAnswered).with("month", month).into());
            }
            draft.withdraws = Some(report.id.0);
            draft.void(Report::KIND, report.id.0, WITHDRAWN)
        })
    }
}

impl View<'_> {
    /// The closed report of a month, if it has been closed.
    pub fn report(&self, month: Month) -> Result<Option<Report>> {
        Ok(self.select::<Report>("month = ?1", [month.to_string()])?.pop())
    }

    /// The closed months, oldest first, without what was frozen of them: years of figures are not read for a list.
    pub fn closed_months(&self) -> Result<Vec<Month>> {
        let sql = "SELECT id, month FROM report WHERE gone IS NULL AND month IS NOT NULL ORDER BY month";
        let months = self.id_texts(sql, [])?;
        Ok(months.into_iter().filter_map(|(_, month)| month.parse().ok()).collect())
    }

    /// The month after the last closed one.
    pub fn first_open_month(&self) -> Result<Option<Month>> {
        Ok(self.select::<Report>("1 ORDER BY month DESC LIMIT 1", [])?.pop().map(|report| report.month.next()))
    }

    fn is_closed(&self, month: Month) -> Result<bool> {
        let sql = "SELECT count(*) FROM report WHERE month = ?1 AND gone IS NULL";
        Ok(self.count(sql, [month.to_string()])? > 0)
    }
}

/// Refuses what is the township's own, and changes to standing facts of closed months and to sealed records, or notes
/// each of these as a correction.
pub(crate) fn guard(draft: &mut Draft<'_>) -> Result<()> {
    let mut corrected = Vec::new();
    for (at, id) in draft.staged.keys().copied() {
        let kind = &KINDS[at];
        if TOWNSHIPS_OWN.contains(&kind.name) {
            return Err(Refusal::new(Code::TownshipsOwn).with("kind", kind.name).into());
        }
        let Some(before) = draft.view.stored(kind, id)?.map(|s| s.cells) else { continue };
        if !is_whole(kind, &before) || (kind.name == Report::KIND && draft.withdraws == Some(id)) {
            continue;
        }
        let after = draft.cells(at, id)?.unwrap_or_default();
        if let Some(month) = closed_month(draft.view, at, id, [&before, &after])? {
            corrected.push((at, id, month));
        }
    }
    match &draft.correction {
        None if corrected.is_empty() => Ok(()),
        None => Err(refusal(draft.view, corrected[0])?),
        Some(reason) => note(draft, &corrected, &reason.clone()),
    }
}

type Corrected = (usize, uuid::Uuid, Month);

fn closed_month(view: View<'_>, at: usize, id: uuid::Uuid, states: [&Vec<Value>; 2]) -> Result<Option<Month>> {
    let kind = &KINDS[at];
    if (kind.is_sealed)(&view, id, states[0])? {
        let own = (kind.month)(&view, id, states[0])?;
        return Ok(own.or_else(|| Month::new(2000, 1)).filter(|_| states[0] != states[1]));
    }
    for cells in states.into_iter().filter(|cells| is_whole(kind, cells)) {
        let month = (kind.month)(&view, id, cells)?;
        if let Some(month) = month
            && view.is_closed(month)?
        {
            return Ok(Some(month));
        }
    }
    Ok(None)
}

fn refusal(view: View<'_>, (at, id, month): Corrected) -> Result<crate::refusal::Error> {
    let code = if view.is_closed(month)? { Code::MonthClosed } else { Code::SealedRecord };
    Ok(Refusal::new(code).with("month", month).with("kind", KINDS[at].name).with("id", id).into())
}

fn note(draft: &mut Draft<'_>, corrected: &[Corrected], reason: &str) -> Result<()> {
    let carried_by = draft.view.first_open_month()?;
    for (at, id, month) in corrected {
        let fields = [
            ("carried_by", json!(carried_by.unwrap_or(month.next()).to_string())),
            ("month", json!(month.to_string())),
            ("on", json!(draft.today().to_string())),
            ("of_kind", json!(KINDS[*at].name)),
            ("of", json!(id.to_string())),
            ("reason", json!(reason)),
        ];
        draft.create("correction", fields.into_iter().map(|(k, v)| (k.to_owned(), v)).collect())?;
    }
    Ok(())
}
