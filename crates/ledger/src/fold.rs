//! Which value of a cell stands, computed from the shared log alone.
//!
//! One total order: newest effective time, then device, then number. A change's effective time is its batch's
//! (stamp, or receipt when that is earlier), but never before just after that of what it replaced. So “a later
//! writer who saw the value wins, whatever the clocks say” follows from the order and is not a second rule; two
//! rules would not converge. What the winner did not build upon, directly or not, was concurrent: it is kept and
//! shown, unless it says the same.

use std::collections::{HashMap, HashSet};

use crate::clock::Stamp;
use crate::log::BatchRef;
use crate::value::Value;

/// One change of one cell, as the log holds it.
#[derive(Clone, Debug)]
pub struct Write {
    pub at: BatchRef,
    /// The batch's time: its stamp, or its receipt when that is earlier.
    pub time: Stamp,
    pub value: Value,
    pub bases: Vec<BatchRef>,
}

/// What stands in a cell, and what was overtaken without being seen.
#[derive(Clone, Debug, PartialEq)]
pub struct Folded {
    pub at: BatchRef,
    pub effective: Stamp,
    pub value: Value,
    pub overtaken: Vec<(BatchRef, Value)>,
    /// A base is not in the log yet: when it comes, the cell is folded again.
    pub waits: bool,
}

/// Folds all writes of one cell; `None` when there are none. The order in which they are given does not matter.
pub fn fold(writes: &[Write]) -> Option<Folded> {
    if let [only] = writes {
        return Some(Folded {
            at: only.at,
            effective: only.time,
            value: only.value.clone(),
            overtaken: Vec::new(),
            waits: !only.bases.is_empty(),
        });
    }
    let by_ref: HashMap<BatchRef, usize> = writes.iter().enumerate().map(|(i, w)| (w.at, i)).collect();
    let bases: Vec<Vec<usize>> =
        writes.iter().map(|w| w.bases.iter().filter_map(|b| by_ref.get(b).copied()).collect()).collect();
    let effective = effective_times(writes, &bases);
    let winner = (0..writes.len()).max_by_key(|i| (effective[*i], writes[*i].at))?;
    Some(Folded {
        at: writes[winner].at,
        effective: effective[winner],
        value: writes[winner].value.clone(),
        overtaken: overtaken(writes, &bases, winner),
        waits: writes.iter().any(|w| w.bases.iter().any(|b| !by_ref.contains_key(b))),
    })
}

/// Depth first, without recursion: a cell may have been edited ten thousand times, each upon the last. A base
/// that is still being worked out is a circle, which only a forger makes; it counts as absent.
fn effective_times(writes: &[Write], bases: &[Vec<usize>]) -> Vec<Stamp> {
    let mut done: Vec<Option<Stamp>> = vec![None; writes.len()];
    let mut open = vec![false; writes.len()];
    let mut order: Vec<usize> = (0..writes.len()).collect();
    order.sort_by_key(|i| writes[*i].at);
    for start in order {
        let mut stack = vec![start];
        while let Some(&i) = stack.last() {
            open[i] = true;
            match bases[i].iter().find(|b| done[**b].is_none() && !open[**b]) {
                Some(&b) if done[i].is_none() => stack.push(b),
                _ => {
                    let seen = bases[i].iter().filter_map(|b| done[*b]).map(Stamp::just_after).max();
                    done[i] = done[i].or(Some(writes[i].time.max(seen.unwrap_or_default())));
                    open[i] = false;
                    stack.pop();
                }
            }
        }
    }
    done.into_iter().map(Option::unwrap_or_default).collect()
}

/// The newest of each line that the winner did not build upon, where it says something that nobody on the winner's
/// line has seen: what two computers had both written, and one of them then changed knowingly, is no question.
fn overtaken(writes: &[Write], bases: &[Vec<usize>], winner: usize) -> Vec<(BatchRef, Value)> {
    let known = ancestors(bases, [winner]);
    let losers: Vec<usize> = (0..writes.len()).filter(|i| !known.contains(i)).collect();
    let beneath: HashSet<usize> = ancestors(bases, losers.iter().flat_map(|i| bases[*i].iter().copied()));
    let seen_by_winner = |tip: usize| {
        let same: Vec<usize> = known.iter().copied().filter(|i| writes[*i].value == writes[tip].value).collect();
        let before = if same.is_empty() { HashSet::new() } else { ancestors(bases, [tip]) };
        same.iter().any(|i| !before.contains(i))
    };
    let mut tips: Vec<(BatchRef, Value)> = losers
        .into_iter()
        .filter(|i| !beneath.contains(i) && !seen_by_winner(*i))
        .map(|i| (writes[i].at, writes[i].value.clone()))
        .collect();
    tips.sort();
    tips
}

