//! The command line: every command of the township's program, a few lines each over [`Town`].

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Parser, Subcommand, ValueEnum};
use lianhu_ledger::Result;
use lianhu_ledger::text::Lang;
use uuid::Uuid;

use crate::failure::{Failure, Outcome, io};
use crate::limits::Rates;
use crate::machine::Machine;
use crate::reading::Reading;
use crate::serve::serve;
use crate::store::Store;
use crate::store::postgres::{PostgresStore, sql};
use crate::store::sqlite::SqliteStore;
use crate::town::{Asked, Founding, Town};

mod output;
mod users;
mod village;

use output::Output;

/// 联户乡镇端 — the township's program: it keeps what the villages send.
#[derive(Parser, Debug)]
#[command(name = "lianhu-township", version)]
pub struct Args {
    /// The township's folder: key, certificate and, unless --store says otherwise, its villages
    #[arg(long, global = true, default_value = "township")]
    data: PathBuf,
    /// A database for the villages: postgres://USER:PASSWORD@HOST/NAME
    #[arg(long, global = true)]
    store: Option<String>,
    /// Language of messages; zh unless the system says otherwise
    #[arg(long, global = true)]
    lang: Option<Tongue>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Tongue {
    Zh,
    En,
}

#[derive(Subcommand, Debug)]
pub(crate) enum Command {
    /// Makes a township: key, certificate, an empty store
    Init {
        /// The township's name, as villages show it
        #[arg(long)]
        name: String,
        /// HOST:PORT at which villages reach it
        #[arg(long)]
        address: Option<String>,
    },
    /// The villages
    Village {
        #[command(subcommand)]
        what: VillageCommand,
    },
    /// Hands out an enrolment code for one computer; it holds once and for a day
    Enrol {
        code: String,
        #[arg(long)]
        role: String,
        /// HOST:PORT at which this computer reaches the township
        #[arg(long)]
        address: Option<String>,
        #[arg(long)]
        json: bool,
    },
    /// Says yes to a computer that waits, when both screens show the same six digits
    Approve { device: Uuid },
    /// The computers of a village
    Devices {
        code: String,
        #[arg(long)]
        json: bool,
    },
    /// Revokes a computer: nothing it writes from here on is taken
    Revoke { device: Uuid },
    /// Serves villages and the page until it is stopped
    Serve {
        /// HOST:PORT; port 0 takes a free one
        #[arg(long)]
        listen: String,
    },
    /// Writes the whole township to one file, while it is served
    Backup { file: PathBuf },
    /// Puts a backup back, as another epoch
    Restore {
        file: PathBuf,
        /// Over a township that is there; the old one is kept aside
        #[arg(long)]
        force: bool,
    },
    /// A village as the township has it: the same lines as `lianhu dump`
    Dump { code: String },
    /// Looks at every signature, chain, receipt and sum, and at the store's own files
    Verify,
    /// Prints the statements that the owner of a PostgreSQL database runs once
    Sql {
        #[arg(value_enum)]
        what: Statements,
    },
    /// Packages that came by stick
    Package {
        #[command(subcommand)]
        what: PackageCommand,
    },
    /// Who may use the page
    User {
        #[command(subcommand)]
        what: users::UserCommand,
    },
    /// Mass changes that wait for a second yes, and what else waits
    Held {
        code: Option<String>,
        #[arg(long)]
        json: bool,
    },
    /// Says yes to what waits
    ApproveBatch {
        code: String,
        /// DEVICE/INC/SEQ or DEVICE/INC/SEQ-LAST, as `held` prints it
        #[arg(value_parser = asked)]
        at: Asked,
    },
    /// Says no to what waits: it is kept and never applied
    RefuseBatch {
        code: String,
        #[arg(value_parser = asked)]
        at: Asked,
    },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Statements {
    /// The tables
    Schema,
    /// The tables over partitions of one server
    Partitions,
    /// The tables over the machines of a Citus cluster
    Citus,
    /// Walls between the villages: the program then signs in as lianhu_server
    Walls,
}

impl Statements {
    fn text(self) -> &'static str {
        match self {
            Statements::Schema => sql::SCHEMA,
            Statements::Partitions => sql::PARTITIONS,
            Statements::Citus => sql::CITUS,
            Statements::Walls => sql::WALLS,
        }
    }
}

#[derive(Subcommand, Debug)]
pub(crate) enum VillageCommand {
    /// Lists a new village
    Add { code: String, name: String },
    List {
        #[arg(long)]
        json: bool,
    },
}

#[derive(Subcommand, Debug)]
pub(crate) enum PackageCommand {
    /// Reads a village's package
    Read {
        file: PathBuf,
        /// Where the package that goes back is written
        #[arg(long)]
        answer: Option<PathBuf>,
    },
}

fn asked(text: &str) -> Result<Asked, String> {
    Asked::typed(text).ok_or_else(|| "DEVICE/INC/SEQ".to_owned())
}

impl Args {
    /// What was asked for, else what the system speaks.
    pub fn lang(&self) -> Lang {
        match self.lang {
            Some(Tongue::Zh) => Lang::ZhCn,
            Some(Tongue::En) => Lang::En,
            None => Lang::of(&std::env::var("LC_ALL").or_else(|_| std::env::var("LANG")).unwrap_or_default()),
        }
    }

