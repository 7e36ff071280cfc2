//! A village's computer as the server sees it: it writes visits, pushes them and reads its answer. What it costs itself
//! is not measured, so it keeps no ledger.

use std::io::{Read, Write};
use std::net::TcpStream;

use lianhu_ledger::{Batch, CellChange, Chain, Change, Head, Stamp, Value};
use lianhu_sync::enrolment::{Enrol, SYNC_PATH};
use lianhu_sync::protocol::signed;
use lianhu_sync::protocol::wire::{ask_bytes, open, read_answer, seal};
use lianhu_sync::{Ask, Ed25519, Ed25519Key, Parcel, Signer};
use lianhu_township::town::Town;
use serde_json::json;
use uuid::Uuid;

use crate::Outcome;

/// 2026-11-29.
const NOW: u64 = 1_795_910_400_000;

pub struct Computer {
    village: Uuid,
    chain: Chain,
    key: Ed25519Key,
    town: Vec<u8>,
    head: Head,
    epoch: u64,
    cursor: u64,
    line: Option<TcpStream>,
}

impl Clone for Computer {
    /// The line is not shared.
    fn clone(&self) -> Computer {
        Computer { key: self.key.clone(), town: self.town.clone(), line: None, ..*self }
    }
}

impl Computer {
    pub fn unknown(nth: u64) -> Computer {
        Computer {
            village: Uuid::nil(),
            chain: Chain { device: Uuid::from_u64_pair(0x4000, nth + 1), incarnation: 1 },
            key: Ed25519Key::new(*blake3::hash(&nth.to_le_bytes()).as_bytes()),
            town: Vec::new(),
            head: Head { seq: 0, hash: [0; 32] },
            epoch: 0,
            cursor: 0,
            line: None,
        }
    }

    /// Enrolled, and approved where a yes is needed.
    pub fn joined(town: &Town, code: &str, nth: u64) -> Outcome<Computer> {
        let mut computer = Computer::unknown(nth);
        let offer = town.offer(code, "secretary", None).map_err(|_| "no code")?;
        let me = (computer.chain.device, 1);
        let enrol = Enrol::new(&offer.code, me, "韦志强", None, &computer.key);
        let enrolled = town.enrol(&enrol)?.map_err(|refused| refused.name())?;
        if enrolled.waits {
            town.approve(computer.chain.device).map_err(|_| "no yes")?;
        }
        (computer.village, computer.town) = (enrolled.village, town.root().key.clone());
        Ok(computer)
    }

    fn batch(&mut self) -> Batch {
        let nth = self.head.seq;
        let batch = Batch {
            village: self.village,
            at: self.chain.at(nth + 1),
            op: "put".into(),
            author: "韦志强".into(),
            stamp: Stamp(Stamp::at_ms(NOW).0 + nth),
            prev: self.head.hash,
            changes: vec![visit(self.id(nth), nth)],
            signature: Vec::new(),
        };
        self.head = Head { seq: nth + 1, hash: batch.hash() };
        batch
    }

    fn id(&self, nth: u64) -> Uuid {
        let scattered = blake3::hash(&[self.chain.device.as_bytes().as_slice(), &nth.to_le_bytes()].concat());
        // Eight of an evening.
        let begun = NOW + nth / 8 * 24 * 3_600_000;
        Uuid::from_u64_pair(
            begun << 16 | 0x7000,
            u64::from_le_bytes(scattered.as_bytes()[..8].try_into().unwrap_or_default()),
        )
    }

