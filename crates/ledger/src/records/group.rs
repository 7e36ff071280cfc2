//! 村民小组 — a group of households. Renamed in place: its id stays, so do its households.

use crate::query::View;
use crate::record::{Count, Finding, Life, Record, record};
use crate::records::PersonId;
use crate::refusal::{Code, Refusal, Result};

record! { Group(GroupId) in "group" {
    name: String,
    /// Place in the village's order, 一组 = 1.
    number: Option<Count>,
    /// 组长.
    leader: Option<PersonId>,
} }

impl Life for Group {
    fn check(&self, view: &View<'_>) -> Result<()> {
        let same = view.select::<Group>("name = ?1 AND id <> ?2", (&self.name, self.id.0.as_bytes()))?;
        match same.first() {
            Some(other) => Err(Refusal::new(Code::Duplicate)
                .with("kind", Group::KIND)
                .with("what", &self.name)
                .with("id", other.id.0)
                .into()),
            None => Ok(()),
        }
    }

    fn findings(view: &View<'_>) -> Result<Vec<Finding>> {
        let twice = view.select::<Group>(
            "name IN (SELECT name FROM \"group\" WHERE gone IS NULL GROUP BY name HAVING count(*) > 1)",
            [],
        )?;
        Ok(twice.into_iter().map(|g| Finding::new::<Group>(g.id.0, "same_name").with("what", g.name)).collect())
    }
}
