//! 四述四评 — who reports, what was said, and the ballots. A tally below the threshold is to be mended and tested again.

use lianhu_ledger::View;
use lianhu_ledger::dates::Date;
use lianhu_ledger::records::matter::Raised;
use lianhu_ledger::records::round::Tally;
use lianhu_ledger::records::village::{Pair, Pairs};
use lianhu_ledger::records::{Matter, Meeting, Round, RoundId, Village};
use lianhu_ledger::rules::Rules;
use lianhu_ledger::{Code, Draft, Fields, Record, Refusal};
use serde::{Deserialize, Serialize};
use serde_json::json;
use ts_rs::TS;
use uuid::Uuid;

use super::{MASS, standing};
use crate::desk::{Desk, Done};
use crate::problem::Result;
use crate::records::unchanged_since;

/// 满意率 as its two counts; `plain` says that there are too few ballots for a percentage.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct RoundRate {
    pub pair: u32,
    pub who: String,
    pub satisfied: u32,
    pub valid: u32,
    pub plain: bool,
    /// Below the threshold; never so where a household was evaluated.
    pub below: bool,
}

pub(super) fn rate_of(round: &Round, on: Date, pairs: &Pairs) -> Result<RoundRate> {
    let rules = Rules::shipped();
    let least = rules.int("satisfaction_min_denominator", on)?;
    let threshold = rules.ratio("satisfaction_threshold", on)?;
    let tally = round.tally.clone().unwrap_or_default();
    let (satisfied, valid) = (tally.satisfied() as u32, tally.valid() as u32);
    let exempt = template(pairs, round.pair).is_some_and(|pair| pair.of_households);
    Ok(RoundRate {
        pair: round.pair,
        who: round.who.clone(),
        satisfied,
        valid,
        plain: i64::from(valid) < least,
        below: !exempt && threshold.undercut_by(satisfied, valid),
    })
}

fn template(pairs: &Pairs, pair: u32) -> Option<&Pair> {
    pairs.0.get((pair as usize).checked_sub(1)?)
}

