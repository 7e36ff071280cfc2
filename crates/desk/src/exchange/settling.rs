//! 两处改了同一户 — what two computers wrote into the same place, family by family, for somebody to choose; and what was
//! chosen these days, to be chosen otherwise. Until then the record is used as it stands.

use std::collections::BTreeMap;

use lianhu_ledger::{Choice, Code, Edge, Ledger, Question, Refusal, Version, View};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use ts_rs::TS;
use uuid::Uuid;

use crate::desk::{Desk, Done};
use crate::naming::Namer;
use crate::person::{Revealed, reveal_noted};
use crate::problem::Result;
use crate::session::Nothing;
use crate::telling::{Names, ValuePart, is_masked};

/// So long a choice is shown again, to be made otherwise.
pub const DAYS: u64 = 7;
const DAY_MS: u64 = 86_400_000;

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct SettlingPage {
    pub cases: Vec<SettlingCase>,
    /// Settled within [`DAYS`] days, newest first.
    pub settled: Vec<SettledPlace>,
}

/// One family, or one record that belongs to none.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct SettlingCase {
    pub key: String,
    pub household: Option<Uuid>,
    /// The head of the family, or what the record is known by.
    pub name: String,
    pub places: Vec<SettlingPlace>,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct SettlingPlace {
    #[ts(type = "Kind")]
    pub kind: String,
    pub id: Uuid,
    /// Whom or what of the family it is about; empty for the household itself.
    pub about: String,
    pub field: String,
    /// A number of a person: masked, and shown when asked.
    pub masked: bool,
    /// What stands first, which is the newest; then the others, newest first.
    pub versions: Vec<SettlingVersion>,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct SettlingVersion {
    pub batch: String,
    pub author: String,
    /// Milliseconds since 1970.
    pub at_ms: u64,
    /// Written on this computer.
    pub here: bool,
    pub value: Vec<ValuePart>,
}

/// A choice that was made, and can be made otherwise.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct SettledPlace {
    pub batch: String,
    pub author: String,
    pub at_ms: u64,
    pub household: Option<Uuid>,
    pub name: String,
    pub place: SettlingPlace,
}

pub fn look(desk: &Desk, _: Nothing) -> Result<SettlingPage> {
    let since = desk.machine().now_ms().saturating_sub(DAYS * DAY_MS);
    desk.read(|ledger| {
        let (questions, settled) = (ledger.questions()?, ledger.settled_since(since)?);
        if questions.is_empty() && settled.is_empty() {
            return Ok(SettlingPage { cases: Vec::new(), settled: Vec::new() });
        }
        let mut words = Words::of(ledger)?;
        let mut cases: BTreeMap<String, SettlingCase> = BTreeMap::new();
        for question in questions {
            let (case, place) = words.asked(question)?;
            cases.entry(case.key.clone()).or_insert(case).places.push(place);
        }
        let settled = settled.into_iter().map(|place| words.settled(place)).collect::<Result<_>>()?;
        Ok(SettlingPage { cases: cases.into_values().collect(), settled })
    })
}

/// What records, families and values are called.
struct Words<'a> {
    view: View<'a>,
    namer: Namer<'a>,
    names: Names,
}

impl<'a> Words<'a> {
    fn of(ledger: &'a Ledger) -> Result<Words<'a>> {
        let view = ledger.view();
        Ok(Words { view, namer: Namer::new(view), names: Names::of(view)? })
    }

    fn asked(&mut self, question: Question) -> Result<(SettlingCase, SettlingPlace)> {
        let Question { kind, id, field, stands, others } = question;
        let (household, name) = self.family(&kind, id)?;
        let key = household.map_or_else(|| format!("{kind}/{id}"), |household| household.to_string());
        let case = SettlingCase { key, household, name, places: Vec::new() };
        let place = self.place((kind, id, field), std::iter::once(stands).chain(others))?;
        Ok((case, place))
    }

    fn settled(&mut self, settled: lianhu_ledger::Settled) -> Result<SettledPlace> {
        let lianhu_ledger::Settled { batch, author, at_ms, kind, id, field, took, left } = settled;
        let (household, name) = self.family(&kind, id)?;
        let place = self.place((kind, id, field), std::iter::once(took).chain(left))?;
        Ok(SettledPlace { batch, author, at_ms, household, name, place })
    }

    /// The household a record belongs to, and what it is called; a record of no household by its own name.
    fn family(&mut self, kind: &str, id: Uuid) -> Result<(Option<Uuid>, String)> {
        let record = self.view.record(kind, id)?.unwrap_or_default();
        let named = record.get("household").and_then(Json::as_str).and_then(|id| id.parse::<Uuid>().ok());
        let household = if kind == "household" { Some(id) } else { named };
        let name = match household {
            Some(household) => self.names.other(household).unwrap_or_default().to_owned(),
            None => self.namer.of(kind, &record)?,
        };
        Ok((household, name))
    }

    fn place(
        &mut self,
        (kind, id, field): (String, Uuid, String),
        versions: impl Iterator<Item = Version>,
    ) -> Result<SettlingPlace> {
        let version = |v: Version| {
            let value = self.names.parts(&kind, &field, &v.value);
            SettlingVersion { batch: v.batch, author: v.author, at_ms: v.at_ms, here: v.here, value }
        };
        let versions = versions.map(version).collect();
        let about = match kind.as_str() {
            "household" => String::new(),
            "person" => self.names.person(id).unwrap_or_default().to_owned(),
            _ => self.namer.name(&kind, id)?,
        };
        Ok(SettlingPlace { masked: is_masked(&field), kind, id, about, field, versions })
    }
}

/// One place's choice: the version to take, among all that were shown, the one that stands first.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ChosenVersion {
    #[ts(type = "Kind")]
    pub kind: String,
    pub id: Uuid,
    pub field: String,
    pub take: String,
    pub shown: Vec<String>,
}

#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SettlePlaces {
    pub choices: Vec<ChosenVersion>,
    /// Why, when a fact of a closed month changes by it.
    #[serde(default)]
    #[ts(optional)]
    pub correct: Option<String>,
}

/// 就这样定: one step, however many places.
pub fn settle(desk: &Desk, ask: SettlePlaces) -> Result<Done<usize>> {
    let choice = |c: ChosenVersion| Choice { kind: c.kind, id: c.id, field: c.field, take: c.take, shown: c.shown };
    let choices: Vec<Choice> = ask.choices.into_iter().map(choice).collect();
    let n = choices.len();
    let done = desk.write(|ledger, author| ledger.choose(&choices, ask.correct.as_deref(), author))?;
    Ok(done.map(|()| n))
}

#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct RevealVersion {
    #[ts(type = "Kind")]
    pub kind: String,
    pub id: Uuid,
    pub field: String,
    pub batch: String,
}

/// A masked number of one version in full; that somebody looked is noted.
pub fn reveal(desk: &Desk, ask: RevealVersion) -> Result<Revealed> {
    if !is_masked(&ask.field) {
        return Err(Refusal::new(Code::MalformedAsk).with("what", &ask.field).into());
    }
    let value = desk.read(|ledger| ledger.written_by(&ask.batch, (&ask.kind, ask.id, &ask.field)))?;
    let value = value.and_then(|value| value.as_str().map(str::to_owned));
    reveal_noted(desk, (&ask.kind, ask.id), &ask.field, value)
}
