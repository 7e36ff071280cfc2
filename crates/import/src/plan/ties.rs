//! 结对、联户、走访入账 — who helps, links with or visits which household.

use super::homes;
use super::{Desk, Fields, Filled, text, uuid};
use crate::book::Section;
use crate::book::ties::{LinkRow, PairRow, VisitRow};
use crate::finding::{Did, Remark, What};
use crate::layout::Field;
use std::collections::{BTreeMap, HashMap, HashSet};
use uuid::Uuid;

pub fn pairings(desk: &mut Desk<'_>, section: &Section, rows: &[PairRow]) {
    let mut wanted = Vec::new();
    for row in rows {
        let Some(home) = homes::find(desk, section, row.row, &row.home) else {
            continue;
        };
        let cadre = Cadre { name: &row.helper, unit: row.unit.as_deref(), phone: row.phone.as_deref() };
        let Some(helper) = cadre.find(desk, section, (row.row, Field::Helper), home) else {
            continue;
        };
        let post = row.role.clone().filter(|_| text(desk.ground.get("person", helper), "post").is_none());
        let typed = row.phone_typed.clone().map(|text| ("phone", text)).into_iter().collect();
        desk.put_person(Some(helper), Filled::default().with("post", post).0, &typed);
        wanted.push(Tie {
            row: row.row,
            kind: "aid",
            home,
            helper,
            role: row.role.clone(),
            from: row.from.clone(),
            until: row.until.clone(),
            note: row.note.clone(),
        });
    }
    tie(desk, section, Field::Helper, wanted);
}

pub fn links(desk: &mut Desk<'_>, section: &Section, rows: &[LinkRow]) {
    let members: HashMap<Uuid, Option<String>> = desk
        .ground
        .all("party_member")
        .filter_map(|(_, m)| Some((uuid(m, "person")?, text(m, "cell").map(str::to_owned))))
        .collect();
    let mut wanted = Vec::new();
    for row in rows {
        let Some(home) = homes::find(desk, section, row.row, &row.home) else {
            continue;
        };
        let helper = match member(desk, row, &members) {
            Ok(helper) => helper,
            Err(what) => {
                let remark = Remark::doubt(what, Did::RowMember);
                desk.say(section, row.row, Field::Member, &row.member, remark);
                continue;
            }
        };
        wanted.push(Tie {
            row: row.row,
            kind: "link",
            home,
            helper,
            role: None,
            from: row.from.clone(),
            until: row.until.clone(),
            note: row.note.clone(),
        });
    }
    tie(desk, section, Field::Member, wanted);
}

fn member(desk: &Desk<'_>, row: &LinkRow, members: &HashMap<Uuid, Option<String>>) -> Result<Uuid, What> {
    if let Some(person) = row.member_id.as_ref().and_then(|id| desk.folk.by_id(&id.id18)) {
        let same = text(desk.ground.get("person", person), "name") == Some(&row.member);
        return if same { Ok(person) } else { Err(What::IdNameClash) };
    }
    let mut named = desk.folk.named(&desk.ground, &row.member);
    named.retain(|p| members.contains_key(p));
    if named.len() > 1 {
        named.retain(|p| members.get(p).is_some_and(|cell| cell.is_some() && *cell == row.cell));
    }
    match named.as_slice() {
        [only] => Ok(*only),
        [] => Err(What::PersonNowhere),
        _ => Err(What::PersonAmbiguous),
    }
}

/// One pairing as a book has it.
struct Tie {
    row: u32,
    kind: &'static str,
    home: Uuid,
    helper: Uuid,
    role: Option<String>,
    from: Option<String>,
    until: Option<String>,
    note: Option<String>,
}

/// Same people and same beginning first; then a beginning that was corrected or filled in. A pairing that ended is over.
fn tie(desk: &mut Desk<'_>, section: &Section, who: Field, ties: Vec<Tie>) {
    let mut standing: HashMap<(&'static str, Uuid, Uuid), Vec<Uuid>> = HashMap::new();
    for (id, pairing) in desk.ground.all("pairing") {
        let kind = ["aid", "link"].into_iter().find(|k| text(pairing, "bond") == Some(k));
        if let (Some(kind), Some(home), Some(helper)) = (kind, uuid(pairing, "household"), uuid(pairing, "helper")) {
            standing.entry((kind, home, helper)).or_default().push(id);
        }
    }
    let mut given: HashSet<Uuid> = HashSet::new();
    let mut seen: HashSet<(Uuid, Uuid, Option<String>)> = HashSet::new();
    let mut later = Vec::new();
    for tie in ties {
        if !seen.insert((tie.home, tie.helper, tie.from.clone())) {
            let remark = Remark::doubt(What::RowTwice, Did::Once);
            desk.say(section, tie.row, who, "", remark);
            continue;
        }
        let known = standing.get(&(tie.kind, tie.home, tie.helper)).map(Vec::as_slice).unwrap_or_default();
        let begins = |id: &&Uuid| text(desk.ground.get("pairing", **id), "from") == tie.from.as_deref();
        let exact = known.iter().find(|id| begins(id) && !given.contains(*id)).copied();
        match exact {
            Some(id) => {
                given.insert(id);
                put_tie(desk, Some(id), &tie);
            }
            None => later.push(tie),
        }
    }
    for tie in later {
        let known = standing.get(&(tie.kind, tie.home, tie.helper)).map(Vec::as_slice).unwrap_or_default();
        let live = |id: &&Uuid| text(desk.ground.get("pairing", **id), "until").is_none() && !given.contains(*id);
        let corrected = known.iter().find(live).copied();
        given.extend(corrected);
        put_tie(desk, corrected, &tie);
    }
}

fn put_tie(desk: &mut Desk<'_>, id: Option<Uuid>, tie: &Tie) {
    let fields = Filled::default()
        .id("household", tie.home)
        .id("helper", tie.helper)
        .with("bond", Some(tie.kind))
        .with("role", tie.role.clone())
        .with("from", tie.from.clone())
        .with("until", tie.until.clone())
        .with("note", tie.note.clone());
    desk.ground.put("pairing", id, fields.0, &BTreeMap::new());
}

/// A helper or visitor as a row names them.
struct Cadre<'r> {
    name: &'r str,
    unit: Option<&'r str>,
    phone: Option<&'r str>,
}

