//! 电脑和接入 — a village's computers, codes for new ones, and the yes or no of the township to each.

use axum::extract::{Extension, Request, State};
use axum::http::{Uri, header};
use axum::response::Response;
use qrcode::QrCode;
use qrcode::render::svg;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::session::Clerk;
use super::{Office, Web, said};
use crate::failure::{Failure, Outcome};
use crate::town::{Computer, Place, Town, Village};

#[derive(Serialize)]
struct Listed {
    code: String,
    name: String,
    /// A computer of it has enrolled.
    enrolled: bool,
}

pub async fn villages(State(office): State<Office>) -> Response {
    office
        .ask(|web| {
            let mut villages = web.desk.town.villages()?;
            villages.sort_by(|a, b| a.code.cmp(&b.code));
            let listed =
                |village: Village| Listed { enrolled: village.id.is_some(), code: village.code, name: village.name };
            Ok(Some(villages.into_iter().map(listed).collect::<Vec<_>>()))
        })
        .await
}

#[derive(Serialize)]
struct Shown {
    device: Uuid,
    who: String,
    role: String,
    state: Place,
    /// 核对码, while it waits: the computer's own screen shows the same.
    short: Option<String>,
    heard_ms: Option<u64>,
}

fn shown(computer: Computer) -> Shown {
    Shown {
        device: computer.device,
        who: computer.who,
        role: computer.role,
        state: computer.place,
        short: (computer.place == Place::Waits).then_some(computer.short),
        heard_ms: computer.seen_ms,
    }
}

pub async fn computers(State(office): State<Office>, uri: Uri) -> Response {
    office
        .ask(move |web| {
            let code = said(uri.query(), "code").unwrap_or_default();
            let Some(village) = web.desk.town.village(code)? else { return Ok(None) };
            let computers = web.desk.town.computers(&village)?;
            Ok(Some(computers.into_iter().map(shown).collect::<Vec<_>>()))
        })
        .await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewCode {
    code: String,
    role: String,
}

pub async fn enrol(State(office): State<Office>, Extension(clerk): Extension<Clerk>, request: Request) -> Response {
    // Where the township was told no address, villages reach it where this page was reached.
    let here = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).map(str::to_owned);
    office
        .deed(request, move |web, ask: NewCode| {
            let Some(village) = web.desk.town.village(&ask.code)? else { return Ok(None) };
            let named = web.desk.town.address.contains(':');
            let address = here.as_deref().filter(|_| !named);
            let offer = web.desk.town.offer(&ask.code, &ask.role, address)?;
            web.desk.town.note(&clerk.name, "enrol", &ask.code)?;
            let code = offer.code.text();
            Ok(Some(json!({
                "svg": picture(&code)?,
                "code": code,
                "expires_ms": offer.expires_ms,
                "village": village.name,
                "role": ask.role,
            })))
        })
        .await
}

/// The code as a picture that a telephone or a scanner reads.
fn picture(code: &str) -> Outcome<String> {
    let drawn = QrCode::new(code).map_err(|_| Failure::said("township.no_address", []))?;
    Ok(drawn.render::<svg::Color<'_>>().min_dimensions(220, 220).build())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WhichComputer {
    code: String,
    device: Uuid,
}

pub async fn approve(State(office): State<Office>, Extension(clerk): Extension<Clerk>, request: Request) -> Response {
    say(office, clerk, request, "approve", Town::approve).await
}

pub async fn revoke(State(office): State<Office>, Extension(clerk): Extension<Clerk>, request: Request) -> Response {
    say(office, clerk, request, "revoke", Town::revoke).await
}

async fn say(
    office: Office,
    clerk: Clerk,
    request: Request,
    what: &'static str,
    deed: fn(&Town, Uuid) -> Outcome<Village>,
) -> Response {
    office
        .deed(request, move |web, ask: WhichComputer| {
            // Only a computer of the village that was looked at: an id alone, guessed or old, does nothing.
            let Some(village) = web.desk.town.village(&ask.code)? else { return Ok(None) };
            if !web.desk.town.computers(&village)?.iter().any(|computer| computer.device == ask.device) {
                return Ok(None);
            }
            deed(&web.desk.town, ask.device)?;
            web.desk.town.note(&clerk.name, what, &ask.device.to_string())?;
            Ok(Some(json!({})))
        })
        .await
}

impl Web {
    /// A write: its body read within limits, its work done apart from the network.
    pub async fn deed<A: for<'d> Deserialize<'d> + Send + 'static>(
        self: &std::sync::Arc<Self>,
        request: Request,
        work: impl FnOnce(&Web, A) -> Outcome<Option<Json>> + Send + 'static,
    ) -> Response {
        use axum::response::IntoResponse;
        let (body, _room) = match self.desk.body(request).await {
            Ok(read) => read,
            Err(response) => return response,
        };
        match serde_json::from_slice::<A>(&body) {
            Ok(ask) => self.ask(move |web| work(web, ask)).await,
            Err(_) => axum::http::StatusCode::BAD_REQUEST.into_response(),
        }
    }
}
