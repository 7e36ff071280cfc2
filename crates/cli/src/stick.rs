//! `package`: what travels on a stick, to the township and back, or from village laptop to village laptop.

use std::path::Path;

use lianhu_ledger::Ledger;
use lianhu_ledger::text::{self, Lang};
use lianhu_sync::invitation::{self, NotAccepted};
use lianhu_sync::package::LARGEST_FILE;
use lianhu_sync::{LedgerShelf, roles, stick};

use crate::args::{Args, Command, PackageCommand};
use crate::files;
use crate::output::{self, Desk, Failure, Outcome, machine};

pub fn run(args: &Args) -> Outcome {
    let Command::Package { what } = &args.command else { return Ok(()) };
    match what {
        PackageCommand::Make { file } => make(&mut Desk::open(args)?, file),
        PackageCommand::Read { file } => read(&mut Desk::open(args)?, file),
        PackageCommand::Request { file, who } => request(args, file, who),
        PackageCommand::Admit { request, answer, role } => admit(&mut Desk::open(args)?, request, answer, role),
        PackageCommand::Join { answer, digits } => join(args, answer, digits),
    }
}

fn make(desk: &mut Desk, file: &Path) -> Outcome {
    let unenrolled = desk.said("package.unenrolled", &[]);
    let unsealable = desk.said("package.unsealable", &[]);
    let mut shelf = LedgerShelf::of(&mut desk.ledger)?.ok_or(unenrolled)?;
    let made = stick::make(&mut shelf, &mut desk.machine, None)?.ok_or(unsealable)?;
    let written = put(file, &made.bytes)?;
    stick::keep(&mut shelf, &made)?;
    desk.say("cli.written", &[("path", &written)])
}

fn put(file: &Path, bytes: &[u8]) -> Outcome<String> {
    let (folder, name) = (file.parent().unwrap_or(Path::new("")), file.file_name().unwrap_or_default());
    // A bare name lies in the folder the program was started in.
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    Ok(files::write(folder, &name.to_string_lossy(), bytes)?.display().to_string())
}

/// What is larger than a package can be is not read into memory.
fn take(lang: Lang, file: &Path) -> Outcome<Vec<u8>> {
    if std::fs::metadata(file).is_ok_and(|found| found.len() > LARGEST_FILE as u64) {
        return Err(Failure::Said(text::say(lang, "package.no_package", &[])));
    }
    files::read(file)
}

fn read(desk: &mut Desk, file: &Path) -> Outcome {
    let bytes = take(desk.lang, file)?;
    let unenrolled = desk.said("package.unenrolled", &[]);
    let mut shelf = LedgerShelf::of(&mut desk.ledger)?.ok_or(unenrolled)?;
    match stick::read(&mut shelf, &mut desk.machine, &bytes)? {
        Ok(read) => desk.say("package.read", &[("batches", &read.applied.to_string())]),
        Err(unread) => Err(Failure::Said(text::say(desk.lang, &format!("package.{}", unread.name()), &[]))),
    }
}

/// The further computer's half of an invitation: its ledger lies beside its place until it is whole.
fn request(args: &Args, file: &Path, who: &str) -> Outcome {
    let mut edge = machine(args)?;
    let mut ledger = Ledger::begin_joining(place(args)?, output::key(args)?.as_ref(), Box::new(machine(args)?))?;
    let bytes = invitation::request(&mut ledger, who, &mut edge)?;
    let written = put(file, &bytes)?;
    output::line(&text::say(args.lang(), "cli.requested", &[("path", &written)]))
}

fn place(args: &Args) -> Outcome<&Path> {
    args.ledger.as_deref().ok_or_else(|| Failure::Usage("--ledger FILE".into()))
}

fn admit(desk: &mut Desk, request: &Path, answer: &Path, role: &str) -> Outcome {
    let may = roles::may(role).cloned().ok_or_else(|| Failure::Usage(format!("--role {role}")))?;
    let file = take(desk.lang, request)?;
    let author = desk.author.clone();
    let admitted = invitation::admit(&mut desk.ledger, &file, (role, may), &author, &mut desk.machine)?;
    let admitted = admitted.map_err(|untaken| desk.said(&NotAccepted::from(untaken).key(), &[]))?;
    let written = put(answer, &admitted.answer)?;
    desk.say("cli.admitted", &[("who", &admitted.who), ("short", &admitted.short), ("path", &written)])
}

fn join(args: &Args, answer: &Path, digits: &str) -> Outcome {
    let (path, lang, mut edge) = (place(args)?, args.lang(), machine(args)?);
    let file = take(lang, answer)?;
    let mut ledger = Ledger::begin_joining(path, output::key(args)?.as_ref(), Box::new(machine(args)?))?;
    let accepted = invitation::accept(&mut ledger, &file, digits, &mut edge)?;
    accepted.map_err(|not| Failure::Said(text::say(lang, &not.key(), &[])))?;
    ledger.take_place(path)?;
    output::line(&text::say(lang, "cli.joined", &[("path", &path.display().to_string())]))
}
