//! 登录 — signing in, staying so for a working day, and leaving. A session is a secret in a cookie that scripts cannot
//! read and other sites cannot send; the store has its hash alone. What writes must also say the session's own word in a
//! header, which only this page knows.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use axum::extract::{Extension, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use lianhu_ledger::{Edge, Result};
use lianhu_sync::enrolment::hex;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::users::{self, Role, User};
use super::{Office, Web};
use crate::reading::board;
use crate::server::address;
use crate::store::{self, Changes, paper};
use crate::town::{read, written};

/// The prefix makes the browser hold it to this host and to TLS.
const COOKIE: &str = "__Host-lianhu";
/// The header in which a write says the session's word.
const WORD: &str = "x-lianhu-page";
/// A working day and its evening.
const HOLDS_MS: u64 = 12 * 60 * 60 * 1000;
/// Names that are remembered for wrong passwords.
const REMEMBERED: usize = 10_000;

/// Who came through the gate.
#[derive(Clone, Debug)]
pub struct Clerk {
    pub name: String,
    pub role: Role,
    word: String,
    kept_as: Vec<u8>,
}

impl Clerk {
    /// The page itself sent this, and no other page in the same browser.
    pub fn is_meant(&self, headers: &HeaderMap) -> bool {
        let from_elsewhere = headers.get("sec-fetch-site").is_some_and(|site| site != "same-origin");
        let word = headers.get(WORD).and_then(|word| word.to_str().ok());
        !from_elsewhere && word.is_some_and(|word| alike(word, &self.word))
    }
}

/// Compared without telling by the clock how much was right.
fn alike(a: &str, b: &str) -> bool {
    blake3::hash(a.as_bytes()) == blake3::hash(b.as_bytes())
}

/// A session as it is kept, under the hash of its secret.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Kept {
    user: String,
    ends_ms: u64,
    /// Of the password by which it was begun: another password ends it.
    of: String,
}

fn kept_as(secret: &str) -> Vec<u8> {
    blake3::derive_key("lianhu 2026 page session", secret.as_bytes()).to_vec()
}

fn word_of(secret: &str) -> String {
    hex(&blake3::derive_key("lianhu 2026 page word", secret.as_bytes())[..16])
}

fn mark_of(user: &User) -> String {
    hex(&blake3::hash(user.hash.as_bytes()).as_bytes()[..8])
}

/// Wrong passwords of late: each name waits longer with each of them.
#[derive(Default)]
pub struct SignIns {
    wrong: Mutex<HashMap<String, (u32, u64)>>,
    /// One password is worked on at a time: it takes 19 MB.
    turn: Mutex<()>,
}

impl SignIns {
    /// For how many seconds this name is not heard.
    fn waits(&self, name: &str, now_ms: u64) -> Option<u64> {
        let wrong = self.wrong.lock().unwrap_or_else(PoisonError::into_inner);
        let until = wrong.get(name).map_or(0, |(_, until)| *until);
        (until > now_ms).then(|| (until - now_ms).div_ceil(1000))
    }

    fn was(&self, right: bool, name: &str, now_ms: u64) {
        let mut wrong = self.wrong.lock().unwrap_or_else(PoisonError::into_inner);
        if right {
            wrong.remove(name);
            return;
        }
        if wrong.len() >= REMEMBERED {
            wrong.retain(|_, (_, until)| *until > now_ms);
        }
        let (times, until) = wrong.entry(name.to_owned()).or_default();
        *times = (*times + 1).min(20);
        // Three may be slips of the hand; then 2 s, 4 s, 8 s … five minutes.
        let seconds = if *times < 3 { 0 } else { (1u64 << (*times - 2).min(9)).min(300) };
        *until = now_ms + seconds * 1000;
    }
}

fn secret_in(headers: &HeaderMap) -> Option<String> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|cookie| cookie.to_str().ok());
    let pairs = cookies.flat_map(|cookie| cookie.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.filter(|(name, _)| *name == COOKIE).map(|(_, secret)| secret.to_owned()).next()
}

/// Who is signed in by this cookie.
pub async fn clerk(office: &Office, headers: &HeaderMap) -> Result<Option<Clerk>, Response> {
    let Some(secret) = secret_in(headers) else { return Ok(None) };
    let web = office.clone();
    let found = tokio::task::spawn_blocking(move || web.signed_in(&secret)).await;
    match found {
        Ok(Ok(clerk)) => Ok(clerk),
        Ok(Err(error)) => Err(office.desk.failed(&error)),
        Err(_) => Err(office.desk.busy()),
    }
}

impl Web {
    fn signed_in(&self, secret: &str) -> Result<Option<Clerk>> {
        let kept_as = kept_as(secret);
        let (kept, user) = store::town(self.desk.town.store.as_ref(), |tx| {
            let Some(bytes) = tx.paper(paper::SESSION, &kept_as)? else { return Ok((None, None)) };
            let kept: Kept = read(&bytes, "session")?;
            let user = tx.paper(paper::USER, kept.user.as_bytes())?;
            let user: Option<User> = user.map(|bytes| read(&bytes, "user")).transpose()?;
            Ok((Some(kept), user))
        })?;
        let (Some(kept), Some(user)) = (kept, user) else { return Ok(None) };
        let holds = kept.ends_ms > self.desk.now_ms() && kept.of == mark_of(&user);
        Ok(holds.then(|| Clerk { name: kept.user, role: user.role, word: word_of(secret), kept_as }))
    }

