//! Messages as bytes: CBOR, compressed, in front the magic by which a foreign server or a login page of some network
//! is told from ours, at the end a signature.
//!
//! A batch travels without what its neighbour says: device and number are those of its run, the hash before it is
//! worked out. Reading grows with what is there, never with what a length claims, and stops at a cap.

use lianhu_ledger::{Batch, BatchRef, Body, Chain, Hash, Head, Stamp};
use minicbor::{Decoder, Encoder};
use uuid::Uuid;

use super::{Answer, Ask, PROTOCOL, Parcel, Standing, Why};
use crate::receipt::Receipt;
use crate::suite::{Signer, Suite};
use crate::sums::{Block, Sum};

const MAGIC: &[u8] = b"lianhu-sync\x01";

/// A message unpacks to no more than this.
pub const LARGEST: usize = 64 * 1024 * 1024;

const LEVEL: i32 = 9;

type Out<'a, 'b> = &'a mut Encoder<&'b mut Vec<u8>>;
type In<'a, 'b> = &'a mut Decoder<'b>;

/// Writing to memory has no way to fail.
pub(crate) fn put<T, E: std::fmt::Debug>(written: Result<T, E>) {
    written.map(|_| ()).expect("a Vec takes every byte");
}

/// Seals a message: magic, compressed content, signature over both.
pub fn seal(content: &[u8], signer: &dyn Signer) -> Vec<u8> {
    let packed = zstd::bulk::compress(content, LEVEL).expect("memory takes every byte");
    let mut bytes = MAGIC.to_vec();
    let e = &mut Encoder::new(&mut bytes);
    put(e.bytes(&packed));
    let signature = signer.sign(&bytes);
    put(Encoder::new(&mut bytes).bytes(&signature));
    bytes
}

/// The packed content of a sealed message and its signature; `None` for whatever is no message of ours.
fn unsealed(bytes: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let rest = bytes.strip_prefix(MAGIC)?;
    let d = &mut Decoder::new(rest);
    let packed = d.bytes().ok()?;
    let signed = &bytes[..MAGIC.len() + d.position()];
    let signature = d.bytes().ok()?;
    (d.position() == rest.len()).then_some((packed, signed, signature))
}

/// Opens a message whose writer's key is known.
pub fn open(bytes: &[u8], suite: &dyn Suite, key: &[u8]) -> Option<Vec<u8>> {
    let (packed, signed, signature) = unsealed(bytes)?;
    suite.verify(key, signed, signature).then_some(())?;
    unpack(packed)
}

/// Opens an ask by the key of the device that it names.
pub fn open_ask(bytes: &[u8], suite: &dyn Suite, key_of: impl FnOnce(&Ask) -> Option<Vec<u8>>) -> Option<Ask> {
    open_with(bytes, suite, read_ask, key_of)
}

/// Opens what `read` makes of it, by the key of the device that this names.
pub fn open_with<T>(
    bytes: &[u8],
    suite: &dyn Suite,
    read: impl FnOnce(&[u8]) -> Option<T>,
    key_of: impl FnOnce(&T) -> Option<Vec<u8>>,
) -> Option<T> {
    let (packed, signed, signature) = unsealed(bytes)?;
    let said = read(&unpack(packed)?)?;
    let key = key_of(&said)?;
    suite.verify(&key, signed, signature).then_some(said)
}

/// Unpacks one frame up to the cap.
pub fn unpack(packed: &[u8]) -> Option<Vec<u8>> {
    let size = zstd::zstd_safe::get_frame_content_size(packed).ok()??;
    let size = usize::try_from(size).ok().filter(|size| *size <= LARGEST)?;
    let whole = zstd::zstd_safe::find_frame_compressed_size(packed).ok()? == packed.len();
    whole.then_some(())?;
    zstd::bulk::decompress(packed, size).ok()
}

fn list<T>(d: In, mut item: impl FnMut(In) -> Option<T>) -> Option<Vec<T>> {
    let n = d.array().ok()??;
    let mut items = Vec::new();
    for _ in 0..n {
        items.push(item(d)?);
    }
    Some(items)
}

fn write_list<T>(e: Out, items: &[T], mut item: impl FnMut(Out, &T)) {
    put(e.array(items.len() as u64));
    items.iter().for_each(|one| item(e, one));
}

fn of_length(d: In, length: u64) -> Option<()> {
    (d.array().ok()?? == length).then_some(())
}

fn write_chain(e: Out, chain: Chain) {
    put(e.bytes(chain.device.as_bytes()));
    put(e.u32(chain.incarnation));
}

fn read_id(d: In) -> Option<Uuid> {
    Uuid::from_slice(d.bytes().ok()?).ok()
}

