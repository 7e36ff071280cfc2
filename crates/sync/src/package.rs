//! 数据包 — the same batches in a file (`.lhb`), for a stick or any way a file can go: to the township and back, or from
//! village laptop to village laptop.
//!
//! Layout: magic; CBOR head (format, village, maker, reader, from–to of every chain); parcels, compressed, and sealed to
//! the reader's key when it is known; BLAKE3 of everything before; the maker's signature over all of it. Everything is
//! checked before a byte is applied: a file that was cut, bent, or meant for another village says which in a sentence.

use std::collections::BTreeMap;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{ChaCha20Poly1305, Nonce};
use ed25519_dalek::{SigningKey, VerifyingKey};
use lianhu_ledger::Chain;
use minicbor::{Decoder, Encoder};
use uuid::Uuid;

use crate::protocol::Parcel;
use crate::protocol::wire::{parcels_bytes, parcels_of, put};
use crate::roster::Roster;
use crate::suite::{ED25519, Signer, Suite};

const MAGIC: &[u8] = b"lianhu-package\n";
/// Raised when an older program could misread a package.
const FORMAT: u32 = 2;
/// The largest file that is looked at.
pub const LARGEST_FILE: usize = 256 * 1024 * 1024;

/// From where to where a package brings a chain.
pub type Spans = BTreeMap<Chain, (u64, u64)>;

/// What a package says before it is opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    pub village: Uuid,
    pub maker: Uuid,
    /// Whose key it is sealed to.
    pub reader: Option<Uuid>,
    pub spans: Spans,
    /// What its maker has of every chain: what to send back begins behind it.
    pub has: BTreeMap<Chain, u64>,
}

/// Why a package is not read. Each has its sentence, `package.<name>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unread {
    /// No package of ours at all.
    NoPackage,
    /// Written by a newer release.
    Newer,
    /// Cut or bent on its way.
    Damaged,
    OtherVillage,
    /// Nobody on the roster made it, or the signature is not the maker's.
    Stranger,
    /// Sealed to somebody else.
    NotForUs,
}

impl Unread {
    pub const ALL: [Unread; 6] =
        [Unread::NoPackage, Unread::Newer, Unread::Damaged, Unread::OtherVillage, Unread::Stranger, Unread::NotForUs];

    pub fn name(self) -> &'static str {
        match self {
            Unread::NoPackage => "no_package",
            Unread::Newer => "newer",
            Unread::Damaged => "damaged",
            Unread::OtherVillage => "other_village",
            Unread::Stranger => "stranger",
            Unread::NotForUs => "not_for_us",
        }
    }
}

/// Whom a package is sealed to, and the chance its key is made of.
pub struct Sealed<'a> {
    pub reader: Uuid,
    pub key: &'a [u8],
    pub chance: [u8; 32],
}

/// Makes a package; `None` when the reader's key is none of a suite that can be sealed to.
pub fn make(
    village: Uuid,
    maker: Uuid,
    parcels: &[Parcel],
    has: BTreeMap<Chain, u64>,
    sealed: Option<&Sealed<'_>>,
    signer: &dyn Signer,
) -> Option<Vec<u8>> {
    let head = Head { village, maker, reader: sealed.map(|s| s.reader), spans: spans(parcels), has };
    let packed = parcels_bytes(parcels);
    let mut file = MAGIC.to_vec();
    write_head(&mut Encoder::new(&mut file), &head);
    let body = match sealed {
        Some(sealed) => shut(&packed, &file, sealed)?,
        None => packed,
    };
    put(Encoder::new(&mut file).bytes(&body));
    let hash = blake3::hash(&file);
    file.extend(hash.as_bytes());
    let signature = signer.sign(&file);
    put(Encoder::new(&mut file).bytes(&signature));
    Some(file)
}

fn spans(parcels: &[Parcel]) -> Spans {
    parcels.iter().filter_map(|parcel| Some((parcel.chain()?, parcel.span()?))).collect()
}

/// Reads a package, all of it or nothing. `secret` opens what is sealed to `me`.
pub fn read(
    file: &[u8],
    village: Uuid,
    roster: &Roster,
    suite: &dyn Suite,
    (me, secret): (Uuid, &[u8; 32]),
) -> Result<(Head, Vec<Parcel>), Unread> {
    let rest = file.strip_prefix(MAGIC).ok_or(Unread::NoPackage)?;
    let d = &mut Decoder::new(rest);
    let head = read_head(d)?;
    let before_body = MAGIC.len() + d.position();
    let body = d.bytes().map_err(|_| Unread::Damaged)?;
    let hashed = MAGIC.len() + d.position();
    let signed = hashed + 32;
    let hash = file.get(hashed..signed).ok_or(Unread::Damaged)?;
    if blake3::hash(&file[..hashed]).as_bytes() != hash {
        return Err(Unread::Damaged);
    }
    let d = &mut Decoder::new(&file[signed..]);
    let signature = d.bytes().map_err(|_| Unread::Damaged)?;
    if signed + d.position() != file.len() {
        return Err(Unread::Damaged);
    }
    if head.village != village {
        return Err(Unread::OtherVillage);
    }
    let key = roster.key_of(head.maker).ok_or(Unread::Stranger)?;
    if !suite.verify(key, &file[..signed], signature) {
        return Err(Unread::Stranger);
    }
    let packed = match head.reader {
        None => body.to_vec(),
        Some(reader) if reader == me => open(body, &file[..before_body], secret).ok_or(Unread::NotForUs)?,
        Some(_) => return Err(Unread::NotForUs),
    };
    let parcels = parcels_of(&packed).ok_or(Unread::Damaged)?;
    if spans(&parcels) == head.spans { Ok((head, parcels)) } else { Err(Unread::Damaged) }
}

