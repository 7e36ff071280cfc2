//! What a member's laptop may say that no release of ours would: taken where it is only odd, refused where it cannot be,
//! and the township stands as it stood.

#![allow(clippy::unwrap_used)]

use lianhu_ledger::{Batch, CellChange, Change, Stamp, Value};
use lianhu_simulator::work::Village;
use lianhu_sync::protocol::signed;
use lianhu_sync::protocol::wire::{ask_bytes, read_ask};
use lianhu_sync::{
    Answer, Ask, Chain, Commit, DeviceShelf, Ed25519Key, Head, Parcel, Shelf, Signer, Standing, TownshipShelf, Why,
};
use tempfile::TempDir;
use uuid::Uuid;

const IN_2099: u64 = 4_070_908_800_000;

struct Case {
    village: Village,
    _folder: TempDir,
}

impl Case {
    fn new() -> Case {
        let folder = TempDir::new().unwrap();
        Case { village: Village::new(folder.path()).unwrap(), _folder: folder }
    }

    fn key(&self) -> Ed25519Key {
        self.village.laptops[1].key.clone()
    }

    fn chain(&self) -> Chain {
        self.village.laptops[1].shelf.me()
    }

    fn end(&self) -> Head {
        self.village.town.heads().unwrap().get(&self.chain()).copied().unwrap_or(Head { seq: 0, hash: [0; 32] })
    }

    /// What would come next, with one change of a group.
    fn next(&self) -> Batch {
        let end = self.end();
        let cell = CellChange { field: "name".into(), value: Value::text("九组"), bases: Vec::new() };
        Batch {
            village: self.village.town.village(),
            at: self.chain().at(end.seq + 1),
            op: "put".into(),
            author: "陆永平".into(),
            stamp: Stamp::at_ms(self.village.now()),
            prev: end.hash,
            changes: vec![Change { kind: "group".into(), id: Uuid::from_u128(9), cells: vec![cell] }],
            signature: Vec::new(),
        }
    }

    fn ask(&self, batches: Vec<Batch>) -> Ask {
        let mut batches = batches;
        let last = batches.last_mut().unwrap();
        last.signature = self.key().sign(&signed(last));
        Ask {
            village: self.village.town.village(),
            me: self.chain(),
            epoch: self.village.town.epoch(),
            cursor: 0,
            clock_ms: self.village.now(),
            room: u64::MAX,
            heads: Vec::new(),
            parcels: vec![Parcel::new(batches, Vec::new())],
            blocks: None,
        }
    }

    fn hear(&mut self, ask: &Ask) -> Answer {
        let ask = read_ask(&ask_bytes(ask)).unwrap();
        let office = self.village.office();
        let heard = office.hear(&self.village.town, &ask).unwrap();
        let commands = heard.commands.clone();
        self.village.town.commit(&commands).unwrap();
        self.village.office().answer(&self.village.town, &ask, heard).unwrap()
    }

    fn refused(&mut self, batch: Batch, why: Why) {
        let before = (self.end(), self.village.town.sum().unwrap());
        let ask = self.ask(vec![batch.clone()]);
        let answer = self.hear(&ask);
        assert_eq!(answer.held.first().map(|(_, why)| *why), Some(why), "{batch:?}");
        assert!(answer.receipts.is_empty());
        assert_eq!((self.end(), self.village.town.sum().unwrap()), before);
    }

    fn taken(&mut self, batch: Batch) -> Stamp {
        let ask = self.ask(vec![batch.clone()]);
        let answer = self.hear(&ask);
        assert_eq!(answer.held, [], "{batch:?}");
        assert_eq!(answer.receipts.len(), 1);
        self.village.town.time_at(batch.at).unwrap().unwrap()
    }
}

