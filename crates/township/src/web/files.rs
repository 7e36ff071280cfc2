//! The page's own files, carried inside the program. Their names change with their content, so a browser may keep them;
//! the first page alone is asked for anew each time.

use axum::extract::State;
use axum::http::{HeaderValue, Uri, header};
use axum::response::{IntoResponse, Response};

use super::Office;

include!(concat!(env!("OUT_DIR"), "/pages.rs"));

/// What stands where the page was not built before the program was.
const NO_PAGES: &str = "<!doctype html><meta charset=\"utf-8\"><title>联户</title><p>cargo xtask test";
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

fn kind(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, ending)| ending) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        _ => "application/octet-stream",
    }
}

pub async fn index() -> Response {
    let page = PAGES.iter().find(|(name, _)| *name == "index.html");
    let bytes = page.map_or(NO_PAGES.as_bytes(), |(_, bytes)| *bytes);
    ([(header::CONTENT_TYPE, HeaderValue::from_static(kind("index.html")))], bytes).into_response()
}

pub async fn file(State(office): State<Office>, uri: Uri) -> Response {
    let wanted = uri.path().trim_start_matches('/');
    let Some((name, bytes)) = PAGES.iter().find(|(name, _)| *name == wanted) else { return office.desk.nothing() };
    let kind = HeaderValue::from_static(kind(name));
    let mut response = ([(header::CONTENT_TYPE, kind)], *bytes).into_response();
    if name.starts_with("assets/") {
        response.headers_mut().insert(header::CACHE_CONTROL, FOR_EVER);
    }
    response
}
