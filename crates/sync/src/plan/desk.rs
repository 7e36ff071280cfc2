//! One answer or one package on a laptop's table: what of it comes in, what gives way to it, what waits, and what goes on
//! under another incarnation because nobody else can say it any more.

use std::collections::BTreeSet;

use lianhu_ledger::{Batch, BatchRef, Result};

use super::device::Device;
use super::intake::{Admitted, Intake, Verdict, Waiting};
use super::reissued;
use crate::protocol::{Parcel, Why};
use crate::receipt::Receipt;
use crate::shelf::{Chain, Command, DeviceShelf, Parked};
use crate::sums::Block;

/// One answer or package being taken in.
pub(super) struct Desk<'a, S: DeviceShelf> {
    device: &'a Device<'a>,
    pub intake: Intake<'a, S>,
    me: Chain,
    is_package: bool,
    /// What does not stand on what is here, or not any more: the answer was meant for what was here when it was asked. The
    /// cursor stays, and the next answer brings them.
    pub missed: BTreeSet<BatchRef>,
}

/// How much of a parcel comes in here.
enum ComesIn {
    All,
    /// What was received; the rest waits.
    Received(Parcel),
    Nothing,
}

impl<'a, S: DeviceShelf> Desk<'a, S> {
    pub fn new(device: &'a Device<'a>, intake: Intake<'a, S>, is_package: bool) -> Desk<'a, S> {
        Desk { device, me: intake.shelf.me(), intake, is_package, missed: BTreeSet::new() }
    }

    pub fn receipts(&mut self, receipts: &[Receipt]) -> Result<()> {
        let ours = Parcel::new(Vec::new(), receipts.to_vec());
        for receipt in self.intake.good_receipts(&ours) {
            self.intake.receive(&receipt)?;
        }
        Ok(())
    }

    pub fn parcel(&mut self, parcel: Parcel) -> Result<()> {
        let receipts = self.intake.good_receipts(&parcel);
        let brings_nothing = parcel.batches.is_empty();
        match self.intake.judge(&parcel)? {
            Verdict::Known => {}
            Verdict::New(from) => match self.coming_in(&parcel, from, &receipts)? {
                ComesIn::All => self.intake.take(parcel, from),
                ComesIn::Received(received) => self.intake.take(received, from),
                ComesIn::Nothing => {}
            },
            Verdict::Fork(at) => {
                if !self.intake.is_receipted(&parcel, at, &receipts) || !self.give_way(&parcel, at)? {
                    self.park(parcel, Why::Fork);
                    return Ok(());
                }
                self.intake.take(parcel, at);
            }
            Verdict::Gap(_) => {
                self.missed.extend(parcel.batches.first().map(|batch| batch.at));
                self.park(parcel, Why::Gap);
            }
            Verdict::Wait(Why::Forged) => return Ok(()),
            Verdict::Wait(why) => self.park(parcel, why),
        }
        for receipt in &receipts {
            let here = self.intake.receive(receipt)?;
            if !here && brings_nothing {
                self.missed.insert(receipt.chain.at(receipt.last));
            }
        }
        Ok(())
    }

    /// What the township has received comes in; what it has not seen is looked at as it would.
    fn coming_in(&mut self, parcel: &Parcel, from: u64, receipts: &[Receipt]) -> Result<ComesIn> {
        let Some(chain) = parcel.chain().filter(|chain| chain.device != self.me.device) else {
            return Ok(ComesIn::All);
        };
        match self.intake.admitted(parcel, from, receipts)? {
            Admitted::All(today) => {
                let counted = today.map(|today| Command::Today { device: chain.device, today });
                self.intake.commands.extend(counted);
                Ok(ComesIn::All)
            }
            Admitted::Received(received, Waiting { why, .. }) => {
                self.park(parcel.clone(), why);
                Ok(received.map_or(ComesIn::Nothing, ComesIn::Received))
            }
        }
    }

    /// The township has received another content under numbers that are used here. Ours goes on under a new
    /// incarnation; what is another's is put aside, for that computer will send it again. What was received itself
    /// does not give way.
    fn give_way(&mut self, parcel: &Parcel, from: u64) -> Result<bool> {
        let Some(chain) = parcel.chain() else { return Ok(false) };
        let head = self.intake.head(chain);
        let lost = self.intake.shelf.batches(chain, from, head.seq)?;
        for batch in &lost {
            if self.intake.shelf.time_at(batch.at)?.is_some() {
                return Ok(false);
            }
        }
        self.intake.withdraw(chain, from)?;
        if chain.device == self.me.device {
            self.issue_again(chain, lost);
        } else {
            self.park(Parcel::new(lost, Vec::new()), Why::Fork);
        }
        Ok(true)
    }

    /// What was written here goes on under a new incarnation.
    fn issue_again(&mut self, chain: Chain, batches: Vec<Batch>) {
        let newest = self.me.incarnation.max(chain.incarnation);
        let next = Chain { incarnation: newest.saturating_add(1 + self.device.leap % (1 << 20)), ..self.me };
        self.intake.commands.push(Command::Incarnation(next.incarnation));
        self.me = next;
        self.intake.take(Parcel::new(reissued(batches, next), Vec::new()), 1);
    }

    /// The township has sent all it has of a block that differs: what is missing still is nowhere.
    pub fn mend_block(&mut self, block: &Block) -> Result<()> {
        let last = block.last().min(self.intake.head(block.chain).seq);
        for seq in block.first()..=last {
            if self.intake.hash_at(block.chain.at(seq))?.is_none() {
                return self.mend(block.chain, seq);
            }
        }
        Ok(())
    }

    /// A number that the disk has lost and the township does not have: what lies behind it proves nothing any more and
    /// would wait for ever. What is ours to say is said anew; so is what the township once received of a computer that
    /// was struck off, for that one will not say it again.
    pub fn mend(&mut self, chain: Chain, from: u64) -> Result<()> {
        let head = self.intake.head(chain);
        let ours = chain.device == self.me.device;
        let speaks = ours || self.intake.roster.is_out(chain.device);
        if !speaks || from > head.seq || self.intake.hash_at(chain.at(from))?.is_some() {
            return Ok(());
        }
        // A receipt that reaches over the hole can be shown to nobody any more: what it covers before goes along, for the
        // time it counts from could not be proven.
        let over = self.intake.shelf.receipts(chain, from.saturating_sub(1), from)?;
        let over = over.iter().filter(|receipt| receipt.first < from && receipt.last >= from);
        let from = over.map(|receipt| receipt.first).min().unwrap_or(from);
        let (mut goes_on, mut refused) = (Vec::new(), Vec::new());
        for batch in self.intake.shelf.batches(chain, from, head.seq)? {
            let counts = ours || self.counts(&batch)?;
            if counts { &mut goes_on } else { &mut refused }.push(batch);
        }
        self.intake.withdraw(chain, from)?;
        for run in refused.chunk_by(|a, b| a.at.seq + 1 == b.at.seq) {
            self.park(Parcel::new(run.to_vec(), Vec::new()), Why::Revoked);
        }
        if !goes_on.is_empty() {
            self.issue_again(chain, goes_on);
        }
        Ok(())
    }

    /// Received, and within what its writer was allowed.
    fn counts(&self, batch: &Batch) -> Result<bool> {
        let shelf = self.intake.shelf;
        Ok(shelf.barred(batch.at)?.is_none() && shelf.time_at(batch.at)?.is_some())
    }

    fn park(&mut self, parcel: Parcel, why: Why) {
        // What the township sends again by itself need not be kept, unless a package brought it.
        if self.is_package || why != Why::Gap {
            self.intake.commands.push(Command::Park(Parked { parcel, why }));
        }
    }
}
