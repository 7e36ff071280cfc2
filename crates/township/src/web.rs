//! 镇里看板 — the township's page (S14): who is signed in reads villages and months, and whoever runs the township's
//! office answers reports, hands out codes, lets computers in and shuts them out.
//!
//! Every way in is a line of [`DOORS`]; the router is made of it, and so are the tests. What a door answers is never
//! kept by a browser; the page's own files are.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, post};
use lianhu_ledger::{Code, Error};
use serde::Serialize;
use serde_json::json;

use crate::failure::{Failure, Outcome};
use crate::reading::{Reader, Reading};
use crate::server::Desk;

mod asks;
mod computers;
mod deeds;
mod files;
mod papers;
mod session;
pub mod users;

use session::SignIns;
use users::Role;

/// Who may go through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Anybody: the page itself, and signing in. Nothing of a village lies behind it.
    Anyone,
    /// 查看, and whoever may do more.
    Reader,
    /// 镇里管理员.
    Admin,
}

/// One way into the page.
pub struct Door {
    pub path: &'static str,
    pub method: &'static str,
    pub who: Who,
    open: fn() -> MethodRouter<Office>,
}

pub const DOORS: &[Door] = &[
    Door { path: "/", method: "GET", who: Who::Anyone, open: || get(files::index) },
    Door { path: "/old.js", method: "GET", who: Who::Anyone, open: || get(files::file) },
    Door { path: "/assets/{*path}", method: "GET", who: Who::Anyone, open: || get(files::file) },
    Door { path: "/page/session", method: "GET", who: Who::Anyone, open: || get(session::look) },
    Door { path: "/page/sign-in", method: "POST", who: Who::Anyone, open: || post(session::sign_in) },
    Door { path: "/page/sign-out", method: "POST", who: Who::Reader, open: || post(session::sign_out) },
    Door { path: "/page/board", method: "GET", who: Who::Reader, open: || get(asks::board) },
    Door { path: "/page/line", method: "GET", who: Who::Reader, open: || get(asks::line) },
    Door { path: "/page/village", method: "GET", who: Who::Reader, open: || get(asks::village) },
    Door { path: "/page/records", method: "GET", who: Who::Reader, open: || get(asks::records) },
    Door { path: "/page/rollup", method: "GET", who: Who::Reader, open: || get(asks::rollup) },
    Door { path: "/page/rollup.xlsx", method: "GET", who: Who::Reader, open: || get(papers::xlsx) },
    Door { path: "/page/rollup.docx", method: "GET", who: Who::Reader, open: || get(papers::docx) },
    Door { path: "/page/answer", method: "POST", who: Who::Admin, open: || post(deeds::answer) },
    Door { path: "/page/villages", method: "GET", who: Who::Admin, open: || get(computers::villages) },
    Door { path: "/page/computers", method: "GET", who: Who::Admin, open: || get(computers::computers) },
    Door { path: "/page/enrol", method: "POST", who: Who::Admin, open: || post(computers::enrol) },
    Door { path: "/page/approve", method: "POST", who: Who::Admin, open: || post(computers::approve) },
    Door { path: "/page/revoke", method: "POST", who: Who::Admin, open: || post(computers::revoke) },
    Door { path: "/page/held", method: "GET", who: Who::Admin, open: || get(deeds::held) },
    Door { path: "/page/held", method: "POST", who: Who::Admin, open: || post(deeds::decide) },
    Door { path: "/page/package", method: "POST", who: Who::Admin, open: || post(deeds::package) },
];

/// What a door of the page is given.
pub type Office = Arc<Web>;

pub struct Web {
    pub desk: Desk,
    reading: Reading,
    sign_ins: SignIns,
}

/// The page's own doors.
pub fn router(desk: Desk) -> Router<Desk> {
    let office = Arc::new(Web { desk, reading: Reading::default(), sign_ins: SignIns::default() });
    let open = |router: Router<Office>, door: &'static Door| {
        let gate = from_fn_with_state((office.clone(), door.who), gate);
        router.route(door.path, (door.open)().layer(gate))
    };
    DOORS.iter().fold(Router::new(), open).with_state(office)
}

/// Before any door: who comes, whether they may, and whether it is this page that sent them.
async fn gate(State((office, who)): State<(Office, Who)>, mut request: Request, next: Next) -> Response {
    let clerk = match who {
        Who::Anyone => None,
        Who::Reader | Who::Admin => match session::clerk(&office, request.headers()).await {
            Ok(Some(clerk)) => Some(clerk),
            Ok(None) => return guarded(StatusCode::UNAUTHORIZED.into_response()),
            Err(failed) => return failed,
        },
    };
    if let Some(clerk) = clerk {
        let writes = request.method() == Method::POST;
        if (who == Who::Admin && clerk.role != Role::Admin) || (writes && !clerk.is_meant(request.headers())) {
            return guarded(StatusCode::FORBIDDEN.into_response());
        }
        request.extensions_mut().insert(clerk);
    }
    guarded(next.run(request).await)
}

/// What a browser may do with an answer of ours: nothing that the page does not need, and keep nothing.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const GUARDS: [(HeaderName, &str); 4] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_FRAME_OPTIONS, "DENY"),
];

/// An answer that says nothing says it in the same words and headers everywhere.
fn guarded(mut response: Response) -> Response {
    if response.status() == StatusCode::NOT_FOUND {
        return response;
    }
    let headers = response.headers_mut();
    for (name, value) in GUARDS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

impl Web {
    pub fn reader(&self) -> Reader<'_> {
        self.reading.of(&self.desk.town)
    }

    /// Does what a door asks, apart from the network's threads. `None`: there is no such village, month or figure.
    async fn ask<T: Serialize>(
        self: &Arc<Self>,
        ask: impl FnOnce(&Web) -> Outcome<Option<T>> + Send + 'static,
    ) -> Response {
        self.respond(move |web| Ok(ask(web)?.map(|answer| axum::Json(answer).into_response()))).await
    }

    async fn respond(
        self: &Arc<Self>,
        ask: impl FnOnce(&Web) -> Outcome<Option<Response>> + Send + 'static,
    ) -> Response {
        let web = self.clone();
        self.desk
            .work(move |server| match ask(&web) {
                Ok(Some(response)) => response,
                Ok(None) => server.nothing(),
                Err(Failure::Said(code, details)) => refused(code, &details),
                Err(Failure::Ledger(Error::Refusal(refusal))) if refusal.code != Code::Busy => {
                    let details: Vec<(&str, String)> = refusal.details.iter().map(|(k, v)| (*k, v.clone())).collect();
                    refused(&format!("refusal.{}", refusal.code.name()), &details)
                }
                Err(Failure::Ledger(error)) => server.failed(&error),
            })
            .await
    }
}

/// The person can do something about it: the sentence's name in the catalogue, and what it names.
fn refused(code: &str, details: &[(&str, String)]) -> Response {
    let details: std::collections::BTreeMap<&str, &str> = details.iter().map(|(k, v)| (*k, v.as_str())).collect();
    (StatusCode::UNPROCESSABLE_ENTITY, axum::Json(json!({ "code": code, "details": details }))).into_response()
}

/// What an address says under that name. Everything the page asks for is made of plain letters.
fn said<'a>(query: Option<&'a str>, name: &str) -> Option<&'a str> {
    let pairs = query?.split('&').filter_map(|pair| pair.split_once('='));
    pairs.filter(|(key, _)| *key == name).map(|(_, value)| value).find(|value| !value.contains(['%', '+']))
}
