//! 任职 — who holds which office from when until when: 支委会, 村委会, 村务监督委员会, 村民代表, 村民小组长, 驻村工作队. A change of
//! hands ends one office and begins another. A term (届) has an end; the office is held on until it is given up.

use crate::dates::Date;
use crate::query::View;
use crate::record::{Coded, Finding, Life, Record, record};
use crate::records::{GroupId, OfficeBody, OrgUnitId, PersonId};
use crate::refusal::{Code, Refusal, Result, in_order};

record! { Office(OfficeId) in "office" index(person) {
    organ: Coded<OfficeBody>,
    /// 书记、委员、主任、组长…, as the village says it.
    position: String,
    person: PersonId,
    /// Which 党小组 or 网格 it is an office of.
    org_unit: Option<OrgUnitId>,
    /// Which 村民小组 it is an office of, or which one chose this representative.
    group: Option<GroupId>,
    /// 任职、免职.
    from: Option<Date>,
    until: Option<Date>,
    ended_why: Option<String>,
    /// 本届届满.
    term_until: Option<Date>,
    /// 任职资格联审.
    vetted_on: Option<Date>,
    /// 备案.
    filed_on: Option<Date>,
} }

impl Life for Office {
    fn check(&self, view: &View<'_>) -> Result<()> {
        in_order(self.from, self.until)?;
        in_order(self.from, self.term_until)?;
        match self.held_beside(view)?.first() {
            Some(other) => Err(Refusal::new(Code::Duplicate)
                .with("kind", Office::KIND)
                .with("what", &self.position)
                .with("id", other.id.0)
                .into()),
            None => Ok(()),
        }
    }

    /// The same office entered on two computers.
    fn findings(view: &View<'_>) -> Result<Vec<Finding>> {
        let mut found = Vec::new();
        for office in view.all::<Office>()? {
            if !office.held_beside(view)?.is_empty() {
                found.push(Finding::new::<Office>(office.id.0, "office_twice").with("post", &office.position));
            }
        }
        Ok(found)
    }
}

impl Office {
    pub fn stands_on(&self, day: Date) -> bool {
        self.from.is_none_or(|d| d <= day) && self.until.is_none_or(|d| d > day)
    }

    /// The same office of the same person, held at this time by another entry.
    fn held_beside(&self, view: &View<'_>) -> Result<Vec<Office>> {
        if self.until.is_some() {
            return Ok(Vec::new());
        }
        view.select::<Office>(
            "person = ?1 AND organ = ?2 AND position = ?3 AND org_unit IS ?4 AND \"group\" IS ?5 AND until IS NULL AND id <> ?6",
            (
                self.person.0.as_bytes(),
                self.organ.code(),
                &self.position,
                self.org_unit.map(|u| u.0.as_bytes().to_vec()),
                self.group.map(|g| g.0.as_bytes().to_vec()),
                self.id.0.as_bytes(),
            ),
        )
    }
}

impl View<'_> {
    /// Offices held on a day.
    pub fn offices_on(&self, day: Date) -> Result<Vec<Office>> {
        Ok(self.all::<Office>()?.into_iter().filter(|office| office.stands_on(day)).collect())
    }
}
