//! 村 — the village itself; its id is the ledger's. Holds the few settings that differ from place to place.

use serde::{Deserialize, Serialize};

use crate::query::View;
use crate::record::{Life, composite, record};
use crate::refusal::{Code, Refusal, Result};

/// One report/evaluate pair (一述一评) of the mass meeting's template. 四述四评 is the default; a township that runs
/// 三讲三评 keeps three.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pair {
    /// Who reports, e.g. 驻村干部.
    pub who: String,
    /// What they report on, e.g. 述帮扶措施.
    pub said: String,
    /// What is evaluated, e.g. 帮扶成效.
    pub what: String,
    /// The side evaluated is a household: the threshold is not applied and no name leaves the village.
    #[serde(default)]
    pub of_households: bool,
}

/// The template of pairs, in order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Pairs(pub Vec<Pair>);
composite!(Pairs);

impl Default for Pairs {
    fn default() -> Pairs {
        let pair = |who: &str, said: &str, what: &str| Pair {
            who: who.to_owned(),
            said: said.to_owned(),
            what: what.to_owned(),
            of_households: false,
        };
        Pairs(vec![
            pair("驻村干部", "述帮扶措施", "帮扶成效"),
            pair("村“两委”干部", "述履职情况", "工作成效"),
            pair("帮扶干部", "述“三到家”工作", "结对帮扶成效"),
            Pair { of_households: true, ..pair("脱贫户代表", "述脱贫情况", "内生动力") },
        ])
    }
}

/// 评议等次, from the best down: four of them, or three (满意、基本满意、不满意). The first two count as satisfied.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Grades(pub Vec<String>);
composite!(Grades);

impl Default for Grades {
    fn default() -> Grades {
        Grades(["好", "较好", "一般", "差"].map(str::to_owned).to_vec())
    }
}

impl Grades {
    /// Which of a tally's four counts each grade stands for: of three grades the last is the worst.
    pub fn counts(&self) -> &'static [usize] {
        if self.0.len() == 3 { &[0, 1, 3] } else { &[0, 1, 2, 3] }
    }

    fn are_fit(&self) -> bool {
        let named = |grade: &String| !grade.trim().is_empty() && grade.chars().count() <= 8;
        let mut different = self.0.clone();
        different.sort();
        different.dedup();
        matches!(self.0.len(), 3 | 4) && self.0.iter().all(named) && different.len() == self.0.len()
    }
}

/// As many pairs as fit on one sheet of tallies.
const MOST_PAIRS: usize = 9;

impl Pairs {
    fn are_fit(&self) -> bool {
        (1..=MOST_PAIRS).contains(&self.0.len()) && self.0.iter().all(|pair| !pair.who.trim().is_empty())
    }
}

record! { Village(VillageId) in "village" {
    name: String,
    /// 12-digit 统计用区划代码.
    code: Option<String>,
    township: Option<String>,
    county: Option<String>,
    /// 文书, who keeps the ledger.
    clerk: Option<String>,
    /// 支部名称 as it stands on official papers.
    branch: Option<String>,
    pairs: Option<Pairs>,
    grades: Option<Grades>,
    /// The ledger holds the fictional sample: every paper is watermarked 样例.
    sample: Option<bool>,
} }

impl Life for Village {
    fn check(&self, _view: &View<'_>) -> Result<()> {
        let unfit = |field, typed: &str| {
            Refusal::new(Code::Unfit).with("kind", "village").with("field", field).with("typed", typed)
        };
        if self.pairs.as_ref().is_some_and(|pairs| !pairs.are_fit()) {
            return Err(unfit("pairs", "—").into());
        }
        if let Some(grades) = self.grades.as_ref().filter(|grades| !grades.are_fit()) {
            return Err(unfit("grades", &grades.0.join(" ")).into());
        }
        let digits = |code: &String| code.len() == 12 && code.bytes().all(|b| b.is_ascii_digit());
        match &self.code {
            Some(code) if !digits(code) => Err(unfit("code", code).into()),
            _ => Ok(()),
        }
    }
}