#[test]
fn numbers_and_times_that_cannot_be_are_refused() {
    let mut case = Case::new();
    let next = case.next();
    for seq in [0, u64::MAX, 1 << 63] {
        case.refused(Batch { at: case.chain().at(seq), ..next.clone() }, Why::Forged);
    }
    case.refused(Batch { stamp: Stamp(0), ..next.clone() }, Why::Forged);
    case.refused(Batch { stamp: Stamp(u64::MAX), ..next.clone() }, Why::Forged);
    case.refused(Batch { op: String::new(), ..next.clone() }, Why::Forged);
    case.refused(Batch { author: "长".repeat(100), ..next.clone() }, Why::Forged);
    case.refused(Batch { at: Chain { incarnation: 0, ..case.chain() }.at(1), prev: [0; 32], ..next }, Why::Forged);
}

#[test]
fn a_clock_is_no_reason_to_refuse_and_drags_nothing_along() {
    let mut case = Case::new();
    let now = case.village.now();
    let first = case.next();
    let far = case.taken(Batch { stamp: Stamp::at_ms(IN_2099), ..first });
    assert!(far.ms() <= now, "counts from its receipt");
    let next = case.next();
    let lower = case.taken(Batch { stamp: Stamp::at_ms(now - 1000), ..next });
    assert_eq!(lower, Stamp::at_ms(now - 1000));
}

#[test]
fn a_gap_waits_and_the_same_number_with_other_content_is_a_fork() {
    let mut case = Case::new();
    let first = case.next();
    case.taken(first.clone());
    let (before, ask) = (case.end(), case.ask(vec![Batch { at: case.chain().at(first.at.seq + 5), ..case.next() }]));
    assert_eq!(case.hear(&ask).need, [(case.chain(), first.at.seq + 1)]);
    assert_eq!(case.end(), before);
    case.refused(Batch { author: "别人".into(), ..first }, Why::Fork);
}

#[test]
fn a_batch_of_nothing_and_one_of_very_much_are_taken() {
    let mut case = Case::new();
    let next = case.next();
    case.taken(Batch { changes: Vec::new(), ..next });
    let change = |n: u128| Change { kind: "drone".into(), id: Uuid::from_u128(n), cells: Vec::new() };
    let next = case.next();
    case.taken(Batch { changes: (0..100_001).map(change).collect(), ..next });
}

#[test]
fn what_another_signed_is_not_this_ones_and_another_village_is_nothing() {
    let mut case = Case::new();
    let next = case.next();
    let mut ask = case.ask(vec![next.clone()]);
    ask.parcels[0].batches[0].signature = case.village.laptops[0].key.sign(&signed(&next));
    assert_eq!(case.hear(&ask).held[0].1, Why::Forged);
    ask.village = Uuid::from_u128(4);
    let answer = case.hear(&ask);
    assert_eq!((answer.standing, answer.parcels.len(), answer.epoch), (Standing::Stranger, 0, 0));
    let mut foreign = next;
    foreign.village = Uuid::from_u128(4);
    case.refused(foreign, Why::Forged);
}

#[test]
fn a_cursor_beyond_the_end_or_of_another_life_begins_again() {
    let mut case = Case::new();
    let next = case.next();
    let ask = case.ask(vec![next]);
    for (epoch, cursor) in [(ask.epoch, u64::MAX), (ask.epoch + 7, 3), (0, 0)] {
        let answer = case.hear(&Ask { epoch, cursor, ..ask.clone() });
        assert_eq!((answer.from, answer.upto), (0, answer.newest));
    }
}

#[test]
fn whoever_asks_for_no_room_still_gets_on() {
    let mut case = Case::new();
    let mut ask = case.ask(vec![case.next()]);
    ask.room = 0;
    let (mut upto, mut answers) = (0, 0);
    while upto < case.village.town.newest().unwrap() {
        ask.cursor = upto;
        let answer = case.hear(&ask);
        assert!(answer.upto > upto);
        (upto, answers) = (answer.upto, answers + 1);
    }
    assert!(answers > 1);
}
