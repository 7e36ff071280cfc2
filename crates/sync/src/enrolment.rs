//! 接入 — how a computer comes to belong to its township: the code that the township hands out (接入码), what the two
//! say to each other with it, and the six digits by which people see that they mean the same computer (核对码).
//!
//! The code carries what must not be learnt from the network: where the township is and the fingerprint of its
//! certificate. Village and role stay with the township; the code only names them by its secret, which holds once and for
//! a day.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::roster::Root;
use crate::suite::Signer;

/// Where a computer enrols, and where it speaks from then on. Both take POST.
pub const ENROL_PATH: &str = "/v1/enrol";
/// What a township says of its language, before the number, to who speaks another one.
pub const UPGRADE: &str = "lianhu-sync/";
pub const SYNC_PATH: &str = "/v1/sync";

/// Without 0, 1, 8 and 9, which are read as O, I, B and g.
const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const FORM: u8 = 1;
const SUM: usize = 4;

/// First half of BLAKE3 over the township's certificate (DER).
pub type Pin = [u8; 16];

pub fn pin_of(certificate: &[u8]) -> Pin {
    let hash = blake3::derive_key("lianhu 2026 township certificate", certificate);
    hash[..16].try_into().expect("half of 32 bytes")
}

/// What an enrolment code says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    /// Holds once.
    pub secret: [u8; 16],
    pub pin: Pin,
    /// `host:port`.
    pub address: String,
}

impl Code {
    /// As it is printed: groups of four letters.
    pub fn text(&self) -> String {
        let mut bytes = vec![FORM];
        bytes.extend(self.secret);
        bytes.extend(self.pin);
        bytes.extend(self.address.as_bytes());
        bytes.extend(&blake3::hash(&bytes).as_bytes()[..SUM]);
        let letters: Vec<u8> = letters(&bytes);
        let groups = letters.chunks(4).map(|group| String::from_utf8_lossy(group).into_owned());
        groups.collect::<Vec<_>>().join("-")
    }

    /// Reads what was typed, pasted or scanned; small letters, spaces and full-width ones are no matter. `None` when a
    /// letter is wrong or missing.
    pub fn read(text: &str) -> Option<Code> {
        let bytes = bytes(text)?;
        let (said, sum) = bytes.split_at_checked(bytes.len().checked_sub(SUM)?)?;
        (blake3::hash(said).as_bytes()[..SUM] == *sum).then_some(())?;
        let (form, rest) = said.split_first()?;
        let (secret, rest) = rest.split_at_checked(16)?;
        let (pin, address) = rest.split_at_checked(16)?;
        let address = std::str::from_utf8(address).ok().filter(|a| *form == FORM && a.contains(':'))?;
        Some(Code { secret: secret.try_into().ok()?, pin: pin.try_into().ok()?, address: address.to_owned() })
    }
}

fn letters(bytes: &[u8]) -> Vec<u8> {
    let (mut out, mut held, mut bits) = (Vec::new(), 0u32, 0);
    for byte in bytes {
        held = held << 8 | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            out.push(LETTERS[(held >> bits & 31) as usize]);
        }
    }
    if bits > 0 {
        out.push(LETTERS[(held << (5 - bits) & 31) as usize]);
    }
    out
}

fn bytes(text: &str) -> Option<Vec<u8>> {
    let (mut out, mut held, mut bits) = (Vec::new(), 0u32, 0);
    for letter in text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '－' | '—' | '–' | '_')) {
        let narrow = u32::from(letter).checked_sub(0xfee0).and_then(char::from_u32).filter(char::is_ascii_graphic);
        let letter = u8::try_from(narrow.unwrap_or(letter)).ok()?.to_ascii_uppercase();
        let value = LETTERS.iter().position(|known| *known == letter)?;
        held = (held << 5 | value as u32) & 0xfff;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            out.push((held >> bits & 255) as u8);
        }
    }
    // What is left over of the last letter says nothing.
    (bits < 5 && held & ((1 << bits) - 1) == 0).then_some(out)
}

/// What a computer says to enrol.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Enrol {
    /// The code's secret, in hexadecimal.
    pub secret: String,
    pub device: Uuid,
    pub incarnation: u32,
    /// Suite byte and public key, in hexadecimal.
    pub key: String,
    /// Whose computer it is, by name.
    pub who: String,
    /// The village of the ledger that is there already; a new ledger has none and is told.
    pub village: Option<Uuid>,
    /// The key's signature over [`signed`], in hexadecimal: who enrols holds what it says it holds.
    pub proof: String,
}

/// What the township answers to one it has enrolled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrolled {
    pub village: Uuid,
    /// 12-digit code, name of village and township, for a ledger that is made now.
    pub code: String,
    pub name: String,
    pub township: String,
    pub role: String,
    /// Whom everyone of this village believes.
    pub root_device: Uuid,
    pub root_key: String,
    /// Waits for the secretary's yes; until then it is a stranger.
    pub waits: bool,
}

/// Why a computer is not enrolled. Each has its sentence, `enrolment.<name>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refused {
    /// No such code, or one of elsewhere: the same answer for both.
    Unknown,
    Used,
    Expired,
    /// The ledger is of another village than the code.
    OtherVillage,
    /// The same device enrolled before and is revoked, or holds another key.
    DeviceKnown,
}

