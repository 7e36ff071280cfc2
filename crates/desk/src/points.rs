//! 积分 — an optional ledger of households' points: the items, what was entered by them, appeals, and the notice for the
//! board. A village that has no item sees nothing of it elsewhere.

mod items;
mod page;
mod papers;
mod save;
#[cfg(test)]
mod tests;

pub use items::{PointItemLine, SaveItem, save_item};
pub use page::{AskEntries, PointLine, PointsPage, PointsRow, WhichPoints, entries, look};
pub use papers::{WhichPointsPaper, pages, print};
pub use save::{AnswerAppeal, AppealPoint, SavePoint, answer, appeal, save};
