//! One pass over the names, the best reasons kept.

use super::query::Query;
use super::syllable::{Plan, Readings, Typed};
use super::{Hit, Index, Reason, Spelling, TokenId};

/// A reason, and whether the name was typed to its end (zj is rather 张健 than 张建国).
type Grade = (Reason, bool);

/// The best entries so far, each list in the order of the index.
struct Best {
    limit: usize,
    lists: [Vec<u32>; GRADES],
    /// Grades from here on are of no more use: better ones fill the limit.
    closed: usize,
}

const GRADES: usize = 2 * (Reason::Group as usize + 1);

impl<H: Copy> Index<H> {
    pub fn find_spelled(&self, query: &str, limit: usize, spelling: Spelling) -> Vec<Hit<H>> {
        let Some(query) = Query::read(query) else {
            return Vec::new();
        };
        let plan = Plan::new(self, &query, spelling == Spelling::Dialect);
        let mut best = Best::new(limit);
        for entry in 0..self.len() {
            if best.closed == 0 {
                break;
            }
            if self.passes(entry, &query)
                && let Some(grade) = self.grade(entry, &query, &plan, best.closed)
            {
                best.push(grade, entry);
            }
        }
        best.into_hits(|entry| self.handles[entry])
    }

    fn passes(&self, entry: usize, query: &Query) -> bool {
        let tail = |tail| self.phones[entry].ends_with(tail) || self.ids[entry].ends_with(tail);
        query.group.is_none_or(|group| self.groups[entry] == group) && query.tails.iter().all(|t| tail(*t))
    }

    fn grade(&self, entry: usize, query: &Query, plan: &Plan, closed: usize) -> Option<Grade> {
        let reason = match (query.units.is_empty(), query.tails.is_empty()) {
            (true, true) => Reason::Group,
            (true, false) => Reason::Number,
            _ => return self.grade_name(self.name(entry), plan, closed),
        };
        Some((reason, true))
    }

    fn grade_name(&self, name: &[TokenId], plan: &Plan, closed: usize) -> Option<Grade> {
        let (head, rest) = name.split_first()?;
        let anchored = if plan.first(*head) == 0 { None } else { self.grade_anchored(name, plan) };
        let of_use = index(&(Reason::Within, true)) < closed;
        if !of_use || anchored.is_some_and(|(reason, _)| reason < Reason::Within) {
            return anchored;
        }
        self.grade_within(rest, plan).or(anchored)
    }

    fn grade_within(&self, rest: &[TokenId], plan: &Plan) -> Option<Grade> {
        let starts = || (0..rest.len()).filter(|at| plan.first(rest[*at]) != 0);
        let any = |first, more| starts().any(|at| self.run(&rest[at..], plan, first, more).is_some());
        if !any(Typed::Loose, Typed::Loose) {
            return None;
        }
        let spelled = any(Typed::Whole, Typed::Ending);
        let reason = if spelled { Reason::Within } else { Reason::InitialsWithin };
        Some((reason, true))
    }

    fn grade_anchored(&self, name: &[TokenId], plan: &Plan) -> Option<Grade> {
        // Most names that begin right do not go on right: that costs one run only.
        let any = self.run_by(name, plan, [Typed::Loose; 2], Readings::All)?;
        let run = |first, rest| self.run(name, plan, first, rest);
        if let Some(whole) = run(Typed::Whole, Typed::Whole) {
            return Some((typed_out(plan.han, whole), true));
        }
        if run(Typed::Whole, Typed::Ending).is_some() {
            return Some((Reason::PinyinPrefix, true));
        }
        if let Some(whole) = run(Typed::Whole, Typed::Loose) {
            return Some((Reason::SurnameInitials, whole));
        }
        if let Some(whole) = run(Typed::Loose, Typed::Loose) {
            return Some((Reason::Initials, whole));
        }
        Some((Reason::OtherReading, any))
    }

    fn run(&self, name: &[TokenId], plan: &Plan, first: Typed, rest: Typed) -> Option<bool> {
        self.run_by(name, plan, [first, rest], Readings::Sure)
    }

    /// Whether the name carries the query to its end, and if so whether it ends there itself.
    fn run_by(&self, name: &[TokenId], plan: &Plan, typed: [Typed; 2], by: Readings) -> Option<bool> {
        let mut states = 1;
        let mut reached = false;
        for (at, token) in name.iter().enumerate() {
            states = plan.step(states, *token, &self.tokens, typed[at.min(1)], by);
            if states & plan.end() != 0 {
                reached = true;
                if at + 1 == name.len() {
                    return Some(true);
                }
            }
            if states == 0 {
                break;
            }
        }
        reached.then_some(false)
    }
}

fn typed_out(han: bool, whole: bool) -> Reason {
    match (han, whole) {
        (true, true) => Reason::Exact,
        (true, false) => Reason::HanPrefix,
        (false, true) => Reason::Pinyin,
        (false, false) => Reason::PinyinPrefix,
    }
}

fn index(grade: &Grade) -> usize {
    2 * grade.0 as usize + usize::from(!grade.1)
}

impl Best {
    fn new(limit: usize) -> Best {
        let closed = if limit == 0 { 0 } else { GRADES };
        Best { limit, lists: [const { Vec::new() }; GRADES], closed }
    }

    fn push(&mut self, grade: Grade, entry: usize) {
        let at = index(&grade);
        if at >= self.closed || self.lists[at].len() >= self.limit {
            return;
        }
        self.lists[at].push(entry as u32);
        let mut count = 0;
        let full = self.lists[..self.closed].iter().position(|list| {
            count += list.len();
            count >= self.limit
        });
        self.closed = full.unwrap_or(self.closed);
    }

    fn into_hits<H>(self, handle: impl Fn(usize) -> H) -> Vec<Hit<H>> {
        let reasons = (0..GRADES).map(|at| REASONS[at / 2]);
        let listed = reasons.zip(self.lists);
        let hits = listed.flat_map(|(reason, list)| list.into_iter().map(move |entry| (reason, entry)));
        let hit = |(reason, entry): (Reason, u32)| Hit { handle: handle(entry as usize), reason };
        hits.take(self.limit).map(hit).collect()
    }
}

const REASONS: [Reason; GRADES / 2] = [
    Reason::Exact,
    Reason::HanPrefix,
    Reason::Pinyin,
    Reason::PinyinPrefix,
    Reason::SurnameInitials,
    Reason::Initials,
    Reason::Within,
    Reason::InitialsWithin,
    Reason::OtherReading,
    Reason::Number,
    Reason::Group,
];