impl Refused {
    pub const ALL: [Refused; 5] =
        [Refused::Unknown, Refused::Used, Refused::Expired, Refused::OtherVillage, Refused::DeviceKnown];

    pub fn name(self) -> &'static str {
        match self {
            Refused::Unknown => "unknown",
            Refused::Used => "used",
            Refused::Expired => "expired",
            Refused::OtherVillage => "other_village",
            Refused::DeviceKnown => "device_known",
        }
    }
}

/// The body of a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct No {
    pub refused: Refused,
}

/// The bytes by which a computer shows that it holds its key.
fn signed(secret: &[u8; 16], device: Uuid, key: &[u8]) -> Vec<u8> {
    [b"lianhu enrol".as_slice(), secret, device.as_bytes(), key].concat()
}

impl Enrol {
    pub fn new(
        code: &Code,
        (device, incarnation): (Uuid, u32),
        who: &str,
        village: Option<Uuid>,
        signer: &dyn Signer,
    ) -> Enrol {
        let key = signer.public();
        let proof = signer.sign(&signed(&code.secret, device, &key));
        let (secret, key, proof) = (hex(&code.secret), hex(&key), hex(&proof));
        Enrol { secret, device, incarnation, key, who: who.to_owned(), village, proof }
    }

    /// Secret and key, when the proof holds.
    pub fn proven(&self, suite: &dyn crate::suite::Suite) -> Option<([u8; 16], Vec<u8>)> {
        let secret = unhex(&self.secret)?.try_into().ok()?;
        let (key, proof) = (unhex(&self.key)?, unhex(&self.proof)?);
        suite.verify(&key, &signed(&secret, self.device, &key), &proof).then_some((secret, key))
    }
}

impl Enrolled {
    pub fn root(&self) -> Option<Root> {
        Some(Root { device: self.root_device, key: unhex(&self.root_key)? })
    }
}

/// 核对码: six digits that both screens show. They come of the computer's key and the root's, so that nobody in between
/// can show the same ones with another key.
pub fn short(device_key: &[u8], root: &Root) -> String {
    let mut hasher = blake3::Hasher::new_derive_key("lianhu 2026 short code");
    hasher.update(device_key);
    hasher.update(&root.key);
    let number = u64::from_le_bytes(hasher.finalize().as_bytes()[..8].try_into().expect("eight of 32 bytes"));
    format!("{:06}", number % 1_000_000)
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes();
    (digits.len().is_multiple_of(2) && digits.iter().all(u8::is_ascii_hexdigit)).then_some(())?;
    digits.chunks_exact(2).map(|two| u8::from_str_radix(std::str::from_utf8(two).ok()?, 16).ok()).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::suite::{Ed25519, Ed25519Key};

    fn code() -> Code {
        Code { secret: [7; 16], pin: [9; 16], address: "192.168.1.20:8443".into() }
    }

    #[test]
    fn a_code_comes_back_however_it_was_typed() {
        let text = code().text();
        let wide: String = text.chars().map(|c| char::from_u32(u32::from(c) + 0xfee0).unwrap()).collect();
        for typed in [text.clone(), text.to_lowercase(), text.replace('-', " "), text.replace('-', ""), wide] {
            assert_eq!(Code::read(&typed), Some(code()), "{typed}");
        }
    }

    #[test]
    fn a_wrong_or_missing_letter_is_no_code() {
        let text = code().text();
        for at in (0..text.len()).filter(|at| text.as_bytes()[*at] != b'-') {
            let other = if &text[at..=at] == "A" { "B" } else { "A" };
            assert_eq!(Code::read(&format!("{}{other}{}", &text[..at], &text[at + 1..])), None, "letter {at}");
        }
        assert_eq!(Code::read(&text[..text.len() - 4]), None);
        assert_eq!(Code::read(""), None);
    }

    #[test]
    fn who_does_not_hold_the_key_proves_nothing() {
        let (key, device) = (Ed25519Key::new([3; 32]), Uuid::from_u128(5));
        let good = Enrol::new(&code(), (device, 1), "韦志强", None, &key);
        assert_eq!(good.proven(&Ed25519), Some(([7; 16], key.public())));
        let stolen = Enrol { device: Uuid::from_u128(6), ..good.clone() };
        assert_eq!(stolen.proven(&Ed25519), None);
        let swapped = Enrol { key: hex(&Ed25519Key::new([4; 32]).public()), ..good };
        assert_eq!(swapped.proven(&Ed25519), None);
    }

    #[test]
    fn both_screens_show_the_same_digits_for_the_same_keys_alone() {
        let root = Root { device: Uuid::from_u128(1), key: vec![1; 33] };
        let other = Root { key: vec![2; 33], ..root.clone() };
        assert_eq!(short(&[5; 33], &root).len(), 6);
        assert_ne!(short(&[5; 33], &root), short(&[6; 33], &root));
        assert_ne!(short(&[5; 33], &root), short(&[5; 33], &other));
    }
}
