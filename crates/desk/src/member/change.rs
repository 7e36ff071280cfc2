//! 党员变动 — one step writes both: what happened, with its day, and how the member stands from then on. The person's 政治面貌
//! follows, so it is not typed twice.

use lianhu_ledger::dates::Date;
use lianhu_ledger::records::{MemberChange, PartyMember, Person, PersonId};
use lianhu_ledger::{Code, Draft, Record, Refusal};
use serde::Deserialize;
use serde_json::{Value as Json, json};
use ts_rs::TS;
use uuid::Uuid;

use super::standing;
use crate::desk::{Desk, Done};
use crate::problem::Result;

/// GB/T 4762.
const FULL: &str = "01";
const PROBATIONARY: &str = "02";
const NO_PARTY: &str = "13";

#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ChangeMember {
    pub id: Uuid,
    /// As the code set `member_event` has it.
    pub event: String,
    pub on: Date,
    /// Where to, where from, into which 党小组.
    #[serde(default)]
    pub place: String,
    /// 延长到.
    #[serde(default)]
    #[ts(optional)]
    pub until: Option<Date>,
    #[serde(default)]
    pub evidence: String,
}

pub fn change(desk: &Desk, ask: ChangeMember) -> Result<Done<Uuid>> {
    desk.edit("member_change", |draft| {
        let member = standing(draft.view(), ask.id)?;
        put_change(draft, &member, &ask)
    })
}

fn put_change(draft: &mut Draft<'_>, member: &PartyMember, ask: &ChangeMember) -> Result<Uuid> {
    let needed = match ask.event.as_str() {
        "extended" if ask.until.is_none() => Some("until"),
        "cell" | "left" if ask.place.trim().is_empty() => Some("place"),
        _ => None,
    };
    if let Some(field) = needed {
        return Err(Refusal::new(Code::Missing).with("kind", MemberChange::KIND).with("field", field).into());
    }
    let Some(fields) = standing_after(ask) else {
        let refusal = Refusal::new(Code::Unfit).with("kind", MemberChange::KIND).with("field", "event");
        return Err(refusal.with("typed", &ask.event).into());
    };
    set(draft, PartyMember::KIND, member.id.0, &fields)?;
    let political = match ask.event.as_str() {
        "full" => Some(FULL),
        "removed" | "expelled" => Some(NO_PARTY),
        _ => None,
    };
    if let Some(code) = political {
        set(draft, Person::KIND, member.person.0, &[("political", json!(code))])?;
    }
    let person = draft.get::<Person>(member.person.0)?;
    if ask.event == "died" && person.is_some_and(|p| p.gone.is_none() && p.died_on.is_none()) {
        set(draft, Person::KIND, member.person.0, &[("died_on", json!(ask.on))])?;
    }
    told(draft, member.id.0, &ask.event, ask)
}

/// What the roll says of the member once this has happened; `None` for what does not happen to one who is on it.
fn standing_after(ask: &ChangeMember) -> Option<Vec<(&'static str, Json)>> {
    let on = json!(ask.on);
    Some(match ask.event.as_str() {
        "full" => vec![("full_on", on), ("class", json!(FULL)), ("probation_until", Json::Null)],
        "extended" => vec![("probation_until", json!(ask.until))],
        "cell" => vec![("cell", json!(ask.place))],
        "floated" => vec![("floating", json!(true))],
        "back" => vec![("floating", json!(false))],
        "suspended" => vec![("suspended_on", on)],
        "restored" => vec![("suspended_on", Json::Null)],
        "left" => vec![("left_on", on), ("left_to", json!(ask.place)), ("left_how", json!("left"))],
        "removed" | "expelled" | "died" => vec![("left_on", on), ("left_how", json!(ask.event))],
        _ => return None,
    })
}

fn told(draft: &mut Draft<'_>, member: Uuid, event: &str, ask: &ChangeMember) -> Result<Uuid> {
    let fields = [
        ("member", json!(member)),
        ("event", json!(event)),
        ("on", json!(ask.on)),
        ("place", json!(ask.place)),
        ("until", json!(ask.until)),
        ("evidence", json!(ask.evidence)),
    ];
    draft.create(MemberChange::KIND, fields.into_iter().map(|(k, v)| (k.to_owned(), v)).collect())
}

fn set(draft: &mut Draft<'_>, kind: &str, id: Uuid, fields: &[(&str, Json)]) -> Result<()> {
    draft.patch(kind, id, fields.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect())
}

/// Their death was entered with the person: the roll of members follows.
pub(crate) fn died(draft: &mut Draft<'_>, person: Uuid, on: Date) -> Result<()> {
    let member = draft.view().select::<PartyMember>("person = ?1 AND left_on IS NULL", [person.as_bytes()])?;
    let Some(member) = member.into_iter().next() else { return Ok(()) };
    let ask = ChangeMember {
        id: member.id.0,
        event: "died".into(),
        on,
        place: String::new(),
        until: None,
        evidence: String::new(),
    };
    put_change(draft, &member, &ask)?;
    Ok(())
}

/// 转入 or 接收为预备党员: somebody comes onto the roll.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct NewMember {
    pub person: Uuid,
    /// `came` or `admitted`.
    pub event: String,
    pub on: Date,
    #[serde(default)]
    pub place: String,
    #[serde(default)]
    pub evidence: String,
    #[serde(default)]
    pub cell: String,
    /// 入党时间 and 转正时间 of one who comes from elsewhere, as far as they are known.
    #[serde(default)]
    pub joined_on: String,
    #[serde(default)]
    pub full_on: String,
}

pub fn new(desk: &Desk, ask: NewMember) -> Result<Done<Uuid>> {
    desk.edit("member", |draft| {
        let came = match ask.event.as_str() {
            "came" => true,
            "admitted" => false,
            _ => {
                let refusal = Refusal::new(Code::Unfit).with("kind", MemberChange::KIND).with("field", "event");
                return Err(refusal.with("typed", &ask.event).into());
            }
        };
        let class = if came && !ask.full_on.is_empty() { FULL } else { PROBATIONARY };
        let joined = if came { json!(ask.joined_on) } else { json!(ask.on) };
        let fields = [
            ("person", json!(PersonId(ask.person).0)),
            ("class", json!(class)),
            ("joined_on", joined),
            ("full_on", json!(ask.full_on)),
            ("cell", json!(ask.cell)),
            ("came_on", if came { json!(ask.on) } else { Json::Null }),
            ("came_from", if came { json!(ask.place) } else { Json::Null }),
        ];
        let id = draft.create(PartyMember::KIND, fields.into_iter().map(|(k, v)| (k.to_owned(), v)).collect())?;
        set(draft, Person::KIND, ask.person, &[("political", json!(class))])?;
        let change = ChangeMember {
            id,
            event: ask.event.clone(),
            on: ask.on,
            place: ask.place.clone(),
            until: None,
            evidence: ask.evidence.clone(),
        };
        told(draft, id, &ask.event, &change)?;
        Ok(id)
    })
}
