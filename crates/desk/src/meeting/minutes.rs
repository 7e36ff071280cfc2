//! 纪要 — made from what was entered and nothing else, worded anew where the clerk wants to, sealed when it is right.
//! Sealed minutes are kept as they were; a correction (更正) opens them with a reason and seals another version.

use lianhu_ledger::dates::Date;
use lianhu_ledger::records::Meeting;
use lianhu_ledger::records::meeting::{Edit, Edits};
use lianhu_ledger::text::{Lang, say};
use lianhu_ledger::{Code, Frozen, Record, Refusal, View};
use lianhu_report::minutes::{Minutes, Paragraph, Part};
use lianhu_report::papers;
use serde::{Deserialize, Serialize};
use serde_json::json;
use ts_rs::TS;
use uuid::Uuid;

use super::{WhichMeeting, standing};
use crate::desk::{Desk, Done};
use crate::problem::Result;

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct MinutesPage {
    pub parts: Vec<MinutesPart>,
    /// 我改过的 n 处.
    pub edited: u32,
    pub lacks: Vec<MinutesLack>,
    pub sealed_on: Option<Date>,
    pub versions: Vec<MinutesVersion>,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum MinutesPart {
    Heading {
        text: String,
    },
    Paragraph {
        key: String,
        /// What the entries make of it now.
        base: String,
        text: String,
        edited: bool,
        /// The entries have changed since it was worded by hand.
        moved: bool,
    },
    /// The table of ballots stands here.
    Tallies,
}

/// Something a reader of the minutes will miss, and the step where it is filled in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct MinutesLack {
    pub what: &'static str,
    pub step: &'static str,
    /// Which pair, where it is one.
    pub pair: Option<u32>,
    pub who: Option<String>,
}

/// A version that was sealed.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct MinutesVersion {
    pub version: u32,
    pub author: String,
    /// Milliseconds since 1970.
    pub at_ms: u64,
    pub reason: Option<String>,
}

pub fn look_at_minutes(desk: &Desk, ask: WhichMeeting) -> Result<MinutesPage> {
    let made_at = desk.machine().china_time();
    desk.read(|ledger| {
        let view = ledger.view();
        let meeting = standing(view, ask.id)?;
        let minutes = papers::minutes(view, &meeting, made_at)?;
        let versions = if meeting.version.unwrap_or(0) > 0 { versions(ledger, ask.id)? } else { Vec::new() };
        Ok(MinutesPage {
            edited: minutes.edits.0.len() as u32,
            parts: minutes.parts().into_iter().map(told).collect(),
            lacks: lacks(view, &meeting)?,
            sealed_on: meeting.sealed_on,
            versions,
        })
    })
}

fn told(part: Part) -> MinutesPart {
    match part {
        Part::Heading { text, .. } => MinutesPart::Heading { text },
        Part::Paragraph(Paragraph { key, base, text, edited, moved, .. }) => {
            MinutesPart::Paragraph { key, base, text, edited, moved }
        }
        Part::Tallies { .. } => MinutesPart::Tallies,
    }
}

/// Read out of the log: an old version is never written over.
fn versions(ledger: &lianhu_ledger::Ledger, id: Uuid) -> Result<Vec<MinutesVersion>> {
    let mut found = Vec::new();
    for entry in ledger.history(Some(id))? {
        let sealed = entry.changes.iter().find_map(|c| c.fields.get("sealed_as").filter(|kept| !kept.is_null()));
        let minutes = sealed.and_then(|kept| papers::minutes_as_sealed(&Frozen(kept.clone())));
        let Some(minutes) = minutes else { continue };
        let corrected = minutes.corrected;
        found.push(MinutesVersion {
            version: corrected.as_ref().map_or(1, |c| c.version),
            author: entry.author,
            at_ms: entry.at_ms,
            reason: corrected.map(|c| c.reason),
        });
    }
    Ok(found)
}

