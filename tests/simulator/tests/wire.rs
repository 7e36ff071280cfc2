//! What is said becomes bytes and comes back; bytes that nobody wrote are refused, in a second and in little memory,
//! whatever they promise.

#![allow(clippy::unwrap_used)]

use lianhu_ledger::{Batch, BatchRef, CellChange, Chain, Change, Head, Stamp, Value, only_one};
use lianhu_simulator::dice::Dice;
use lianhu_sync::protocol::wire::{
    answer_bytes, ask_bytes, parcel_bytes, parcel_of, parcels_bytes, parcels_of, read_answer, read_ask, receipt_bytes,
    receipt_of,
};
use lianhu_sync::{Answer, Ask, Block, Parcel, Part, Receipt, Standing, Sum, Why};
use uuid::Uuid;

/// A village's messages, thrown with dice: usual things often, odd ones now and then.
struct Village {
    dice: Dice,
    id: Uuid,
    chains: Vec<Chain>,
    ids: Vec<Uuid>,
    now_ms: u64,
}

impl Village {
    fn new(seed: u64) -> Village {
        let mut dice = Dice::new(seed);
        let mut id = || Uuid::from_u64_pair(dice.roll(), dice.roll());
        let (village, devices) = (id(), [id(), id(), id()]);
        let chain = |device, incarnation| Chain { device, incarnation };
        let chains =
            vec![chain(devices[0], 1), chain(devices[1], 1), chain(devices[1], 700_000), chain(devices[2], u32::MAX)];
        Village { id: village, chains, ids: vec![village], now_ms: 1_793_840_400_000, dice }
    }

    fn odd(&mut self) -> bool {
        self.dice.percent(3)
    }

    fn stamp(&mut self) -> Stamp {
        self.now_ms += self.dice.below(600_000) as u64;
        if self.odd() { Stamp(self.dice.roll()) } else { Stamp(self.now_ms << 16 | self.dice.below(2) as u64) }
    }

    fn record(&mut self) -> Uuid {
        if self.dice.percent(40) {
            return *self.dice.pick(&self.ids).unwrap();
        }
        let mut tail = [0u8; 10];
        tail.iter_mut().for_each(|byte| *byte = self.dice.roll() as u8);
        let timed = uuid::Builder::from_unix_timestamp_millis(self.now_ms, &tail).into_uuid();
        let id = if self.dice.percent(80) { timed } else { Uuid::from_u64_pair(self.dice.roll(), self.dice.roll()) };
        self.ids.push(id);
        id
    }

    fn text(&mut self) -> String {
        let texts =
            ["", "王文书", "2026-11-05", "2026-13-05", "0000-00-00", "2026-11", "发展林下养鸡", "w\u{0}\u{202e}"];
        let text = (*self.dice.pick(&texts).unwrap()).to_owned();
        if self.dice.percent(30) { format!("{text}{}", self.dice.below(50)) } else { text }
    }

    fn value(&mut self, depth: usize) -> Value {
        match self.dice.below(if depth < 3 { 9 } else { 7 }) {
            0 => Value::Null,
            1 => Value::Bool(self.dice.percent(50)),
            2 => Value::Int(if self.odd() { self.dice.roll() as i64 } else { self.dice.below(90) as i64 }),
            3 => Value::Id(self.record()),
            4..7 => Value::Text(self.text()),
            7 => Value::List((0..self.dice.below(4)).map(|_| self.value(depth + 1)).collect()),
            _ => Value::Map((0..self.dice.below(4)).map(|n| (format!("k{n}"), self.value(depth + 1))).collect()),
        }
    }

    fn base(&mut self) -> BatchRef {
        let chain = *self.dice.pick(&self.chains).unwrap();
        let seq = if self.odd() { self.dice.roll() } else { self.dice.below(40) as u64 };
        chain.at(seq)
    }

