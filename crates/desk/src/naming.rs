//! What a person recognises a record by: the head of a household, who visited whom and when. Names and dates only; the
//! word for the kind is the screen's.

use std::collections::HashMap;

use lianhu_ledger::{Result, View};
use serde_json::Value as Json;
use uuid::Uuid;

/// Names records, and remembers those it has looked up.
pub struct Namer<'a> {
    view: View<'a>,
    known: HashMap<Uuid, String>,
}

impl<'a> Namer<'a> {
    pub fn new(view: View<'a>) -> Namer<'a> {
        Namer { view, known: HashMap::new() }
    }

    /// The record's name; empty where it has none.
    pub fn name(&mut self, kind: &str, id: Uuid) -> Result<String> {
        if let Some(name) = self.known.get(&id) {
            return Ok(name.clone());
        }
        let name = match self.view.record(kind, id)? {
            Some(record) => self.of(kind, &record)?,
            None => String::new(),
        };
        self.known.insert(id, name.clone());
        Ok(name)
    }

    /// The name of a record at hand.
    pub fn of(&mut self, kind: &str, record: &Json) -> Result<String> {
        let parts = match kind {
            "household" => vec![self.target("person", record, "head")?],
            "visit" => vec![self.target("household", record, "household")?, text(record, "on")],
            "pairing" => vec![self.target("household", record, "household")?, self.target("person", record, "helper")?],
            "household_class" | "rating" => vec![self.target("household", record, "household")?],
            "party_member" => vec![self.target("person", record, "person")?],
            "dues" => vec![self.target("party_member", record, "member")?, text(record, "month")],
            "dues_base" => vec![self.target("party_member", record, "member")?, text(record, "from")],
            "point_entry" => vec![self.target("household", record, "household")?, text(record, "on")],
            "meeting" => vec![text(record, "on"), text(record, "place")],
            "round" => vec![self.target("meeting", record, "meeting")?, text(record, "who")],
            "attendance" => {
                vec![self.target("household", record, "household")?, self.target("meeting", record, "meeting")?]
            }
            "matter" => vec![text(record, "text").chars().take(20).collect()],
            "not_held" | "month_plan" | "report" | "report_answer" | "correction" => vec![text(record, "month")],
            _ => vec![text(record, "name")],
        };
        Ok(parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" "))
    }

    fn target(&mut self, kind: &str, record: &Json, field: &str) -> Result<String> {
        match record.get(field).and_then(Json::as_str).and_then(|id| Uuid::parse_str(id).ok()) {
            Some(id) => self.name(kind, id),
            None => Ok(String::new()),
        }
    }
}

fn text(record: &Json, field: &str) -> String {
    record.get(field).and_then(Json::as_str).unwrap_or_default().to_owned()
}
