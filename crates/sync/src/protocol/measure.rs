//! Bytes that nobody of ours wrote: each is refused within a second and within 64 MiB, and nothing is read of it.

use std::io::Write;
use std::time::{Duration, Instant};

use uuid::Uuid;

use super::Parcel;
use super::columns::Columns;
use super::shape::*;
use super::wire::{open_with, parcels_of, read_answer, read_ask, seal, unpack};
use super::writing::Writer;
use crate::suite::{Ed25519, Ed25519Key, Signer};

const ROOM: usize = 64 << 20;

#[global_allocator]
static MEMORY: cap::Cap<std::alloc::System> = cap::Cap::new(std::alloc::System, usize::MAX);

/// What asks for more than its room ends the test; what takes longer than a second fails it.
fn within_bounds<T>(work: impl FnOnce() -> T) -> T {
    MEMORY.set_limit(MEMORY.allocated() + ROOM).expect("more than is taken");
    let begun = Instant::now();
    let done = work();
    let took = begun.elapsed();
    MEMORY.set_limit(usize::MAX).expect("more than is taken");
    assert!(took < Duration::from_secs(1), "{took:?}");
    done
}

fn refused(name: &str, bytes: &[u8]) {
    let sealed = seal(bytes, &Ed25519Key::new([1; 32]));
    within_bounds(|| {
        assert!(read_ask(bytes).is_none(), "{name}: an ask");
        assert!(
            open_with(&sealed, &Ed25519, read_ask, |_| Some(Ed25519Key::new([1; 32]).public())).is_none(),
            "{name}"
        );
    });
    // Whoever made an answer or a package is known before it is read; it ends all the same.
    let begun = Instant::now();
    assert!(read_answer(bytes).is_none() && parcels_of(bytes).is_none(), "{name}: an answer");
    assert!(begun.elapsed() < Duration::from_secs(5), "{name}: {:?}", begun.elapsed());
}

/// A message without chance whose columns are this frame.
fn around(frame: &[u8]) -> Vec<u8> {
    [&[0], frame].concat()
}

fn zeros(n: usize) -> Vec<u8> {
    let mut packer = zstd::stream::write::Encoder::new(Vec::new(), 1).expect("an encoder");
    packer.set_pledged_src_size(Some(n as u64)).expect("the size is named");
    let piece = vec![0; 1 << 20];
    (0..n >> 20).for_each(|_| packer.write_all(&piece).expect("memory takes it"));
    packer.finish().expect("it ends")
}

#[test]
fn a_gigabyte_of_nothing_is_not_unpacked() {
    let frame = zeros(1 << 30);
    assert!(frame.len() < 200_000);
    refused("1 GiB", &around(&frame));
    within_bounds(|| assert!(unpack(&frame).is_none()));
    let just_allowed = zeros(16 << 20);
    refused("16 MiB", &around(&just_allowed));
}

#[test]
fn frames_that_are_not_one_frame_are_refused() {
    let frame = zstd::bulk::compress(b"nothing", 3).expect("it packs");
    let skippable = |n: usize| [0x50, 0x2a, 0x4d, 0x18, 0, 0, 0, 0].repeat(n);
    refused("two frames", &around(&[frame.clone(), frame.clone()].concat()));
    refused("a million frames to skip", &around(&[skippable(1_000_000), frame.clone()].concat()));
    refused("nothing but frames to skip", &around(&skippable(1_000_000)));
    refused("no frame", &around(b""));
    refused("no bytes", b"");
    // A window of 2 GiB, with and without a size.
    refused("a window", &around(&[0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xa8, 1, 0, 0]));
    let sized = [&[0x28, 0xb5, 0x2f, 0xfd, 0xc0, 0xa8], (16u64 << 20).to_le_bytes().as_slice(), &[1, 0, 0]].concat();
    refused("a window and a size", &around(&sized));
    let huge = [&[0x28, 0xb5, 0x2f, 0xfd, 0xe0], u64::MAX.to_le_bytes().as_slice(), &[1, 0, 0]].concat();
    refused("a size of 2⁶⁴-1", &around(&huge));
}

fn number(mut n: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while n >= 0x80 {
        bytes.push(n as u8 | 0x80);
        n >>= 7;
    }
    bytes.push(n as u8);
    bytes
}

#[test]
fn lengths_that_promise_more_than_there_is_are_refused() {
    for promised in [u64::from(u32::MAX), u64::MAX, 1 << 40] {
        refused("chance", &[number(promised), vec![0; 100]].concat());
        let body = |body: Vec<u8>| around(&zstd::bulk::compress(&body, 3).expect("it packs"));
        refused("columns", &body([number(promised), vec![0; 100]].concat()));
        refused("a column", &body([vec![1], number(promised), vec![0; 100]].concat()));
    }
}

