//! Between villages there are walls: every door of the server's own tables, tried by everybody who is not of the village,
//! with every id that is not theirs. Nothing of a village comes out, and the answer is the one for what does not exist.
#![allow(clippy::unwrap_used)]

mod common;

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use common::{CODE, Computer, OTHER, town, village_with_secretary};
use lianhu_sync::attachment::{self, ATTACHMENT_PATH};
use lianhu_sync::consent::{self, CONSENT_PATH};
use lianhu_sync::enrolment::{ENROL_PATH, SYNC_PATH};
use lianhu_sync::protocol::wire::{ask_bytes, is_of_another_release, seal};
use lianhu_sync::{Ask, Ed25519Key, Signer};
use lianhu_township::doors::{DOORS, Who, router};
use lianhu_township::limits::{Rate, Rates};
use lianhu_township::server::{Desk, Server};
use lianhu_township::web;
use serde_json::json;
use tower::ServiceExt;
use uuid::Uuid;

const MANY: Rate = Rate { burst: u32::MAX, a_minute: u32::MAX };
/// What only the first village knows.
const SECRETS: [&str; 4] = ["禾坪村", "韦志强", CODE, "春耕"];

/// The computer of the first village that waits for a yes.
const WAITING: u64 = 3;

struct House {
    _folder: tempfile::TempDir,
    desk: Desk,
    router: Router,
    first: Computer,
    /// Of another village, never approved, revoked, and never heard of.
    outsiders: Vec<(&'static str, Computer)>,
}

fn house() -> House {
    let folder = tempfile::tempdir().unwrap();
    let town = town(folder.path());
    let mut first = village_with_secretary(&town, CODE, 1);
    first.visits(20);
    first.speaks(&town).unwrap();
    let neighbour = village_with_secretary(&town, OTHER, 2);
    let mut waiting = Computer::new(first.village, WAITING);
    waiting.join(&town, CODE, "cadre").unwrap();
    let stranger = Computer::new(first.village, 5);
    let rates = Rates { address: MANY, device: MANY, guess: MANY, device_day: u64::MAX, ..Rates::default() };
    let desk = Server::new(town, rates);
    let router = router(desk.clone());
    let outsiders = vec![("neighbour", neighbour), ("waiting", waiting), ("stranger", stranger)];
    House { _folder: folder, desk, router, first, outsiders }
}

type Answered = (StatusCode, HeaderMap, Vec<u8>);

async fn ask(router: &Router, method: &str, path: &str, body: Vec<u8>) -> Answered {
    answered(router, Request::builder().method(method).uri(path).body(Body::from(body)).unwrap()).await
}

async fn answered(router: &Router, request: Request<Body>) -> Answered {
    let response = router.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    (parts.status, parts.headers, to_bytes(body, usize::MAX).await.unwrap().to_vec())
}

fn says_nothing_of_the_first(answered: &Answered, what: &str) {
    let text = String::from_utf8_lossy(&answered.2);
    for secret in SECRETS {
        assert!(!text.contains(secret), "{what}: {secret}");
    }
    for value in answered.1.values() {
        assert!(!SECRETS.iter().any(|secret| value.as_bytes().windows(secret.len()).any(|w| w == secret.as_bytes())));
    }
}

/// What a computer sends to a door, of a village that is not its own.
fn message(path: &str, key: &Ed25519Key, from: &Computer, village: Uuid) -> Vec<u8> {
    let mut from = from.clone();
    from.visits(1);
    match path {
        SYNC_PATH => seal(&ask_bytes(&Ask { village, ..from.ask() }), key),
        ATTACHMENT_PATH => {
            let want = attachment::Want::Lacking(vec![[1; 32]]);
            seal(&attachment::ask_bytes(&attachment::Ask { village, device: from.chain.device, want }), key)
        }
        CONSENT_PATH => {
            let yes = Some(Computer::new(village, WAITING).chain.device);
            seal(&consent::bytes(&consent::Ask { village, device: from.chain.device, yes }), key)
        }
        ENROL_PATH => {
            let code = lianhu_sync::enrolment::Code { secret: [3; 16], pin: [0; 16], address: "a:1".into() };
            serde_json::to_vec(&Computer { village, ..from.clone() }.enrol(&code, "外", true)).unwrap()
        }
        _ => Vec::new(),
    }
}

#[tokio::test]
async fn every_door_by_everybody_with_every_foreign_id() {
    let house = house();
    let nothing = ask(&house.router, "GET", "/nothing", Vec::new()).await;
    assert_eq!(nothing.0, StatusCode::NOT_FOUND);
    let foreign = [house.first.village, Uuid::from_u128(0x99), Uuid::nil(), Uuid::max()];
    let mut tried = 0;
    for door in DOORS {
        for (who, computer) in &house.outsiders {
            let mut answers = Vec::new();
            for village in foreign {
                for key in [&computer.key, &house.first.key] {
                    // The key of the first with another's name, and the other way round.
                    if std::ptr::eq(key, &house.first.key) && computer.chain == house.first.chain {
                        continue;
                    }
                    let body = message(door.path, key, computer, village);
                    let answered = ask(&house.router, door.method, door.path, body).await;
                    says_nothing_of_the_first(&answered, &format!("{} by {who}", door.path));
                    if door.who == Who::Computer {
                        assert_eq!(answered, nothing, "{} by {who} of {village}", door.path);
                    }
                    answers.push(answered);
                    tried += 1;
                }
            }
            // Whatever a door says, it says it of what is there and of what is not.
            if door.who != Who::Anyone {
                assert!(answers.iter().all(|answer| *answer == answers[0]), "{} by {who}", door.path);
            }
        }
        for method in ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"] {
            if method != door.method && door.who != Who::Anyone {
                assert_eq!(ask(&house.router, method, door.path, Vec::new()).await, nothing, "{method} {}", door.path);
            }
        }
    }
    assert!(tried >= DOORS.len() * house.outsiders.len() * foreign.len());
    // Nobody has let the one in who waits.
    let village = house.desk.town.listed(CODE).unwrap();
    let waiting = house.desk.town.computers(&village).unwrap();
    assert!(waiting.iter().any(|computer| computer.place == lianhu_township::town::Place::Waits));
}

