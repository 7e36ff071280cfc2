//! Bytes in columns: numbers of one meaning lie together, so that the compressor sees like beside like, and what is pure
//! chance (ids, signatures, hashes) lies outside of what is compressed at all.
//!
//! Layout: length of the chance and the chance itself; one zstd frame of the number of columns, their lengths, and the
//! columns one after the other. Numbers are variable-length, seven bits a byte.
//!
//! Reading trusts nothing: the frame names its size and is refused beyond a cap, every column ends where it says, every
//! item costs room before it is made, and whatever is left over is an error.

use std::cell::RefCell;
use std::sync::LazyLock;

use zstd::dict::{DecoderDictionary, EncoderDictionary};

/// Names and usual values of our log, as its own packing knows them. Part of protocol and package format.
const DICTIONARY: &[u8] = include_bytes!("../../../../assets/log.dict");

/// Up to here there is nothing to find but what the dictionary knows.
const BRIEF: usize = 1 << 10;
/// Up to here the compressor takes its time; beyond it costs the township more than it saves the line.
const SMALL: usize = 64 << 10;

/// No message has more columns than this: a few dozen of its own and two for every field of every kind.
const MOST_COLUMNS: u64 = 1 << 16;

/// The dictionary as the compressor wants it: to make that anew costs more than most messages do.
static QUICK: LazyLock<EncoderDictionary<'static>> = LazyLock::new(|| EncoderDictionary::copy(DICTIONARY, 3));
static UNHURRIED: LazyLock<EncoderDictionary<'static>> = LazyLock::new(|| EncoderDictionary::copy(DICTIONARY, 17));
static HURRIED: LazyLock<EncoderDictionary<'static>> = LazyLock::new(|| EncoderDictionary::copy(DICTIONARY, 9));
static READING: LazyLock<DecoderDictionary<'static>> = LazyLock::new(|| DecoderDictionary::copy(DICTIONARY));

/// Writing.
#[derive(Default)]
pub(crate) struct Columns {
    chance: Vec<u8>,
    columns: Vec<Vec<u8>>,
}

impl Columns {
    fn column(&mut self, at: usize) -> &mut Vec<u8> {
        if self.columns.len() <= at {
            self.columns.resize_with(at + 1, Vec::new);
        }
        &mut self.columns[at]
    }

    pub fn number(&mut self, at: usize, n: u64) {
        put_number(self.column(at), n);
    }

    /// How far a number is from the one that was expected.
    pub fn from(&mut self, at: usize, expected: u64, n: u64) {
        self.number(at, folded(n.wrapping_sub(expected) as i64));
    }

    pub fn signed(&mut self, at: usize, n: i64) {
        self.number(at, folded(n));
    }

    pub fn bytes(&mut self, at: usize, bytes: &[u8]) {
        self.column(at).extend(bytes);
    }

    /// What no compressor makes smaller.
    pub fn chance(&mut self, bytes: &[u8]) {
        self.chance.extend(bytes);
    }

    pub fn pack(self) -> Vec<u8> {
        let mut body = Vec::new();
        put_number(&mut body, self.columns.len() as u64);
        self.columns.iter().for_each(|column| put_number(&mut body, column.len() as u64));
        self.columns.iter().for_each(|column| body.extend(column));
        let mut packed = Vec::with_capacity(self.chance.len() + body.len() / 4 + 16);
        put_number(&mut packed, self.chance.len() as u64);
        packed.extend(&self.chance);
        packed.extend(compressed(&body));
        packed
    }
}

/// What a thread packs and unpacks with, kept: most messages are smaller than what it costs to make these.
type Packer = zstd::bulk::Compressor<'static>;
type Unpacker = zstd::bulk::Decompressor<'static>;
/// A packer that is kept grows with what it packed; one that has seen no more than this stays small.
const KEPT: usize = 1 << 14;

