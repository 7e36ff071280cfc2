//! A browser of a few lines: it keeps its cookie and its word, and sees every header.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};

use lianhu_township::doors;
use lianhu_township::limits::Rates;
use lianhu_township::server::{Desk, Server};
use lianhu_township::town::Town;
use serde_json::Value as Json;

/// The page, served on this computer; over plain TCP, for TLS is not what is tried here.
pub struct Page {
    at: SocketAddr,
    desk: Desk,
    _runtime: tokio::runtime::Runtime,
}

pub struct Visitor<'p> {
    page: &'p Page,
    cookie: String,
    word: String,
}

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: BTreeMap<String, String>,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }

    pub fn json(&self) -> Json {
        let said = || String::from_utf8_lossy(&self.body).into_owned();
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("{}: {}", self.status, said()))
    }
}

impl Page {
    pub fn open(town: Town) -> Page {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
        let desk = Server::new(town, Rates::default());
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).expect("a port");
        let at = listener.local_addr().expect("it listens");
        let app = doors::router(desk.clone()).into_make_service_with_connect_info::<SocketAddr>();
        runtime.spawn(async move { axum::serve(listener, app).await });
        Page { at, desk, _runtime: runtime }
    }

    pub fn town(&self) -> &Town {
        &self.desk.town
    }

    pub fn stranger(&self) -> Visitor<'_> {
        Visitor { page: self, cookie: String::new(), word: String::new() }
    }

    pub fn sign_in(&self, name: &str, password: &str) -> Visitor<'_> {
        let came = self.stranger().post("/page/sign-in", &serde_json::json!({ "name": name, "password": password }));
        let cookie = came.header("set-cookie").expect("signed in").split(';').next().expect("a pair").to_owned();
        let word = came.json()["csrf"].as_str().expect("a word").to_owned();
        Visitor { page: self, cookie, word }
    }
}

impl Visitor<'_> {
    pub fn without_word(&self) -> Visitor<'_> {
        Visitor { page: self.page, cookie: self.cookie.clone(), word: String::new() }
    }

    pub fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[], b"")
    }

    pub fn post(&self, path: &str, body: &Json) -> Answer {
        self.ask("POST", path, &[], body.to_string().as_bytes())
    }

    pub fn ask(&self, method: &str, path: &str, more: &[(&str, &str)], body: &[u8]) -> Answer {
        let mut headers =
            BTreeMap::from([("host", "town"), ("connection", "close"), ("content-type", "application/json")]);
        headers.extend(more.iter().copied());
        let length = body.len().to_string();
        headers.insert("content-length", &length);
        if !self.cookie.is_empty() {
            headers.insert("cookie", &self.cookie);
        }
        if !self.word.is_empty() {
            headers.insert("x-lianhu-page", &self.word);
        }
        let lines: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let mut line = TcpStream::connect(self.page.at).expect("it answers");
        line.write_all(format!("{method} {path} HTTP/1.1\r\n{lines}\r\n").as_bytes()).expect("it is sent");
        line.write_all(body).expect("it is sent");
        let mut answer = Vec::new();
        line.read_to_end(&mut answer).expect("it is answered");
        read(&answer)
    }
}

fn read(answer: &[u8]) -> Answer {
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").expect("a head");
    let head = String::from_utf8_lossy(&answer[..end]).into_owned();
    let mut lines = head.split("\r\n");
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).and_then(|code| code.parse().ok());
    let pairs = lines.filter_map(|line| line.split_once(": "));
    let headers: BTreeMap<String, String> = pairs
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .filter(|(name, _)| name != "date")
        .collect();
    let body = answer[end + 4..].to_vec();
    let body = if headers.get("transfer-encoding").is_some_and(|how| how == "chunked") { pieces(&body) } else { body };
    Answer { status: status.expect("a status"), headers, body }
}

fn pieces(mut body: &[u8]) -> Vec<u8> {
    let mut whole = Vec::new();
    while let Some(at) = body.windows(2).position(|two| two == b"\r\n") {
        let length = usize::from_str_radix(&String::from_utf8_lossy(&body[..at]), 16).unwrap_or(0);
        if length == 0 {
            break;
        }
        whole.extend(&body[at + 2..at + 2 + length]);
        body = &body[at + 2 + length + 2..];
    }
    whole
}
