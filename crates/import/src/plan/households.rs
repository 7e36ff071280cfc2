//! 农户台账入账 — a household is known by any member's valid ID, else by its group and its head's name; a person by a valid
//! ID, else inside the household by name, relation and birth.

use super::homes;
use super::people::{births_agree, ids_agree};
use super::{Desk, Fields, Filled, text, uuid};
use crate::book::Section;
use crate::book::households::{HEAD, HouseholdRow, PersonRow};
use crate::finding::{Did, Remark, What};
use crate::layout::Field;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap, HashSet};
use uuid::Uuid;

/// What the rows of one sheet have already been given, so that no record is given twice.
#[derive(Default)]
struct Claims {
    homes: HashSet<Uuid>,
    people: HashSet<Uuid>,
    /// The classes that stand, by household.
    classes: HashMap<Uuid, Vec<Uuid>>,
}

impl Claims {
    fn over(desk: &Desk<'_>) -> Self {
        let mut claims = Claims::default();
        for (id, class) in desk.ground.all("household_class").filter(|(_, c)| text(c, "until").is_none()) {
            if let Some(home) = uuid(class, "household") {
                claims.classes.entry(home).or_default().push(id);
            }
        }
        claims
    }
}

pub fn settle(desk: &mut Desk<'_>, section: &Section, rows: &[HouseholdRow]) {
    let mut claims = Claims::over(desk);
    // Rows with a number the ledger knows choose first: they cannot be wrong about which household they are.
    let mut known: HashMap<u32, Uuid> = HashMap::new();
    for row in rows {
        if let Some(home) = by_ids(desk, row).filter(|home| claims.homes.insert(*home)) {
            known.insert(row.row, home);
        }
    }
    for row in rows {
        let group = row.group.as_deref().map(|name| group(desk, name));
        let home = match known.get(&row.row) {
            Some(home) => Some(*home),
            None => match by_name(desk, row, group, &claims) {
                Ok(found) => found,
                Err(()) => {
                    let remark = Remark::doubt(What::HouseholdAmbiguous, Did::HomeAddId);
                    let head = row.head.clone().unwrap_or_default();
                    desk.say(section, row.row, Field::Head, &head, remark);
                    continue;
                }
            },
        };
        let home = household(desk, row, home, group);
        claims.homes.insert(home);
        people(desk, section, row, home, &mut claims);
        classes(desk, section, row, (home, claims.classes.remove(&home).unwrap_or_default()));
    }
}

/// The household that most of the row's known people live in; the head's counts before all.
fn by_ids(desk: &Desk<'_>, row: &HouseholdRow) -> Option<Uuid> {
    let home_of = |p: &PersonRow| {
        let person = desk.folk.by_id(&p.id.as_ref()?.id18)?;
        uuid(desk.ground.get("person", person), "household")
    };
    let head = row.members.iter().find(|m| m.relation.as_deref() == Some(HEAD));
    if let Some(home) = head.and_then(home_of) {
        return Some(home);
    }
    let mut votes: BTreeMap<Uuid, usize> = BTreeMap::new();
    for home in row.members.iter().filter_map(home_of) {
        *votes.entry(home).or_default() += 1;
    }
    // A head with a number of its own who is unknown has founded a household; relatives do not decide for it.
    let own_number = head.is_some_and(|h| h.id.is_some());
    let most = votes.into_iter().max_by_key(|(_, n)| *n).map(|(home, _)| home)?;
    let same_head = text(desk.ground.get("person", homes::head(desk, most)?), "name") == row.head.as_deref();
    (same_head || !own_number).then_some(most)
}

/// `Err` when several households fit equally well.
fn by_name(desk: &Desk<'_>, row: &HouseholdRow, group: Option<Uuid>, claims: &Claims) -> Result<Option<Uuid>, ()> {
    let Some(name) = &row.head else {
        return Ok(None);
    };
    let head = row.members.iter().find(|m| m.name == *name);
    let number = head.and_then(|h| h.id.as_ref()).map(|id| id.id18.as_str());
    let fits = |(home, head): &(Uuid, Uuid)| {
        let standing = desk.ground.get("household", *home);
        let same_group = uuid(standing, "group").is_none() || group.is_none() || uuid(standing, "group") == group;
        let theirs = text(desk.ground.get("person", *head), "id_number");
        same_group && !claims.homes.contains(home) && ids_agree(number, theirs)
    };
    let mut fitting: Vec<(usize, Uuid)> = homes::headed_by(desk, name)
        .into_iter()
        .filter(fits)
        .map(|(home, _)| (overlap(desk, row, home), home))
        .collect();
    fitting.sort_unstable_by(|a, b| b.cmp(a));
    match fitting.as_slice() {
        [] => Ok(None),
        [(_, only)] => Ok(Some(*only)),
        [(best, home), (next, _), ..] if best > next => Ok(Some(*home)),
        _ => Err(()),
    }
}

