//! Messages as bytes: [columns](super::columns), in front the magic by which a foreign server or a login page of some
//! network is told from ours, at the end a signature.
//!
//! Reading grows with what is there, never with what a length claims, and stops at a cap: a smaller one where the writer
//! is known only after the reading.

use lianhu_ledger::{BatchRef, Chain, Head, Stamp};
use minicbor::{Decoder, Encoder};
use uuid::Uuid;

use super::columns::{self, Reader, one_frame};
use super::reading::Reading;
use super::shape::{HEAD, LARGE, SMALL};
use super::writing::Writer;
use super::{Answer, Ask, PROTOCOL, Parcel, Standing, Why};
use crate::receipt::{Part, Receipt};
use crate::suite::{Signer, Suite};
use crate::sums::{Block, Sum};

const MAGIC: &[u8] = b"lianhu-sync\x02";
/// The magic without the number of the language, which stands at its end.
const NAME: &[u8] = MAGIC.split_at(MAGIC.len() - 1).0;

/// A message unpacks to no more than this.
pub const LARGEST: usize = LARGE.bytes;

type Out<'a, 'b> = &'a mut Encoder<&'b mut Vec<u8>>;
type In<'a, 'b> = &'a mut Decoder<'b>;

/// Writing to memory has no way to fail.
pub(crate) fn put<T, E: std::fmt::Debug>(written: Result<T, E>) {
    written.map(|_| ()).expect("a Vec takes every byte");
}

/// Seals a message: magic, content, signature over both. What is said comes packed, in columns or as a picture, or is
/// short: it is not packed once more.
pub fn seal(content: &[u8], signer: &dyn Signer) -> Vec<u8> {
    let mut bytes = MAGIC.to_vec();
    let e = &mut Encoder::new(&mut bytes);
    put(e.bool(false));
    put(e.bytes(content));
    let signature = signer.sign(&bytes);
    put(Encoder::new(&mut bytes).bytes(&signature));
    bytes
}

/// Whether this is said in the language of another release, which is not read here.
pub fn is_of_another_release(bytes: &[u8]) -> bool {
    let number = bytes.strip_prefix(NAME).and_then(<[u8]>::first);
    number.is_some_and(|number| u32::from(*number) != PROTOCOL)
}

/// A message of ours, taken apart and not yet believed.
struct Sealed<'a> {
    is_packed: bool,
    content: &'a [u8],
    signed: &'a [u8],
    signature: &'a [u8],
}

impl Sealed<'_> {
    fn content(&self, most: usize) -> Option<std::borrow::Cow<'_, [u8]>> {
        if !self.is_packed {
            return Some(self.content.into());
        }
        unpack_upto(self.content, most).map(Into::into)
    }
}

/// `None` for whatever is no message of ours.
fn unsealed(bytes: &[u8]) -> Option<Sealed<'_>> {
    let rest = bytes.strip_prefix(MAGIC)?;
    let d = &mut Decoder::new(rest);
    let (is_packed, content) = (d.bool().ok()?, d.bytes().ok()?);
    let signed = &bytes[..MAGIC.len() + d.position()];
    let signature = d.bytes().ok()?;
    (d.position() == rest.len()).then_some(Sealed { is_packed, content, signed, signature })
}

/// Opens a message whose writer's key is known.
pub fn open(bytes: &[u8], suite: &dyn Suite, key: &[u8]) -> Option<Vec<u8>> {
    let sealed = unsealed(bytes)?;
    suite.verify(key, sealed.signed, sealed.signature).then_some(())?;
    sealed.content(LARGEST).map(std::borrow::Cow::into_owned)
}

/// Opens what `read` makes of it, by the key of the device that this names.
pub fn open_with<T>(
    bytes: &[u8],
    suite: &dyn Suite,
    read: impl FnOnce(&[u8]) -> Option<T>,
    key_of: impl FnOnce(&T) -> Option<Vec<u8>>,
) -> Option<T> {
    let sealed = unsealed(bytes)?;
    let said = read(&sealed.content(SMALL.bytes)?)?;
    let key = key_of(&said)?;
    suite.verify(&key, sealed.signed, sealed.signature).then_some(said)
}

/// Unpacks one frame up to the cap.
pub fn unpack(packed: &[u8]) -> Option<Vec<u8>> {
    unpack_upto(packed, LARGEST)
}

fn unpack_upto(packed: &[u8], most: usize) -> Option<Vec<u8>> {
    zstd::bulk::decompress(packed, one_frame(packed, most)?).ok()
}

fn of_length(d: In, length: u64) -> Option<()> {
    (d.array().ok()?? == length).then_some(())
}

