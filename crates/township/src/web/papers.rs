//! The roll-up as files: a spreadsheet and a Word document, made by the same writers as the monthly report.

use axum::extract::{Extension, State};
use axum::http::{HeaderValue, Uri, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, NaiveDateTime};
use lianhu_ledger::Fault;
use lianhu_report::PaperFault;
use lianhu_report::document::Document;

use super::Office;
use super::asks::{basis_in, month_in};
use super::session::Clerk;
use crate::failure::Failure;
use crate::reading::rollup;

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

/// All of China keeps one time.
const EIGHT_HOURS_MS: i64 = 8 * 3_600_000;

fn china_time(ms: u64) -> NaiveDateTime {
    let ms = i64::try_from(ms).unwrap_or_default().saturating_add(EIGHT_HOURS_MS);
    DateTime::from_timestamp_millis(ms).unwrap_or_default().naive_utc()
}

pub async fn xlsx(State(office): State<Office>, Extension(clerk): Extension<Clerk>, uri: Uri) -> Response {
    paper(office, clerk, uri, XLSX, |document| lianhu_report::xlsx(document, &[])).await
}

pub async fn docx(State(office): State<Office>, Extension(clerk): Extension<Clerk>, uri: Uri) -> Response {
    paper(office, clerk, uri, DOCX, lianhu_report::docx).await
}

async fn paper(
    office: Office,
    clerk: Clerk,
    uri: Uri,
    kind: &'static str,
    write: fn(&Document) -> Result<Vec<u8>, PaperFault>,
) -> Response {
    office
        .respond(move |web| {
            let Some(month) = month_in(&uri) else { return Ok(None) };
            let town = &web.desk.town;
            let rollup = rollup::rollup(web.reader(), month, basis_in(&uri))?;
            let document = rollup::document(&rollup, &town.name, china_time(web.desk.now_ms()));
            let bytes = write(&document).map_err(|fault| {
                let what = Fault::Asset { name: "roll-up", what: fault.to_string() };
                Failure::from(what)
            })?;
            town.note(&clerk.name, "rollup", &month.to_string())?;
            let attached = HeaderValue::from_static("attachment");
            let headers =
                [(header::CONTENT_TYPE, HeaderValue::from_static(kind)), (header::CONTENT_DISPOSITION, attached)];
            Ok(Some((headers, bytes).into_response()))
        })
        .await
}
