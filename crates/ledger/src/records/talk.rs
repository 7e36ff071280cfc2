//! 谈心谈话 — a heart-to-heart talk with a member: when, by whom, about what. Nobody else reads it: it is in no report.

use crate::dates::Date;
use crate::query::View;
use crate::record::{Life, record};
use crate::records::PartyMemberId;
use crate::refusal::Result;

record! { Talk(TalkId) in "talk" index(member) {
    member: PartyMemberId,
    on: Date,
    /// 谈话人.
    by: String,
    gist: Option<String>,
} }

impl Life for Talk {
    fn check(&self, view: &View<'_>) -> Result<()> {
        view.not_ahead([self.on])
    }
}

impl View<'_> {
    pub fn talks(&self, from: Date, to: Date) -> Result<Vec<Talk>> {
        self.select("\"on\" BETWEEN ?1 AND ?2 ORDER BY \"on\", id", (from.to_string(), to.to_string()))
    }
}
