//! A township and its laptops as people have them: the real programs, on folders of their own, over a real line.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use serde_json::{Value as Json, json};
use tempfile::TempDir;

use crate::proxy::Proxy;

pub const VILLAGE: &str = "990101102207";
pub const SECRETARY: &str = "韦志强";
pub const CADRE: &str = "黄海燕";

const SERVE: [&str; 3] = ["serve", "--listen", "127.0.0.1:0"];

/// A program of ours, as it was built beside this test.
fn ours(name: &str) -> PathBuf {
    let test = std::env::current_exe().expect("this test has a file");
    let folder = test.parent().and_then(Path::parent).expect("it lies in a folder of what was built");
    let program = folder.join(name).with_extension(std::env::consts::EXE_EXTENSION);
    assert!(program.exists(), "{} is not built: cargo build --workspace --bins", program.display());
    program
}

/// What a program said and how it ended.
#[derive(Debug)]
pub struct Said {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl From<Output> for Said {
    fn from(output: Output) -> Said {
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        Said { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }
}

impl Said {
    #[track_caller]
    pub fn done(self) -> String {
        assert_eq!(self.code, Some(0), "{self:?}");
        self.out
    }

    /// The sentence with which it said no.
    #[track_caller]
    pub fn refused(self) -> String {
        assert_eq!(self.code, Some(1), "{self:?}");
        assert!(!self.err.trim().is_empty(), "it says why");
        self.err
    }

    #[track_caller]
    pub fn json(self) -> Json {
        serde_json::from_str(&self.done()).expect("JSON")
    }
}

/// The township's server under way.
struct Serving {
    program: Child,
    address: SocketAddr,
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

pub struct Town {
    pub folder: TempDir,
    store: Option<String>,
    serving: Option<Serving>,
    /// What every laptop calls: the line to the server, wherever that has come up again.
    pub line: Proxy,
}

impl Town {
    /// With one village, serving. `store` is a PostgreSQL address; without one the township keeps its own files.
    pub fn new(seed: u64, store: Option<String>) -> Town {
        let nowhere = "127.0.0.1:9".parse().expect("an address");
        let folder = TempDir::new().expect("a folder");
        let mut town = Town { folder, store, serving: None, line: Proxy::to(nowhere, seed) };
        let line = town.line.address.to_string();
        town.says(&["init", "--name", "松河镇", "--address", &line]).done();
        town.says(&["village", "add", VILLAGE, "禾坪村"]).done();
        town.serve();
        town
    }

