//! 月结 — the same for the window and the command line: a month is closed with the figures it has at that moment.

use lianhu_ledger::dates::Month;
use lianhu_ledger::{Closing, Code, Frozen, Ledger, Refusal, Saved};
use lianhu_report::figures::{self, Amount};
use serde::Deserialize;
use ts_rs::TS;

use crate::desk::{Desk, Done};
use crate::problem::Result;

#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct CloseMonth {
    #[ts(type = "string")]
    pub month: Month,
    /// 审核人, when there is one.
    #[serde(default)]
    #[ts(optional)]
    pub reviewer: Option<String>,
}

/// Closes the month; gives the check code that its report carries.
pub fn close(desk: &Desk, ask: CloseMonth) -> Result<Done<String>> {
    let reviewer = ask.reviewer.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
    desk.write(|ledger, author| close_ledger(ledger, ask.month, author, reviewer))
}

/// A month without a mass meeting is closed only when somebody has said why there was none.
pub fn close_ledger(
    ledger: &mut Ledger,
    month: Month,
    author: &str,
    reviewer: Option<String>,
) -> Result<Saved<String>> {
    let today = ledger.today();
    let figures = figures::live(ledger.view(), month, today)?;
    if figures.assembly.mass.amount == Amount::Unknown {
        return Err(Refusal::new(Code::NoReason).with("month", month).with("duty", "mass").into());
    }
    let frozen = figures::for_freezing(figures, today);
    let check_code = frozen.check_code();
    let figures = Frozen(serde_json::to_value(&frozen).expect("figures are plain data"));
    let closing = Closing { month, figures, check_code: check_code.clone(), template: figures::TEMPLATE, reviewer };
    let Saved { value: (), batch, touched } = ledger.close(closing, author)?;
    Ok(Saved { value: check_code, batch, touched })
}
