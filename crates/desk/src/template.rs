//! 述评模板 — who reports, who evaluates, and the grades: 四述四评 with 好、较好、一般、差 unless the village has its own.

use lianhu_ledger::Record;
use lianhu_ledger::records::Village;
use lianhu_ledger::records::village::{Grades, Pair, Pairs};
use serde::{Deserialize, Serialize};
use serde_json::json;
use ts_rs::TS;

use crate::desk::{Desk, Done};
use crate::problem::Result;
use crate::session::Nothing;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct EvaluationPair {
    pub who: String,
    pub said: String,
    pub what: String,
    pub of_households: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct EvaluationTemplate {
    pub pairs: Vec<EvaluationPair>,
    pub grades: Vec<String>,
}

pub fn look(desk: &Desk, _: Nothing) -> Result<EvaluationTemplate> {
    let village = desk.read(|ledger| ledger.view().all::<Village>())?.into_iter().next();
    let pairs = village.as_ref().and_then(|v| v.pairs.clone()).unwrap_or_default();
    let grades = village.and_then(|v| v.grades).unwrap_or_default();
    let told = |p: Pair| EvaluationPair { who: p.who, said: p.said, what: p.what, of_households: p.of_households };
    Ok(EvaluationTemplate { pairs: pairs.0.into_iter().map(told).collect(), grades: grades.0 })
}

/// What is the default is not written down: it follows the program.
pub fn save(desk: &Desk, ask: EvaluationTemplate) -> Result<Done<()>> {
    let tidy = |text: String| text.trim().to_owned();
    let pair = |p: EvaluationPair| Pair {
        who: tidy(p.who),
        said: tidy(p.said),
        what: tidy(p.what),
        of_households: p.of_households,
    };
    let pairs = Pairs(ask.pairs.into_iter().map(pair).collect());
    let grades = Grades(ask.grades.into_iter().map(tidy).collect());
    let fields = [
        ("pairs", (pairs != Pairs::default()).then(|| json!(pairs))),
        ("grades", (grades != Grades::default()).then(|| json!(grades))),
    ];
    desk.edit("template", |draft| {
        let village = draft.village();
        draft.patch(Village::KIND, village, fields.map(|(name, value)| (name.to_owned(), json!(value))).into())
    })
}
