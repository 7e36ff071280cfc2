//! `POST /v1/attachment` — pictures, in pieces.

use axum::extract::{Request, State};
use axum::response::Response;
use lianhu_sync::attachment::{Ask, Folder, answer, answer_bytes};
use lianhu_sync::protocol::wire::seal;

use super::signed::allowed;
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
    let ask: Ask =
        match allowed(server, body, |roster, device| roster.key_of(device).is_some() && !roster.is_out(device)) {
            Ok(ask) => ask,
            Err(response) => return response,
        };
    let town = &server.town;
    let path = town.pictures(ask.village);
    match answer(&Folder::at(&path), &ask.want) {
        Ok(answer) => {
            one(&server.counts.pieces);
            server.bytes(seal(&answer_bytes(&answer), town.key()))
        }
        Err(error) => server.failed(&io(&path)(error).into()),
    }
}
