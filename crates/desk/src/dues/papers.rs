//! 党费的纸面 — the yearly sheet, the receipt of a payment, the receipt of a member's year.

use lianhu_ledger::dates::Month;
use lianhu_ledger::records::dues::{Due, MemberYear, MonthDues};
use lianhu_ledger::records::{Dues, Village};
use lianhu_ledger::text::{Lang, say};
use lianhu_ledger::{Code, Record, Refusal};
use lianhu_report::document::Document;
use lianhu_report::dues_papers::{Cell, Collection, PaidMonth, Payer, Receipt};
use serde::Deserialize;
use ts_rs::TS;
use uuid::Uuid;

use crate::desk::Desk;
use crate::files;
use crate::jobs::JobNo;
use crate::papers::put_down;
use crate::preview::Preview;
use crate::problem::Result;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, TS)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum DuesPaper {
    /// 收缴登记表.
    Sheet,
    /// 收据 of the payment this month was paid with, whatever other months of this year it was for.
    Receipt {
        member: Uuid,
        #[ts(type = "string")]
        month: Month,
    },
    /// 收据 of all a member paid for the year.
    YearReceipt { member: Uuid },
}

#[derive(Clone, Copy, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct WhichDuesPaper {
    pub year: i32,
    pub paper: DuesPaper,
    /// As Word; else as PDF. Of no matter to a preview.
    #[serde(default)]
    pub word: bool,
}

pub fn pages(desk: &Desk, ask: WhichDuesPaper) -> Result<Preview> {
    let (_, document) = make(desk, ask)?;
    desk.preview(&document)
}

/// Begins; `paper_written` tells where the file lies.
pub fn print(desk: &Desk, ask: WhichDuesPaper) -> Result<JobNo> {
    Ok(desk.begin(move |desk, job| put_down(desk, job, ask.word, || make(desk, ask))))
}

pub(super) fn make(desk: &Desk, ask: WhichDuesPaper) -> Result<(String, Document)> {
    let made_at = desk.machine().china_time();
    desk.read(|ledger| {
        let view = ledger.view();
        let village = view.all::<Village>()?.into_iter().next().map(|v| v.name).unwrap_or_default();
        let watermark = lianhu_report::papers::watermark_of(view)?;
        let members = view.dues_year(ask.year)?;
        let (stem, document) = match ask.paper {
            DuesPaper::Sheet => {
                let payers = members.iter().map(payer).collect();
                let sheet = Collection { village: village.clone(), year: ask.year, payers, watermark, made_at };
                (format!("{village}{}年{}", ask.year, word("paper.dues_sheet")), sheet.document())
            }
            DuesPaper::Receipt { member, month } => {
                let member = found(&members, member)?;
                let one = member.months.iter().find(|cell| cell.month == month).and_then(|cell| cell.paid.as_ref());
                let one = one.ok_or_else(|| no_such(member.member.id.0))?;
                let mut receipt = receipt(member, |dues| dues.is_one_with(one));
                (receipt.village, receipt.watermark, receipt.made_at) = (village, watermark, made_at);
                (format!("{}{}{}", word("paper.dues_receipt"), member.name, one.paid_on), receipt.document())
            }
            DuesPaper::YearReceipt { member } => {
                let member = found(&members, member)?;
                let mut receipt = receipt(member, |_| true);
                if receipt.months.is_empty() {
                    return Err(no_such(member.member.id.0).into());
                }
                (receipt.village, receipt.watermark, receipt.made_at) = (village, watermark, made_at);
                receipt.whole_year = Some(ask.year);
                (format!("{}年{}{}", ask.year, word("paper.dues_year_receipt"), member.name), receipt.document())
            }
        };
        Ok((files::safe_name(&stem), document))
    })
}

fn word(key: &str) -> String {
    say(Lang::ZhCn, key, &[])
}

fn no_such(id: Uuid) -> Refusal {
    Refusal::new(Code::NoSuchRecord).with("kind", Dues::KIND).with("id", id)
}

fn found(members: &[MemberYear], id: Uuid) -> Result<&MemberYear> {
    members.iter().find(|member| member.member.id.0 == id).ok_or_else(|| no_such(id).into())
}

fn payer(member: &MemberYear) -> Payer {
    let mut sums = member.months.iter().filter(|cell| cell.due != Due::NotAsked).map(|cell| cell.due.fen());
    let first = sums.next().flatten();
    Payer {
        name: member.name.clone(),
        cell: member.member.cell.clone(),
        monthly: first.filter(|fen| sums.all(|other| other == Some(*fen))),
        months: member.months.iter().map(cell).collect(),
    }
}

fn cell(month: &MonthDues) -> Cell {
    match (&month.paid, month.due) {
        (Some(paid), _) => Cell::Paid(paid.fen),
        (None, Due::NotAsked) => Cell::NotAsked,
        (None, Due::Fen(0)) => Cell::LetOff,
        (None, Due::Unknown | Due::Fen(_)) => Cell::Open,
    }
}

/// What was paid with the payments that count; whose paper it is and when it is made is put in by the caller.
fn receipt(member: &MemberYear, counts: impl Fn(&Dues) -> bool) -> Receipt {
    let paid: Vec<(&MonthDues, &Dues)> = member
        .months
        .iter()
        .filter_map(|cell| Some((cell, cell.paid.as_ref()?)))
        .filter(|(_, dues)| counts(dues))
        .collect();
    let same = |of: fn(&Dues) -> &Option<String>| {
        let first = paid.first().and_then(|(_, dues)| of(dues).clone());
        first.filter(|one| paid.iter().all(|(_, dues)| of(dues).as_ref() == Some(one)))
    };
    Receipt {
        village: String::new(),
        member: member.name.clone(),
        number: same(|dues| &dues.receipt),
        collected_by: same(|dues| &dues.collected_by),
        months: paid
            .iter()
            .map(|(cell, dues)| PaidMonth {
                year: cell.month.year(),
                month: cell.month.number(),
                fen: dues.fen,
                paid_on: dues.paid_on,
            })
            .collect(),
        extra: paid.iter().map(|(cell, _)| u64::from(cell.extra())).sum(),
        whole_year: None,
        watermark: None,
        made_at: chrono::NaiveDateTime::default(),
    }
}
