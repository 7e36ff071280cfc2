//! What the exchange costs, each figure beside its floor from the same run.

use std::collections::BTreeMap;

use lianhu_ledger::Batch;
use lianhu_sync::{Chain, Shelf};

use super::{Month, Outcome, Spent, Village, floor};

/// A figure, and the least it could be.
#[derive(Clone, Copy, Debug)]
pub struct Figure {
    pub ours: f64,
    pub floor: f64,
    pub trips: u32,
}

impl Figure {
    pub fn ratio(self) -> f64 {
        self.ours / self.floor
    }

    fn of(spent: Spent, floor: usize) -> Figure {
        Figure { ours: spent.bytes() as f64, floor: floor as f64, trips: spent.trips }
    }
}

type Heads = BTreeMap<Chain, u64>;

impl Village {
    fn heads(&self, nth: usize) -> Outcome<Heads> {
        Ok(self.laptops[nth].shelf.heads()?.into_iter().map(|(chain, head)| (chain, head.seq)).collect())
    }

    fn town_heads(&self) -> Outcome<Heads> {
        Ok(self.town.heads()?.into_iter().map(|(chain, head)| (chain, head.seq)).collect())
    }

    /// What the township has beyond what someone had.
    fn beyond(&self, has: &Heads) -> Outcome<Vec<Batch>> {
        let mut beyond = Vec::new();
        for (chain, last) in self.town_heads()? {
            beyond.extend(self.town.batches(chain, has.get(&chain).copied().unwrap_or(0) + 1, last)?);
        }
        Ok(beyond)
    }

    /// A conversation, and the floor of what went up and of what came down in it.
    pub fn talk(&mut self, nth: usize) -> Outcome<(Spent, usize)> {
        let (town, own) = (self.town_heads()?, self.heads(nth)?);
        let spent = self.converse(nth)?;
        let up = self.beyond(&town)?;
        let has: Heads = town.iter().map(|(c, seq)| (*c, own.get(c).copied().unwrap_or(0).min(*seq))).collect();
        let down: Vec<Batch> = self.beyond(&has)?.into_iter().filter(|batch| !up.contains(batch)).collect();
        let packed = |batches: &[Batch]| if batches.is_empty() { 0 } else { floor(batches) };
        Ok((spent, packed(&up) + packed(&down)))
    }
}

/// A month's work of three laptops, told at its end: everything to the township, and everything to everyone.
pub fn month_at_its_end(village: &mut Village) -> Outcome<Figure> {
    village.work(Month::USUAL, |_| false)?;
    told(village, &[0, 1, 2, 0, 1])
}

fn told(village: &mut Village, talks: &[usize]) -> Outcome<Figure> {
    let (mut all, mut least) = (Spent::default(), 0);
    for nth in talks {
        let (spent, floor) = village.talk(*nth)?;
        all.add(spent);
        least += floor;
    }
    Ok(Figure::of(all, least))
}

/// The same for one that only listens: everything in one answer.
pub fn heard(village: &mut Village, nth: usize) -> Outcome<Figure> {
    let (spent, floor) = village.talk(nth)?;
    Ok(Figure::of(spent, floor))
}

/// A year of twenty evenings a month, told every evening.
pub fn year(village: &mut Village, months: usize) -> Outcome {
    for _ in 0..months {
        village.work(Month::USUAL, |_| true)?;
    }
    for nth in 0..3 {
        village.converse(nth)?;
    }
    Ok(())
}
