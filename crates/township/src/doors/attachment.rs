//! `POST /v1/attachment` — pictures, in pieces.

use axum::extract::{Request, State};
use axum::response::Response;
use lianhu_sync::attachment::{Ask, Folder, answer, answer_bytes, read_ask};
use lianhu_sync::protocol::wire::{open_with, seal};
use lianhu_sync::{Ed25519, Shelf};

use crate::counts::one;
use crate::failure::io;
use crate::server::{Desk, Server};

pub async fn attachment(State(desk): State<Desk>, request: Request) -> Response {
    match desk.body(request).await {
        Ok((body, _room)) => desk.work(move |server| heard(server, &body)).await,
        Err(response) => response,
    }
}

fn heard(server: &Server, body: &[u8]) -> Response {
    let town = &server.town;
    let mut key = None;
    let key_of = |ask: &Ask| {
        key = town.key_of(ask.village, ask.device);
        Some(key.clone().unwrap_or_else(|| town.root().key.clone()))
    };
    let ask = open_with(body, &Ed25519, read_ask, key_of);
    let Some(ask) = ask.filter(|_| key.is_some()) else { return server.nothing() };
    if let Err(seconds) = server.limits.device(ask.device, body.len(), server.now_ms()) {
        return server.later(seconds);
    }
    match town.with(ask.village, |shelf| shelf.roster()) {
        Ok(Some(roster)) if roster.key_of(ask.device).is_some() && !roster.is_out(ask.device) => {}
        Ok(_) => return server.nothing(),
        Err(error) => return server.failed(&error),
    }
    let path = town.pictures(ask.village);
    match answer(&Folder::at(&path), &ask.want) {
        Ok(answer) => {
            one(&server.counts.pieces);
            server.bytes(seal(&answer_bytes(&answer), town.key()))
        }
        Err(error) => server.failed(&io(&path)(error).into()),
    }
}