thread_local! {
    static BRIEFLY: RefCell<Option<Packer>> = const { RefCell::new(None) };
    static PACKER: RefCell<Option<Packer>> = const { RefCell::new(None) };
    static UNPACKER: RefCell<Option<Unpacker>> = const { RefCell::new(None) };
}

fn packer(dictionary: &'static EncoderDictionary<'static>) -> Packer {
    Packer::with_prepared_dictionary(dictionary).expect("the dictionary is usable")
}

fn compressed(body: &[u8]) -> Vec<u8> {
    let keep = |kept: &mut Option<Packer>, dictionary| kept.get_or_insert_with(|| packer(dictionary)).compress(body);
    let packed = match body.len() {
        n if n <= BRIEF => BRIEFLY.with_borrow_mut(|kept| keep(kept, &QUICK)),
        n if n <= KEPT => PACKER.with_borrow_mut(|kept| keep(kept, &UNHURRIED)),
        n if n <= SMALL => packer(&UNHURRIED).compress(body),
        _ => packer(&HURRIED).compress(body),
    };
    packed.expect("memory takes every byte")
}

fn put_number(bytes: &mut Vec<u8>, mut n: u64) {
    while n >= 0x80 {
        bytes.push(n as u8 | 0x80);
        n >>= 7;
    }
    bytes.push(n as u8);
}

/// Small numbers of either sign become small numbers.
fn folded(n: i64) -> u64 {
    ((n << 1) ^ (n >> 63)) as u64
}

fn unfolded(n: u64) -> i64 {
    (n >> 1) as i64 ^ -((n & 1) as i64)
}

fn take_number(bytes: &mut &[u8]) -> Option<u64> {
    let mut n = 0u64;
    for shift in (0..64).step_by(7) {
        let (first, rest) = bytes.split_first()?;
        *bytes = rest;
        let part = u64::from(first & 0x7f);
        if part << shift >> shift != part {
            return None;
        }
        n |= part << shift;
        if first & 0x80 == 0 {
            return Some(n);
        }
    }
    None
}

fn take_bytes<'a>(bytes: &mut &'a [u8], n: usize) -> Option<&'a [u8]> {
    let (first, rest) = bytes.split_at_checked(n)?;
    *bytes = rest;
    Some(first)
}

/// What a message may grow to.
#[derive(Clone, Copy)]
pub(crate) struct Cap {
    /// Bytes of its frame, unpacked.
    pub bytes: usize,
    /// What its batches may take in memory.
    pub room: usize,
}

/// Reading.
pub(crate) struct Reader<'a> {
    chance: &'a [u8],
    columns: Vec<&'a [u8]>,
    room: usize,
}

