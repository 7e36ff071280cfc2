//! The doors: every way into the server, one file each. The router is made of this table, and so is the test that tries
//! every door with everything that is another village's; a door that is not in it is not there.

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use axum::routing::{MethodRouter, get, post};
use lianhu_sync::attachment::ATTACHMENT_PATH;
use lianhu_sync::consent::CONSENT_PATH;
use lianhu_sync::enrolment::{ENROL_PATH, SYNC_PATH};

use crate::counts::one;
use crate::server::{Desk, address};
use crate::web;

mod attachment;
mod consent;
mod enrol;
mod health;
mod metrics;
mod signed;
mod sync;

/// Who may go through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Anybody; nothing of a village lies behind it.
    Anyone,
    /// Who holds an enrolment code.
    Enrolling,
    /// A computer on the roster of the village it speaks of.
    Computer,
    /// Somebody who is signed in at the township's page.
    Clerk,
}

pub struct Door {
    pub path: &'static str,
    pub method: &'static str,
    pub who: Who,
    open: fn() -> MethodRouter<Desk>,
}

pub const DOORS: &[Door] = &[
    Door { path: ENROL_PATH, method: "POST", who: Who::Enrolling, open: || post(enrol::enrol) },
    Door { path: SYNC_PATH, method: "POST", who: Who::Computer, open: || post(sync::sync) },
    Door { path: ATTACHMENT_PATH, method: "POST", who: Who::Computer, open: || post(attachment::attachment) },
    Door { path: CONSENT_PATH, method: "POST", who: Who::Computer, open: || post(consent::consent) },
    Door { path: "/healthz", method: "GET", who: Who::Anyone, open: || get(health::health) },
    Door { path: "/metrics", method: "GET", who: Who::Anyone, open: || get(metrics::metrics) },
];

pub fn router(desk: Desk) -> Router {
    let doors = DOORS.iter().fold(Router::new(), |router, door| router.route(door.path, (door.open)()));
    let doors = doors.merge(web::router(desk.clone())).fallback(nothing).method_not_allowed_fallback(nothing);
    // One frame around all of it: within, a door still adds what it has to say of itself.
    let limits = from_fn_with_state(desk.clone(), limited);
    Router::new().fallback_service(doors.with_state(desk)).layer(limits)
}

async fn nothing(State(desk): State<Desk>) -> Response {
    desk.nothing()
}

/// Where there is nothing, nobody is told which way would have led to something.
fn unhinted(mut response: Response) -> Response {
    if response.status() == StatusCode::NOT_FOUND {
        response.headers_mut().remove(header::ALLOW);
    }
    response
}

/// Before any door: nobody takes the server away from the others.
async fn limited(State(desk): State<Desk>, request: Request, next: Next) -> Response {
    one(&desk.counts.requests);
    match desk.limits.address(address(&request), desk.now_ms()) {
        Ok(()) => unhinted(next.run(request).await),
        Err(seconds) => desk.later(seconds),
    }
}
