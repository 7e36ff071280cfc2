//! `POST /v1/sync` — a computer says what it has and brings what is new; it is answered after everything it brought has
//! been kept.

use axum::extract::{Request, State};
use axum::response::Response;
use lianhu_sync::protocol::wire::{answer_bytes, open_ask, seal};
use lianhu_sync::{Ask, Ed25519};

use crate::counts::{one, some};
use crate::server::{Desk, Server};

pub async fn sync(State(desk): State<Desk>, request: Request) -> Response {
    match desk.body(request).await {
        Ok((body, _room)) => desk.work(move |server| heard(server, &body)).await,
        Err(response) => response,
    }
}

fn heard(server: &Server, body: &[u8]) -> Response {
    let town = &server.town;
    let mut key = None;
    // Who is not known is checked against a key that nobody has: it takes as long.
    let key_of = |ask: &Ask| {
        key = town.key_of(ask.village, ask.me.device);
        Some(key.clone().unwrap_or_else(|| town.root().key.clone()))
    };
    let ask = open_ask(body, &Ed25519, key_of);
    let Some(ask) = ask.filter(|_| key.is_some()) else { return server.nothing() };
    if let Err(seconds) = server.limits.device(ask.me.device, body.len(), server.now_ms()) {
        return server.later(seconds);
    }
    match town.hear(&ask) {
        Ok(None) => server.nothing(),
        Err(error) => server.failed(&error),
        Ok(Some(taken)) => {
            one(&server.counts.asks);
            some(&server.counts.batches, taken.batches);
            some(&server.counts.overfull, taken.overfull);
            server.bytes(seal(&answer_bytes(&taken.answer), town.key()))
        }
    }
}
