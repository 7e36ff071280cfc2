//! What the rules say of a body, held against who is in it. Nothing is refused for it: it is told.

use std::collections::{HashMap, HashSet};

use lianhu_ledger::records::{Household, Office, PartyMember, Person, PersonId};
use lianhu_ledger::rules::Rules;
use lianhu_ledger::{Error, View};
use serde::Serialize;
use ts_rs::TS;

use crate::problem::Result;

/// `n` held against `least` and `most`; which of them there are depends on the rule. `n` of `of` where it is a share.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, TS)]
pub struct BodyCheck {
    /// `branch_size`, `committee_size`, `one_shoulder`, `average_age`, `outside_committee`,
    /// `representatives_share`, `representatives_women`, `households_each`.
    pub rule: &'static str,
    pub n: u32,
    pub of: Option<u32>,
    pub least: Option<u32>,
    pub most: Option<u32>,
    /// `None` where it is told and not judged.
    pub met: Option<bool>,
}

struct Body<'a> {
    view: View<'a>,
    rules: Rules,
    offices: Vec<&'a Office>,
    people: &'a HashMap<PersonId, Person>,
}

pub(super) fn of(
    view: View<'_>,
    organ: &str,
    offices: &[Office],
    people: &HashMap<PersonId, Person>,
) -> Result<Vec<BodyCheck>> {
    let offices = offices.iter().filter(|o| o.stands_on(view.today)).collect();
    let body = Body { view, rules: Rules::shipped(), offices, people };
    match organ {
        "branch_committee" => body.branch(),
        "village_committee" if body.any(organ) => Ok(body.village_committee()),
        "supervision" if body.any(organ) => Ok(vec![body.outside_committee()]),
        "representatives" if body.any(organ) => body.representatives(),
        _ => Ok(Vec::new()),
    }
}

impl Body<'_> {
    fn any(&self, organ: &str) -> bool {
        self.offices.iter().any(|o| o.organ.code() == organ)
    }

    fn persons(&self, organ: &str) -> HashSet<PersonId> {
        self.offices.iter().filter(|o| o.organ.code() == organ).map(|o| o.person).collect()
    }

    fn int(&self, id: &str) -> Result<u32> {
        let n = self.rules.int(id, self.view.today).map_err(Error::from)?;
        Ok(u32::try_from(n).unwrap_or(0))
    }

    /// 正式党员≥3人成立支部; 一般≤50人; ≥7人设支委会, 3—5人, 一般≤7.
    fn branch(&self) -> Result<Vec<BodyCheck>> {
        let today = self.view.today;
        let members: Vec<PartyMember> =
            self.view.all::<PartyMember>()?.into_iter().filter(|m| m.stands_on(today)).collect();
        if members.is_empty() {
            return Ok(Vec::new());
        }
        let full = members.iter().filter(|m| !m.is_probationary_on(today)).count() as u32;
        let (least, most) = (self.int("branch_members_min")?, self.int("branch_members_max")?);
        let n = members.len() as u32;
        let met = Some(full >= least && n <= most);
        let mut checks = vec![BodyCheck {
            rule: "branch_size",
            n,
            least: Some(least),
            most: Some(most),
            met,
            ..BodyCheck::default()
        }];
        let committee = self.persons("branch_committee").len() as u32;
        let from = self.int("branch_committee_from")?;
        if full >= from {
            let (least, most) = (self.int("branch_committee_min")?, self.int("branch_committee_max")?);
            let met = (committee > 0).then_some((least..=most).contains(&committee));
            let (least, most) = (Some(least), Some(most));
            checks.push(BodyCheck { rule: "committee_size", n: committee, least, most, met, ..BodyCheck::default() });
        }
        Ok(checks)
    }

    fn village_committee(&self) -> Vec<BodyCheck> {
        let is_head = |o: &&&Office, organ: &str, word: &str| {
            o.organ.code() == organ && o.position.contains(word) && !o.position.contains('副')
        };
        let secretary = self.offices.iter().find(|o| is_head(o, "branch_committee", "书记"));
        let director = self.offices.iter().find(|o| is_head(o, "village_committee", "主任"));
        let mut checks = Vec::new();
        if let (Some(secretary), Some(director)) = (secretary, director) {
            let n = u32::from(secretary.person == director.person);
            checks.push(BodyCheck { rule: "one_shoulder", n, ..BodyCheck::default() });
        }
        let both: HashSet<PersonId> =
            self.persons("branch_committee").union(&self.persons("village_committee")).copied().collect();
        let born = |id: &PersonId| self.people.get(id)?.born.as_ref();
        let ages: Vec<u32> = both
            .iter()
            .filter_map(|id| u32::try_from(lianhu_ledger::dates::age_on(born(id)?, self.view.today)?).ok())
            .collect();
        if !ages.is_empty() {
            // In tenths of a year.
            let n = ages.iter().sum::<u32>() * 10 / ages.len() as u32;
            let of = Some(ages.len() as u32);
            checks.push(BodyCheck { rule: "average_age", n, of, ..BodyCheck::default() });
        }
        checks
    }

    /// 监委会成员不由村委会成员兼任.
    fn outside_committee(&self) -> BodyCheck {
        let both = self.persons("supervision").intersection(&self.persons("village_committee")).count() as u32;
        BodyCheck { rule: "outside_committee", n: both, met: Some(both == 0), ..BodyCheck::default() }
    }

    /// 代表占组成人员≥4/5, 妇女≥1/3, 5—15户推选1人.
    fn representatives(&self) -> Result<Vec<BodyCheck>> {
        let today = self.view.today;
        let chosen = self.persons("representatives");
        let n = chosen.len() as u32;
        let all = chosen.union(&self.persons("village_committee")).count() as u32;
        let share = |id: &str| self.rules.ratio(id, today).map_err(Error::from);
        let least = share("representatives_share_min")?;
        let of_all = BodyCheck {
            rule: "representatives_share",
            n,
            of: Some(all),
            met: Some(n >= least.at_least(all)),
            ..BodyCheck::default()
        };
        let is_woman =
            |id: &&PersonId| self.people.get(id).and_then(|p| p.sex.as_ref()).is_some_and(|sex| sex.code() == "2");
        let women = chosen.iter().filter(is_woman).count() as u32;
        let least = share("representatives_women_min")?;
        let of_women = BodyCheck {
            rule: "representatives_women",
            n: women,
            of: Some(n),
            met: Some(women >= least.at_least(n)),
            ..BodyCheck::default()
        };
        let households = self.view.all::<Household>()?.iter().filter(|h| h.stands_on(today)).count() as u32;
        let (least, most) =
            (self.int("households_per_representative_min")?, self.int("households_per_representative_max")?);
        let each = BodyCheck {
            rule: "households_each",
            n: households,
            of: Some(n),
            least: Some(least),
            most: Some(most),
            met: Some(households >= n * least && households <= n * most),
        };
        Ok(vec![of_all, of_women, each])
    }
}
