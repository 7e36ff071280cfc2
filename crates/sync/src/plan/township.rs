//! The township's half: it takes what is new, gives each run its receipt, and sends what the asker lacks.

use std::collections::{BTreeMap, BTreeSet};

use lianhu_ledger::{Batch, BatchRef, Change, Result, SKEW_CAP_MS, Stamp};
use uuid::Uuid;

use super::intake::{Admitted, Intake, Verdict, Waiting};
use super::joining::{add, finish, joined, thin};
use crate::faults::{Fault, Faults};
use crate::package::Spans;
use crate::protocol::{Answer, Ask, Parcel, Standing, Why, signed, weight};
use crate::receipt::Receipt;
use crate::shelf::{Chain, Command, Head, Parked, TownshipShelf};
use crate::suite::{Signer, Suite};
use crate::sums::{Block, unlike};

/// Receipts that are looked at together.
const PAGE: usize = 64;
/// Bytes of batches, unpacked, in one answer: no less than this, that something goes on; no more than this.
const LEAST_ROOM: u64 = 16 << 10;
const MOST_ROOM: u64 = 4 << 20;
/// What a receipt takes.
const RECEIPT: usize = 128;
/// Blocks that are sent whole in one answer when the two sides differ.
const BLOCKS: usize = 16;
/// A clock this far behind is slow; less is the network.
const SLOW_MS: u64 = SKEW_CAP_MS;

/// What the township made of an ask.
#[derive(Clone, Debug, Default)]
pub struct Heard {
    pub commands: Vec<Command>,
    receipts: Vec<Receipt>,
    need: Vec<(Chain, u64)>,
    held: Vec<(BatchRef, Why)>,
    asked: Vec<BatchRef>,
    /// Chains in which the asker was seen to say what is here.
    agreed: BTreeSet<Chain>,
}

impl Heard {
    /// What came and waits, or is not taken.
    pub fn held(&self) -> &[(BatchRef, Why)] {
        &self.held
    }

    /// The batches of a chain that wait for a second yes, in order: one question, for they are of one day.
    pub fn asked(&self, chain: Chain) -> Vec<BatchRef> {
        self.asked.iter().copied().filter(|at| Chain::of(*at) == chain).collect()
    }
}

/// What the township is, for one turn.
pub struct Township<'a> {
    pub suite: &'a dyn Suite,
    pub signer: &'a dyn Signer,
    pub now_ms: u64,
    pub faults: Faults,
}

/// How the asker stands.
pub fn standing(shelf: &impl TownshipShelf, ask: &Ask) -> Result<Standing> {
    let roster = shelf.roster()?;
    Ok(match () {
        () if ask.village != shelf.village() || roster.key_of(ask.me.device).is_none() => Standing::Stranger,
        () if roster.is_out(ask.me.device) => Standing::Revoked,
        () => Standing::Member,
    })
}

