//! 草稿 — what has been typed into a form and not yet saved. One small file a form, written whole, so that a power cut
//! loses at most the last field; it belongs to this computer and never to the ledger.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use ts_rs::TS;

use crate::desk::Desk;
use crate::files;
use crate::problem::Result;

/// Longer than any form; a flood from a broken page ends here.
const LONGEST: usize = 1024 * 1024;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct FormDraft {
    /// Which form, and of what: `visit`, `meeting:…`.
    pub key: String,
    #[ts(type = "unknown")]
    pub form: Json,
    /// Milliseconds since 1970.
    pub at_ms: u64,
}

#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct PutDraft {
    pub key: String,
    #[ts(type = "unknown")]
    pub form: Json,
}

#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct DraftKey {
    pub key: String,
}

pub fn put(desk: &Desk, ask: PutDraft) -> Result<()> {
    use lianhu_ledger::Edge;
    let draft = FormDraft { at_ms: desk.machine().now_ms(), key: ask.key, form: ask.form };
    let text = serde_json::to_vec(&draft).expect("a draft is plain data");
    if text.len() > LONGEST {
        let refusal = lianhu_ledger::Refusal::new(lianhu_ledger::Code::MalformedAsk);
        return Err(refusal.with("what", "draft").into());
    }
    files::write(&folder(desk), &file_name(&draft.key), &text).map(|_| ())
}

pub fn get(desk: &Desk, ask: DraftKey) -> Result<Option<FormDraft>> {
    Ok(read(&folder(desk).join(file_name(&ask.key))))
}

/// Newest first.
pub fn list(desk: &Desk, _: crate::session::Nothing) -> Result<Vec<FormDraft>> {
    let Ok(entries) = std::fs::read_dir(folder(desk)) else { return Ok(Vec::new()) };
    let mut drafts: Vec<FormDraft> = entries.filter_map(|e| read(&e.ok()?.path())).collect();
    drafts.sort_by_key(|draft| std::cmp::Reverse(draft.at_ms));
    Ok(drafts)
}

pub fn drop(desk: &Desk, ask: DraftKey) -> Result<()> {
    let _ = std::fs::remove_file(folder(desk).join(file_name(&ask.key)));
    Ok(())
}

/// Drafts of one village do not turn up in another's forms.
fn folder(desk: &Desk) -> PathBuf {
    let village = desk.read(|ledger| Ok(ledger.village())).unwrap_or_default();
    desk.place().dir.join("drafts").join(village.simple().to_string())
}

fn file_name(key: &str) -> String {
    format!("{}.json", &blake3::hash(key.as_bytes()).to_hex()[..24])
}

fn read(path: &Path) -> Option<FormDraft> {
    serde_json::from_slice(&std::fs::read(path).ok()?).ok()
}
