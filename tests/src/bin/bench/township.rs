//! What the township's server costs: records received per second of its processor while a hundred computers push a month
//! each, beside a handler that does nothing but unpack and insert; the same on PostgreSQL; and what it takes in memory.
//!
//! A server is a process of its own (this program, begun again), so that what the computers cost is not counted.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use lianhu_tests::postgres::Postgres;
use lianhu_township::machine::Machine;
use lianhu_township::store::Store;
use lianhu_township::store::postgres::{PostgresStore, sql};
use lianhu_township::store::sqlite::SqliteStore;
use lianhu_township::town::{Founding, Town};

use self::computer::Computer;
use super::{Outcome, line};

mod bare;
mod computer;
mod serve;

pub use serve::is_server;

const COMPUTERS: usize = 100;
/// Records of a computer's month.
const MONTH: usize = 84;
const MONTHS: usize = 6;
/// Computers that speak at the same time.
const LANES: usize = 16;
/// The kernel counts what is gone in these, a second.
const TICKS: f64 = 100.0;

/// A server in a process of its own.
pub struct Process {
    child: Child,
    pub port: u16,
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Process {
    fn start(what: &str, folder: &Path, url: Option<&str>) -> Outcome<Process> {
        let mut command = Command::new(std::env::current_exe()?);
        command.args([serve::NAME, what]).arg(folder).args(url).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn()?;
        let mut said = String::new();
        BufReader::new(child.stdout.take().ok_or("no output")?).read_line(&mut said)?;
        Ok(Process { child, port: said.trim().parse()? })
    }

    /// The most memory that it has held, in MB.
    fn memory(&self) -> Outcome<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let high = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no status")?;
        let kib: f64 = high.trim().trim_end_matches(" kB").parse()?;
        Ok(kib / 1024.0)
    }
}

/// Who began a process, and the seconds of those of its children that are gone.
fn stat(process: u32) -> Option<(u32, f64)> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    let words: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = words.get(13..15)?.iter().map(|n| n.parse().ok()).collect::<Option<Vec<f64>>>()?;
    Some((words.get(1)?.parse().ok()?, ticks.iter().sum::<f64>() / TICKS))
}

/// Seconds of processor that a living process has taken, to the nanosecond: a backend of the database takes but a few ticks
/// in a run.
fn own(process: u32) -> f64 {
    let threads = std::fs::read_dir(format!("/proc/{process}/task")).into_iter().flatten();
    let told = threads.filter_map(|thread| std::fs::read_to_string(thread.ok()?.path().join("schedstat")).ok());
    told.filter_map(|said| said.split_whitespace().next()?.parse::<f64>().ok()).sum::<f64>() / 1e9
}

/// Seconds of processor that a server has taken: its own, and those of its database, whose backends come and go.
fn cpu(server: &Process, database: Option<u32>) -> (f64, f64) {
    let served = own(server.child.id());
    let Some(first) = database else { return (served, 0.0) };
    let gone = stat(first).map_or(0.0, |(_, gone)| gone);
    let processes = std::fs::read_dir("/proc").into_iter().flatten().filter_map(|entry| entry.ok());
    let numbers = processes.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    let backends = numbers.filter(|process| stat(*process).is_some_and(|(of, _)| of == first));
    (served, gone + own(first) + backends.map(own).sum::<f64>())
}

/// What a run came to.
#[derive(Clone, Copy)]
struct Ran {
    records: usize,
    /// Seconds of processor: the server's, and its database's.
    own: f64,
    database: f64,
    memory: f64,
}

impl Ran {
    fn speed(self) -> f64 {
        self.records as f64 / (self.own + self.database)
    }

    /// How much of it the database does.
    fn share(self) -> f64 {
        100.0 * self.database / (self.own + self.database)
    }

    fn and(self, other: Ran) -> Ran {
        let memory = self.memory.max(other.memory);
        let (own, database) = (self.own + other.own, self.database + other.database);
        Ran { records: self.records + other.records, own, database, memory }
    }
}

/// Every computer pushes its months, one after the other. The first is not counted, neither ours nor the floor's: a server
/// runs for weeks, and what it costs to make its connections says nothing of them.
fn push(process: &Process, database: Option<u32>, computers: Vec<Computer>, bare: bool) -> Outcome<Ran> {
    let mut lanes = computers.into_iter().enumerate().fold(vec![Vec::new(); LANES], |mut lanes, (nth, computer)| {
        lanes[nth % LANES].push(computer);
        lanes
    });
    let port = process.port;
    months(port, &mut lanes, 1, bare)?;
    let (own, its) = cpu(process, database);
    let records = months(port, &mut lanes, MONTHS, bare)?;
    let after = cpu(process, database);
    Ok(Ran { records, own: after.0 - own, database: after.1 - its, memory: process.memory()? })
}

/// All lanes at the same time; how many records that came to.
fn months(port: u16, lanes: &mut [Vec<Computer>], months: usize, bare: bool) -> Outcome<usize> {
    let records = lanes.iter().map(Vec::len).sum::<usize>() * MONTH * months;
    let pushed: Result<(), String> = std::thread::scope(|scope| {
        let lane = |lane: &mut Vec<Computer>| -> Result<(), String> {
            let each = lane.len();
            for turn in 0..months * each {
                let computer = &mut lane[turn % each];
                let pushed = if bare { computer.pushes_bare(port, MONTH) } else { computer.pushes(port, MONTH) };
                pushed.map_err(|e| e.to_string())?;
            }
            Ok(())
        };
        let threads: Vec<_> = lanes.iter_mut().map(|one| scope.spawn(move || lane(one))).collect();
        threads.into_iter().try_for_each(|thread| thread.join().map_err(|_| "a computer fell over".to_owned())?)
    });
    pushed?;
    Ok(records)
}