fn write_part(e: Out, part: &Part) {
    put(e.array(4));
    put(e.u64(part.no));
    put(e.u64(part.last));
    put(e.u64(part.received.0));
    put(e.u64(part.skew_ms));
}

fn read_part(d: In) -> Option<Part> {
    of_length(d, 4)?;
    Some(Part { no: d.u64().ok()?, last: d.u64().ok()?, received: Stamp(d.u64().ok()?), skew_ms: d.u64().ok()? })
}

/// The bytes of one receipt, as it is kept.
pub fn receipt_bytes(receipt: &Receipt) -> Vec<u8> {
    let mut bytes = Vec::new();
    let e = &mut Encoder::new(&mut bytes);
    put(e.array(if receipt.before.is_empty() { 10 } else { 11 }));
    put(e.u64(receipt.epoch));
    put(e.u64(receipt.no));
    put(e.bytes(receipt.chain.device.as_bytes()));
    put(e.u32(receipt.chain.incarnation));
    put(e.u64(receipt.first));
    put(e.u64(receipt.last));
    put(e.bytes(&receipt.hash));
    put(e.u64(receipt.received.0));
    put(e.u64(receipt.skew_ms));
    put(e.bytes(&receipt.signature));
    if !receipt.before.is_empty() {
        put(e.array(receipt.before.len() as u64));
        receipt.before.iter().for_each(|part| write_part(e, part));
    }
    bytes
}

pub fn receipt_of(bytes: &[u8]) -> Option<Receipt> {
    let d = &mut Decoder::new(bytes);
    let length = d.array().ok()??;
    let mut receipt = Receipt {
        epoch: d.u64().ok()?,
        no: d.u64().ok()?,
        chain: Chain { device: Uuid::from_slice(d.bytes().ok()?).ok()?, incarnation: d.u32().ok()? },
        first: d.u64().ok()?,
        last: d.u64().ok()?,
        hash: d.bytes().ok()?.try_into().ok()?,
        received: Stamp(d.u64().ok()?),
        skew_ms: d.u64().ok()?,
        before: Vec::new(),
        signature: d.bytes().ok()?.to_vec(),
    };
    if length == 11 {
        for _ in 0..d.array().ok()?? {
            receipt.before.push(read_part(d)?);
        }
    }
    ((10..=11).contains(&length) && d.position() == bytes.len()).then_some(receipt)
}

/// The bytes of some parcels: what a package holds.
pub fn parcels_bytes(parcels: &[Parcel]) -> Vec<u8> {
    let mut w = Writer::default();
    w.columns.number(HEAD, u64::from(PROTOCOL));
    w.parcels(parcels);
    w.pack()
}

pub fn parcels_of(bytes: &[u8]) -> Option<Vec<Parcel>> {
    columns::read(bytes, LARGE, |r| {
        (r.number(HEAD)? == u64::from(PROTOCOL)).then_some(())?;
        Reading::default().parcels(r)
    })
}

/// The bytes of one parcel, as it is parked.
pub fn parcel_bytes(parcel: &Parcel) -> Vec<u8> {
    parcels_bytes(std::slice::from_ref(parcel))
}

pub fn parcel_of(bytes: &[u8]) -> Option<Parcel> {
    let mut parcels = parcels_of(bytes)?;
    parcels.pop().filter(|_| parcels.is_empty())
}