fn read_chain(d: In) -> Option<Chain> {
    Some(Chain { device: read_id(d)?, incarnation: d.u32().ok()? })
}

fn read_hash(d: In) -> Option<Hash> {
    d.bytes().ok()?.try_into().ok()
}

fn write_receipt(e: Out, receipt: &Receipt) {
    put(e.array(10));
    put(e.u64(receipt.epoch));
    put(e.u64(receipt.no));
    write_chain(e, receipt.chain);
    put(e.u64(receipt.first));
    put(e.u64(receipt.last));
    put(e.bytes(&receipt.hash));
    put(e.u64(receipt.received.0));
    put(e.u64(receipt.skew_ms));
    put(e.bytes(&receipt.signature));
}

fn read_receipt(d: In) -> Option<Receipt> {
    of_length(d, 10)?;
    Some(Receipt {
        epoch: d.u64().ok()?,
        no: d.u64().ok()?,
        chain: read_chain(d)?,
        first: d.u64().ok()?,
        last: d.u64().ok()?,
        hash: read_hash(d)?,
        received: Stamp(d.u64().ok()?),
        skew_ms: d.u64().ok()?,
        signature: d.bytes().ok()?.to_vec(),
    })
}

/// The bytes of one receipt, as it is kept.
pub fn receipt_bytes(receipt: &Receipt) -> Vec<u8> {
    let mut bytes = Vec::new();
    write_receipt(&mut Encoder::new(&mut bytes), receipt);
    bytes
}

pub fn receipt_of(bytes: &[u8]) -> Option<Receipt> {
    whole(bytes, read_receipt)
}

fn whole<T>(bytes: &[u8], read: impl FnOnce(In) -> Option<T>) -> Option<T> {
    let d = &mut Decoder::new(bytes);
    let value = read(d)?;
    (d.position() == bytes.len()).then_some(value)
}

pub(crate) fn write_parcel(e: Out, parcel: &Parcel) {
    put(e.array(2));
    write_list(e, &parcel.receipts, write_receipt);
    let Some(first) = parcel.batches.first() else {
        put(e.null());
        return;
    };
    put(e.array(6));
    put(e.bytes(first.village.as_bytes()));
    write_chain(e, Chain::of(first.at));
    put(e.u64(first.at.seq));
    put(e.bytes(&first.prev));
    write_list(e, &parcel.batches, |e, batch| {
        put(e.array(3));
        put(e.u64(batch.stamp.0));
        put(e.bytes(&batch.signature));
        put(e.bytes(&batch.body()));
    });
}

pub(crate) fn read_parcel(d: In) -> Option<Parcel> {
    of_length(d, 2)?;
    let receipts = list(d, read_receipt)?;
    if d.datatype().ok()? == minicbor::data::Type::Null {
        d.null().ok()?;
        return Some(Parcel { batches: Vec::new(), receipts });
    }
    of_length(d, 6)?;
    let village = read_id(d)?;
    let chain = read_chain(d)?;
    let mut seq = d.u64().ok()?;
    let mut prev = read_hash(d)?;
    let batches = list(d, |d| {
        of_length(d, 3)?;
        let stamp = Stamp(d.u64().ok()?);
        let signature = d.bytes().ok()?.to_vec();
        let Body { op, author, changes } = Body::read(d.bytes().ok()?)?;
        let batch = Batch { village, at: chain.at(seq), op, author, stamp, prev, changes, signature };
        prev = batch.hash();
        seq = seq.checked_add(1)?;
        Some(batch)
    })?;
    Some(Parcel { batches, receipts })
}

/// The bytes of one parcel, as it is parked.
pub fn parcel_bytes(parcel: &Parcel) -> Vec<u8> {
    let mut bytes = Vec::new();
    write_parcel(&mut Encoder::new(&mut bytes), parcel);
    bytes
}

pub fn parcel_of(bytes: &[u8]) -> Option<Parcel> {
    whole(bytes, read_parcel)
}

fn write_block(e: Out, block: Block) {
    write_chain(e, block.chain);
    put(e.u64(block.nth));
}

fn read_block(d: In) -> Option<Block> {
    let block = Block { chain: read_chain(d)?, nth: d.u64().ok()? };
    // No chain is so long that its last number could not be told.
    (block.nth < 1 << 50).then_some(block)
}

fn write_sum(e: Out, sum: Sum) {
    put(e.bytes(&sum.0.to_le_bytes()));
}

fn read_sum(d: In) -> Option<Sum> {
    Some(Sum(u128::from_le_bytes(d.bytes().ok()?.try_into().ok()?)))
}

fn write_ref(e: Out, at: BatchRef) {
    write_chain(e, Chain::of(at));
    put(e.u64(at.seq));
}