/// What somebody brings who wants to see a village through the page without being signed in.
fn keys_to_the_page(computer: &Computer, first: &Computer) -> Vec<(&'static str, String)> {
    let forged = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    vec![
        ("accept", "*/*".into()),
        ("cookie", format!("__Host-lianhu={}", forged(&computer.key.public()))),
        ("cookie", format!("__Host-lianhu={}; __Host-session={}", forged(&first.key.public()), first.chain.device)),
        ("x-lianhu-page", forged(first.village.as_bytes())),
        ("authorization", format!("Bearer {}", first.chain.device)),
    ]
}

#[tokio::test]
async fn every_door_of_the_page_is_shut_alike_for_who_is_not_signed_in() {
    let house = house();
    let mut tried = 0;
    for door in web::DOORS {
        for (who, computer) in &house.outsiders {
            for (name, value) in keys_to_the_page(computer, &house.first) {
                let mut answers = Vec::new();
                for code in [CODE, OTHER, "990101102999", "..%2f", "%00", ""] {
                    let query = format!("code={code}&month=2026-11&figure=aid.visits&measure=aid.visited");
                    let uri = format!("{}?{query}", door.path.replace("{*path}", &format!("{code}.js")));
                    let body =
                        json!({"code": code, "device": house.first.chain.device, "name": code, "password": code});
                    let request = Request::builder().method(door.method).uri(uri).header(name, &value);
                    let request = request.header("content-type", "application/json").body(Body::from(body.to_string()));
                    let answered = answered(&house.router, request.unwrap()).await;
                    says_nothing_of_the_first(&answered, &format!("{} by {who}", door.path));
                    answers.push(answered);
                    tried += 1;
                }
                if door.who != web::Who::Anyone {
                    assert_eq!(answers[0].0, StatusCode::UNAUTHORIZED, "{} by {who}", door.path);
                    assert!(answers.iter().all(|answer| *answer == answers[0]), "{} by {who}", door.path);
                }
            }
        }
    }
    assert!(tried >= web::DOORS.len() * house.outsiders.len() * 5 * 6);
}

#[tokio::test]
async fn another_release_hears_which_language_is_spoken_and_nothing_of_any_village() {
    let house = house();
    for door in DOORS.iter().filter(|door| door.who == Who::Computer) {
        let mut answers = Vec::new();
        for village in [house.first.village, Uuid::from_u128(0x99)] {
            let mut body = message(door.path, &house.first.key, &house.first, village);
            body[b"lianhu-sync".len()] = 1;
            answers.push(ask(&house.router, door.method, door.path, body).await);
        }
        assert_eq!(answers[0].0, StatusCode::UPGRADE_REQUIRED);
        assert_eq!(answers[0].1["upgrade"], format!("lianhu-sync/{}", lianhu_sync::PROTOCOL));
        assert_eq!(answers[0], answers[1], "{}", door.path);
    }
}

#[tokio::test]
async fn a_cadre_says_yes_to_nobody_and_the_secretary_does() {
    let house = house();
    let mut cadre = Computer::new(house.first.village, 9);
    cadre.join(&house.desk.town, CODE, "cadre").unwrap();
    house.desk.town.approve(cadre.chain.device).unwrap();
    let nothing = ask(&house.router, "GET", "/nothing", Vec::new()).await;
    let body = message(CONSENT_PATH, &cadre.key, &cadre, cadre.village);
    assert_eq!(ask(&house.router, "POST", CONSENT_PATH, body).await, nothing);
    let body = message(CONSENT_PATH, &house.first.key, &house.first, house.first.village);
    let said = ask(&house.router, "POST", CONSENT_PATH, body).await;
    let said = lianhu_sync::protocol::wire::open(&said.2, &lianhu_sync::Ed25519, &house.desk.town.root().key).unwrap();
    assert_eq!(consent::read_answer(&said), Some(consent::Answer { waiting: Vec::new() }));
}

