//! The program itself, from its command line: begun, served, killed anywhere, stopped, and telling nobody's secrets.
#![allow(clippy::unwrap_used)]

mod common;

use std::io::{BufRead, BufReader, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use common::line::{Line, dial, request, say};
use common::{CODE, Computer, opened};
use lianhu_sync::enrolment::{Code, ENROL_PATH, Enrolled, SYNC_PATH, unhex};
use serde_json::Value as Json;
use uuid::Uuid;

struct Program {
    folder: tempfile::TempDir,
}

/// A server that is running; killed when it is dropped.
struct Running {
    child: Child,
    at: SocketAddr,
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Program {
    fn new() -> Program {
        Program { folder: tempfile::tempdir().unwrap() }
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("town")
    }

    fn log(&self) -> PathBuf {
        self.folder.path().join("log")
    }

    fn command(&self, data: &Path, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lianhu-township"));
        command.arg("--data").arg(data).args(["--lang", "en"]).args(args);
        command
    }

    fn run(&self, args: &[&str]) -> Output {
        self.command(&self.data(), args).output().unwrap()
    }

    /// What it prints when it is done.
    fn done(&self, args: &[&str]) -> String {
        let out = self.run(args);
        assert!(out.status.success(), "{args:?}: {}", String::from_utf8_lossy(&out.stderr));
        String::from_utf8(out.stdout).unwrap()
    }

    fn json(&self, args: &[&str]) -> Json {
        serde_json::from_str(&self.done(args)).unwrap()
    }

    /// Refused with one sentence.
    fn refused(&self, args: &[&str]) -> String {
        let out = self.run(args);
        let said = String::from_utf8(out.stderr).unwrap();
        assert_eq!((out.status.code(), said.lines().count()), (Some(1), 1), "{args:?}: {said}");
        said
    }

    fn serve(&self) -> Running {
        let log = std::fs::File::options().create(true).append(true).open(self.log()).unwrap();
        let mut command = self.command(&self.data(), &["serve", "--listen", "127.0.0.1:0"]);
        let mut child = command.stdout(Stdio::piped()).stderr(log).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let at = line.trim().strip_prefix("https://").expect("it says where").parse().unwrap();
        Running { child, at }
    }

    /// A code, and a computer that has enrolled with it.
    fn enrol(&self, running: &Running, nth: u64, who: &str, role: &str) -> (Computer, Enrolled, Code) {
        let at = running.at.to_string();
        let offer = self.json(&["enrol", CODE, "--role", role, "--address", &at, "--json"]);
        assert!(offer["expires"].as_u64().is_some_and(|ms| ms > common::NOW));
        let code = Code::read(offer["code"].as_str().unwrap()).unwrap();
        assert_eq!(code.address, at);
        let mut computer = Computer::new(Uuid::from_u128(0x7777), nth);
        let enrol = serde_json::to_vec(&computer.enrol(&code, who, nth == 1)).unwrap();
        let reply = say(&mut dial(running.at, code.pin).unwrap(), &request("POST", ENROL_PATH, &enrol)).unwrap();
        let enrolled: Enrolled = serde_json::from_slice(&reply.body).unwrap();
        computer.village = enrolled.village;
        (computer, enrolled, code)
    }
}

fn push(line: &mut Line, computer: &mut Computer, key: &[u8]) -> std::io::Result<()> {
    let ask = computer.ask();
    let reply = say(line, &request("POST", SYNC_PATH, &computer.sealed(&ask)))?;
    assert_eq!(reply.status, 200);
    computer.hears(&opened(&reply.body, key).expect("it is the township's word"));
    Ok(())
}

#[test]
fn a_township_is_begun_served_and_stopped_from_the_command_line() {
    let program = Program::new();
    assert!(program.refused(&["village", "list"]).contains("init"));
    program.done(&["init", "--name", "松河镇"]);
    assert!(program.refused(&["init", "--name", "松河镇"]).contains("already"));
    assert_eq!(program.run(&["enrol"]).status.code(), Some(2));
    assert!(program.refused(&["enrol", CODE, "--role", "secretary"]).contains("village add"));
    program.done(&["village", "add", CODE, "禾坪村"]);
    program.refused(&["village", "add", CODE, "禾坪村"]);
    program.refused(&["village", "add", "99", "禾坪村"]);
    assert!(program.refused(&["enrol", CODE, "--role", "secretary"]).contains("--address"));
    let mut running = program.serve();
    assert!(program.refused(&["serve", "--listen", "127.0.0.1:0"]).contains("served"));
    let (mut secretary, enrolled, code) = program.enrol(&running, 1, "韦志强", "secretary");
    let key = unhex(&enrolled.root_key).unwrap();
    assert!(!enrolled.waits && enrolled.township == "松河镇" && enrolled.name == "禾坪村");
    let mut line = dial(running.at, code.pin).unwrap();
    secretary.visits(84);
    push(&mut line, &mut secretary, &key).unwrap();
    assert_eq!(secretary.acked(), 84);
    // The second computer waits until somebody says yes.
    let (mut cadre, enrolled, _) = program.enrol(&running, 2, "陆永平", "cadre");
    assert!(enrolled.waits);
    let devices = program.json(&["devices", CODE, "--json"]);
    let waiting = devices.as_array().unwrap().iter().find(|device| device["place"] == "waits").unwrap();
    assert_eq!(waiting["who"], "陆永平");
    let device = cadre.chain.device.to_string();
    program.done(&["approve", &device]);
    program.refused(&["approve", &device]);
    cadre.visits(3);
    push(&mut line, &mut cadre, &key).unwrap();
    assert_eq!(cadre.acked(), 3);
    program.refused(&["revoke", &secretary.chain.device.to_string()]);
    program.done(&["revoke", &device]);
    // A mass change waits for a second yes.
    let wiping = secretary.voids(60);
    push(&mut line, &mut secretary, &key).unwrap();
    let held = program.json(&["held", CODE, "--json"]);
    let at = held[0]["at"].as_str().unwrap().to_owned();
    assert_eq!((held[0]["why"].as_str(), held[0]["voids"].as_u64()), (Some("mass"), Some(60)));
    program.done(&["approve-batch", CODE, &at]);
    push(&mut line, &mut secretary, &key).unwrap();
    assert_eq!(secretary.acked(), wiping.seq);
    let backup = program.folder.path().join("night.lhtb");
    program.done(&["backup", backup.to_str().unwrap()]);
    program.done(&["verify"]);
    assert!(program.refused(&["restore", backup.to_str().unwrap(), "--force"]).contains("stop"));
    stop(&mut running);
    program.done(&["restore", backup.to_str().unwrap(), "--force"]);
    program.done(&["verify"]);
    let log = std::fs::read_to_string(program.log()).unwrap();
    for personal in ["韦志强", "陆永平", "禾坪村", CODE, &device, "127.0.0.1"] {
        assert!(!log.contains(personal), "{personal}: {log}");
    }
}

/// Asks it to stop, and sees that it does so by itself.
fn stop(running: &mut Running) {
    let pid = running.child.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    assert_eq!(running.child.wait().unwrap().code(), Some(0));
}

#[test]
fn killed_anywhere_it_keeps_what_it_said_it_had() {
    let program = Program::new();
    program.done(&["init", "--name", "松河镇"]);
    program.done(&["village", "add", CODE, "禾坪村"]);
    let mut running = program.serve();
    let (mut secretary, enrolled, code) = program.enrol(&running, 1, "韦志强", "secretary");
    let key = unhex(&enrolled.root_key).unwrap();
    for round in 0..24usize {
        let mut line = dial(running.at, code.pin).unwrap();
        for _ in 0..round % 3 {
            secretary.visits(5);
            push(&mut line, &mut secretary, &key).unwrap();
        }
        // And one that is cut off: before it is heard whole, or before its answer is read.
        secretary.visits(7);
        let ask = secretary.ask();
        let whole = request("POST", SYNC_PATH, &secretary.sealed(&ask));
        let sent = if round % 2 == 0 { whole.len() } else { whole.len() / 2 };
        line.write_all(&whole[..sent]).unwrap();
        line.flush().unwrap();
        running.child.kill().unwrap();
        running.child.wait().unwrap();
        running = program.serve();
        push(&mut dial(running.at, code.pin).unwrap(), &mut secretary, &key).unwrap();
        assert_eq!(secretary.acked(), secretary.head().seq, "round {round}");
    }
    stop(&mut running);
    program.done(&["verify"]);
    let villages = program.json(&["village", "list", "--json"]);
    assert_eq!(villages[0]["batches"].as_u64(), Some(secretary.acked()), "every batch once");
}
