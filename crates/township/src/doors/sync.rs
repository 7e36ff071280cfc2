//! `POST /v1/sync` — a computer says what it has and brings what is new; it is answered after everything it brought has
//! been kept.

use axum::extract::{Request, State};
use axum::response::Response;
use lianhu_sync::Ask;
use lianhu_sync::protocol::wire::{answer_bytes, seal};

use super::signed::said;
use crate::counts::{one, some};
use crate::server::{Desk, Server};

pub async fn sync(State(desk): State<Desk>, request: Request) -> Response {
    match desk.body(request).await {
        Ok((body, _room)) => desk.work(move |server| heard(server, &body)).await,
        Err(response) => response,
    }
}

fn heard(server: &Server, body: &[u8]) -> Response {
    let ask: Ask = match said(server, body) {
        Ok(ask) => ask,
        Err(response) => return response,
    };
    match server.town.hear(&ask) {
        Ok(None) => server.nothing(),
        Err(error) => server.failed(&error),
        Ok(Some(taken)) => {
            one(&server.counts.asks);
            some(&server.counts.batches, taken.batches);
            some(&server.counts.overfull, taken.overfull);
            server.bytes(seal(&answer_bytes(&taken.answer), server.town.key()))
        }
    }
}