/// Reads all of it or nothing.
pub(crate) fn read<T>(packed: &[u8], cap: Cap, what: impl FnOnce(&mut Reader<'_>) -> Option<T>) -> Option<T> {
    let mut rest = packed;
    let chance = usize::try_from(take_number(&mut rest)?).ok()?;
    let chance = take_bytes(&mut rest, chance)?;
    let body = unpacked(rest, cap.bytes)?;
    let mut reader = Reader { chance, columns: columns(&body)?, room: cap.room };
    let read = what(&mut reader)?;
    let nothing_left = reader.chance.is_empty() && reader.columns.iter().all(|column| column.is_empty());
    nothing_left.then_some(read)
}

fn unpacked(frame: &[u8], most: usize) -> Option<Vec<u8>> {
    let size = one_frame(frame, most)?;
    UNPACKER.with_borrow_mut(|kept| {
        let unpacker =
            kept.get_or_insert_with(|| Unpacker::with_prepared_dictionary(&READING).expect("the dictionary is usable"));
        unpacker.decompress(frame, size).ok()
    })
}

/// The size that one whole frame names: nothing before it, nothing behind it, and no more than may be.
pub(crate) fn one_frame(frame: &[u8], most: usize) -> Option<usize> {
    let size = zstd::zstd_safe::get_frame_content_size(frame).ok()??;
    let size = usize::try_from(size).ok().filter(|size| *size <= most)?;
    let is_one = zstd::zstd_safe::find_frame_compressed_size(frame).ok()? == frame.len();
    is_one.then_some(size)
}

fn columns(mut body: &[u8]) -> Option<Vec<&[u8]>> {
    let rest = &mut body;
    let n = take_number(rest).filter(|n| *n <= MOST_COLUMNS && *n <= rest.len() as u64)?;
    let lengths: Vec<usize> = (0..n).map(|_| usize::try_from(take_number(rest)?).ok()).collect::<Option<_>>()?;
    let columns = lengths.into_iter().map(|n| take_bytes(rest, n)).collect::<Option<_>>()?;
    rest.is_empty().then_some(columns)
}

impl<'a> Reader<'a> {
    pub fn number(&mut self, at: usize) -> Option<u64> {
        take_number(self.columns.get_mut(at)?)
    }

    pub fn from(&mut self, at: usize, expected: u64) -> Option<u64> {
        Some(expected.wrapping_add(unfolded(self.number(at)?) as u64))
    }

    pub fn signed(&mut self, at: usize) -> Option<i64> {
        self.number(at).map(unfolded)
    }

    pub fn bytes(&mut self, at: usize, n: u64) -> Option<&'a [u8]> {
        take_bytes(self.columns.get_mut(at)?, usize::try_from(n).ok()?)
    }

    pub fn chance(&mut self, n: usize) -> Option<&'a [u8]> {
        take_bytes(&mut self.chance, n)
    }

    pub fn chance_of<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.chance(N)?.try_into().ok()
    }

    /// Before anything is made of what a message says, its room is taken: a byte of it may mean a thousand cells.
    pub fn spend(&mut self, room: usize) -> Option<()> {
        self.room = self.room.checked_sub(room)?;
        Some(())
    }

    /// As many items as are named, as long as there is room for them.
    pub fn list<T>(&mut self, at: usize, mut item: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let n = self.number(at)?;
        let mut items = Vec::new();
        for _ in 0..n {
            self.spend(size_of::<T>() + 8)?;
            items.push(item(self)?);
        }
        Some(items)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const CAP: Cap = Cap { bytes: 1 << 16, room: 1 << 16 };

    #[test]
    fn numbers_come_back_from_their_columns() {
        let all = [0, 1, 127, 128, 300, u64::from(u32::MAX), u64::MAX - 1, u64::MAX];
        let mut columns = Columns::default();
        for n in all {
            columns.number(3, n);
            columns.from(1, 5, n);
            columns.signed(0, n as i64);
        }
        columns.chance(&[7; 9]);
        let packed = columns.pack();
        let read = |r: &mut Reader<'_>| {
            for n in all {
                assert_eq!((r.number(3), r.from(1, 5), r.signed(0)), (Some(n), Some(n), Some(n as i64)));
            }
            r.chance_of::<9>()
        };
        assert_eq!(super::read(&packed, CAP, read), Some([7; 9]));
    }

    #[test]
    fn what_is_left_over_is_an_error_and_so_is_a_number_too_long() {
        let mut columns = Columns::default();
        columns.number(0, 1);
        columns.number(0, 2);
        let packed = columns.pack();
        assert_eq!(read(&packed, CAP, |r| r.number(0)), None);
        for long in [[0xff; 11].as_slice(), &[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2]] {
            let mut columns = Columns::default();
            columns.bytes(0, long);
            assert_eq!(read(&columns.pack(), CAP, |r| r.number(0)), None);
        }
    }

    #[test]
    fn a_list_ends_where_the_room_does() {
        let mut columns = Columns::default();
        columns.number(0, u64::MAX);
        assert!(read(&columns.pack(), CAP, |r| r.list(0, |_| Some(1u8))).is_none());
    }

    #[test]
    fn a_frame_beyond_the_cap_is_not_unpacked() {
        let mut columns = Columns::default();
        columns.bytes(0, &vec![0; CAP.bytes]);
        assert!(read(&columns.pack(), CAP, |_| Some(())).is_none());
    }
}