impl Township<'_> {
    /// Judges what came. The commands are committed before [`Township::answer`] speaks.
    pub fn hear(&self, shelf: &impl TownshipShelf, ask: &Ask) -> Result<Heard> {
        if standing(shelf, ask)? == Standing::Stranger {
            return Ok(Heard::default());
        }
        let behind = self.now_ms.saturating_sub(ask.clock_ms);
        let skew_ms = if behind > SLOW_MS { behind } else { 0 };
        self.take(shelf, &ask.parcels, skew_ms)
    }

    /// Takes parcels that came by a package: nobody is on the line, so no clock was measured.
    pub fn take(&self, shelf: &impl TownshipShelf, parcels: &[Parcel], skew_ms: u64) -> Result<Heard> {
        let mut office = Office {
            township: self,
            intake: Intake::new(shelf, self.suite, self.now_ms, self.faults)?,
            next: shelf.newest()? + 1,
            skew_ms,
            heard: Heard::default(),
        };
        let mut seen = BTreeSet::new();
        for parcel in office.intake.in_order(parcels) {
            if parcel.chain().is_some_and(|chain| seen.insert(chain)) {
                office.parcel(parcel)?;
            }
        }
        let Office { intake, mut heard, .. } = office;
        heard.commands = intake.commands;
        Ok(heard)
    }

    /// What goes back to someone who has so much of each chain: others' batches, and the receipts for what came.
    pub fn parcels(&self, shelf: &impl TownshipShelf, came: &Spans, has: &BTreeMap<Chain, u64>) -> Result<Vec<Parcel>> {
        let mut parcels = Vec::new();
        for (chain, head) in shelf.heads()? {
            let first = has.get(&chain).copied().unwrap_or(0) + 1;
            let batches = if first <= head.seq { shelf.batches(chain, first, head.seq)? } else { Vec::new() };
            let from = came.get(&chain).map_or(first, |(came, _)| first.min(*came));
            let receipts = shelf.receipts(chain, from, head.seq)?;
            if !batches.is_empty() || !receipts.is_empty() {
                let mut parcel = Parcel::new(batches, joined(receipts, shelf.village(), self.signer));
                thin(&mut parcel.batches, &parcel.receipts);
                parcels.push(parcel);
            }
        }
        Ok(parcels)
    }

    /// Looks again at parcels that waited: what may come in now gets its receipt.
    pub fn revisit(&self, shelf: &impl TownshipShelf) -> Result<Heard> {
        let parked: Vec<Parked> = shelf.parked()?.into_iter().filter(|p| p.why != Why::Fork).collect();
        let parcels: Vec<Parcel> = parked.iter().map(|parked| parked.parcel.clone()).collect();
        let mut heard = self.take(shelf, &parcels, 0)?;
        let waits =
            |parcel: &Parcel| heard.commands.iter().any(|c| matches!(c, Command::Park(p) if p.parcel == *parcel));
        let came = parked.iter().filter(|parked| !waits(&parked.parcel)).map(|p| Command::Unpark(p.key()));
        let came: Vec<Command> = came.collect();
        heard.commands.retain(|command| !matches!(command, Command::Park(_)));
        heard.commands.extend(came);
        Ok(heard)
    }

    /// Writes a batch of the township's own, signed and received at once.
    pub fn write(&self, shelf: &impl TownshipShelf, chain: Chain, op: &str, changes: Vec<Change>) -> Result<Heard> {
        let head = shelf.heads()?.get(&chain).copied().unwrap_or(Head { seq: 0, hash: [0; 32] });
        let mut batch = Batch {
            village: shelf.village(),
            at: chain.at(head.seq + 1),
            op: op.to_owned(),
            author: "township".to_owned(),
            stamp: Stamp::at_ms(self.now_ms),
            prev: head.hash,
            changes,
            signature: Vec::new(),
        };
        batch.signature = self.signer.sign(&signed(&batch));
        self.take(shelf, &[Parcel::new(vec![batch], Vec::new())], 0)
    }

    pub fn answer(&self, shelf: &impl TownshipShelf, ask: &Ask, heard: Heard) -> Result<Answer> {
        let standing = standing(shelf, ask)?;
        let mut answer = Answer {
            village: ask.village,
            standing,
            epoch: shelf.epoch(),
            from: 0,
            upto: 0,
            newest: 0,
            now_ms: self.now_ms,
            asked_ms: ask.clock_ms,
            parcels: Vec::new(),
            receipts: heard.receipts,
            need: heard.need,
            held: heard.held,
            sum: None,
            unlike: Vec::new(),
        };
        if standing != Standing::Member {
            answer.epoch = 0;
            return Ok(answer);
        }
        answer.newest = shelf.newest()?;
        answer.from = if ask.epoch == shelf.epoch() && ask.cursor <= answer.newest { ask.cursor } else { 0 };
        self.news(shelf, ask, &heard.agreed, &mut answer)?;
        if answer.upto == answer.newest {
            answer.sum = Some(shelf.sum()?);
            self.compare(shelf, ask, &mut answer)?;
        }
        Ok(answer)
    }

    /// What was received since, in order, as much as there is room for. What follows on each other goes as one.
    fn news(&self, shelf: &impl TownshipShelf, ask: &Ask, agreed: &BTreeSet<Chain>, answer: &mut Answer) -> Result<()> {
        let mut has = Has::of(shelf, ask, agreed)?;
        let mut room = ask.room.clamp(LEAST_ROOM, MOST_ROOM) as usize;
        let mut last: BTreeMap<Chain, usize> = BTreeMap::new();
        answer.upto = answer.from;
        while room > 0 {
            let page = shelf.since(answer.upto, PAGE)?;
            if page.is_empty() {
                break;
            }
            for (no, receipt) in page {
                if room == 0 {
                    break;
                }
                let chain = receipt.chain;
                let parcel = has.lacking(shelf, receipt)?;
                room = room.saturating_sub(RECEIPT + parcel.batches.iter().map(weight).sum::<usize>());
                let nth = add(&mut answer.parcels, last.get(&chain).copied(), parcel);
                last.insert(chain, nth);
                answer.upto = no;
            }
        }
        finish(&mut answer.parcels, shelf.village(), self.signer);
        Ok(())
    }

    /// As many blocks as one answer has room for: the root's first, for they say who the others are, then the others in
    /// turn, so that one that cannot be put right does not stand before the rest.
    fn turns(&self, blocks: Vec<Block>, root: Uuid) -> Vec<Block> {
        let (mut first, mut rest): (Vec<Block>, Vec<Block>) = blocks.into_iter().partition(|b| b.chain.device == root);
        if rest.len() > BLOCKS {
            let turn = usize::try_from(self.now_ms / 1000).unwrap_or(0) % rest.len();
            rest.rotate_left(turn);
        }
        first.extend(rest);
        first.truncate(BLOCKS);
        first
    }

    /// Sends the blocks that differ whole, and says which they are: what the township lacks comes in the next ask.
    fn compare(&self, shelf: &impl TownshipShelf, ask: &Ask, answer: &mut Answer) -> Result<()> {
        // Who has not heard everything yet differs, and nothing is wrong with it.
        let Some(theirs) = ask.blocks.as_ref().filter(|_| answer.from == answer.newest) else { return Ok(()) };
        let theirs: BTreeMap<Block, _> = theirs.iter().copied().collect();
        answer.unlike = self.turns(unlike(&shelf.sums()?, &theirs), shelf.roster()?.root.device);
        for block in &answer.unlike {
            for receipt in shelf.receipts(block.chain, block.first(), block.last())? {
                answer.parcels.push(whole(shelf, receipt)?);
            }
        }
        Ok(())
    }
}