fn overlap(desk: &Desk<'_>, row: &HouseholdRow, home: Uuid) -> usize {
    let names: HashSet<&str> = row.members.iter().map(|m| m.name.as_str()).collect();
    let people = desk.folk.at_home(&desk.ground, home);
    people.iter().filter_map(|p| text(desk.ground.get("person", *p), "name")).filter(|n| names.contains(n)).count()
}

fn group(desk: &mut Desk<'_>, name: &str) -> Uuid {
    let found = desk.ground.all("group").find(|(_, g)| text(g, "name") == Some(name)).map(|(id, _)| id);
    let fields =
        Filled::default().with("name", Some(name)).with("number", found.is_none().then(|| number(name)).flatten());
    desk.ground.put("group", found, fields.0, &BTreeMap::new())
}

/// 一组, 第十二组, 3组 → its place in the village's order.
fn number(name: &str) -> Option<i64> {
    let core = name
        .trim_start_matches('第')
        .trim_end_matches("村民小组")
        .trim_end_matches("村民组")
        .trim_end_matches(['组', '小']);
    if let Ok(n) = core.parse() {
        return Some(n);
    }
    let digit = |c: char| "零一二三四五六七八九".chars().position(|d| d == c).map(|d| d as i64);
    let chars: Vec<char> = core.chars().collect();
    match chars.as_slice() {
        ['十'] => Some(10),
        ['十', one] => Some(10 + digit(*one)?),
        [ten, '十'] => Some(10 * digit(*ten)?),
        [ten, '十', one] => Some(10 * digit(*ten)? + digit(*one)?),
        [one] => digit(*one),
        _ => None,
    }
}

fn household(desk: &mut Desk<'_>, row: &HouseholdRow, home: Option<Uuid>, group: Option<Uuid>) -> Uuid {
    let typed_number = row.number.as_deref().and_then(|n| n.parse::<i64>().ok());
    // A running number changes with every sorting: it is taken once, when the household is first written down.
    let number = typed_number.or(row.seq.filter(|_| home.is_none()));
    let fields = Filled::default()
        .with("number", number)
        .with("group", group.map(|g| g.to_string()))
        .with("address", row.address.clone())
        .with("phone", row.phone.clone())
        .with("vacant", row.vacant);
    desk.ground.put("household", home, fields.0, &row.as_typed)
}

fn people(desk: &mut Desk<'_>, section: &Section, row: &HouseholdRow, home: Uuid, claims: &mut Claims) {
    let mut found: Vec<Option<Uuid>> = row.members.iter().map(|m| person_by_id(desk, m, home, claims)).collect();
    for (at, member) in row.members.iter().enumerate() {
        if found[at].is_none() {
            found[at] = person_at_home(desk, member, home, claims);
        }
    }
    let mut head = None;
    for (member, found) in row.members.iter().zip(found) {
        let person = person(desk, section, member, found, home);
        claims.people.insert(person);
        let is_head = member.relation.as_deref() == Some(HEAD) || Some(&member.name) == row.head.as_ref();
        if is_head && (head.is_none() || member.relation.as_deref() == Some(HEAD) && !head_is_head(desk, head)) {
            head = Some(person);
        }
    }
    if let Some(head) = head {
        desk.ground.put("household", Some(home), Filled::default().id("head", head).0, &BTreeMap::new());
    }
}

fn head_is_head(desk: &Desk<'_>, head: Option<Uuid>) -> bool {
    let word = Value::from(HEAD);
    let relation = head.and_then(|h| desk.ground.get("person", h).get("relation"));
    relation.is_some_and(|r| desk.ground.same("person", "relation", r, &word))
}

/// The same number is the same person if the name or the household is the same, too.
fn person_by_id(desk: &Desk<'_>, member: &PersonRow, home: Uuid, claims: &mut Claims) -> Option<Uuid> {
    let person = desk.folk.by_id(&member.id.as_ref()?.id18)?;
    let fields = desk.ground.get("person", person);
    let same = text(fields, "name") == Some(&member.name) || uuid(fields, "household") == Some(home);
    (same && claims.people.insert(person)).then_some(person)
}

