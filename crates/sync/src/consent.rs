//! 同意 — the village's secretary says yes to a further computer of the village, when both screens show the same six
//! digits. The township alone writes the roster; what a secretary says is asked of it here.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Takes POST, sealed like every message of a computer; what is said is short and written as JSON.
pub const CONSENT_PATH: &str = "/v1/consent";

/// Whose word counts.
pub const SECRETARY: &str = "secretary";

/// Who waits in the village; with `yes`, the one of them who may come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ask {
    pub village: Uuid,
    pub device: Uuid,
    pub yes: Option<Uuid>,
}

/// A computer that waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitingComputer {
    pub device: Uuid,
    pub who: String,
    pub role: String,
    /// 核对码: its own screen shows the same.
    pub short: String,
}

/// Those who wait still.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    pub waiting: Vec<WaitingComputer>,
}

pub fn bytes(said: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(said).expect("what is said is plain data")
}

pub fn read_ask(bytes: &[u8]) -> Option<Ask> {
    serde_json::from_slice(bytes).ok()
}

pub fn read_answer(bytes: &[u8]) -> Option<Answer> {
    serde_json::from_slice(bytes).ok()
}
