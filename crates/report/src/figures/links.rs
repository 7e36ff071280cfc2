//! 四、党员联户 — households linked to Party members, and the monthly round of visits.

use std::collections::{BTreeMap, HashSet};

use lianhu_ledger::Result;
use lianhu_ledger::records::matter::Raised;
use lianhu_ledger::records::pairing::Bond;
use lianhu_ledger::records::{HouseholdId, Pairing, PersonId};
use serde::{Deserialize, Serialize};

use super::{Figure, Look};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Links {
    /// 联户党员.
    pub members: Figure,
    /// 联系户.
    pub households: Figure,
    /// The fewest and the most households of one member.
    pub least: Option<i64>,
    pub most: Option<i64>,
    /// Members below and above what the rule table asks: a footnote, not the text.
    pub below: Figure,
    pub above: Figure,
    /// 大走访: households reached by their own member.
    pub visited: Figure,
    pub matters: Figure,
    pub matters_done: Figure,
}

pub(super) fn read(look: &Look<'_>) -> Result<Links> {
    let (from, to) = look.of_month();
    let links = look.view.pairings(Bond::Link, look.as_of)?;
    let mut of: BTreeMap<PersonId, HashSet<HouseholdId>> = BTreeMap::new();
    links.iter().for_each(|l| {
        of.entry(l.helper).or_default().insert(l.household);
    });
    let sizes: Vec<i64> = of.values().map(|h| h.len() as i64).collect();
    let (min, max) =
        (look.rules.int("links_per_member_min", look.as_of)?, look.rules.int("links_per_member_max", look.as_of)?);
    let beyond =
        |wrong: &dyn Fn(i64) -> bool| Figure::count(of.iter().filter(|(_, h)| wrong(h.len() as i64)).map(|(p, _)| *p));
    let matters: Vec<_> = look.view.matters(from, to)?.into_iter().filter(|m| m.raised_at == Raised::Link).collect();
    Ok(Links {
        members: Figure::of_register(!links.is_empty(), of.keys().copied()),
        households: Figure::of_register(!links.is_empty(), distinct(&links)),
        least: sizes.iter().min().copied(),
        most: sizes.iter().max().copied(),
        below: beyond(&|n| n < min),
        above: beyond(&|n| n > max),
        visited: visited(look, &links)?,
        matters_done: Figure::entered(matters.iter().map(|m| m.id), None)
            .map_known(matters.iter().filter(|m| m.is_answered_by(look.as_of)).map(|m| m.id)),
        matters: Figure::entered(matters.iter().map(|m| m.id), None),
    })
}

fn visited(look: &Look<'_>, links: &[Pairing]) -> Result<Figure> {
    let (from, to) = look.of_month();
    let linked: HashSet<(PersonId, HouseholdId)> = links.iter().map(|l| (l.helper, l.household)).collect();
    let visits = look.view.visits(from, to)?;
    let reached: HashSet<HouseholdId> =
        visits.iter().filter(|v| linked.contains(&(v.visitor, v.household))).map(|v| v.household).collect();
    let mut reached: Vec<_> = reached.into_iter().collect();
    reached.sort();
    Ok(Figure::entered(reached, look.not_held("link_visits")?.as_ref()))
}

fn distinct(links: &[Pairing]) -> Vec<HouseholdId> {
    let mut households: Vec<_> = links.iter().map(|l| l.household).collect();
    households.sort();
    households.dedup();
    households
}

impl Links {
    pub(super) fn unknown(&self) -> Vec<&'static str> {
        let named = [(&self.visited, "联户大走访"), (&self.matters, "联户收集事项")];
        named.into_iter().filter(|(figure, _)| figure.is_unknown()).map(|(_, name)| name).collect()
    }
}
