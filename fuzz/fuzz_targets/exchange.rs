//! Whatever bytes come over a line or on a stick: read or refused, in bounded time and room, and what is read can be
//! written and read again.
#![no_main]

use lianhu_sync::protocol::wire::{
    answer_bytes, ask_bytes, open, parcels_bytes, parcels_of, read_answer, read_ask, receipt_bytes, receipt_of, seal,
};
use lianhu_sync::{Ed25519, Ed25519Key, Root, Roster, Signer, attachment, package};
use libfuzzer_sys::fuzz_target;
use uuid::Uuid;

/// Columns around a body of the fuzzer's own: so that it need not find out how to compress.
fn packed(data: &[u8]) -> Option<Vec<u8>> {
    let (chance, body) = data.split_at_checked(usize::from(*data.first()?))?;
    let mut bytes = vec![chance.len() as u8 & 0x7f];
    bytes.extend(&chance[..chance.len() & 0x7f]);
    bytes.extend(zstd::bulk::compress(body, 1).ok()?);
    Some(bytes)
}

fn look_at(bytes: &[u8]) {
    if let Some(ask) = read_ask(bytes) {
        assert_eq!(read_ask(&ask_bytes(&ask)), Some(ask));
    }
    if let Some(answer) = read_answer(bytes) {
        assert_eq!(read_answer(&answer_bytes(&answer)), Some(answer));
    }
    if let Some(parcels) = parcels_of(bytes) {
        assert_eq!(parcels_of(&parcels_bytes(&parcels)), Some(parcels));
    }
}

fuzz_target!(|data: &[u8]| {
    look_at(data);
    if let Some(bytes) = packed(data) {
        look_at(&bytes);
    }
    if let Some(receipt) = receipt_of(data) {
        assert_eq!(receipt_of(&receipt_bytes(&receipt)), Some(receipt));
    }
    if let Some(ask) = attachment::read_ask(data) {
        assert_eq!(attachment::read_ask(&attachment::ask_bytes(&ask)), Some(ask));
    }
    if let Some(answer) = attachment::read_answer(data) {
        assert_eq!(attachment::read_answer(&attachment::answer_bytes(&answer)), Some(answer));
    }
    let key = Ed25519Key::new([1; 32]);
    assert_eq!(open(&seal(data, &key), &Ed25519, &key.public()).as_deref(), Some(data));
    assert_eq!(open(data, &Ed25519, &key.public()), None);
    let roster = Roster::new(Root { device: Uuid::nil(), key: key.public() });
    assert!(package::read(data, Uuid::nil(), &roster, &Ed25519, (Uuid::nil(), &[1; 32])).is_err());
});
