//! 党费基数 — by what a member's dues (党费) are reckoned from a month on: the class of payer, the monthly income or the
//! fixed sum, and a relief (减免) with who decided it. A later one takes over from its own month; what was reckoned
//! before stays as it was. While none is known, what is due is unknown, which is not nothing.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::dates::{Date, Month};
use crate::query::View;
use crate::record::{Cell, Life, composite, record};
use crate::records::PartyMemberId;
use crate::refusal::{Code, Refusal, Result};
use crate::rules::Rules;
use crate::value::{Shape, Value};

/// Money in fen: whole, and never negative.
pub type Fen = crate::record::Count;

/// 缴纳类别.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Payer {
    /// 在职, paid by the month.
    Salaried,
    /// 离退休.
    Retired,
    /// 农民.
    Farmer,
    /// 学生、下岗失业、低保、抚恤.
    LowIncome,
    /// 不按月取得收入: the mean month of the last quarter.
    SelfEmployed,
}

impl Payer {
    pub const ALL: [Payer; 5] = [Payer::Farmer, Payer::Salaried, Payer::Retired, Payer::LowIncome, Payer::SelfEmployed];

    pub fn code(self) -> &'static str {
        match self {
            Payer::Salaried => "salaried",
            Payer::Retired => "retired",
            Payer::Farmer => "farmer",
            Payer::LowIncome => "low_income",
            Payer::SelfEmployed => "self_employed",
        }
    }

    /// The rule that says how much.
    pub fn rule(self) -> &'static str {
        match self {
            Payer::Salaried => "dues_salaried",
            Payer::Retired => "dues_retired",
            Payer::Farmer => "dues_farmer",
            Payer::LowIncome => "dues_low_income",
            Payer::SelfEmployed => "dues_self_employed",
        }
    }

    /// A sum that is set, not a share of an income.
    pub fn is_fixed(self) -> bool {
        matches!(self, Payer::Farmer | Payer::LowIncome)
    }
}

impl Cell for Payer {
    const SHAPE: Shape = Shape::Text;
    fn read(value: &Value) -> Option<Self> {
        let text = value.as_text()?;
        Payer::ALL.into_iter().find(|payer| payer.code() == text)
    }
    fn write(&self) -> Value {
        Value::text(self.code())
    }
}

/// 减免: what is left to pay, who decided it, and until when. Nobody is let off without a name beside it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Relief {
    /// What is still to be paid in a month; 0 is 免交.
    pub to_fen: Fen,
    pub decided_by: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// The last month of it; open while nobody says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Month>,
}
composite!(Relief);

record! { DuesBase(DuesBaseId) in "dues_base" only_one(member, from) index(member) {
    member: PartyMemberId,
    /// From this month on.
    from: Month,
    payer: Payer,
    /// 月基数: after tax, of the kind the rule names.
    income_fen: Option<Fen>,
    /// The fixed sum the branch has chosen within the range.
    fixed_fen: Option<Fen>,
    relief: Option<Relief>,
} }

impl Life for DuesBase {
    fn check(&self, _view: &View<'_>) -> Result<()> {
        let unfit = |field: &str, typed: String| {
            let refusal = Refusal::new(Code::Unfit).with("kind", "dues_base").with("field", field);
            Err(refusal.with("typed", typed).into())
        };
        match (self.income_fen, self.fixed_fen) {
            (Some(fen), _) if self.payer.is_fixed() => return unfit("income_fen", yuan(fen)),
            (_, Some(fen)) if !self.payer.is_fixed() => return unfit("fixed_fen", yuan(fen)),
            _ => {}
        }
        let full = self.full(self.from, &Rules::shipped());
        if let Some(fen) = self.fixed_fen.filter(|_| full.is_none()) {
            return unfit("fixed_fen", yuan(fen));
        }
        let Some(relief) = &self.relief else { return Ok(()) };
        if relief.decided_by.trim().is_empty() {
            return Err(Refusal::new(Code::Missing).with("kind", "dues_base").with("field", "decided_by").into());
        }
        if full.is_some_and(|full| relief.to_fen > full) {
            return unfit("relief", yuan(relief.to_fen));
        }
        match relief.until.filter(|until| *until < self.from) {
            Some(until) => Err(Refusal::new(Code::DatesReversed).with("from", self.from).with("until", until).into()),
            None => Ok(()),
        }
    }
}

/// 12.50, as a refusal names it.
fn yuan(fen: Fen) -> String {
    format!("{}.{:02}", fen / 100, fen % 100)
}

impl DuesBase {
    /// What one month asks of this member, by the rule of that month; `None` while it is not known.
    pub fn due(&self, month: Month, rules: &Rules) -> Option<Fen> {
        let relief = self.relief.as_ref().filter(|relief| relief.until.is_none_or(|until| month <= until));
        relief.map(|relief| relief.to_fen).or_else(|| self.full(month, rules))
    }