/// An ask up to where its parcels begin.
fn ask_so_far() -> Writer {
    let mut w = Writer::default();
    w.columns.number(HEAD, u64::from(super::PROTOCOL));
    w.device(HEAD, Uuid::from_u128(1));
    w.chain(HEAD, lianhu_ledger::Chain { device: Uuid::from_u128(2), incarnation: 1 });
    (0..4).for_each(|_| w.columns.number(HEAD, 0));
    w
}

#[test]
fn counts_that_promise_more_than_there_is_are_refused() {
    for promised in [u64::from(u32::MAX), u64::MAX] {
        let mut heads = ask_so_far();
        heads.columns.number(HEAD, promised);
        refused("heads", &heads.pack());
        let mut parcels = ask_so_far();
        parcels.columns.number(HEAD, 0);
        parcels.columns.number(RUN, promised);
        refused("parcels", &parcels.pack());
    }
}

/// A run of one batch with one change, up to the changes.
fn batch_so_far(c: &mut Columns, batches: u64, changes: u64) {
    for n in [1, batches, 0, 0, 1] {
        c.number(RUN, n);
    }
    for at in [CLOCK, TICK, OP, AUTHOR, SIGNED] {
        c.number(at, 0);
    }
    for n in [3, u64::from(b'p'), u64::from(b'u'), u64::from(b't')] {
        c.bytes(NAME, &[n as u8]);
    }
    c.number(CHANGES, changes);
}

#[test]
fn a_byte_that_means_a_thousand_cells_is_paid_for_before_it_is_read() {
    let mut w = ask_so_far();
    w.columns.number(HEAD, 0);
    let c = &mut w.columns;
    batch_so_far(c, 1, 4_000_000);
    // One shape of a thousand empty cells, again and again.
    for n in [0, 0, 1000] {
        c.number(SHAPE, n);
    }
    for _ in 0..1000 {
        for n in [0, Sort::Null as u64, NO_BASES] {
            c.number(SHAPE, n);
        }
    }
    c.number(SHAPED, 0);
    c.bytes(SHAPED, &vec![0; 4_000_000]);
    c.number(ID, BY_CHANCE);
    c.number(RECORD, 0);
    c.bytes(RECORD, &vec![1; 4_000_000]);
    c.chance(&[0; 16]);
    refused("cells", &w.pack());
}

#[test]
fn a_bottomless_value_is_refused() {
    let mut w = ask_so_far();
    w.columns.number(HEAD, 0);
    let c = &mut w.columns;
    batch_so_far(c, 1, 1);
    for n in [0, 0, 1, 0, Sort::List as u64, NO_BASES] {
        c.number(SHAPE, n);
    }
    c.number(SHAPED, 0);
    c.number(ID, BY_CHANCE);
    c.number(RECORD, 0);
    c.chance(&[0; 16]);
    for _ in 0..10_000 {
        c.number(FIELDS, 1);
        c.number(FIELDS, Sort::List as u64);
    }
    refused("depth", &w.pack());
}

#[test]
fn the_same_key_twice_in_one_value_is_refused() {
    let mut w = ask_so_far();
    w.columns.number(HEAD, 0);
    let c = &mut w.columns;
    batch_so_far(c, 1, 1);
    for n in [0, 0, 1, 0, Sort::Map as u64, NO_BASES] {
        c.number(SHAPE, n);
    }
    c.number(SHAPED, 0);
    c.number(ID, BY_CHANCE);
    c.number(RECORD, 0);
    c.chance(&[0; 16]);
    for n in [2, 0, Sort::Null as u64, 0, Sort::Null as u64] {
        c.number(FIELDS, n);
    }
    refused("keys", &w.pack());
}

#[test]
fn what_was_never_written_is_no_number_of_anything() {
    for (at, n) in [(RUN, 7), (OP, 7), (SHAPED, 7), (ID, 7)] {
        let mut w = ask_so_far();
        w.columns.number(HEAD, 0);
        w.columns.number(at, n);
        refused("a number of nothing", &w.pack());
    }
    let mut w = ask_so_far();
    w.columns.number(HEAD, 0);
    w.parcels(&[Parcel::default()]);
    w.columns.number(HEAD, 0);
    assert!(read_ask(&w.pack()).is_some(), "this one is sound");
}
