//! 名册 — who may write: which person, which computer, in which role, revoked when.
//!
//! The roster is itself signed batches, written by its root alone: the township, or the first computer of a village
//! that has none. A role holds for every batch that the root had not received when it gave it; which those are is
//! written down in it, so that everyone judges a batch alike, whatever they heard first. What a role may write is said in the roster and not
//! in the program: two releases judge alike. A batch beyond its role is kept as rejected and never applied.

use std::collections::{BTreeMap, BTreeSet};

use lianhu_ledger::records::TOWNSHIPS_OWN;
use lianhu_ledger::{Batch, BatchRef, CellChange, Change, Hash, Value};
use uuid::Uuid;

use crate::enrolment::{hex, unhex};
use crate::protocol::Why;

/// The kind of record in which a member stands; its id is the device's.
pub const MEMBER: &str = "roster";
/// The kind of record by which the root says no to one batch.
pub const REFUSAL: &str = "refused_batch";

/// Whom everyone believes: learnt at enrolment, never from the network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Root {
    pub device: Uuid,
    pub key: Vec<u8>,
}

/// What a device may write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum May {
    Everything,
    Kinds(BTreeSet<String>),
    /// Revoked.
    Nothing,
}

/// A permission, and what it does not reach.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// The last number of each incarnation that was written under the permission before.
    pub after: BTreeMap<u32, u64>,
    pub may: May,
}

impl Term {
    fn reaches(&self, at: BatchRef) -> bool {
        self.after.get(&at.incarnation).is_none_or(|last| at.seq > *last)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    pub who: String,
    pub role: String,
    pub key: Vec<u8>,
    pub terms: Vec<Term>,
}

impl Member {
    /// One who may write everything from the first batch on.
    pub fn new(who: &str, role: &str, key: Vec<u8>, may: May) -> Member {
        Member { who: who.into(), role: role.into(), key, terms: vec![Term { after: BTreeMap::new(), may }] }
    }

    /// Another permission from here on.
    pub fn then(&mut self, after: BTreeMap<u32, u64>, may: May) {
        self.terms.push(Term { after, may });
    }

    /// Has written under one unlimited permission from the beginning.
    fn is_plain(&self) -> bool {
        self.terms.iter().all(|term| term.may == May::Everything)
    }

