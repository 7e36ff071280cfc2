//! `GET /healthz` — whether the server can do its work: for whoever balances or watches.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use crate::server::{Desk, TEXT};

pub async fn health(State(desk): State<Desk>) -> Response {
    desk.work(|server| match server.town.is_well() {
        Ok(()) => ([(header::CONTENT_TYPE, TEXT)], "ok\n").into_response(),
        Err(error) => server.failed(&error),
    })
    .await
}
