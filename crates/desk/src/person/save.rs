//! 添人、改人. An ID number that cannot be right is not lost and not believed: it stays beside the record as it was
//! typed, and the answer says so. A right one tells birth and sex where nobody has.

use lianhu_ledger::records::Person;
use lianhu_ledger::resident_id::ResidentId;
use lianhu_ledger::{Code, Draft, Fields, Refusal};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};
use ts_rs::TS;
use uuid::Uuid;

use super::check::name_of;
use crate::desk::{Desk, Done};
use crate::problem::Result;
use crate::records::unchanged_since;

#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SavePerson {
    #[serde(default)]
    #[ts(optional)]
    pub id: Option<Uuid>,
    /// Only what was changed; `id_number` as it was typed.
    #[ts(type = "Record<string, unknown>")]
    pub fields: Fields,
    /// What the form had shown in these fields.
    #[serde(default)]
    #[ts(type = "Record<string, unknown>", optional)]
    pub seen: Option<Fields>,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct SavedPerson {
    pub id: Uuid,
    /// 号码可能有误: what is wrong with the number that was kept as typed.
    pub doubt: Option<&'static str>,
}

pub fn save(desk: &Desk, ask: SavePerson) -> Result<Done<SavedPerson>> {
    desk.edit("person", |draft| {
        let mut fields = ask.fields;
        if fields.is_empty() {
            return Err(Refusal::new(Code::NothingToDo).into());
        }
        let Some(id) = ask.id else {
            let doubt = read_number(draft, None, &mut fields)?;
            let id = draft.create("person", fields)?;
            return Ok(SavedPerson { id, doubt });
        };
        unchanged_since(draft, "person", id, ask.seen.as_ref())?;
        let missing = || Refusal::new(Code::NoSuchRecord).with("kind", "person").with("id", id);
        let standing: Person = draft.get(id)?.ok_or_else(missing)?;
        let doubt = read_number(draft, Some(&standing), &mut fields)?;
        draft.patch("person", id, fields)?;
        Ok(SavedPerson { id, doubt })
    })
}

/// Puts the typed `id_number` of a form where it belongs. Nothing is done where the form has none.
pub(crate) fn read_number(
    draft: &Draft<'_>,
    standing: Option<&Person>,
    fields: &mut Fields,
) -> Result<Option<&'static str>> {
    let Some(typed) = fields.remove("id_number") else { return Ok(None) };
    let typed = typed.as_str().unwrap_or_default().trim().to_owned();
    let mut kept: Map<String, Json> = standing
        .and_then(|person| person.as_typed.clone())
        .map(|typed| typed.0.into_iter().map(|(field, text)| (field, Json::from(text))).collect())
        .unwrap_or_default();
    kept.remove("id_number");
    let mut doubt = None;
    let read = ResidentId::parse(&typed, draft.today());
    match &read {
        Ok(parsed) => {
            let unknown = |field: &str, known: bool| !known && !fields.get(field).is_some_and(is_filled);
            let tell_born = unknown("born", standing.is_some_and(|person| person.born.is_some()));
            let tell_sex = unknown("sex", standing.is_some_and(|person| person.sex.is_some()));
            if tell_born {
                fields.insert("born".to_owned(), json!(parsed.born));
            }
            if tell_sex {
                fields.insert("sex".to_owned(), json!(parsed.sex.code()));
            }
            fields.insert("id_15".to_owned(), json!(parsed.upgraded_from));
        }
        Err(_) if typed.is_empty() => {}
        Err(problem) => {
            doubt = Some(name_of(problem));
            kept.insert("id_number".to_owned(), Json::from(typed));
        }
    }
    fields.insert("id_number".to_owned(), json!(read.ok().map(|parsed| parsed.id.into_string())));
    let was_typed = standing.is_some_and(|person| person.as_typed.is_some());
    if was_typed || !kept.is_empty() {
        fields.insert("as_typed".to_owned(), if kept.is_empty() { Json::Null } else { Json::Object(kept) });
    }
    Ok(doubt)
}

fn is_filled(value: &Json) -> bool {
    value.as_str().is_some_and(|text| !text.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    fn fields(value: Json) -> Fields {
        serde_json::from_value(value).unwrap()
    }

    /// Saves a new person and gives what stands in the ledger then.
    fn check(form: Json) -> (Option<&'static str>, Person) {
        let (desk, _dir) = testing::empty();
        let saved = save(&desk, SavePerson { id: None, fields: fields(form), seen: None }).unwrap().value;
        let person = desk.read(|ledger| ledger.view().get::<Person>(saved.id)).unwrap().unwrap();
        (saved.doubt, person)
    }

    #[test]
    fn a_right_number_tells_birth_and_sex() {
        let (doubt, person) = check(json!({"name": "何桂兰", "id_number": "９９０１０１19680315001x"}));
        assert_eq!((doubt, person.id_number.as_deref()), (None, Some("99010119680315001X")));
        assert_eq!(person.born.unwrap().as_str(), "1968-03-15");
        assert_eq!(person.sex.unwrap().code(), "1");
    }

    #[test]
    fn a_wrong_number_is_kept_as_typed_and_said() {
        let (doubt, person) = check(json!({"name": "何桂兰", "id_number": "990101196803150017"}));
        assert_eq!((doubt, person.id_number.as_deref()), (Some("checksum"), None));
        assert_eq!(person.as_typed.unwrap().0["id_number"], "990101196803150017");
    }

    #[test]
    fn the_right_number_takes_the_place_of_the_doubtful_one() {
        let (desk, _dir) = testing::empty();
        let form = fields(json!({"name": "何桂兰", "id_number": "990101196803150017"}));
        let id = save(&desk, SavePerson { id: None, fields: form, seen: None }).unwrap().value.id;
        let form = fields(json!({"id_number": "99010119680315001X"}));
        assert_eq!(save(&desk, SavePerson { id: Some(id), fields: form, seen: None }).unwrap().value.doubt, None);
        let person = desk.read(|ledger| ledger.view().get::<Person>(id)).unwrap().unwrap();
        assert_eq!((person.as_typed, person.id_number.as_deref()), (None, Some("99010119680315001X")));
    }

    #[test]
    fn the_same_number_is_refused_a_second_time() {
        let (desk, _dir) = testing::empty();
        let form = |name: &str| fields(json!({"name": name, "id_number": "99010119680315001X"}));
        save(&desk, SavePerson { id: None, fields: form("何桂兰"), seen: None }).unwrap();
        let again = save(&desk, SavePerson { id: None, fields: form("何贵兰"), seen: None });
        assert_eq!(again.unwrap_err().code(), Some(Code::Duplicate));
    }
}
