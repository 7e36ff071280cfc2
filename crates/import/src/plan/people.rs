//! 认人 — who a row means. A valid ID decides; without one, a name counts only inside a household, a unit or a set of
//! members, and only when it leaves one person.

use super::ground::Ground;
use super::{Fields, text, uuid};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Lookups over the people on the ground. Entries are added as people are; what no longer holds is filtered on reading.
#[derive(Default)]
pub struct Folk {
    by_id: HashMap<String, Uuid>,
    by_name: HashMap<String, Vec<Uuid>>,
    by_home: HashMap<Uuid, Vec<Uuid>>,
    /// People who help or visit: cadres, who belong to no household here.
    helpers: HashSet<Uuid>,
}

impl Folk {
    pub fn of(ground: &Ground<'_>) -> Self {
        let mut folk = Folk::default();
        for (id, fields) in ground.all("person") {
            folk.learn(id, fields);
        }
        let aided = ground.all("pairing").filter_map(|(_, p)| uuid(p, "helper"));
        let visited = ground.all("visit").filter_map(|(_, v)| uuid(v, "visitor"));
        folk.helpers = aided.chain(visited).collect();
        folk
    }

    pub fn learn(&mut self, id: Uuid, fields: &Fields) {
        if let Some(number) = text(fields, "id_number") {
            self.by_id.insert(number.to_owned(), id);
        }
        if let Some(name) = text(fields, "name") {
            add(self.by_name.entry(name.to_owned()).or_default(), id);
        }
        if let Some(home) = uuid(fields, "household") {
            add(self.by_home.entry(home).or_default(), id);
        }
    }

    pub fn learn_helper(&mut self, id: Uuid) {
        self.helpers.insert(id);
    }

    pub fn is_helper(&self, id: Uuid) -> bool {
        self.helpers.contains(&id)
    }

    pub fn by_id(&self, number: &str) -> Option<Uuid> {
        self.by_id.get(number).copied()
    }

    pub fn named(&self, ground: &Ground<'_>, name: &str) -> Vec<Uuid> {
        let all = self.by_name.get(name).map(Vec::as_slice).unwrap_or_default();
        all.iter().filter(|id| text(ground.get("person", **id), "name") == Some(name)).copied().collect()
    }

    pub fn at_home(&self, ground: &Ground<'_>, home: Uuid) -> Vec<Uuid> {
        let all = self.by_home.get(&home).map(Vec::as_slice).unwrap_or_default();
        all.iter().filter(|id| uuid(ground.get("person", **id), "household") == Some(home)).copied().collect()
    }
}

fn add(list: &mut Vec<Uuid>, id: Uuid) {
    if !list.contains(&id) {
        list.push(id);
    }
}

/// Whether two births can be of one person: the shorter is the beginning of the longer, or one is not known.
pub fn births_agree(a: Option<&str>, b: Option<&str>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => a.starts_with(b) || b.starts_with(a),
        _ => true,
    }
}

/// Whether two numbers can be of one person: equal, or one is not known.
pub fn ids_agree(a: Option<&str>, b: Option<&str>) -> bool {
    a.zip(b).is_none_or(|(a, b)| a == b)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(a: Option<&str>, b: Option<&str>, agree: bool) {
        assert_eq!((births_agree(a, b), births_agree(b, a)), (agree, agree), "{a:?} {b:?}");
    }

    #[test]
    fn a_month_agrees_with_its_days_and_with_nothing_known() {
        check(Some("1982-11"), Some("1982-11-23"), true);
        check(Some("1982-11"), None, true);
        check(Some("1982-11"), Some("1982-12-23"), false);
    }
}
