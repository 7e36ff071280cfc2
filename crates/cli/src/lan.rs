//! `lan`: two computers of one village in one room.

use std::net::SocketAddr;

use lianhu_sync::lan::{Door, find, visit};
use lianhu_sync::{LedgerShelf, Trouble};
use serde_json::json;

use crate::args::{Args, Command, LanCommand};
use crate::output::{self, Desk, Outcome};

pub fn run(args: &Args) -> Outcome {
    let Command::Lan { what } = &args.command else { return Ok(()) };
    let mut desk = Desk::open(args)?;
    match what {
        LanCommand::Serve { guests, listen, ears } => serve(&mut desk, *guests, *listen, *ears),
        LanCommand::Find { to, calls, json } => call(&mut desk, *to, *calls, *json),
    }
}

/// The first line says where the door and the ears are, for scripts that let the port be chosen.
fn serve(desk: &mut Desk, guests: Option<usize>, listen: SocketAddr, ears: SocketAddr) -> Outcome {
    let (lang, door) = (desk.lang, Door::open(listen, ears)?);
    let unenrolled = desk.said("package.unenrolled", &[]);
    let mut shelf = LedgerShelf::of(&mut desk.ledger)?.ok_or(unenrolled)?;
    door.answer_calls(&shelf)?;
    let (at, hears) = door.places()?;
    output::line(&format!("{at} {hears}"))?;
    let mut served = 0;
    while guests.is_none_or(|guests| served < guests) {
        let Some(guest) = door.receive(&mut shelf, &mut desk.machine)? else { continue };
        served += 1;
        let applied = guest.read.applied.to_string();
        output::line(&lianhu_ledger::text::say(lang, "package.read", &[("batches", &applied)]))?;
    }
    Ok(())
}

fn call(desk: &mut Desk, to: SocketAddr, calls: u32, as_json: bool) -> Outcome {
    let unenrolled = desk.said("package.unenrolled", &[]);
    let nobody = desk.said("lan.nobody", &[]);
    let mut shelf = LedgerShelf::of(&mut desk.ledger)?.ok_or(unenrolled)?;
    let found = find(&shelf, &mut desk.machine, &[to], calls)?;
    if found.is_empty() {
        return Err(nobody);
    }
    let (mut applied, mut failed) = (0, None::<Trouble>);
    for one in &found {
        match visit(&mut shelf, &mut desk.machine, one) {
            Ok(read) => applied += read.applied,
            Err(lianhu_sync::Failed::Trouble(trouble)) => failed = Some(trouble),
            Err(other) => return Err(other.into()),
        }
    }
    if as_json {
        let devices: Vec<_> = found.iter().map(|(_, here)| here.device).collect();
        output::json(&json!({ "found": devices, "applied": applied }))?;
    } else {
        desk.say("package.read", &[("batches", &applied.to_string())])?;
    }
    failed.map_or(Ok(()), |trouble| Err(trouble.into()))
}