    fn bases(&mut self) -> Vec<BatchRef> {
        (0..self.dice.below(9).saturating_sub(6)).map(|_| self.base()).collect()
    }

    fn change(&mut self) -> Change {
        if self.dice.percent(20) {
            return self.attendance();
        }
        let kinds = ["visit", "household", "drone", "rating"];
        let kind = (*self.dice.pick(&kinds).unwrap()).to_owned();
        let bases = self.bases();
        let mut cells = Vec::new();
        for field in ["on", "household", "note", "gone", "visit"].iter().take(self.dice.below(6)) {
            let bases = if self.dice.percent(70) { bases.clone() } else { self.bases() };
            cells.push(CellChange { field: (*field).into(), value: self.value(0), bases });
        }
        Change { kind: kind.into(), id: self.record(), cells }
    }

    /// A record there is only one of: its id is made of what it is about.
    fn attendance(&mut self) -> Change {
        let (meeting, household) = (self.record(), self.record());
        let id = only_one(self.id, "attendance", &[&meeting, &household, &""]);
        let cell = |field: &str, value| CellChange { field: field.into(), value, bases: Vec::new() };
        let cells = vec![cell("meeting", Value::Id(meeting)), cell("household", Value::Id(household))];
        Change { kind: "attendance".into(), id, cells }
    }

    fn signature(&mut self) -> Vec<u8> {
        let length = *self.dice.pick(&[0, 0, 8, 65, 65, 70]).unwrap();
        let mut bytes: Vec<u8> = (0..length).map(|_| self.dice.roll() as u8).collect();
        bytes.iter_mut().take(1).for_each(|suite| *suite = 1);
        bytes
    }

    fn run(&mut self) -> Vec<Batch> {
        let chain = *self.dice.pick(&self.chains).unwrap();
        let first = 1 + self.dice.below(3) as u64 * self.dice.below(500) as u64;
        let mut prev = if first == 1 { [0; 32] } else { [self.dice.roll() as u8; 32] };
        let mut run = Vec::new();
        for nth in 0..1 + self.dice.below(4) as u64 {
            let batch = Batch {
                village: self.id,
                at: chain.at(first + nth),
                op: (*self.dice.pick(&["put", "import", "新"]).unwrap()).to_owned(),
                author: (*self.dice.pick(&["王文书", ""]).unwrap()).to_owned(),
                stamp: self.stamp(),
                prev,
                changes: (0..self.dice.below(4)).map(|_| self.change()).collect(),
                signature: self.signature(),
            };
            prev = batch.hash();
            run.push(batch);
        }
        run
    }

    fn part(&mut self, last: u64) -> Part {
        let skew_ms = if self.odd() { self.dice.roll() } else { 0 };
        Part { no: self.dice.below(900) as u64, last, received: self.stamp(), skew_ms }
    }

    fn receipt(&mut self, run: &[Batch]) -> Receipt {
        let own = run.get(self.dice.below(run.len().max(1)));
        let chain = own.map_or(self.chains[0], |batch| Chain::of(batch.at));
        let last = own.map_or(9, |batch| batch.at.seq);
        let before = if self.dice.percent(30) { vec![self.part(last), self.part(last)] } else { Vec::new() };
        let Part { no, received, skew_ms, .. } = self.part(last);
        Receipt {
            epoch: self.dice.below(4) as u64,
            no,
            chain,
            first: last.saturating_sub(self.dice.below(4) as u64),
            last,
            hash: own.filter(|_| !self.dice.percent(20)).map_or([5; 32], Batch::hash),
            received,
            skew_ms,
            before,
            signature: self.signature(),
        }
    }

    fn parcel(&mut self) -> Parcel {
        let batches = if self.dice.percent(80) { self.run() } else { Vec::new() };
        let receipts = (0..self.dice.below(3)).map(|_| self.receipt(&batches)).collect();
        Parcel::new(batches, receipts)
    }

