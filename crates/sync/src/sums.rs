//! Whether two logs hold the same, found out by us and not by the clerk: a sum over every receipted batch and the time
//! since when it counts. When the whole differs, blocks of numbers are compared and what differs is sent again.

use std::collections::BTreeMap;

use lianhu_ledger::{BatchRef, Hash, Stamp};

use crate::shelf::Chain;

/// Numbers of a block.
pub const BLOCK: u64 = 64;

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

/// Adds up without minding the order. It finds accidents; who would forge a log is stopped by signatures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sum(pub u128);

impl Sum {
    pub fn of(hash: &Hash, time: Stamp) -> Sum {
        let mut bytes = [0u8; 40];
        bytes[..32].copy_from_slice(hash);
        bytes[32..].copy_from_slice(&time.0.to_le_bytes());
        let sum: [u8; 16] = blake3::hash(&bytes).as_bytes()[..16].try_into().expect("half of 32 bytes");
        Sum(u128::from_le_bytes(sum))
    }

    pub fn add(&mut self, other: Sum) {
        self.0 = self.0.wrapping_add(other.0);
    }

    pub fn take(&mut self, other: Sum) {
        self.0 = self.0.wrapping_sub(other.0);
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