    /// So many new records, up and receipted.
    pub fn pushes(&mut self, port: u16, n: usize) -> Outcome {
        let mut batches: Vec<Batch> = (0..n).map(|_| self.batch()).collect();
        if let Some(last) = batches.last_mut() {
            last.signature = self.key.sign(&signed(last));
        }
        let ask = Ask {
            village: self.village,
            me: self.chain,
            epoch: self.epoch,
            cursor: self.cursor,
            clock_ms: NOW,
            room: u64::MAX,
            heads: vec![(self.chain, self.head)],
            parcels: vec![Parcel::new(batches, Vec::new())],
            blocks: None,
        };
        let reply = self.post(port, SYNC_PATH, &seal(&ask_bytes(&ask), &self.key))?;
        let answer = open(&reply, &Ed25519, &self.town).and_then(|bytes| read_answer(&bytes)).ok_or("no answer")?;
        let received = answer.receipts.iter().map(|receipt| receipt.last).max();
        if received != Some(self.head.seq) {
            return Err("not everything has its receipt".into());
        }
        (self.epoch, self.cursor) = (answer.epoch, answer.upto);
        Ok(())
    }

    /// The same values as lines of JSON, for the handler that does nothing else.
    pub fn pushes_bare(&mut self, port: u16, n: usize) -> Outcome {
        let mut text = String::new();
        for _ in 0..n {
            let batch = self.batch();
            let mut record = serde_json::Map::new();
            for cell in &batch.changes[0].cells {
                record.insert(cell.field.to_string(), cell.value.to_json());
            }
            let rest = json!(record).to_string();
            text += &format!("{{\"id\":\"{}\",\"author\":\"{}\",{}\n", batch.changes[0].id, batch.author, &rest[1..]);
        }
        let reply = self.post(port, "/push", &zstd::bulk::compress(text.as_bytes(), 9)?)?;
        if zstd::decode_all(reply.as_slice())? == format!("{{\"received\":{n}}}").as_bytes() {
            Ok(())
        } else {
            Err("not everything was received".into())
        }
    }

    fn post(&mut self, port: u16, path: &str, body: &[u8]) -> Outcome<Vec<u8>> {
        let mut line = match self.line.take() {
            Some(line) => line,
            None => TcpStream::connect(("127.0.0.1", port))?,
        };
        line.set_nodelay(true)?;
        let head = format!("POST {path} HTTP/1.1\r\nhost: township\r\ncontent-length: {}\r\n\r\n", body.len());
        line.write_all(&[head.as_bytes(), body].concat())?;
        let reply = reply(&mut line)?;
        self.line = Some(line);
        Ok(reply)
    }
}

fn reply(line: &mut TcpStream) -> Outcome<Vec<u8>> {
    let (mut bytes, mut some) = (Vec::new(), [0; 16 * 1024]);
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break end + 4;
        }
        match line.read(&mut some)? {
            0 => return Err("the server hung up".into()),
            n => bytes.extend_from_slice(&some[..n]),
        }
    };
    let head = String::from_utf8_lossy(&bytes[..end]).to_ascii_lowercase();
    if !head.starts_with("http/1.1 200") {
        return Err(head.lines().next().unwrap_or_default().to_owned().into());
    }
    let length = head.lines().find_map(|line| line.strip_prefix("content-length:")).ok_or("no length")?;
    let length: usize = length.trim().parse()?;
    let mut body = bytes.split_off(end);
    let got = body.len();
    body.resize(length, 0);
    line.read_exact(&mut body[got..])?;
    Ok(body)
}

fn visit(id: Uuid, nth: u64) -> Change {
    let cell = |field: &str, value| CellChange { field: field.into(), value, bases: Vec::new() };
    let cells = vec![
        cell("household", Value::Id(Uuid::from_u64_pair(7, nth % 40))),
        cell("visitor", Value::Id(Uuid::from_u64_pair(8, nth % 5))),
        cell("on", Value::text(format!("2026-11-{:02}", 1 + nth % 28))),
        cell("shared_meal", Value::Bool(nth.is_multiple_of(2))),
        cell("did_chore", Value::Bool(nth.is_multiple_of(3))),
        cell("note", Value::text(format!("第{nth}次走访，了解春耕备耕情况"))),
    ];
    Change { kind: "visit".into(), id, cells }
}