/// One pair of the meeting, entered or not yet.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct RoundView {
    pub pair: u32,
    pub who: String,
    pub said: String,
    pub what: String,
    pub of_households: bool,
    pub id: Option<Uuid>,
    pub speaker: Option<String>,
    pub summary: Option<String>,
    #[ts(
        type = "{ issued?: number; returned?: number; spoilt?: number; best: number; good: number; fair: number; poor: number } | null"
    )]
    pub tally: Option<Tally>,
    pub rate: Option<RoundRate>,
    /// What the last meeting has to lend.
    pub last: Option<LastRound>,
    pub mends: Vec<RoundMend>,
    pub retest_due: Option<Date>,
    /// The earlier round that this one tests again.
    pub retest_of: Option<Uuid>,
    /// An earlier result that is still to be tested again.
    pub to_retest: Option<ToRetest>,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct LastRound {
    pub on: Date,
    pub speaker: Option<String>,
    pub summary: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct RoundMend {
    pub id: Uuid,
    pub text: String,
    pub owner: Option<String>,
    pub due: Option<Date>,
    pub done: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct ToRetest {
    pub round: Uuid,
    pub on: Date,
    pub due: Date,
    pub rate: RoundRate,
}

/// The village's pairs with what was entered, and whatever was entered under an older template.
pub(super) fn views(view: View<'_>, meeting: &Meeting, village: &Village) -> Result<Vec<RoundView>> {
    let pairs = village.pairs.clone().unwrap_or_default();
    let entered = view.rounds(meeting.id)?;
    let last = last_rounds(view, meeting)?;
    let wanted = if meeting.meeting_kind.code() == MASS { pairs.0.len() as u32 } else { 0 };
    let mut numbers: Vec<u32> = (1..=wanted).chain(entered.iter().map(|r| r.pair)).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let one = |pair: u32| {
        let round = entered.iter().find(|r| r.pair == pair);
        let lent = last.1.iter().find(|r| r.pair == pair);
        let lent =
            last.0.zip(lent).map(|(on, r)| LastRound { on, speaker: r.speaker.clone(), summary: r.summary.clone() });
        round_view(view, meeting, &pairs, pair, round, lent)
    };
    numbers.into_iter().map(one).collect()
}

fn round_view(
    view: View<'_>,
    meeting: &Meeting,
    pairs: &Pairs,
    pair: u32,
    round: Option<&Round>,
    last: Option<LastRound>,
) -> Result<RoundView> {
    let planned = template(pairs, pair);
    let named = |own: Option<String>, of: fn(&Pair) -> &String| own.or_else(|| planned.map(|p| of(p).clone()));
    let rate = round.filter(|r| r.tally.is_some()).map(|r| rate_of(r, meeting.on, pairs)).transpose()?;
    Ok(RoundView {
        pair,
        who: named(round.map(|r| r.who.clone()), |p| &p.who).unwrap_or_default(),
        said: named(round.and_then(|r| r.said.clone()), |p| &p.said).unwrap_or_default(),
        what: named(round.and_then(|r| r.what.clone()), |p| &p.what).unwrap_or_default(),
        of_households: planned.is_some_and(|p| p.of_households),
        id: round.map(|r| r.id.0),
        speaker: round.and_then(|r| r.speaker.clone()),
        summary: round.and_then(|r| r.summary.clone()),
        tally: round.and_then(|r| r.tally.clone()),
        rate,
        last,
        mends: round.map(|r| mends(view, r.id)).transpose()?.unwrap_or_default(),
        retest_due: round.and_then(|r| r.retest_due),
        retest_of: round.and_then(|r| r.retest_of).map(|id| id.0),
        to_retest: to_retest(view, meeting, pairs, pair)?,
    })
}

/// The day of the last mass meeting before this one, and its rounds.
fn last_rounds(view: View<'_>, meeting: &Meeting) -> Result<(Option<Date>, Vec<Round>)> {
    let before = "meeting_kind = ?1 AND \"on\" < ?2 ORDER BY \"on\" DESC, id DESC LIMIT 1";
    let found = view.select::<Meeting>(before, [meeting.meeting_kind.code(), &meeting.on.to_string()])?.pop();
    let rounds = found.as_ref().map(|m| view.rounds(m.id)).transpose()?;
    Ok((found.map(|m| m.on), rounds.unwrap_or_default()))
}

fn mends(view: View<'_>, round: RoundId) -> Result<Vec<RoundMend>> {
    let listed = view.select::<Matter>("round = ?1 AND raised_at = 'mend' ORDER BY id", [round.0.as_bytes()])?;
    let told = |m: Matter| RoundMend {
        id: m.id.0,
        done: m.is_answered_by(view.today),
        text: m.text,
        owner: m.owner,
        due: m.due,
    };
    Ok(listed.into_iter().map(told).collect())
}

/// The newest earlier result of this pair that was to be tested again and has not been.
fn to_retest(view: View<'_>, meeting: &Meeting, pairs: &Pairs, pair: u32) -> Result<Option<ToRetest>> {
    let open = "pair = ?1 AND retest_due IS NOT NULL AND meeting <> ?2 AND NOT EXISTS (SELECT 1 FROM round b
                WHERE b.gone IS NULL AND b.retest_of = round.id AND b.meeting <> ?2) ORDER BY retest_due DESC";
    for round in view.select::<Round>(open, (pair, meeting.id.0.as_bytes()))? {
        let held = view.get::<Meeting>(round.meeting.0)?.filter(|m| m.gone.is_none() && m.on < meeting.on);
        if let (Some(held), Some(due)) = (held, round.retest_due) {
            return Ok(Some(ToRetest { round: round.id.0, on: held.on, due, rate: rate_of(&round, held.on, pairs)? }));
        }
    }
    Ok(None)
}

/// Fields of one pair: `speaker`, `summary`, `tally`, `retest_of`.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct RoundFields {
    pub pair: u32,
    #[ts(type = "Record<string, unknown>")]
    pub fields: Fields,
    #[serde(default)]
    #[ts(type = "Record<string, unknown>", optional)]
    pub seen: Option<Fields>,
}

/// One pair or several in one step: a cell of the grid, or all speakers of the last meeting.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SaveRounds {
    pub meeting: Uuid,
    pub rounds: Vec<RoundFields>,
    #[serde(default)]
    #[ts(optional)]
    pub correct: Option<String>,
}

const OPEN_FIELDS: [&str; 4] = ["speaker", "summary", "tally", "retest_of"];

