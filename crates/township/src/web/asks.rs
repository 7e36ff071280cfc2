//! What the page reads: the board, the line, a village's month with its records, the roll-up.

use axum::extract::State;
use axum::http::Uri;
use axum::response::Response;
use lianhu_ledger::Result;
use lianhu_ledger::dates::Month;
use uuid::Uuid;

use super::{Office, Web, said};
use crate::reading::rollup::Basis;
use crate::reading::{board, line, month, rollup};
use crate::town::Village;

/// A month that a report can be of: not far ahead, and after anything of this kind began.
pub fn month_in(uri: &Uri) -> Option<Month> {
    let month: Month = said(uri.query(), "month")?.parse().ok()?;
    (2000..2200).contains(&month.year()).then_some(month)
}

impl Web {
    /// A village of ours that has sent something.
    pub fn village_in(&self, code: &str) -> Result<Option<(Village, Uuid)>> {
        if code.is_empty() || !code.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return Ok(None);
        }
        let village = self.desk.town.village(code)?;
        Ok(village.and_then(|village| village.id.map(|id| (village, id))))
    }
}

pub async fn board(State(office): State<Office>, uri: Uri) -> Response {
    let month = month_in(&uri);
    office.ask(move |web| Ok(month.map(|month| board::board(web.reader(), month)).transpose()?)).await
}

pub async fn line(State(office): State<Office>, uri: Uri) -> Response {
    office
        .ask(move |web| {
            let (Some(month), Some(measure)) = (month_in(&uri), said(uri.query(), "measure")) else { return Ok(None) };
            if board::measured(measure).is_none() {
                return Ok(None);
            }
            let village = match said(uri.query(), "code") {
                None => None,
                Some(code) => match web.village_in(code)? {
                    Some((_, id)) => Some(id),
                    None => return Ok(None),
                },
            };
            Ok(Some(line::line(web.reader(), measure, month, village)?))
        })
        .await
}

pub async fn village(State(office): State<Office>, uri: Uri) -> Response {
    office
        .ask(move |web| {
            let Some(month) = month_in(&uri) else { return Ok(None) };
            let code = said(uri.query(), "code").unwrap_or_default();
            let Some((village, id)) = web.village_in(code)? else { return Ok(None) };
            Ok(Some(month::look(web.reader(), &village, id, month)?))
        })
        .await
}

pub async fn records(State(office): State<Office>, uri: Uri) -> Response {
    office
        .ask(move |web| {
            let (Some(month), Some(figure)) = (month_in(&uri), said(uri.query(), "figure")) else { return Ok(None) };
            let code = said(uri.query(), "code").unwrap_or_default();
            let Some((_, id)) = web.village_in(code)? else { return Ok(None) };
            Ok(month::records(web.reader(), id, month, figure)?)
        })
        .await
}

pub fn basis_in(uri: &Uri) -> Basis {
    if said(uri.query(), "basis") == Some("now") { Basis::Now } else { Basis::Reports }
}

pub async fn rollup(State(office): State<Office>, uri: Uri) -> Response {
    let (month, basis) = (month_in(&uri), basis_in(&uri));
    office.ask(move |web| Ok(month.map(|month| rollup::rollup(web.reader(), month, basis)).transpose()?)).await
}
