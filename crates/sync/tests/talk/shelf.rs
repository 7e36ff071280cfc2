//! A township's shelf over a ledger, with its numbers in memory: what the plan needs of a store, and nothing more.

use std::collections::BTreeMap;
use std::sync::Arc;

use lianhu_ledger::{Batch, BatchRef, Hash, Ledger, Result, Stamp};
use lianhu_sync::guard::{Census, Today};
use lianhu_sync::{
    Block, Chain, Command, Commit, Head, LedgerShelf, Parked, Receipt, Roster, Shelf, Sum, TownshipShelf, Why,
};
use uuid::Uuid;

pub struct TownShelf {
    pub ledger: LedgerShelf<Ledger>,
    pub numbers: BTreeMap<u64, Receipt>,
    pub epoch: u64,
}

impl Shelf for TownShelf {
    fn village(&self) -> Uuid {
        self.ledger.village()
    }
    fn roster(&self) -> Result<Arc<Roster>> {
        self.ledger.roster()
    }
    fn heads(&self) -> Result<BTreeMap<Chain, Head>> {
        self.ledger.heads()
    }
    fn hash_at(&self, at: BatchRef) -> Result<Option<Hash>> {
        self.ledger.hash_at(at)
    }
    fn batches(&self, chain: Chain, first: u64, last: u64) -> Result<Vec<Batch>> {
        self.ledger.batches(chain, first, last)
    }
    fn receipts(&self, chain: Chain, first: u64, last: u64) -> Result<Vec<Receipt>> {
        self.ledger.receipts(chain, first, last)
    }
    fn time_at(&self, at: BatchRef) -> Result<Option<Stamp>> {
        self.ledger.time_at(at)
    }
    fn barred(&self, at: BatchRef) -> Result<Option<Why>> {
        self.ledger.barred(at)
    }
    fn all_barred(&self) -> Result<Vec<BatchRef>> {
        self.ledger.all_barred()
    }
    fn parked(&self) -> Result<Vec<Parked>> {
        self.ledger.parked()
    }
    fn approved(&self, at: BatchRef) -> Result<bool> {
        self.ledger.approved(at)
    }
    fn census(&self, records: &[(&str, Uuid)]) -> Result<Census> {
        self.ledger.census(records)
    }
    fn today(&self, device: Uuid) -> Result<Today> {
        self.ledger.today(device)
    }
    fn judged(&self) -> Result<Option<Hash>> {
        self.ledger.judged()
    }
    fn sums(&self) -> Result<BTreeMap<Block, Sum>> {
        self.ledger.sums()
    }
    fn sum(&self) -> Result<Sum> {
        self.ledger.sum()
    }
}

impl TownshipShelf for TownShelf {
    fn epoch(&self) -> u64 {
        self.epoch
    }
    fn newest(&self) -> Result<u64> {
        Ok(self.numbers.last_key_value().map_or(0, |(no, _)| *no))
    }
    fn since(&self, no: u64, limit: usize) -> Result<Vec<(u64, Receipt)>> {
        Ok(self.numbers.range(no + 1..).take(limit).map(|(no, receipt)| (*no, receipt.clone())).collect())
    }
}

impl Commit for TownShelf {
    fn commit(&mut self, commands: &[Command]) -> Result<()> {
        self.ledger.commit(commands)?;
        for command in commands {
            if let Command::Number { no, receipt } = command {
                self.numbers.insert(*no, receipt.clone());
            }
        }
        Ok(())
    }
}