fn person_at_home(desk: &Desk<'_>, member: &PersonRow, home: Uuid, claims: &mut Claims) -> Option<Uuid> {
    let number = member.id.as_ref().map(|id| id.id18.as_str());
    let free: Vec<Uuid> = desk.folk.at_home(&desk.ground, home);
    let free: Vec<(Uuid, &Fields)> = free
        .into_iter()
        .filter(|id| !claims.people.contains(id))
        .map(|id| (id, desk.ground.get("person", id)))
        .filter(|(_, p)| ids_agree(number, text(p, "id_number")))
        .collect();
    let relation = |p: &Fields| same_relation(desk, p, member);
    let birth = |p: &Fields| births_agree(text(p, "born"), member.born.as_deref());
    let named = free.iter().filter(|(_, p)| text(p, "name") == Some(&member.name) && (relation(p) || birth(p)));
    let best = named.max_by_key(|(id, p)| (relation(p), birth(p), std::cmp::Reverse(*id))).map(|(id, _)| *id);
    // A name that was corrected: the one person left who is the same in all that is not the name.
    let renamed = || {
        let born = member.born.as_deref()?;
        let mut twins = free.iter().filter(|(_, p)| relation(p) && text(p, "born") == Some(born));
        let (id, _) = twins.next()?;
        twins.next().is_none().then_some(*id)
    };
    let person = best.or_else(renamed)?;
    claims.people.insert(person);
    Some(person)
}

fn same_relation(desk: &Desk<'_>, person: &Fields, member: &PersonRow) -> bool {
    match (person.get("relation").filter(|r| !r.is_null()), &member.relation) {
        (Some(standing), Some(typed)) => desk.ground.same("person", "relation", standing, &typed.as_str().into()),
        (None, None) => true,
        _ => false,
    }
}

fn person(desk: &mut Desk<'_>, section: &Section, member: &PersonRow, found: Option<Uuid>, home: Uuid) -> Uuid {
    let mut typed = member.as_typed.clone();
    let mut id = member.id.as_ref();
    let owner = id.and_then(|id| desk.folk.by_id(&id.id18));
    if let Some(number) = id.filter(|_| owner.is_some() && owner != found) {
        let remark = Remark::doubt(What::IdTaken, Did::KeptNoId);
        desk.say(section, member.row, Field::Id, &number.id18, remark);
        typed.insert("id_number", number.upgraded_from15.clone().unwrap_or_else(|| number.id18.clone()));
        id = None;
    }
    let fields = Filled::default()
        .id("household", home)
        .with("name", Some(member.name.clone()))
        .with("relation", member.relation.clone())
        .with("sex", member.sex.clone())
        .with("ethnic", member.ethnic.clone())
        .with("id_number", id.map(|i| i.id18.clone()))
        .with("id_15", id.and_then(|i| i.upgraded_from15.clone()))
        .with("born", member.born.clone())
        .with("education", member.education.clone())
        .with("political", member.political.clone())
        .with("health", member.health.clone())
        .with("phone", member.phone.clone())
        .with("away", member.away)
        .with("unit", member.unit.clone())
        .with("note", member.note.clone());
    let mut fields = fields.0;
    keep_longer_birth(desk, found, &mut fields);
    desk.put_person(found, fields, &typed)
}

/// A month in the book does not undo the day that the ledger knows.
fn keep_longer_birth(desk: &Desk<'_>, found: Option<Uuid>, fields: &mut Fields) {
    let Some(found) = found else { return };
    let longer = match (text(desk.ground.get("person", found), "born"), text(fields, "born")) {
        (Some(stands), Some(new)) => stands.len() > new.len() && stands.starts_with(new),
        _ => false,
    };
    if longer {
        fields.remove("born");
    }
}

/// One record per class; a corrected word changes the record it corrects.
fn classes(desk: &mut Desk<'_>, section: &Section, row: &HouseholdRow, (home, standing): (Uuid, Vec<Uuid>)) {
    if row.classes.is_empty() {
        return;
    }
    let mut standing = standing;
    let mut new: Vec<&String> = Vec::new();
    for word in &row.classes {
        match standing.iter().position(|id| is_class(desk, *id, word)) {
            Some(at) => class(desk, home, Some(standing.remove(at)), word),
            None => new.push(word),
        }
    }
    let mut left = standing.into_iter();
    for word in new {
        let corrected = left.next();
        class(desk, home, corrected, word);
    }
    for extra in left {
        let word = text(desk.ground.get("household_class", extra), "class").unwrap_or_default().to_owned();
        let done = Did::ClassStays.with("class", &word);
        let typed = row.classes.join("、");
        desk.say(section, row.row, Field::Class, &typed, Remark::doubt(What::ClassExtra, done));
    }
}

fn is_class(desk: &Desk<'_>, id: Uuid, word: &str) -> bool {
    let stands = desk.ground.get("household_class", id).get("class");
    stands.is_some_and(|c| desk.ground.same("household_class", "class", c, &word.into()))
}

fn class(desk: &mut Desk<'_>, home: Uuid, id: Option<Uuid>, word: &str) {
    let fields = Filled::default().id("household", home).with("class", Some(word));
    desk.ground.put("household_class", id, fields.0, &BTreeMap::new());
}
