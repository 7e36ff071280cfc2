//! 喊话 — who is there? One small datagram asks, one answers: signed by a key of the roster, so that nobody else's door
//! is taken for ours.

use uuid::Uuid;

use crate::enrolment::Pin;
use crate::roster::Roster;
use crate::suite::{Signer, Suite};

/// Where questions are heard.
pub const PORT: u16 = 47_809;

const MAGIC: &[u8] = b"lianhu-lan\x01";
const ASKS: u8 = 0;
const ANSWERS: u8 = 1;

pub(super) type Nonce = [u8; 16];

/// One that opens its door.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Here {
    pub device: Uuid,
    pub port: u16,
    pub pin: Pin,
}

/// Names a village to whom knows it, and differently each time.
fn tag(village: Uuid, nonce: &Nonce) -> [u8; 16] {
    let said = [village.as_bytes().as_slice(), nonce].concat();
    blake3::derive_key("lianhu 2026 lan village", &said)[..16].try_into().expect("half of 32 bytes")
}

fn head(what: u8, village: Uuid, nonce: &Nonce) -> Vec<u8> {
    [MAGIC, &[what], nonce, &tag(village, nonce)].concat()
}

pub(super) fn question(village: Uuid, nonce: &Nonce) -> Vec<u8> {
    head(ASKS, village, nonce)
}

/// The chance of a question that is meant for this village.
pub(super) fn asked(bytes: &[u8], village: Uuid) -> Option<Nonce> {
    let nonce: Nonce = bytes.get(MAGIC.len() + 1..MAGIC.len() + 17)?.try_into().ok()?;
    (bytes == question(village, &nonce)).then_some(nonce)
}

pub(super) fn answer(village: Uuid, nonce: &Nonce, here: &Here, signer: &dyn Signer) -> Vec<u8> {
    let mut bytes = head(ANSWERS, village, nonce);
    bytes.extend(here.device.as_bytes());
    bytes.extend(here.port.to_be_bytes());
    bytes.extend(here.pin);
    let signature = signer.sign(&bytes);
    bytes.extend(signature);
    bytes
}

/// Who answers to this very question, if the roster knows it.
pub(super) fn heard(bytes: &[u8], village: Uuid, nonce: &Nonce, roster: &Roster, suite: &dyn Suite) -> Option<Here> {
    let rest = bytes.strip_prefix(head(ANSWERS, village, nonce).as_slice())?;
    let (device, rest) = rest.split_at_checked(16)?;
    let (port, rest) = rest.split_at_checked(2)?;
    let (pin, signature) = rest.split_at_checked(16)?;
    let device = Uuid::from_slice(device).ok()?;
    let key = roster.key_of(device).filter(|_| !roster.is_out(device))?;
    suite.verify(key, &bytes[..bytes.len() - signature.len()], signature).then_some(())?;
    Some(Here { device, port: u16::from_be_bytes(port.try_into().ok()?), pin: pin.try_into().ok()? })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::roster::Root;
    use crate::suite::{Ed25519, Ed25519Key};

    #[test]
    fn an_answer_is_heard_by_whom_it_answers_and_names_a_key_of_the_roster() {
        let (village, key) = (Uuid::from_u128(7), Ed25519Key::new([1; 32]));
        let here = Here { device: Uuid::from_u128(2), port: 4000, pin: [9; 16] };
        let roster = Roster::new(Root { device: here.device, key: key.public() });
        let nonce = asked(&question(village, &[3; 16]), village).unwrap();
        let said = answer(village, &nonce, &here, &key);
        assert_eq!(heard(&said, village, &nonce, &roster, &Ed25519), Some(here));
        assert_eq!(heard(&said, village, &[4; 16], &roster, &Ed25519), None);
        assert_eq!(asked(&question(village, &[3; 16]), Uuid::from_u128(8)), None);
        for bit in 0..said.len() * 8 {
            let mut bent = said.clone();
            bent[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(heard(&bent, village, &nonce, &roster, &Ed25519), None, "bit {bit}");
        }
        let other = Ed25519Key::new([2; 32]);
        assert_eq!(heard(&answer(village, &nonce, &here, &other), village, &nonce, &roster, &Ed25519), None);
    }

    #[test]
    fn a_question_does_not_name_the_village() {
        let village = Uuid::from_u128(0x0123_4567_89ab_cdef_0123_4567_89ab_cdef);
        let question = question(village, &[3; 16]);
        assert!(!question.windows(16).any(|part| part == village.as_bytes()));
    }
}
