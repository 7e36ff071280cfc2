//! What stands in a place of a record, as a person reads it: names for ids, parts of what is written whole, numbers of
//! people masked. Codes and the words for fields are the screen's.

use std::collections::HashMap;

use lianhu_ledger::View;
use lianhu_ledger::records::{Group, Household, PersonId, StarCycle, kind};
use lianhu_report::mask;
use serde::Serialize;
use serde_json::Value as Json;
use ts_rs::TS;
use uuid::Uuid;

use crate::problem::Result;

/// A value, or a part of one that is written whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ValuePart {
    /// What the part is called; none for a value of one piece.
    pub part: Option<String>,
    pub text: String,
}

/// What ids are called.
pub(crate) struct Names {
    people: HashMap<PersonId, String>,
    others: HashMap<Uuid, String>,
}

impl Names {
    pub fn of(view: View<'_>) -> Result<Names> {
        let people = view.names()?;
        let head = |h: Household| Some((h.id.0, people.get(&h.head?)?.clone()));
        let mut others: HashMap<Uuid, String> = view.all::<Household>()?.into_iter().filter_map(head).collect();
        others.extend(view.all::<Group>()?.into_iter().map(|group| (group.id.0, group.name)));
        others.extend(view.all::<StarCycle>()?.into_iter().map(|cycle| (cycle.id.0, cycle.name)));
        Ok(Names { people, others })
    }

    pub fn person(&self, id: Uuid) -> Option<&str> {
        self.people.get(&PersonId(id)).map(String::as_str)
    }

    /// The head of a household, the name of a group or of a cycle.
    pub fn other(&self, id: Uuid) -> Option<&str> {
        self.others.get(&id).map(String::as_str)
    }

    /// One text for all of it; none for a blank.
    pub fn told(&self, kind_name: &str, field: &str, value: &Json) -> Option<String> {
        let text = match value {
            Json::Null => return None,
            Json::String(text) => text.clone(),
            Json::Object(parts) => return told_whole(field, parts),
            other => return Some(other.to_string()),
        };
        let refers = kind(kind_name).ok().and_then(|kind| kind.fields[kind.field(field)?].refers).is_some();
        if refers {
            let id = text.parse::<Uuid>().ok();
            let name = id.and_then(|id| self.person(id).or_else(|| self.other(id)));
            return Some(name.unwrap_or_default().to_owned());
        }
        Some(match field {
            "id_number" | "id_15" => mask::id(&text).as_str().to_owned(),
            "phone" => mask::phone(&text).as_str().to_owned(),
            _ => mask::text(&text).as_str().to_owned(),
        })
    }

    /// Part by part; nothing for a blank.
    pub fn parts(&self, kind_name: &str, field: &str, value: &Json) -> Vec<ValuePart> {
        let whole = |text: String| vec![ValuePart { part: None, text }];
        match value {
            Json::Object(parts) if field != "gone" => {
                let one = |(part, value): (&String, &Json)| {
                    let text = Some(plain(value)).filter(|text| !text.is_empty())?;
                    Some(ValuePart { part: Some(part.clone()), text })
                };
                parts.iter().filter_map(one).collect()
            }
            Json::Array(_) => whole(plain(value)),
            other => self.told(kind_name, field, other).map(whole).unwrap_or_default(),
        }
    }
}

/// Whether a field holds a number of a person that no screen shows unasked.
pub(crate) fn is_masked(field: &str) -> bool {
    matches!(field, "id_number" | "id_15" | "phone")
}

fn plain(value: &Json) -> String {
    let joined = |values: Vec<String>| values.into_iter().filter(|v| !v.is_empty()).collect::<Vec<_>>().join("、");
    match value {
        Json::Null => String::new(),
        Json::String(text) => mask::text(text).as_str().to_owned(),
        Json::Array(values) => joined(values.iter().map(plain).collect()),
        Json::Object(parts) => joined(parts.values().map(plain).collect()),
        other => other.to_string(),
    }
}

/// A cell of several parts: a star, why a record was voided, what stood on the paper.
fn told_whole(field: &str, parts: &serde_json::Map<String, Json>) -> Option<String> {
    match (field, parts.get("granted"), parts.get("reason")) {
        (_, Some(granted), _) => Some(granted.to_string()),
        ("gone", _, Some(reason)) => reason.as_str().map(str::to_owned),
        _ => {
            let texts: Vec<&str> = parts.values().filter_map(Json::as_str).collect();
            Some(mask::text(&texts.join(" ")).as_str().to_owned())
        }
    }
}