pub fn save_rounds(desk: &Desk, ask: SaveRounds) -> Result<Done<()>> {
    desk.correct("round", ask.correct.as_deref(), |draft| {
        let meeting = standing(draft.view(), ask.meeting)?;
        if ask.rounds.iter().any(|round| round.fields.contains_key("tally")) {
            keep_grades(draft, &meeting)?;
        }
        ask.rounds.iter().try_for_each(|round| save_one(draft, &meeting, round).map(|_| ()))
    })
}

/// The first ballots settle the grades of the meeting: what the template says later is for later meetings.
fn keep_grades(draft: &mut Draft<'_>, meeting: &Meeting) -> Result<()> {
    let counted = draft.view().rounds(meeting.id)?.iter().any(|round| round.tally.is_some());
    let grades = draft.view().grades_of(meeting)?;
    if counted || meeting.grades.as_ref() == Some(&grades) {
        return Ok(());
    }
    draft.patch(Meeting::KIND, meeting.id.0, [("grades".to_owned(), json!(grades))].into())
}

fn save_one(draft: &mut Draft<'_>, meeting: &Meeting, ask: &RoundFields) -> Result<Uuid> {
    if let Some(name) = ask.fields.keys().find(|name| !OPEN_FIELDS.contains(&name.as_str())) {
        return Err(Refusal::new(Code::MalformedAsk).with("what", name).into());
    }
    let id = draft.only_one(Round::KIND, &[&meeting.id.0, &ask.pair]);
    let id = draft.view().rounds(meeting.id)?.iter().find(|r| r.pair == ask.pair).map_or(id, |r| r.id.0);
    match draft.get::<Round>(id)? {
        Some(round) if round.gone.is_none() => unchanged_since(draft, Round::KIND, id, ask.seen.as_ref())?,
        voided => begin(draft, meeting, ask.pair, id, voided.is_some())?,
    }
    draft.patch(Round::KIND, id, ask.fields.clone())?;
    Ok(id)
}

/// The pair's own words are kept with the round: the template may change, what was held does not.
fn begin(draft: &mut Draft<'_>, meeting: &Meeting, pair: u32, id: Uuid, voided: bool) -> Result<()> {
    let village = draft.get::<Village>(draft.village())?;
    let pairs = village.and_then(|v| v.pairs).unwrap_or_default();
    let planned = template(&pairs, pair).ok_or_else(|| Refusal::new(Code::MalformedAsk).with("what", "pair"))?;
    if voided {
        draft.restore(Round::KIND, id)?;
    }
    let fields = [
        ("meeting", json!(meeting.id)),
        ("pair", json!(pair)),
        ("who", json!(planned.who)),
        ("said", json!(planned.said)),
        ("what", json!(planned.what)),
    ];
    draft.patch(Round::KIND, id, fields.into_iter().map(|(k, v)| (k.to_owned(), v)).collect())
}

/// 列整改: what a poor result obliges the branch to mend, and by when it is tested again.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SaveMend {
    pub meeting: Uuid,
    pub pair: u32,
    pub text: String,
    #[serde(default)]
    pub owner: String,
    #[serde(default)]
    #[ts(optional)]
    pub correct: Option<String>,
}

pub fn save_mend(desk: &Desk, ask: SaveMend) -> Result<Done<Uuid>> {
    desk.correct("mend", ask.correct.as_deref(), |draft| {
        let meeting = standing(draft.view(), ask.meeting)?;
        let days = Rules::shipped().days("retest_days", meeting.on)?;
        let due = meeting.on + chrono::Days::new(u64::from(days));
        let fields = [("retest_due".to_owned(), json!(due))].into();
        let round = draft.view().rounds(meeting.id)?.into_iter().find(|r| r.pair == ask.pair);
        let missing = || Refusal::new(Code::NoSuchRecord).with("kind", "round").with("id", ask.pair);
        let round = round.ok_or_else(missing)?.id;
        draft.patch(Round::KIND, round.0, fields)?;
        let fields = [
            ("text", json!(ask.text)),
            ("on", json!(meeting.on)),
            ("raised_at", json!(Raised::Mend)),
            ("meeting", json!(meeting.id)),
            ("round", json!(round)),
            ("owner", json!(ask.owner)),
            ("due", json!(due)),
        ];
        draft.create("matter", fields.into_iter().map(|(k, v)| (k.to_owned(), v)).collect())
    })
}
