//! Whether two logs hold the same, found out by us and not by the clerk: a sum over every receipted batch and the time
//! since when it counts. When the whole differs, blocks of numbers are compared and what differs is sent again.

use std::collections::BTreeMap;

pub use lianhu_ledger::{BLOCK, Sum};
use lianhu_ledger::{BatchRef, Hash, Stamp};

use crate::shelf::Chain;

/// The batches of one chain whose numbers share their block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Block {
    pub chain: Chain,
    pub nth: u64,
}

impl Block {
    pub fn of(at: BatchRef) -> Block {
        Block { chain: Chain::of(at), nth: (at.seq - 1) / BLOCK }
    }

    pub fn first(self) -> u64 {
        self.nth * BLOCK + 1
    }

    pub fn last(self) -> u64 {
        (self.nth + 1) * BLOCK
    }
}

/// Sums of every block, and of all.
pub fn summed(batches: impl Iterator<Item = (BatchRef, Hash, Stamp)>) -> (BTreeMap<Block, Sum>, Sum) {
    let (mut blocks, mut all) = (BTreeMap::<Block, Sum>::new(), Sum::default());
    for (at, hash, time) in batches {
        let sum = Sum::of(&hash, time);
        blocks.entry(Block::of(at)).or_default().add(sum);
        all.add(sum);
    }
    (blocks, all)
}

/// Blocks that one side has otherwise than the other, or not at all.
pub fn unlike(ours: &BTreeMap<Block, Sum>, theirs: &BTreeMap<Block, Sum>) -> Vec<Block> {
    let mut all: Vec<Block> = ours.keys().chain(theirs.keys()).copied().collect();
    all.sort_unstable();
    all.dedup();
    all.retain(|block| ours.get(block) != theirs.get(block));
    all
}
