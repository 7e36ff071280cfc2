//! `new`, `put`, `void`, `restore`, `get`, `list`, `find`.

use std::io::Read;

use lianhu_ledger::records::{Group, Household, Person};
use lianhu_ledger::{Code, Fields, Founding, Ledger, Refusal, search};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use crate::args::{Args, Command};
use crate::output::{self, Desk, Failure, Outcome};

pub fn new(args: &Args) -> Outcome {
    let Command::New { village, code, township, clerk, sample } = &args.command else { return Ok(()) };
    let path = args.ledger.as_ref().ok_or_else(|| Failure::Usage("--ledger FILE".into()))?;
    let machine = output::machine(args)?;
    let founding = Founding { village, code, township, clerk };
    let key = output::key(args)?;
    let mut ledger = Ledger::create(path, key.as_ref(), &founding, Box::new(machine))?;
    if *sample {
        let id = ledger.village();
        let fields: Fields = [("sample".to_owned(), json!(true))].into();
        ledger.edit("put", clerk, |draft| draft.patch("village", id, fields))?;
    }
    output::line(&lianhu_ledger::text::say(args.lang(), "cli.made", &[("path", &path.display().to_string())]))
}

pub fn write(args: &Args) -> Outcome {
    let mut desk = Desk::open(args)?;
    let author = desk.author.clone();
    let saved = match &args.command {
        Command::Put { kind, json, correct } => {
            let (id, fields) = fields(json)?;
            desk.ledger.edit("put", &author, |draft| {
                if let Some(reason) = correct {
                    draft.correct(reason)?;
                }
                match id {
                    Some(id) => draft.patch(kind, id, fields).map(|()| id),
                    None => draft.create(kind, fields),
                }
            })?
        }
        Command::Void { kind, id, reason, correct } => desk.ledger.edit("void", &author, |draft| {
            if let Some(reason) = correct {
                draft.correct(reason)?;
            }
            draft.void(kind, *id, reason).map(|()| *id)
        })?,
        Command::Restore { kind, id } => {
            desk.ledger.edit("restore", &author, |draft| draft.restore(kind, *id).map(|()| *id))?
        }
        _ => return Ok(()),
    };
    output::json(&json!({ "id": saved.value, "batch": saved.batch.map(|b| b.to_string()) }))
}

/// The fields of a patch, and the record they are meant for.
fn fields(typed: &str) -> Outcome<(Option<Uuid>, Fields)> {
    let mut text = typed.to_owned();
    if typed == "-" {
        text.clear();
        let read = std::io::stdin().read_to_string(&mut text);
        read.map_err(|e| Failure::Usage(format!("--json -: {e}")))?;
    }
    let mut fields: Fields = serde_json::from_str(&text).map_err(|e| Failure::Usage(format!("--json: {e}")))?;
    let id = match fields.remove("id") {
        None => None,
        Some(Json::String(id)) => Some(Uuid::parse_str(&id).map_err(|e| Failure::Usage(format!("id: {e}")))?),
        Some(other) => return Err(Failure::Usage(format!("id: {other}"))),
    };
    // A line of `dump` can be put back as it is.
    fields.remove("kind");
    Ok((id, fields))
}

pub fn read(args: &Args) -> Outcome {
    let desk = Desk::open(args)?;
    match &args.command {
        Command::Get { kind, id, .. } => {
            let record = desk.ledger.view().record(kind, *id)?;
            let missing = || Refusal::new(Code::NoSuchRecord).with("kind", kind).with("id", id);
            output::json(&record.ok_or_else(missing)?)
        }
        Command::List { kind, voided, json } => list(&desk, kind, *voided, *json),
        Command::Find { text, limit, json } => find(&desk, text, *limit, *json),
        _ => Ok(()),
    }
}

fn list(desk: &Desk, kind: &str, voided: bool, as_json: bool) -> Outcome {
    let view = desk.ledger.view();
    let records = if voided { view.voided(kind)? } else { view.list(kind)? };
    if as_json {
        return output::json(&records);
    }
    for record in &records {
        output::line(&brief(record))?;
    }
    desk.say("cli.records", &[("n", &records.len().to_string())])
}

/// One line that a person recognises a record by.
fn brief(record: &Json) -> String {
    const TELLING: [&str; 10] =
        ["name", "month", "on", "who", "meeting_kind", "bond", "text", "class", "number", "stars"];
    let parts = TELLING.iter().filter_map(|field| match record.get(field)? {
        Json::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    });
    format!("{}  {}", record["id"].as_str().unwrap_or_default(), parts.collect::<Vec<_>>().join("  "))
}

fn find(desk: &Desk, text: &str, limit: usize, as_json: bool) -> Outcome {
    let found = People::read(desk)?.find(text, limit);
    if as_json {
        return output::json(&found);
    }
    for hit in &found {
        let part = |name: &str| hit[name].as_str().unwrap_or_default().to_owned();
        output::line(&format!("{}  {}  {}  {}", part("id"), part("name"), part("group"), part("head_name")))?;
    }
    desk.say("cli.records", &[("n", &found.len().to_string())])
}

struct People {
    people: Vec<Person>,
    households: std::collections::HashMap<lianhu_ledger::records::HouseholdId, Household>,
    groups: std::collections::HashMap<lianhu_ledger::records::GroupId, Group>,
}

impl People {
    fn read(desk: &Desk) -> Outcome<People> {
        let view = desk.ledger.view();
        Ok(People {
            people: view.all::<Person>()?,
            households: view.all::<Household>()?.into_iter().map(|h| (h.id, h)).collect(),
            groups: view.all::<Group>()?.into_iter().map(|g| (g.id, g)).collect(),
        })
    }

    fn household(&self, person: &Person) -> Option<&Household> {
        person.household.and_then(|h| self.households.get(&h))
    }

    fn group(&self, person: &Person) -> Option<&Group> {
        self.household(person).and_then(|h| h.group).and_then(|g| self.groups.get(&g))
    }

    fn find(&self, text: &str, limit: usize) -> Vec<Json> {
        let entry = |(at, person): (usize, &'_ Person)| {
            let head = self.household(person).is_some_and(|h| h.head == Some(person.id));
            (at, head, self.group(person).and_then(|g| g.number).unwrap_or(0) as u16)
        };
        let entries: Vec<_> = self.people.iter().enumerate().map(entry).collect();
        let index = search::Index::build(entries.iter().map(|(at, head, group)| search::Entry {
            handle: *at,
            name: &self.people[*at].name,
            group: *group,
            phone: self.people[*at].phone.as_deref().unwrap_or_default(),
            id: self.people[*at].id_number.as_deref().unwrap_or_default(),
            head: *head,
            weight: 0,
        }));
        index.find(text, limit).into_iter().map(|hit| self.shown(&self.people[hit.handle])).collect()
    }

    fn shown(&self, person: &Person) -> Json {
        let head = self.household(person).and_then(|h| h.head);
        let head_name = self.people.iter().find(|p| Some(p.id) == head).map(|p| p.name.clone());
        json!({
            "kind": "person",
            "id": person.id.0.to_string(),
            "name": person.name,
            "household": person.household.map(|h| h.0.to_string()),
            "group": self.group(person).map(|g| g.name.clone()),
            "head": head == Some(person.id),
            "head_name": head_name,
        })
    }
}
