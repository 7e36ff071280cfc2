//! 党员名册 — the members of the branch as one sees them together, one member's year, and what becomes of a member.

mod change;
mod list;
mod look;
mod papers;
#[cfg(test)]
mod tests;

pub(crate) use change::died;
pub use change::{ChangeMember, NewMember, change, new};
pub use list::{MemberLine, MemberList, WhichYear, list};
pub use look::{ChangeLine, LinkedHousehold, MemberPage, OfficeOfMember, WhichMember, look};
pub use papers::{MemberPapers, pages, print};

use lianhu_ledger::records::PartyMember;
use lianhu_ledger::{Code, Record, Refusal, View};
use uuid::Uuid;

use crate::problem::Result;

pub(crate) fn standing(view: View<'_>, id: Uuid) -> Result<PartyMember> {
    let found = view.get::<PartyMember>(id)?.filter(|m| m.gone.is_none());
    found.ok_or_else(|| Refusal::new(Code::NoSuchRecord).with("kind", PartyMember::KIND).with("id", id).into())
}
