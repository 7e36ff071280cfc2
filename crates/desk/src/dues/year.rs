//! A year's grid: who stands in it, what each month asks, what was paid, who is behind.

use lianhu_ledger::dates::{Date, Month};
use lianhu_ledger::records::dues::{Due, MemberYear, MonthDues};
use lianhu_ledger::records::dues_base::{Bases, DuesBase, Payer};
use lianhu_ledger::rules::Rules;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

use crate::desk::Desk;
use crate::problem::Result;

#[derive(Clone, Copy, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct WhichDuesYear {
    pub year: i32,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct DuesYear {
    pub year: i32,
    pub today: Date,
    /// By cell, in the order of the roll.
    pub rows: Vec<DuesRow>,
    /// Of the month of today (of December in a year that is over): have to pay, have paid, nobody knows how much.
    #[ts(type = "string")]
    pub month: Month,
    pub due: u32,
    pub paid: u32,
    pub unknown: u32,
    /// People who are behind with the year before.
    pub owed_before: u32,
    /// 农民党员 each month: from, to, in fen, by the rule in force; none where no rule holds.
    pub farmer_range: Option<(u32, u32)>,
    /// 一次自愿多交 above this many fen goes up to the centre.
    pub forward_above: Option<u32>,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct DuesRow {
    pub member: Uuid,
    pub name: String,
    pub cell: Option<String>,
    pub probationary: bool,
    /// What holds in the last month of this year that is not ahead.
    pub base: Option<DuesBaseLine>,
    /// January to December.
    pub months: Vec<DuesCell>,
    /// 欠交: months that are over, known to be due and not paid in full.
    pub owed: Vec<u32>,
    pub owed_fen: u32,
    /// Months of which nobody knows what is due, among those that have come.
    pub unknown: Vec<u32>,
    /// 自愿多交 at once that goes up to the centre: the first month of the payment.
    pub forward: Vec<u32>,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct DuesBaseLine {
    #[ts(type = "'salaried' | 'retired' | 'farmer' | 'low_income' | 'self_employed'")]
    pub payer: Payer,
    #[ts(type = "string")]
    pub from: Month,
    pub income_fen: Option<u32>,
    pub fixed_fen: Option<u32>,
    pub relief_fen: Option<u32>,
    pub relief_by: Option<String>,
    pub relief_why: Option<String>,
    #[ts(type = "string | null")]
    pub relief_until: Option<Month>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum DuesAsked {
    NotAsked,
    Unknown,
    /// 免交.
    LetOff,
    Due,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct DuesCell {
    pub asked: DuesAsked,
    /// 应交, in fen.
    pub due: Option<u32>,
    /// 实交, in fen.
    pub paid: Option<u32>,
    pub paid_on: Option<Date>,
    pub collected_by: Option<String>,
    pub receipt: Option<String>,
}

pub fn year(desk: &Desk, ask: WhichDuesYear) -> Result<DuesYear> {
    desk.read(|ledger| {
        let view = ledger.view();
        let (today, rules) = (view.today, Rules::shipped());
        let now = Month::of(today);
        let last = Month::new(ask.year, 12).unwrap_or(now);
        let month = if ask.year == now.year() { now } else { last };
        let members = view.dues_year(ask.year)?;
        let bases = view.dues_bases()?;
        let before = view.dues_year(ask.year - 1)?;
        let count = view.dues_of(month)?;
        let fen = |yuan: i64| u32::try_from(yuan.saturating_mul(100)).ok();
        Ok(DuesYear {
            year: ask.year,
            today,
            rows: members.iter().map(|member| row(member, &bases, month, today, &rules)).collect(),
            month,
            due: count.due,
            paid: count.paid,
            unknown: count.unknown,
            owed_before: before.iter().filter(|member| member.owed(today).next().is_some()).count() as u32,
            farmer_range: rules.dues_fen(Payer::Farmer.rule(), month.first()).ok(),
            forward_above: rules.int("dues_forward_above_yuan", month.first()).ok().and_then(fen),
        })
    })
}

fn row(member: &MemberYear, bases: &Bases, month: Month, today: Date, rules: &Rules) -> DuesRow {
    let owed = |cell: &MonthDues| {
        let paid = cell.paid.as_ref().map_or(0, |paid| paid.fen);
        cell.due.fen().unwrap_or(0).saturating_sub(paid)
    };
    let now = Month::of(today);
    let unknown =
        member.months.iter().filter(|cell| cell.month <= now && cell.due == Due::Unknown && cell.paid.is_none());
    DuesRow {
        member: member.member.id.0,
        name: member.name.clone(),
        cell: member.member.cell.clone(),
        probationary: member.member.is_probationary_on(month.last()),
        base: bases.of(member.member.id, month).map(base_line),
        months: member.months.iter().map(cell).collect(),
        owed: member.owed(today).map(|cell| cell.month.number()).collect(),
        owed_fen: member.owed(today).map(owed).sum(),
        unknown: unknown.map(|cell| cell.month.number()).collect(),
        forward: member.to_forward(rules).into_iter().map(|(paid, _)| paid.month.number()).collect(),
    }
}

fn base_line(base: &DuesBase) -> DuesBaseLine {
    let relief = base.relief.as_ref();
    DuesBaseLine {
        payer: base.payer,
        from: base.from,
        income_fen: base.income_fen,
        fixed_fen: base.fixed_fen,
        relief_fen: relief.map(|relief| relief.to_fen),
        relief_by: relief.map(|relief| relief.decided_by.clone()),
        relief_why: relief.and_then(|relief| relief.why.clone()),
        relief_until: relief.and_then(|relief| relief.until),
    }
}

fn cell(month: &MonthDues) -> DuesCell {
    let asked = match month.due {
        Due::NotAsked => DuesAsked::NotAsked,
        Due::Unknown => DuesAsked::Unknown,
        Due::Fen(0) => DuesAsked::LetOff,
        Due::Fen(_) => DuesAsked::Due,
    };
    let paid = month.paid.as_ref();
    DuesCell {
        asked,
        due: month.due.fen(),
        paid: paid.map(|paid| paid.fen),
        paid_on: paid.map(|paid| paid.paid_on),
        collected_by: paid.and_then(|paid| paid.collected_by.clone()),
        receipt: paid.and_then(|paid| paid.receipt.clone()),
    }
}