fn read_ref(d: In) -> Option<BatchRef> {
    Some(read_chain(d)?.at(d.u64().ok()?))
}

pub fn ask_bytes(ask: &Ask) -> Vec<u8> {
    let mut bytes = Vec::new();
    let e = &mut Encoder::new(&mut bytes);
    put(e.array(9));
    put(e.u32(PROTOCOL));
    put(e.bytes(ask.village.as_bytes()));
    put(e.array(2));
    write_chain(e, ask.me);
    put(e.u64(ask.epoch));
    put(e.u64(ask.cursor));
    put(e.u64(ask.clock_ms));
    write_list(e, &ask.heads, |e, (chain, head)| {
        put(e.array(4));
        write_chain(e, *chain);
        put(e.u64(head.seq));
        put(e.bytes(&head.hash));
    });
    write_list(e, &ask.parcels, write_parcel);
    match &ask.blocks {
        None => put(e.null()),
        Some(blocks) => write_list(e, blocks, |e, (block, sum)| {
            put(e.array(4));
            write_block(e, *block);
            write_sum(e, *sum);
        }),
    }
    bytes
}

pub fn read_ask(bytes: &[u8]) -> Option<Ask> {
    whole(bytes, |d| {
        of_length(d, 9)?;
        (d.u32().ok()? == PROTOCOL).then_some(())?;
        let village = read_id(d)?;
        of_length(d, 2)?;
        Some(Ask {
            village,
            me: read_chain(d)?,
            epoch: d.u64().ok()?,
            cursor: d.u64().ok()?,
            clock_ms: d.u64().ok()?,
            heads: list(d, |d| {
                of_length(d, 4)?;
                Some((read_chain(d)?, Head { seq: d.u64().ok()?, hash: read_hash(d)? }))
            })?,
            parcels: list(d, read_parcel)?,
            blocks: optional(d, |d| {
                list(d, |d| {
                    of_length(d, 4)?;
                    Some((read_block(d)?, read_sum(d)?))
                })
            })?,
        })
    })
}

fn optional<T>(d: In, read: impl FnOnce(In) -> Option<T>) -> Option<Option<T>> {
    if d.datatype().ok()? == minicbor::data::Type::Null {
        d.null().ok()?;
        return Some(None);
    }
    read(d).map(Some)
}

pub fn answer_bytes(answer: &Answer) -> Vec<u8> {
    let mut bytes = Vec::new();
    let e = &mut Encoder::new(&mut bytes);
    put(e.array(15));
    put(e.u32(PROTOCOL));
    put(e.bytes(answer.village.as_bytes()));
    put(e.u8(match answer.standing {
        Standing::Member => 0,
        Standing::Revoked => 1,
        Standing::Stranger => 2,
    }));
    for number in [answer.epoch, answer.from, answer.upto, answer.newest, answer.now_ms, answer.asked_ms] {
        put(e.u64(number));
    }
    write_list(e, &answer.parcels, write_parcel);
    write_list(e, &answer.receipts, write_receipt);
    write_list(e, &answer.need, |e, (chain, from)| {
        put(e.array(3));
        write_ref(e, chain.at(*from));
    });
    write_list(e, &answer.held, |e, (at, why)| {
        put(e.array(4));
        write_ref(e, *at);
        put(e.str(why.name()));
    });
    match answer.sum {
        None => put(e.null()),
        Some(sum) => write_sum(e, sum),
    }
    write_list(e, &answer.unlike, |e, block| {
        put(e.array(3));
        write_block(e, *block);
    });
    bytes
}

pub fn read_answer(bytes: &[u8]) -> Option<Answer> {
    whole(bytes, |d| {
        of_length(d, 15)?;
        (d.u32().ok()? == PROTOCOL).then_some(())?;
        let village = read_id(d)?;
        let standing = match d.u8().ok()? {
            0 => Standing::Member,
            1 => Standing::Revoked,
            _ => Standing::Stranger,
        };
        Some(Answer {
            village,
            standing,
            epoch: d.u64().ok()?,
            from: d.u64().ok()?,
            upto: d.u64().ok()?,
            newest: d.u64().ok()?,
            now_ms: d.u64().ok()?,
            asked_ms: d.u64().ok()?,
            parcels: list(d, read_parcel)?,
            receipts: list(d, read_receipt)?,
            need: list(d, |d| {
                of_length(d, 3)?;
                read_ref(d).map(|at| (Chain::of(at), at.seq))
            })?,
            held: list(d, |d| {
                of_length(d, 4)?;
                Some((read_ref(d)?, Why::named(d.str().ok()?).unwrap_or(Why::Refused)))
            })?,
            sum: optional(d, read_sum)?,
            unlike: list(d, |d| {
                of_length(d, 3)?;
                read_block(d)
            })?,
        })
    })
}