    pub fn data(&self) -> PathBuf {
        self.folder.path().join("township")
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn program(&self, args: &[&str]) -> Command {
        let mut program = Command::new(ours("lianhu-township"));
        program.args(["--lang", "zh", "--data"]).arg(self.data());
        if let Some(store) = &self.store {
            program.args(["--store", store]);
        }
        program.args(args);
        program
    }

    pub fn says(&self, args: &[&str]) -> Said {
        self.program(args).output().expect("the township's program runs").into()
    }

    /// Starts, and leads the line to it.
    pub fn serve(&mut self) {
        let program = self.program(&SERVE);
        self.serve_by(program);
    }

    /// The same on a system that gives a program no more than so many files and connections.
    #[cfg(unix)]
    pub fn serve_within(&mut self, handles: usize) {
        let program = self.program(&SERVE);
        let mut narrow = Command::new("sh");
        narrow.arg("-c").arg(format!("ulimit -n {handles}; exec \"$0\" \"$@\""));
        narrow.arg(program.get_program()).args(program.get_args());
        self.serve_by(narrow);
    }

    fn serve_by(&mut self, mut program: Command) {
        let mut program = program.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("it starts");
        let mut first = String::new();
        let mut said = BufReader::new(program.stdout.take().expect("piped"));
        said.read_line(&mut first).expect("it says where it listens");
        let address = first.trim().strip_prefix("https://").and_then(|address| address.parse().ok());
        let address = address.unwrap_or_else(|| panic!("no address: {first:?}"));
        // Whatever else it says must not stop it.
        std::thread::spawn(move || std::io::copy(&mut said, &mut std::io::sink()));
        self.serving = Some(Serving { program, address });
        self.line.lead_to(address);
    }

    pub fn address(&self) -> SocketAddr {
        self.serving.as_ref().expect("it serves").address
    }

    /// kill -9.
    pub fn kill(&mut self) {
        self.serving = None;
    }

    /// Memory of the server, in KiB.
    pub fn memory(&self) -> Option<u64> {
        let id = self.serving.as_ref()?.program.id();
        let status = std::fs::read_to_string(format!("/proc/{id}/status")).ok()?;
        let line = status.lines().find(|line| line.starts_with("VmHWM"))?;
        line.split_whitespace().nth(1)?.parse().ok()
    }

    pub fn code(&self, role: &str) -> String {
        let said = self.says(&["enrol", VILLAGE, "--role", role, "--json"]).json();
        said["code"].as_str().expect("a code").to_owned()
    }

    /// What the township has, line by line.
    pub fn dump(&self) -> String {
        self.says(&["dump", VILLAGE]).done()
    }

    /// A laptop with a ledger that was there before the township.
    pub fn secretary(&self) -> Laptop {
        let laptop = Laptop::at(self.file("secretary.lianhu"), SECRETARY);
        let founding = ["--village", "禾坪村", "--code", VILLAGE, "--township", "松河镇", "--clerk", SECRETARY];
        laptop.says(&[&["new"], founding.as_slice()].concat()).done();
        laptop
    }

    /// A further laptop of the village, approved by the township.
    pub fn cadre(&self, name: &str) -> Laptop {
        let laptop = Laptop::at(self.file(&format!("{name}.lianhu")), CADRE);
        laptop.says(&["join", &self.code("cadre"), "--who", CADRE]).refused();
        self.approve_all();
        laptop.sync().done();
        laptop
    }

    /// Says yes to every computer that waits.
    pub fn approve_all(&self) {
        let devices = self.says(&["devices", VILLAGE, "--json"]).json();
        let waiting = devices.as_array().expect("a list").iter().filter(|d| d["place"] == "waits");
        for device in waiting {
            self.says(&["approve", device["device"].as_str().expect("its name")]).done();
        }
    }
}

/// A ledger and whoever types into it.
#[derive(Clone)]
pub struct Laptop {
    pub ledger: PathBuf,
    who: &'static str,
    /// A clock that stands still, where it is not the machine's.
    clock: Option<&'static str>,
}

impl Laptop {
    pub fn at(ledger: PathBuf, who: &'static str) -> Laptop {
        Laptop { ledger, who, clock: None }
    }

    /// The same laptop with its clock at that time.
    pub fn at_clock(&self, clock: &'static str) -> Laptop {
        Laptop { clock: Some(clock), ..self.clone() }
    }

    pub fn program(&self, args: &[&str]) -> Command {
        let mut program = Command::new(ours("lianhu"));
        program.arg("--ledger").arg(&self.ledger).args(["--as", self.who]);
        if let Some(clock) = self.clock {
            program.args(["--at", clock]);
        }
        program.args(args);
        program
    }

    pub fn says(&self, args: &[&str]) -> Said {
        self.program(args).output().expect("the laptop's program runs").into()
    }

    pub fn sync(&self) -> Said {
        self.says(&["sync"])
    }

    /// Tries until it has got through; how often it took.
    #[track_caller]
    pub fn sync_at_last(&self, most: usize) -> usize {
        let mut last = None;
        for nth in 1..=most {
            let said = self.sync();
            if said.code == Some(0) {
                return nth;
            }
            last = Some(said);
        }
        panic!("not through after {most} tries: {last:?}")
    }

    pub fn status(&self) -> Json {
        self.says(&["status", "--json"]).json()
    }

    pub fn dump(&self) -> String {
        self.says(&["dump"]).done()
    }

    /// Writes a record; its id.
    #[track_caller]
    pub fn put(&self, kind: &str, record: &Json) -> String {
        let said = self.says(&["put", kind, "--json", &record.to_string()]).json();
        said["id"].as_str().expect("its id").to_owned()
    }

    pub fn household(&self, number: usize) -> String {
        self.put("household", &json!({ "number": number, "address": format!("{number}号") }))
    }

    /// Two words that belong to each other: who has one without the other was served half.
    pub fn address(&self, household: &str, address: &str) {
        self.put("household", &json!({ "id": household, "address": address }));
    }
}
