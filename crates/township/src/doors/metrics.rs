//! `GET /metrics` — what the server counts of itself.

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

use crate::server::Desk;

const FORM: HeaderValue = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");

pub async fn metrics(State(desk): State<Desk>) -> Response {
    ([(header::CONTENT_TYPE, FORM)], desk.counts.text()).into_response()
}
