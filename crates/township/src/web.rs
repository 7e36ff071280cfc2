//! The township's page, served behind the same doors.

use axum::Router;

use crate::server::Desk;

/// The page's own doors.
pub fn router(_desk: Desk) -> Router<Desk> {
    Router::new()
}
