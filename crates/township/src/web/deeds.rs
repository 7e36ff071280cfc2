//! What the township's office does on the page: its word about a report, a second yes or no to what waits, a stick read.

use axum::extract::{Extension, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use lianhu_ledger::china_day;
use lianhu_ledger::dates::Month;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::Office;
use super::session::Clerk;
use crate::failure::Failure;
use crate::reading::month::{Word, answering};
use crate::town::{Asked, Held};

/// A reason stands on the village's first page: a sentence or two.
const LONGEST_REASON: usize = 200;
/// A larger package is read by the program itself: `lianhu-township package read`.
const LARGEST_PACKAGE: usize = 64 * 1024 * 1024;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Answer {
    code: String,
    month: Month,
    check_code: String,
    /// Why it goes back; none accepts it.
    reason: Option<String>,
}

pub async fn answer(State(office): State<Office>, Extension(clerk): Extension<Clerk>, request: Request) -> Response {
    office
        .deed(request, move |web, ask: Answer| {
            let Some((_, id)) = web.village_in(&ask.code)? else { return Ok(None) };
            let reason = ask.reason.map(|reason| reason.trim().to_owned());
            if reason.as_ref().is_some_and(String::is_empty) {
                return Err(Failure::said("refusal.reason_missing", []));
            }
            if reason.as_ref().is_some_and(|reason| reason.chars().count() > LONGEST_REASON) {
                return Err(Failure::said("township.reason_too_long", [("most", "200")]));
            }
            let what = if reason.is_some() { "return_report" } else { "accept_report" };
            let word = Word { month: ask.month, check_code: ask.check_code, reason };
            let change =
                answering(web.reader(), id, &word)?.ok_or_else(|| Failure::said("township.report_moved", []))?;
            web.desk.town.write(id, "answer_report", &[change])?;
            web.desk.town.note(&clerk.name, what, &format!("{} {}", ask.code, ask.month))?;
            Ok(Some(json!({})))
        })
        .await
}

#[derive(Serialize)]
struct Waits {
    village: String,
    code: String,
    at: String,
    why: &'static str,
    who: String,
    batches: usize,
    records: usize,
    voids: usize,
}

pub async fn held(State(office): State<Office>) -> Response {
    office
        .ask(|web| {
            let mut waits = Vec::new();
            for village in web.desk.town.villages()? {
                let told = |held: Held| Waits {
                    village: village.name.clone(),
                    code: village.code.clone(),
                    at: held.at,
                    why: held.why,
                    who: held.who,
                    batches: held.batches,
                    records: held.changes,
                    voids: held.voids,
                };
                waits.extend(web.desk.town.held(&village)?.into_iter().map(told));
            }
            Ok(Some(waits))
        })
        .await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Decide {
    code: String,
    at: String,
    yes: bool,
}

pub async fn decide(State(office): State<Office>, Extension(clerk): Extension<Clerk>, request: Request) -> Response {
    office
        .deed(request, move |web, ask: Decide| {
            let town = &web.desk.town;
            let (Some(village), Some(asked)) = (town.village(&ask.code)?, Asked::typed(&ask.at)) else {
                return Ok(None);
            };
            let came = if ask.yes { town.approve_batch(&village, asked)? } else { town.refuse_batch(&village, asked)? };
            town.note(&clerk.name, if ask.yes { "approve_batch" } else { "refuse_batch" }, &ask.at)?;
            Ok(Some(json!({ "batches": came })))
        })
        .await
}

pub async fn package(State(office): State<Office>, Extension(clerk): Extension<Clerk>, request: Request) -> Response {
    let Ok(file) = axum::body::to_bytes(request.into_body(), LARGEST_PACKAGE).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    office
        .ask(move |web| {
            let town = &web.desk.town;
            let came = town.read_package(&file)?;
            let village = town.village_of(came.village)?;
            let name = village.as_ref().map(|village| village.name.clone()).unwrap_or_default();
            town.note(&clerk.name, "package", &village.map(|village| village.code).unwrap_or_default())?;
            let day = china_day(town.machine.now_ms());
            Ok(Some(json!({
                "called": format!("{name} 镇里回包 {day}.lhb"),
                "village": name,
                "batches": came.batches,
                "held": came.held.len(),
                "answer": STANDARD.encode(&came.back),
            })))
        })
        .await
}