fn only(receipt: &Receipt) -> Parcel {
    Parcel::new(Vec::new(), vec![receipt.clone()])
}

fn whole(shelf: &impl TownshipShelf, receipt: Receipt) -> Result<Parcel> {
    let batches = shelf.batches(receipt.chain, receipt.first, receipt.last)?;
    Ok(Parcel::new(batches, vec![receipt]))
}

/// What the asker has of each chain, as far as it is what the township has too.
struct Has(BTreeMap<Chain, u64>);

impl Has {
    fn of(shelf: &impl TownshipShelf, ask: &Ask, agreed: &BTreeSet<Chain>) -> Result<Has> {
        let ours = shelf.heads()?;
        let mut has = BTreeMap::new();
        for (chain, head) in &ask.heads {
            let ahead = agreed.contains(chain) && ours.get(chain).is_some_and(|ours| head.seq > ours.seq);
            if ahead || shelf.hash_at(chain.at(head.seq))? == Some(head.hash) {
                has.insert(*chain, head.seq);
            }
        }
        Ok(Has(has))
    }

    fn lacking(&mut self, shelf: &impl TownshipShelf, receipt: Receipt) -> Result<Parcel> {
        let has = self.0.entry(receipt.chain).or_insert(0);
        let first = receipt.first.max(*has + 1);
        if first > receipt.last {
            return Ok(only(&receipt));
        }
        if first == *has + 1 {
            *has = receipt.last;
        }
        let batches = shelf.batches(receipt.chain, first, receipt.last)?;
        Ok(Parcel::new(batches, vec![receipt]))
    }
}

/// One ask being taken in.
struct Office<'a, S: TownshipShelf> {
    township: &'a Township<'a>,
    intake: Intake<'a, S>,
    next: u64,
    skew_ms: u64,
    heard: Heard,
}

