//! 指标 — the counts that villages are put beside each other by. A rate is kept as its two counts; over villages and
//! months the counts are added up, never the percentages.

use lianhu_report::figures::{Amount, Figure, Figures};
use lianhu_report::lines::{Rate, State};
use serde::{Deserialize, Serialize};

/// One figure of a village's month: how it stands, and out of how many.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    pub state: State,
    pub of: Option<i64>,
}

impl Count {
    fn of(figure: &Figure, of: Option<i64>) -> Count {
        let state = match &figure.amount {
            Amount::Known(n) => State::Known { n: *n },
            Amount::NotHeld(reason) => State::NotHeld { reason: reason.clone() },
            Amount::Unknown => State::Unknown,
        };
        Count { state, of }
    }

    pub fn known(&self) -> Option<i64> {
        match self.state {
            State::Known { n } => Some(n),
            _ => None,
        }
    }

    pub fn rate(&self) -> Option<Rate> {
        Some(Rate { num: self.known()?, den: self.of.filter(|den| *den > 0)? })
    }
}

/// The columns of a roll-up, in the order of the monthly report. Each has its words under `rollup.<key>`.
pub const KEYS: [Key; 21] = [
    Key { name: "roll.households", rated: false },
    Key { name: "roll.people", rated: false },
    Key { name: "roll.members", rated: false },
    Key { name: "assembly.mass", rated: false },
    Key { name: "assembly.attended", rated: false },
    Key { name: "assembly.satisfaction", rated: true },
    Key { name: "assembly.opinions", rated: false },
    Key { name: "assembly.answered", rated: true },
    Key { name: "aid.households", rated: false },
    Key { name: "aid.visited", rated: true },
    Key { name: "aid.visits", rated: false },
    Key { name: "aid.meals", rated: false },
    Key { name: "aid.chores", rated: false },
    Key { name: "aid.ways", rated: false },
    Key { name: "aid.all_three", rated: true },
    Key { name: "aid.unvisited_long", rated: false },
    Key { name: "links.households", rated: false },
    Key { name: "links.visited", rated: true },
    Key { name: "links.matters", rated: false },
    Key { name: "entry.late", rated: false },
    Key { name: "entry.corrected", rated: false },
];

/// A column: its name among the figures, and whether it is so many of so many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    pub name: &'static str,
    pub rated: bool,
}

/// Where a figure stands among [`KEYS`].
pub fn place(name: &str) -> Option<usize> {
    KEYS.iter().position(|key| key.name == name)
}

/// What villages are compared by, in the order of the keys 1 to 5.
pub const MEASURES: [&str; 5] =
    ["aid.visited", "assembly.satisfaction", "assembly.answered", "links.visited", "aid.all_three"];

/// Every column of one month, in the order of [`KEYS`].
pub fn counts(figures: &Figures) -> Vec<Count> {
    let Figures { roll, assembly, aid, links, entry, .. } = figures;
    let (paired, linked) = (aid.households.known(), links.households.known());
    vec![
        Count::of(&roll.households, None),
        Count::of(&roll.people, None),
        Count::of(&roll.members, None),
        Count::of(&assembly.mass, None),
        Count::of(&assembly.attended, None),
        satisfaction(figures),
        Count::of(&assembly.opinions, None),
        Count::of(&assembly.answered, assembly.opinions.known()),
        Count::of(&aid.households, None),
        Count::of(&aid.visited, paired),
        Count::of(&aid.visits, None),
        Count::of(&aid.meals, None),
        Count::of(&aid.chores, None),
        Count::of(&aid.ways, None),
        Count::of(&aid.all_three, paired),
        Count::of(&aid.unvisited_long, None),
        Count::of(&links.households, None),
        Count::of(&links.visited, linked),
        Count::of(&links.matters, None),
        Count::of(&entry.late, None),
        Count::of(&entry.corrected, None),
    ]
}

/// Satisfied ballots over valid ones, of all who reported; households that were spoken of are not rated here.
fn satisfaction(figures: &Figures) -> Count {
    let rates = figures.assembly.rounds.iter().filter(|row| !row.of_households).filter_map(|row| row.tally);
    let (satisfied, valid) =
        rates.map(|tally| tally.satisfaction()).fold((0, 0), |sum, rate| (sum.0 + rate.satisfied, sum.1 + rate.valid));
    if valid > 0 {
        return Count { state: State::Known { n: satisfied }, of: Some(valid) };
    }
    let state = match &figures.assembly.mass.amount {
        Amount::NotHeld(reason) => State::NotHeld { reason: reason.clone() },
        _ => State::Unknown,
    };
    Count { state, of: None }
}

/// Counts of several villages put together: what is known is added, and who is not in it is named.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Sum {
    /// None while nobody's is known.
    pub n: Option<i64>,
    pub of: Option<i64>,
    /// Villages whose count is not in it.
    pub without: Vec<String>,
}

impl Sum {
    /// Adds one village's count; a rate counts only whole.
    pub fn add(&mut self, village: &str, count: Option<&Count>, rated: bool) {
        let Some((n, of)) = count.and_then(|count| both(count, rated)) else {
            self.without.push(village.to_owned());
            return;
        };
        *self.n.get_or_insert(0) += n;
        if rated {
            *self.of.get_or_insert(0) += of;
        }
    }

    pub fn rate(&self) -> Option<Rate> {
        Some(Rate { num: self.n?, den: self.of.filter(|den| *den > 0)? })
    }
}

fn both(count: &Count, rated: bool) -> Option<(i64, i64)> {
    let n = count.known()?;
    Some((n, if rated { count.of? } else { 0 }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(n: i64, of: i64) -> Count {
        Count { state: State::Known { n }, of: Some(of) }
    }

    #[test]
    fn a_rate_over_villages_is_the_sum_of_counts_and_no_mean_of_percentages() {
        let mut sum = Sum::default();
        sum.add("甲", Some(&known(1, 100)), true);
        sum.add("乙", Some(&known(9, 10)), true);
        assert_eq!(sum.rate(), Some(Rate { num: 10, den: 110 }));
    }

    #[test]
    fn what_a_village_has_not_said_is_no_zero_and_the_village_is_named() {
        let mut sum = Sum::default();
        sum.add("甲", Some(&Count { state: State::Unknown, of: Some(8) }), true);
        assert_eq!((sum.n, sum.rate()), (None, None));
        sum.add("乙", Some(&known(0, 5)), true);
        sum.add("丙", None, true);
        assert_eq!(sum.rate(), Some(Rate { num: 0, den: 5 }));
        assert_eq!(sum.without, ["甲", "丙"]);
    }
}
