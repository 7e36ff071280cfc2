//! What is said of pictures, as bytes.

use lianhu_ledger::Hash;
use minicbor::{Decoder, Encoder};
use uuid::Uuid;

use super::{AT_ONCE, Answer, Ask, PIECE, Want};
use crate::protocol::wire::put;

fn read_hash(d: &mut Decoder<'_>) -> Option<Hash> {
    d.bytes().ok()?.try_into().ok()
}

fn of_length(d: &mut Decoder<'_>, length: u64) -> Option<()> {
    (d.array().ok()?? == length).then_some(())
}

fn list<T>(d: &mut Decoder<'_>, mut item: impl FnMut(&mut Decoder<'_>) -> Option<T>) -> Option<Vec<T>> {
    let n = usize::try_from(d.array().ok()??).ok().filter(|n| *n <= AT_ONCE)?;
    (0..n).map(|_| item(d)).collect()
}

fn piece(d: &mut Decoder<'_>) -> Option<Vec<u8>> {
    Some(d.bytes().ok().filter(|bytes| bytes.len() <= PIECE)?.to_vec())
}

pub fn ask_bytes(ask: &Ask) -> Vec<u8> {
    let mut bytes = Vec::new();
    let e = &mut Encoder::new(&mut bytes);
    put(e.array(4));
    put(e.bytes(ask.village.as_bytes()));
    put(e.bytes(ask.device.as_bytes()));
    match &ask.want {
        Want::Lacking(hashes) => {
            put(e.u8(0));
            put(e.array(hashes.len() as u64));
            for hash in hashes {
                put(e.bytes(hash));
            }
        }
        Want::Put { hash, size, from, bytes } => {
            put(e.u8(1));
            put(e.array(4));
            put(e.bytes(hash));
            put(e.u64(*size));
            put(e.u64(*from));
            put(e.bytes(bytes));
        }
        Want::Get { hash, from } => {
            put(e.u8(2));
            put(e.array(2));
            put(e.bytes(hash));
            put(e.u64(*from));
        }
    }
    bytes
}

pub fn read_ask(bytes: &[u8]) -> Option<Ask> {
    let d = &mut Decoder::new(bytes);
    of_length(d, 4)?;
    let village = Uuid::from_slice(d.bytes().ok()?).ok()?;
    let device = Uuid::from_slice(d.bytes().ok()?).ok()?;
    let want = match d.u8().ok()? {
        0 => Want::Lacking(list(d, read_hash)?),
        1 => {
            of_length(d, 4)?;
            Want::Put { hash: read_hash(d)?, size: d.u64().ok()?, from: d.u64().ok()?, bytes: piece(d)? }
        }
        2 => {
            of_length(d, 2)?;
            Want::Get { hash: read_hash(d)?, from: d.u64().ok()? }
        }
        _ => return None,
    };
    (d.position() == bytes.len()).then_some(Ask { village, device, want })
}

pub fn answer_bytes(answer: &Answer) -> Vec<u8> {
    let mut bytes = Vec::new();
    let e = &mut Encoder::new(&mut bytes);
    put(e.array(2));
    match answer {
        Answer::Lacking(lacking) => {
            put(e.u8(0));
            put(e.array(lacking.len() as u64));
            for (hash, upto) in lacking {
                put(e.array(2));
                put(e.bytes(hash));
                put(e.u64(*upto));
            }
        }
        Answer::Upto(upto) => {
            put(e.u8(1));
            put(e.u64(*upto));
        }
        Answer::Piece { size, bytes } => {
            put(e.u8(2));
            put(e.array(2));
            put(e.u64(*size));
            put(e.bytes(bytes));
        }
    }
    bytes
}

pub fn read_answer(bytes: &[u8]) -> Option<Answer> {
    let d = &mut Decoder::new(bytes);
    of_length(d, 2)?;
    let answer = match d.u8().ok()? {
        0 => Answer::Lacking(list(d, |d| {
            of_length(d, 2)?;
            Some((read_hash(d)?, d.u64().ok()?))
        })?),
        1 => Answer::Upto(d.u64().ok()?),
        2 => {
            of_length(d, 2)?;
            Answer::Piece { size: d.u64().ok()?, bytes: piece(d)? }
        }
        _ => return None,
    };
    (d.position() == bytes.len()).then_some(answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_is_what_is_heard_and_nothing_else_is() {
        let (village, device, hash) = (Uuid::from_u128(1), Uuid::from_u128(2), [7; 32]);
        for want in [
            Want::Lacking(vec![hash, [8; 32]]),
            Want::Put { hash, size: 9, from: 4, bytes: vec![1, 2, 3] },
            Want::Get { hash, from: 70_000 },
        ] {
            let ask = Ask { village, device, want };
            let bytes = ask_bytes(&ask);
            assert_eq!(read_ask(&bytes), Some(ask));
            (0..bytes.len()).for_each(|end| assert_eq!(read_ask(&bytes[..end]), None, "cut at {end}"));
        }
        for answer in
            [Answer::Lacking(vec![(hash, 5)]), Answer::Upto(12), Answer::Piece { size: 3, bytes: vec![1, 2, 3] }]
        {
            let bytes = answer_bytes(&answer);
            assert_eq!(read_answer(&bytes), Some(answer));
            (0..bytes.len()).for_each(|end| assert_eq!(read_answer(&bytes[..end]), None, "cut at {end}"));
        }
    }
}