/// Whose package it says it is, before anything of it is believed: whom to read it as.
pub fn village_of(file: &[u8]) -> Result<Uuid, Unread> {
    let rest = file.strip_prefix(MAGIC).ok_or(Unread::NoPackage)?;
    read_head(&mut Decoder::new(rest)).map(|head| head.village)
}

fn write_head(e: &mut Encoder<&mut Vec<u8>>, head: &Head) {
    put(e.u32(FORMAT));
    put(e.array(5));
    put(e.bytes(head.village.as_bytes()));
    put(e.bytes(head.maker.as_bytes()));
    match head.reader {
        Some(reader) => put(e.bytes(reader.as_bytes())),
        None => put(e.bytes(&[])),
    }
    put(e.array(head.spans.len() as u64));
    for (chain, (first, last)) in &head.spans {
        put(e.array(4));
        put(e.bytes(chain.device.as_bytes()));
        put(e.u32(chain.incarnation));
        put(e.u64(*first));
        put(e.u64(*last));
    }
    put(e.array(head.has.len() as u64));
    for (chain, last) in &head.has {
        put(e.array(3));
        put(e.bytes(chain.device.as_bytes()));
        put(e.u32(chain.incarnation));
        put(e.u64(*last));
    }
}

fn read_head(d: &mut Decoder<'_>) -> Result<Head, Unread> {
    let format = d.u32().map_err(|_| Unread::Damaged)?;
    if format > FORMAT {
        return Err(Unread::Newer);
    }
    head(d).filter(|_| format == FORMAT).ok_or(Unread::Damaged)
}

fn head(d: &mut Decoder<'_>) -> Option<Head> {
    let id = |d: &mut Decoder<'_>| Uuid::from_slice(d.bytes().ok()?).ok();
    (d.array().ok()?? == 5).then_some(())?;
    let (village, maker) = (id(d)?, id(d)?);
    let reader = match d.bytes().ok()? {
        [] => None,
        reader => Some(Uuid::from_slice(reader).ok()?),
    };
    let mut spans = Spans::new();
    for _ in 0..d.array().ok()?? {
        (d.array().ok()?? == 4).then_some(())?;
        let chain = Chain { device: id(d)?, incarnation: d.u32().ok()? };
        spans.insert(chain, (d.u64().ok()?, d.u64().ok()?));
    }
    let mut has = BTreeMap::new();
    for _ in 0..d.array().ok()?? {
        (d.array().ok()?? == 3).then_some(())?;
        let chain = Chain { device: id(d)?, incarnation: d.u32().ok()? };
        has.insert(chain, d.u64().ok()?);
    }
    Some(Head { village, maker, reader, spans, has })
}

/// A key that only these two can make, for one package: its nonce need not differ.
fn cipher(shared: &[u8; 32], once: &[u8; 32], reader: &[u8; 32]) -> ChaCha20Poly1305 {
    let key = blake3::derive_key("lianhu 2026 package", &[shared.as_slice(), once, reader].concat());
    ChaCha20Poly1305::new(&key.into())
}

/// The key by which is signed also opens: its point in the other form of the curve.
fn shut(packed: &[u8], head: &[u8], sealed: &Sealed<'_>) -> Option<Vec<u8>> {
    let (suite, key) = sealed.key.split_first()?;
    let key: &[u8; 32] = (*suite == ED25519).then_some(key)?.try_into().ok()?;
    let reader = VerifyingKey::from_bytes(key).ok()?.to_montgomery().to_bytes();
    let once = x25519_dalek::x25519(sealed.chance, x25519_dalek::X25519_BASEPOINT_BYTES);
    let shared = x25519_dalek::x25519(sealed.chance, reader);
    let payload = Payload { msg: packed, aad: head };
    let shut = cipher(&shared, &once, &reader).encrypt(&Nonce::default(), payload).ok()?;
    Some([once.as_slice(), &shut].concat())
}

fn open(body: &[u8], head: &[u8], secret: &[u8; 32]) -> Option<Vec<u8>> {
    let (once, shut) = body.split_at_checked(32)?;
    let once: [u8; 32] = once.try_into().ok()?;
    let key = SigningKey::from_bytes(secret);
    let reader = key.verifying_key().to_montgomery().to_bytes();
    let shared = x25519_dalek::x25519(key.to_scalar_bytes(), once);
    cipher(&shared, &once, &reader).decrypt(&Nonce::default(), Payload { msg: shut, aad: head }).ok()
}
