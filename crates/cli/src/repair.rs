//! `history`, `undo`, `findings`, `dump`, `verify`, `rebuild`.

use std::io::BufWriter;

use lianhu_ledger::text;
use serde_json::json;

use crate::args::{Args, Command};
use crate::output::{self, Desk, Failure, Outcome};

pub fn run(args: &Args) -> Outcome {
    let mut desk = Desk::open(args)?;
    match &args.command {
        Command::History { id, limit, json } => history(&desk, *id, *limit, *json),
        Command::Undo { batch, correct, json } => undo(&mut desk, batch, correct.as_deref(), *json),
        Command::Findings { json } => findings(&desk, *json),
        Command::Dump => Ok(desk.ledger.dump(&mut BufWriter::new(std::io::stdout().lock()))?),
        Command::Verify { json } => verify(&desk, *json),
        Command::Rebuild => {
            let records = desk.ledger.rebuild()?;
            desk.say("cli.rebuilt", &[("n", &records.to_string())])
        }
        _ => Ok(()),
    }
}

fn history(desk: &Desk, id: Option<uuid::Uuid>, limit: usize, as_json: bool) -> Outcome {
    let mut entries = desk.ledger.history(id)?;
    entries.truncate(limit);
    if as_json {
        return output::json(&entries);
    }
    for entry in &entries {
        let ms = i64::try_from(entry.at_ms).unwrap_or(0) + 8 * 3_600_000;
        let time = chrono::DateTime::from_timestamp_millis(ms).unwrap_or_default().format("%Y-%m-%d %H:%M");
        let what = text::say(desk.lang, &format!("op.{}", entry.op), &[]);
        let records = text::say(desk.lang, "cli.records", &[("n", &entry.changes.len().to_string())]);
        output::line(&format!("{}  {time}  {}  {what}  {records}", entry.batch, entry.author))?;
    }
    Ok(())
}

fn undo(desk: &mut Desk, batch: &str, correct: Option<&str>, as_json: bool) -> Outcome {
    let at = desk.ledger.batch_named(batch)?;
    let author = desk.author.clone();
    let saved = desk.ledger.undo(at, &author, correct)?;
    if as_json {
        return output::json(&json!({ "batch": saved.batch.map(|b| b.to_string()), "undone": saved.value }));
    }
    let (restored, kept) = (saved.value.restored.to_string(), saved.value.kept.len().to_string());
    desk.say("cli.undone", &[("restored", &restored), ("kept", &kept)])
}

fn findings(desk: &Desk, as_json: bool) -> Outcome {
    let found = desk.ledger.findings()?;
    if as_json {
        return output::json(&found);
    }
    for finding in &found {
        let details: Vec<(&str, &str)> = finding.details.iter().map(|(k, v)| (*k, v.as_str())).collect();
        let sentence = text::say(desk.lang, &format!("finding.{}", finding.rule), &details);
        output::line(&format!("{}  {}  {sentence}", finding.kind, finding.id))?;
    }
    desk.say("cli.records", &[("n", &found.len().to_string())])
}

fn verify(desk: &Desk, as_json: bool) -> Outcome {
    let found = desk.ledger.verify()?;
    if as_json {
        output::json(&found)?;
    } else {
        found.problems.iter().try_for_each(|problem| output::line(problem))?;
        let (batches, records) = (found.batches.to_string(), found.records.to_string());
        desk.say("cli.verified", &[("batches", &batches), ("records", &records)])?;
    }
    match found.problems.len() {
        0 => Ok(()),
        n => Err(Failure::Said(text::say(desk.lang, "cli.problems", &[("n", &n.to_string())]))),
    }
}
