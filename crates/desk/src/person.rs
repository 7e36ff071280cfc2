//! 人 — the register of people, entering and changing one, leaving the village, and showing a number that is masked.

mod check;
mod leave;
mod line;
mod list;
mod reveal;
mod save;

pub use check::{CheckPerson, IdCheck, Namesake, PersonCheck, check};
pub use leave::{LeavePerson, Leaving, MovePerson, ReturnPerson, leave, move_to, returned};
pub use line::{IdState, PersonLine, WhichPerson, look};
pub(crate) use line::{lines, masked_phone};
pub use list::{HouseholdPlace, PersonList, PersonRow, list};
pub(crate) use reveal::reveal_noted;
pub use reveal::{HouseholdPhone, Reveal, RevealPerson, Revealed, household_phone, reveal, reveals};
pub(crate) use save::read_number;
pub use save::{SavePerson, SavedPerson, save};
