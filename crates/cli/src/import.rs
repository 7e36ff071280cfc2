//! `import`: workbooks → what would change → the ledger, with every doubt told.

use std::path::Path;

use indicatif::{ProgressBar, ProgressStyle};
use lianhu_import::{
    Book, Finding, Grade, Imported, Manner, Told, Unreadable, child, doubts, import as run, understand,
};
use lianhu_ledger::text::{self, Lang};
use serde_json::json;

use crate::args::{Args, Command};
use crate::files;
use crate::output::{self, Desk, Failure, Outcome};

/// How many changes a dry run prints before it only counts.
const SHOWN: usize = 40;

pub fn import(args: &Args) -> Outcome {
    let Command::Import { files, dry_run, doubts, json, correct } = &args.command else { return Ok(()) };
    let mut desk = Desk::open(args)?;
    let progress = progress(files.len() as u64 + 1);
    let program = std::env::current_exe().unwrap_or_default();
    let mut books = Vec::new();
    for file in files {
        books.push(read(&program, file).map_err(|unreadable| said(&unreadable, desk.lang))?);
        progress.inc(1);
    }
    let parsed: Vec<_> = books
        .iter()
        .map(|book| understand(book).map_err(|unreadable| said(&unreadable, desk.lang)))
        .collect::<Outcome<_>>()?;
    let author = desk.author.clone();
    let manner = Manner { dry_run: *dry_run, correction: correct.as_deref(), ..Manner::default() };
    let imported = run(&mut desk.ledger, &parsed, &author, manner)?;
    progress.finish_and_clear();
    if let Some(folder) = doubts {
        write_doubts(folder, &books, &imported.plan.findings)?;
    }
    match json {
        true => as_json(&imported, *dry_run),
        false => in_words(&desk, &imported, *dry_run),
    }
}

fn read(program: &Path, file: &Path) -> Result<Book, Unreadable> {
    let read = child::read(program, file, &|| false)?;
    Ok(read.expect("nobody stops it"))
}

fn said(unreadable: &Unreadable, lang: Lang) -> Failure {
    Failure::Said(unreadable.sentence(lang))
}

/// Drawn only when a person is watching.
fn progress(steps: u64) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len}").unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(steps).with_style(style)
}

fn as_json(imported: &Imported, dry_run: bool) -> Outcome {
    let plan = &imported.plan;
    let of = |grade: Grade| {
        plan.findings.iter().filter(|f| f.grade == grade).map(|f| f.told(Lang::ZhCn)).collect::<Vec<_>>()
    };
    output::json(&json!({
        "dry_run": dry_run,
        "batch": imported.batch.map(|b| b.to_string()),
        "summary": plan.summary,
        "doubts": of(Grade::Doubt),
        "repairs": of(Grade::Repaired),
        "notices": of(Grade::Notice),
        "changes": if dry_run { json!(plan.patches) } else { json!(plan.patches.len()) },
    }))
}

fn in_words(desk: &Desk, imported: &Imported, dry_run: bool) -> Outcome {
    let plan = &imported.plan;
    for (kind, counts) in &plan.summary {
        let word = text::say(desk.lang, &format!("word.{kind}"), &[]);
        let [new, changed, same] = [counts.new, counts.changed, counts.same].map(|n| n.to_string());
        desk.say("cli.import_kind", &[("kind", &word), ("new", &new), ("changed", &changed), ("same", &same)])?;
    }
    if dry_run {
        changes(desk, imported)?;
    }
    for finding in plan.doubts() {
        output::line(&doubt(&finding.told(desk.lang)))?;
    }
    let [doubts, repairs] = [plan.doubts().count(), plan.repairs().count()].map(|n| n.to_string());
    desk.say("cli.import_findings", &[("doubts", &doubts), ("repairs", &repairs)])?;
    match imported.batch {
        Some(batch) => desk.say("cli.imported", &[("batch", &batch.to_string())]),
        None if dry_run => desk.say("cli.import_dry", &[]),
        None => desk.say("cli.import_nothing", &[]),
    }
}

/// Before → after, field by field, for standing records.
fn changes(desk: &Desk, imported: &Imported) -> Outcome {
    let changed: Vec<_> = imported.plan.patches.iter().filter(|p| !p.new).collect();
    for patch in changed.iter().take(SHOWN) {
        for (field, after) in &patch.fields {
            let word = |key: &str| text::say(desk.lang, &format!("word.{key}"), &[]);
            let before = patch.before.get(field).map_or_else(|| "—".to_owned(), ToString::to_string);
            output::line(&format!("  {} {}  {}: {before} → {after}", word(patch.kind), patch.id, word(field)))?;
        }
    }
    if changed.len() > SHOWN {
        desk.say("cli.import_more", &[("n", &(changed.len() - SHOWN).to_string())])?;
    }
    Ok(())
}

fn doubt(finding: &Told<'_>) -> String {
    let place = format!("《{}》{} {}{}", finding.file, finding.sheet, finding.column, finding.row);
    format!("{place} {}：{}；{}", finding.header, finding.sentence, finding.done)
}

/// The list as JSON, and of every book a copy with those cells coloured and commented.
fn write_doubts(folder: &Path, books: &[Book], findings: &[Finding]) -> Outcome {
    let json = doubts::as_json(findings).map_err(|e| Failure::Said(e.to_string()))?;
    files::write(folder, "疑问.json", json.as_bytes())?;
    for book in books {
        let own: Vec<Finding> = findings.iter().filter(|f| f.file == book.name).cloned().collect();
        let marked = doubts::marked(book, &own).map_err(|e| Failure::Said(e.to_string()))?;
        let stem = Path::new(&book.name).file_stem().unwrap_or_default().to_string_lossy().into_owned();
        files::write(folder, &format!("{stem}（标疑）.xlsx"), &marked)?;
    }
    Ok(())
}