    fn store(&self) -> Result<Arc<dyn Store>> {
        open_store(&self.data, self.store.as_deref())
    }

    fn town(&self) -> Outcome<Town> {
        Town::open(&self.data, self.store()?, Machine::default())
    }
}

/// The store of a folder, or the database that was named instead.
pub fn open_store(folder: &Path, url: Option<&str>) -> Result<Arc<dyn Store>> {
    Ok(match url {
        None => Arc::new(SqliteStore::at(folder)),
        Some(url) => Arc::new(PostgresStore::at(url)?),
    })
}

pub fn run(args: &Args) -> Outcome {
    let out = Output { lang: args.lang() };
    match &args.command {
        Command::Init { name, address } => init(args, out, name, address.as_deref()),
        Command::Serve { listen } => {
            log();
            serve(args.town()?, listen, Rates::default(), |at| out.line(&format!("https://{at}")))
        }
        Command::Backup { file } => backup(args, out, file),
        Command::Restore { file, force } => restore(args, out, file, *force),
        Command::Sql { what } => {
            out.line(what.text().trim_end());
            Ok(())
        }
        Command::Verify => verify(args, out),
        Command::Dump { code } => dump(&args.town()?, code),
        Command::User { what } => users::run(&args.town()?, out, what),
        Command::Package { what: PackageCommand::Read { file, answer } } => package(args, out, file, answer.as_deref()),
        command => village::run(&args.town()?, out, command),
    }
}

fn init(args: &Args, out: Output, name: &str, address: Option<&str>) -> Outcome {
    if address.is_some_and(|address| !address.contains(':')) {
        return Err(Failure::said("township.no_address", []));
    }
    let town = Town::init(&args.data, args.store()?, Machine::default(), &Founding { name, address })?;
    out.say("township.made", &[("name", &town.name), ("path", &args.data.display().to_string())]);
    Ok(())
}

/// Structured lines on the error stream; nobody is named in them.
fn log() {
    let lines = tracing_subscriber::fmt().with_writer(std::io::stderr).with_ansi(false).with_target(false);
    // A second one in the same process finds the first at work: that is as good.
    let _ = lines.try_init();
}

fn backup(args: &Args, out: Output, file: &Path) -> Outcome {
    let done = args.town()?.backup(file)?;
    let (villages, pictures) = (done.villages.to_string(), done.pictures.to_string());
    let path = file.display().to_string();
    out.say("township.backed_up", &[("villages", &villages), ("pictures", &pictures), ("path", &path)]);
    Ok(())
}

fn restore(args: &Args, out: Output, file: &Path, force: bool) -> Outcome {
    let store = |folder: &Path| open_store(folder, args.store.as_deref());
    let aside = crate::backup::restore(file, &args.data, &store, &Machine::default(), force)?;
    out.say("township.restored", &[("path", &args.data.display().to_string())]);
    if let Some(aside) = aside {
        out.say("township.kept_aside", &[("path", &aside.display().to_string())]);
    }
    Ok(())
}

/// Replayed anew from the store, by the same `apply` as on a laptop.
fn dump(town: &Town, code: &str) -> Outcome {
    let village = town.listed(code)?;
    let id = village.id.ok_or_else(|| Failure::said("township.nobody_enrolled", [("village", &village.name)]))?;
    let mut lines = Vec::new();
    Reading::default().of(town).ask(id, |ledger| ledger.dump(&mut lines))?;
    std::io::stdout().write_all(&lines).map_err(io(Path::new("-")))?;
    Ok(())
}

fn verify(args: &Args, out: Output) -> Outcome {
    let verified = args.town()?.verify()?;
    verified.problems.iter().for_each(|problem| out.line(problem));
    let counts = [verified.villages, verified.batches, verified.receipts].map(|n| n.to_string());
    out.say("township.verified", &[("villages", &counts[0]), ("batches", &counts[1]), ("receipts", &counts[2])]);
    match verified.problems.len() {
        0 => Ok(()),
        n => Err(Failure::said("township.problems", [("n", &n.to_string())])),
    }
}

fn package(args: &Args, out: Output, file: &Path, answer: Option<&Path>) -> Outcome {
    let bytes = std::fs::read(file).map_err(crate::failure::io(file))?;
    let came = args.town()?.read_package(&bytes)?;
    out.say("package.read", &[("batches", &came.batches.to_string())]);
    if !came.held.is_empty() {
        out.say("township.some_wait", &[("n", &came.held.len().to_string())]);
    }
    if let Some(path) = answer {
        crate::files::write_private(path, &came.back)?;
        out.say("cli.written", &[("path", &path.display().to_string())]);
    }
    Ok(())
}
