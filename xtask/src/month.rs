//! `cargo xtask run` — a month of the branch's work from the seven workbooks to the sealed report, with nothing but
//! the program a clerk has. Until there is a window, `--headless` changes nothing.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::step::{Done, cargo, program, root, said, step, target};

const MONTH: &str = "2026-10";

/// What the clerk types in November, after the workbooks are in: two visits and a mass meeting.
const TYPED: &[(&str, &str, &str)] = &[
    (
        "the visit of 3 November",
        "visit",
        r#"{"household":"一组1号","visitor":"陆永平","on":"2026-11-03","shared_meal":true,"self_paid":true,"did_chore":true}"#,
    ),
    (
        "the visit of 5 November",
        "visit",
        r#"{"household":"二组2号","visitor":"陆永平","on":"2026-11-05","opportunity_given":true,"opportunity":"联系县城务工"}"#,
    ),
    (
        "the mass meeting of 8 November",
        "meeting",
        r#"{"meeting_kind":"群众大会","on":"2026-11-08","place":"村委会","present":61,"topic":"四述四评"}"#,
    ),
];

/// One call of the program, in plain words.
struct Call<'a> {
    does: String,
    args: Vec<&'a str>,
}

pub fn run(args: &[String]) -> Done {
    if let Some(unknown) = args.iter().find(|arg| arg.starts_with('-') && *arg != "--headless") {
        return Err(format!("run does not know {unknown}"));
    }
    step("build the program", cargo().args(["build", "--quiet", "--package", "lianhu-cli"]))?;
    match args.iter().find(|arg| !arg.starts_with('-')) {
        Some(ledger) => given(Path::new(ledger)),
        None => sample(),
    }
}

/// The month of a ledger that exists; nothing is written to it.
fn given(ledger: &Path) -> Done {
    let out = folder()?;
    let reports = out.to_string_lossy();
    follow(ledger, &papers(&reports))?;
    println!("\n✓ The papers of {MONTH} lie in {reports}");
    Ok(())
}

/// The sample village, from nothing to a closed month.
fn sample() -> Done {
    let folder = folder()?;
    let ledger = folder.join("禾坪村.lianhu");
    let reports = folder.join("月报");
    let (reports, workbooks) = (reports.to_string_lossy(), workbooks()?);
    let mut calls = vec![
        call("make an empty ledger", "new --village 禾坪村 --code 990101102207 --township 松河镇 --clerk 王文书"),
        Call { does: "import the seven workbooks".into(), args: import(&workbooks) },
    ];
    for (does, kind, record) in TYPED {
        calls.push(Call { does: format!("type in {does}"), args: vec!["put", kind, "--json", record] });
    }
    calls.extend(papers(&reports));
    calls.push(call("close the month", "close 2026-10"));
    calls.push(call("check the ledger against its log", "verify"));
    follow(&ledger, &calls)?;
    println!("\n✓ The ledger is {}\n✓ The report and the papers of {MONTH} lie in {reports}", ledger.display());
    Ok(())
}

fn papers(reports: &str) -> Vec<Call<'_>> {
    vec![
        call("show the month's figures", "month 2026-10"),
        Call { does: "write the monthly report".into(), args: vec!["report", MONTH, "--out", reports] },
        call("print the minutes", "print minutes"),
        call("print the sign-in sheet", "print signin"),
        call("print the visits", "print visits"),
    ]
}

fn call<'a>(does: &str, args: &'a str) -> Call<'a> {
    Call { does: does.to_owned(), args: args.split(' ').collect() }
}

fn import(workbooks: &[String]) -> Vec<&str> {
    std::iter::once("import").chain(workbooks.iter().map(String::as_str)).collect()
}

fn follow(ledger: &Path, calls: &[Call<'_>]) -> Done {
    let program = program(&target().join("debug"), "lianhu");
    for (n, call) in calls.iter().enumerate() {
        let mut command = Command::new(&program);
        command.arg("--ledger").arg(ledger).args(&call.args);
        println!("\n$ {}", said(&command));
        step(&format!("{} of {}: {}", n + 1, calls.len(), call.does), &mut command)?;
    }
    Ok(())
}

/// A new folder for this run; it is left there, for the papers are to be looked at.
fn folder() -> Done<PathBuf> {
    let folder = std::env::temp_dir().join(format!("lianhu-{}", std::process::id()));
    std::fs::create_dir_all(folder.join("月报")).map_err(|e| format!("{}: {e}", folder.display()))?;
    Ok(folder)
}

fn workbooks() -> Done<Vec<String>> {
    let sample = root().join("assets/sample");
    let files = std::fs::read_dir(&sample).map_err(|e| format!("{}: {e}", sample.display()))?;
    let files = files.filter_map(|file| Some(file.ok()?.path()));
    let mut books: Vec<String> = files
        .filter(|path| path.extension().is_some_and(|e| e == "xlsx"))
        .map(|path| path.to_string_lossy().into_owned())
        .collect();
    books.sort();
    Ok(books)
}
