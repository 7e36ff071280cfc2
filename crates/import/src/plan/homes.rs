//! 认户 — which household another ledger's row means: by its head's valid ID, else by the head's name and the group when
//! that leaves exactly one. Two that fit are none.

use super::people::ids_agree;
use super::{Desk, Fields, text, uuid};
use crate::book::Section;
use crate::book::ties::Home;
use crate::finding::{Did, Remark, What};
use crate::layout::Field;
use uuid::Uuid;

/// The head of a household.
pub fn head(desk: &Desk<'_>, home: Uuid) -> Option<Uuid> {
    uuid(desk.ground.get("household", home), "head")
}

/// Households whose head has this name, with the head.
pub fn headed_by(desk: &Desk<'_>, name: &str) -> Vec<(Uuid, Uuid)> {
    let people = desk.folk.named(&desk.ground, name).into_iter();
    people
        .filter_map(|person| Some((uuid(desk.ground.get("person", person), "household")?, person)))
        .filter(|(home, person)| head(desk, *home) == Some(*person))
        .collect()
}

/// The household of a row, or `None` with the reason written down.
pub fn find(desk: &mut Desk<'_>, section: &Section, row: u32, home: &Home) -> Option<Uuid> {
    let outcome = match by_id(desk, home) {
        Some(Ok(found)) => return Some(found),
        Some(Err(what)) => Err(what),
        None => by_name(desk, home),
    };
    match outcome {
        Ok(found) => {
            told_by_name(desk, section, row, home, found);
            Some(found)
        }
        Err(what) => {
            desk.say(section, row, Field::Head, &home.head, Remark::doubt(what, Did::RowCheck));
            None
        }
    }
}

/// `None` when the number is not known to the ledger.
fn by_id(desk: &Desk<'_>, home: &Home) -> Option<Result<Uuid, What>> {
    let person = desk.folk.by_id(&home.id.as_ref()?.id18)?;
    let fields = desk.ground.get("person", person);
    if text(fields, "name") != Some(&home.head) {
        return Some(Err(What::IdNameClash));
    }
    Some(uuid(fields, "household").ok_or(What::HouseholdNowhere))
}

fn by_name(desk: &Desk<'_>, home: &Home) -> Result<Uuid, What> {
    let number = home.id.as_ref().map(|id| id.id18.as_str());
    let fits = |(place, person): &(Uuid, Uuid)| {
        let theirs = text(desk.ground.get("person", *person), "id_number");
        ids_agree(number, theirs) && in_group(desk, *place, home.group.as_deref())
    };
    let fitting: Vec<(Uuid, Uuid)> = headed_by(desk, &home.head).into_iter().filter(fits).collect();
    match fitting.as_slice() {
        [] => Err(What::HouseholdNowhere),
        [(only, _)] => Ok(*only),
        _ => Err(What::HouseholdAmbiguous),
    }
}

fn in_group(desk: &Desk<'_>, home: Uuid, group: Option<&str>) -> bool {
    let Some(named) = group else { return true };
    let standing: Option<&Fields> =
        uuid(desk.ground.get("household", home), "group").map(|g| desk.ground.get("group", g));
    standing.is_some_and(|g| text(g, "name") == Some(named))
}

/// Said once per file and household: the number in the households' ledger is the one to be mended.
fn told_by_name(desk: &mut Desk<'_>, section: &Section, row: u32, home: &Home, found: Uuid) {
    let typed = home.id.as_ref().map(|id| id.id18.clone()).or_else(|| home.id_typed.clone());
    let Some(typed) = typed else { return };
    let done = Did::HomeByName.with("name", &home.head);
    desk.say_once(section, found, (row, Field::HeadId, &typed), Remark::doubt(What::MatchedByName, done));
}
