//! 家庭户 — the list of households, one household's page, and what can happen to a household.
//!
//! 新增, 换户主, 分户, 并户, 销户 (迁出), 恢复. Nothing is deleted: each is a dated event in one step that can be taken back.

mod changes;
mod ends;
mod hands;
mod list;
mod look;
mod new;
mod parts;
mod sheet;
#[cfg(test)]
mod stories;

pub use changes::{HistoryChange, HistoryField, HistoryStep, history_of};
pub(crate) use ends::not_ahead;
pub use ends::{
    EndHousehold, MergeHouseholds, ReopenHousehold, RestoreHousehold, VoidHousehold, end, merge, reopen, restore, void,
};
pub use hands::{HandOver, hand_over};
pub use list::{GroupName, Helper, HouseholdList, HouseholdRow, Visited, list};
pub use look::{ClassLine, HouseholdLook, MatterLine, Named, PairingLine, StarLine, VisitLine, WhichHousehold, look};
pub(crate) use new::set;
pub use new::{NewHousehold, new};
pub use parts::{ChangeHead, SplitHousehold, change_head, split};
pub(crate) use parts::{leave_with_a_head, put_head, standing};
pub use sheet::{ExportHouseholds, HouseholdSheet, export};