    /// Without any relief. A month from before the rules asks for nothing that we could know.
    fn full(&self, month: Month, rules: &Rules) -> Option<Fen> {
        let on = month.first();
        if self.payer.is_fixed() { self.fixed(on, rules) } else { self.share(on, rules) }
    }

    fn fixed(&self, on: Date, rules: &Rules) -> Option<Fen> {
        let (least, most) = rules.dues_fen(self.payer.rule(), on).ok()?;
        match self.fixed_fen {
            Some(fen) => (least..=most).contains(&fen).then_some(fen),
            // Where there is nothing to choose, nothing has to be said.
            None => (least == most).then_some(least),
        }
    }

    /// A share of the income, to the nearest fen. A broken yuan is above the whole one.
    fn share(&self, on: Date, rules: &Rules) -> Option<Fen> {
        let income = self.income_fen?;
        let permille = rules.dues_permille(self.payer.rule(), i64::from(income.div_ceil(100)), on).ok()?;
        let fen = (u64::from(income) * u64::from(permille) + 500) / 1000;
        Fen::try_from(fen).ok()
    }
}

/// The bases of everyone, oldest first.
pub struct Bases(HashMap<PartyMemberId, Vec<DuesBase>>);

impl Bases {
    /// The one that holds in a month.
    pub fn of(&self, member: PartyMemberId, month: Month) -> Option<&DuesBase> {
        self.0.get(&member)?.iter().rev().find(|base| base.from <= month)
    }
}

impl View<'_> {
    pub fn dues_bases(&self) -> Result<Bases> {
        let mut all: HashMap<PartyMemberId, Vec<DuesBase>> = HashMap::new();
        for base in self.select::<DuesBase>("1 ORDER BY \"from\", id", [])? {
            all.entry(base.member).or_default().push(base);
        }
        Ok(Bases(all))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn month(text: &str) -> Month {
        text.parse().unwrap()
    }

    fn base(payer: Payer, income_fen: Option<Fen>, fixed_fen: Option<Fen>) -> DuesBase {
        DuesBase {
            id: DuesBaseId(uuid::Uuid::nil()),
            member: PartyMemberId(uuid::Uuid::nil()),
            from: month("2026-01"),
            payer,
            income_fen,
            fixed_fen,
            relief: None,
            note: None,
            gone: None,
        }
    }

    fn due(base: &DuesBase) -> Option<Fen> {
        base.due(month("2026-03"), &Rules::shipped())
    }

    #[test]
    fn what_is_due_follows_the_table_to_the_fen() {
        for (payer, income, wanted) in [
            (Payer::Salaried, 300_000, 1500),
            (Payer::Salaried, 300_001, 3000),
            (Payer::Salaried, 500_000, 5000),
            (Payer::Salaried, 1_000_000, 15_000),
            (Payer::Salaried, 1_000_001, 20_000),
            (Payer::Retired, 500_000, 2500),
            (Payer::Retired, 500_100, 5001),
            (Payer::SelfEmployed, 333_333, 3333),
            (Payer::SelfEmployed, 333_350, 3334),
            (Payer::Salaried, 0, 0),
        ] {
            assert_eq!(due(&base(payer, Some(income), None)), Some(wanted), "{payer:?} at {income}");
        }
        for (payer, fixed, wanted) in [
            (Payer::Farmer, Some(50), Some(50)),
            (Payer::Farmer, Some(20), Some(20)),
            (Payer::Farmer, Some(100), Some(100)),
            (Payer::LowIncome, None, Some(20)),
            (Payer::LowIncome, Some(20), Some(20)),
        ] {
            assert_eq!(due(&base(payer, None, fixed)), wanted, "{payer:?} {fixed:?}");
        }
    }

    #[test]
    fn what_is_not_known_is_not_nothing() {
        for unknown in [
            base(Payer::Farmer, None, None),
            base(Payer::Farmer, None, Some(19)),
            base(Payer::Farmer, None, Some(101)),
            base(Payer::Salaried, None, None),
        ] {
            assert_eq!(due(&unknown), None, "{unknown:?}");
        }
        let early = base(Payer::Farmer, None, Some(50));
        assert_eq!(early.due(month("2008-03"), &Rules::shipped()), None, "no rule held then");
    }

    #[test]
    fn a_relief_ends_with_its_last_month() {
        let mut let_off = base(Payer::Farmer, None, Some(50));
        let_off.relief = Some(Relief {
            to_fen: 0,
            decided_by: "支委会".into(),
            why: Some("大病".into()),
            until: Some(month("2026-06")),
        });
        let rules = Rules::shipped();
        assert_eq!(let_off.due(month("2026-06"), &rules), Some(0));
        assert_eq!(let_off.due(month("2026-07"), &rules), Some(50));
    }
}
