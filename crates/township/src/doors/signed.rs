//! What a computer says under its own signature: the beginning of every door that only the computers of a village open.

use axum::response::Response;
use lianhu_sync::protocol::wire::{is_of_another_release, open_with};
use lianhu_sync::{Ask, Ed25519, Roster, Shelf, attachment, consent};
use uuid::Uuid;

use crate::server::Server;

/// One who speaks for a village.
pub trait Says: Sized {
    fn read(bytes: &[u8]) -> Option<Self>;
    fn village(&self) -> Uuid;
    fn device(&self) -> Uuid;
}

impl Says for Ask {
    fn read(bytes: &[u8]) -> Option<Ask> {
        lianhu_sync::protocol::wire::read_ask(bytes)
    }
    fn village(&self) -> Uuid {
        self.village
    }
    fn device(&self) -> Uuid {
        self.me.device
    }
}

impl Says for attachment::Ask {
    fn read(bytes: &[u8]) -> Option<attachment::Ask> {
        attachment::read_ask(bytes)
    }
    fn village(&self) -> Uuid {
        self.village
    }
    fn device(&self) -> Uuid {
        self.device
    }
}

impl Says for consent::Ask {
    fn read(bytes: &[u8]) -> Option<consent::Ask> {
        consent::read_ask(bytes)
    }
    fn village(&self) -> Uuid {
        self.village
    }
    fn device(&self) -> Uuid {
        self.device
    }
}

/// What was said, by a key of that village's roster and within the limits; otherwise what is answered to everybody else.
#[expect(clippy::result_large_err, reason = "what everybody else is answered is handed on as it is")]
pub fn said<T: Says>(server: &Server, body: &[u8]) -> Result<T, Response> {
    if is_of_another_release(body) {
        return Err(server.other_release());
    }
    let town = &server.town;
    let mut key = None;
    // Who is not known is checked against a key that nobody has: it takes as long.
    let key_of = |said: &T| {
        key = town.key_of(said.village(), said.device());
        Some(key.clone().unwrap_or_else(|| town.root().key.clone()))
    };
    let said = open_with(body, &Ed25519, T::read, key_of);
    let said = said.filter(|_| key.is_some()).ok_or_else(|| server.nothing())?;
    let limited = server.limits.device(said.device(), body.len(), server.now_ms());
    limited.map_err(|seconds| server.later(seconds))?;
    Ok(said)
}

/// As [`said`], by one whom the roster of this moment lets through.
#[expect(clippy::result_large_err, reason = "what everybody else is answered is handed on as it is")]
pub fn allowed<T: Says>(server: &Server, body: &[u8], may: fn(&Roster, Uuid) -> bool) -> Result<T, Response> {
    let said: T = said(server, body)?;
    match server.town.with(said.village(), |shelf| shelf.roster()) {
        Ok(Some(roster)) if may(&roster, said.device()) => Ok(said),
        Ok(_) => Err(server.nothing()),
        Err(error) => Err(server.failed(&error)),
    }
}
