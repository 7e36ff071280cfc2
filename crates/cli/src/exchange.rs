//! `package`, `status`, `conflicts`, `settle`: what is to be exchanged, and what came of it.

use std::collections::BTreeMap;
use std::path::Path;

use lianhu_ledger::{Edge, text};
use lianhu_sync::package::{self, LARGEST_FILE, Sealed};
use lianhu_sync::plan::after::settle as settle_down;
use lianhu_sync::plan::device::Device;
use lianhu_sync::{Commit, DeviceShelf, Ed25519, Ed25519Key, Faults, LedgerShelf, Shelf};
use serde_json::json;

use crate::args::{Args, Command, PackageCommand, Side};
use crate::files;
use crate::output::{self, Desk, Failure, Outcome};

pub fn run(args: &Args) -> Outcome {
    let mut desk = Desk::open(args)?;
    match &args.command {
        Command::Package { what: PackageCommand::Make { file } } => make(&mut desk, file),
        Command::Package { what: PackageCommand::Read { file } } => read(&mut desk, file),
        Command::Status { json } => status(&mut desk, *json),
        Command::Conflicts { json } => conflicts(&desk, *json),
        Command::Settle { id, take } => settle(&mut desk, id, *take == Side::Theirs),
        _ => Ok(()),
    }
}

fn say(desk: &Desk, key: &str) -> Failure {
    Failure::Said(text::say(desk.lang, key, &[]))
}

fn chance(desk: &mut Desk) -> [u8; 32] {
    let halves = [desk.machine.random(), desk.machine.random()];
    halves.concat().try_into().expect("twice sixteen bytes")
}

/// Everything that has no receipt yet, and what it stands on: a reader who has none of it can take it in. Sealed to the
/// township where it is not this computer itself that the village believes.
fn make(desk: &mut Desk, file: &Path) -> Outcome {
    let chance = chance(desk);
    let now_ms = desk.machine.now_ms();
    let unenrolled = say(desk, "package.unenrolled");
    let mut shelf = LedgerShelf::of(&mut desk.ledger)?.ok_or(unenrolled)?;
    let key = Ed25519Key::new(shelf.secret()?);
    let device = Device { suite: &Ed25519, signer: &key, now_ms, leap: 0, most: usize::MAX, faults: Faults::NONE };
    let (commands, parcels) = device.parcels(&shelf, &BTreeMap::new())?;
    shelf.commit(&commands)?;
    let (me, root) = (shelf.me().device, shelf.roster()?.root.clone());
    let sealed = Sealed { reader: root.device, key: &root.key, chance };
    let sealed = Some(&sealed).filter(|_| root.device != me);
    let has = shelf.heads()?.into_iter().map(|(chain, head)| (chain, head.seq)).collect();
    let made = package::make(shelf.village(), me, &parcels, has, sealed, &key);
    let bytes = made.ok_or_else(|| say(desk, "package.unsealable"))?;
    let (folder, name) = (file.parent().unwrap_or(Path::new("")), file.file_name().unwrap_or_default());
    let written = files::write(folder, &name.to_string_lossy(), &bytes)?;
    desk.say("cli.written", &[("path", &written.display().to_string())])
}

fn read(desk: &mut Desk, file: &Path) -> Outcome {
    let now_ms = desk.machine.now_ms();
    let leap = desk.machine.random();
    let leap = u32::from_le_bytes([leap[0], leap[1], leap[2], leap[3]]);
    let too_large = std::fs::metadata(file).is_ok_and(|found| found.len() > LARGEST_FILE as u64);
    if too_large {
        return Err(say(desk, "package.no_package"));
    }
    let bytes = files::read(file)?;
    let unenrolled = say(desk, "package.unenrolled");
    let mut shelf = LedgerShelf::of(&mut desk.ledger)?.ok_or(unenrolled)?;
    let secret = shelf.secret()?;
    let roster = shelf.roster()?;
    let opened = package::read(&bytes, shelf.village(), &roster, &Ed25519, (shelf.me().device, &secret));
    let (_, parcels) = match opened {
        Ok(opened) => opened,
        Err(unread) => return Err(say(desk, &format!("package.{}", unread.name()))),
    };
    let key = Ed25519Key::new(secret);
    let device = Device { suite: &Ed25519, signer: &key, now_ms, leap, most: usize::MAX, faults: Faults::NONE };
    let commands = device.read(&shelf, &parcels)?;
    shelf.commit(&commands)?;
    settle_down(&mut shelf, &Ed25519, now_ms, Faults::NONE)?;
    let applied = shelf.touched.applied.to_string();
    desk.say("package.read", &[("batches", &applied)])
}

/// What has left this computer and what has not.
fn status(desk: &mut Desk, as_json: bool) -> Outcome {
    let unsent = waiting(desk)?;
    let open = desk.ledger.overtaken()?.len();
    let parked = desk.ledger.parked()?.len();
    let barred = desk.ledger.all_barred()?.len();
    let received = desk.ledger.receipted()?.len();
    let enrolled = LedgerShelf::of(&mut desk.ledger)?.is_some();
    if as_json {
        return output::json(&json!({
            "enrolled": enrolled,
            "waiting": unsent,
            "received": received,
            "held": parked,
            "rejected": barred,
            "conflicts": open,
        }));
    }
    let [unsent, received, open] = [unsent, received, open].map(|n| n.to_string());
    desk.say("cli.status", &[("waiting", &unsent), ("received", &received), ("conflicts", &open)])
}

/// Batches without a receipt.
fn waiting(desk: &Desk) -> Outcome<usize> {
    let heads = desk.ledger.heads()?;
    let all: u64 = heads.values().map(|head| head.seq).sum();
    Ok(usize::try_from(all).unwrap_or(usize::MAX).saturating_sub(desk.ledger.receipted()?.len()))
}

/// Names an open question by its place and the batch that was overtaken.
fn name(open: &lianhu_ledger::Overtaken) -> String {
    format!("{}.{}.{}.{}", open.kind, open.id, open.field, open.batch)
}

fn conflicts(desk: &Desk, as_json: bool) -> Outcome {
    let open = desk.ledger.overtaken()?;
    if as_json {
        let named = |o: &lianhu_ledger::Overtaken| json!({ "id": name(o), "kind": o.kind, "record": o.id, "field": o.field, "stands": o.stands, "other": o.other });
        return output::json(&open.iter().map(named).collect::<Vec<_>>());
    }
    open.iter().try_for_each(|o| output::line(&format!("{}  {}  {}", name(o), o.stands, o.other)))?;
    desk.say("cli.records", &[("n", &open.len().to_string())])
}

/// `mine` keeps what stands, `theirs` takes the value that was overtaken.
fn settle(desk: &mut Desk, id: &str, theirs: bool) -> Outcome {
    let open = desk.ledger.overtaken()?.into_iter().find(|open| name(open) == id);
    let open = open.ok_or_else(|| say(desk, "cli.no_such_conflict"))?;
    let author = desk.author.clone();
    desk.ledger.settle(&open, theirs, &author)?;
    desk.say("cli.settled", &[])
}
