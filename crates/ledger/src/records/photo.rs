//! 照片 — a picture of a meeting or a visit. Never asked for: a record is whole without one. The picture itself lies
//! beside the ledger under its hash; this says which, of what, and how large. A picture is no fact of a month: it may
//! come and go whenever, and no figure counts it.

use crate::query::View;
use crate::record::{Count, Life, record};
use crate::records::{MeetingId, VisitId};
use crate::refusal::{Code, Refusal, Result};

record! { Photo(PhotoId) in "photo" index(meeting, visit) {
    meeting: Option<MeetingId>,
    visit: Option<VisitId>,
    /// BLAKE3 of the file's bytes, 64 hex digits: the file's name, and the proof that it is still the same.
    hash: String,
    caption: Option<String>,
    bytes: Count,
    width: Count,
    height: Count,
} }

impl Life for Photo {
    fn check(&self, _view: &View<'_>) -> Result<()> {
        let unfit = |field, typed: &str| {
            Refusal::new(Code::Unfit).with("kind", "photo").with("field", field).with("typed", typed)
        };
        let is_hash = self.hash.len() == 64 && self.hash.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        if !is_hash {
            return Err(unfit("hash", &self.hash).into());
        }
        if self.meeting.is_some() == self.visit.is_some() {
            return Err(unfit("meeting", "—").into());
        }
        Ok(())
    }
}

impl View<'_> {
    pub fn photos_of_meeting(&self, meeting: MeetingId) -> Result<Vec<Photo>> {
        self.select("meeting = ?1 ORDER BY id", [meeting.0.as_bytes()])
    }

    pub fn photos_of_visit(&self, visit: VisitId) -> Result<Vec<Photo>> {
        self.select("visit = ?1 ORDER BY id", [visit.0.as_bytes()])
    }
}
