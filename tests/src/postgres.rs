//! A PostgreSQL server of the machine's own programs, in a folder of its own, for one test.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use tempfile::TempDir;

/// Debian keeps each release in a folder of its own.
const RELEASES: &str = "/usr/lib/postgresql";
const USER: &str = "lianhu";
const DATABASE: &str = "township";

pub struct Postgres {
    server: Child,
    programs: PathBuf,
    port: u16,
    _folder: TempDir,
}

fn programs() -> Option<PathBuf> {
    let releases = std::fs::read_dir(RELEASES).ok()?;
    let mut found: Vec<PathBuf> = releases.flatten().map(|release| release.path().join("bin")).collect();
    found.retain(|folder| folder.join("initdb").exists() && folder.join("postgres").exists());
    found.sort();
    found.pop()
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|out| out.stdout == b"0\n")
}

/// The server refuses to run as root: then its own user runs it.
fn as_its_user(program: &Path) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=postgres", "--regid=postgres", "--init-groups"]).arg(program);
    command
}

impl Postgres {
    /// `None` where PostgreSQL is not installed.
    pub fn start() -> Option<Postgres> {
        let programs = programs()?;
        let folder = TempDir::new().expect("a folder");
        let data = folder.path().join("data");
        std::fs::create_dir(&data).expect("a folder for it");
        if is_root() {
            let owned = Command::new("chown").args(["-R", "postgres"]).arg(folder.path()).status();
            assert!(owned.is_ok_and(|status| status.success()), "its user owns its folder");
        }
        let mut initdb = as_its_user(&programs.join("initdb"));
        initdb
            .args(["--no-sync", "--auth=trust", "--encoding=UTF8", "--locale=C", "--username", USER, "-D"])
            .arg(&data);
        let made = initdb.current_dir("/").output().expect("initdb runs");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let port = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a free port").port();
        let mut server = as_its_user(&programs.join("postgres"));
        server.arg("-D").arg(&data).args(["-p", &port.to_string(), "-c", "listen_addresses=127.0.0.1", "-k"]);
        server.arg(folder.path()).current_dir("/").stdout(Stdio::null()).stderr(Stdio::null());
        let server = server.spawn().expect("postgres starts");
        let postgres = Postgres { server, programs, port, _folder: folder };
        postgres.awaited();
        postgres.run("postgres", &format!("CREATE DATABASE {DATABASE}"));
        Some(postgres)
    }

    pub fn address(&self) -> String {
        format!("postgres://{USER}@127.0.0.1:{}/{DATABASE}", self.port)
    }

    fn awaited(&self) {
        let port = self.port.to_string();
        let asked = || {
            let mut asking = Command::new(self.programs.join("pg_isready"));
            asking.args(["-q", "-h", "127.0.0.1", "-p", &port]).status().is_ok_and(|status| status.success())
        };
        for _try in 0..600 {
            if asked() {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("PostgreSQL did not come up on port {port}");
    }

    fn psql(programs: &Path, port: u16, database: &str, sql: &str) -> bool {
        let mut psql = Command::new(programs.join("psql"));
        psql.args(["-q", "-h", "127.0.0.1", "-p", &port.to_string(), "-U", USER, "-d", database, "-c", sql]);
        psql.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
    }

    pub fn run(&self, database: &str, sql: &str) {
        assert!(Postgres::psql(&self.programs, self.port, database, sql), "{sql}");
    }

    /// Ends the township's connections from under it, so many times or until it is told to stop.
    pub fn shoot_backends(&self, times: usize) -> Shooting {
        let (programs, port) = (self.programs.clone(), self.port);
        let over = Arc::new(AtomicBool::new(false));
        let seen = Arc::clone(&over);
        let hand = std::thread::spawn(move || {
            let sql = format!(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                 WHERE datname = '{DATABASE}' AND pid <> pg_backend_pid()"
            );
            for _shot in 0..times {
                if seen.load(Ordering::Relaxed) {
                    return;
                }
                Postgres::psql(&programs, port, "postgres", &sql);
                std::thread::sleep(Duration::from_millis(150));
            }
        });
        Shooting { over, hand }
    }
}

/// Somebody who shoots at connections until [`Shooting::stop`].
pub struct Shooting {
    over: Arc<AtomicBool>,
    hand: JoinHandle<()>,
}

impl Shooting {
    pub fn stop(self) {
        self.over.store(true, Ordering::Relaxed);
        let _ = self.hand.join();
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // At once: what it holds is thrown away with its folder.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}
