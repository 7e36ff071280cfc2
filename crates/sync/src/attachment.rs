//! 照片同步 — pictures travel last and apart from what is written: in pieces, by the hash of their content, going on
//! where they were cut. A record is whole without its picture, so nothing waits for one.

mod folder;
mod trip;
mod wire;

use lianhu_ledger::Hash;
use uuid::Uuid;

pub use folder::Folder;
pub use trip::{Trip, fetch_and_send};
pub use wire::{answer_bytes, ask_bytes, read_answer, read_ask};

/// Where pictures are asked for and sent.
pub const ATTACHMENT_PATH: &str = "/v1/attachment";
/// A piece; on a line of 2 KB a second it takes eight seconds.
pub const PIECE: usize = 16 * 1024;
/// Pictures are made smaller than a third of this before they are kept.
pub const LARGEST: u64 = 1024 * 1024;
/// Pictures that are asked about at once.
pub const AT_ONCE: usize = 500;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    pub village: Uuid,
    pub device: Uuid,
    pub want: Want,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Want {
    /// Which of these are not whole over there.
    Lacking(Vec<Hash>),
    /// A piece of one, of so many bytes in all.
    Put { hash: Hash, size: u64, from: u64, bytes: Vec<u8> },
    /// From that byte on.
    Get { hash: Hash, from: u64 },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Each with how many bytes of it are there.
    Lacking(Vec<(Hash, u64)>),
    /// So much is there now: all of it, or none when what came was not what its hash says.
    Upto(u64),
    /// A piece, and how many bytes it is in all; 0 when it is not there.
    Piece { size: u64, bytes: Vec<u8> },
}

/// The township's half.
pub fn answer(folder: &Folder, want: &Want) -> std::io::Result<Answer> {
    match want {
        Want::Lacking(hashes) => {
            let lacking = hashes.iter().filter(|hash| !folder.has(hash));
            Ok(Answer::Lacking(lacking.map(|hash| (*hash, folder.upto(hash))).collect()))
        }
        Want::Put { hash, size, from, bytes } => folder.append(hash, *size, *from, bytes).map(Answer::Upto),
        Want::Get { hash, from } => {
            let (size, bytes) = folder.piece(hash, *from)?;
            Ok(Answer::Piece { size, bytes })
        }
    }
}
