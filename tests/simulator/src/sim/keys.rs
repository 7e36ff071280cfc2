//! Signatures of the model: a hash over key and message. What real ones do is tested beside them; here millions are
//! made.

use lianhu_sync::{Signer, Suite};

#[derive(Clone, Copy)]
pub struct Quick;

#[derive(Clone)]
pub struct QuickKey(pub Vec<u8>);

fn mark(key: &[u8], message: &[u8]) -> Vec<u8> {
    let mut hasher = blake3::Hasher::new();
    hasher.update(key).update(message);
    hasher.finalize().as_bytes()[..8].to_vec()
}

impl Suite for Quick {
    fn verify(&self, key: &[u8], message: &[u8], signature: &[u8]) -> bool {
        mark(key, message) == signature
    }
}

impl Signer for QuickKey {
    fn public(&self) -> Vec<u8> {
        self.0.clone()
    }

    fn sign(&self, message: &[u8]) -> Vec<u8> {
        mark(&self.0, message)
    }
}
