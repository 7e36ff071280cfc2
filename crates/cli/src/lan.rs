//! `lan`: two computers of one village in one room.

use std::net::SocketAddr;
use std::time::Duration;

use lianhu_sync::Trouble;
use lianhu_sync::lan::{Came, Door, find, visit};
use serde_json::json;

use crate::args::{Args, Command, LanCommand};
use crate::output::{self, Desk, Outcome};

/// So often it is looked who calls out and who knocks.
const LOOK: Duration = Duration::from_millis(50);

pub fn run(args: &Args) -> Outcome {
    let Command::Lan { what } = &args.command else { return Ok(()) };
    let mut desk = Desk::open(args)?;
    if lianhu_sync::belonging(&desk.ledger)?.is_none() {
        return Err(desk.said("package.unenrolled", &[]));
    }
    match what {
        LanCommand::Serve { guests, listen, ears } => serve(&mut desk, *guests, *listen, *ears),
        LanCommand::Find { to, calls, json } => call(&mut desk, *to, *calls, *json),
    }
}

/// The first line says where the door and the ears are, for scripts that let the port be chosen.
fn serve(desk: &mut Desk, guests: Option<usize>, listen: SocketAddr, ears: SocketAddr) -> Outcome {
    let (lang, door) = (desk.lang, Door::open(&mut desk.ledger, listen, ears)?);
    let (at, hears) = door.places()?;
    output::line(&format!("{at} {hears}"))?;
    let mut served = 0;
    while guests.is_none_or(|guests| served < guests) {
        door.answer_calls();
        let Some(knock) = door.knock()? else {
            std::thread::sleep(LOOK);
            continue;
        };
        let Came::Guest(guest) = knock.receive(&mut desk.ledger, &mut desk.machine)? else { continue };
        served += 1;
        let applied = guest.read.applied.to_string();
        output::line(&lianhu_ledger::text::say(lang, "package.read", &[("batches", &applied)]))?;
    }
    Ok(())
}

fn call(desk: &mut Desk, to: SocketAddr, calls: u32, as_json: bool) -> Outcome {
    let found = find(&mut desk.ledger, &mut desk.machine, &[to], calls, &|| true)?;
    if found.is_empty() {
        return Err(desk.said("lan.nobody", &[]));
    }
    let (mut applied, mut failed) = (0, None::<Trouble>);
    for met in &found {
        match visit(&mut desk.ledger, &mut desk.machine, met) {
            Ok(read) => applied += read.applied,
            Err(lianhu_sync::Failed::Trouble(trouble)) => failed = Some(trouble),
            Err(other) => return Err(other.into()),
        }
    }
    if as_json {
        let devices: Vec<_> = found.iter().map(|met| met.here.device).collect();
        output::json(&json!({ "found": devices, "applied": applied }))?;
    } else {
        desk.say("package.read", &[("batches", &applied.to_string())])?;
    }
    failed.map_or(Ok(()), |trouble| Err(trouble.into()))
}
