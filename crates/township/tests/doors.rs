//! The doors of a real server on the network: TLS, what is let in, and everything that is not.
#![allow(clippy::unwrap_used)]

mod common;

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use axum_server::Handle;
use common::line::{Line, Reply, dial, reply, request, say};
use common::{CODE, Computer, OTHER, opened, town, village_with_secretary};
use lianhu_sync::attachment;
use lianhu_sync::enrolment::{Enrol, Enrolled, No, Pin, Refused, SYNC_PATH};
use lianhu_sync::protocol::wire::{open, seal};
use lianhu_sync::{Ask, Ed25519, Ed25519Key, Parcel, Standing, Why};
use lianhu_township::limits::{LARGEST_BODY, Rate, Rates};
use lianhu_township::porter::Places;
use lianhu_township::serve::{listen, open as open_doors, tls};
use lianhu_township::server::{Desk, Server};
use uuid::Uuid;

/// A server on a free port, for as long as a test lasts.
struct Served {
    _folder: tempfile::TempDir,
    at: SocketAddr,
    pin: Pin,
    desk: Desk,
    handle: Handle<SocketAddr>,
    runtime: Option<tokio::runtime::Runtime>,
    secretary: Computer,
    other: Computer,
}

impl Drop for Served {
    fn drop(&mut self) {
        self.handle.shutdown();
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

const MANY: Rate = Rate { burst: 1_000_000, a_minute: 1_000_000 };

fn many() -> Rates {
    Rates { address: MANY, device: MANY, guess: MANY, ..Rates::default() }
}

/// Two villages, each with its secretary's computer.
fn served(rates: Rates) -> Served {
    let folder = tempfile::tempdir().unwrap();
    let town = town(folder.path());
    let secretary = village_with_secretary(&town, CODE, 1);
    let other = village_with_secretary(&town, OTHER, 2);
    let (pin, config) = (town.pin(), tls(&town).unwrap());
    let listener = listen("127.0.0.1:0").unwrap();
    let at = listener.local_addr().unwrap();
    let (desk, handle) = (Server::new(town, rates), Handle::new());
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.spawn(open_doors(listener, config, desk.clone(), handle.clone()));
    Served { _folder: folder, at, pin, desk, handle, runtime: Some(runtime), secretary, other }
}

impl Served {
    fn line(&self) -> Line {
        dial(self.at, self.pin).unwrap()
    }

    fn says(&self, bytes: &[u8]) -> Reply {
        say(&mut self.line(), bytes).unwrap()
    }

    fn posts(&self, path: &str, body: &[u8]) -> Reply {
        self.says(&request("POST", path, body))
    }

    fn key(&self) -> &[u8] {
        &self.desk.town.root().key
    }
}

#[test]
fn a_month_goes_over_a_real_line_and_is_answered_by_the_townships_word() {
    let mut served = served(many());
    served.secretary.visits(84);
    let mut ask = served.secretary.ask();
    let mut line = served.line();
    let body = served.secretary.sealed(&ask);
    let first = say(&mut line, &request("POST", SYNC_PATH, &body)).unwrap();
    assert_eq!((first.status, first.header("content-type")), (200, Some("application/octet-stream")));
    let answer = opened(&first.body, served.key()).expect("it is the township's word");
    assert_eq!((answer.standing, answer.receipts.len(), answer.receipts[0].last), (Standing::Member, 1, 84));
    // The same line again, and what was sent twice gets the same receipt.
    ask.clock_ms += 1;
    let body = served.secretary.sealed(&ask);
    let again = say(&mut line, &request("POST", SYNC_PATH, &body)).unwrap();
    assert_eq!(opened(&again.body, served.key()).unwrap().receipts, answer.receipts);
    // Another certificate, and nothing is sent at all.
    assert!(dial(served.at, [0; 16]).is_err());
    let health = say(&mut line, &request("GET", "/healthz", b"")).unwrap();
    assert_eq!((health.status, health.body.as_slice()), (200, b"ok\n".as_slice()));
    let metrics = String::from_utf8(say(&mut line, &request("GET", "/metrics", b"")).unwrap().body).unwrap();
    assert!(metrics.contains("lianhu_township_batches_total 84\n"), "{metrics}");
    for personal in [CODE, "韦志强", "禾坪村", &served.secretary.village.to_string()] {
        assert!(!metrics.contains(personal));
    }
}

#[test]
fn a_picture_goes_up_in_pieces_and_comes_down_to_another() {
    let served = served(many());
    let picture: Vec<u8> = (0..40_000u32).map(|n| (n % 251) as u8).collect();
    let hash = *blake3::hash(&picture).as_bytes();
    let talk = |computer: &Computer, want: attachment::Want| {
        let ask = attachment::Ask { village: computer.village, device: computer.chain.device, want };
        let reply = served.posts(attachment::ATTACHMENT_PATH, &seal(&attachment::ask_bytes(&ask), &computer.key));
        (reply.status == 200)
            .then(|| attachment::read_answer(&open(&reply.body, &Ed25519, served.key()).unwrap()).unwrap())
    };
    let size = picture.len() as u64;
    for (nth, piece) in picture.chunks(attachment::PIECE).enumerate() {
        let from = (nth * attachment::PIECE) as u64;
        let put = attachment::Want::Put { hash, size, from, bytes: piece.to_vec() };
        assert_eq!(talk(&served.secretary, put), Some(attachment::Answer::Upto(from + piece.len() as u64)));
    }
    let get = || attachment::Want::Get { hash, from: 0 };
    let Some(attachment::Answer::Piece { size: whole, bytes }) = talk(&served.secretary, get()) else {
        panic!("a piece")
    };
    assert_eq!((whole, bytes.as_slice()), (size, &picture[..attachment::PIECE]));
    // Another village has no such picture, whoever knows its hash.
    assert_eq!(talk(&served.other, get()), Some(attachment::Answer::Piece { size: 0, bytes: Vec::new() }));
    let foreign = Computer { village: served.secretary.village, ..served.other.clone() };
    assert_eq!(talk(&foreign, get()), None);
}

#[test]
fn who_takes_all_places_of_his_house_waits_until_somebody_goes() {
    let served = served(Rates { places: Places { of_a_house: 3, in_all: 100 }, ..many() });
    let health = || request("GET", "/healthz", b"");
    let mut inside: Vec<Line> = (0..3).map(|_| served.line()).collect();
    inside.iter_mut().for_each(|line| assert_eq!(say(line, &health()).unwrap().status, 200));
    assert!(dial(served.at, served.pin).is_err(), "a fourth is not let in");
    inside.iter_mut().for_each(|line| assert_eq!(say(line, &health()).unwrap().status, 200));
    drop(inside.pop());
    let again = (0..200).find_map(|_| {
        std::thread::sleep(Duration::from_millis(20));
        dial(served.at, served.pin).ok()
    });
    assert_eq!(say(&mut again.expect("a place is free"), &health()).unwrap().status, 200);
}

/// A few kilobytes that unpack to two hundred megabytes, as a message says that it is packed.
fn bomb(key: &Ed25519Key) -> Vec<u8> {
    let packed = zstd::bulk::compress(&vec![0; 200 << 20], 3).unwrap();
    let length = u16::try_from(packed.len()).unwrap().to_be_bytes();
    let mut bytes = [b"lianhu-sync\x02".as_slice(), &[0xf5, 0x59], &length, &packed].concat();
    let signature = lianhu_sync::Signer::sign(key, &bytes);
    bytes.extend([0x58, u8::try_from(signature.len()).unwrap()]);
    bytes.extend(signature);
    bytes
}

/// Everything that is none of our villages' business, each asked on a line of its own.
fn foreign_requests(served: &mut Served) -> Vec<(String, Vec<u8>)> {
    served.secretary.visits(3);
    served.other.visits(3);
    let (ask, others) = (served.secretary.ask(), served.other.ask());
    let good = served.secretary.sealed(&ask);
    let post = |body: &[u8]| request("POST", SYNC_PATH, body);
    let signed_by = |key: &Ed25519Key, ask: &Ask| post(&seal(&lianhu_sync::protocol::wire::ask_bytes(ask), key));
    let stranger = Computer::new(served.secretary.village, 77);
    let named = |name: &str, bytes: Vec<u8>| (name.to_owned(), bytes);
    let mut all = vec![
        named("an unknown path", request("GET", "/v1/nothing", b"")),
        named("another method", request("GET", SYNC_PATH, b"")),
        named("a path that climbs", request("GET", "/../../etc/passwd", b"")),
        named("a path without end", request("GET", &format!("/{}", "a".repeat(4000)), b"")),
        named("nothing", post(b"")),
        named("a web page", post(b"<html>please sign in</html>")),
        named("cut", post(&good[..good.len() / 2])),
        named("longer", post(&[good.as_slice(), b"x"].concat())),
        named("a stranger", signed_by(&stranger.key, &Ask { me: stranger.chain, ..ask.clone() })),
        named("a stranger under a known name", signed_by(&stranger.key, &ask)),
        named("no such village", signed_by(&served.other.key, &Ask { village: Uuid::from_u128(9), ..others.clone() })),
        named("no village at all", signed_by(&served.other.key, &Ask { village: Uuid::nil(), ..others.clone() })),
        named("another village", signed_by(&served.other.key, &Ask { village: ask.village, ..others.clone() })),
        named("another village's member", signed_by(&served.other.key, &ask)),
        named("a bomb", post(&bomb(&served.other.key))),
        named("noise", post(&blake3::hash(b"noise").as_bytes().repeat(30))),
    ];
    for bit in (0..good.len() * 8).step_by(good.len() / 5 * 8 + 3) {
        let mut bent = good.clone();
        bent[bit / 8] ^= 1 << (bit % 8);
        all.push(named(&format!("bit {bit}"), post(&bent)));
    }
    all
}

#[test]
fn a_stranger_a_foreign_village_and_what_does_not_exist_are_answered_alike() {
    let mut served = served(many());
    let requests = foreign_requests(&mut served);
    let nothing = served.says(&request("GET", "/nothing/here", b""));
    assert_eq!((nothing.status, nothing.body.as_slice()), (404, b"not found\n".as_slice()));
    let before = served.desk.town.newest(served.secretary.village).unwrap();
    for (name, bytes) in requests {
        assert_eq!(served.says(&bytes).shape(), nothing.shape(), "{name}");
    }
    assert_eq!(served.desk.town.newest(served.secretary.village).unwrap(), before);
}

#[test]
fn bodies_that_are_too_large_or_lie_about_their_length_are_sent_away() {
    let served = served(many());
    let head = |length: String| format!("POST {SYNC_PATH} HTTP/1.1\r\nhost: t\r\n{length}\r\n\r\n").into_bytes();
    let said = served.says(&head(format!("content-length: {}", LARGEST_BODY + 1)));
    assert_eq!(said.status, 413);
    // In chunks it is noticed when it is too much.
    let mut line = served.line();
    line.write_all(&head("transfer-encoding: chunked".into())).unwrap();
    let chunk = [b"100000\r\n".as_slice(), &vec![7; 1 << 20], b"\r\n"].concat();
    for _ in 0..=LARGEST_BODY >> 20 {
        // The server may hang up before it has heard all.
        if line.write_all(&chunk).is_err() {
            break;
        }
    }
    assert_eq!(reply(&mut line).unwrap().status, 413);
    let both = head("content-length: 5\r\ntransfer-encoding: chunked".into());
    let status = served.says(&[both.as_slice(), b"0\r\n\r\n"].concat()).status;
    assert!(status == 400 || status == 404, "{status}");
    let twice = served.says(&[head("content-length: 5\r\ncontent-length: 6".into()).as_slice(), b"hello!"].concat());
    assert_eq!(twice.status, 400);
    let negative = served.says(&head("content-length: -1".into()));
    assert_eq!(negative.status, 400);
    let absurd = served.says(&head("content-length: 99999999999999999999999".into()));
    assert_eq!(absurd.status, 400);
    assert_eq!(served.says(&request("GET", "/healthz", b"")).status, 200, "it goes on");
}

#[test]
fn who_comes_too_often_is_told_when_to_come_again() {
    let few = Rate { burst: 3, a_minute: 6 };
    let mut served = served(Rates { device: few, guess: few, ..many() });
    served.secretary.visits(1);
    let ask = served.secretary.ask();
    let body = served.secretary.sealed(&ask);
    (0..3).for_each(|_| assert_eq!(served.posts(SYNC_PATH, &body).status, 200));
    let limited = served.posts(SYNC_PATH, &body);
    assert_eq!((limited.status, limited.header("retry-after")), (429, Some("10")));
    // Another computer is not kept waiting for it.
    let ask = served.other.ask();
    assert_eq!(served.posts(SYNC_PATH, &served.other.sealed(&ask)).status, 200);
    let mut code = served.desk.town.offer(CODE, "cadre", None).unwrap().code;
    let guess = |code: &lianhu_sync::enrolment::Code, nth: u64| {
        let computer = Computer::new(served.secretary.village, 50 + nth);
        let enrol = serde_json::to_vec(&computer.enrol(code, "陆永平", true)).unwrap();
        served.posts(lianhu_sync::enrolment::ENROL_PATH, &enrol)
    };
    let good = code.clone();
    code.secret = [1; 16];
    for nth in 0..3 {
        let reply = guess(&code, nth);
        let no: No = serde_json::from_slice(&reply.body).unwrap();
        assert_eq!((reply.status, no.refused), (403, Refused::Unknown));
    }
    assert_eq!(guess(&good, 9).status, 429, "after so many guesses not even the right one is heard");
    let address = Rate { burst: 4, a_minute: 60 };
    let served = self::served(Rates { address, ..many() });
    let replies: Vec<u16> = (0..6).map(|_| served.says(&request("GET", "/healthz", b"")).status).collect();
    assert_eq!(replies, [200, 200, 200, 200, 429, 429]);
}

#[test]
fn a_computer_enrols_over_the_line_and_bad_enrolments_are_refused() {
    let served = served(many());
    let code = served.desk.town.offer(CODE, "cadre", None).unwrap().code;
    let computer = Computer::new(served.secretary.village, 60);
    let good = computer.enrol(&code, "陆永平", true);
    let post = |enrol: &[u8]| served.posts(lianhu_sync::enrolment::ENROL_PATH, enrol);
    let json = |enrol: &Enrol| serde_json::to_vec(enrol).unwrap();
    let mut extra: serde_json::Value = serde_json::to_value(&good).unwrap();
    extra["role"] = "secretary".into();
    let bad: Vec<Vec<u8>> = vec![
        Vec::new(),
        b"{}".to_vec(),
        b"null".to_vec(),
        br#"{"secret": 5}"#.to_vec(),
        "[".repeat(100_000).into_bytes(),
        serde_json::to_vec(&extra).unwrap(),
        json(&Enrol { who: "a\r\nset-cookie: x".into(), ..good.clone() }),
        json(&Enrol { who: "长".repeat(65), ..good.clone() }),
        json(&Enrol { incarnation: 0, ..good.clone() }),
        json(&Enrol { device: served.desk.town.root().device, ..good.clone() }),
        json(&Enrol { proof: good.proof.replace('1', "2"), ..good.clone() }),
        json(&Enrol { key: "01".into(), ..good.clone() }),
        json(&Enrol { village: Some(Uuid::nil()), ..good.clone() }),
    ];
    for (nth, body) in bad.iter().enumerate() {
        let reply = post(body);
        let no: No = serde_json::from_slice(&reply.body).unwrap();
        assert_eq!((reply.status, no.refused), (403, Refused::Unknown), "nth {nth}");
    }
    let enrolled: Enrolled = serde_json::from_slice(&post(&json(&good)).body).unwrap();
    assert!(enrolled.waits && enrolled.root().unwrap() == *served.desk.town.root());
}

#[test]
fn who_never_finishes_a_sentence_is_hung_up_on() {
    let short = Duration::from_millis(400);
    let served = served(Rates { greeting: short, silence: short, ..many() });
    // No TLS, half a head, half a body: each ends, and nobody else waits meanwhile.
    let mut bare = TcpStream::connect(served.at).unwrap();
    let mut half_head = served.line();
    half_head.write_all(b"POST /v1/sync HTTP/1.1\r\nhost: t\r\nx-slow: ").unwrap();
    let mut half_body = served.line();
    half_body.write_all(b"POST /v1/sync HTTP/1.1\r\nhost: t\r\ncontent-length: 1000\r\n\r\nhalf").unwrap();
    assert_eq!(served.says(&request("GET", "/healthz", b"")).status, 200);
    bare.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    let ended = |read: std::io::Result<usize>| !matches!(&read, Err(e) if e.kind() == std::io::ErrorKind::WouldBlock);
    assert!(ended(bare.read(&mut [0; 64])));
    assert_eq!(reply(&mut half_body).unwrap().status, 408);
    let mut rest = Vec::new();
    assert!(ended(half_head.read_to_end(&mut rest)));
    assert!(rest.is_empty() || rest.starts_with(b"HTTP/1.1 408"), "{}", String::from_utf8_lossy(&rest));
}

#[test]
fn a_panic_ends_one_request_and_a_stop_lets_those_inside_finish() {
    let mut served = served(many());
    let runtime = served.runtime.as_ref().unwrap();
    let response = runtime.block_on(served.desk.work(|_| panic!("planted")));
    assert_eq!(response.status().as_u16(), 500);
    served.secretary.visits(2);
    let ask = served.secretary.ask();
    let whole = request("POST", SYNC_PATH, &served.secretary.sealed(&ask));
    let mut line = served.line();
    // One request is answered first, so that the second is surely within.
    assert_eq!(say(&mut line, &request("GET", "/healthz", b"")).unwrap().status, 200);
    line.write_all(&whole[..whole.len() - 5]).unwrap();
    line.flush().unwrap();
    while served.desk.counts.requests.load(std::sync::atomic::Ordering::Relaxed) < 2 {
        std::thread::yield_now();
    }
    served.handle.graceful_shutdown(Some(Duration::from_secs(60)));
    let answered = say(&mut line, &whole[whole.len() - 5..]).unwrap();
    assert_eq!(answered.status, 200);
    drop(line);
    // Those outside find nobody any more.
    let gone = (0..1000).any(|_| dial(served.at, served.pin).is_err());
    assert!(gone);
}

/// Asks that a member may not make, or that mean nothing: taken calmly, and nothing comes in by them.
#[test]
fn malformed_and_absurd_asks_of_a_member_change_nothing() {
    let mut served = served(many());
    served.secretary.visits(4);
    served.secretary.speaks(&served.desk.town).unwrap();
    let town = &served.desk.town;
    let me = &mut served.secretary;
    let village = me.village;
    let ask = me.ask();
    let next = |computer: &Computer, change: &dyn Fn(&mut lianhu_ledger::Batch)| {
        let mut computer = computer.clone();
        computer.visits(1);
        change(computer.written.last_mut().unwrap());
        vec![computer.parcel(5)]
    };
    let with = |parcels: Vec<Parcel>| Ask { parcels, ..ask.clone() };
    let state =
        || town.with(village, |shelf| Ok((shelf.state().newest, shelf.state().sum, shelf.state().living))).unwrap();
    let before = state();
    let mut all = vec![
        ("a cursor beyond the head", Ask { cursor: u64::MAX, ..ask.clone() }),
        ("another epoch", Ask { epoch: 1, cursor: 99, ..ask.clone() }),
        ("a clock of nowhere", Ask { clock_ms: u64::MAX, ..ask.clone() }),
        ("no clock", Ask { clock_ms: 0, ..ask.clone() }),
        ("an empty parcel", with(vec![Parcel::default(); 3])),
        ("another village in the batch", with(next(me, &|batch| batch.village = Uuid::from_u128(3)))),
        ("number 0", with(next(me, &|batch| batch.at.seq = 0))),
        ("the last number", with(next(me, &|batch| batch.at.seq = u64::MAX))),
        ("no incarnation", with(next(me, &|batch| batch.at.incarnation = 0))),
        ("no stamp", with(next(me, &|batch| batch.stamp = lianhu_ledger::Stamp(0)))),
        ("a stamp beyond what is kept", with(next(me, &|batch| batch.stamp = lianhu_ledger::Stamp(u64::MAX)))),
        ("another one before", with(next(me, &|batch| batch.prev = [9; 32]))),
        ("a kind without a name", with(next(me, &|batch| batch.changes[0].kind.clear()))),
        ("one record twice", with(next(me, &|batch| batch.changes.push(batch.changes[0].clone())))),
        ("another's chain", with(next(me, &|batch| batch.at.device = town.root().device))),
        ("a stranger's chain", with(next(me, &|batch| batch.at.device = Uuid::from_u128(4)))),
    ];
    let mut unsigned = next(me, &|_| {});
    unsigned[0].batches[0].signature.clear();
    all.push(("no signature", with(unsigned)));
    for (name, ask) in all {
        let answer = town.hear(&ask).unwrap().expect("a member is answered").answer;
        assert_eq!(answer.standing, Standing::Member, "{name}");
        assert_eq!(state(), before, "{name}");
    }
    assert_eq!(town.verify().unwrap().problems, Vec::<String>::new());
}

#[test]
fn what_this_release_does_not_know_is_kept_and_goes_on() {
    let mut served = served(many());
    let change = |kind: &str| lianhu_ledger::Change { kind: kind.into(), id: Uuid::from_u128(5), cells: Vec::new() };
    served.secretary.writes(vec![change("kind_of_2030")]);
    served.secretary.writes(Vec::new());
    served.secretary.writes((0..10_000).map(|n| common::visit(Uuid::from_u128(n + 1), n as u64)).collect());
    let answer = served.secretary.speaks(&served.desk.town).unwrap();
    assert_eq!((answer.held.len(), served.secretary.acked()), (0, 3));
    // A roster of our own is none: only the township's word is.
    served.secretary.writes(vec![change("roster")]);
    served.secretary.speaks(&served.desk.town).unwrap();
    let barred = served
        .desk
        .town
        .with(served.secretary.village, |shelf| lianhu_sync::Shelf::barred(shelf, served.secretary.chain.at(4)));
    assert_eq!(barred.unwrap().flatten(), Some(Why::Role));
}