impl<S: TownshipShelf> Office<'_, S> {
    fn parcel(&mut self, parcel: &Parcel) -> Result<()> {
        let Some(chain) = parcel.chain() else { return Ok(()) };
        match self.intake.judge(parcel)? {
            Verdict::Known => {
                self.heard.agreed.insert(chain);
                self.known(parcel, chain)
            }
            Verdict::New(from) => {
                self.heard.agreed.insert(chain);
                self.admit(parcel, chain, from)
            }
            Verdict::Gap(need) => {
                self.heard.need.push((chain, need));
                self.park(parcel, Why::Gap);
                Ok(())
            }
            Verdict::Fork(at) => {
                self.hold(parcel, chain.at(at), Why::Fork);
                self.again(parcel, chain, at - 1)
            }
            Verdict::Wait(Why::Forged) => {
                let at = parcel.batches.first().map_or(chain.at(0), |batch| batch.at);
                self.heard.held.push((at, Why::Forged));
                Ok(())
            }
            Verdict::Wait(why) => {
                let at = parcel.batches.first().map_or(chain.at(0), |batch| batch.at);
                self.hold(parcel, at, why);
                Ok(())
            }
        }
    }

    /// It came before: the same receipts again, and any earlier one that this device still has.
    fn known(&mut self, parcel: &Parcel, chain: Chain) -> Result<()> {
        for receipt in self.intake.good_receipts(parcel) {
            self.earlier(&receipt)?;
        }
        let last = parcel.span().map_or(0, |(_, last)| last);
        if self.intake.faults.has(Fault::RepeatNumberedAnew) && last > 0 {
            let first = parcel.span().map_or(1, |(first, _)| first);
            return self.mint(parcel, chain, first);
        }
        self.again(parcel, chain, last)
    }

    /// The receipts that were given for these batches, up to that number.
    fn again(&mut self, parcel: &Parcel, chain: Chain, last: u64) -> Result<()> {
        let Some((first, _)) = parcel.span().filter(|(first, _)| *first <= last) else { return Ok(()) };
        self.heard.receipts.extend(self.intake.shelf.receipts(chain, first, last)?);
        Ok(())
    }

    fn admit(&mut self, parcel: &Parcel, chain: Chain, from: u64) -> Result<()> {
        let receipts = self.intake.good_receipts(parcel);
        let cut;
        let parcel = match self.intake.admitted(parcel, from, &receipts)? {
            Admitted::All(today) => {
                let counted = today.map(|today| Command::Today { device: chain.device, today });
                self.intake.commands.extend(counted);
                parcel
            }
            Admitted::Received(received, Waiting { at, why, asked }) => {
                self.heard.asked.extend(asked);
                self.hold(parcel, at, why);
                let Some(received) = received else { return Ok(()) };
                cut = received;
                &cut
            }
        };
        let last = parcel.batches.last().map_or(chain.at(from), |batch| batch.at);
        if from > 1 {
            self.again(parcel, chain, from - 1)?;
        }
        self.intake.take(parcel.clone(), from);
        let mut covered = from;
        for receipt in &receipts {
            let counts = receipt.last >= from && self.earlier(receipt)?;
            if counts && receipt.first <= covered {
                covered = covered.max(receipt.last + 1);
            }
        }
        if covered <= last.seq { self.mint(parcel, chain, covered) } else { Ok(()) }
    }

    /// A receipt of an earlier life of this township counts when it says something earlier, or something new.
    fn earlier(&mut self, receipt: &Receipt) -> Result<bool> {
        let here = self.intake.shelf.receipts(receipt.chain, receipt.first, receipt.last)?;
        let known = receipt.parts().all(|part| here.iter().any(|here| here.says(part, receipt.epoch)));
        if known && self.intake.is_here(receipt)? {
            return Ok(true);
        }
        if !self.intake.receive(receipt)? {
            return Ok(false);
        }
        if !known {
            self.number(receipt.clone());
        }
        Ok(true)
    }

    /// A new receipt for the rest of a run.
    fn mint(&mut self, parcel: &Parcel, chain: Chain, first: u64) -> Result<()> {
        let Some(end) = parcel.batches.last() else { return Ok(()) };
        let received = Stamp::at_ms(self.township.now_ms);
        let received = if self.intake.faults.has(Fault::ClockWithoutClamp) { Stamp(i64::MAX as u64) } else { received };
        let receipt = Receipt {
            epoch: self.intake.shelf.epoch(),
            no: self.next,
            chain,
            first,
            last: end.at.seq,
            hash: end.hash(),
            received,
            skew_ms: self.skew_ms,
            before: Vec::new(),
            signature: Vec::new(),
        };
        let receipt = receipt.sign(self.intake.shelf.village(), self.township.signer);
        self.intake.receive(&receipt)?;
        self.heard.receipts.push(receipt.clone());
        self.number(receipt);
        Ok(())
    }

    fn number(&mut self, receipt: Receipt) {
        self.intake.commands.push(Command::Number { no: self.next, receipt });
        self.next += 1;
    }

    fn hold(&mut self, parcel: &Parcel, at: BatchRef, why: Why) {
        self.heard.held.push((at, why));
        self.park(parcel, why);
    }

    fn park(&mut self, parcel: &Parcel, why: Why) {
        self.intake.commands.push(Command::Park(Parked { parcel: parcel.clone(), why }));
    }
}
