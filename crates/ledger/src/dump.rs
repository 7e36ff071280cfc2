//! Every live record as one canonical line. Two ledgers that agree print the same bytes, whichever device wrote what
//! in which order, and whichever release holds fields the other does not use.

use std::io::Write;

use serde_json::Value as Json;

use crate::disk;
use crate::ledger::Ledger;
use crate::records::KINDS;
use crate::refusal::Result;

impl Ledger {
    /// Writes `{"kind":…,"id":…,…}` lines, sorted by kind and id.
    pub fn dump(&self, out: &mut dyn Write) -> Result<()> {
        let mut kinds: Vec<_> = KINDS.iter().collect();
        kinds.sort_by_key(|kind| kind.name);
        for kind in kinds {
            for record in self.view().list(kind.name)? {
                writeln!(out, "{}", line(kind.name, record)).map_err(disk::io(&self.path))?;
            }
        }
        Ok(())
    }
}

/// Kind and id first, then the fields by name.
pub(crate) fn line(kind: &str, record: Json) -> String {
    let Json::Object(fields) = record else { return String::new() };
    let id = fields.get("id").cloned().unwrap_or_default();
    let mut sorted: Vec<_> = fields.into_iter().filter(|(name, _)| name != "id").collect();
    sorted.sort_by(|a, b| a.0.cmp(&b.0));
    let rest: String = sorted.into_iter().map(|(name, value)| format!(",{}:{value}", Json::String(name))).collect();
    format!("{{\"kind\":{},\"id\":{id}{rest}}}", Json::from(kind))
}
