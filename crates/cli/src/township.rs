//! `enrol`, `join`, `sync`, `approve`: this computer and its township.

use std::io::{IsTerminal, Write};
use std::path::Path;
use std::time::Duration;

use lianhu_ledger::text::{self, Lang};
use lianhu_sync::client::{self, Joined, Line, Progress, World};
use lianhu_sync::consent::WaitingComputer;
use lianhu_sync::{LedgerShelf, Trouble};
use serde_json::json;

use crate::args::{Args, Command, YesNo};
use crate::output::{self, Desk, Failure, Outcome, machine};

pub fn run(args: &Args) -> Outcome {
    match &args.command {
        Command::Enrol { code, who, json } => enrol(&mut Desk::open(args)?, code, who.as_deref(), *json),
        Command::Join { code, who, json } => join(args, code.as_deref(), who.as_deref(), *json),
        Command::Sync { pictures, json } => match ledger(args)? {
            // A join that was cut is gone on with by either name.
            path if client::joining(path) => join(args, None, None, *json),
            _ => sync(&mut Desk::open(args)?, *pictures, *json),
        },
        Command::Approve { short, json } => approve(&mut Desk::open(args)?, short.as_deref(), *json),
        _ => Ok(()),
    }
}

fn ledger(args: &Args) -> Outcome<&Path> {
    args.ledger.as_deref().ok_or_else(|| Failure::Usage("--ledger FILE".into()))
}

fn pause(wait: Duration) -> bool {
    std::thread::sleep(wait);
    true
}

/// Says how far it has come where a person looks on.
fn progress(lang: Lang) -> impl FnMut(Progress) {
    let looks_on = std::io::stderr().is_terminal();
    move |at| {
        let [left, upto, newest] = [at.unsent, at.upto, at.newest].map(|n| n.to_string());
        let said = text::say(lang, "cli.sync_progress", &[("left", &left), ("upto", &upto), ("newest", &newest)]);
        if looks_on {
            let _ = write!(std::io::stderr(), "\r{said}    ");
        }
    }
}

fn enrol(desk: &mut Desk, code: &str, who: Option<&str>, as_json: bool) -> Outcome {
    let who = who.unwrap_or(&desk.author).to_owned();
    let mut world = World { edge: &mut desk.machine, pause: &mut pause };
    let entered = client::enrol(&mut desk.ledger, code, &who, &mut world)?;
    if as_json {
        let client::Entered { township, village, role, waits, short } = entered;
        return output::json(
            &json!({ "township": township, "village": village, "role": role, "waits": waits, "short": short }),
        );
    }
    let role = text::say(desk.lang, &format!("role.{}", entered.role), &[]);
    let key = if entered.waits { "cli.enrolled_waits" } else { "cli.enrolled" };
    desk.say(key, &[("township", &entered.township), ("role", &role), ("short", &entered.short)])
}

fn join(args: &Args, code: Option<&str>, who: Option<&str>, as_json: bool) -> Outcome {
    let path = ledger(args)?;
    let (mut edge, key, lang) = (machine(args)?, output::key(args)?, args.lang());
    let who = who.or(args.author.as_deref()).unwrap_or_default();
    let mut world = World { edge: &mut edge, pause: &mut pause };
    let ledgers_edge = Box::new(machine(args)?);
    let joined = client::join(path, key.as_ref(), (code, who), ledgers_edge, &mut world, &mut progress(lang))?;
    match joined {
        Joined::Whole(outcome) if as_json => output::json(&json!({ "waits": false, "applied": outcome.applied })),
        Joined::Whole(_) => output::line(&text::say(lang, "cli.joined", &[("path", &path.display().to_string())])),
        Joined::Waits(short) => {
            if as_json {
                output::json(&json!({ "waits": true, "short": short }))?;
            }
            Err(Failure::Said(text::say(lang, "cli.join_waits", &[("short", &short)])))
        }
    }
}