fn write_refs<'a, T: 'a>(
    w: &mut Writer,
    items: &'a [T],
    at: impl Fn(&'a T) -> BatchRef,
    mut rest: impl FnMut(&mut Writer, &'a T),
) {
    w.columns.number(HEAD, items.len() as u64);
    for item in items {
        let at = at(item);
        w.chain(HEAD, Chain::of(at));
        w.columns.number(HEAD, at.seq);
        rest(w, item);
    }
}

fn read_ref(w: &mut Reading, r: &mut Reader<'_>) -> Option<BatchRef> {
    let chain = w.chain(r, HEAD)?;
    Some(chain.at(r.number(HEAD)?))
}

fn read_block(w: &mut Reading, r: &mut Reader<'_>) -> Option<Block> {
    let BatchRef { device, incarnation, seq } = read_ref(w, r)?;
    // No chain is so long that its last number could not be told.
    (seq < 1 << 50).then_some(Block { chain: Chain { device, incarnation }, nth: seq })
}

fn block_ref(block: &Block) -> BatchRef {
    block.chain.at(block.nth)
}

fn read_sum(r: &mut Reader<'_>) -> Option<Sum> {
    Some(Sum(u128::from_le_bytes(r.chance_of()?)))
}

pub fn ask_bytes(ask: &Ask) -> Vec<u8> {
    let w = &mut Writer::default();
    w.columns.number(HEAD, u64::from(PROTOCOL));
    w.device(HEAD, ask.village);
    w.chain(HEAD, ask.me);
    for number in [ask.epoch, ask.cursor, ask.clock_ms, ask.room] {
        w.columns.number(HEAD, number);
    }
    write_refs(w, &ask.heads, |(chain, head)| chain.at(head.seq), |w, (_, head)| w.columns.chance(&head.hash));
    w.parcels(&ask.parcels);
    w.columns.number(HEAD, u64::from(ask.blocks.is_some()));
    if let Some(blocks) = &ask.blocks {
        write_refs(w, blocks, |(block, _)| block_ref(block), |w, (_, sum)| w.columns.chance(&sum.0.to_le_bytes()));
    }
    std::mem::take(w).pack()
}

pub fn read_ask(bytes: &[u8]) -> Option<Ask> {
    columns::read(bytes, SMALL, |r| {
        let w = &mut Reading::default();
        (r.number(HEAD)? == u64::from(PROTOCOL)).then_some(())?;
        Some(Ask {
            village: w.device(r, HEAD)?,
            me: w.chain(r, HEAD)?,
            epoch: r.number(HEAD)?,
            cursor: r.number(HEAD)?,
            clock_ms: r.number(HEAD)?,
            room: r.number(HEAD)?,
            heads: r.list(HEAD, |r| {
                let at = read_ref(w, r)?;
                Some((Chain::of(at), Head { seq: at.seq, hash: r.chance_of()? }))
            })?,
            parcels: w.parcels(r)?,
            blocks: match r.number(HEAD)? {
                0 => None,
                _ => Some(r.list(HEAD, |r| Some((read_block(w, r)?, read_sum(r)?)))?),
            },
        })
    })
}

const STANDINGS: [Standing; 3] = [Standing::Member, Standing::Revoked, Standing::Stranger];

pub fn answer_bytes(answer: &Answer) -> Vec<u8> {
    let w = &mut Writer::default();
    w.columns.number(HEAD, u64::from(PROTOCOL));
    w.device(HEAD, answer.village);
    let standing = STANDINGS.iter().position(|standing| *standing == answer.standing).unwrap_or(STANDINGS.len() - 1);
    w.columns.number(HEAD, standing as u64);
    for number in [answer.epoch, answer.from, answer.upto, answer.newest, answer.now_ms, answer.asked_ms] {
        w.columns.number(HEAD, number);
    }
    w.parcels(&answer.parcels);
    w.receipts(&answer.receipts);
    write_refs(w, &answer.need, |(chain, from)| chain.at(*from), |_, _| ());
    write_refs(
        w,
        &answer.held,
        |(at, _)| *at,
        |w, (_, why)| {
            w.columns.number(HEAD, Why::ALL.iter().position(|known| known == why).unwrap_or_default() as u64);
        },
    );
    w.columns.number(HEAD, u64::from(answer.sum.is_some()));
    if let Some(sum) = answer.sum {
        w.columns.chance(&sum.0.to_le_bytes());
    }
    write_refs(w, &answer.unlike, block_ref, |_, _| ());
    std::mem::take(w).pack()
}

pub fn read_answer(bytes: &[u8]) -> Option<Answer> {
    columns::read(bytes, LARGE, |r| {
        let w = &mut Reading::default();
        (r.number(HEAD)? == u64::from(PROTOCOL)).then_some(())?;
        Some(Answer {
            village: w.device(r, HEAD)?,
            standing: usize::try_from(r.number(HEAD)?).ok().and_then(|nth| STANDINGS.get(nth).copied())?,
            epoch: r.number(HEAD)?,
            from: r.number(HEAD)?,
            upto: r.number(HEAD)?,
            newest: r.number(HEAD)?,
            now_ms: r.number(HEAD)?,
            asked_ms: r.number(HEAD)?,
            parcels: w.parcels(r)?,
            receipts: w.receipts(r)?,
            need: r.list(HEAD, |r| read_ref(w, r).map(|at| (Chain::of(at), at.seq)))?,
            held: r.list(HEAD, |r| {
                let (at, nth) = (read_ref(w, r)?, usize::try_from(r.number(HEAD)?).ok()?);
                // A reason that a newer township gives is a refusal all the same.
                Some((at, Why::ALL.get(nth).copied().unwrap_or(Why::Refused)))
            })?,
            sum: match r.number(HEAD)? {
                0 => None,
                _ => Some(read_sum(r)?),
            },
            unlike: r.list(HEAD, |r| read_block(w, r))?,
        })
    })
}
