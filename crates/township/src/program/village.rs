//! Commands about villages and their computers.

use lianhu_ledger::text::say;
use serde_json::json;

use super::{Command, Output, VillageCommand};
use crate::failure::{Failure, Outcome};
use crate::town::{Computer, Held, Town, Village};

/// Who did it, where it is written down.
const HERE: &str = "command line";

pub fn run(town: &Town, out: Output, command: &Command) -> Outcome {
    match command {
        Command::Village { what: VillageCommand::Add { code, name } } => add(town, out, code, name),
        Command::Village { what: VillageCommand::List { json } } => list(town, out, *json),
        Command::Enrol { code, role, address, json } => enrol(town, out, (code, role), address.as_deref(), *json),
        Command::Approve { device } => {
            let village = town.approve(*device)?;
            town.note(HERE, "approve", &device.to_string())?;
            done(out, "township.approved", &village)
        }
        Command::Revoke { device } => {
            let village = town.revoke(*device)?;
            town.note(HERE, "revoke", &device.to_string())?;
            done(out, "township.revoked", &village)
        }
        Command::Devices { code, json } => devices(town, out, code, *json),
        Command::Held { code, json } => held(town, out, code.as_deref(), *json),
        Command::ApproveBatch { code, at } => {
            let taken = town.approve_batch(&town.listed(code)?, *at)?;
            town.note(HERE, "approve-batch", &at.to_string())?;
            out.say("package.read", &[("batches", &taken.to_string())]);
            Ok(())
        }
        Command::RefuseBatch { code, at } => {
            let village = town.listed(code)?;
            town.refuse_batch(&village, *at)?;
            town.note(HERE, "refuse-batch", &at.to_string())?;
            done(out, "township.batch_refused", &village)
        }
        _ => Ok(()),
    }
}

fn done(out: Output, key: &str, village: &Village) -> Outcome {
    out.say(key, &[("village", &village.name)]);
    Ok(())
}

/// 12 digits (统计用区划代码).
fn is_code(code: &str) -> bool {
    code.len() == 12 && code.bytes().all(|digit| digit.is_ascii_digit())
}

fn add(town: &Town, out: Output, code: &str, name: &str) -> Outcome {
    let name = name.trim();
    if !is_code(code) || name.is_empty() || name.chars().count() > 64 {
        return Err(Failure::said("township.bad_village", [("code", code)]));
    }
    if !town.add_village(code, name)? {
        return Err(Failure::said("township.village_there", [("code", code)]));
    }
    town.note(HERE, "village add", code)?;
    out.say("township.village_added", &[("village", name)]);
    Ok(())
}

fn list(town: &Town, out: Output, as_json: bool) -> Outcome {
    let mut shown = Vec::new();
    for village in town.villages()? {
        let computers = town.computers(&village)?;
        let batches: u64 = computers.iter().map(|computer| computer.batches).sum();
        let seen_ms = computers.iter().filter_map(|computer| computer.seen_ms).max();
        let Village { code, name, id } = village;
        shown.push(json!({ "code": code, "name": name, "village": id, "devices": computers.len(),
            "batches": batches, "seen_ms": seen_ms }));
    }
    if as_json {
        out.json(&shown);
        return Ok(());
    }
    for village in &shown {
        let text = |name: &str| village[name].as_str().unwrap_or_default().to_owned();
        let devices = village["devices"].to_string();
        out.say("township.village_line", &[("code", &text("code")), ("village", &text("name")), ("n", &devices)]);
    }
    Ok(())
}

fn enrol(town: &Town, out: Output, of: (&str, &str), address: Option<&str>, as_json: bool) -> Outcome {
    let offer = town.offer(of.0, of.1, address)?;
    town.note(HERE, "enrol", of.0)?;
    if as_json {
        out.json(&json!({ "code": offer.code.text(), "expires": offer.expires_ms }));
        return Ok(());
    }
    out.line(&offer.code.text());
    out.say("township.code_holds", &[]);
    Ok(())
}

fn devices(town: &Town, out: Output, code: &str, as_json: bool) -> Outcome {
    let computers = town.computers(&town.listed(code)?)?;
    if as_json {
        out.json(&computers);
        return Ok(());
    }
    for Computer { device, who, role, place, short, .. } in &computers {
        let place = say(out.lang, &format!("township.place_{}", place.name()), &[]);
        let role = say(out.lang, &format!("role.{role}"), &[]);
        out.line(&format!("{device}  {short}  {place}  {role}  {who}"));
    }
    Ok(())
}

fn held(town: &Town, out: Output, code: Option<&str>, as_json: bool) -> Outcome {
    let villages = match code {
        Some(code) => vec![town.listed(code)?],
        None => town.villages()?,
    };
    let mut all = Vec::new();
    for village in &villages {
        all.extend(town.held(village)?);
    }
    if as_json {
        out.json(&all);
        return Ok(());
    }
    for Held { at, why, village, who, batches, changes, voids } in &all {
        let why = say(out.lang, &format!("why.{why}"), &[]);
        let [batches, changes, voids] = [batches, changes, voids].map(ToString::to_string);
        let details = [
            ("at", at.as_str()),
            ("village", village),
            ("who", who),
            ("why", &why),
            ("batches", &batches),
            ("n", &changes),
            ("voids", &voids),
        ];
        out.say("township.held_line", &details);
    }
    Ok(())
}