    fn may(&self, at: BatchRef) -> &May {
        let holding = self.terms.iter().rev().find(|term| term.reaches(at));
        holding.map_or(&May::Nothing, |term| &term.may)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Roster {
    pub root: Root,
    pub members: BTreeMap<Uuid, Member>,
    pub refused: BTreeSet<BatchRef>,
    /// Changes with every batch of the root.
    pub mark: Hash,
    /// Where in the root's chains each entry stands: the later holds, whichever was heard first.
    placed: BTreeMap<Uuid, (u32, u64)>,
}

impl Roster {
    pub fn new(root: Root) -> Roster {
        Roster { root, members: BTreeMap::new(), refused: BTreeSet::new(), mark: [0; 32], placed: BTreeMap::new() }
    }

    fn enter(&mut self, change: &Change, place: (u32, u64)) {
        let is_newer = self.placed.get(&change.id).is_none_or(|known| *known < place);
        if let Some(member) = member(change).filter(|_| is_newer) {
            self.placed.insert(change.id, place);
            self.members.insert(change.id, member);
        }
    }

    /// Takes in a batch; only the root's count.
    pub fn read(&mut self, batch: &Batch) {
        if batch.at.device != self.root.device {
            return;
        }
        for change in &batch.changes {
            match change.kind.as_str() {
                MEMBER => self.enter(change, (batch.at.incarnation, batch.at.seq)),
                REFUSAL => self.refused.extend(refused(change)),
                _ => continue,
            }
            self.mark = batch.hash();
        }
    }

    pub fn key_of(&self, device: Uuid) -> Option<&[u8]> {
        if device == self.root.device {
            return Some(&self.root.key);
        }
        self.members.get(&device).map(|member| member.key.as_slice())
    }

    /// Writes nothing any more.
    pub fn is_out(&self, device: Uuid) -> bool {
        let last = |member: &Member| member.terms.last().is_none_or(|term| term.may == May::Nothing);
        device != self.root.device && self.members.get(&device).is_some_and(last)
    }

    /// Revoked at that place of its chain.
    pub fn is_revoked(&self, at: BatchRef) -> bool {
        at.device != self.root.device && self.members.get(&at.device).is_some_and(|m| *m.may(at) == May::Nothing)
    }

    /// Nothing to judge in this device's batches.
    pub fn is_plain(&self, device: Uuid) -> bool {
        device == self.root.device
            || (self.members.get(&device).is_some_and(Member::is_plain)
                && !self.refused.iter().any(|at| at.device == device))
    }

    /// Why a batch is kept and not applied.
    pub fn bars(&self, batch: &Batch) -> Option<Why> {
        if batch.at.device == self.root.device {
            return None;
        }
        if self.refused.contains(&batch.at) {
            return Some(Why::Refused);
        }
        let member = self.members.get(&batch.at.device)?;
        let is_roots_own = |kind: &str| kind == MEMBER || kind == REFUSAL || TOWNSHIPS_OWN.contains(&kind);
        let roots_own = batch.changes.iter().any(|c| is_roots_own(&c.kind));
        match member.may(batch.at) {
            May::Nothing => Some(Why::Revoked),
            _ if roots_own => Some(Why::Role),
            May::Everything => None,
            May::Kinds(kinds) => batch.changes.iter().any(|c| !kinds.contains(c.kind.as_str())).then_some(Why::Role),
        }
    }
}

/// The change by which the root enters a member, whole.
pub fn entering(device: Uuid, member: &Member, bases: &[BatchRef]) -> Change {
    let cell = |field: &str, value| CellChange { field: field.into(), value, bases: bases.to_vec() };
    let terms = member.terms.iter().map(term_value).collect();
    Change {
        kind: MEMBER.into(),
        id: device,
        cells: vec![
            cell("who", Value::text(&member.who)),
            cell("role", Value::text(&member.role)),
            cell("key", Value::Text(hex(&member.key))),
            cell("terms", Value::List(terms)),
        ],
    }
}

/// The change by which the root says no to a batch that waited.
pub fn refusing(at: BatchRef) -> Change {
    let cell = |field: &str, value| CellChange { field: field.into(), value, bases: Vec::new() };
    let name = format!("{}/{}/{}", at.device, at.incarnation, at.seq);
    Change {
        kind: REFUSAL.into(),
        id: Uuid::new_v5(&at.device, name.as_bytes()),
        cells: vec![
            cell("device", Value::Id(at.device)),
            cell("incarnation", Value::Int(i64::from(at.incarnation))),
            cell("seq", Value::Int(at.seq as i64)),
        ],
    }
}

fn term_value(term: &Term) -> Value {
    let may = match &term.may {
        May::Everything => Value::text("*"),
        May::Nothing => Value::Null,
        May::Kinds(kinds) => Value::List(kinds.iter().map(Value::text).collect()),
    };
    let last = |(incarnation, seq): (&u32, &u64)| {
        Value::List(vec![Value::Int(i64::from(*incarnation)), Value::Int(*seq as i64)])
    };
    let parts = [("after", Value::List(term.after.iter().map(last).collect())), ("may", may)];
    Value::Map(parts.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

fn cell<'a>(change: &'a Change, field: &str) -> Option<&'a Value> {
    change.cells.iter().find(|cell| cell.field == field).map(|cell| &cell.value)
}

fn number<T: TryFrom<i64>>(value: &Value) -> Option<T> {
    match value {
        Value::Int(n) => T::try_from(*n).ok(),
        _ => None,
    }
}

fn member(change: &Change) -> Option<Member> {
    let text = |field| cell(change, field).and_then(Value::as_text).map(str::to_owned);
    let Value::List(terms) = cell(change, "terms")? else { return None };
    let terms: Option<Vec<Term>> = terms.iter().map(term).collect();
    Some(Member { who: text("who")?, role: text("role")?, key: unhex(&text("key")?)?, terms: terms? })
}

fn term(value: &Value) -> Option<Term> {
    let Value::Map(parts) = value else { return None };
    let may = match parts.get("may")? {
        Value::Text(all) if all == "*" => May::Everything,
        Value::List(kinds) => May::Kinds(kinds.iter().filter_map(Value::as_text).map(str::to_owned).collect()),
        // What this release cannot read, it does not allow.
        _ => May::Nothing,
    };
    let Value::List(after) = parts.get("after")? else { return None };
    Some(Term { after: after.iter().map(last_number).collect::<Option<_>>()?, may })
}

fn last_number(value: &Value) -> Option<(u32, u64)> {
    match value {
        Value::List(pair) if pair.len() == 2 => Some((number(&pair[0])?, number(&pair[1])?)),
        _ => None,
    }
}

fn refused(change: &Change) -> Option<BatchRef> {
    Some(BatchRef {
        device: cell(change, "device")?.as_id()?,
        incarnation: number(cell(change, "incarnation")?)?,
        seq: number(cell(change, "seq")?)?,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use lianhu_ledger::Stamp;

    fn at(device: u128, incarnation: u32, seq: u64) -> BatchRef {
        BatchRef { device: Uuid::from_u128(device), incarnation, seq }
    }

    fn batch(at: BatchRef, changes: Vec<Change>) -> Batch {
        Batch {
            village: Uuid::from_u128(1),
            at,
            op: "put".into(),
            author: "王文书".into(),
            stamp: Stamp::at_ms(1),
            prev: [0; 32],
            changes,
            signature: Vec::new(),
        }
    }

    fn writes(at: BatchRef, kind: &str) -> Batch {
        batch(at, vec![Change { kind: kind.into(), id: Uuid::from_u128(5), cells: Vec::new() }])
    }

    fn roster(member: &Member) -> Roster {
        let mut roster = Roster::new(Root { device: Uuid::from_u128(9), key: vec![1] });
        roster.read(&batch(at(9, 1, 1), vec![entering(Uuid::from_u128(2), member, &[])]));
        roster
    }

    #[test]
    fn a_member_comes_back_from_its_batch() {
        let mut member = Member::new("李书记", "secretary", vec![1, 255], May::Everything);
        member.then([(1, 8)].into(), May::Kinds(["visit".to_owned()].into()));
        member.then([(1, 9), (4, 2)].into(), May::Nothing);
        assert_eq!(roster(&member).members[&Uuid::from_u128(2)], member);
    }

    #[test]
    fn a_role_bars_what_it_does_not_name_from_where_it_was_given() {
        let mut member = Member::new("陆永平", "cadre", vec![1], May::Everything);
        member.then([(1, 8)].into(), May::Kinds(["visit".to_owned()].into()));
        let roster = roster(&member);
        assert_eq!(roster.bars(&writes(at(2, 1, 8), "rating")), None);
        assert_eq!(roster.bars(&writes(at(2, 1, 9), "rating")), Some(Why::Role));
        assert_eq!(roster.bars(&writes(at(2, 1, 9), "visit")), None);
        assert_eq!(roster.bars(&writes(at(2, 7, 1), "rating")), Some(Why::Role));
    }

    #[test]
    fn the_revoked_keep_what_was_received_and_write_nothing_more_under_any_incarnation() {
        let mut member = Member::new("陆永平", "cadre", vec![1], May::Everything);
        member.then([(1, 8)].into(), May::Nothing);
        let roster = roster(&member);
        assert!(!roster.is_revoked(at(2, 1, 8)) && roster.is_revoked(at(2, 1, 9)) && roster.is_revoked(at(2, 2, 1)));
        assert!(roster.is_out(Uuid::from_u128(2)));
    }

    #[test]
    fn nobody_but_the_root_writes_the_roster() {
        let mut roster = roster(&Member::new("李书记", "secretary", vec![1], May::Everything));
        let grab = batch(
            at(2, 1, 1),
            vec![entering(Uuid::from_u128(3), &Member::new("x", "y", vec![2], May::Everything), &[])],
        );
        assert_eq!(roster.bars(&grab), Some(Why::Role));
        roster.read(&grab);
        assert!(!roster.members.contains_key(&Uuid::from_u128(3)));
        assert_eq!(roster.bars(&writes(at(2, 1, 2), "report_answer")), Some(Why::Role), "nor its word about a report");
    }

    #[test]
    fn an_older_entry_replayed_changes_nothing() {
        let id = Uuid::from_u128(2);
        let mut revoked = Member::new("陆永平", "cadre", vec![1], May::Everything);
        let old = batch(at(9, 1, 2), vec![entering(id, &revoked, &[])]);
        revoked.then(BTreeMap::new(), May::Nothing);
        let mut roster = Roster::new(Root { device: Uuid::from_u128(9), key: vec![1] });
        roster.read(&batch(at(9, 1, 3), vec![entering(id, &revoked, &[])]));
        roster.read(&old);
        assert!(roster.is_out(id));
    }

    #[test]
    fn a_batch_the_root_said_no_to_is_barred() {
        let mut roster = roster(&Member::new("李书记", "secretary", vec![1], May::Everything));
        roster.read(&batch(at(9, 1, 2), vec![refusing(at(2, 1, 4))]));
        assert_eq!(roster.bars(&writes(at(2, 1, 4), "visit")), Some(Why::Refused));
        assert_eq!(roster.bars(&writes(at(2, 1, 5), "visit")), None);
    }
}
