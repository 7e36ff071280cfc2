//! Keys and signatures. Every key and signature begins with its suite byte: 1 is Ed25519 over BLAKE3-chained batches,
//! 2 is kept free for SM2 with SM3 (国密), which comes in by another [`Suite`] and nothing else.

use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};

/// The suite of this release.
pub const ED25519: u8 = 1;

/// Says whether a signature is that key's over that message.
pub trait Suite {
    fn verify(&self, key: &[u8], message: &[u8], signature: &[u8]) -> bool;
}

/// Signs with a key of its own.
pub trait Signer {
    /// Suite byte and public key.
    fn public(&self) -> Vec<u8>;
    /// Suite byte and signature.
    fn sign(&self, message: &[u8]) -> Vec<u8>;
}

/// Suite 1. Verification is strict: no small-order key, no second form of the same signature.
#[derive(Clone, Copy, Debug, Default)]
pub struct Ed25519;

impl Suite for Ed25519 {
    fn verify(&self, key: &[u8], message: &[u8], signature: &[u8]) -> bool {
        verified(key, message, signature).is_some()
    }
}

fn verified(key: &[u8], message: &[u8], signature: &[u8]) -> Option<()> {
    let key: &[u8; 32] = of_suite(key)?.try_into().ok()?;
    let signature = Signature::from_slice(of_suite(signature)?).ok()?;
    VerifyingKey::from_bytes(key).ok()?.verify_strict(message, &signature).ok()
}

fn of_suite(bytes: &[u8]) -> Option<&[u8]> {
    bytes.split_first().filter(|(suite, _)| **suite == ED25519).map(|(_, rest)| rest)
}

/// A private key of suite 1. It is made from 32 bytes of chance that are handed in.
#[derive(Clone)]
pub struct Ed25519Key(SigningKey);

impl Ed25519Key {
    pub fn new(secret: [u8; 32]) -> Ed25519Key {
        Ed25519Key(SigningKey::from_bytes(&secret))
    }
}

impl Signer for Ed25519Key {
    fn public(&self) -> Vec<u8> {
        [&[ED25519], self.0.verifying_key().as_bytes().as_slice()].concat()
    }

    fn sign(&self, message: &[u8]) -> Vec<u8> {
        [&[ED25519], self.0.sign(message).to_bytes().as_slice()].concat()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_holds_for_its_message_and_key_alone() {
        let (key, other) = (Ed25519Key::new([7; 32]), Ed25519Key::new([8; 32]));
        let signature = key.sign(b"one");
        assert!(Ed25519.verify(&key.public(), b"one", &signature));
        assert!(!Ed25519.verify(&key.public(), b"two", &signature));
        assert!(!Ed25519.verify(&other.public(), b"one", &signature));
    }

    #[test]
    fn any_flipped_bit_or_other_suite_is_no_signature() {
        let key = Ed25519Key::new([7; 32]);
        let signature = key.sign(b"one");
        for bit in 0..signature.len() * 8 {
            let mut bent = signature.clone();
            bent[bit / 8] ^= 1 << (bit % 8);
            assert!(!Ed25519.verify(&key.public(), b"one", &bent), "bit {bit}");
        }
        assert!(!Ed25519.verify(&key.public(), b"one", &signature[..64]));
    }

    #[test]
    fn a_key_of_small_order_signs_nothing() {
        let mut small = [0u8; 33];
        (small[0], small[1]) = (ED25519, 1);
        let mut signature = [0u8; 65];
        (signature[0], signature[1]) = (ED25519, 1);
        assert!(!Ed25519.verify(&small, b"anything", &signature));
    }

    #[test]
    fn the_second_form_of_a_signature_is_refused() {
        let key = Ed25519Key::new([7; 32]);
        let mut signature = key.sign(b"one");
        let order = [
            0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0,
            0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
        ];
        let mut carry = 0u16;
        for (at, part) in order.into_iter().enumerate() {
            carry += u16::from(signature[33 + at]) + part;
            signature[33 + at] = carry as u8;
            carry >>= 8;
        }
        assert!(!Ed25519.verify(&key.public(), b"one", &signature));
    }
}
