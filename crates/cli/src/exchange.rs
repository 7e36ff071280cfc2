//! `status`, `conflicts`, `settle`: what is to be exchanged, and what came of it.

use lianhu_ledger::text;
use lianhu_sync::belonging::{Belonging, HeldStep, belonging};
use serde_json::json;

use crate::args::{Args, Command, Side};
use crate::output::{self, Desk, Outcome};

pub fn run(args: &Args) -> Outcome {
    let mut desk = Desk::open(args)?;
    match &args.command {
        Command::Status { json } => status(&desk, *json),
        Command::Conflicts { json } => conflicts(&desk, *json),
        Command::Settle { id, take } => settle(&mut desk, id, *take == Side::Theirs),
        _ => Ok(()),
    }
}

fn standing(about: Option<&Belonging>) -> &'static str {
    match about {
        None => "none",
        Some(about) if about.revoked => "revoked",
        Some(about) if about.waits => "waits",
        Some(_) => "member",
    }
}

/// What has left this computer and what has not.
fn status(desk: &Desk, as_json: bool) -> Outcome {
    let about = belonging(&desk.ledger)?;
    let outbox = desk.ledger.outbox()?;
    let unsent = desk.ledger.steps_without_receipt()?;
    let open = desk.ledger.overtaken()?.len();
    if as_json {
        let held = about.as_ref().map(|about| about.held.iter().map(held_step).collect::<Vec<_>>());
        let last = about.as_ref().map(|about| {
            let (at, trouble) = (about.last_success_ms, &about.last_trouble);
            json!({ "at": at.map(clock), "trouble": trouble.as_ref().map(|t| &t.name), "trouble_at": trouble.as_ref().map(|t| clock(t.at_ms)) })
        });
        return output::json(&json!({
            "device": desk.ledger.device(),
            "incarnation": desk.ledger.own_chain().incarnation,
            "village": desk.ledger.village(),
            "enrolled": about.is_some(),
            "standing": standing(about.as_ref()),
            "waits": about.as_ref().is_some_and(|about| about.waits),
            "short": about.as_ref().map(|about| &about.short),
            "role": about.as_ref().map(|about| &about.role),
            "who": about.as_ref().map(|about| &about.who),
            "address": about.as_ref().map(|about| &about.address),
            "pictures": about.as_ref().is_some_and(|about| about.pictures),
            "unsent": unsent,
            "waiting": unsent,
            "outbox": outbox,
            "receipts": outbox.received,
            "received": desk.ledger.receipted()?.len(),
            "behind": about.as_ref().map_or(0, |about| about.behind),
            "held": held.unwrap_or_default(),
            "parked": desk.ledger.parked()?.len(),
            "rejected": desk.ledger.all_barred()?.len(),
            "conflicts": open,
            "last": last,
        }));
    }
    let received = desk.ledger.receipted()?.len();
    let [waiting, received, open] = [unsent.to_string(), received.to_string(), open.to_string()];
    desk.say("cli.status", &[("waiting", &waiting), ("received", &received), ("conflicts", &open)])?;
    let counts = [outbox.here, outbox.packed, outbox.delivered, outbox.returned].map(|n| n.to_string());
    let names = ["here", "packed", "delivered", "returned"];
    let details: Vec<(&str, &str)> = names.into_iter().zip(counts.iter().map(String::as_str)).collect();
    desk.say("cli.status_outbox", &details)?;
    match about {
        None => desk.say("cli.status_none", &[]),
        Some(about) => said_of(desk, &about),
    }
}

fn said_of(desk: &Desk, about: &Belonging) -> Outcome {
    for held in &about.held {
        let why = text::say(desk.lang, &format!("held.{}", held.why), &[]);
        output::line(&format!("{}  {why}", held.at()))?;
    }
    match () {
        () if about.revoked => return desk.say("trouble.revoked", &[]),
        () if about.waits => {
            desk.say("trouble.waits", &[])?;
            return desk.say("cli.short", &[("short", &about.short)]);
        }
        () => {}
    }
    match about.last_success_ms {
        Some(at) => desk.say("cli.status_last", &[("at", &clock(at))]),
        None => desk.say("cli.status_never", &[]),
    }
}

/// As a wall clock in China shows it.
fn clock(ms: u64) -> String {
    let ms = i64::try_from(ms).unwrap_or(0) + 8 * 3_600_000;
    chrono::DateTime::from_timestamp_millis(ms).unwrap_or_default().format("%Y-%m-%dT%H:%M:%S").to_string()
}

fn held_step(held: &HeldStep) -> serde_json::Value {
    json!({ "batch": format!("{}/{}/{}", held.device, held.incarnation, held.seq), "why": held.why })
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
    let open = open.ok_or_else(|| desk.said("cli.no_such_conflict", &[]))?;
    let author = desk.author.clone();
    desk.ledger.settle(&open, theirs, &author)?;
    desk.say("cli.settled", &[])
}