    /// Begins a session, and forgets those that ended.
    fn begin(&self, name: &str, user: &User) -> Result<String> {
        let (secret, now_ms) = (hex(&self.desk.town.machine.secret()), self.desk.now_ms());
        let kept = Kept { user: name.to_owned(), ends_ms: now_ms + HOLDS_MS, of: mark_of(user) };
        let row = written(paper::SESSION, kept_as(&secret), &kept);
        store::town(self.desk.town.store.as_ref(), |tx| {
            let mut papers = vec![row.clone()];
            for (name, bytes) in tx.papers(paper::SESSION)? {
                let ended = read::<Kept>(&bytes, "session").is_ok_and(|kept| kept.ends_ms <= now_ms);
                papers.extend(ended.then_some((paper::SESSION, name, None)));
            }
            tx.append(&Changes { papers, ..Changes::default() })
        })?;
        Ok(secret)
    }

    fn told(&self, clerk: Option<&Clerk>) -> Result<Response> {
        let today = self.desk.town.machine.today();
        let told = json!({
            "township": self.desk.town.name,
            "user": clerk.map(|clerk| &clerk.name),
            "role": clerk.map(|clerk| clerk.role),
            "csrf": clerk.map_or("", |clerk| &clerk.word),
            "today": today,
            "month": board::in_hand(today)?,
            "months": board::months(today),
        });
        Ok(axum::Json(told).into_response())
    }
}

/// Who sits here, if anybody has signed in; and what every page needs to know.
pub async fn look(State(office): State<Office>, request: Request) -> Response {
    let clerk = match clerk(&office, request.headers()).await {
        Ok(clerk) => clerk,
        Err(failed) => return failed,
    };
    office.respond(move |web| Ok(Some(web.told(clerk.as_ref())?))).await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Credentials {
    name: String,
    password: String,
}

pub async fn sign_in(State(office): State<Office>, request: Request) -> Response {
    let (from, now_ms) = (address(&request), office.desk.now_ms());
    // A form of another site cannot send this kind of content.
    if request.headers().get(header::CONTENT_TYPE).is_none_or(|kind| kind != "application/json") {
        return StatusCode::FORBIDDEN.into_response();
    }
    if let Err(seconds) = office.desk.limits.may_guess(from, now_ms) {
        return office.desk.later(seconds);
    }
    let (body, _room) = match office.desk.body(request).await {
        Ok(read) => read,
        Err(response) => return response,
    };
    let Ok(asked) = serde_json::from_slice::<Credentials>(&body) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    if let Some(seconds) = office.sign_ins.waits(&asked.name, now_ms) {
        return office.desk.later(seconds);
    }
    office
        .respond(move |web| {
            let user = users::find(&web.desk.town, &asked.name)?;
            let right = {
                let _turn = web.sign_ins.turn.lock().unwrap_or_else(PoisonError::into_inner);
                users::is_password_of(user.as_ref(), &asked.password)
            };
            web.sign_ins.was(right, &asked.name, now_ms);
            let Some(user) = user.filter(|_| right) else {
                web.desk.limits.guessed(from, now_ms);
                web.desk.town.note("page", "wrong_password", "")?;
                return Ok(Some(StatusCode::UNAUTHORIZED.into_response()));
            };
            let secret = web.begin(&asked.name, &user)?;
            web.desk.town.note(&asked.name, "signed_in", "")?;
            let word = word_of(&secret);
            let kept_as = kept_as(&secret);
            let clerk = Clerk { name: asked.name, role: user.role, word, kept_as };
            Ok(Some(with_cookie(web.told(Some(&clerk))?, &secret, HOLDS_MS / 1000)))
        })
        .await
}

fn with_cookie(mut response: Response, secret: &str, seconds: u64) -> Response {
    let cookie = format!("{COOKIE}={secret}; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age={seconds}");
    let cookie = HeaderValue::try_from(cookie).expect("hexadecimal digits are a header");
    response.headers_mut().insert(header::SET_COOKIE, cookie);
    response
}

pub async fn sign_out(State(office): State<Office>, Extension(clerk): Extension<Clerk>) -> Response {
    office
        .respond(move |web| {
            let papers = vec![(paper::SESSION, clerk.kept_as.clone(), None)];
            store::town(web.desk.town.store.as_ref(), |tx| {
                tx.append(&Changes { papers: papers.clone(), ..Changes::default() })
            })?;
            Ok(Some(with_cookie(axum::Json(json!({})).into_response(), "", 0)))
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_wrong_password_is_waited_for_longer_and_a_right_one_ends_it() {
        let ins = SignIns::default();
        ins.was(false, "韦所长", 0);
        ins.was(false, "韦所长", 0);
        assert_eq!(ins.waits("韦所长", 0), None, "slips of the hand");
        let mut last = 0;
        for _ in 0..6 {
            ins.was(false, "韦所长", 0);
            let waits = ins.waits("韦所长", 0).expect("it waits");
            assert!(waits > last);
            last = waits;
        }
        (0..40).for_each(|_| ins.was(false, "韦所长", 0));
        assert_eq!(ins.waits("韦所长", 0), Some(300));
        assert_eq!(ins.waits("别人", 0), None);
        ins.was(true, "韦所长", 0);
        assert_eq!(ins.waits("韦所长", 0), None);
    }

    #[test]
    fn a_session_is_found_among_other_cookies() {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_static("a=1; __Host-lianhu=abc ; b=2"));
        assert_eq!(secret_in(&headers).as_deref(), Some("abc"));
        assert_eq!(secret_in(&HeaderMap::new()), None);
    }
}
