//! 看完整号码 — a masked number is shown when somebody asks for it, and that is noted: who, when, whose and which; never
//! the number itself. The note goes into a file beside the ledgers that is only ever added to, and without the note the
//! number is not shown.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};

use lianhu_ledger::records::{Household, Person};
use lianhu_ledger::{Code, Edge, Fault, Refusal};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

use super::line::typed_number;
use crate::desk::Desk;
use crate::problem::Result;
use crate::session::Nothing;

const FILE: &str = "reveals.jsonl";

/// As many as are looked through; the file keeps all.
const SHOWN: usize = 500;

#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct RevealPerson {
    pub person: Uuid,
    #[ts(type = "'id_number' | 'phone'")]
    pub field: String,
}

#[derive(Clone, Copy, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct HouseholdPhone {
    pub household: Uuid,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct Revealed {
    pub value: String,
}

/// One line of the file, with the name of whose number it was.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct Reveal {
    /// Milliseconds since 1970.
    pub at_ms: u64,
    pub who: String,
    #[ts(type = "Kind")]
    pub kind: String,
    pub id: Uuid,
    pub name: Option<String>,
    pub field: String,
}

#[derive(Serialize, Deserialize)]
struct Line {
    at_ms: u64,
    village: Uuid,
    who: String,
    kind: String,
    id: Uuid,
    field: String,
}

pub fn reveal(desk: &Desk, ask: RevealPerson) -> Result<Revealed> {
    let person = desk.read(|ledger| ledger.view().get::<Person>(ask.person))?;
    let person =
        person.ok_or_else(|| Refusal::new(Code::NoSuchRecord).with("kind", "person").with("id", ask.person))?;
    let value = match ask.field.as_str() {
        "id_number" => person.id_number.clone().or_else(|| typed_number(&person).map(str::to_owned)),
        "phone" => person.phone,
        unknown => {
            return Err(Refusal::new(Code::MalformedAsk).with("what", unknown).into());
        }
    };
    reveal_noted(desk, ("person", ask.person), &ask.field, value)
}

pub fn household_phone(desk: &Desk, ask: HouseholdPhone) -> Result<Revealed> {
    let phone = desk.read(|ledger| Ok(ledger.view().get::<Household>(ask.household)?.and_then(|h| h.phone)))?;
    reveal_noted(desk, ("household", ask.household), "phone", phone)
}

/// Shows a number, once it is noted who looked at whose.
pub(crate) fn reveal_noted(
    desk: &Desk,
    (kind, id): (&str, Uuid),
    field: &str,
    value: Option<String>,
) -> Result<Revealed> {
    let missing = || Refusal::new(Code::Missing).with("kind", kind).with("field", field);
    let value = value.ok_or_else(missing)?;
    let line = Line {
        at_ms: desk.machine().now_ms(),
        village: desk.read(|ledger| Ok(ledger.village()))?,
        who: desk.author()?,
        kind: kind.to_owned(),
        id,
        field: field.to_owned(),
    };
    note(&path(desk), &line)?;
    Ok(Revealed { value })
}

fn path(desk: &Desk) -> PathBuf {
    desk.place().dir.join(FILE)
}

/// On the disk before the number is on the screen.
fn note(path: &Path, line: &Line) -> Result<()> {
    let mut text = serde_json::to_vec(line).expect("a note is plain data");
    text.push(b'\n');
    let written = OpenOptions::new().create(true).append(true).open(path).and_then(|mut file| {
        file.write_all(&text)?;
        file.sync_data()
    });
    Ok(written.map_err(|_| Refusal::new(Code::TargetUnwritable).with("path", path.display()))?)
}

/// 谁看过完整号码, newest first, of the village that is open.
pub fn reveals(desk: &Desk, _: Nothing) -> Result<Vec<Reveal>> {
    let path = path(desk);
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(source) => return Err(Fault::Io { path: path.display().to_string(), source }.into()),
    };
    desk.read(|ledger| {
        let (village, view) = (ledger.village(), ledger.view());
        // A power cut may have left half a line at the end.
        let lines = text.lines().rev().filter_map(|line| serde_json::from_str::<Line>(line).ok());
        let ours = lines.filter(|line| line.village == village).take(SHOWN);
        let people = view.names()?;
        let mut told = Vec::new();
        for line in ours {
            let person = match line.kind.as_str() {
                "household" => view.get::<Household>(line.id)?.and_then(|household| household.head),
                _ => Some(lianhu_ledger::records::PersonId(line.id)),
            };
            let name = person.and_then(|person| people.get(&person).cloned());
            let Line { at_ms, who, kind, id, field, .. } = line;
            told.push(Reveal { at_ms, who, kind, id, name, field });
        }
        Ok(told)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    #[test]
    fn a_number_is_shown_only_with_a_note_that_does_not_hold_it() {
        let (desk, dir) = testing::sample();
        let person = desk.read(|ledger| Ok(ledger.view().all::<Person>()?.remove(0))).unwrap();
        let ask = RevealPerson { person: person.id.0, field: "id_number".into() };
        let shown = reveal(&desk, ask).unwrap().value;
        assert_eq!(Some(shown.clone()), person.id_number);
        let list = reveals(&desk, Nothing {}).unwrap();
        assert_eq!((list.len(), list[0].who.as_str(), list[0].name.as_ref()), (1, "王文书", Some(&person.name)));
        let file = std::fs::read_to_string(dir.path().join(FILE)).unwrap();
        assert!(!file.contains(&shown) && file.ends_with('\n'));
    }

    #[test]
    fn without_the_note_nothing_is_shown() {
        let (desk, dir) = testing::sample();
        std::fs::create_dir(dir.path().join(FILE)).unwrap();
        let person = desk.read(|ledger| Ok(ledger.view().all::<Person>()?.remove(0))).unwrap();
        let refused = reveal(&desk, RevealPerson { person: person.id.0, field: "phone".into() });
        assert_eq!(refused.unwrap_err().code(), Some(Code::TargetUnwritable));
    }
}