fn ancestors(bases: &[Vec<usize>], from: impl IntoIterator<Item = usize>) -> HashSet<usize> {
    let mut seen = HashSet::new();
    let mut stack: Vec<usize> = from.into_iter().collect();
    while let Some(i) = stack.pop() {
        if seen.insert(i) {
            stack.extend(&bases[i]);
        }
    }
    seen
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn at(device: u128, seq: u64) -> BatchRef {
        BatchRef { device: Uuid::from_u128(device), incarnation: 1, seq }
    }

    fn write(at: BatchRef, ms: u64, value: i64, bases: &[BatchRef]) -> Write {
        Write { at, time: Stamp::at_ms(ms), value: Value::Int(value), bases: bases.to_vec() }
    }

    fn check(writes: &[Write], stands: i64, overtaken: &[i64]) {
        for turn in 0..writes.len() {
            let mut turned = writes.to_vec();
            turned.rotate_left(turn);
            let folded = fold(&turned).unwrap();
            assert_eq!(folded.value, Value::Int(stands));
            let shown: Vec<Value> = folded.overtaken.into_iter().map(|(_, v)| v).collect();
            assert_eq!(shown, overtaken.iter().map(|n| Value::Int(*n)).collect::<Vec<_>>());
        }
    }

    #[test]
    fn the_newer_of_two_that_did_not_know_each_other_stands_and_the_other_is_shown() {
        check(&[write(at(1, 1), 10, 1, &[]), write(at(2, 1), 20, 2, &[])], 2, &[1]);
    }

    #[test]
    fn who_saw_a_value_wins_over_it_whatever_the_clocks_say() {
        let ahead = write(at(1, 1), 9_000_000, 1, &[]);
        let behind = write(at(2, 1), 10, 2, &[at(1, 1)]);
        check(&[ahead, behind], 2, &[]);
    }

    #[test]
    fn the_same_value_twice_is_no_question() {
        check(&[write(at(1, 1), 10, 5, &[]), write(at(2, 1), 20, 5, &[])], 5, &[]);
    }

    #[test]
    fn what_both_had_written_and_one_then_changed_is_no_question() {
        let (a, b) = (write(at(1, 1), 10, 5, &[]), write(at(2, 1), 20, 5, &[]));
        let changed = write(at(2, 2), 30, 7, &[at(2, 1)]);
        check(&[a, b, changed], 7, &[]);
    }

    #[test]
    fn who_went_back_to_an_old_value_is_asked_beside_who_changed_it() {
        let old = write(at(1, 1), 10, 5, &[]);
        let away = write(at(1, 2), 20, 6, &[at(1, 1)]);
        let back = write(at(1, 3), 30, 5, &[at(1, 2)]);
        let changed = write(at(2, 1), 40, 7, &[at(1, 1)]);
        check(&[old, away, back, changed], 7, &[5]);
    }

    #[test]
    fn settling_names_both_and_ends_the_question() {
        let (a, b) = (write(at(1, 1), 10, 1, &[]), write(at(2, 1), 20, 2, &[]));
        let settled = write(at(1, 2), 15, 1, &[at(1, 1), at(2, 1)]);
        check(&[a, b, settled], 1, &[]);
    }

    #[test]
    fn a_later_edit_by_one_side_leaves_the_others_value_on_show() {
        let first = write(at(1, 1), 10, 0, &[]);
        let mine = write(at(1, 2), 30, 1, &[at(1, 1)]);
        let theirs = write(at(2, 1), 20, 2, &[at(1, 1)]);
        let again = write(at(1, 3), 40, 3, &[at(1, 2)]);
        check(&[first, mine, theirs, again], 3, &[2]);
    }

    #[test]
    fn a_tie_is_broken_by_device_never_by_arrival() {
        check(&[write(at(1, 1), 10, 1, &[]), write(at(2, 1), 10, 2, &[])], 2, &[1]);
    }

    #[test]
    fn ten_thousand_edits_in_a_row_fold_without_deep_recursion() {
        let chain = (1..=10_000).map(|n| {
            let base = (n > 1).then(|| at(1, n - 1));
            write(at(1, n), 1, n as i64, base.as_slice())
        });
        let chain: Vec<Write> = chain.collect();
        assert_eq!(fold(&chain).unwrap().value, Value::Int(10_000));
    }

    #[test]
    fn a_forged_circle_ends_and_is_the_same_in_any_order() {
        let a = write(at(1, 1), 10, 1, &[at(2, 1)]);
        let b = write(at(2, 1), 10, 2, &[at(1, 1)]);
        let one = fold(&[a.clone(), b.clone()]).unwrap();
        assert_eq!(one, fold(&[b, a]).unwrap());
    }
}