/// A new township with so many villages of so many computers each.
fn settled(folder: &Path, store: Arc<dyn Store>, villages: usize, each: usize) -> Outcome<Vec<Computer>> {
    let founding = Founding { name: "松河镇", address: Some("127.0.0.1:1") };
    let town = Town::init(folder, store, Machine::default(), &founding).map_err(|_| "no township")?;
    let mut computers = Vec::new();
    for nth in 0..villages {
        let code = format!("{:012}", 990_101_000_000 + nth);
        town.add_village(&code, "禾坪村")?;
        for of_village in 0..each {
            computers.push(Computer::joined(&town, &code, (nth * each + of_village) as u64)?);
        }
    }
    Ok(computers)
}

/// Where a run keeps what it is sent.
#[derive(Clone, Copy)]
enum Kept<'a> {
    Files,
    Postgres(&'a Postgres, &'a str, &'a str),
}

impl Kept<'_> {
    fn url(self) -> Option<String> {
        match self {
            Kept::Files => None,
            Kept::Postgres(server, role, name) => Some(server.url(role, name)),
        }
    }

    fn database(self) -> Option<u32> {
        match self {
            Kept::Files => None,
            Kept::Postgres(server, ..) => Some(server.process()),
        }
    }
}

fn ours(folder: &Path, kept: Kept<'_>, villages: usize, each: usize) -> Outcome<Ran> {
    std::fs::create_dir_all(folder)?;
    let url = kept.url();
    let store: Arc<dyn Store> = match &url {
        Some(url) => Arc::new(PostgresStore::at(url)?),
        None => Arc::new(SqliteStore::at(folder)),
    };
    let mut computers = settled(folder, store, villages, each)?;
    computers.truncate(COMPUTERS);
    push(&Process::start("town", folder, url.as_deref())?, kept.database(), computers, false)
}

fn bare(folder: &Path, kept: Kept<'_>) -> Outcome<Ran> {
    std::fs::create_dir_all(folder)?;
    let computers = (0..COMPUTERS as u64).map(Computer::unknown).collect();
    push(&Process::start("bare", folder, kept.url().as_deref())?, kept.database(), computers, true)
}

fn records(name: &str, ours: Ran, floor: Option<Ran>, aim: &str) {
    line(name, ours.speed(), floor.map(Ran::speed), "/s", aim);
}

pub fn township(folder: &Path) -> Outcome {
    let floor = bare(&folder.join("bare"), Kept::Files)?;
    let alone = ours(&folder.join("alone"), Kept::Files, COMPUTERS, 1)?;
    records("records received a CPU-second, 100 computers / bare handler", alone, Some(floor), "0.5");
    line("  the server's memory meanwhile", alone.memory, None, "MB", "100");
    let heard = ours(&folder.join("heard"), Kept::Files, COMPUTERS.div_ceil(3), 3)?;
    records("  three to a village, each hears the others", heard, Some(floor), "");
    many_villages(&folder.join("many"))
}

/// Five hundred villages, each with a computer that speaks.
fn many_villages(folder: &Path) -> Outcome {
    std::fs::create_dir_all(folder)?;
    let mut computers = settled(folder, Arc::new(SqliteStore::at(folder)), 500, 1)?;
    let process = Process::start("town", folder, None)?;
    for computer in &mut computers {
        computer.pushes(process.port, MONTH)?;
    }
    line("the server's memory with 500 villages, a month each", process.memory()?, None, "MB", "100");
    Ok(())
}

/// The database's own work is counted too: a handler that leaves everything to it would seem to cost nothing.
pub fn on_postgres(folder: &Path) -> Outcome {
    let Some(server) = &Postgres::start_durable() else { return Ok(()) };
    let database = |name: &str, statements: &[&str]| -> Outcome {
        let database = server.database(name);
        statements.iter().try_for_each(|one| Ok(database.run(one)?))
    };
    let nothing = Ran { records: 0, own: 0.0, database: 0.0, memory: 0.0 };
    let (mut floor, mut open, mut walled) = (nothing, nothing, nothing);
    // In many short turns, so that a slow moment of the machine falls on all.
    for turn in 0..16 {
        let (least, down, up) = (format!("bare{turn}"), format!("down{turn}"), format!("up{turn}"));
        database(&least, &[])?;
        floor = floor.and(bare(&folder.join(&least), Kept::Postgres(server, "owner", &least))?);
        database(&down, &[sql::SCHEMA])?;
        database(&up, &[sql::SCHEMA, sql::WALLS])?;
        open = open.and(ours(&folder.join(&down), Kept::Postgres(server, "owner", &down), COMPUTERS, 1)?);
        walled = walled.and(ours(&folder.join(&up), Kept::Postgres(server, "lianhu_server", &up), COMPUTERS, 1)?);
    }
    records("on PostgreSQL, its own work counted, walls up / bare handler", walled, Some(floor), "0.5");
    records("  walls up / walls down", walled, Some(open), "0.95");
    line("  what the database does of it / of the bare handler's", walled.share(), Some(floor.share()), "%", "");
    Ok(())
}
