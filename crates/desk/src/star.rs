//! 五星文明户 — a cycle of the five-star rating as the screens show it: its steps, the scores of three stages for every
//! household, what was decided, objections, and the papers that hang on the wall. Papers carry head of household,
//! group and stars, and nothing else.

mod list;
mod object;
mod page;
mod papers;
mod rate;
mod score;
#[cfg(test)]
mod tests;

pub use list::{StarCycleLine, list};
pub use object::{AnswerObjection, SaveObjection, answer, object};
pub use page::{
    GroupStars, NewCycle, ObjectionLine, SaveCriteria, StarPage, StarRow, WhichCycle, look, new, rows, save_criteria,
};
pub use papers::{StarPaper, WhichStarPaper, pages, print};
pub use rate::{MoveStars, RateHousehold, move_stars, rate};
pub(crate) use score::passed;
pub use score::{CarryScores, HouseholdScore, SaveScores, Whence, carry, save};
