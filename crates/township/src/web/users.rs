//! 用户 — who may use the township's page: 镇里管理员 does, 查看 reads. Passwords are kept as Argon2 makes of them.

use argon2::Argon2;
use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use lianhu_ledger::{Fault, Result};
use serde::{Deserialize, Serialize};

use crate::store::{self, Changes, paper};
use crate::town::{Town, read, written};

/// A shorter one is guessed.
pub const SHORTEST_PASSWORD: usize = 8;
/// Longer names and passwords are nobody's.
const LONGEST: usize = 128;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Admin,
    Reader,
}

impl Role {
    pub fn named(name: &str) -> Option<Role> {
        match name {
            "admin" => Some(Role::Admin),
            "reader" => Some(Role::Reader),
            _ => None,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Role::Admin => "admin",
            Role::Reader => "reader",
        }
    }
}

/// A user as the store has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    pub role: Role,
    /// As Argon2 writes it: with its salt and its costs.
    pub hash: String,
}

/// Whether this may be a password.
pub fn is_long_enough(password: &str) -> bool {
    (SHORTEST_PASSWORD..=LONGEST).contains(&password.chars().count())
}

fn damaged(what: &str) -> Fault {
    Fault::Log { at: "a user".into(), what: what.to_owned() }
}

fn hash(town: &Town, password: &str) -> Result<String> {
    let salt = SaltString::encode_b64(&town.machine.chance()).map_err(|_| damaged("no salt can be made"))?;
    let hash = Argon2::default().hash_password(password.as_bytes(), &salt);
    Ok(hash.map_err(|_| damaged("a password cannot be hashed"))?.to_string())
}

/// A password that nobody has chosen: twelve letters that are not taken for each other.
pub fn generated(town: &Town) -> String {
    const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz234567899";
    let chance = town.machine.secret();
    chance[..12].iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect()
}

/// Enters a user, or gives one that is there another password and role.
pub fn put(town: &Town, name: &str, role: Role, password: &str) -> Result<()> {
    let user = User { role, hash: hash(town, password)? };
    let row = written(paper::USER, name.as_bytes().to_vec(), &user);
    store::town(town.store.as_ref(), |tx| tx.append(&Changes { papers: vec![row.clone()], ..Changes::default() }))
}

/// Takes a user away; false when there is none of that name.
pub fn remove(town: &Town, name: &str) -> Result<bool> {
    store::town(town.store.as_ref(), |tx| {
        let known = tx.paper(paper::USER, name.as_bytes())?.is_some();
        let row = (paper::USER, name.as_bytes().to_vec(), None);
        tx.append(&Changes { papers: vec![row], ..Changes::default() })?;
        Ok(known)
    })
}

/// Everybody, by name.
pub fn list(town: &Town) -> Result<Vec<(String, Role)>> {
    let papers = store::town(town.store.as_ref(), |tx| tx.papers(paper::USER))?;
    let user = |(name, bytes): &(Vec<u8>, Vec<u8>)| {
        let name = String::from_utf8_lossy(name).into_owned();
        let user: User = read(bytes, &name)?;
        Ok((name, user.role))
    };
    papers.iter().map(user).collect()
}

pub fn find(town: &Town, name: &str) -> Result<Option<User>> {
    if name.is_empty() || name.chars().count() > LONGEST {
        return Ok(None);
    }
    let bytes = store::town(town.store.as_ref(), |tx| tx.paper(paper::USER, name.as_bytes()))?;
    bytes.map(|bytes| read(&bytes, name)).transpose()
}

/// Whether this is the user's password. Where there is no such user as much is computed, so that nobody learns by the
/// clock which names there are.
pub fn is_password_of(user: Option<&User>, password: &str) -> bool {
    const NOBODYS: &str =
        "$argon2id$v=19$m=19456,t=2,p=1$bGlhbmh1LW5vYm9keQ$Z3nPP1wYvNPBbIMzn4Kb0xQ0jZ2pC5eTJmqkhd5Rj8o";
    let hash = user.map_or(NOBODYS, |user| user.hash.as_str());
    let known = PasswordHash::new(hash).is_ok_and(|hash| {
        password.chars().count() <= LONGEST && Argon2::default().verify_password(password.as_bytes(), &hash).is_ok()
    });
    known && user.is_some()
}
