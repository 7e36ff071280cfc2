//! `POST /v1/enrol` — a computer comes with a code.

use axum::Json;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use lianhu_sync::enrolment::{Enrol, No, Refused};

use crate::counts::one;
use crate::server::{Desk, Server, address};

pub async fn enrol(State(desk): State<Desk>, request: Request) -> Response {
    let address = address(&request);
    if let Err(seconds) = desk.limits.may_guess(address, desk.now_ms()) {
        return desk.later(seconds);
    }
    match desk.body(request).await {
        Ok((body, _room)) => desk.work(move |server| heard(server, &body, address)).await,
        Err(response) => response,
    }
}

/// An enrolment is short; what is longer is none.
const LONGEST: usize = 4096;

fn heard(server: &Server, body: &[u8], address: std::net::IpAddr) -> Response {
    let said: Option<Enrol> =
        Some(body).filter(|body| body.len() <= LONGEST).and_then(|b| serde_json::from_slice(b).ok());
    let enrolled = match said {
        Some(enrol) => server.town.enrol(&enrol),
        None => Ok(Err(Refused::Unknown)),
    };
    match enrolled {
        Ok(Ok(enrolled)) => {
            one(&server.counts.enrolled);
            tracing::info!(role = enrolled.role, waits = enrolled.waits, "a computer enrolled");
            Json(enrolled).into_response()
        }
        Ok(Err(refused)) => {
            one(&server.counts.guesses);
            if refused == Refused::Unknown {
                server.limits.guessed(address, server.now_ms());
            }
            tracing::warn!(why = refused.name(), "a computer was not enrolled");
            (StatusCode::FORBIDDEN, Json(No { refused })).into_response()
        }
        Err(error) => server.failed(&error),
    }
}