fn sync(desk: &mut Desk, pictures: Option<YesNo>, as_json: bool) -> Outcome {
    if let Some(yes) = pictures {
        client::set_pictures(&mut desk.ledger, yes == YesNo::Yes)?;
    }
    let about = client::belonging(&desk.ledger)?.filter(client::Belonging::has_township).ok_or(Trouble::NotEnrolled)?;
    let line = Line::of(&about)?;
    let folder = client::folder_of(&desk.ledger);
    let mut shelf = LedgerShelf::of(&mut desk.ledger)?.ok_or(Trouble::NotEnrolled)?;
    let mut world = World { edge: &mut desk.machine, pause: &mut pause };
    let outcome = match client::converse(&mut shelf, &line, &mut world, &mut progress(desk.lang)) {
        Err(client::Failed::Trouble(Trouble::Waits)) => {
            eprintln!("{}", text::say(desk.lang, "cli.short", &[("short", &about.short)]));
            return Err(Trouble::Waits.into());
        }
        said => said?,
    };
    let said = (outcome.is_all && about.pictures).then(|| client::send_and_fetch(&shelf, &line, &folder, &mut world));
    for found in &outcome.found {
        eprintln!("{}", text::say(desk.lang, &format!("found.{}", found.name()), &[]));
    }
    let trip = said.as_ref().and_then(|said| said.as_ref().ok());
    if as_json {
        output::json(&json_of(&outcome, trip))?;
    }
    ended(desk, &outcome, as_json)?;
    if let Some(trip) = trip.filter(|_| !as_json) {
        let counts = [trip.delivered.len(), trip.fetched, trip.missing].map(|n| n.to_string());
        let [delivered, fetched, missing] = counts.each_ref().map(String::as_str);
        desk.say("cli.pictures", &[("delivered", delivered), ("fetched", fetched), ("missing", missing)])?;
    }
    // The records are safe whatever became of the pictures, and that was said first.
    said.transpose().map(|_| ()).map_err(Failure::from)
}

/// Who waits; with six digits, after the one whose screen shows them was let in.
fn approve(desk: &mut Desk, short: Option<&str>, as_json: bool) -> Outcome {
    let about = client::belonging(&desk.ledger)?.filter(client::Belonging::has_township).ok_or(Trouble::NotEnrolled)?;
    let line = Line::of(&about)?;
    let mut world = World { edge: &mut desk.machine, pause: &mut pause };
    let mut waiting = client::consent(&mut desk.ledger, &line, None, &mut world)?;
    if let Some(short) = short {
        let shown: Vec<&WaitingComputer> = waiting.iter().filter(|one| one.short == short).collect();
        let device = match shown.as_slice() {
            [one] => one.device,
            // Two with the same digits cannot be told apart by them: the township's page can.
            _ => return Err(Failure::Said(text::say(desk.lang, "cli.approve_nobody", &[("short", short)]))),
        };
        waiting = client::consent(&mut desk.ledger, &line, Some(device), &mut world)?;
        if waiting.iter().any(|one| one.device == device) {
            return Err(Failure::Said(text::say(desk.lang, "cli.approve_nobody", &[("short", short)])));
        }
    }
    if as_json {
        return output::json(&json!({ "waiting": waiting }));
    }
    if short.is_some() {
        desk.say("cli.approved", &[])?;
    }
    for one in &waiting {
        let role = text::say(desk.lang, &format!("role.{}", one.role), &[]);
        desk.say("cli.waits", &[("who", &one.who), ("role", &role), ("short", &one.short)])?;
    }
    if waiting.is_empty() { desk.say("cli.waits_nobody", &[]) } else { Ok(()) }
}

fn json_of(outcome: &client::Outcome, trip: Option<&lianhu_sync::attachment::Trip>) -> serde_json::Value {
    json!({
        "rounds": outcome.rounds,
        "sent_bytes": outcome.sent_bytes,
        "got_bytes": outcome.got_bytes,
        "applied": outcome.applied,
        "left": outcome.left,
        "behind": outcome.behind,
        "held": outcome.held.iter().map(|(at, why)| json!({ "batch": format!("{}/{}/{}", at.device, at.incarnation, at.seq), "why": why.name() })).collect::<Vec<_>>(),
        "repairs": outcome.repairs,
        "found": outcome.found.iter().map(|found| found.name()).collect::<Vec<_>>(),
        "all": outcome.is_all,
        "pictures": trip.map(|trip| json!({ "delivered": trip.delivered.len(), "fetched": trip.fetched, "missing": trip.missing })),
    })
}

/// What is left is said first of all, and nothing is called done that is not.
fn ended(desk: &Desk, outcome: &client::Outcome, as_json: bool) -> Outcome {
    let [left, behind, held] = [outcome.left, outcome.behind, outcome.held.len() as u64].map(|n| n.to_string());
    if outcome.found.contains(&client::Found::Rewritten) {
        return Err(desk.said("found.rewritten", &[]));
    }
    if outcome.is_all {
        let applied = outcome.applied.to_string();
        return if as_json { Ok(()) } else { desk.say("cli.synced", &[("applied", &applied)]) };
    }
    Err(match outcome.held.first() {
        Some((_, why)) => {
            let why = text::say(desk.lang, &format!("held.{}", why.name()), &[]);
            desk.said("cli.sync_held", &[("left", &left), ("held", &held), ("why", &why)])
        }
        None if outcome.left > 0 => desk.said("cli.sync_left", &[("left", &left)]),
        None if outcome.behind > 0 => desk.said("cli.sync_behind", &[("behind", &behind)]),
        None => desk.said("cli.sync_differs", &[]),
    })
}
