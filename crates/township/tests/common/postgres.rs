//! A PostgreSQL of our own, in a folder of its own, for as long as a test lasts.
#![allow(clippy::unwrap_used)]

use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Command, Output};

use lianhu_township::store::postgres::PostgresStore;
use tempfile::TempDir;

pub struct Postgres {
    folder: TempDir,
    bin: PathBuf,
    port: u16,
}

/// Where Debian and its kin keep the programs.
fn bin() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
    let found = versions.filter_map(|entry| Some(entry.ok()?.path().join("bin")));
    found.filter(|bin| bin.join("initdb").is_file() && bin.join("pg_ctl").is_file()).max()
}

fn number(of: &[&str]) -> Option<u32> {
    let out = Command::new("id").args(of).output().ok()?;
    String::from_utf8(out.stdout).ok()?.trim().parse().ok()
}

/// PostgreSQL refuses to be root: then it is the user that its package made.
fn as_owner(command: &mut Command) -> &mut Command {
    use std::os::unix::process::CommandExt;
    if number(&["-u"]) == Some(0) {
        let (user, group) = (number(&["-u", "postgres"]).unwrap(), number(&["-g", "postgres"]).unwrap());
        command.uid(user).gid(group);
    }
    command
}

fn done(command: &mut Command) -> Output {
    let out = command.output().unwrap();
    assert!(out.status.success(), "{command:?}: {}", String::from_utf8_lossy(&out.stderr));
    out
}

impl Postgres {
    /// Starts one that does not wait for the disk; `None`, and a word, where its programs are not there.
    pub fn start() -> Option<Postgres> {
        Postgres::start_with("off")
    }

    /// One that keeps what it commits, whatever happens to the machine.
    pub fn start_durable() -> Option<Postgres> {
        Postgres::start_with("on")
    }

    fn start_with(fsync: &str) -> Option<Postgres> {
        let Some(bin) = bin() else {
            eprintln!("skipped: PostgreSQL is not installed here (Debian: apt-get install postgresql)");
            return None;
        };
        let folder = tempfile::tempdir().unwrap();
        if let Some(user) = number(&["-u", "postgres"]).filter(|_| number(&["-u"]) == Some(0)) {
            std::os::unix::fs::chown(folder.path(), Some(user), None).unwrap();
        }
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let postgres = Postgres { folder, bin, port };
        let data = postgres.data();
        let mut init = Command::new(postgres.bin.join("initdb"));
        init.args(["--auth=trust", "--username=owner", "--encoding=UTF8", "--no-sync", "-D"]).arg(&data);
        done(as_owner(init.current_dir(postgres.folder.path())));
        let options = format!(
            "-p {port} -k {} -c listen_addresses=127.0.0.1 -c max_connections=60 -c fsync={fsync} -c log_min_messages=fatal",
            postgres.folder.path().display()
        );
        done(as_owner(postgres.control().args(["start", "-w", "-o", &options, "-l"]).arg(data.join("log"))));
        Some(postgres)
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn control(&self) -> Command {
        let mut control = Command::new(self.bin.join("pg_ctl"));
        control.current_dir(self.folder.path()).arg("-D").arg(self.data());
        // What it leaves running must not hold on to our pipes.
        control.stdin(std::process::Stdio::null());
        control
    }

    /// The process that all others of it are children of.
    pub fn process(&self) -> u32 {
        let said = std::fs::read_to_string(self.data().join("postmaster.pid")).unwrap();
        said.lines().next().unwrap().trim().parse().unwrap()
    }

    pub fn url(&self, role: &str, database: &str) -> String {
        format!("postgres://{role}@127.0.0.1:{}/{database}", self.port)
    }

    /// An empty database of that name, as its owner sees it.
    pub fn database(&self, name: &str) -> PostgresStore {
        let server = PostgresStore::at(&self.url("owner", "postgres")).unwrap();
        server.run(&format!("CREATE DATABASE {name}")).unwrap();
        PostgresStore::at(&self.url("owner", name)).unwrap()
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let stopped = as_owner(self.control().args(["stop", "-m", "immediate", "-w"])).output();
        if let Err(error) = stopped {
            eprintln!("PostgreSQL is left running: {error}");
        }
    }
}
