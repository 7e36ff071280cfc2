//! The plan: what came in, what to say and what to commit. Pure: it reads a [`Shelf`](crate::shelf::Shelf) and changes
//! nothing itself.
//!
//! A device's turn: [`device::ask`] → the network → [`township::hear`] → commit → [`township::answer`] → the network →
//! [`device::hear`] → commit → [`after::settle`]. A crash between any two of these loses nothing, because each commit
//! is whole and every step may be made again.

pub mod after;
mod desk;
pub mod device;
mod intake;
mod joining;
pub mod township;

use lianhu_ledger::Batch;

use crate::faults::{Fault, Faults};
use crate::shelf::{Chain, Command};

/// One half of the township's turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Half {
    Commit,
    Answer,
}

/// In which order the township does what [`township::hear`] has planned: nobody is told “received” before it is kept.
pub fn order(faults: Faults) -> [Half; 2] {
    if faults.has(Fault::ReceiptBeforeCommit) { [Half::Answer, Half::Commit] } else { [Half::Commit, Half::Answer] }
}

/// The same batches as the beginning of another chain: their numbers, what refers to them and the hashes between them.
/// Signatures are gone; who sends them signs the last one anew.
pub fn reissued(batches: Vec<Batch>, chain: Chain) -> Vec<Batch> {
    let moved = |at: lianhu_ledger::BatchRef| {
        let nth = batches.iter().position(|batch| batch.at == at);
        nth.map_or(at, |nth| chain.at(nth as u64 + 1))
    };
    let mut prev = [0; 32];
    let mut issued = Vec::with_capacity(batches.len());
    for (nth, batch) in batches.iter().enumerate() {
        let mut batch = Batch { at: chain.at(nth as u64 + 1), prev, signature: Vec::new(), ..batch.clone() };
        for cell in batch.changes.iter_mut().flat_map(|change| &mut change.cells) {
            cell.bases.iter_mut().for_each(|base| *base = moved(*base));
        }
        prev = batch.hash();
        issued.push(batch);
    }
    issued
}

/// Commits of one step, in order: one, unless a bug is planted.
fn commits(commands: Vec<Command>, faults: Faults) -> Vec<Vec<Command>> {
    if !faults.has(Fault::CheckpointBeforeData) {
        return vec![commands];
    }
    let (cursor, data) = commands.into_iter().partition(|command| matches!(command, Command::Cursor { .. }));
    vec![cursor, data]
}