/// What is missing before the paper can be signed; nothing of it ever stops a printer.
pub(super) fn lacks(view: View<'_>, meeting: &Meeting) -> Result<Vec<MinutesLack>> {
    let lack = |what, step| MinutesLack { what, step, pair: None, who: None };
    let mut lacks = Vec::new();
    lacks.extend(meeting.place.is_none().then(|| lack("place", "attend")));
    lacks.extend(meeting.host.is_none().then(|| lack("host", "attend")));
    lacks.extend(meeting.recorder.is_none().then(|| lack("recorder", "attend")));
    lacks.extend(meeting.present.is_none().then(|| lack("present", "attend")));
    let Some(village) = view.all::<lianhu_ledger::records::Village>()?.into_iter().next() else { return Ok(lacks) };
    for round in super::rounds::views(view, meeting, &village)? {
        let of = |what, step| MinutesLack { what, step, pair: Some(round.pair), who: Some(round.who.clone()) };
        lacks.extend(round.speaker.is_none().then(|| of("speaker", "report")));
        lacks.extend(round.summary.is_none().then(|| of("summary", "report")));
        match &round.tally {
            None => lacks.push(of("tally", "tally")),
            Some(tally) => {
                let wanted = tally.returned.or(tally.issued).or(meeting.present);
                let counted = tally.valid() + u64::from(tally.spoilt.unwrap_or(0));
                lacks.extend(wanted.filter(|n| u64::from(*n) != counted).map(|_| of("sum", "tally")));
            }
        }
    }
    if meeting.meeting_kind.code() != super::MASS && meeting.minutes.is_none() {
        lacks.push(lack("minutes", "report"));
    }
    Ok(lacks)
}

#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct EditMinutes {
    pub id: Uuid,
    pub key: String,
    /// The clerk's words; without them the paragraph is made from the entries again.
    #[serde(default)]
    #[ts(optional)]
    pub text: Option<String>,
    #[serde(default)]
    #[ts(optional)]
    pub correct: Option<String>,
}

pub fn edit_minutes(desk: &Desk, ask: EditMinutes) -> Result<Done<u32>> {
    let made_at = desk.machine().china_time();
    desk.correct("minutes", ask.correct.as_deref(), |draft| {
        let meeting = standing(draft.view(), ask.id)?;
        let base = base_of(&papers::minutes_now(draft.view(), &meeting, made_at)?, &ask.key)?;
        let mut edits = meeting.edits.unwrap_or_default();
        match &ask.text {
            Some(text) if text.trim() != base.trim() => {
                edits.0.insert(ask.key.clone(), Edit { base, text: text.trim().to_owned() });
            }
            _ => {
                edits.0.remove(&ask.key);
            }
        }
        let count = edits.0.len() as u32;
        draft.patch(Meeting::KIND, ask.id, [("edits".to_owned(), kept(edits))].into())?;
        Ok(count)
    })
}

fn kept(edits: Edits) -> serde_json::Value {
    if edits.0.is_empty() { json!(null) } else { json!(edits) }
}

fn base_of(minutes: &Minutes, key: &str) -> Result<String, Refusal> {
    let mut paragraphs = minutes.parts().into_iter().filter_map(|part| match part {
        Part::Paragraph(paragraph) => Some(paragraph),
        _ => None,
    });
    let found = paragraphs.find(|paragraph| paragraph.key == key).map(|paragraph| paragraph.base);
    found.ok_or_else(|| Refusal::new(Code::MalformedAsk).with("what", "key"))
}

/// 定稿. From now on the minutes are what they are now.
pub fn seal(desk: &Desk, ask: WhichMeeting) -> Result<Done<u32>> {
    let made_at = desk.machine().china_time();
    desk.edit("seal", |draft| {
        let meeting = standing(draft.view(), ask.id)?;
        if meeting.sealed_on.is_some() {
            return Err(Refusal::new(Code::NothingToDo).into());
        }
        let minutes = papers::minutes_now(draft.view(), &meeting, made_at)?;
        let version = meeting.version.unwrap_or(0) + 1;
        let fields = [("sealed_on", json!(draft.today())), ("sealed_as", json!(minutes)), ("version", json!(version))];
        if super::papers::month_is_closed(draft.view(), &meeting)? {
            draft.correct(&reason_of(&minutes))?;
        }
        draft.patch(Meeting::KIND, ask.id, fields.into_iter().map(|(k, v)| (k.to_owned(), v)).collect())?;
        Ok(version)
    })
}

/// In a closed month sealing is a correction too: for the reason that opened the minutes, or for itself.
fn reason_of(minutes: &Minutes) -> String {
    let given = minutes.corrected.as_ref().map(|corrected| corrected.reason.clone());
    given.unwrap_or_else(|| say(Lang::ZhCn, "op.seal", &[]))
}

/// 更正: opens sealed minutes, and says why.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ReopenMinutes {
    pub id: Uuid,
    pub reason: String,
}

pub fn reopen(desk: &Desk, ask: ReopenMinutes) -> Result<Done<Uuid>> {
    desk.correct("reopen", Some(&ask.reason), |draft| {
        let fields = [("sealed_on".to_owned(), json!(null)), ("sealed_as".to_owned(), json!(null))];
        draft.patch(Meeting::KIND, ask.id, fields.into())?;
        Ok(ask.id)
    })
}