#[tokio::test]
async fn the_revoked_hear_that_they_are_and_nothing_else() {
    let house = house();
    let mut cadre = Computer::new(house.first.village, 9);
    cadre.join(&house.desk.town, CODE, "cadre").unwrap();
    house.desk.town.approve(cadre.chain.device).unwrap();
    cadre.visits(1);
    cadre.speaks(&house.desk.town).unwrap();
    house.desk.town.revoke(cadre.chain.device).unwrap();
    let body = message(SYNC_PATH, &cadre.key, &cadre, cadre.village);
    let answered = ask(&house.router, "POST", SYNC_PATH, body).await;
    let answer = common::opened(&answered.2, &house.desk.town.root().key).unwrap();
    assert_eq!(answer.standing, lianhu_sync::Standing::Revoked);
    assert_eq!((answer.parcels.len(), answer.newest, answer.epoch, answer.sum), (0, 0, 0, None));
    let nothing = ask(&house.router, "GET", "/nothing", Vec::new()).await;
    let body = message(ATTACHMENT_PATH, &cadre.key, &cadre, cadre.village);
    assert_eq!(ask(&house.router, "POST", ATTACHMENT_PATH, body).await, nothing);
}

/// Numbers that look like chance and are the same every time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = u64::from_le_bytes(blake3::hash(&self.0.to_le_bytes()).as_bytes()[..8].try_into().unwrap());
        self.0
    }

    fn below(&mut self, n: usize) -> usize {
        (self.roll() % n as u64) as usize
    }
}

/// Bytes that a neighbour, or anybody, might send to reach the first village.
fn anything(dice: &mut Dice, base: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = base[dice.below(base.len())].clone();
    match dice.below(4) {
        0 => bytes.truncate(dice.below(bytes.len() + 1)),
        1 => {
            for _ in 0..=dice.below(4) {
                let at = dice.below(bytes.len().max(1));
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= 1 << dice.below(8);
                }
            }
        }
        2 => {
            let other = &base[dice.below(base.len())];
            let cut = dice.below(bytes.len() + 1);
            bytes.truncate(cut);
            bytes.extend(&other[dice.below(other.len() + 1)..]);
        }
        _ => {}
    }
    bytes
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_hundred_thousand_foreign_requests_bring_nothing_out() {
    const LANES: u64 = 8;
    const EACH: usize = 100_000 / LANES as usize;
    let house = Arc::new(house());
    let nothing = ask(&house.router, "GET", "/nothing", Vec::new()).await;
    let mut base = vec![vec![0; 64], b"lianhu-sync".to_vec()];
    for (_, computer) in &house.outsiders {
        for path in [SYNC_PATH, ATTACHMENT_PATH, CONSENT_PATH] {
            for village in [house.first.village, Uuid::from_u128(0x99)] {
                base.push(message(path, &computer.key, computer, village));
                base.push(message(path, &computer.key, &house.first, village));
            }
        }
    }
    let before = house.desk.town.newest(house.first.village).unwrap();
    let base = Arc::new(base);
    let lanes = (0..LANES).map(|lane| {
        let (house, base, nothing) = (house.clone(), base.clone(), nothing.clone());
        tokio::spawn(async move {
            let mut dice = Dice(lane);
            for nth in 0..EACH {
                let computers: Vec<_> = DOORS.iter().filter(|door| door.who == Who::Computer).collect();
                let door = computers[dice.below(computers.len())];
                let (method, path) = match dice.below(5) {
                    0 => ("GET", format!("{}/{}", door.path, house.first.village)),
                    1 => ("POST", format!("{}?village={}", door.path, house.first.village)),
                    _ => (door.method, door.path.to_owned()),
                };
                let body = anything(&mut dice, &base);
                let answered = ask(&house.router, method, &path, body.clone()).await;
                // Which language is spoken here is no village's secret.
                if method == "POST" && is_of_another_release(&body) {
                    assert_eq!(answered.0, StatusCode::UPGRADE_REQUIRED, "lane {lane}, request {nth}");
                    continue;
                }
                assert_eq!(answered, nothing, "lane {lane}, request {nth}: {method} {path}");
            }
        })
    });
    for lane in lanes.collect::<Vec<_>>() {
        lane.await.unwrap();
    }
    assert_eq!(house.desk.town.newest(house.first.village).unwrap(), before);
    assert_eq!(house.desk.town.verify().unwrap().problems, Vec::<String>::new());
}