    /// Some of them follow on each other.
    fn parcels(&mut self) -> Vec<Parcel> {
        let mut parcels: Vec<Parcel> = (0..self.dice.below(5)).map(|_| self.parcel()).collect();
        let cut = parcels.first_mut().filter(|parcel| parcel.batches.len() > 1);
        if let Some(first) = cut {
            let batches = first.batches.split_off(1);
            parcels.push(Parcel::new(batches, Vec::new()));
        }
        parcels
    }

    fn ask(&mut self) -> Ask {
        let heads =
            self.chains.clone().into_iter().map(|chain| (chain, Head { seq: 3, hash: [chain.incarnation as u8; 32] }));
        let heads = heads.collect();
        let block = Block { chain: self.chains[1], nth: 7 };
        Ask {
            village: self.id,
            me: self.chains[0],
            epoch: self.dice.roll(),
            cursor: self.dice.below(90) as u64,
            clock_ms: self.now_ms,
            room: self.dice.roll(),
            heads,
            parcels: self.parcels(),
            blocks: self.dice.percent(50).then(|| vec![(block, Sum(u128::from(self.dice.roll())))]),
        }
    }

    fn answer(&mut self) -> Answer {
        let standing = *self.dice.pick(&[Standing::Member, Standing::Revoked, Standing::Stranger]).unwrap();
        Answer {
            village: self.id,
            standing,
            epoch: self.dice.roll(),
            from: 1,
            upto: 2,
            newest: u64::MAX,
            now_ms: self.now_ms,
            asked_ms: self.dice.roll(),
            parcels: self.parcels(),
            receipts: vec![self.receipt(&[])],
            need: vec![(self.chains[2], 9)],
            held: Why::ALL.into_iter().map(|why| (self.base(), why)).collect(),
            sum: self.dice.percent(50).then_some(Sum(u128::MAX)),
            unlike: vec![Block { chain: self.chains[0], nth: 0 }],
        }
    }
}

#[test]
fn every_message_comes_back_from_its_bytes() {
    for seed in 0..2_000 {
        let mut village = Village::new(seed);
        let (ask, answer, parcels) = (village.ask(), village.answer(), village.parcels());
        assert_eq!(read_ask(&ask_bytes(&ask)).as_ref(), Some(&ask), "seed {seed}");
        assert_eq!(read_answer(&answer_bytes(&answer)).as_ref(), Some(&answer), "seed {seed}");
        assert_eq!(parcels_of(&parcels_bytes(&parcels)).as_ref(), Some(&parcels), "seed {seed}");
        for parcel in &parcels {
            assert_eq!(parcel_of(&parcel_bytes(parcel)).as_ref(), Some(parcel), "seed {seed}");
            for receipt in &parcel.receipts {
                assert_eq!(receipt_of(&receipt_bytes(receipt)).as_ref(), Some(receipt), "seed {seed}");
            }
        }
    }
}

#[test]
fn a_message_that_was_cut_is_none() {
    for seed in 0..20 {
        let bytes = ask_bytes(&Village::new(seed).ask());
        for end in 0..bytes.len() {
            assert!(read_ask(&bytes[..end]).is_none(), "seed {seed}, cut at {end}");
        }
        assert!(read_ask(&[bytes.as_slice(), &[0]].concat()).is_none());
    }
}

/// Whatever a flipped bit makes of a message, reading it ends, and what is read can be written.
#[test]
fn a_bent_message_is_none_or_another_message() {
    for seed in 0..4 {
        let bytes = answer_bytes(&Village::new(seed).answer());
        for bit in 0..bytes.len() * 8 {
            let mut bent = bytes.clone();
            bent[bit / 8] ^= 1 << (bit % 8);
            if let Some(other) = read_answer(&bent) {
                assert_eq!(read_answer(&answer_bytes(&other)), Some(other), "seed {seed}, bit {bit}");
            }
        }
    }
}