impl Cadre<'_> {
    /// Name and unit decide; a phone or the household's own helper settles namesakes. Made when nobody fits.
    fn find(&self, desk: &mut Desk<'_>, section: &Section, at: (u32, Field), home: Uuid) -> Option<Uuid> {
        let mut fitting = self.candidates(desk);
        if fitting.len() > 1 && self.phone.is_some() {
            let by_phone: Vec<Uuid> = fitting.iter().filter(|id| self.has_phone(desk, **id)).copied().collect();
            fitting = if by_phone.is_empty() { fitting } else { by_phone };
        }
        if fitting.len() > 1 {
            let helps = |p: &Fields| uuid(p, "household") == Some(home);
            let own: HashSet<Uuid> =
                desk.ground.all("pairing").filter(|(_, p)| helps(p)).filter_map(|(_, p)| uuid(p, "helper")).collect();
            fitting.retain(|id| own.contains(id));
            if fitting.len() != 1 {
                let remark = Remark::doubt(What::PersonAmbiguous, Did::RowAddUnit);
                desk.say(section, at.0, at.1, self.name, remark);
                return None;
            }
        }
        let found = fitting.first().copied();
        let fields = Filled::default().with("name", Some(self.name)).with("unit", self.unit).with("phone", self.phone);
        let person = desk.put_person(found, fields.0, &BTreeMap::new());
        desk.folk.learn_helper(person);
        Some(person)
    }

    fn candidates(&self, desk: &Desk<'_>) -> Vec<Uuid> {
        let fits = |id: &Uuid| {
            let person = desk.ground.get("person", *id);
            let no_home = uuid(person, "household").is_none();
            match (self.unit, text(person, "unit")) {
                (Some(unit), Some(theirs)) => no_home && unit == theirs,
                _ => no_home && desk.folk.is_helper(*id),
            }
        };
        desk.folk.named(&desk.ground, self.name).into_iter().filter(fits).collect()
    }

    fn has_phone(&self, desk: &Desk<'_>, id: Uuid) -> bool {
        text(desk.ground.get("person", id), "phone") == self.phone
    }
}

/// A visit is known by household, visitor and day; as many rows as there are, so many visits there were.
pub fn visits(desk: &mut Desk<'_>, section: &Section, rows: &[VisitRow]) {
    let mut standing: HashMap<(Uuid, Uuid, String), Vec<Uuid>> = HashMap::new();
    for (id, visit) in desk.ground.all("visit") {
        let key = (uuid(visit, "household"), uuid(visit, "visitor"), text(visit, "on"));
        if let (Some(home), Some(visitor), Some(on)) = key {
            standing.entry((home, visitor, on.to_owned())).or_default().push(id);
        }
    }
    let mut matters: HashMap<Uuid, Uuid> =
        desk.ground.all("matter").filter_map(|(id, m)| Some((uuid(m, "visit")?, id))).collect();
    let mut seen = HashSet::new();
    for row in rows {
        let Some(home) = homes::find(desk, section, row.row, &row.home) else {
            continue;
        };
        let cadre = Cadre { name: &row.visitor, unit: row.unit.as_deref(), phone: row.phone.as_deref() };
        let Some(visitor) = cadre.find(desk, section, (row.row, Field::Visitor), home) else {
            continue;
        };
        let key = (home, visitor, row.on.clone());
        if !seen.insert(key.clone()) {
            let remark = Remark::doubt(What::RowTwice, Did::Again);
            desk.say(section, row.row, Field::Visitor, &row.visitor, remark);
        }
        let known = standing.entry(key).or_default();
        let found = (!known.is_empty()).then(|| known.remove(0));
        let visit = visit(desk, row, found, home, visitor);
        if let Some(need) = &row.need {
            let matter = matter(desk, matters.get(&visit).copied(), visit, home, &row.on, need);
            matters.insert(visit, matter);
        }
    }
}

fn visit(desk: &mut Desk<'_>, row: &VisitRow, found: Option<Uuid>, home: Uuid, visitor: Uuid) -> Uuid {
    let fields = Filled::default()
        .id("household", home)
        .id("visitor", visitor)
        .with("on", Some(row.on.clone()))
        .with("shared_meal", row.shared_meal)
        .with("did_chore", row.did_chore)
        .with("opportunity_given", row.opportunity_given)
        .with("opportunity", row.opportunity.clone())
        .with("note", row.note.clone());
    desk.ground.put("visit", found, fields.0, &row.as_typed)
}

fn matter(desk: &mut Desk<'_>, found: Option<Uuid>, visit: Uuid, home: Uuid, on: &str, need: &str) -> Uuid {
    let fields = Filled::default()
        .id("visit", visit)
        .id("household", home)
        .with("on", Some(on))
        .with("text", Some(need))
        .with("raised_at", Some("visit"));
    desk.ground.put("matter", found, fields.0, &BTreeMap::new())
}
