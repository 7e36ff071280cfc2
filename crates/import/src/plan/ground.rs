//! What stands, and what would stand after the import: every put is compared with the standing value at the end.

use super::{Counts, Fields, Patch, Standing};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// In the order in which a reader wants to see them.
const KINDS: [&str; 12] = [
    "group",
    "household",
    "person",
    "household_class",
    "party_member",
    "pairing",
    "visit",
    "matter",
    "meeting",
    "round",
    "star_cycle",
    "rating",
];

pub struct Ground<'a> {
    standing: &'a dyn Standing,
    new_id: &'a mut dyn FnMut() -> Uuid,
    shelves: BTreeMap<&'static str, Shelf>,
}

#[derive(Default)]
struct Shelf {
    order: Vec<Uuid>,
    records: HashMap<Uuid, Record>,
}

#[derive(Default)]
struct Record {
    before: Option<Fields>,
    now: Fields,
    touched: bool,
}

impl<'a> Ground<'a> {
    pub fn new(standing: &'a dyn Standing, new_id: &'a mut dyn FnMut() -> Uuid) -> Self {
        let shelve = |kind: &'static str| (kind, Shelf::of(standing.list(kind)));
        Ground { standing, new_id, shelves: KINDS.into_iter().map(shelve).collect() }
    }

    pub fn all(&self, kind: &'static str) -> impl Iterator<Item = (Uuid, &Fields)> {
        let shelf = &self.shelves[kind];
        shelf.order.iter().map(|id| (*id, &shelf.records[id].now))
    }

    /// The record as it would stand; empty when there is none.
    pub fn get(&self, kind: &'static str, id: Uuid) -> &Fields {
        static NONE: Fields = Fields::new();
        self.shelves[kind].records.get(&id).map_or(&NONE, |r| &r.now)
    }

    pub fn same(&self, kind: &str, field: &str, standing: &Value, new: &Value) -> bool {
        standing == new || self.standing.same(kind, field, standing, new)
    }

    /// Puts what was filled in onto a record, making it when `id` is none or unknown. `typed` holds, by field, the text
    /// of cells whose value does not say it all; it is dropped again once a plain value stands in that field.
    pub fn put(
        &mut self,
        kind: &'static str,
        id: Option<Uuid>,
        mut fields: Fields,
        typed: &BTreeMap<&'static str, String>,
    ) -> Uuid {
        let id = id.unwrap_or_else(|| (self.new_id)());
        if let Some(kept) = self.as_typed(kind, id, &fields, typed) {
            fields.insert("as_typed".to_owned(), kept);
        }
        let standing = self.standing;
        let shelf = self.shelves.entry(kind).or_default();
        let record = shelf.records.entry(id).or_insert_with(|| {
            shelf.order.push(id);
            Record::default()
        });
        record.touched = true;
        for (name, value) in fields {
            let now = record.now.get(&name).unwrap_or(&Value::Null);
            if *now != value && !standing.same(kind, &name, now, &value) {
                record.now.insert(name, value);
            }
        }
        id
    }

    /// The record's `as_typed` after these fields, if it would differ from what stands.
    fn as_typed(
        &self,
        kind: &'static str,
        id: Uuid,
        fields: &Fields,
        typed: &BTreeMap<&'static str, String>,
    ) -> Option<Value> {
        let now = self.get(kind, id);
        let standing = now.get("as_typed").and_then(Value::as_object).cloned().unwrap_or_default();
        let mut kept: Map<String, Value> = standing.clone();
        kept.retain(|name, _| !fields.contains_key(name) || typed.contains_key(name.as_str()));
        for (name, text) in typed {
            if self.adds_something(kind, now, fields, &standing, name) {
                kept.insert((*name).to_owned(), text.clone().into());
            }
        }
        let value = if kept.is_empty() { Value::Null } else { Value::Object(kept.clone()) };
        (kept != standing).then_some(value)
    }

    /// A doubtful cell says nothing new about a field that someone has settled in the ledger meanwhile.
    fn adds_something(
        &self,
        kind: &'static str,
        now: &Fields,
        fields: &Fields,
        standing: &Map<String, Value>,
        name: &str,
    ) -> bool {
        let settled = now.get(name).filter(|v| !v.is_null() && !standing.contains_key(name));
        match (settled, fields.get(name)) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(stands), Some(new)) => !self.same(kind, name, stands, new),
        }
    }

    /// The differences, and how many records were made, changed or found as they stand.
    pub fn finish(self) -> (Vec<Patch>, BTreeMap<&'static str, Counts>) {
        let mut patches = Vec::new();
        let mut summary = BTreeMap::new();
        let mut shelves = self.shelves;
        for kind in KINDS {
            let Some(shelf) = shelves.remove(kind) else {
                continue;
            };
            let counts: &mut Counts = summary.entry(kind).or_default();
            for patch in shelf.touched(kind) {
                match (patch.new, patch.fields.is_empty()) {
                    (true, _) => counts.new += 1,
                    (false, false) => counts.changed += 1,
                    (false, true) => counts.same += 1,
                }
                if patch.new || !patch.fields.is_empty() {
                    patches.push(patch);
                }
            }
        }
        summary.retain(|_, c| *c != Counts::default());
        (patches, summary)
    }
}

impl Shelf {
    fn of(list: Vec<(Uuid, Fields)>) -> Self {
        let order = list.iter().map(|(id, _)| *id).collect();
        let record = |fields: Fields| Record { now: fields.clone(), before: Some(fields), touched: false };
        Shelf { order, records: list.into_iter().map(|(id, fields)| (id, record(fields))).collect() }
    }

    fn touched(mut self, kind: &'static str) -> impl Iterator<Item = Patch> {
        let order = std::mem::take(&mut self.order);
        let records = order.into_iter().filter_map(move |id| Some((id, self.records.remove(&id)?)));
        records.filter(|(_, r)| r.touched).map(move |(id, record)| record.patch(kind, id))
    }
}

impl Record {
    fn patch(self, kind: &'static str, id: Uuid) -> Patch {
        let new = self.before.is_none();
        let stood = self.before.unwrap_or_default();
        let mut fields = Fields::new();
        let mut before = Fields::new();
        for (name, value) in self.now {
            match stood.get(&name) {
                Some(old) if *old == value => {}
                None if value.is_null() => {}
                old => {
                    before.extend(old.map(|old| (name.clone(), old.clone())));
                    fields.insert(name, value);
                }
            }
        }
        Patch { kind, id, new, fields, before }
    }
}
